// Identifiers of a frame, apart from everything else: 16 random bytes each, which nothing can compress. One that was
// named a moment ago is called by its place in a list of the latest ones instead: patient, stay and order recur.
import { type Reader, WireError, type Writer, writer } from './bytes.ts';

/** Identifiers remembered; a place fits in a byte. */
const REMEMBERED = 128;

export interface RecentIds {
  /** The 16 bytes at `at`, on the way out. */
  put(bytes: Uint8Array, at: number): void;
  /** Writes the next one, on the way in. */
  take(w: Writer): void;
  write(w: Writer): void;
  end(): void;
}

/** `r`: where to read them from; none on the way out. */
export function recentIds(r?: Reader): RecentIds {
  const recent: Uint8Array[] = [];
  /** Last four bytes of each: the runtime looks through numbers far faster than we through bytes. */
  const tails: number[] = [];
  const places = writer(64);
  const fresh = writer(256);
  const read = r && readColumns(r);
  let next = 0;

  function remember(id: Uint8Array, from: number): void {
    if (from > 0) {
      recent.splice(from - 1, 1);
      tails.splice(from - 1, 1);
    } else if (recent.length === REMEMBERED) {
      recent.pop();
      tails.pop();
    }
    recent.unshift(id);
    tails.unshift(tailOf(id, 0));
  }

  return {
    put(bytes, at) {
      const tail = tailOf(bytes, at);
      let found = tails.indexOf(tail);
      while (found >= 0 && !equal(recent[found], bytes, at)) found = tails.indexOf(tail, found + 1);
      const place = found + 1;
      const id = bytes.subarray(at, at + 16);
      places.byte(place);
      if (place === 0) fresh.raw(id);
      remember(id, place);
    },
    take(w) {
      const place = read?.places[next++];
      if (place === undefined || !read) throw new WireError('more identifiers than were sent');
      const id = place === 0 ? read.fresh.raw(16) : recent[place - 1];
      if (!id) throw new WireError('an identifier that was not named before');
      w.raw(id);
      remember(id, place);
    },
    write(w) {
      w.bytes(places.done());
      w.raw(fresh.done());
    },
    end() {
      if (read && next !== read.places.length) throw new WireError('identifiers left over');
    },
  };
}

function readColumns(r: Reader): { places: Uint8Array; fresh: { raw(length: number): Uint8Array } } {
  const places = r.bytes(r.left());
  let fresh = 0;
  for (const place of places) if (place === 0) fresh += 1;
  const bytes = r.raw(fresh * 16);
  let at = 0;
  return {
    places,
    fresh: {
      raw(length) {
        at += length;
        return bytes.subarray(at - length, at);
      },
    },
  };
}

const tailOf = (bytes: Uint8Array, at: number): number =>
  ((bytes[at + 12] ?? 0) << 24) |
  ((bytes[at + 13] ?? 0) << 16) |
  ((bytes[at + 14] ?? 0) << 8) |
  (bytes[at + 15] ?? 0);

function equal(id: Uint8Array | undefined, bytes: Uint8Array, at: number): boolean {
  if (!id) return false;
  for (let i = 0; i < 16; i++) if (id[i] !== bytes[at + i]) return false;
  return true;
}
