// How long an open token stays open.
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { keepSessions } from '../../../../electron/signing/tokens/sessions.ts';
import { ok } from '../../../../shared/api/contract.ts';

let clock = 0;
beforeEach(() => {
  vi.useFakeTimers();
  clock = 1_000_000;
});
afterEach(() => vi.useRealTimers());

function begin(signMs = 0) {
  const closed: string[] = [];
  const ends: string[] = [];
  const sessions = keepSessions<string>({
    idleMs: () => 60_000,
    now: () => clock,
    close: async (key) => void closed.push(key),
  });
  sessions.onEnd((_, why) => ends.push(why));
  const { session } = sessions.add({
    tokenId: 'm:1',
    certificateId: 'c',
    defaultPin: false,
    key: 'k',
    signing: {
      certificate: Buffer.alloc(0),
      chain: [],
      algorithms: ['rsa-pkcs1-sha256'],
      sign: () => new Promise((made) => setTimeout(() => made(ok(Buffer.alloc(1))), signMs)),
    },
  });
  return { sessions, session, closed, ends };
}

/** The clock and the timers together, as they go when nobody touches the clock. */
async function pass(ms: number): Promise<void> {
  clock += ms;
  await vi.advanceTimersByTimeAsync(ms);
}

describe('a session', () => {
  it('ends after the idle limit and closes its key', async () => {
    const { sessions, session, closed, ends } = begin();
    await pass(59_999);
    expect(sessions.key(session)).not.toBe(null);
    await pass(2);
    expect(sessions.key(session)).toBe(null);
    expect([closed, ends]).toEqual([['k'], ['idle']]);
  });

  it('lasts while it is used', async () => {
    const { sessions, session } = begin();
    for (let i = 0; i < 5; i++) {
      await pass(50_000);
      const signing = sessions.key(session)!.sign(Buffer.alloc(1), 'rsa-pkcs1-sha256');
      await vi.advanceTimersByTimeAsync(1);
      expect((await signing).ok).toBe(true);
    }
  });

  it('is not cut off in the middle of a slow signature', async () => {
    const { sessions, session, ends } = begin(90_000);
    const signing = sessions.key(session)!.sign(Buffer.alloc(1), 'rsa-pkcs1-sha256');
    await pass(90_001);
    expect((await signing).ok).toBe(true);
    expect(ends).toEqual([]);
    await pass(60_001);
    expect(ends).toEqual(['idle']);
  });

  it('is over when the PC slept through its limit, whatever the timers think', () => {
    const { sessions, session, ends } = begin();
    clock += 3_600_000;
    expect(sessions.key(session)).toBe(null);
    expect(ends).toEqual(['idle']);
  });

  it('is over in time although the clock was set back', async () => {
    const { ends } = begin();
    clock -= 86_400_000;
    await pass(60_001);
    expect(ends).toEqual(['idle']);
  });

  it('that is over refuses its key to whoever still holds it', async () => {
    const { sessions, session } = begin();
    const key = sessions.key(session)!;
    await sessions.end(session, 'locked');
    expect(await key.sign(Buffer.alloc(1), 'rsa-pkcs1-sha256')).toMatchObject({
      ok: false,
      error: { code: 'token_locked' },
    });
  });
});
