// Signed without a line, stamped when it is back: without the token, beside the container as it was first written.
import { afterAll, beforeAll, expect, it } from 'vitest';
import { sha256Hex } from '../../../../electron/store/crypto.ts';
import { fail } from '../../../../shared/api/contract.ts';
import { openedStore } from '../../support/opened-store.ts';
import {
  dischargeValues,
  frozenPaper,
  openToken,
  paperCenter,
  read,
  signed,
  stepsOf,
} from '../../support/paper-center.ts';
import { opensslWorld, stampUrl, type World } from '../cms/openssl-world.ts';

let world: World;
beforeAll(() => {
  world = opensslWorld();
}, 60_000);
afterAll(() => world.remove());

it('adds time-stamps when the line is back, without the token, and keeps the container as it was', async () => {
  const line = { up: false, asked: 0 };
  const center = await paperCenter({
    roots: [world.root],
    signingFetch: async (asked) => {
      if (asked.url === stampUrl) line.asked += 1;
      return line.up ? world.fetch(asked) : fail('stamp_unreachable');
    },
  });
  await center.ok('admin', 'signing.saveSettings', {
    timeStampUrl: stampUrl,
    idleMinutes: 5,
    modulePaths: [],
  });
  const paper = await frozenPaper(center, 'giay-ra-vien', dischargeValues);
  const { documentId, content } = paper;
  await openToken(center, 'bacsi');
  await read(center, 'bacsi', paper);
  await signed(center, 'bacsi', [{ documentId, content, step: 'nguoi_hanh_nghe' }]);
  // offline: signed all the same, the PDF too, and waiting
  await waitUntil(() => line.asked > 0);
  let settings = await center.ok('admin', 'signing.settings', {});
  expect(settings).toMatchObject({ waitingForStamp: 1, oldestWaiting: center.clock.now });
  const before = (await stepsOf(center, 'bacsi', documentId))[0]?.signature;
  expect(before?.stampedAt).toBeNull();

  center.tokens.pull('token:bacsi');
  line.up = true;
  // saving the settings asks at once, as its timer does by and by
  await center.ok('admin', 'signing.saveSettings', {
    timeStampUrl: stampUrl,
    idleMinutes: 5,
    modulePaths: [],
  });
  await waitUntil(async () => {
    settings = await center.ok('admin', 'signing.settings', {});
    return settings.waitingForStamp === 0;
  });
  const { verdict } = await center.ok('bacsi', 'signing.verify', { documentId });
  expect(verdict.signatures[0]).toMatchObject({ kind: 'CAdES', state: 'valid' });
  expect(verdict.signatures[0]?.stampedAt).not.toBeNull();
  const after = (await stepsOf(center, 'bacsi', documentId))[0]?.signature;
  expect(after).toMatchObject({ container: before?.container, state: 'valid' });
  expect(after?.stampedAt).toBe(verdict.signatures[0]?.stampedAt);

  // somebody signs on with a line: the PDF's signature has its stamp inside
  await openToken(center, 'giamdoc');
  await read(center, 'giamdoc', paper);
  await signed(center, 'giamdoc', [{ documentId, content, step: 'dai_dien' }]);
  const both = await center.ok('bacsi', 'signing.verify', { documentId });
  // the first one, made without a line, was covered by a stamp over the whole file before the second one signed
  expect(both.verdict.signatures.slice(2).map((s) => [s.kind, s.state, s.stampedAt !== null])).toEqual([
    ['PAdES', 'valid', false],
    ['DocTimeStamp', 'valid', true],
    ['PAdES', 'valid', true],
  ]);

  await openedStore(center, (store) => {
    const changes = store.changesOf('document', documentId);
    const [first] = changes.filter((c) => c.kind === 'document.sign');
    const [evidence] = changes.filter((c) => c.kind === 'document.evidence');
    const was = first?.body.container;
    const now = evidence?.body.stamped;
    if (!(was instanceof Uint8Array) || !(now instanceof Uint8Array)) throw new Error('no containers');
    expect(evidence?.body.container).toBe(sha256Hex(was));
    expect(evidence?.author).toBeNull();
    expect(now.length).toBeGreaterThan(was.length);
  });
}, 60_000);

async function waitUntil(is: () => boolean | Promise<boolean>): Promise<void> {
  for (let i = 0; i < 400; i++) {
    if (await is()) return;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  throw new Error('it does not come to that');
}
