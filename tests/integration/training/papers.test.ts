// The papers a trainee meets on the first day, and the first one they sign with the simulated token.
import { constants, publicEncrypt } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Core, openCore } from '../../../electron/core.ts';
import { TRAINING_PASSWORD } from '../../../electron/training/center.ts';
import { createTrainingCenter, trainingAccounts } from '../../../electron/training/create.ts';
import type { Result } from '../../../shared/api/contract.ts';
import type { EventMessage, Input, Method, Output } from '../../../shared/api/index.ts';
import { paperPress } from '../../unit/support/paper-press.ts';

let core: Core;
let dataDir: string;
const told: EventMessage[] = [];
const press = paperPress();
const open = () =>
  openCore({ dataDir, appVersion: 'test', mode: 'training', trainingAccounts, press, log: () => {} });

async function ask<M extends Method>(client: string, method: M, input: Input<M>): Promise<Output<M>> {
  const answer = (await core.invoke(client, method, input)) as Result<Output<M>>;
  if (!answer.ok) throw new Error(`${method}: ${JSON.stringify(answer.error)}`);
  return answer.value;
}
const queue = async (who: string) => (await ask(who, 'signing.queue', {})).mine;

beforeAll(async () => {
  dataDir = mkdtempSync(join(tmpdir(), 'tram-training-papers-'));
  const options = { dataDir, appVersion: 'test', log: () => {} };
  const made = await createTrainingCenter({ ...options, now: Date.now() });
  if (!made.ok) throw new Error(made.error.code);
  core = await open();
  core.subscribe((_client, message) => told.push(message));
  for (const username of ['bsnoi', 'truongkhoa', 'giamdoc', 'ddnoi'])
    await ask(username, 'access.login', { username, password: TRAINING_PASSWORD });
  await until(async () => press.drawn >= 12 && (await queue('bsnoi')).length >= 5);
}, 180_000);
afterAll(async () => {
  await core.close();
  rmSync(dataDir, { recursive: true, force: true });
});

it('has papers signed, papers that wait for each who works there, and one sent back', async () => {
  const waiting = await queue('bsnoi');
  expect(waiting.map((one) => one.document.form).sort()).toEqual([
    'benh-an-noi-khoa-vao',
    'benh-an-noi-khoa-vao',
    'to-dieu-tri',
    'to-dieu-tri',
    'to-dieu-tri',
  ]);
  expect((await queue('truongkhoa')).map((one) => one.document.form)).toEqual(['benh-an-noi-khoa-tong-ket']);
  expect((await queue('giamdoc')).map((one) => one.document.form)).toEqual(['giay-ra-vien']);
  expect((await queue('ddnoi')).map((one) => one.document.form)).toEqual(['phieu-theo-doi-chuc-nang-song']);
  const { others } = await ask('bsnoi', 'signing.queue', {});
  expect(others.map((one) => one.state)).toContain('refused');
  const consent = others.find((one) => one.form === 'cam-ket-phau-thuat-thu-thuat');
  expect(consent?.steps[0]).toMatchObject({ kind: 'person', state: 'waiting' });
});

it('lets a trainee sign one with the simulated token, and says everywhere that it is training’s', async () => {
  const [paper] = await queue('bsnoi');
  if (!paper) throw new Error('nothing waits');
  const { content, step } = paper;
  const { documentId, pages } = paper.document;
  const shown = await ask('bsnoi', 'documents.pdf', { documentId, content });
  expect(shown.pages).toBe(pages);
  await ask('bsnoi', 'signing.seen', { documentId, content, pages: shown.pages });
  await ask('bsnoi', 'signing.trainingToken', { present: true });
  const { tokens, pinKey } = await ask('bsnoi', 'signing.tokens', {});
  const [token] = tokens;
  const [certificate] = token?.certificates ?? [];
  // they have signed papers before: nobody asks whether it is theirs
  expect(certificate).toMatchObject({ fault: null, firstUse: false, name: 'Nguyễn Hữu Khang' });
  expect(token?.simulated).toBe(true);
  await ask('bsnoi', 'signing.unlock', {
    tokenId: token?.tokenId ?? '',
    certificateId: certificate?.certificateId ?? '',
    sealedPin: publicEncrypt(
      {
        key: `-----BEGIN PUBLIC KEY-----\n${pinKey}\n-----END PUBLIC KEY-----`,
        padding: constants.RSA_PKCS1_OAEP_PADDING,
        oaepHash: 'sha256',
      },
      Buffer.from('246810'),
    ).toString('base64'),
  });
  await ask('bsnoi', 'signing.sign', { items: [{ documentId, content, step }] });
  await until(() => told.some((one) => one.event === 'signing' && one.payload.step === 'done'));
  const { verdict } = await ask('bsnoi', 'signing.verify', { documentId });
  expect(verdict.signatures).toHaveLength(1);
  expect(verdict).toMatchObject({ state: 'valid' });
  expect(verdict.reasons).toContain('training_certificate');
});

it('is not laid out a second time', async () => {
  const drawn = press.drawn;
  await core.close();
  core = await open();
  await ask('bsnoi', 'access.login', { username: 'bsnoi', password: TRAINING_PASSWORD });
  await new Promise((resolve) => setTimeout(resolve, 500));
  expect(press.drawn).toBe(drawn);
  expect(await queue('bsnoi')).toHaveLength(4);
});

async function until(is: () => boolean | Promise<boolean>): Promise<void> {
  const end = performance.now() + 60_000;
  while (!(await is())) {
    if (performance.now() > end) throw new Error('it does not come to that');
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
