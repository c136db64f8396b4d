// A new PC gets the whole record from a hub on this PC's loopback: how long each part takes, in the order in which it
// happens, and how many bytes go over the line.
//   node tests/bench/seed.ts [--size small]
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { allModels } from '../../electron/core.ts';
import { makeStationIdentity } from '../../electron/station/certificate.ts';
import { randomKey, sha256Hex } from '../../electron/store/crypto.ts';
import { adoptSnapshot } from '../../electron/store/snapshot.ts';
import { recordTables } from '../../electron/store/snapshot-copy.ts';
import { DEADLINES, dial } from '../../electron/sync/line.ts';
import { fetchSnapshot, type Progress } from '../../electron/sync/snapshots.ts';
import { derOf } from '../../shared/sync/certificate.ts';
import { copyOfCenter } from './center.ts';

const { values: options } = parseArgs({ options: { size: { type: 'string', default: 'small' } } });
const work = mkdtempSync(join(tmpdir(), 'tram-seed-'));
try {
  await main();
} finally {
  rmSync(work, { recursive: true, force: true });
}

async function main(): Promise<void> {
  const hubFolder = join(work, 'hub');
  const key = await copyOfCenter(hubFolder, options.size);
  const hub = fork(join(import.meta.dirname, 'hub-process.ts'), [hubFolder, '0', key.toString('hex')], {
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  const [ready] = await once(hub, 'message');
  const id = randomKey(16).toString('hex');
  const keys = await makeStationIdentity({
    id,
    name: 'Máy mới',
    centerName: 'Trung tâm đo',
    now: Date.now(),
  });
  const own = sha256Hex(derOf(keys.certificatePem) ?? new Uint8Array());
  hub.send({ what: 'trust', fingerprint: own, station: id });
  await once(hub, 'message');

  const progress: Progress = { sha256: null, doneBytes: 0, totalBytes: null };
  const started = performance.now();
  let firstByte = 0;
  const address = { host: '127.0.0.1', port: ready.port, plain: false };
  const dialled = await dial({
    address,
    keys,
    trusts: (fingerprint) => fingerprint === ready.fingerprint,
    expected: null,
    tickets: new Map(),
    deadlines: DEADLINES,
    signal: AbortSignal.timeout(1_800_000),
  });
  if (!dialled.ok) throw new Error(dialled.end.code);
  const { socket } = dialled.value;
  const fetched = await fetchSnapshot({
    trusted: dialled.value,
    address,
    folder: join(work, 'new'),
    progress,
    signal: AbortSignal.timeout(1_800_000),
    changed() {
      firstByte ||= performance.now();
    },
  });
  if (!fetched.ok || !fetched.value) throw new Error('no snapshot came');
  const came = performance.now();
  const onTheLine = socket.bytesRead;
  const file = statSync(fetched.value.path).size;
  const adopted = adoptSnapshot({
    snapshot: fetched.value,
    storePath: join(work, 'new', 'record.db'),
    storeKey: randomKey(),
    station: id,
    tables: recordTables(allModels),
  });
  if (!adopted.ok) throw new Error(adopted.error.code);
  const done = performance.now();

  const say = (what: string, ms: number, more = ''): void =>
    console.log(`${what.padEnd(34)}${(ms / 1000).toFixed(1).padStart(7)} s  ${more}`);
  const lan = (bytes: number): string => `${((bytes * 8) / 100e6).toFixed(0)} s at 100 Mbit/s`;
  console.log(`a file of ${(file / 1e6).toFixed(0)} MB; load ${loadavg()[0]?.toFixed(1)}`);
  say('made by the hub', firstByte - started);
  say(
    'sent, received, hashed',
    came - firstByte,
    `${(onTheLine / 1e6).toFixed(1)} MB on the line, ${(file / onTheLine).toFixed(2)} times less: ${lan(onTheLine)}, else ${lan(file)}`,
  );
  say('made its own by the new PC', done - came);
  say('in all', done - started);
  hub.send({ what: 'stop' });
  await once(hub, 'exit');
}
