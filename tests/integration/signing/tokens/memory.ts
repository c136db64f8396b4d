// Looks for a PIN where it must not be: in all memory a process may write, its environment and command line, and files.
import { closeSync, openSync, readdirSync, readFileSync, readSync } from 'node:fs';
import { join } from 'node:path';

/** As programs hold text: UTF-8 or Latin-1, UTF-16, and what it is carried in over wires. */
export const spellings = (pin: string): Buffer[] => [
  Buffer.from(pin),
  Buffer.from(pin, 'utf16le'),
  Buffer.from(Buffer.from(pin).toString('base64').slice(0, -4)),
  Buffer.from(Buffer.from(pin).toString('hex')),
];

/**
 * How often any of them is found.
 * @throws ENOENT or ESRCH when the process has ended
 */
export function inMemory(pid: number, wanted: readonly Buffer[]): number {
  const memory = openSync(`/proc/${pid}/mem`, 'r');
  let found = 0;
  try {
    for (const [from, to] of writtenRanges(pid)) found += inRange(memory, from, to, wanted);
  } finally {
    closeSync(memory);
  }
  for (const file of ['environ', 'cmdline']) found += inBytes(readFileSync(`/proc/${pid}/${file}`), wanted);
  return found;
}

/** Files below a folder that have any of them, by name or content. */
export function inFiles(folder: string, wanted: readonly Buffer[]): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((file) => inBytes(readFileSync(file), wanted) + inBytes(Buffer.from(file), wanted) > 0);
}

const pieceBytes = 8 << 20;
/** No spelling is longer. */
const overlap = 512;

function inRange(memory: number, from: number, to: number, wanted: readonly Buffer[]): number {
  let found = 0;
  const piece = Buffer.alloc(Math.min(pieceBytes + overlap, to - from));
  for (let at = from; at < to; at += pieceBytes) {
    const length = Math.min(piece.length, to - at);
    let got: number;
    try {
      got = readSync(memory, piece, 0, length, at);
    } catch {
      // unmapped meanwhile
      break;
    }
    found += inBytes(piece.subarray(0, got), wanted);
  }
  // this process has now read what it looked for
  piece.fill(0);
  return found;
}

const pageBytes = 4_096;

/** What may be written and has been: pages in memory or swapped out, neighbours together (proc_pid_pagemap(5)). */
function writtenRanges(pid: number): (readonly [number, number])[] {
  const pagemap = openSync(`/proc/${pid}/pagemap`, 'r');
  const ranges: [number, number][] = [];
  try {
    for (const line of readFileSync(`/proc/${pid}/maps`, 'utf8').split('\n')) {
      const region = /^([0-9a-f]+)-([0-9a-f]+) rw/.exec(line);
      if (!region) continue;
      const [from, to] = [Number.parseInt(region[1]!, 16), Number.parseInt(region[2]!, 16)];
      const entries = Buffer.alloc(((to - from) / pageBytes) * 8);
      const got = readSync(pagemap, entries, 0, entries.length, (from / pageBytes) * 8);
      for (let page = 0; page * 8 < got; page++) {
        // bits 63 and 62
        if ((entries[page * 8 + 7]! & 0xc0) === 0) continue;
        const at = from + page * pageBytes;
        const last = ranges.at(-1);
        if (last?.[1] === at) last[1] += pageBytes;
        else ranges.push([at, at + pageBytes]);
      }
    }
  } finally {
    closeSync(pagemap);
  }
  return ranges;
}

function inBytes(bytes: Buffer, wanted: readonly Buffer[]): number {
  let found = 0;
  for (const each of wanted)
    for (let at = bytes.indexOf(each); at >= 0; at = bytes.indexOf(each, at + 1)) found++;
  return found;
}

/** The processes that a process has started, and they in turn. */
export function descendants(pid: number): number[] {
  const parents = new Map<number, number>();
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    try {
      const stat = readFileSync(`/proc/${name}/stat`, 'utf8');
      parents.set(Number(name), Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]));
    } catch {
      // ended meanwhile
    }
  }
  return below(pid);

  function below(of: number): number[] {
    return [...parents].flatMap(([child, parent]) => (parent === of ? [child, ...below(child)] : []));
  }
}

export const commandOf = (pid: number): string => {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
  } catch {
    return '';
  }
};
