// Handing the whole record to a PC that joins, as one file that can be fetched on from where the line broke, and
// fetching it. The file is under a key of its own, told in a header over the trusted connection.
import { createHash } from 'node:crypto';
import { createReadStream, existsSync, mkdirSync, rmSync, statSync, truncateSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { type IncomingMessage, request, type ServerResponse } from 'node:http';
import { join } from 'node:path';
import { pipeline as flow, type Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { readEnd } from '../../shared/sync/exchange.ts';
import { fileHash } from '../store/backup.ts';
import { type SnapshotShelf, snapshotShelf } from '../store/snapshot-shelf.ts';
import type { OpenStore } from '../store/types.ts';
import type { Address } from './address.ts';
import type { LineEnd, Outcome, Trusted } from './line.ts';
import {
  closedPages,
  compressed,
  decompressed,
  openedPages,
  PAGE_BYTES,
  PAGE_CODING,
} from './page-coding.ts';
import type { SyncNeeds } from './types.ts';

export const SNAPSHOT_PATH = '/snapshot';
const KEY_HEADER = 'x-tram-key';
/** Bytes of the file that follow; as many as `content-length` says where they are not coded. */
const SIZE_HEADER = 'x-tram-size';
/** Read from the disk at once: some milliseconds of work for the thread that sends it. */
const PART_BYTES = 256 * 1024;
/** No byte for so long: the line is dead. */
const SILENT_MS = 25_000;
/** Bytes that came and are not on the disk yet. */
const MOST_BEHIND = 1024 * 1024;

export interface Snapshots {
  /** False: there is none to be had here, changes will do. */
  serve(store: OpenStore, request: IncomingMessage, response: ServerResponse): Promise<boolean>;
  close(): Promise<void>;
}

export function openSnapshots(needs: Pick<SyncNeeds, 'snapshot' | 'dataDir' | 'now' | 'log'>): Snapshots {
  let shelf: { readonly of: OpenStore; readonly shelf: SnapshotShelf } | null = null;
  return {
    async serve(store, asked, response) {
      const make = needs.snapshot;
      if (!make) return false;
      if (shelf?.of !== store) {
        shelf?.shelf.close();
        shelf = {
          of: store,
          shelf: snapshotShelf({
            folder: join(needs.dataDir, 'snapshots'),
            make: (folder) => make(store, folder),
            end: () =>
              store.sql
                .prepare<[], number>('SELECT coalesce(max(arrival), 0) FROM change_log')
                .pluck()
                .get() ?? 0,
            now: needs.now,
          }),
        };
      }
      const made = await shelf.shelf.current();
      if (!made.ok) {
        needs.log('error', 'no snapshot could be made', { code: made.error.code });
        return false;
      }
      const { path, key, sizeBytes, sha256 } = made.value;
      const from = startOf(asked, sha256);
      if (from > sizeBytes) {
        response.writeHead(416, { 'content-range': `bytes */${sizeBytes}` }).end();
        return true;
      }
      const isCoded = headerOf(asked, 'accept-encoding') === PAGE_CODING && from % PAGE_BYTES === 0;
      response.writeHead(from > 0 ? 206 : 200, {
        'content-type': 'application/octet-stream',
        'accept-ranges': 'bytes',
        etag: `"${sha256}"`,
        [KEY_HEADER]: Buffer.from(key).toString('base64url'),
        [SIZE_HEADER]: sizeBytes - from,
        ...(isCoded ? { 'content-encoding': PAGE_CODING } : { 'content-length': sizeBytes - from }),
        ...(from > 0 && { 'content-range': `bytes ${from}-${sizeBytes - 1}/${sizeBytes}` }),
        'cache-control': 'no-store',
      });
      // a PC that went away asks again for the rest
      const file = createReadStream(path, { start: from, highWaterMark: PART_BYTES });
      const sent = isCoded
        ? pipeline(file, openedPages(key, from), compressed(), response)
        : pipeline(file, response);
      await sent.catch(() => response.destroy());
      return true;
    },
    async close() {
      shelf?.shelf.close();
      shelf = null;
    },
  };
}

/** Bytes the other end has of this very file; of another one it has nothing. */
function startOf(asked: IncomingMessage, sha256: string): number {
  const from = Number(/^bytes=(\d{1,15})-$/.exec(asked.headers.range ?? '')?.[1] ?? 0);
  return asked.headers['if-range'] === `"${sha256}"` ? from : 0;
}

export interface Fetched {
  readonly path: string;
  readonly key: Buffer;
}

/** What is known of a download between two attempts. */
export interface Progress {
  sha256: string | null;
  doneBytes: number;
  totalBytes: number | null;
}

/**
 * One attempt: goes on with what is in `folder`. `null` as value: none to be had there. A file that came whole but
 * wrong is thrown away (`garbled`).
 */
export async function fetchSnapshot(options: {
  readonly trusted: Trusted;
  readonly address: Address;
  readonly folder: string;
  readonly progress: Progress;
  readonly signal: AbortSignal;
  changed(): void;
}): Promise<Outcome<Fetched | null>> {
  const { trusted, folder, progress } = options;
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const path = join(folder, 'snapshot.db');
  const have = progress.sha256 !== null ? wholePages(path) : 0;
  const answered = await askFor(options, have);
  if (!answered.ok) return answered;
  const answer = answered.value;
  const end = readEnd(headerOf(answer, 'x-tram-end'));
  if (end) return failed(trusted, end);
  if (answer.statusCode === 404) {
    trusted.socket.destroy();
    return { ok: true, value: null };
  }
  const sha256 = /^"([0-9a-f]{64})"$/.exec(headerOf(answer, 'etag') ?? '')?.[1];
  const key = Buffer.from(headerOf(answer, KEY_HEADER) ?? '', 'base64url');
  const length = Number(headerOf(answer, SIZE_HEADER) ?? headerOf(answer, 'content-length'));
  if ((answer.statusCode !== 200 && answer.statusCode !== 206) || !sha256 || key.length !== 32)
    return failed(trusted, { code: 'not_tram', detail: `answered ${answer.statusCode}` });
  const from = answer.statusCode === 206 ? have : 0;
  Object.assign(progress, { sha256, doneBytes: from, totalBytes: from + length });
  const isCoded = headerOf(answer, 'content-encoding') === PAGE_CODING;
  const body: Readable = isCoded ? flow(answer, decompressed(), closedPages(key, from), () => {}) : answer;
  // hashed as it comes: reading some GB once more takes ten seconds
  const hash = createHash('sha256');
  const problem = await keep(body, path, from, length, (part) => {
    hash.update(part);
    progress.doneBytes += part.length;
    options.changed();
  });
  trusted.socket.destroy();
  if (problem) return failed(trusted, problem);
  if (statSync(path).size < from + length) return failed(trusted, { code: 'closed', detail: 'ended early' });
  if ((from > 0 ? await fileHash(path) : hash.digest('hex')) !== sha256) {
    rmSync(path, { force: true });
    Object.assign(progress, { sha256: null, doneBytes: 0 });
    return failed(trusted, { code: 'garbled', detail: 'the file is not what was promised' });
  }
  return { ok: true, value: { path, key } };
}

/** What is there of the file, up to its last whole page: coded, it goes on with a page. */
function wholePages(path: string): number {
  if (!existsSync(path)) return 0;
  const { size } = statSync(path);
  const whole = size - (size % PAGE_BYTES);
  if (whole < size) truncateSync(path, whole);
  return whole;
}

/**
 * Writes everything that comes, also the last of it before the line breaks, but no more than was promised. Null: the
 * stream ended of itself.
 */
async function keep(
  answer: Readable,
  path: string,
  from: number,
  promised: number,
  came: (part: Buffer) => void,
): Promise<LineEnd | null> {
  const file = await open(path, from > 0 ? 'a' : 'w', 0o600);
  let written: Promise<unknown> = Promise.resolve();
  let behind = 0;
  let left = promised;
  const over = new Promise<LineEnd | null>((resolve) => {
    answer.on('end', () => resolve(null));
    answer.on('error', () => resolve({ code: 'closed', detail: 'cut while fetching' }));
    answer.on('close', () => resolve({ code: 'closed', detail: 'cut while fetching' }));
  });
  answer.on('data', (part: Buffer) => {
    behind += part.length;
    left -= part.length;
    if (left < 0) return void answer.destroy();
    if (behind > MOST_BEHIND) answer.pause();
    written = written
      .then(() => file.write(part))
      .then(() => {
        behind -= part.length;
        came(part);
        if (behind <= MOST_BEHIND) answer.resume();
      });
    // what cannot be written ends the download; the error itself is met below
    written.catch(() => answer.destroy());
  });
  try {
    const end = await over;
    await written;
    return end;
  } catch (error) {
    const isFull = error instanceof Error && 'code' in error && error.code === 'ENOSPC';
    return { code: isFull ? 'disk_full' : 'internal', detail: 'could not be written' };
  } finally {
    answer.destroy();
    await file.close();
  }
}

function askFor(
  { trusted, address, progress, signal }: Parameters<typeof fetchSnapshot>[0],
  have: number,
): Promise<Outcome<IncomingMessage>> {
  return new Promise((resolve) => {
    const sent = request({
      createConnection: () => trusted.socket,
      method: 'GET',
      path: SNAPSHOT_PATH,
      headers: {
        host: address.host,
        connection: 'close',
        'accept-encoding': PAGE_CODING,
        ...(have > 0 && { range: `bytes=${have}-`, 'if-range': `"${progress.sha256}"` }),
      },
      signal,
    });
    // making the file takes its time, so the first byte may; later silence is a dead line
    sent.on('response', (answer) => {
      trusted.socket.setTimeout(SILENT_MS, () => trusted.socket.destroy());
      resolve({ ok: true, value: answer });
    });
    sent.on('error', (error) => resolve(failed(trusted, { code: 'closed', detail: error.message })));
    sent.setTimeout(10 * 60_000, () => trusted.socket.destroy());
    sent.end();
  });
}

function failed(trusted: Trusted, end: LineEnd): Outcome<never> {
  trusted.socket.destroy();
  return { ok: false, end };
}

function headerOf(answer: IncomingMessage, name: string): string | undefined {
  const value = answer.headers[name];
  return typeof value === 'string' ? value : undefined;
}
