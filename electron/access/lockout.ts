// Counts failed logins per account, also before the store is open: in a file beside the keyring, doubled in the
// store once it opens. The file may be damaged or deleted by whoever holds the disk; then the store's count holds,
// and until it opens the cost of unwrapping the key is what slows a guesser down.
import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';
import { fail, type Result } from '../../shared/api/contract.ts';
import type { Log } from '../store/room.ts';
import type { Store } from '../store/types.ts';

const freeTries = 5;
const firstDelayMs = 60_000;
const longestDelayMs = 60 * 60_000;

export interface Lockout {
  /** When this account may try again, ms since 1970 UTC; null = now. */
  blockedUntil(username: string): number | null;
  /** The answer to whoever tries while blocked; null when they may try. */
  refusal(username: string): Result<never> | null;
  failed(username: string): void;
  passed(username: string): void;
  /** Who came in on this PC, latest first; for the login screen. */
  recent(): readonly string[];
  /** The store is open: takes the worse of both counts from here on. */
  attach(store: Store): void;
  /** Lockouts nobody has written into the record yet. */
  takeUnreported(): readonly Reported[];
}

const Failures = z.object({ failures: z.number().int().min(0).max(1e6), lastAt: z.number().int() });
const Unreported = z.object({ username: z.string(), failures: z.number().int(), until: z.number().int() });
type Failures = z.output<typeof Failures>;
export type Reported = z.output<typeof Unreported>;
const Saved = z.object({
  accounts: z.record(z.string().max(60), Failures),
  unreported: z.array(Unreported).max(1000).catch([]),
  recent: z.array(z.string().max(60)).max(200).catch([]),
});
/** Names the login screen remembers the order of. */
const longestRecent = 50;

export function openLockout(dataDir: string, now: () => number, log: Log): Lockout {
  const path = join(dataDir, 'logins.json');
  const { accounts, unreported, recent } = read(path, log);
  let store: Store | null = null;

  const blockedUntil = (username: string): number | null => {
    const entry = accounts.get(username);
    if (!entry) return null;
    // a clock set back must not lock anyone out for longer than the delay itself
    if (entry.lastAt > now()) entry.lastAt = now();
    const until = entry.lastAt + delayMs(entry.failures);
    return until > now() ? until : null;
  };

  return {
    blockedUntil,
    refusal(username) {
      const until = blockedUntil(username);
      if (until === null) return null;
      const seconds = Math.ceil((until - now()) / 1000);
      return fail('account_locked', { params: { seconds, minutes: Math.ceil(seconds / 60) } });
    },
    failed(username) {
      const failures = (accounts.get(username)?.failures ?? 0) + 1;
      accounts.set(username, { failures, lastAt: now() });
      if (failures >= freeTries) unreported.push({ username, failures, until: now() + delayMs(failures) });
      save(username);
    },
    passed(username) {
      const had = accounts.delete(username);
      if (!had && recent[0] === username) return;
      recent.splice(
        0,
        recent.length,
        username,
        ...recent.filter((u) => u !== username).slice(0, longestRecent - 1),
      );
      save(username);
    },
    recent: () => recent,
    attach(opened) {
      store = opened;
      for (const [username, kept] of stored(opened)) {
        const mine = accounts.get(username);
        if (!mine || kept.failures > mine.failures) accounts.set(username, kept);
      }
      for (const username of accounts.keys()) save(username);
    },
    takeUnreported() {
      const taken = unreported.splice(0);
      if (taken.length > 0) writeFile();
      return taken;
    },
  };

  function save(username: string): void {
    writeFile();
    const entry = accounts.get(username);
    try {
      store?.local((sql) => {
        sql.prepare('DELETE FROM login_failure WHERE username = ?').run(username);
        if (entry)
          sql
            .prepare('INSERT INTO login_failure (username, failures, last_at) VALUES (?, ?, ?)')
            .run(username, entry.failures, entry.lastAt);
      });
    } catch (error) {
      // the count holds in memory; a full disk must not keep a doctor from reading
      log('error', 'failed logins could not be written into the store', { code: codeOf(error) });
    }
  }

  /** Whole or not at all; a disk that can't be written must not keep anyone out of the record. */
  function writeFile(): void {
    const half = `${path}.new`;
    try {
      writeFileSync(half, JSON.stringify({ accounts: Object.fromEntries(accounts), unreported, recent }), {
        mode: 0o600,
      });
      renameSync(half, path);
    } catch (error) {
      rmSync(half, { force: true });
      log('error', 'failed logins could not be written down', { code: codeOf(error) });
    }
  }
}

/** Nothing for the first four failures, then 1, 2, 4 … minutes, at most an hour. */
function delayMs(failures: number): number {
  if (failures < freeTries) return 0;
  return Math.min(longestDelayMs, firstDelayMs * 2 ** Math.min(failures - freeTries, 10));
}

function read(
  path: string,
  log: Log,
): { accounts: Map<string, Failures>; unreported: Reported[]; recent: string[] } {
  try {
    const saved = Saved.parse(JSON.parse(readFileSync(path, 'utf8')));
    return { ...saved, accounts: new Map(Object.entries(saved.accounts)) };
  } catch (error) {
    if (codeOf(error) !== 'ENOENT') log('warn', 'the count of failed logins was unreadable and starts anew');
    return { accounts: new Map(), unreported: [], recent: [] };
  }
}

function stored(store: Store): [string, Failures][] {
  return store.local((sql) =>
    sql
      .prepare<[], { username: string; failures: number; lastAt: number }>(
        'SELECT username, failures, last_at AS lastAt FROM login_failure',
      )
      .all()
      .map((row): [string, Failures] => [row.username, { failures: row.failures, lastAt: row.lastAt }]),
  );
}

const codeOf = (error: unknown): string =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';
