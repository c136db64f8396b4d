// When a place is called again.
import { expect, it, vi } from 'vitest';
import { call } from '../../../electron/sync/call.ts';
import { type CallerParts, keepCalling } from '../../../electron/sync/caller.ts';

vi.mock(import('../../../electron/sync/call.ts'), async (original) => ({
  ...(await original()),
  call: vi.fn(),
}));

it('does not call a place without end that never leads to a session', async () => {
  // as one would that claims at each meeting to know more of this PC than this PC does
  vi.mocked(call).mockImplementation(async () => {
    await new Promise((resolve) => setTimeout(resolve, 1));
    return { code: 'closed', lastedMs: null, again: 'now', post: false };
  });
  const caller = keepCalling({
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
  expect(vi.mocked(call).mock.calls.length).toBeGreaterThan(3);
  expect(vi.mocked(call).mock.calls.length).toBeLessThan(8);
});
