// A province in a process of its own that can be made to die at a named moment: node province-process.ts SETTINGS
// Answers questions over IPC. The moments are put in here, around the database; the province knows nothing of them.
import { PGlite } from '@electric-sql/pglite';
import pg from 'pg';
import { startProvince } from '../../../province/index.ts';
import type { ProvincePoint, ProvinceQuestion, ProvinceSettings } from './province.ts';

const settings: ProvinceSettings = JSON.parse(process.argv[2] ?? '{}');
let armed: { point: ProvincePoint; nth: number } | null = null;
dieAround(PGlite.prototype);
dieAroundCommits();

const province = await startProvince({
  folder: settings.folder,
  ...(settings.databaseUrl !== undefined && { databaseUrl: settings.databaseUrl }),
  listen: { host: '127.0.0.1', port: settings.port },
  ...(settings.plainPort !== undefined && { plain: { port: settings.plainPort } }),
  page: { host: '127.0.0.1', port: settings.pagePort ?? 0 },
  ...(settings.limits && { limits: settings.limits }),
  log: (level, event, facts) => {
    if (level === 'error' || process.env.SHOW) console.error(level, event, JSON.stringify(facts));
  },
});
process.on('message', (question: ProvinceQuestion & { ask: number }) => {
  void answer(question).then(
    (value) => process.send?.({ ask: question.ask, value: value ?? null }),
    (error: unknown) => process.send?.({ ask: question.ask, error: String(error) }),
  );
});
// whoever started it is gone
process.on('disconnect', () => process.exit(0));
process.send?.({
  ready: {
    port: province.port,
    plainPort: province.plainPort,
    pagePort: province.pagePort,
    fingerprint: province.fingerprint,
  },
});

async function answer(question: ProvinceQuestion): Promise<unknown> {
  switch (question.what) {
    case 'center': {
      const made = await province.admin.createCenter('torture', {
        name: 'Trung tâm thử',
        facilityCode: null,
        provinceCode: '01',
      });
      if (!made.ok) throw new Error(made.error.code);
      return made.value.center;
    }
    case 'code': {
      const made = await province.admin.createCode('torture', question.center);
      if (!made.ok) throw new Error(made.error.code);
      return made.value.code;
    }
    case 'heads':
      return province.storeOf(question.center).heads();
    case 'hashesAt':
      return province.storeOf(question.center).hashesAt(question.feed, question.seqs);
    case 'facts':
      return province.facts();
    case 'quarantined':
      return (await province.admin.quarantined(question.center, 100)).length;
    case 'sealed':
      return province.admin.sealed(question.center);
    case 'revoke':
      return province.admin.revokeStation('torture', question.station, 'mất máy');
    case 'release':
      return province.admin.releaseSealed('torture', question.station);
    case 'memory':
      return { rss: process.memoryUsage().rss, maxRss: process.resourceUsage().maxRSS * 1024 };
    case 'arm':
      armed = { point: question.point, nth: question.nth };
      return null;
    case 'stop':
      await province.close();
      setImmediate(() => process.exit(0));
      return null;
  }
}

function reached(point: ProvincePoint): void {
  if (armed?.point !== point || --armed.nth > 0) return;
  process.kill(process.pid, 'SIGKILL');
}

/** Only transactions that make a log longer. */
function isAppend(text: unknown): boolean {
  return typeof text === 'string' && text.includes('insert into change_log');
}

function dieAround(prototype: PGlite): void {
  const transaction = prototype.transaction;
  prototype.transaction = async function (this: PGlite, work) {
    let appends = false;
    const done = await transaction.call(this, async (tx) => {
      const query = tx.query.bind(tx);
      tx.query = (text: string, ...rest) => {
        if (isAppend(text)) {
          appends = true;
          reached('before append');
        }
        return query(text, ...rest);
      };
      const answered = await work(tx);
      if (appends) reached('before commit');
      return answered;
    });
    if (appends) reached('after commit');
    return done as never;
  } as PGlite['transaction'];
}

function dieAroundCommits(): void {
  const query = pg.Client.prototype.query;
  const appending = new WeakSet<pg.Client>();
  pg.Client.prototype.query = function (this: pg.Client, ...args: unknown[]) {
    const first = args[0];
    const text =
      typeof first === 'string'
        ? first
        : first && typeof first === 'object' && 'text' in first
          ? first.text
          : '';
    if (isAppend(text)) {
      appending.add(this);
      reached('before append');
    }
    const commits = text === 'commit' && appending.has(this);
    if (commits) reached('before commit');
    const answered = Reflect.apply(query, this, args);
    if (!commits) return answered;
    appending.delete(this);
    return Promise.resolve(answered).then((value) => {
      reached('after commit');
      return value;
    });
  } as typeof query;
}
