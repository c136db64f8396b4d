// Whole cores that talk over real TLS on this PC; addresses are given, nobody listens to the LAN.
import type { SyncOptions } from '../../../electron/sync/open.ts';
import { TUNING } from '../../../electron/sync/running.ts';
import type { TestCore } from '../../unit/support/open-test-core.ts';

/** Nobody hears anybody: addresses are typed. */
const deaf = (() => ({
  on() {},
  once() {},
  query() {},
  respond() {},
  destroy: (done?: () => void) => done?.(),
})) as unknown as NonNullable<SyncOptions['multicast']>;
const lan: SyncOptions = {
  multicast: deaf,
  tuning: { ...TUNING, port: 0, watchMs: 200 },
};
export const realClock = () => ({ sync: lan, now: Date.now, uptimeMs: () => performance.now() });

export async function until<T>(
  what: string,
  look: () => Promise<T>,
  good: (seen: T) => boolean,
  ms = 30_000,
): Promise<T> {
  const end = Date.now() + ms;
  for (;;) {
    const seen = await look();
    if (good(seen)) return seen;
    if (Date.now() > end) throw new Error(`${what}: ${JSON.stringify(seen)}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
export const joined = (pc: TestCore) =>
  until(
    'joining',
    () => pc.ok('p', 'sync.joining', {}),
    ({ state }) => state === 'ready' || state === 'failed',
  );
