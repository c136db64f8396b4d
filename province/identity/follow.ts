// Reads centers' logs in the background, after stations have long got their acknowledgement: small pieces, each in a
// transaction of its own that touches no table `take` writes to, so nobody who sends ever waits for it.
import { setTimeout as wait } from 'node:timers/promises';
import type { Database, Sql } from '../database/types.ts';
import type { Log } from '../types.ts';
import { rules } from './relevant.ts';
import { writePeople } from './rows.ts';
import { kindsRead, type PoisonReason, type Telling, tellingOf } from './telling.ts';

/** PGlite does one thing at a time: a piece must be over before a session notices. */
const pieceSize = 50;
/** After a center's log grew; what comes in within it is read in one go. */
const gatherMs = 250;
const betweenPiecesMs = 5;
/** For what nobody told of: another process died, a note was lost, the database was away. */
const lookEveryMs = 15_000;

export interface Following {
  /** Reads everything there is, in all centers; for tests and measuring. */
  catchUp(): Promise<void>;
  close(): Promise<void>;
}

export interface FollowParts {
  readonly db: Database;
  readonly log: Log;
  now(): number;
  onGrew(listener: (center: number) => void): () => void;
}

export function followLogs(parts: FollowParts): Following {
  const { db, log } = parts;
  const waiting = new Set<number>();
  let closed = false;
  let working: Promise<void> | null = null;
  let timer: NodeJS.Timeout | null = null;

  const soon = (): void => {
    if (closed) return;
    timer ??= setTimeout(() => {
      timer = null;
      working ??= workOff().finally(() => {
        working = null;
        if (waiting.size > 0) soon();
      });
    }, gatherMs);
  };
  const stopHearing = parts.onGrew((center) => {
    waiting.add(center);
    soon();
  });
  const look = (): void => {
    behind(db)
      .then((centers) => {
        for (const center of centers) waiting.add(center);
        if (centers.length > 0) soon();
      })
      .catch((error: unknown) => log('warn', 'people_not_looked_at', { error: nameOf(error) }));
  };
  const looking = setInterval(look, lookEveryMs);
  looking.unref();
  look();

  return {
    async catchUp() {
      await working;
      for (const center of await behind(db)) await readAll(center);
    },
    async close() {
      closed = true;
      stopHearing();
      clearInterval(looking);
      if (timer) clearTimeout(timer);
      await working;
    },
  };

  async function workOff(): Promise<void> {
    while (!closed) {
      const [center] = waiting;
      if (center === undefined) return;
      waiting.delete(center);
      try {
        await readAll(center);
      } catch (error) {
        // the log is still there; the next look comes back to it
        log('warn', 'people_not_read', { center, error: nameOf(error) });
      }
    }
  }

  async function readAll(center: number): Promise<void> {
    while (!closed && (await readOn(db, center, parts.now())) === 'more') await wait(betweenPiecesMs);
  }
}

type State = 'more' | 'done' | 'busy';

/** A piece; when something in it cannot be written, change by change, and the one that cannot is set aside. */
export async function readOn(db: Database, center: number, now: number): Promise<State> {
  try {
    return await readPiece(db, center, now);
  } catch (error) {
    if (!isOfTheData(error)) throw error;
  }
  for (let i = 0; i < pieceSize; i++) {
    try {
      const state = await readPiece(db, center, now, 1);
      if (state !== 'more') return state;
    } catch (error) {
      if (!isOfTheData(error)) throw error;
      await setAside(db, center, now);
    }
  }
  return 'more';
}

/** Not that the database was away: SQLSTATE classes 22 (data) and 23 (constraints), and our own code on strange values. */
function isOfTheData(error: unknown): boolean {
  if (error instanceof TypeError || error instanceof RangeError) return true;
  return error instanceof Error && 'code' in error && /^2[23]/.test(String(error.code));
}

/** Passes over the next change of a center. */
async function setAside(db: Database, center: number, now: number): Promise<void> {
  const from = await placeOf(db, center);
  const { rows } = await pieceBehind(db, center, from.rules < rules ? 0 : from.logNo, 1);
  const [row] = rows;
  if (!row) return;
  await db.transaction(async (tx) => {
    const moved = await tx.query(
      `update people_progress set log_no = $2, read_at = $3, rules = $4 where center = $1 and log_no = $5
       returning center`,
      [center, row.log_no, row.at, rules, from.logNo],
    );
    if (moved.length === 0) return;
    if (from.rules < rules) await forget(tx, center);
    await keepPoison(tx, center, [{ log_no: row.log_no, reason: 'not_understood' }], now);
  });
}

/** Centers whose log goes on behind what was read, or was read by an older program. */
async function behind(db: Database): Promise<number[]> {
  const rows = await db.query<{ number: number }>(
    `select c.number from center c left join people_progress p on p.center = c.number
     where c.last_no > 0 and (p.center is null or p.rules < $1 or (p.rules = $1 and p.log_no < c.last_no))
     order by c.number`,
    [rules],
  );
  return rows.map(({ number }) => number);
}

