// Remembers for a few seconds how to take a command back. Undoing appends the opposite changes; nothing is erased.
import { randomUUID } from 'node:crypto';
import { fail, ok, type Result } from '../../shared/api/contract.ts';
import type { Caller, Context, HandlersOf } from '../store/room.ts';

/** What the page counts down, and what the last click may take to arrive. */
const shownMs = 8_000;
const graceMs = 2_000;

export interface UndoRegistry {
  register(caller: Caller, action: (ctx: Context) => Result<unknown>): string;
  readonly handlers: HandlersOf<'undo.apply'>;
}

interface Entry {
  readonly sessionId: string;
  readonly until: number;
  readonly action: (ctx: Context) => Result<unknown>;
}

export function openUndo(now: () => number): UndoRegistry {
  const entries = new Map<string, Entry>();
  return {
    register(caller, action) {
      dropOld();
      const token = randomUUID();
      entries.set(token, { sessionId: caller.sessionId, until: now() + shownMs + graceMs, action });
      return token;
    },
    handlers: {
      'undo.apply': ({ undo }, ctx) => {
        dropOld();
        const entry = entries.get(undo);
        // another person's token is as unknown as a spent one
        if (!entry || entry.sessionId !== ctx.caller.sessionId) return fail('undo_expired');
        entries.delete(undo);
        const done = entry.action(ctx);
        return done.ok ? ok({}) : done;
      },
    },
  };

  function dropOld(): void {
    for (const [token, entry] of entries) if (entry.until < now()) entries.delete(token);
  }
}
