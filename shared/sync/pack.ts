// The inside of a CHANGES frame before compression: runs of changes in columns. What a receiver can work out is left
// out (station, numbers, chain), what repeats is named once, and what compresses badly (identifiers) stands apart.
// Stored forms are cut and joined as bytes, never decoded, so that what comes out is exactly what went in.
import { hexOf, reader, type Sha256, sameBytes, WireError, type Writer, writer } from './bytes.ts';
import { endOf } from './cbor-walk.ts';
import { MAX_STORED_BYTES } from './codec.ts';
import { liftBody, lowerBody, type Places, placesIn } from './pack-body.ts';
import { type Clock, headerOf, type Stored, startClock, writeHeader } from './pack-header.ts';
import { type FeedName, feedKey, type Head, type Refused, type Run } from './port.ts';
import { recentIds } from './recent-ids.ts';
import type { RunHead } from './session-types.ts';
import { MAX_RUNS } from './wire.ts';

const VERSION = 1;
export const MAX_CHANGES = 65_536;
/** Of one frame's plaintext. */
export const MAX_PLAIN_BYTES = 8 * 1024 * 1024;
/** Of what one frame's plaintext becomes: one byte can stand for a whole identifier. */
const MAX_RESTORED_BYTES = 4 * MAX_PLAIN_BYTES;
/** Longest piece that is named once and then referred to; a change with a longer one travels as it is. */
const MAX_NAMED = 512;
/** Shape 0: stored form as it is. */
const VERBATIM = 0;

export interface Packed {
  readonly plain: Uint8Array;
  /** Last change of each run. */
  readonly heads: readonly Head[];
  readonly changes: number;
}

export function packRuns(runs: readonly Run[], sha256: Sha256): Packed {
  const heads = runs.map((run) => headOf(run, sha256));
  const changes = runs.reduce((n, run) => n + run.stored.length, 0);
  const w = writer(256 + changes * 128);
  w.byte(VERSION);
  w.count(runs.length);
  runs.forEach((run, i) => {
    w.hex(run.feed.station);
    w.count(run.feed.incarnation * 4 + run.feed.lane);
    w.count(run.firstSeq);
    w.count(run.stored.length);
    w.hex(heads[i]?.hash.slice(0, 32) ?? '');
  });
  const shapes = names();
  const actors = names();
  const shapeColumn = writer(changes);
  const actorColumn = writer(changes);
  const clockColumn = writer(changes * 3);
  const counterColumn = writer(changes);
  const wallColumn = writer(changes * 2);
  const ids = recentIds();
  const verbatim = writer(0);
  const bodies: Writer[] = [];
  for (const run of runs) {
    const clock = startClock(run.before);
    run.stored.forEach((stored, i) => {
      const header = headerOf(stored, run.feed, run.firstSeq + i);
      const known = header && split(stored, header);
      if (!known) {
        shapeColumn.count(VERBATIM);
        verbatim.bytes(stored);
        return;
      }
      const { actor, shape, bodyAt, places } = known;
      const place = shapes.place(shape);
      shapeColumn.count(place + 1);
      actorColumn.count(actors.place(actor));
      clockColumn.signed(header.ms - clock.ms);
      counterColumn.count(header.counter);
      wallColumn.signed(header.wall - header.ms - clock.wallAhead);
      clock.ms = header.ms;
      clock.wallAhead = header.wall - header.ms;
      const column = bodies[place] ?? writer(1024);
      bodies[place] = column;
      liftBody(stored, bodyAt, places, column, ids, header.ms);
    });
  }
  shapes.write(w);
  actors.write(w);
  for (const column of [shapeColumn, actorColumn, clockColumn, counterColumn, wallColumn])
    w.raw(column.done());
  ids.write(w);
  for (const column of [verbatim, ...bodies]) w.bytes(column.done());
  return { plain: w.done(), heads, changes };
}

function headOf(run: Run, sha256: Sha256): Head {
  const last = run.stored.at(-1);
  if (!last) throw new RangeError('a run without changes');
  return { ...run.feed, seq: run.firstSeq + run.stored.length - 1, hash: hexOf(sha256(last)) };
}

