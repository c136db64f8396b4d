// An incremental update: new and changed objects, their cross-references and a trailer behind the file as it is. Not
// one byte of the file is touched or dropped, its last line end neither: an earlier signature covers it.
import { sha256 } from '../crypto.ts';
import { ownersOf } from './comparison.ts';
import { as, type PdfFile } from './file.ts';
import {
  array,
  bytesString,
  dict,
  name,
  number,
  PdfFault,
  type PdfRef,
  type PdfValue,
  ref,
  withEntries,
  written,
} from './values.ts';

export interface Update {
  /** A number no object of the file has, whatever its cross-references leave out (a trailer's Size counts). */
  add(value: PdfValue): PdfRef;
  /** A number to refer to before the object is written. */
  reserve(): PdfRef;
  /** The object with this number is `value` from now on. */
  put(at: PdfRef, value: PdfValue): void;
  /** The whole file, and where each object of the update begins in it. */
  finish(): { readonly bytes: Buffer; readonly offsets: ReadonlyMap<number, number> };
}

export function updateOf(file: PdfFile): Update {
  const objects = new Map<number, { generation: number; value: PdfValue }>();
  const missed = missedBy(file);
  let next = file.nextNumber;
  const reserve = (): PdfRef => {
    while (missed.has(next)) next += 1;
    next += 1;
    return ref(next - 1);
  };
  const put = (at: PdfRef, value: PdfValue): void =>
    void objects.set(at.number, { generation: at.generation, value });
  return {
    reserve,
    put,
    add: (value) => {
      const at = reserve();
      put(at, value);
      return at;
    },
    finish: () => {
      const parts: Buffer[] = [file.bytes];
      let length = file.bytes.length;
      const push = (part: Buffer): void => {
        parts.push(part);
        length += part.length;
      };
      const lastByte = file.bytes[file.bytes.length - 1];
      if (lastByte !== 10 && lastByte !== 13) push(Buffer.from('\n'));
      const offsets = new Map<number, number>();
      for (const [n, { generation, value }] of [...objects].sort(([a], [b]) => a - b)) {
        offsets.set(n, length);
        push(
          Buffer.concat([Buffer.from(`${n} ${generation} obj\n`), written(value), Buffer.from('\nendobj\n')]),
        );
      }
      const start = length;
      const places = [...offsets].map(([n, offset]) => ({
        number: n,
        offset,
        generation: objects.get(n)?.generation ?? 0,
      }));
      push(
        file.sections[0]?.kind === 'stream'
          ? streamSection(file, places, reserve().number, start)
          : tableSection(file, places, next),
      );
      push(Buffer.from(`startxref\n${start}\n%%EOF\n`));
      return { bytes: Buffer.concat(parts), offsets };
    },
  };
}

/** Numbers that objects refer to though there is nothing: what is put there would mean something unforeseen. */
function missedBy(file: PdfFile): ReadonlySet<number> {
  try {
    return new Set([...ownersOf(file).keys()].filter((number) => !file.places.has(number)));
  } catch (fault) {
    if (fault instanceof PdfFault) return new Set();
    throw fault;
  }
}

interface Placed {
  readonly number: number;
  readonly offset: number;
  readonly generation: number;
}

function tableSection(file: PdfFile, places: readonly Placed[], size: number): Buffer {
  const runs = runsOf(places).map(
    (run) =>
      `${run[0]?.number ?? 0} ${run.length}\n${run
        .map((p) => `${String(p.offset).padStart(10, '0')} ${String(p.generation).padStart(5, '0')} n \n`)
        .join('')}`,
  );
  return Buffer.concat([
    Buffer.from(`xref\n${runs.join('')}trailer\n`),
    written(dict({ ...trailerEntries(file, places), Size: number(size) })),
    Buffer.from('\n'),
  ]);
}

/** The stream is an object itself and lists itself. */
function streamSection(file: PdfFile, places: readonly Placed[], next: number, start: number): Buffer {
  const all = [...places, { number: next, offset: start, generation: 0 }];
  const rows = all.map((place) => {
    const row = Buffer.alloc(7);
    row.writeUInt8(1, 0);
    row.writeUInt32BE(place.offset, 1);
    row.writeUInt16BE(place.generation, 5);
    return row;
  });
  const index = runsOf(all).flatMap((run) => [number(run[0]?.number ?? 0), number(run.length)]);
  const raw = Buffer.concat(rows);
  const section = dict({
    Type: name('XRef'),
    ...trailerEntries(file, places),
    Size: number(next + 1),
    W: array(number(1), number(4), number(2)),
    Index: array(...index),
  });
  return Buffer.concat([
    Buffer.from(`${next} 0 obj\n`),
    written({ kind: 'stream', dict: withEntries(section, {}), raw }),
    Buffer.from('\nendobj\n'),
  ]);
}

/** Root and Info as they were; the second half of the ID is new, as for every change. */
function trailerEntries(file: PdfFile, places: readonly Placed[]): Record<string, PdfValue | undefined> {
  const { entries } = file.trailer;
  const first = as(as(file.follow(entries.get('ID')), 'array')?.items[0], 'string')?.bytes;
  const fresh = sha256(
    file.bytes.subarray(-4096),
    Buffer.from(JSON.stringify([file.bytes.length, places])),
  ).subarray(0, 16);
  return {
    Root: entries.get('Root'),
    Info: entries.get('Info'),
    ID: array(bytesString(first ?? fresh), bytesString(fresh)),
    Prev: number(file.sections[0]?.offset ?? 0),
  };
}

function runsOf(places: readonly Placed[]): readonly (readonly Placed[])[] {
  const runs: Placed[][] = [];
  for (const place of [...places].sort((a, b) => a.number - b.number)) {
    const run = runs.at(-1);
    if (run && run.at(-1)?.number === place.number - 1) run.push(place);
    else runs.push([place]);
  }
  return runs;
}
