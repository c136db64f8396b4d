// A snapshot's pages on their way: readable inside the line, so that they compress, and the same file at its end.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { connect } from '../../../electron/store/connection.ts';
import {
  closedPages,
  compressed,
  decompressed,
  openedPages,
  PAGE_BYTES,
} from '../../../electron/sync/page-coding.ts';

const key = Buffer.alloc(32, 3);
const words = 'huyết áp một trăm hai mươi trên tám mươi';

let folder: string;
let file: Buffer;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tram-pages-'));
  const path = join(folder, 'record.db');
  const sql = connect(path, key);
  sql.exec('create table note (id integer primary key, words text) strict');
  const add = sql.prepare('insert into note (words) values (?)');
  sql.transaction(() => {
    for (let i = 0; i < 2_000; i++) add.run(`${words} ${i}`);
  })();
  sql.pragma('journal_mode = DELETE');
  sql.close();
  file = readFileSync(path);
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

/** As a line hands it over: in parts that keep to no page. */
const parts = (bytes: Buffer, size: number) =>
  Readable.from(
    Array.from({ length: Math.ceil(bytes.length / size) }, (_, i) =>
      bytes.subarray(i * size, (i + 1) * size),
    ),
  );

it('takes the encryption off, and nothing else: what is written there can be read and compressed', async () => {
  expect(file.includes(words)).toBe(false);
  const open = await buffer(parts(file, 10_000).pipe(openedPages(key, 0)));
  expect(open).toHaveLength(file.length);
  expect(open.includes(`${words} 1999`)).toBe(true);
  // behind the salt: the page size, as in the head of any SQLite file
  expect(open.readUInt16BE(16)).toBe(PAGE_BYTES);
  const small = await buffer(parts(open, 10_000).pipe(compressed()));
  expect(small.length).toBeLessThan(file.length / 4);
});

it('gives the same file, byte for byte, whatever parts it comes in', async () => {
  for (const size of [1, 777, PAGE_BYTES, 100_000]) {
    const source = size === 1 ? file.subarray(0, 3 * PAGE_BYTES) : file;
    const sent = await buffer(parts(source, size).pipe(openedPages(key, 0)).pipe(compressed()));
    const came = await buffer(parts(sent, size).pipe(decompressed()).pipe(closedPages(key, 0)));
    expect(came.equals(source)).toBe(true);
  }
});

it('goes on with any page', async () => {
  const from = 5 * PAGE_BYTES;
  const sent = await buffer(parts(file.subarray(from), 5_000).pipe(openedPages(key, from)));
  expect(sent.subarray(0, PAGE_BYTES).equals(file.subarray(from, from + PAGE_BYTES))).toBe(false);
  const came = await buffer(parts(sent, 5_000).pipe(closedPages(key, from)));
  expect(came.equals(file.subarray(from))).toBe(true);
});

it('passes on what is no whole page as it is', async () => {
  const odd = file.subarray(0, PAGE_BYTES + 100);
  const sent = await buffer(parts(odd, 300).pipe(openedPages(key, 0)));
  const came = await buffer(parts(sent, 300).pipe(closedPages(key, 0)));
  expect(came.equals(odd)).toBe(true);
});
