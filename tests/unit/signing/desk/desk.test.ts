// The desk at which papers are signed: one PIN for many, nobody's token but one's own, nothing unread, nothing twice,
// and what was signed before the token was pulled out stays signed.
import { generateKeyPairSync } from 'node:crypto';
import { beforeEach, describe, expect, it } from 'vitest';
import { issueTraining } from '../../../../electron/signing/training/authority.ts';
import { sha256Hex } from '../../../../electron/store/crypto.ts';
import { hire } from '../../support/open-test-core.ts';
import {
  dischargeValues,
  frozenPaper,
  newsOf,
  openToken,
  type PaperCenter,
  paperCenter,
  pin,
  read,
  sealed,
  signed,
  stepsOf,
} from '../../support/paper-center.ts';

const form = 'benh-an-noi-khoa-vao';
const step = 'bac_si_lam_benh_an';
const values = {
  qua_trinh: 'Sốt ba ngày',
  toan_than: 'Tỉnh',
  tom_tat: 'Sốt, ho',
  cd_chinh: { text: 'Viêm phổi', code: 'J18.9' },
  huong_dieu_tri: 'Kháng sinh',
};

let center: PaperCenter;
beforeEach(async () => {
  center = await paperCenter();
});

async function papers(count: number) {
  const all = [];
  for (let n = 0; n < count; n++)
    all.push(await frozenPaper(center, form, { ...values, tom_tat: `Sốt ${n}` }));
  return all;
}
const itemOf = ({ documentId, content }: { documentId: string; content: string }) => ({
  documentId,
  content,
  step,
});
const unlock = (who: string, tokenId: string, certificateId: string, more: object = {}) =>
  center.core.invoke(who, 'signing.unlock', { tokenId, certificateId, sealedPin: sealed(pin), ...more });

