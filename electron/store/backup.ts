// Copies of the whole store in another folder or on a USB disk: encrypted with the same key, proven by
// opening and checking each one before it counts, thinned out by age, with the keyring beside them.
import { createHash } from 'node:crypto';
import {
  copyFileSync,
  createReadStream,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { Database } from 'better-sqlite3';
import * as z from 'zod';
import { fail, ok, type Result } from '../../shared/api/contract.ts';
import type { FieldNames } from '../../shared/sync/codec.ts';
import { createPrivate, makePrivate, replaceFile, syncFile, syncFolder } from './atomic-file.ts';
import { connect } from './connection.ts';
import { failureOf } from './faults.ts';
import type { CheckReport, StoreLog } from './types.ts';
import { checkIntegrity, verifyLog } from './verify.ts';

const Manifest = z.object({
  version: z.literal(1),
  station: z.string(),
  incarnation: z.number().int(),
  /** When the copy was made, ms since 1970 UTC, by this PC's clock. */
  at: z.number().int(),
  changes: z.number().int(),
  sizeBytes: z.number().int(),
  sha256: z.string(),
});
type Manifest = z.output<typeof Manifest>;

export interface BackupCopy extends Omit<Manifest, 'version'> {
  /** The database file; `<path>.json` describes it and `<path>.keyring.json` unlocks it. */
  readonly path: string;
  /** Opened, chain and pages checked when it was made, and its size is still the same. */
  readonly verified: boolean;
}

export interface BackupSource {
  readonly sql: Database;
  readonly path: string;
  readonly key: Uint8Array;
  readonly kindOf: FieldNames;
  readonly station: { readonly id: string; readonly incarnation: number };
  readonly at: number;
  readonly log: StoreLog;
  /** The store itself has been read; what follows is about the copy, and takes as long again. */
  readOver?(): void;
}

/**
 * Makes one verified copy in `folder`, then thins out older ones of this station. Blocks while SQLite writes
 * the copy and checks its pages: minutes for a large store on an old disk, so the program does it in the
 * upkeep thread. backup_failed: folder gone or not writable, disk unplugged or full, copy not sound.
 */
export async function makeBackup(source: BackupSource, folder: string): Promise<Result<BackupCopy>> {
  const ours = `tram-${source.station.id.slice(-8)}-`;
  const path = join(folder, `${ours}${stampOf(source.at)}.db`);
  const part = `${path}.part`;
  try {
    mkdirSync(folder, { recursive: true });
    // only our own: another PC may be writing its copy into the same folder now
    for (const left of readdirSync(folder))
      if (left.startsWith(ours) && /\.db\.part(-.*)?$/.test(left)) rmSync(join(folder, left));
    // SQLite fills an empty file as well as making one
    createPrivate(part);
    source.sql.prepare('vacuum into ?').run(part);
    source.readOver?.();
    syncFile(part);
    const checked = checkCopy(part, source.key, source.kindOf);
    if (!checked.ok) {
      source.log('error', 'a backup copy is not sound', { detail: checked.detail ?? '' });
      drop(part);
      return fail('backup_failed');
    }
    const manifest: Manifest = {
      version: 1,
      station: source.station.id,
      incarnation: source.station.incarnation,
      at: source.at,
      changes: checked.checked,
      sizeBytes: statSync(part).size,
      sha256: await fileHash(part),
    };
    const keyring = join(dirname(source.path), 'keyring.json');
    if (existsSync(keyring)) {
      copyFileSync(keyring, keyringOf(path));
      makePrivate(keyringOf(path));
      syncFile(keyringOf(path));
    }
    replaceFile(manifestOf(path), `${JSON.stringify(manifest, null, 2)}\n`);
    renameSync(part, path);
    syncFolder(folder);
    thinOut(folder, source.station.id);
    return ok({ ...withoutVersion(manifest), path, verified: true });
  } catch (error) {
    const failure = failureOf(error);
    if (!failure && !isSystemError(error)) throw error;
    drop(part);
    const why = failure?.code ?? (error instanceof Error ? error.message : '');
    source.log('error', 'backup failed', { why });
    // the store's own sentence would send people to the wrong disk
    return failure?.code === 'disk_full'
      ? fail('backup_failed', { messageKey: 'error.backup_no_room' })
      : fail('backup_failed');
  }
}

/** With the journal SQLite leaves beside it when the disk is full. */
function drop(part: string): void {
  for (const file of [part, `${part}-journal`]) if (existsSync(file)) rmSync(file);
}

/** Of every PC that backs up into it, newest first; empty when the folder is not there. */
export function listBackups(folder: string): BackupCopy[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((name) => /^tram-.*\.db$/.test(name))
    .map((name) => describeBackup(join(folder, name)))
    .filter((copy) => copy !== null)
    .sort((a, b) => b.at - a.at);
}

/** Null when the file has no description beside it, so it was not finished or is not ours. */
export function describeBackup(path: string): BackupCopy | null {
  try {
    const manifest = Manifest.parse(JSON.parse(readFileSync(manifestOf(path), 'utf8')));
    return { ...withoutVersion(manifest), path, verified: statSync(path).size === manifest.sizeBytes };
  } catch {
    return null;
  }
}

/** Kept: the newest of each of the last 7 days, 4 weeks and 12 months that have one. */
export const rotation = { days: 7, weeks: 4, months: 12 };

/** Pure: which copies are kept. Days, weeks (from Monday) and months in Vietnam's time (UTC+7, no summer time). */
export function keptCopies<C extends { readonly at: number }>(copies: readonly C[]): Set<C> {
  const kept = new Set<C>();
  const newestFirst = [...copies].sort((a, b) => b.at - a.at);
  const periods: [number, (at: number) => string][] = [
    [rotation.days, (at) => local(at).toISOString().slice(0, 10)],
    [rotation.weeks, (at) => String(Math.floor((local(at).getTime() / 86_400_000 + 3) / 7))],
    [rotation.months, (at) => local(at).toISOString().slice(0, 7)],
  ];
  for (const [count, periodOf] of periods) {
    const seen = new Set<string>();
    for (const copy of newestFirst) {
      const period = periodOf(copy.at);
      if (seen.has(period)) continue;
      if (seen.size === count) break;
      seen.add(period);
      kept.add(copy);
    }
  }
  return kept;
}
const local = (at: number) => new Date(at + 7 * 3_600_000);

/** A copy that was cut short stands for no day: it neither drives out a sound one nor is it cleared away unseen. */
function thinOut(folder: string, station: string): void {
  const own = listBackups(folder).filter((c) => c.station === station && c.verified);
  const kept = keptCopies(own);
  for (const copy of own) {
    if (kept.has(copy)) continue;
    for (const file of [copy.path, manifestOf(copy.path), keyringOf(copy.path)])
      rmSync(file, { force: true });
  }
}

/** Opens a copy with the key and checks every page and every chain. */
export function checkCopy(path: string, key: Uint8Array, kindOf: FieldNames): CheckReport {
  try {
    const sql = connect(path, key, { readonly: true, mustExist: true });
    try {
      const integrity = checkIntegrity(sql);
      return integrity.ok ? verifyLog(sql, kindOf) : integrity;
    } finally {
      sql.close();
    }
  } catch (error) {
    const failure = failureOf(error);
    if (!failure) throw error;
    return { ok: false, checked: 0, detail: `the copy cannot be opened (${failure.code})` };
  }
}

export async function fileHash(path: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path), hash);
  return hash.digest('hex');
}

export const manifestOf = (path: string): string => `${path}.json`;
export const keyringOf = (path: string): string => join(dirname(path), `${basename(path)}.keyring.json`);

const withoutVersion = ({ version: _, ...rest }: Manifest): Omit<Manifest, 'version'> => rest;

const stampOf = (at: number): string =>
  new Date(at).toISOString().slice(0, 19).replaceAll(/[-:]/g, '').replace('T', '-');
const isSystemError = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' && /^E[A-Z]+$/.test(error.code);
