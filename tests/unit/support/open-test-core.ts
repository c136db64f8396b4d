// A real core on a folder of its own, with a clock a test can turn, and the few steps every test begins with.
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { type Core, type CoreOptions, openCore } from '../../../electron/core.ts';
import type { Failure, Result } from '../../../shared/api/contract.ts';
import type { EventMessage, Input, Method, Output } from '../../../shared/api/index.ts';
import { testNow } from './open-test-store.ts';

/** The least Argon2id takes: making and opening wraps of real cost would be most of a test's time. */
const keyCost = { memoryKib: 8, passes: 1 };

export const adminPassword = 'ba con mèo đen';
export const staffPassword = 'mùa lúa chín';

export interface TestCore {
  readonly core: Core;
  readonly dataDir: string;
  readonly events: { client: string | null; message: EventMessage }[];
  readonly logged: { level: string; message: string; detail: unknown }[];
  readonly clock: { now: number };
  /** Fails the test unless the answer is ok. */
  ok<M extends Method>(client: string, method: M, input: Input<M>): Promise<Output<M>>;
  /** Fails the test unless the answer is a failure. */
  refused(client: string, method: string, input: unknown): Promise<Failure>;
  /** As after a restart of the program: same folder, new sessions. */
  restart(): Promise<TestCore>;
}

export async function openTestCore(
  options: Partial<CoreOptions> & { clock?: { now: number } } = {},
): Promise<TestCore> {
  const dataDir = options.dataDir ?? mkdtempSync(join(tmpdir(), 'tram-core-'));
  const clock = options.clock ?? { now: testNow };
  const events: TestCore['events'] = [];
  const logged: TestCore['logged'] = [];
  const core = await openCore({
    mode: 'real',
    appVersion: '0.0.0-test',
    now: () => clock.now,
    uptimeMs: () => clock.now,
    log: (level, message, detail) => logged.push({ level, message, detail }),
    offline: options.sync === undefined,
    devices: { serialPorts: async () => [], usbDevices: async () => [] },
    keyCost,
    ...options,
    dataDir,
  });
  core.subscribe((client, message) => events.push({ client, message }));
  let closed = false;
  onTestFinished(async () => {
    if (!closed) await core.close();
    rmSync(dataDir, { recursive: true, force: true });
  });
  return {
    core,
    dataDir,
    events,
    logged,
    clock,
    async ok(client, method, input) {
      const answer = (await core.invoke(client, method, input)) as Result<Output<typeof method>>;
      if (!answer.ok) throw new Error(`${method} was refused: ${JSON.stringify(answer.error)}`);
      return answer.value;
    },
    async refused(client, method, input) {
      const answer = await core.invoke(client, method, input);
      if (answer.ok) throw new Error(`${method} was allowed: ${JSON.stringify(answer.value)}`);
      return answer.error;
    },
    async restart() {
      closed = true;
      await core.close();
      return openTestCore({ ...options, dataDir, clock });
    },
  };
}

export const testCenter = {
  centerName: 'Trung tâm Y tế Thử Nghiệm',
  provinceCode: '40',
  stationName: 'Máy tiếp đón',
  wards: [
    { name: 'Nội tổng hợp', departmentCode: 'K03', rooms: [{ name: 'P1', beds: ['1', '2', '3'] }] },
    { name: 'Ngoại tổng hợp', departmentCode: 'K19', rooms: [{ name: 'P2', beds: ['1', '2'] }] },
  ],
  admin: { username: 'quantri', fullName: 'Lò Thị Mẩy', password: adminPassword },
} satisfies Input<'station.firstRun'>;

/**
 * A center with its administrator logged in at page `admin`. Founded once per test file and copied, because making
 * keys takes most of a second: all of a file's centers share station, database key and recovery key.
 */
export async function foundedCore(
  options: Parameters<typeof openTestCore>[0] = {},
): Promise<TestCore & { recoveryKey: string }> {
  const { dataDir, recoveryKey } = await foundedFolder();
  const opened = await openTestCore({ ...options, dataDir });
  await opened.ok('admin', 'access.login', { username: 'quantri', password: adminPassword });
  return { ...opened, recoveryKey };
}

/** The data folder of such a center, with nobody's program running on it. */
export async function foundedFolder(): Promise<{ dataDir: string; recoveryKey: string }> {
  template ??= makeTemplate();
  const { folder, recoveryKey } = await template;
  const dataDir = mkdtempSync(join(tmpdir(), 'tram-core-'));
  cpSync(folder, dataDir, { recursive: true });
  return { dataDir, recoveryKey };
}

let template: Promise<{ folder: string; recoveryKey: string }> | undefined;

/** The small folder stays for the system to empty: the next test of the file needs it. */
async function makeTemplate(): Promise<{ folder: string; recoveryKey: string }> {
  const folder = mkdtempSync(join(tmpdir(), 'tram-core-template-'));
  const core = await openCore({
    dataDir: folder,
    mode: 'real',
    appVersion: '0.0.0-test',
    now: () => testNow,
    uptimeMs: () => testNow,
    keyCost,
    log: () => {},
  });
  const founded = await core.invoke('admin', 'station.firstRun', testCenter);
  await core.close();
  if (!founded.ok) throw new Error(`the test center could not be founded: ${founded.error.code}`);
  return { folder, recoveryKey: (founded.value as { recoveryKey: string }).recoveryKey };
}

/** Makes an account, logs it in at a page named after it and changes the first password to `staffPassword`. */
export async function hire(center: TestCore, username: string, roles: string[]): Promise<string> {
  const first = 'mật khẩu đầu tiên';
  const { userId } = await center.ok('admin', 'access.createUser', {
    username,
    fullName: `Người ${username}`,
    title: null,
    roles,
    wards: [],
    password: first,
  });
  await center.ok(username, 'access.login', { username, password: first });
  await center.ok(username, 'access.changePassword', { current: first, next: staffPassword });
  return userId;
}

export async function registerPatient(center: TestCore, client: string, fullName: string): Promise<string> {
  const { patientId } = await center.ok(client, 'patients.register', {
    demographics: { fullName, sex: '2', birthDate: '1985-03-02' },
  });
  return patientId;
}