describe('a batch', () => {
  it('signs what was read with one PIN, one document at a time, and says how it goes', async () => {
    const all = await papers(3);
    await openToken(center, 'bacsi');
    for (const one of all.slice(0, 2)) await read(center, 'bacsi', one);
    const news = await signed(center, 'bacsi', all.map(itemOf));
    expect(news.map((one) => [one.step, one.code ?? null, one.done, one.of])).toEqual([
      ['item', null, 0, 3],
      ['signed', null, 1, 3],
      ['item', null, 1, 3],
      ['signed', null, 2, 3],
      ['item', null, 2, 3],
      ['failed', 'not_read', 2, 3],
      ['done', null, 2, 3],
    ]);
    expect(center.tokens.tries).toHaveLength(1);
    const { verdict } = await center.ok('bacsi', 'signing.verify', { documentId: all[0]?.documentId ?? '' });
    expect(verdict).toMatchObject({ state: 'valid', signatures: [{ kind: 'CAdES', signer: 'Người bacsi' }] });
    const { mine } = await center.ok('bacsi', 'signing.queue', {});
    expect(mine.map((one) => one.document.documentId)).toEqual([all[2]?.documentId]);
  });

  it('counts pages as read only when all of them were handed over and shown', async () => {
    const [paper] = await papers(1);
    if (!paper) throw new Error('no paper');
    const { documentId, content, pages } = paper;
    const seen = (n: number) =>
      center.core.invoke('bacsi', 'signing.seen', { documentId, content, pages: n });
    expect(await seen(pages)).toMatchObject({ ok: false, error: { code: 'not_read' } });
    await center.ok('bacsi', 'documents.pdf', { documentId, content });
    expect(await seen(pages + 1)).toMatchObject({ ok: false, error: { code: 'not_read' } });
    expect(await seen(pages)).toMatchObject({ ok: true });
    // another person at another page has not read it
    await openToken(center, 'truong');
    expect((await signed(center, 'truong', [itemOf(paper)]))[1]?.code).toBe('not_read');
  });

  it('keeps what was signed when the token is pulled out at the seventeenth, and goes on from there', async () => {
    const all = await papers(20);
    for (const one of all) await read(center, 'bacsi', one);
    const identity = await openToken(center, 'bacsi');
    // saying whose the token is took one
    center.tokens.pullAfter = center.tokens.signatures + 16;
    const news = await signed(center, 'bacsi', all.map(itemOf));
    expect(news.filter((one) => one.step === 'signed')).toHaveLength(16);
    expect(news.slice(-2)).toMatchObject([
      { step: 'failed', code: 'token_gone', documentId: all[16]?.documentId },
      { step: 'done', code: 'token_gone', done: 16, of: 20 },
    ]);
    const left = (await center.ok('bacsi', 'signing.queue', {})).mine;
    expect(left).toHaveLength(4);
    expect(left.every((one) => one.seen)).toBe(true);
    // without a PIN nothing goes on
    expect((await center.refused('bacsi', 'signing.sign', { items: left.map(queued) })).code).toBe(
      'token_missing',
    );
    center.tokens.pullAfter = Number.POSITIVE_INFINITY;
    await openToken(center, 'bacsi', identity);
    const rest = await signed(center, 'bacsi', left.map(queued));
    expect(rest.at(-1)).toMatchObject({ step: 'done', done: 4 });
    expect((await center.ok('bacsi', 'signing.queue', {})).mine).toEqual([]);
  });

  it('signs no document twice, not even when asked twice at once', async () => {
    const [paper] = await papers(1);
    if (!paper) throw new Error('no paper');
    await read(center, 'bacsi', paper);
    await openToken(center, 'bacsi');
    const news = await signed(center, 'bacsi', [itemOf(paper), itemOf(paper)]);
    expect(news.map((one) => one.code ?? one.step)).toEqual([
      'item',
      'signed',
      'item',
      'already_signed',
      'done',
    ]);
    const begun = await center.ok('bacsi', 'signing.sign', { items: [itemOf(paper)] });
    const second = await center.core.invoke('bacsi', 'signing.sign', { items: [itemOf(paper)] });
    expect(second).toMatchObject({ ok: false, error: { code: 'stale' } });
    while (newsOf(center, begun.batchId).at(-1)?.step !== 'done') await new Promise((r) => setTimeout(r, 2));
  });

  it('does not sign a version that was replaced meanwhile', async () => {
    const [paper] = await papers(1);
    if (!paper) throw new Error('no paper');
    await read(center, 'bacsi', paper);
    const { documentId } = paper;
    const { patientId, admissionId } = center;
    await center.ok('bacsi', 'documents.save', {
      ...{ documentId, form, patientId, admissionId },
      values: { tom_tat: 'Sốt cao' },
    });
    await center.ok('bacsi', 'documents.freeze', { documentId, reason: 'Sửa' });
    await openToken(center, 'bacsi');
    expect((await signed(center, 'bacsi', [itemOf(paper)]))[1]?.code).toBe('stale');
  });

  it('stops when it is told to', async () => {
    const all = await papers(5);
    for (const one of all) await read(center, 'bacsi', one);
    await openToken(center, 'bacsi');
    const { batchId } = await center.ok('bacsi', 'signing.sign', { items: all.map(itemOf) });
    await center.ok('bacsi', 'signing.stop', { batchId });
    while (newsOf(center, batchId).at(-1)?.step !== 'done') await new Promise((r) => setTimeout(r, 2));
    expect(newsOf(center, batchId).at(-1)?.done).toBeLessThan(5);
    expect((await center.refused('truong', 'signing.stop', { batchId })).code).toBe('not_found');
  });

  it('adds the signature to the PDF where the form leaves the house, in the order of the steps', async () => {
    const paper = await frozenPaper(center, 'giay-ra-vien', dischargeValues);
    const { documentId, content } = paper;
    for (const [who, at] of [
      ['bacsi', 'nguoi_hanh_nghe'],
      ['giamdoc', 'dai_dien'],
    ] as const) {
      await openToken(center, who);
      await read(center, who, paper);
      await signed(center, who, [{ documentId, content, step: at }]);
    }
    const plain = await center.ok('bacsi', 'documents.pdf', { documentId, content });
    const file = await center.ok('bacsi', 'documents.pdf', { documentId, content, signed: true });
    expect(file.sha256).not.toBe(plain.sha256);
    const bytes = Buffer.from(file.pdf, 'base64');
    expect(sha256Hex(bytes)).toBe(file.sha256);
    expect(
      bytes.subarray(0, Buffer.from(plain.pdf, 'base64').length).equals(Buffer.from(plain.pdf, 'base64')),
    ).toBe(true);
    const { verdict } = await center.ok('bacsi', 'signing.verify', { documentId });
    expect(verdict.signatures.map((s) => [s.kind, s.signer, s.state])).toEqual([
      ['CAdES', 'Người bacsi', 'valid'],
      ['CAdES', 'Người giamdoc', 'valid'],
      ['PAdES', 'Người bacsi', 'valid'],
      ['PAdES', 'Người giamdoc', 'valid'],
    ]);
    expect(verdict.state).toBe('valid');
  });
});

