// Nothing a page can send may crash the core, write when it answers an error, or answer without a clear reason.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Database, Statement } from 'better-sqlite3';
import { afterAll, beforeAll, expect, it } from 'vitest';
import * as z from 'zod';
import { allModels, type Core, openCore } from '../../electron/core.ts';
import { connect } from '../../electron/store/connection.ts';
import { unwrapByPassword } from '../../electron/store/keyring.ts';
import { openStore } from '../../electron/store/open.ts';
import { TRAINING_PASSWORD, trainingStaff } from '../../electron/training/center.ts';
import { createTrainingCenter } from '../../electron/training/create.ts';
import { seededRandom } from '../../electron/training/random.ts';
import type { Result } from '../../shared/api/contract.ts';
import { errorCodes } from '../../shared/api/errors.ts';
import { contract, type Method } from '../../shared/api/index.ts';
import { hostileInput, type Schema } from './hostile-values.ts';

const CASES = Number(process.env.TRAM_TORTURE_CASES ?? 5_000);
const seed = Number(process.env.TRAM_TORTURE_SEED ?? 20261122);

const folder = mkdtempSync(join(tmpdir(), 'tram-hostile-'));
const dataDir = join(folder, 'center');
const logged: string[] = [];
let core: Core;
let watcher: Database | undefined;
let arrivals: Statement<[], number> | undefined;

beforeAll(async () => {
  const options = { dataDir, appVersion: 'test', now: Date.now(), log: () => {} };
  const made = await createTrainingCenter({ ...options, people: 150, days: 2, freeBeds: 60 });
  expect(made).toMatchObject({ ok: true });
  core = await openCore({
    dataDir,
    mode: 'training',
    appVersion: 'test',
    log: (level, message, detail) => level === 'error' && logged.push(`${message} ${JSON.stringify(detail)}`),
  });
  watcher = connect(join(dataDir, 'record.db'), await storeKey(), { readonly: true });
  arrivals = watcher.prepare<[], number>('select max(arrival) from change_log').pluck();
}, 120_000);

afterAll(async () => {
  watcher?.close();
  await core?.close();
  rmSync(folder, { recursive: true, force: true });
});

/** Each role knocks from a page of its own; a stranger from one without a login. */
const knockers = [
  'stranger',
  ...trainingStaff.filter((s) => s.featured !== undefined).map((s) => s.username),
];

/** Would change who is logged in, need seconds of key derivation each, or write files where the case says. */
const notTried = new Set<string>([
  'access.login',
  'access.loginWithPin',
  'access.lock',
  'access.unlock',
  'access.logout',
  'access.changePassword',
  'access.setPin',
  'access.resetPassword',
  'access.createUser',
  'access.updateUser',
  'station.backup',
  'station.saveSettings',
  'station.newRecoveryKey',
  'station.recover',
  'station.check',
]);

it(
  `answers ${CASES} hostile calls with a clear error or a valid result, and writes nothing on an error`,
  async () => {
    for (const username of knockers.slice(1))
      expect(
        await core.invoke(username, 'access.login', { username, password: TRAINING_PASSWORD }),
      ).toMatchObject({
        ok: true,
      });
    const random = seededRandom(seed);
    const methods = Object.keys(contract).filter((m) => !notTried.has(m)) as Method[];
    const schemas = new Map(methods.map((m) => [m, schemaOf(m)]));
    const ids = await knownIds();
    const unknown = [
      '',
      'x',
      '__proto__',
      'constructor',
      'toString',
      'patients.search ',
      'patients',
      'a'.repeat(10_000),
    ];
    const codes = new Map<string, number>();
    let before = written();

    for (let i = 0; i < CASES; i += 1) {
      const who = random.pick(knockers);
      const method = random.chance(0.04) ? random.pick(unknown) : random.pick(methods);
      const input = hostileInput(random, schemas.get(method as Method) ?? {}, ids);
      const about = `case ${i} of seed ${seed}: ${who} ${method} ${describeInput(input)}`;
      const answer = await core.invoke(who, method, input);
      expect(typeof answer.ok, about).toBe('boolean');
      codes.set(
        answer.ok ? 'ok' : answer.error.code,
        (codes.get(answer.ok ? 'ok' : answer.error.code) ?? 0) + 1,
      );
      if (!answer.ok) {
        expect(errorCodes, about).toContain(answer.error.code);
        expect(answer.error.code, `${about}\n${logged.at(-1)}`).not.toBe('internal');
        expect(answer.error.messageKey, about).toMatch(/^[a-z]+\.[a-zA-Z0-9_.]+$/);
        expect(JSON.stringify(answer.error), about).not.toMatch(/\bat .+:\d+:\d+/);
        expect(written(), about).toBe(before);
      } else before = written();
    }
    expect(logged).toEqual([]);
    // the cases must have reached past the door, not only been turned away at it
    expect(codes.get('ok') ?? 0).toBeGreaterThan(CASES * 0.05);
    expect(codes.get('bad_input') ?? 0).toBeGreaterThan(CASES * 0.05);
    expect(codes.get('not_allowed') ?? 0).toBeGreaterThan(0);
    expect(codes.get('unknown_method') ?? 0).toBeGreaterThan(0);
  },
  Math.max(900_000, CASES * 50),
);

it('leaves a store whose chains, pages and tables are whole', async () => {
  watcher?.close();
  await core.close();
  const opened = openStore({ path: join(dataDir, 'record.db'), key: await storeKey(), areas: allModels });
  if (!opened.ok) throw new Error(opened.error.code);
  const store = opened.value;
  expect(store.verifyLog()).toMatchObject({ ok: true });
  expect(store.integrityCheck()).toMatchObject({ ok: true });
  expect(store.parkedCounts()).toEqual([]);
  store.close();
}, 120_000);

async function storeKey(): Promise<Buffer> {
  const unlocked = await unwrapByPassword(join(dataDir, 'keyring.json'), 'quantri', TRAINING_PASSWORD);
  if (!unlocked.ok) throw new Error(unlocked.error.code);
  return unlocked.value.key;
}

const schemaOf = (method: Method): Schema =>
  z.toJSONSchema(contract[method].input, { io: 'input', unrepresentable: 'any' }) as Schema;

/** Real people, stays, wards and beds, so that hostile calls hit something. */
async function knownIds(): Promise<string[]> {
  const ask = async (method: string, input: object): Promise<unknown> => {
    const answer = (await core.invoke('truongkhoa', method, input)) as Result<unknown>;
    if (!answer.ok) throw new Error(`${method}: ${answer.error.code}`);
    return answer.value;
  };
  const wards = (await ask('beds.wards', {})) as { wardId: string }[];
  const boards = await Promise.all(wards.map((w) => ask('beds.board', { wardId: w.wardId })));
  const found = JSON.stringify([wards, boards]).match(
    /[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}/g,
  );
  return [...new Set(found)];
}

/** How far the record has been written, seen from outside the core; an error must not move it. */
const written = (): number => arrivals?.get() ?? -1;

function describeInput(input: unknown): string {
  try {
    return (JSON.stringify(input) ?? 'undefined').slice(0, 400);
  } catch {
    return 'not to be written down';
  }
}