interface Parts {
  readonly actor: Uint8Array;
  readonly shape: Uint8Array;
  readonly bodyAt: number;
  readonly places: Places;
}

/** Null when this is laid out in another way and must travel as it is. */
function split(stored: Uint8Array, header: Stored): Parts | null {
  try {
    const shapeAt = endOf(stored, endOf(stored, header.next));
    const bodyAt = endOf(stored, endOf(stored, endOf(stored, endOf(stored, shapeAt))));
    if (shapeAt - header.next > MAX_NAMED || bodyAt - shapeAt > MAX_NAMED) return null;
    const places = placesIn(stored, bodyAt);
    if (places?.end !== stored.length) return null;
    const actor = stored.subarray(header.next, shapeAt);
    return { actor, shape: stored.subarray(shapeAt, bodyAt), bodyAt, places };
  } catch (error) {
    if (error instanceof WireError) return null;
    throw error;
  }
}

// --- reading ---

export interface RunHeader {
  readonly feed: FeedName;
  readonly firstSeq: number;
  readonly count: number;
  readonly head16: string;
}

export interface Restored {
  /** Those whose recomputed head is the one the sender named. */
  readonly runs: readonly Run[];
  /** Last change of every run of the frame, in its order; also of those refused here. */
  readonly heads: readonly RunHead[];
  /** gap: nothing is held to write it against · broken_chain: it does not follow what is held here. */
  readonly refused: readonly Refused[];
}

/** What is in a frame, so that the change before each run can be fetched. Throws WireError. */
export function readRuns(plain: Uint8Array): RunHeader[] {
  return headers(reader(limited(plain)));
}

/**
 * The stored forms of a frame. `befores`: of each run the stored form of change firstSeq − 1 as held here, null when
 * it is not (a run that continues one earlier in the same frame needs none). Throws WireError.
 */
export function restore(
  plain: Uint8Array,
  befores: readonly (Uint8Array | null)[],
  sha256: Sha256,
): Restored {
  const r = reader(limited(plain));
  const runs = headers(r);
  const total = runs.reduce((n, run) => n + run.count, 0);
  const shapes = readNames(r, total);
  const actors = readNames(r, total);
  const shapeOf = column(total, () => r.count(shapes.length));
  const known = shapeOf.reduce((n, shape) => n + (shape === VERBATIM ? 0 : 1), 0);
  const actorOf = column(known, () => r.count());
  const clocks = column(known, () => r.signed());
  const counters = column(known, () => r.count(0xffff));
  const walls = column(known, () => r.signed());
  const ids = recentIds(r);
  const verbatim = reader(r.bytes(MAX_PLAIN_BYTES));
  const bodies = shapes.map(() => reader(r.bytes(MAX_PLAIN_BYTES)));
  r.end();

  // all forms in one piece: memory set aside for each of thousands costs more than filling it
  const out = writer(Math.min(3 * plain.length + 256 * total, MAX_RESTORED_BYTES));
  const kept: Run[] = [];
  const heads: RunHead[] = [];
  const refused: Refused[] = [];
  const last = new Map<string, { seq: number; stored: Uint8Array }>();
  let change = 0;
  let plainChange = 0;
  let bytes = 0;
  runs.forEach((run, i) => {
    const inFrame = last.get(feedKey(run.feed));
    const before = inFrame?.seq === run.firstSeq - 1 ? inFrame.stored : (befores[i] ?? null);
    const clock: Clock = startClock(run.firstSeq === 1 ? null : before);
    let hash = run.firstSeq === 1 || !before ? new Uint8Array(32) : sha256(before);
    const stored: Uint8Array[] = [];
    for (let seq = run.firstSeq; seq < run.firstSeq + run.count; seq++) {
      const shape = shapeOf[change++] ?? 0;
      let form: Uint8Array;
      if (shape === VERBATIM) form = verbatim.bytes(MAX_STORED_BYTES);
      else {
        clock.ms += clocks[plainChange] ?? 0;
        clock.wallAhead += walls[plainChange] ?? 0;
        const actor = actors[actorOf[plainChange] ?? 0];
        const shapeBytes = shapes[shape - 1];
        const body = bodies[shape - 1];
        if (!actor || !shapeBytes || !body) throw new WireError('a name that is not there');
        const start = out.length();
        writeHeader(out, run.feed, seq, hash, clock, counters[plainChange] ?? 0);
        out.raw(actor);
        out.raw(shapeBytes);
        lowerBody(body, out, ids, clock.ms);
        form = out.since(start);
        plainChange += 1;
      }
      bytes += form.length;
      if (form.length > MAX_STORED_BYTES || bytes > MAX_RESTORED_BYTES)
        throw new WireError('more than a frame may become');
      hash = sha256(form);
      stored.push(form);
    }
    const head = {
      ...run.feed,
      firstSeq: run.firstSeq,
      seq: run.firstSeq + run.count - 1,
      hash: hexOf(hash),
    };
    heads.push(head);
    if (run.firstSeq > 1 && !before) {
      refused.push({ ...run.feed, seq: run.firstSeq, reason: 'gap' });
      return;
    }
    if (!head.hash.startsWith(run.head16)) {
      const kept = run.firstSeq > 1 && before ? { kept: hexOf(sha256(before)) } : {};
      const reason = run.firstSeq > 1 ? 'broken_chain' : 'unreadable';
      refused.push({ ...run.feed, seq: run.firstSeq, reason, ...kept, detail: 'head differs' });
      return;
    }
    last.set(feedKey(run.feed), { seq: head.seq, stored: stored.at(-1) ?? new Uint8Array() });
    kept.push({ feed: run.feed, firstSeq: run.firstSeq, stored, before: run.firstSeq === 1 ? null : before });
  });
  ids.end();
  verbatim.end();
  for (const body of bodies) body.end();
  return { runs: kept, heads, refused };
}