describe('a token', () => {
  it('is its owner’s: said once, then known, and refused to anybody else', async () => {
    const own = center.ca.person('NGƯỜI BACSI', '001085000101');
    center.tokens.plug('t:1', [own]);
    const shown = async (who: string) =>
      (await center.ok(who, 'signing.tokens', {})).tokens.flatMap((token) => token.certificates);
    expect(await shown('bacsi')).toMatchObject([
      { fault: null, firstUse: true, personNumber: '001085000101' },
    ]);
    // another's name: nothing is asked, and the PIN is not tried
    expect(await shown('truong')).toMatchObject([{ fault: 'other_person' }]);
    expect(await unlock('truong', 't:1', own.id, { mine: true })).toMatchObject({
      error: { code: 'certificate_other_person' },
    });
    expect(await unlock('bacsi', 't:1', own.id)).toMatchObject({
      error: { code: 'certificate_other_person' },
    });
    expect(center.tokens.tries).toEqual([]);
    expect(await unlock('bacsi', 't:1', own.id, { mine: true })).toMatchObject({ ok: true });
    expect(await shown('bacsi')).toMatchObject([{ fault: null, firstUse: false }]);
    // a renewed certificate with the same number needs no further word
    const renewed = center.ca.person('Người bacsi', '001085000101');
    center.tokens.plug('t:2', [renewed]);
    expect(await unlock('bacsi', 't:2', renewed.id)).toMatchObject({ ok: true });
    // somebody of the same name with another number is another citizen
    const namesake = center.ca.person('Người bacsi', '001085000999');
    center.tokens.plug('t:3', [namesake]);
    expect(await unlock('bacsi', 't:3', namesake.id, { mine: true })).toMatchObject({
      error: { code: 'certificate_other_person' },
    });
  });

  it('that two namesakes say is theirs proves nothing until an administrator says whose it is', async () => {
    await hire(center, 'bacsi.hai', ['bac_si_dieu_tri']);
    const own = center.ca.person('Người bacsi', null);
    const [paper] = await papers(1);
    if (!paper) throw new Error('no paper');
    await read(center, 'bacsi', paper);
    await openToken(center, 'bacsi', own);
    await signed(center, 'bacsi', [itemOf(paper)]);
    const { documentId } = paper;
    const verdict = async () => (await center.ok('bacsi', 'signing.verify', { documentId })).verdict;
    expect(await verdict()).toMatchObject({ state: 'valid' });
    // the other one is asked too, and says so with the PIN
    expect(await unlock('bacsi.hai', 'token:bacsi', own.id)).toMatchObject({
      error: { fields: { mine: 'field.required' } },
    });
    expect(await unlock('bacsi.hai', 'token:bacsi', own.id, { mine: true })).toMatchObject({ ok: true });
    expect(await verdict()).toMatchObject({
      state: 'undetermined',
      signatures: [{ reasons: expect.arrayContaining(['claim_contested']) }],
    });
    const { certificates } = await center.ok('admin', 'signing.contested', {});
    expect(certificates).toMatchObject([
      {
        certificateId: own.id,
        name: 'Người bacsi',
        claims: expect.arrayContaining([expect.objectContaining({ ownerName: 'Người bacsi.hai' })]),
      },
    ]);
    const settle = (who: string, owner: string) =>
      center.core.invoke(who, 'signing.settleClaim', { certificateId: own.id, owner });
    expect(await settle('bacsi', center.people.bacsi)).toMatchObject({ error: { code: 'not_allowed' } });
    expect(await settle('admin', center.people.truong)).toMatchObject({ error: { code: 'not_found' } });
    expect(await settle('admin', center.people.bacsi)).toMatchObject({ ok: true });
    expect(await center.ok('admin', 'signing.contested', {})).toEqual({ certificates: [] });
    expect(await verdict()).toMatchObject({ state: 'valid' });
    const { tokens } = await center.ok('bacsi.hai', 'signing.tokens', {});
    expect(tokens[0]?.certificates[0]?.fault).toBe('other_person');
  });

  it('from an unknown issuer, expired or made for something else is not tried', async () => {
    const { authority } = await import('../../support/paper-center.ts');
    const stranger = authority();
    const theirs = stranger.person('Người bacsi', '001085000101');
    center.tokens.plug('t:1', [theirs]);
    const certificates = async () =>
      (await center.ok('bacsi', 'signing.tokens', {})).tokens.flatMap((token) => token.certificates);
    expect(await certificates()).toMatchObject([{ fault: 'unknown_issuer' }]);
    expect(await unlock('bacsi', 't:1', theirs.id, { mine: true })).toMatchObject({
      error: { code: 'certificate_unfit', fields: { certificateId: 'certificate.unknown_issuer' } },
    });
    const own = center.ca.person('Người bacsi', '001085000101');
    center.tokens.plug('t:1', [own]);
    center.clock.now += 3 * 365 * 86_400_000;
    await center.ok('bacsi', 'access.login', { username: 'bacsi', password: 'mùa lúa chín' });
    expect(await certificates()).toMatchObject([{ fault: 'expired' }]);
    expect(center.tokens.tries).toEqual([]);
    stranger.remove();
  });

  it('made for training signs nothing in a real center', async () => {
    const { publicKey, privateKey } = generateKeyPairSync('ec', {
      namedCurve: 'P-256',
      publicKeyEncoding: { type: 'spki', format: 'der' },
      privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
    });
    const holder = { name: 'Người bacsi', number: '001085000101', spki: publicKey };
    const der = issueTraining(holder, center.clock.now - 86_400_000);
    const own = { der, id: sha256Hex(der), pem: privateKey };
    center.tokens.plug('t:1', [own]);
    const { tokens } = await center.ok('bacsi', 'signing.tokens', {});
    expect(tokens[0]?.certificates).toMatchObject([{ fault: 'training' }]);
    expect(await unlock('bacsi', 't:1', own.id, { mine: true })).toMatchObject({
      error: { code: 'certificate_unfit', fields: { certificateId: 'certificate.training' } },
    });
    expect(center.tokens.tries).toEqual([]);
  });

  it('closes when its page is locked, when another person logs in there, and when it was not used', async () => {
    const openUntil = async (who = 'bacsi') =>
      (await center.ok(who, 'signing.tokens', {})).tokens[0]?.openUntil ?? null;
    const own = await openToken(center, 'bacsi');
    expect(await openUntil()).not.toBeNull();
    await center.ok('bacsi', 'access.lock', {});
    await center.ok('bacsi', 'access.unlock', { secret: 'mùa lúa chín' });
    expect(await openUntil()).toBeNull();

    await openToken(center, 'bacsi', own);
    await center.ok('bacsi', 'access.login', { username: 'truong', password: 'mùa lúa chín' });
    await center.ok('bacsi', 'access.login', { username: 'bacsi', password: 'mùa lúa chín' });
    expect(await openUntil()).toBeNull();

    await openToken(center, 'bacsi', own);
    center.clock.now += 5 * 60_000;
    expect(await openUntil()).toBeNull();

    await openToken(center, 'bacsi', own);
    await center.ok('bacsi', 'signing.lock', {});
    expect(await openUntil()).toBeNull();
  });

  it('of a person does not sign for the facility', async () => {
    const paper = await frozenPaper(center, 'giay-ra-vien', dischargeValues);
    const { documentId, content } = paper;
    for (const [who, at] of [
      ['bacsi', 'nguoi_hanh_nghe'],
      ['giamdoc', 'dai_dien'],
    ] as const) {
      await openToken(center, who);
      await read(center, who, paper);
      await signed(center, who, [{ documentId, content, step: at }]);
    }
    const seal = { documentId, content, step: 'co_so' };
    expect((await signed(center, 'giamdoc', [seal]))[1]?.code).toBe('certificate_unfit');
    const office = center.ca.person('Trung tâm Y tế Thử Nghiệm', null);
    center.tokens.plug('t:office', [office]);
    expect(await unlock('giamdoc', 't:office', office.id, { mine: true })).toMatchObject({ ok: true });
    expect((await signed(center, 'giamdoc', [seal])).at(-1)).toMatchObject({ step: 'done', done: 1 });
    expect((await stepsOf(center, 'giamdoc', documentId))[2]).toMatchObject({
      kind: 'facility',
      state: 'done',
    });
  });
});

