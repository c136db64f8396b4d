// A paper frozen and signed at one PC of a center, signed on at another: what was frozen travels beside the record, and
// each signature holds at both. Two whole cores, real TLS.
import { expect, it } from 'vitest';
import { memoryCache } from '../../../../electron/signing/judge/cache.ts';
import { openJudge } from '../../../../electron/signing/judge/judge.ts';
import { readCertificate } from '../../../../electron/signing/x509/certificate.ts';
import type { Result } from '../../../../shared/api/contract.ts';
import type { Output } from '../../../../shared/api/index.ts';
import { openTestCore, staffPassword } from '../../../unit/support/open-test-core.ts';
import {
  dischargeValues,
  frozenPaper,
  handTokens,
  openToken,
  paperCenter,
  read,
  signed,
} from '../../../unit/support/paper-center.ts';
import { paperPress } from '../../../unit/support/paper-press.ts';
import { joined, realClock, until } from '../../sync-desk/support.ts';

it('is signed by the doctor here and by the director there, over the same bytes', async () => {
  const clock = {
    get now() {
      return Date.now();
    },
    set now(_: number) {},
  };
  const hub = await paperCenter({ ...realClock(), clock });
  const { code, addresses } = await hub.ok('admin', 'sync.invite', {});
  const before = await frozenPaper(hub, 'giay-ra-vien', dischargeValues);

  const tokens = handTokens(Date.now);
  const root = readCertificate(hub.ca.root);
  const fresh = await openTestCore({
    ...realClock(),
    clock,
    press: paperPress(),
    tokens: () => tokens,
    judge: openJudge({
      trust: { anchors: root ? [root] : [], intermediates: [] },
      training: false,
      fetch: hub.ca.fetch,
      cache: memoryCache(),
      now: Date.now,
    }),
  });
  await fresh.ok('p', 'sync.join', {
    address: `127.0.0.1:${addresses[0]?.split(':').at(-1)}`,
    code,
    stationName: 'Phòng giám đốc',
  });
  expect(await joined(fresh)).toMatchObject({ state: 'ready' });
  await fresh.ok('giamdoc', 'access.login', { username: 'giamdoc', password: staffPassword });
  const there = { ...hub, ...fresh, tokens };

  // frozen before the PC joined, and after
  const after = await frozenPaper(hub, 'giay-ra-vien', { ...dischargeValues, phuong_phap: 'Ngoại khoa' });
  await openToken(hub, 'bacsi');
  for (const paper of [before, after]) {
    await read(hub, 'bacsi', paper);
    const { documentId, content } = paper;
    await signed(hub, 'bacsi', [{ documentId, content, step: 'nguoi_hanh_nghe' }]);
  }
  await until(
    'both papers wait for the director',
    async () => (await fresh.ok('giamdoc', 'signing.queue', {})).mine.length,
    (waiting) => waiting === 2,
  );
  const tellsOfFiles = () =>
    fresh.events.some(
      ({ message }) =>
        // told by itself, or together with what was changed in the same moment
        message.event === 'changed' && message.payload.areas.includes('signing'),
    );
  // nobody has touched a token there yet: it is the files that have come
  await until('the page hears that files came', async () => tellsOfFiles(), Boolean);
  await openToken(there, 'giamdoc');
  for (const paper of [before, after]) {
    const { documentId, content } = paper;
    // the page asks until the file is here
    const shown = await until(
      'the frozen pages',
      async () =>
        (await fresh.core.invoke('giamdoc', 'documents.pdf', {
          documentId,
          content,
          signed: true,
        })) as Result<Output<'documents.pdf'>>,
      (answer) => answer.ok,
    );
    if (!shown.ok) throw new Error(shown.error.code);
    await read(there, 'giamdoc', paper);
    const news = await signed(there, 'giamdoc', [{ documentId, content, step: 'dai_dien' }]);
    expect(news.at(-1)).toMatchObject({ step: 'done', done: 1 });
  }
  for (const { documentId, content } of [before, after]) {
    const verdicts = await Promise.all(
      [hub, there].map(async (pc, i) => {
        const client = i === 0 ? 'bacsi' : 'giamdoc';
        return until(
          'the whole proof',
          async () => (await pc.ok(client, 'signing.verify', { documentId })).verdict,
          (verdict) => verdict.signatures.length === 4 && verdict.state === 'valid',
        );
      }),
    );
    expect(verdicts[0]?.signatures.map((s) => [s.kind, s.signer])).toEqual(
      verdicts[1]?.signatures.map((s) => [s.kind, s.signer]),
    );
    expect(verdicts[0]?.signatures.map((s) => `${s.kind} ${s.signer}`)).toEqual([
      'CAdES Người bacsi',
      'CAdES Người giamdoc',
      'PAdES Người bacsi',
      'PAdES Người giamdoc',
    ]);
    const files = await Promise.all([
      hub.ok('bacsi', 'documents.pdf', { documentId, content, signed: true }),
      fresh.ok('giamdoc', 'documents.pdf', { documentId, content, signed: true }),
    ]);
    expect(files[0].sha256).toBe(files[1].sha256);
  }
});
