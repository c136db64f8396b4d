// Whole cores that talk over real TLS on this PC; addresses are given, nobody listens to the LAN.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { SyncOptions } from '../../../electron/sync/open.ts';
import { TUNING } from '../../../electron/sync/running.ts';
import { type Province, startProvince } from '../../../province/index.ts';
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
export const realClock = () => ({
  sync: lan,
  now: Date.now,
  uptimeMs: () => performance.now(),
  // snapshots are made and adopted in a thread, as in the program
  upkeepWorker: join(import.meta.dirname, '../../../electron/store/upkeep-worker.ts'),
});

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

export async function provinceFor(
  centerName: string,
): Promise<{ province: Province; code: string; address: string }> {
  const folder = mkdtempSync(join(tmpdir(), 'tram-province-'));
  const province = await startProvince({
    folder,
    name: 'Sở Y tế Thử Nghiệm',
    listen: { host: '127.0.0.1', port: 0 },
  });
  onTestFinished(async () => {
    await province.close();
    rmSync(folder, { recursive: true, force: true });
  });
  const code = await codeOf(province, centerName);
  return { province, code, address: `127.0.0.1:${province.port}` };
}

export async function codeOf(province: Province, name: string): Promise<string> {
  const known = (await province.admin.centers()).find((center) => center.name === name);
  const made =
    known ??
    (await province.admin
      .createCenter('admin', { name, facilityCode: null, provinceCode: '40' })
      .then((r) => (r.ok ? r.value : null)));
  const code = made && (await province.admin.createCode('admin', made.center));
  if (!code?.ok) throw new Error('no code');
  return code.value.code;
}
