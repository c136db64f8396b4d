// The store of a test's center opened beside its program, once that has been closed: for what no page may see.
import { join } from 'node:path';
import { allModels } from '../../../electron/core.ts';
import { type Blobs, blobsOf } from '../../../electron/store/blobs.ts';
import { unwrapByRecovery } from '../../../electron/store/keyring.ts';
import { openStore } from '../../../electron/store/open.ts';
import type { OpenStore } from '../../../electron/store/types.ts';
import type { TestCore } from './open-test-core.ts';

/** The program is closed for good. */
export async function openedStore<T>(
  center: TestCore & { readonly recoveryKey: string },
  work: (store: OpenStore, blobs: Blobs) => T | Promise<T>,
): Promise<T> {
  await center.core.close();
  const key = unwrapByRecovery(join(center.dataDir, 'keyring.json'), center.recoveryKey);
  if (!key.ok) throw new Error(key.error.code);
  const opened = openStore({
    path: join(center.dataDir, 'record.db'),
    key: key.value.key,
    areas: allModels,
    appVersion: '0.0.0-test',
    now: () => center.clock.now,
    uptimeMs: () => center.clock.now,
  });
  if (!opened.ok) throw new Error(opened.error.code);
  try {
    return await work(opened.value, blobsOf(opened.value));
  } finally {
    if (opened.value.sql.open) opened.value.close();
  }
}