/** busy: another process reads this center, or a newer program does. */
export async function readPiece(db: Database, center: number, now: number, size = pieceSize): Promise<State> {
  const from = await placeOf(db, center);
  if (from.rules > rules) return 'busy';
  const isOutdated = from.rules < rules;
  const piece = await pieceBehind(db, center, isOutdated ? 0 : from.logNo, size);
  // decoding is the larger part of the work and needs no lock
  const read = piece.rows.map((row) => ({ ...row, told: toldBy(row) }));
  return await db.transaction(async (tx) => {
    const [mine] = await tx.query<{ log_no: number; rules: number }>(
      'select log_no, rules from people_progress where center = $1 for update skip locked',
      [center],
    );
    if (!mine || mine.log_no !== from.logNo || mine.rules !== from.rules) return 'busy';
    if (isOutdated) await forget(tx, center);
    const tellings = read.flatMap(({ told, log_no }) =>
      told && 'telling' in told ? [{ ...told.telling, log_no }] : [],
    );
    await keepTellings(tx, center, tellings);
    await keepPoison(
      tx,
      center,
      read.flatMap(({ told, log_no }) => (told && 'poison' in told ? [{ log_no, reason: told.poison }] : [])),
      now,
    );
    const patients = new Set(tellings.filter((one) => one.isIdentity).map((one) => one.owner));
    await writePeople(tx, center, [...patients]);
    await tx.query(
      'update people_progress set log_no = $2, read_at = coalesce($3, read_at), rules = $4 where center = $1',
      [center, piece.upTo, piece.at, rules],
    );
    return piece.more ? 'more' : 'done';
  });
}

interface LogRow extends Record<string, unknown> {
  readonly log_no: number;
  readonly at: number;
  readonly flag: string | null;
  readonly stored: Uint8Array;
}

function toldBy({ flag, stored }: LogRow): ReturnType<typeof tellingOf> {
  // it was not understood when it came in; perhaps it is now, by a newer program
  const told = tellingOf(stored);
  return told === null && flag !== null ? { poison: 'not_understood' } : told;
}

async function placeOf(db: Database, center: number): Promise<{ logNo: number; rules: number }> {
  await db.query(
    'insert into people_progress (center, rules) values ($1, $2) on conflict (center) do nothing',
    [center, rules],
  );
  const [row] = await db.query<{ log_no: number; rules: number }>(
    'select log_no, rules from people_progress where center = $1',
    [center],
  );
  if (!row) throw new Error(`no center ${center}`);
  return { logNo: row.log_no, rules: row.rules };
}

/** The end is asked first: commits become visible in the order of their numbers, so nothing up to it is missed. */
async function pieceBehind(
  db: Database,
  center: number,
  from: number,
  size: number,
): Promise<{ rows: LogRow[]; upTo: number; at: number | null; more: boolean }> {
  const [end] = await db.query<{ last_no: number; last_change_at: number | null }>(
    'select last_no, last_change_at from center where number = $1',
    [center],
  );
  const rows = await db.query<LogRow>(
    `select log_no, at, flag, stored from change_log
     where center = $1 and lane = 0 and log_no > $2 and kind = any ($3::text[]) order by log_no limit $4`,
    [center, from, kindsRead, size],
  );
  const last = rows.at(-1);
  if (last && rows.length === size) return { rows, upTo: last.log_no, at: last.at, more: true };
  const upTo = Math.max(end?.last_no ?? 0, last?.log_no ?? 0, from);
  return { rows, upTo, at: last?.at ?? end?.last_change_at ?? null, more: false };
}

/** Everything that is worked out from this center's log. Decisions of people stay. */
async function forget(tx: Sql, center: number): Promise<void> {
  for (const table of ['people_change', 'people_poison', 'person_number', 'person'])
    await tx.query(`delete from ${table} where center = $1`, [center]);
  await tx.query('delete from person_pair where a_center = $1 or b_center = $1', [center]);
}

async function keepTellings(
  tx: Sql,
  center: number,
  tellings: readonly (Telling & { readonly log_no: number })[],
): Promise<void> {
  if (tellings.length === 0) return;
  await tx.query(
    `insert into people_change (center, owner, hash, log_no)
     select $1, t.owner, decode(t.hash, 'hex'), t.log_no from unnest($2::text[], $3::text[], $4::int8[]) t (owner, hash, log_no)
     on conflict do nothing`,
    [
      center,
      tellings.map((one) => one.owner),
      tellings.map((one) => one.hash.toString('hex')),
      tellings.map((one) => one.log_no),
    ],
  );
}

async function keepPoison(
  tx: Sql,
  center: number,
  poison: readonly { readonly log_no: number; readonly reason: PoisonReason }[],
  now: number,
): Promise<void> {
  if (poison.length === 0) return;
  await tx.query(
    `insert into people_poison (center, log_no, reason, at)
     select $1, p.log_no, p.reason, $4 from unnest($2::int8[], $3::text[]) p (log_no, reason) on conflict do nothing`,
    [center, poison.map((one) => one.log_no), poison.map((one) => one.reason), now],
  );
}

const nameOf = (error: unknown): string => (error instanceof Error ? error.name : 'unknown');
