// Where a PIN is while a paper is signed, looked for in memory and files: in the page's process that seals it, in the
// helper while it logs in, and nowhere else. The whole program runs: shell, core in its thread, helper, SoftHSM behind
// a shim that waits in C_Login so that there is time to look.
import { execFileSync, fork } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Result } from '../../../../shared/api/contract.ts';
import type { Input, Method, Output } from '../../../../shared/api/index.ts';
import { adminPassword, staffPassword, testCenter } from '../../../unit/support/open-test-core.ts';
import { dischargeValues } from '../../../unit/support/paper-center.ts';
import { commandOf, descendants, inFiles, inMemory, spellings } from './memory.ts';
import { buildShim, type Shim } from './shim.ts';
import { cleanUp, makeCenter, makeSoftToken, softHsmStore, until } from './support.ts';

const center = makeCenter();
const store = softHsmStore();
const dataDir = mkdtempSync(join(tmpdir(), 'tram-pin-'));
const pin = `Ma-pin-${crypto.randomUUID()}`;
const wanted = spellings(pin);
const doctor = center.person('Người bacsi');
let shim: Shim;
let program: ReturnType<typeof startProgram>;

beforeAll(async () => {
  shim = buildShim(store.folder);
  shim.behave();
  makeSoftToken(store.folder, 'Lan', pin, [{ who: doctor, keyId: 'a1' }], [center.authority]);
  mkdirSync(join(dataDir, 'trust', 'anchors'), { recursive: true });
  copyFileSync(center.authority.certificateFile, join(dataDir, 'trust', 'anchors', 'thu.cer'));
  program = startProgram();
  await program.ready;
});
afterAll(() => {
  program?.child.kill('SIGKILL');
  cleanUp(center.folder, store.folder, dataDir);
});

it('is nobody’s but the page’s and, while it logs in, the helper’s', async () => {
  const { ok } = program;
  await found();
  await ok('admin', 'signing.saveSettings', { timeStampUrl: null, idleMinutes: 5, modulePaths: [shim.file] });
  const items = await paperToSign();
  const { pinKey, tokens } = await ok('bacsi', 'signing.tokens', {});
  const [token] = tokens;
  const certificate = token!.certificates.find(({ certificateId }) => certificateId === doctor.id);
  expect(certificate?.fault).toBe(null);
  const sealedPin = seal(pinKey!);
  const helper = descendants(program.pid).find((pid) => commandOf(pid).includes('tokens/helper.ts'))!;

  shim.behave({ wait_C_Login: 1 });
  const unlocking = ok('bacsi', 'signing.unlock', {
    tokenId: token!.tokenId,
    certificateId: doctor.id,
    sealedPin,
    mine: true,
  });
  await until(() => shim.seen('wait_C_Login').length > 0);
  // what looks is able to find it: there it is
  expect(inMemory(helper, wanted)).toBeGreaterThan(0);
  expect(inMemory(program.pid, wanted)).toBe(0);
  shim.behave();
  await unlocking;
  // the last of it is wiped before the answer is given
  expect(inMemory(helper, wanted)).toBe(0);

  // a key that wants it for each signature has it opened for each, and wiped
  shim.behave({ always: 1 });
  await ok('bacsi', 'signing.lock', {});
  const again = await ok('bacsi', 'signing.unlock', {
    tokenId: token!.tokenId,
    certificateId: doctor.id,
    sealedPin: seal((await ok('bacsi', 'signing.tokens', {})).pinKey!),
  });
  expect(again.openUntil).toBeGreaterThan(Date.now());
  await ok('bacsi', 'signing.sign', { items });
  await until(() => program.news.some(({ step }) => step === 'done'), 60_000);
  expect(program.news.map(({ step }) => step)).toContain('signed');
  expect(shim.seen('C_Login').filter((user) => user === 2).length).toBeGreaterThan(0);

  for (const pid of [helper, ...others(helper)]) {
    const command = commandOf(pid);
    const found = pid === helper ? inMemory(pid, wanted) : inMemoryWhileItRuns(pid);
    expect([command, found]).toEqual([command, 0]);
  }
  expect(inFiles(dataDir, wanted)).toEqual([]);
  // and what looks finds what is there
  expect(inMemory(program.pid, [Buffer.from(doctor.id)])).toBeGreaterThan(0);
});

