// Thirty days of another PC's work come in over the LAN while somebody goes on saving: how long a save takes from the
// moment it is due, with everything that shares its thread.
//   node tests/bench/backlog.ts [--days 30] [--size small]
import { fork } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { allModels } from '../../electron/core.ts';
import { openStore } from '../../electron/store/open.ts';
import type { OpenStore } from '../../electron/store/types.ts';
import { ok } from '../../shared/api/contract.ts';
import { observationRecord } from '../../shared/model/observations.ts';
import { copyOfCenter } from './center.ts';
import { line, timed } from './figures.ts';
import { openStation, type Station } from './station.ts';

const { values: options } = parseArgs({
  options: { days: { type: 'string', default: '30' }, size: { type: 'string', default: 'small' } },
});
const DAY_MS = 86_400_000;
/** A busy ward: somebody saves six times a second. */
const EVERY_MS = 150;
/** How often the thread is looked at. */
const LOOK_MS = 2;

const work = mkdtempSync(join(tmpdir(), 'tram-backlog-'));
try {
  await main();
} finally {
  rmSync(work, { recursive: true, force: true });
}

async function main(): Promise<void> {
  const hubFolder = join(work, 'hub');
  const key = await copyOfCenter(hubFolder, options.size);

  const station = await openStation(join(work, 'ward'), { tls: true, center: { key } });
  const source = openStore({
    path: join(hubFolder, 'record.db'),
    key,
    areas: allModels,
    appVersion: '0.1.0',
  });
  if (!source.ok) throw new Error(source.error.code);
  const behind = giveAllBut(source.value, station.store, Number(options.days) * DAY_MS);
  source.value.close();
  const whole = changesIn(station.store) + behind;
  console.log(`${behind} changes of ${options.days} days wait at the hub; load ${loadavg()[0]?.toFixed(1)}`);

  const hub = fork(join(import.meta.dirname, 'hub-process.ts'), [hubFolder, '0', key.toString('hex')], {
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  const [ready] = await once(hub, 'message');
  hub.send({ what: 'trust', fingerprint: station.ownFingerprint, station: station.store.station.id });
  await once(hub, 'message');
  station.fingerprint = ready.fingerprint;
  station.peer = ready.station;

  let left = 40;
  const idle = await saves(station, () => left-- > 0);
  const written = idle.length;
  const started = performance.now();
  const typing = watchThread();
  await station.connectTo(ready.port);
  let saved = 0;
  const isBehind = (): boolean => changesIn(station.store) < whole + written + saved++;
  const busy = await saves(station, isBehind);
  const seconds = (performance.now() - started) / 1000;
  const { held, worked } = typing.stop();
  console.log(`load ${loadavg()[0]?.toFixed(1)}`);
  console.log(`${behind} changes taken in within ${seconds.toFixed(1)} s, ${Math.round(behind / seconds)}/s`);
  const figures = [
    timed('save before the backlog', idle, 99, 50),
    timed('save while the backlog comes in', busy, 99, 50),
    timed('thread held while the backlog comes in', held, 99.9, 50),
    timed('– by its own work, others on this PC left out', worked, 99.9, 50),
  ];
  for (const figure of figures) console.log(line(figure));
  await station.close();
  hub.send({ what: 'stop' });
  await once(hub, 'exit');
  if (figures.some(({ value, budget }) => budget !== null && value > budget)) process.exitCode = 1;
}

/** Saves until told to stop; ms from when each was due to when it was on the disk. */
async function saves(station: Station, more: () => boolean): Promise<number[]> {
  const { store } = station;
  const admissions = store.sql
    .prepare<[], { id: string; patient: string }>(
      "select id, patient_id as patient from admission where status = 'admitted' limit 50",
    )
    .all();
  const waits: number[] = [];
  const author = { userId: randomUUID(), sessionId: randomUUID() };
  for (let due = performance.now() + EVERY_MS; more(); due += EVERY_MS) {
    await new Promise((later) => setTimeout(later, Math.max(0, due - performance.now())));
    const stay = admissions[waits.length % admissions.length];
    if (!stay) throw new Error('nobody is in a bed');
    const written = store.write(author, (tx) => {
      tx.append(observationRecord, {
        id: randomUUID(),
        patient: stay.patient,
        refs: [`admission:${stay.id}`],
        body: observationRecord.body.parse({
          admission: stay.id,
          at: Date.now(),
          scale: 1,
          pregnant: false,
          table: 'bench',
          pulse: 80,
        }),
      });
      return ok(null);
    });
    if (!written.ok) throw new Error(written.error.code);
    waits.push(performance.now() - due);
    // one that is late does not make the next ones late
    due = Math.max(due, performance.now() - EVERY_MS);
  }
  return waits;
}

/** Own ones and others'. Asked instead of whether a session is done: with a save on its way it never quite is. */
function changesIn(store: OpenStore): number {
  return store.feeds().reduce((n, feed) => n + feed.seq, 0);
}

/** How long each turn of this thread's loop kept everything else waiting, ms; a key pressed waits as long at most. */
function watchThread(): { stop(): { held: number[]; worked: number[] } } {
  const held: number[] = [];
  const worked: number[] = [];
  let last = performance.now();
  let cpu = process.threadCpuUsage();
  const timer = setInterval(() => {
    const now = performance.now();
    held.push(now - last);
    last = now;
    const { user, system } = process.threadCpuUsage(cpu);
    worked.push((user + system) / 1000);
    cpu = process.threadCpuUsage();
  }, LOOK_MS);
  return {
    stop() {
      clearInterval(timer);
      return { held, worked };
    },
  };
}

/** Everything the first holds but for the last days; answers how many changes are left. */
function giveAllBut(from: OpenStore, to: OpenStore, lastMs: number): number {
  const last = from.sql.prepare<[], number>('select max(wall) from change_log').pluck().get() ?? 0;
  const left = from.sql
    .prepare<[number], { station: string; incarnation: number; lane: number; seq: number }>(
      `select f.station, f.incarnation, f.lane, count(*) as seq from change_log l join feed f on f.id = l.feed
       where l.wall <= ? group by f.id order by f.lane`,
    )
    .all(last - lastMs);
  let given = 0;
  for (const feed of left)
    for (let seq = 0; seq < feed.seq; ) {
      const batch = from.storedAfter(feed, seq, Math.min(20_000, feed.seq - seq));
      const report = to.ingest(batch);
      if (!report.ok) throw new Error(report.error.code);
      seq += batch.length;
      given += batch.length;
    }
  return changesIn(from) - given;
}
