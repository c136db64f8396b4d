// A PC of a center in a process of its own: real encrypted store, real sync room, TLS. node station-process.ts SETTINGS
// Says `saved KIND TOKEN;` after each commit and `held FEED NUMBER;` whenever people are shown that the province holds
// more. Can be made to die at named moments, put in here around the store; the program knows nothing of them.
import { randomUUID } from 'node:crypto';
import { EventEmitter } from 'node:events';
import { existsSync, mkdirSync, readFileSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import type multicastDns from 'multicast-dns';
import { changeStoreOf } from '../../../electron/store/change-store.ts';
import { sha256 } from '../../../electron/store/crypto.ts';
import { tableDigest } from '../../../electron/store/digest.ts';
import type { OpenStore } from '../../../electron/store/types.ts';
import { openSync } from '../../../electron/sync/index.ts';
import { ok, type Result } from '../../../shared/api/contract.ts';
import { vectorDigest } from '../../../shared/sync/vector.ts';
import { samplePc } from '../../integration/sync-net/sample-pc.ts';
import { nobody, projectedTables, thingEdit, thingNote, thingOpen } from '../../unit/store/sample-area.ts';
import type {
  StationCheck,
  StationFacts,
  StationPoint,
  StationQuestion,
  StationSettings,
} from './station.ts';

const settings: StationSettings = JSON.parse(process.argv[2] ?? '{}');
const { dataDir } = settings;
mkdirSync(dataDir, { recursive: true });
const identityPath = join(dataDir, 'identity.json');
let armed: { point: StationPoint; nth: number } | null = null;

const made = samplePc({
  dataDir,
  path: join(dataDir, 'record.db'),
  now: Date.now,
  log: (level, message, detail) => {
    if (level === 'error' || process.env.SHOW) console.error(settings.name, level, message, detail);
  },
  over: mortal,
  became: (identity) => writeFileSync(identityPath, JSON.stringify(identity)),
  opened: (store) => sync.attach(store),
});
const sync = openSync(made.needs, {
  tuning: {
    waits: { firstMs: 20, mostMs: 500, goodMs: 1_000, pollMs: 200 },
    watchMs: 600_000,
    port: settings.port,
  },
  multicast: silence,
});
await open();
setInterval(tellHeld, 10);
process.on('message', (question: StationQuestion & { ask: number }) => {
  void answer(question).then(
    (value) => process.send?.({ ask: question.ask, value: value ?? null }),
    (error: unknown) => process.send?.({ ask: question.ask, error: String(error) }),
  );
});
process.on('disconnect', () => process.exit(0));
process.send?.('ready');

async function open(): Promise<void> {
  if (existsSync(identityPath)) made.open(JSON.parse(readFileSync(identityPath, 'utf8')));
  else if (settings.founds) await made.found(settings.name);
}

// --- what it is asked ---

async function answer(question: StationQuestion): Promise<unknown> {
  switch (question.what) {
    case 'work':
      return work(question.actions, question.shared);
    case 'invite':
      return worth(await sync.invite()).code;
    case 'serve':
      return worth(await sync.saveHub({ serving: true }));
    case 'enrol':
      return worth(await sync.enrol(nobody, question.address, question.code));
    case 'join':
      return worth(
        await sync.join({ address: question.address, code: question.code, stationName: settings.name }),
      );
    case 'revoke':
      return worth(sync.revokeStation(nobody, question.station, 'mất máy'));
    case 'facts':
      return lookAtFacts();
    case 'heads':
      return changeStoreOf(opened()).heads();
    case 'check':
      return check();
    case 'arm':
      armed = { point: question.point, nth: question.nth };
      return null;
    case 'close':
      await sync.close();
      if (made.store()?.sql.open) made.store()?.close();
      setImmediate(() => process.exit(0));
      return null;
  }
}

/** People work: each action is told only once it is saved. */
async function work(actions: number, shared: readonly string[]): Promise<readonly string[]> {
  const made: string[] = [];
  for (let n = 0; n < actions; n++) {
    const token = randomUUID();
    const kind = n % 3 === 0 ? 'thing' : n % 3 === 1 ? 'note' : 'edit';
    const on = kind === 'edit' ? (shared[n % shared.length] ?? made[0]) : null;
    const saved = opened().write(nobody, (tx) => {
      if (kind === 'thing')
        tx.append(thingOpen, { id: token, body: { name: `Vật ${token}`, place: `chỗ ${n % 7}` } });
      else if (kind === 'note') tx.append(thingNote, { id: token, body: { text: `ghi chú ${token}` } });
      else if (on) tx.append(thingEdit, { id: on, body: { set: { colour: token }, saw: {} } });
      return ok(null);
    });
    if (!saved.ok) return fall(`not saved: ${saved.error.code}`);
    writeSync(1, `saved ${kind} ${token};\n`);
    if (kind === 'thing') made.push(token);
    reached('after commit, before it is sent');
    if (n % 4 === 3) await new Promise((resolve) => setImmediate(resolve));
  }
  return made;
}

async function lookAtFacts(): Promise<StationFacts> {
  const now = sync.facts();
  const store = made.store();
  const held = now.held.province;
  return {
    id: store?.station.id ?? '',
    incarnation: store?.station.incarnation ?? 0,
    joining: sync.joining(),
    peers: now.peers.map(({ id, state, end, caughtUp, lastVerifiedAt }) => ({
      id,
      state,
      end,
      caughtUp,
      verified: lastVerifiedAt !== null,
    })),
    waiting: now.waiting.reduce((n, lane) => n + lane.count, 0),
    sent:
      store
        ?.feeds()
        .every((f) => !f.own || (held.get(`${f.station}.${f.incarnation}.${f.lane}`) ?? 0) >= f.seq) ?? false,
    revoked: now.revoked,
    statesDiffer: now.statesDiffer !== null,
  };
}

async function check(): Promise<StationCheck> {
  const of = opened();
  const faults: string[] = [];
  const log = of.verifyLog();
  if (!log.ok) faults.push(`log: ${log.detail}`);
  const file = of.integrityCheck();
  if (!file.ok) faults.push(`file: ${file.detail}`);
  const tables = tableDigest(of.sql, projectedTables);
  const state = of.stateDigest();
  worth(of.rebuild());
  if (JSON.stringify(tableDigest(of.sql, projectedTables)) !== JSON.stringify(tables))
    faults.push('a rebuild shows other tables');
  return {
    vector: vectorDigest(await changeStoreOf(of).heads(), sha256),
    tables,
    state,
    faults,
    effects: effectsOf(of),
  };
}

function effectsOf(of: OpenStore): Record<string, number> {
  const effects: Record<string, number> = {};
  const count = (token: unknown): void => {
    if (typeof token === 'string') effects[token] = (effects[token] ?? 0) + 1;
  };
  const ids = (table: string): string[] =>
    of.sql.prepare<[], string>(`select id from ${table}`).pluck().all();
  for (const id of ids('sample_thing'))
    for (const change of of.changesOf('thing', id))
      if (change.kind === thingOpen.kind) count(id);
      else if ('set' in change.body && change.body.set && typeof change.body.set === 'object')
        count('colour' in change.body.set ? change.body.set.colour : null);
  for (const id of ids('sample_note')) for (const _ of of.changesOf('note', id)) count(id);
  return effects;
}

const told = new Map<string, number>();
/** What a person looking at the screen could see now. */
function tellHeld(): void {
  if (!made.store()?.sql.open) return;
  for (const [feed, seq] of sync.facts().held.province)
    if ((told.get(feed) ?? 0) < seq) {
      told.set(feed, seq);
      writeSync(1, `held ${feed} ${seq};\n`);
    }
}

// --- where it can die ---

function reached(point: StationPoint): void {
  if (armed?.point !== point || --armed.nth > 0) return;
  process.kill(process.pid, 'SIGKILL');
}

function mortal(made: OpenStore): OpenStore {
  const unheard: (() => void)[] = [];
  const over: Partial<OpenStore> = {
    onCommit: (listener) =>
      made.onCommit((touched) => {
        // whoever would send it does not hear of it any more
        if (armed?.point === 'after commit, before it is sent') unheard.push(() => listener(touched));
        else {
          for (const late of unheard.splice(0)) late();
          listener(touched);
        }
      }),
    take(runs, options) {
      reached('after receiving, before the commit');
      const taken = made.take(runs, {
        ...options,
        also(sql, report) {
          options.also?.(sql, report);
          reached('in the transaction that takes in');
        },
      });
      reached('after the commit, before it is acknowledged');
      return taken;
    },
    displace(feed, fromSeq) {
      reached('before a branch is set aside');
      if (armed?.point === 'while a branch is set aside') {
        made.sql.function('torture_die', () => {
          reached('while a branch is set aside');
          return null;
        });
        made.sql.exec(
          'create temp trigger torture after insert on main.change_log begin select torture_die(); end',
        );
      }
      const done = made.displace(feed, fromSeq);
      reached('after a branch was set aside');
      return done;
    },
    newIncarnation(shown) {
      const begun = made.newIncarnation(shown);
      reached('after a new incarnation began');
      return begun;
    },
  };
  return new Proxy(made, {
    get: (target, name) => Reflect.get(over, name) ?? Reflect.get(target, name),
  });
}

function opened(): OpenStore {
  return made.store() ?? fall('no store yet');
}

function worth<T>(result: Result<T>): T {
  return result.ok ? result.value : fall(result.error.code);
}

function fall(why: string): never {
  throw new Error(why);
}

function silence(): ReturnType<typeof multicastDns> {
  const card = Object.assign(new EventEmitter(), {
    query() {},
    respond() {},
    destroy: (done?: () => void) => done?.(),
  });
  return card as unknown as ReturnType<typeof multicastDns>;
}
