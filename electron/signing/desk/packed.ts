// Several files in one that every PC can open: ZIP without compression (PKWARE's APPNOTE 6.3), which is all that a few
// signatures and a PDF need.
import { crc32 } from 'node:zlib';
import type { ProofFile } from './proof.ts';

/** Names are plain ASCII, see proof.ts. `at`: ms since 1970 UTC, as the files' time. */
export function packed(files: readonly ProofFile[], at: number): Buffer {
  const parts: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const { name, bytes } of files) {
    const title = Buffer.from(name, 'latin1');
    const facts = factsOf(bytes, title.length, at);
    const head = Buffer.concat([numbers([0x04034b50, 4]), facts, title]);
    // made on a system whose attributes nobody reads; no comment, no further disk; where the file begins
    directory.push(
      Buffer.concat([
        ...[numbers([0x02014b50, 4], [20, 2]), facts],
        ...[numbers([0, 2], [0, 2], [0, 2], [0, 4], [offset, 4]), title],
      ]),
    );
    parts.push(head, bytes);
    offset += head.length + bytes.length;
  }
  const list = Buffer.concat(directory);
  const count = files.length;
  const end = numbers([0x06054b50, 4], [0, 2], [0, 2], [count, 2], [count, 2], [list.length, 4], [offset, 4]);
  return Buffer.concat([...parts, list, end, numbers([0, 2])]);
}

/** What stands before a file and in the directory alike: version 2.0, no flags, stored. */
function factsOf(bytes: Buffer, nameLength: number, at: number): Buffer {
  const when = new Date(Math.max(at, Date.UTC(1980, 0, 1)) + vietnamMs);
  const time = (when.getUTCHours() << 11) | (when.getUTCMinutes() << 5) | (when.getUTCSeconds() >> 1);
  const day = ((when.getUTCFullYear() - 1980) << 9) | ((when.getUTCMonth() + 1) << 5) | when.getUTCDate();
  return numbers(
    ...([
      [20, 2],
      [0, 2],
      [0, 2],
      [time, 2],
      [day, 2],
      [crc32(bytes), 4],
    ] as const),
    ...([
      [bytes.length, 4],
      [bytes.length, 4],
      [nameLength, 2],
      [0, 2],
    ] as const),
  );
}
/** The format knows no zones; its times are those of a clock on the wall. */
const vietnamMs = 7 * 3_600_000;

const numbers = (...all: readonly (readonly [value: number, bytes: number])[]): Buffer =>
  Buffer.concat(
    all.map(([value, size]) => {
      const out = Buffer.alloc(size);
      out.writeUIntLE(value, 0, size);
      return out;
    }),
  );