describe('what is known of a signature', () => {
  it('is undetermined until it was looked at, and then what the judge says', async () => {
    center.ca.line = false;
    const [paper] = await papers(1);
    if (!paper) throw new Error('no paper');
    await read(center, 'bacsi', paper);
    await openToken(center, 'bacsi');
    await signed(center, 'bacsi', [itemOf(paper)]);
    const { documentId } = paper;
    expect((await stepsOf(center, 'bacsi', documentId))[0]?.signature).toMatchObject({
      state: 'undetermined',
    });
    const offline = await center.ok('bacsi', 'signing.verify', { documentId });
    expect(offline.verdict).toMatchObject({ state: 'undetermined' });
    expect(offline.verdict.reasons).toContain('revocation_unknown');
    center.ca.line = true;
    // a service that did not answer is not asked again at once
    center.clock.now += 4 * 60_000;
    expect((await center.ok('bacsi', 'signing.verify', { documentId })).verdict.state).toBe('valid');
    expect((await stepsOf(center, 'bacsi', documentId))[0]?.signature).toMatchObject({ state: 'valid' });
  });

  it('is the house’s to set: time-stamps, idle minutes, module paths of this PC', async () => {
    const settings = await center.ok('admin', 'signing.settings', {});
    expect(settings).toMatchObject({
      timeStampUrl: null,
      idleMinutes: 5,
      modulePaths: [],
      waitingForStamp: 0,
    });
    const set = { timeStampUrl: 'http://tsa.test/', idleMinutes: 8, modulePaths: ['/usr/lib/x.so'] };
    await center.ok('admin', 'signing.saveSettings', set);
    expect(await center.ok('admin', 'signing.settings', {})).toMatchObject(set);
    expect((await center.refused('bacsi', 'signing.saveSettings', set)).code).toBe('not_allowed');
    expect(
      (await center.refused('admin', 'signing.saveSettings', { ...set, timeStampUrl: 'file:///etc/passwd' }))
        .code,
    ).toBe('bad_input');
    expect((await center.refused('bacsi', 'signing.trainingToken', { present: true })).code).toBe(
      'not_allowed',
    );
  });
});

const queued = (one: { document: { documentId: string }; content: string; step: string }) => ({
  documentId: one.document.documentId,
  content: one.content,
  step: one.step,
});