function limited(plain: Uint8Array): Uint8Array {
  if (plain.length > MAX_PLAIN_BYTES) throw new WireError('plaintext too long');
  return plain;
}

function headers(r: ReturnType<typeof reader>): RunHeader[] {
  if (r.byte() !== VERSION) throw new WireError('packed in an unknown way');
  let total = 0;
  const count = r.count(MAX_RUNS);
  const runs: RunHeader[] = [];
  for (let i = 0; i < count; i++) {
    const station = r.hex(16);
    const which = r.count();
    const lane = which % 4;
    if (lane !== 0 && lane !== 1 && lane !== 2) throw new WireError('no such lane');
    const feed = { station, incarnation: Math.floor(which / 4), lane } as const;
    const firstSeq = r.count();
    const changes = r.count(MAX_CHANGES);
    total += changes;
    if (firstSeq === 0 || changes === 0 || total > MAX_CHANGES || !Number.isSafeInteger(firstSeq + changes))
      throw new WireError('numbers of a run');
    runs.push({ feed, firstSeq, count: changes, head16: r.hex(16) });
  }
  return runs;
}

const column = (length: number, one: () => number): number[] => {
  const values = new Array<number>(length);
  for (let i = 0; i < length; i++) values[i] = one();
  return values;
};

// --- pieces named once ---

interface Names {
  place(bytes: Uint8Array): number;
  write(w: Writer): void;
}

function names(): Names {
  const all: Uint8Array[] = [];
  const places = new Map<string, number>();
  let latest = 0;
  return {
    place(bytes) {
      // most often it is the one before it again
      const before = all[latest];
      if (before && sameBytes(before, bytes)) return latest;
      const key = String.fromCharCode(...bytes);
      const place = places.get(key) ?? all.length;
      if (place === all.length) {
        all.push(bytes);
        places.set(key, place);
      }
      latest = place;
      return place;
    },
    write(w) {
      w.count(all.length);
      for (const bytes of all) w.bytes(bytes);
    },
  };
}

function readNames(r: ReturnType<typeof reader>, max: number): Uint8Array[] {
  const count = r.count(max);
  const all: Uint8Array[] = [];
  for (let i = 0; i < count; i++) all.push(r.bytes(MAX_NAMED));
  return all;
}