/** A process that has ended since it was listed holds nothing any more. */
function inMemoryWhileItRuns(pid: number): number {
  try {
    return inMemory(pid, wanted);
  } catch (error) {
    if (pid !== program.pid && !existsSync(`/proc/${pid}/maps`)) return 0;
    throw error;
  }
}

const others = (helper: number): number[] =>
  [program.pid, ...descendants(program.pid)].filter((pid) => pid !== helper);

/** In a process that ends at once, as the page's own field does it. */
function seal(pinKey: string): string {
  const said = execFileSync(process.execPath, [join(import.meta.dirname, 'sealer.ts'), pinKey], {
    input: pin,
    encoding: 'utf8',
  });
  const sealed: { kind: string; pin: string } = JSON.parse(said);
  expect(sealed.kind).toBe('sealed');
  return sealed.pin;
}

async function found(): Promise<void> {
  const { ok } = program;
  await ok('admin', 'station.firstRun', testCenter);
  await ok('admin', 'access.login', { username: 'quantri', password: adminPassword });
  const first = 'mật khẩu đầu tiên';
  await ok('admin', 'access.createUser', {
    username: 'bacsi',
    fullName: 'Người bacsi',
    title: null,
    roles: ['bac_si_dieu_tri'],
    wards: [],
    password: first,
  });
  await ok('bacsi', 'access.login', { username: 'bacsi', password: first });
  await ok('bacsi', 'access.changePassword', { current: first, next: staffPassword });
}

/** A discharge paper, drawn by the system's own browser, frozen and looked at. */
async function paperToSign(): Promise<Input<'signing.sign'>['items']> {
  const { ok } = program;
  const { patientId } = await ok('bacsi', 'patients.register', {
    demographics: { fullName: 'Giàng A Páo', sex: '2', birthDate: '1985-03-02' },
  });
  const [ward] = await ok('bacsi', 'beds.wards', {});
  const { admissionId } = await ok('bacsi', 'admissions.admit', {
    patientId,
    wardId: ward!.wardId,
    bedId: null,
    careType: '03',
    reason: 'Sốt cao',
    diagnosis: 'Viêm phổi',
    at: Date.now(),
  } as Input<'admissions.admit'>);
  const form = 'giay-ra-vien';
  const filled = await ok('bacsi', 'documents.fill', { form, patientId, admissionId });
  const values = { ...filled.values, ...dischargeValues };
  const { documentId } = await ok('bacsi', 'documents.save', {
    documentId: null,
    form,
    patientId,
    admissionId,
    values,
  });
  const { content, pages } = await ok('bacsi', 'documents.freeze', { documentId });
  await ok('bacsi', 'documents.pdf', { documentId, content });
  await ok('bacsi', 'signing.seen', { documentId, content, pages });
  const { mine } = await ok('bacsi', 'signing.queue', {});
  return mine.map((item) => ({ documentId, content: item.content, step: item.step }));
}

function startProgram() {
  const child = fork(join(import.meta.dirname, 'core-program.ts'), [dataDir], { execArgv: [] });
  const ready = Promise.withResolvers<void>();
  const waiting = new Map<number, (answer: Result<unknown>) => void>();
  const news: { step: string }[] = [];
  let nextId = 1;
  child.on('message', (message: Record<string, never>) => {
    const {
      type,
      id,
      answer,
      message: event,
    } = message as never as {
      type: string;
      id: number;
      answer: Result<unknown>;
      message: { event: string; payload: { step: string } };
    };
    if (type === 'ready') ready.resolve();
    else if (type === 'answer') waiting.get(id)?.(answer);
    else if (event.event === 'signing') news.push(event.payload);
  });
  return {
    child,
    pid: child.pid!,
    ready: ready.promise,
    news,
    async ok<M extends Method>(client: string, method: M, input: Input<M>): Promise<Output<M>> {
      const id = nextId++;
      const answer = await new Promise<Result<unknown>>((answered) => {
        waiting.set(id, answered);
        child.send({ id, client, method, input });
      });
      if (!answer.ok) throw new Error(`${method} was refused: ${JSON.stringify(answer.error)}`);
      return answer.value as Output<M>;
    },
  };
}
