// This program as a peer of a sync benchmark kit: `bench.mjs --peer tram --peer-module tests/bench/peer.mjs`.
// Store, protocol, line and server are the program's own. TRAM_BENCH_AS: `plain` and `tls` are a station and the
// province, `hub` is a station and another one that serves it, over TLS as always between stations.
import { fork } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { documentIn, documentsIn, editDocuments, putDocuments } from './documents.ts';
import { newCenterId, openStation } from './station.ts';

const version = JSON.parse(readFileSync(join(import.meta.dirname, '../../package.json'), 'utf8')).version;

export default function make() {
  const as = process.env.TRAM_BENCH_AS ?? 'plain';
  const tls = as !== 'plain';
  const stations = new Map();
  const centerId = newCenterId();
  let server = null;
  let direct = null;

  const ask = (what, more = {}) =>
    new Promise((answered) => {
      const hear = (message) => {
        if (message.what !== what) return;
        server.off('message', hear);
        answered(message);
      };
      server.on('message', hear);
      server.send({ what, ...more });
    });
  const station = async (dir) => {
    const there = stations.get(dir);
    if (there) return there;
    const opened = await openStation(dir, { tls });
    stations.set(dir, opened);
    if (as === 'tls') await opened.enrol(direct.port, (await ask('code')).code, centerId);
    if (as === 'hub') {
      opened.fingerprint = direct.fingerprint;
      opened.peer = direct.station;
      await ask('trust', { fingerprint: opened.ownFingerprint, station: opened.store.station.id });
    }
    return opened;
  };
  const until = async (condition, signal) => {
    while (!condition()) {
      if (signal?.aborted) throw new Error('cap');
      await new Promise((later) => setTimeout(later, 2));
    }
  };

  return {
    name: as === 'plain' ? 'tram' : `tram-${as}`,
    unit: 'change (fields of one document)',
    versions: () => ({ tram: version, node: process.version }),
    counters() {
      const all = [...stations.values()].map((one) => one.counts());
      return {
        requests: all.reduce((n, one) => n + one.sessions, 0),
        errors: all.reduce((n, one) => n + one.failures, 0),
      };
    },
    async start(dir, port) {
      const [program, ...more] = as === 'hub' ? ['hub-process.ts'] : ['province-process.ts', as];
      server = fork(join(import.meta.dirname, program), [dir, String(port), ...more], {
        stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
      });
      const ready = await new Promise((listening, failed) => {
        server.once('message', listening);
        server.once('exit', () => failed(new Error('the province did not start')));
      });
      direct = ready;
      return ready.port;
    },
    async stop() {
      for (const one of stations.values()) await one.close();
      const gone = new Promise((exited) => server.once('exit', exited));
      server.send({ what: 'stop' });
      await gone;
    },
    async seed(dir, docs) {
      putDocuments((await station(dir)).store, docs);
    },
    async edit(dir, list) {
      editDocuments((await station(dir)).store, list);
    },
    async push(dir, port, signal) {
      const one = await station(dir);
      await one.connectTo(port);
      await until(() => one.sent() && one.current(), signal);
      return { ok: true };
    },
    async pull(dir, port, signal) {
      const one = await station(dir);
      await one.connectTo(port);
      await until(() => one.current(), signal);
      return { ok: true };
    },
    async live(dirA, portA, dirB, portB) {
      const [a, b] = [await station(dirA), await station(dirB)];
      await Promise.all([a.connectTo(portA), b.connectTo(portB)]);
      await until(() => a.current() && b.current());
      return {
        async has(edit) {
          const found = documentIn(b.store, edit._id);
          return found !== null && Object.entries(edit.set).every(([field, value]) => found[field] === value);
        },
        async stop() {},
      };
    },
    serverCount: async () => (await ask('count')).count,
    clientDocs: async (dir) => documentsIn((await station(dir)).store),
  };
}
