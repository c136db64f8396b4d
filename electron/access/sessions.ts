// Who is logged in at which page, in memory only: a restart of the program ends every session.
// A session locks by itself here and not in the page, so a frozen or hidden page can't keep it open.
import { randomUUID } from 'node:crypto';
import type { Events } from '../../shared/api/index.ts';
import type { Caller } from '../store/room.ts';
import type { Account } from './accounts.ts';

export interface OpenSession {
  readonly sessionId: string;
  readonly account: Account;
  readonly locked: boolean;
}

export interface Sessions {
  /** Null when nobody is logged in there, or the account was disabled since. Locks when idle too long. */
  at(client: string): OpenSession | null;
  /** The page of a session that has not ended. */
  clientOf(sessionId: string): string | null;
  /** Ends whatever session the page had. */
  start(client: string, account: Account): OpenSession;
  lock(client: string): void;
  unlock(client: string): void;
  end(client: string, reason: 'ended'): void;
  touch(client: string): void;
  /** Somebody is logged in at some page and has not locked it. */
  anyoneAtWork(): boolean;
  /** Locks every idle session and ends those of disabled accounts; run by the core's timer and after commits. */
  sweep(): void;
}

interface Sitting {
  readonly sessionId: string;
  readonly userId: string;
  locked: boolean;
  touchedAt: number;
}

export function openSessions(deps: {
  now(): number;
  account(userId: string): Account | undefined;
  autoLockMinutes(): number;
  tell(client: string, reason: Events['session']['reason']): void;
}): Sessions {
  const sittings = new Map<string, Sitting>();
  const sessions: Sessions = { at, clientOf, start, lock, unlock, end, touch, anyoneAtWork, sweep };
  return sessions;

  function at(client: string): OpenSession | null {
    const sitting = sittings.get(client);
    if (!sitting) return null;
    const account = deps.account(sitting.userId);
    if (!account?.active) {
      end(client, 'ended');
      return null;
    }
    if (idleTooLong(sitting)) lock(client);
    return { sessionId: sitting.sessionId, account, locked: sitting.locked };
  }

  function clientOf(sessionId: string): string | null {
    for (const [client, sitting] of sittings) if (sitting.sessionId === sessionId) return client;
    return null;
  }

  function start(client: string, account: Account): OpenSession {
    const before = sittings.get(client);
    const sitting: Sitting = {
      sessionId: randomUUID(),
      userId: account.id,
      locked: false,
      touchedAt: deps.now(),
    };
    sittings.set(client, sitting);
    if (before && before.userId !== account.id) deps.tell(client, 'switched');
    return { sessionId: sitting.sessionId, account, locked: false };
  }

  function lock(client: string): void {
    const sitting = sittings.get(client);
    if (!sitting || sitting.locked) return;
    sitting.locked = true;
    deps.tell(client, 'locked');
  }

  function unlock(client: string): void {
    const sitting = sittings.get(client);
    if (!sitting) return;
    sitting.locked = false;
    sitting.touchedAt = deps.now();
  }

  function end(client: string, reason: 'ended'): void {
    if (sittings.delete(client)) deps.tell(client, reason);
  }

  function touch(client: string): void {
    const sitting = sittings.get(client);
    if (sitting && !sitting.locked) sitting.touchedAt = deps.now();
  }

  function anyoneAtWork(): boolean {
    return [...sittings.values()].some((sitting) => !sitting.locked);
  }

  function sweep(): void {
    for (const client of [...sittings.keys()]) at(client);
  }

  function idleTooLong(sitting: Sitting): boolean {
    const idleMs = deps.now() - sitting.touchedAt;
    // a clock set back counts as a sign of life once, not as an endless session
    if (idleMs < 0) sitting.touchedAt = deps.now();
    return !sitting.locked && idleMs >= deps.autoLockMinutes() * 60_000;
  }
}

export const callerOf = ({ sessionId, account }: OpenSession): Caller => ({
  userId: account.id,
  sessionId,
  fullName: account.fullName,
  roles: account.roles,
  permissions: account.permissions,
  wards: account.wards,
});
