// What a power cut does to files, below the operating system: writes that were not yet forced out may be missing, cut
// short, in any order, or rubbish. Everything a save had been confirmed for lies before them and must be read back,
// exactly up to the last whole save; the rest must be as if it had never been begun.
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { tableDigest } from '../../electron/store/digest.ts';
import { openStore } from '../../electron/store/open.ts';
import type { OpenStore } from '../../electron/store/types.ts';
import { type Random, seededRandom } from '../../electron/training/random.ts';
import { ok } from '../../shared/api/contract.ts';
import {
  nobody,
  projectedTables,
  sampleArea,
  sampleMigrations,
  thingNote,
  thingOpen,
} from '../unit/store/sample-area.ts';

const seed = Number(process.env.TRAM_TORTURE_SEED ?? 20261122);
/** Cuts per way of cutting. */
const CUTS = Number(process.env.TRAM_TORTURE_CUTS ?? 40);
/** The writer's key too. */
const key = Buffer.alloc(32, 3);
const SECTOR = 512;
const PAGE = 4096;

const folder = mkdtempSync(join(tmpdir(), 'tram-torn-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** The files as they lie on the disk at one moment, and what a person had been told is saved by then. */
interface Disk {
  readonly db: Buffer;
  readonly wal: Buffer;
  /** End of the last confirmed save within the WAL. */
  readonly confirmedTo: number;
  readonly saves: number;
}

describe('the write-ahead log, cut', () => {
  let history: Disk[];
  beforeAll(() => {
    history = work(join(folder, 'history'), 40);
  });

  it('anywhere gives back every save that was whole before the cut, and no part of the next', () => {
    const random = seededRandom(seed).fork('cut');
    const { db, wal, saves } = newest(history);
    for (let i = 0; i < CUTS; i++) {
      const cut = random.int(0, wal.length);
      const whole = history.findLast((d) => d.confirmedTo <= cut)?.saves ?? 0;
      expectSaves({ db, wal: wal.subarray(0, cut) }, Math.max(whole, baseOf(history)), about('cut', i, cut));
    }
    expectSaves({ db, wal }, saves, about('whole', 0, wal.length));
  });

  it('and filled with rubbish from there on gives back the same', () => {
    const random = seededRandom(seed).fork('rubbish');
    const { db, wal } = newest(history);
    for (let i = 0; i < CUTS; i++) {
      const cut = random.int(32, wal.length - 1);
      const torn = Buffer.concat([wal.subarray(0, cut), rubbish(random, wal.length - cut)]);
      const whole = history.findLast((d) => d.confirmedTo <= cut)?.saves ?? 0;
      expectSaves({ db, wal: torn }, Math.max(whole, baseOf(history)), about('rubbish after', i, cut));
    }
  });

  it('in the middle of a save, with its sectors written in any order, gives back all saves before it', () => {
    const random = seededRandom(seed).fork('sectors');
    for (let i = 0; i < CUTS; i++) {
      const at = random.int(0, history.length - 2);
      const [before, after] = [history[at], history[at + 1]];
      if (!before || !after) throw new Error('no such save');
      const torn = mixSectors(random, before.wal, after.wal, before.confirmedTo);
      const left = { db: before.db, wal: torn.mixed };
      expectSaves(left, torn.complete ? after.saves : before.saves, about('sectors of save', i, at));
    }
  });
});

describe('a power cut while the log is copied into the database file', () => {
  it('loses nothing, whichever pages had been written, whole or torn', () => {
    const random = seededRandom(seed).fork('checkpoint');
    const path = join(folder, 'checkpoint', 'record.db');
    const store = opened(path, true);
    store.sql.pragma('wal_autocheckpoint = 0');
    for (let i = 0; i < 25; i++) save(store, random, i);
    const [before, wal] = [readFileSync(path), readFileSync(`${path}-wal`)];
    store.sql.pragma('wal_checkpoint(full)');
    const after = readFileSync(path);
    store.close();
    // The first sector may be old or new, not rubbish: it holds the cipher's salt, and the engine cannot open a file
    // without it even when the log has the page. docs/operations/store.md says what to do then.
    for (let i = 0; i < CUTS; i++)
      expectSaves(
        { db: mixSectors(random, before, after, 0, SECTOR).mixed, wal },
        25,
        about('checkpoint', i, 0),
      );
  });
});

describe('a power cut after the log was started over', () => {
  it('never takes old saves behind the new ones for newer, nor loses the new ones', () => {
    const random = seededRandom(seed).fork('started over');
    const path = join(folder, 'over', 'record.db');
    const store = opened(path, true);
    store.sql.pragma('wal_autocheckpoint = 0');
    for (let i = 0; i < 25; i++) save(store, random, i);
    const old = readFileSync(`${path}-wal`);
    store.sql.pragma('wal_checkpoint(full)');
    const steps = Array.from({ length: 8 }, (_, i) => {
      save(store, random, 25 + i);
      return diskOf(path, 26 + i);
    });
    store.close();
    for (let i = 0; i < CUTS; i++) {
      const step = random.int(0, steps.length - 1);
      const { db, wal, saves, confirmedTo } = steps[step] ?? newest(steps);
      // behind the last confirmed save: what the file held before, or what had begun to be written over it
      const next = steps[step + 1];
      const behind = next ? mixSectors(random, old, next.wal, confirmedTo) : { mixed: old, complete: false };
      const left = Buffer.concat([wal.subarray(0, confirmedTo), behind.mixed.subarray(confirmedTo)]);
      expectSaves({ db, wal: left }, saves + (behind.complete ? 1 : 0), about('started over', i, step));
    }
  });
});

it('keeps every confirmed save in copies of the files taken while a program is frozen in the middle of writing', async () => {
  const random = seededRandom(seed).fork('frozen');
  const path = join(folder, 'frozen', 'record.db');
  opened(path, true).close();
  const writer = join(import.meta.dirname, '..', 'integration', 'store', 'writer.ts');
  const child: ChildProcess = spawn(process.execPath, [writer, path], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const said: string[] = [];
  child.stdout?.on('data', (bytes: Buffer) => said.push(bytes.toString()));
  while (said.length === 0 && child.exitCode === null) await pause(10);
  let most = 0;
  try {
    for (let i = 0; i < CUTS; i++) {
      await pause(random.int(1, 40));
      const confirmed = said
        .join('')
        .split('\n')
        .slice(1)
        .filter((line) => line.length === 36);
      child.kill('SIGSTOP');
      const left = { db: readFileSync(path), wal: readFileSync(`${path}-wal`) };
      child.kill('SIGCONT');
      const store = revived(left);
      const things = new Set(store.sql.prepare('select id from sample_thing').pluck().all());
      expect(
        confirmed.filter((id) => !things.has(id)),
        about('frozen', i, confirmed.length),
      ).toEqual([]);
      const notes = store.sql.prepare('select count(*) from sample_note').pluck().get();
      expect(notes, about('frozen', i, confirmed.length)).toBe(things.size * 5);
      expectSound(store, about('frozen', i, confirmed.length));
      store.close();
      most = Math.max(most, confirmed.length);
    }
  } finally {
    const gone = new Promise((resolve) => child.once('close', resolve));
    child.kill('SIGKILL');
    await gone;
  }
  expect(most).toBeGreaterThan(CUTS);
});

// --- a program at work ---

/** One save after the other, and how the files lay after each. The log is not copied back meanwhile. */
function work(name: string, saves: number): Disk[] {
  const random = seededRandom(seed).fork(name);
  const path = join(name, 'record.db');
  const store = opened(path, true);
  store.sql.pragma('wal_checkpoint(truncate)');
  store.sql.pragma('wal_autocheckpoint = 0');
  const disks = Array.from({ length: saves }, (_, i) => {
    save(store, random, i);
    return diskOf(path, i + 1);
  });
  store.close();
  return disks;
}

/** A thing with notes: several changes and their tables in one save. Sizes differ, so that saves end anywhere. */
function save(store: OpenStore, random: Random, n: number): void {
  const id = crypto.randomUUID();
  const saved = store.write(nobody, (tx) => {
    tx.append(thingOpen, { id, body: { name: `${n} ${'x'.repeat(random.int(0, 1900))}` } });
    for (let i = 0; i < 3; i++)
      tx.append(thingNote, {
        id: `${id}-${i}`,
        refs: [`thing:${id}`],
        body: { text: `${i}`.repeat(random.int(1, 3000)) },
      });
    return ok(null);
  });
  expect(saved).toEqual({ ok: true, value: null });
}

function opened(path: string, create = false): OpenStore {
  const store = openStore({ path, key, areas: [sampleArea], migrations: sampleMigrations, create });
  if (!store.ok) throw new Error(store.error.code);
  return store.value;
}

function diskOf(path: string, saves: number): Disk {
  const wal = readFileSync(`${path}-wal`);
  return { db: readFileSync(path), wal, confirmedTo: endOfFrames(wal), saves };
}

/** Behind the last frame of this generation of the log: its salt is the header's (sqlite.org/fileformat2.html §4). */
function endOfFrames(wal: Buffer): number {
  const salt = wal.subarray(16, 24);
  let end = 32;
  while (end + 24 + PAGE <= wal.length && wal.subarray(end + 8, end + 16).equals(salt)) end += 24 + PAGE;
  return end;
}

// --- a power cut ---

interface Left {
  readonly db: Buffer;
  readonly wal: Buffer;
}

/** Each sector behind `from` is the old one, the new one or rubbish; `complete` when all that differ are new. */
function mixSectors(
  random: Random,
  old: Buffer,
  fresh: Buffer,
  from: number,
  rubbishFrom = 0,
): { mixed: Buffer; complete: boolean } {
  const mixed = Buffer.from(fresh);
  const newness = random.next();
  let complete = true;
  for (let at = from; at < fresh.length; at += SECTOR - (at % SECTOR)) {
    const end = Math.min(fresh.length, at + SECTOR - (at % SECTOR));
    if (random.chance(newness)) continue;
    const was = Buffer.alloc(end - at);
    if (at < old.length) old.copy(was, 0, at, Math.min(end, old.length));
    const left = at >= rubbishFrom && random.chance(0.1) ? rubbish(random, end - at) : was;
    left.copy(mixed, at);
    if (!left.equals(fresh.subarray(at, end))) complete = false;
  }
  return { mixed, complete };
}

/** A piece of noise, repeated: every sector differs from its neighbours. */
const rubbish = (random: Random, length: number): Buffer => {
  const noise = Buffer.from(Array.from({ length: SECTOR * 3 + 7 }, () => random.int(0, 255)));
  return Buffer.alloc(length, noise);
};

let copies = 0;
/** Opened as after the power came back; what is there is left behind when the test is over. */
function revived({ db, wal }: Left): OpenStore {
  const path = join(folder, `revived-${copies++ % 4}.db`);
  for (const end of ['-shm', '.lock', '-journal']) rmSync(path + end, { force: true });
  writeFileSync(path, db);
  writeFileSync(`${path}-wal`, wal);
  return opened(path);
}

function expectSaves(left: Left, saves: number, what: string): void {
  const store = revived(left);
  try {
    const things = store.sql
      .prepare("select substr(name, 1, instr(name, ' ') - 1) from sample_thing")
      .pluck()
      .all();
    const expected = Array.from({ length: saves }, (_, i) => i);
    expect(
      things.map(Number).sort((a, b) => a - b),
      what,
    ).toEqual(expected);
    expect(store.sql.prepare('select count(*) from sample_note').pluck().get(), what).toBe(saves * 3);
    expectSound(store, what);
    const live = tableDigest(store.sql, projectedTables);
    expect(store.rebuild(), what).toMatchObject({ ok: true });
    expect(tableDigest(store.sql, projectedTables), what).toEqual(live);
  } finally {
    store.close();
  }
}

function expectSound(store: OpenStore, what: string): void {
  expect(store.verifyLog(), what).toMatchObject({ ok: true });
  expect(store.integrityCheck(), what).toMatchObject({ ok: true });
}

const newest = (history: readonly Disk[]): Disk => {
  const last = history.at(-1);
  if (!last) throw new Error('nothing was saved');
  return last;
};
const baseOf = (history: readonly Disk[]): number => (history[0]?.saves ?? 1) - 1;
const about = (how: string, n: number, at: number): string => `seed ${seed}, ${how}, case ${n}, at ${at}`;
const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
