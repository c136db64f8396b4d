// When a place is called again.
import { expect, it } from 'vitest';
import { type CallerParts, keepCalling } from '../../../electron/sync/caller.ts';

it('does not call a place without end that never leads to a session', async () => {
  // as one would that claims at each meeting to know more of this PC than this PC does
  let calls = 0;
  const caller = keepCalling({
    async call() {
      calls += 1;
      await new Promise((resolve) => setTimeout(resolve, 1));
      return { code: 'closed', lastedMs: null, again: 'now', post: false };
    },
    addresses: () => [{ host: '127.0.0.1', port: 1, plain: false }],
    expected: () => null,
    mode: () => 'both',
    changed() {},
    random: () => 1,
    waits: { firstMs: 100, mostMs: 60_000, goodMs: 5_000, pollMs: 30_000 },
    ground: { now: Date.now, log() {} },
  } as unknown as CallerParts);
  await new Promise((resolve) => setTimeout(resolve, 350));
  await caller.close();
  expect(calls).toBeGreaterThan(3);
  expect(calls).toBeLessThan(8);
});
