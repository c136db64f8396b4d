// A station that serves as hub in a process of its own, for benchmarks: node hub-process.ts FOLDER PORT [KEY]
// With the key of the store in FOLDER, 64 hex digits, it serves that center; without, plain documents.
// Says `{port, fingerprint, station}` over IPC when it listens; `trust` lets a station in by its fingerprint, `count`
// answers the number of changes it holds.
import { join } from 'node:path';
import { changeStoreOf } from '../../electron/store/change-store.ts';
import { openHub } from '../../electron/sync/hub.ts';
import { openSnapshots } from '../../electron/sync/snapshots.ts';
import { openStation } from './station.ts';

type Asked = { what: 'trust'; fingerprint: string; station: string } | { what: 'count' } | { what: 'stop' };

const [folder = '', port = '0', key] = process.argv.slice(2);
const self = await openStation(key === undefined ? join(folder, 'hub') : folder, {
  tls: true,
  ...(key !== undefined && { center: { key: Buffer.from(key, 'hex') } }),
});
const trusted = new Map<string, string>();
const snapshots = openSnapshots({
  dataDir: folder,
  snapshot: (_store, into) => self.snapshot(into),
  now: Date.now,
  log: () => {},
});
const opened = await openHub({
  ground: self.ground,
  keys: self.keys,
  port: Number(port),
  loopback: true,
  who(fingerprint) {
    const station = trusted.get(fingerprint);
    return station === undefined ? null : { station, revoked: false };
  },
  enrol: () => ({ ok: false, error: { code: 'code_wrong', messageKey: 'error.code_wrong' } }),
  snapshot: (asked, response) => snapshots.serve(self.store, asked, response),
  provinceHeads: () => [],
  provinceLog: () => null,
  changed() {},
  provinceHolds() {},
  asked: async () => new Uint8Array(),
});
if (!opened.ok) throw new Error(opened.error.code);
const hub = opened.value;
self.store.onCommit(() => hub.grew());
process.on('message', (asked: Asked) => void answer(asked));
process.send?.({
  what: 'ready',
  port: hub.port,
  fingerprint: self.ownFingerprint,
  station: self.store.station.id,
});

async function answer(asked: Asked): Promise<void> {
  if (asked.what === 'trust') {
    trusted.set(asked.fingerprint, asked.station);
    process.send?.({ what: 'trust' });
  }
  if (asked.what === 'count') {
    const heads = await changeStoreOf(self.store).heads();
    process.send?.({ what: 'count', count: heads.reduce((n, head) => n + head.seq, 0) });
  }
  if (asked.what === 'stop') {
    await hub.close();
    await snapshots.close();
    await self.close();
    process.exit(0);
  }
}
