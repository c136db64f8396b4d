// What a hostile PC writes about who signed: a container counts once, for its own paper, step, author and certificate;
// what is no signature keeps nobody from signing; a freeze counts as far as its content says the same.
import { createPrivateKey, sign } from 'node:crypto';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { provenVersion } from '../../../electron/clinic/documents/proven.ts';
import { rowOf } from '../../../electron/clinic/documents/rows.ts';
import { signCades } from '../../../electron/signing/cms/index.ts';
import { blobsOf } from '../../../electron/store/blobs.ts';
import { sha256Hex } from '../../../electron/store/crypto.ts';
import type { OpenStore } from '../../../electron/store/types.ts';
import { ok } from '../../../shared/api/contract.ts';
import type { Input } from '../../../shared/api/index.ts';
import type { ChangeKind } from '../../../shared/model/change.ts';
import { documentEvidence, documentFreeze, documentSign } from '../../../shared/model/documents.ts';
import { canonicalJson, type Json } from '../../../shared/text/canonical-json.ts';
import { type ForeignStation, foreignStation } from '../support/foreign-station.ts';
import {
  admissionPaper,
  dischargeValues,
  frozenPaper,
  openToken,
  type PaperCenter,
  type Person,
  paperCenter,
  read,
  signed,
} from '../support/paper-center.ts';

const opened: OpenStore[] = [];
// files share what is loaded, and the store is opened deep inside it
vi.hoisted(() => vi.resetModules());
vi.mock('../../../electron/store/open.ts', async (original) => {
  const real = await original<typeof import('../../../electron/store/open.ts')>();
  return {
    ...real,
    openStore(...asked: Parameters<typeof real.openStore>) {
      const result = real.openStore(...asked);
      if (result.ok) opened.push(result.value);
      return result;
    },
  };
});

const { form, step, values } = admissionPaper;
const doctor = 'nguoi_hanh_nghe';
const director = 'dai_dien';

type Paper = Awaited<ReturnType<typeof frozenPaper>>;

let center: PaperCenter;
let foreign: ForeignStation;
const store = (): OpenStore => opened.at(-1)!;
beforeEach(async () => {
  center = await paperCenter();
  foreign = foreignStation(store, () => center.clock.now);
});

const discharge = (): Promise<Paper> => frozenPaper(center, 'giay-ra-vien', dischargeValues);
const bodiesOf = (kind: ChangeKind, { documentId }: Paper) =>
  store()
    .changesOf('document', documentId)
    .filter((change) => change.kind === kind.kind)
    .map(({ body }) => body);
const freezeOf = (paper: Paper) => documentFreeze.body.parse(bodiesOf(documentFreeze, paper)[0]);
const signOf = (paper: Paper) => documentSign.body.parse(bodiesOf(documentSign, paper)[0]);
const write = (kind: ChangeKind, { documentId }: Paper, author: string, body: Record<string, unknown>) =>
  foreign.writes(kind, { documentId, patientId: center.patientId, author }, body);
const noise = ({ content }: Paper, at: string) => ({
  ...{ content, step: at, over: 'content', digest: content, container: new Uint8Array([1]) },
  ...{ certificate: '0'.repeat(64), signer: 'x', role: 'x', signedPdf: null },
  revocation: { how: 'none', asOf: null },
});

async function signAt(who: Person, paper: Paper, at: string) {
  await read(center, who, paper);
  await openToken(center, who);
  const { documentId, content } = paper;
  return (await signed(center, who, [{ documentId, content, step: at }])).map((one) => one.code ?? one.step);
}
const verdictOn = async ({ documentId }: Paper) =>
  (await center.ok('bacsi', 'signing.verify', { documentId })).verdict;
const shown = async ({ documentId }: Paper) => {
  const { state, steps } = await center.ok('bacsi', 'documents.open', { documentId });
  return { state, steps: steps.map((one) => [one.step, one.state, one.signature?.state ?? null]) };
};

describe('a container', () => {
  it('of one paper does no step of another, though it was found valid there', async () => {
    const one = await frozenPaper(center, form, values);
    const other = await frozenPaper(center, form, { ...values, tom_tat: 'Khác hẳn' });
    await signAt('bacsi', one, step);
    expect((await verdictOn(one)).state).toBe('valid');
    // whatever it says it covers
    for (const digest of [other.content, one.content])
      write(documentSign, other, center.people.truong, {
        ...{ ...signOf(one), content: other.content, digest, signer: 'Người truong' },
      });
    expect(await shown(other)).toEqual({
      state: 'signing',
      steps: expect.arrayContaining([[step, 'waiting', null]]),
    });
    expect((await verdictOn(other)).state).toBe('invalid');
    expect((await shown(other)).state).toBe('signing');
    expect(await shown(one)).toEqual({
      state: 'signed',
      steps: expect.arrayContaining([[step, 'done', 'valid']]),
    });
  });

  it('does one step, for its own author', async () => {
    const paper = await discharge();
    await signAt('bacsi', paper, doctor);
    const own = signOf(paper);
    // of whoever it is said to be, and of the doctor himself, who is no director
    for (const [author, signer] of [
      [center.people.giamdoc, 'Người giamdoc'],
      [center.people.bacsi, own.signer],
    ] as const)
      write(documentSign, paper, author, { ...own, step: director, signer });
    expect((await shown(paper)).state).toBe('signing');
    const { state, reasons } = await verdictOn(paper);
    expect([state, reasons]).toEqual(['invalid', expect.arrayContaining(['other_person', 'not_entitled'])]);
    // and the director signs all the same, after which nothing is wrong with the paper
    expect(await signAt('giamdoc', paper, director)).toEqual(['item', 'signed', 'done']);
    expect((await verdictOn(paper)).state).toBe('valid');
    expect((await shown(paper)).state).toBe('signed');
  });

  it('truly its author’s does no step they have no role of, and who has waits in the queue again', async () => {
    const paper = await discharge();
    await signAt('bacsi', paper, doctor);
    const { der, pem, id } = await openToken(center, 'dieuduong');
    const container = await signCades({
      content: (await blobsOf(store()).get(paper.content))!,
      key: {
        ...{ certificate: der, chain: [], algorithms: ['ecdsa-p256-sha256'] },
        sign: async (data) => ok(sign('sha256', data, createPrivateKey(pem))),
      },
      ...{ algorithm: 'ecdsa-p256-sha256', at: center.clock.now },
    });
    write(documentSign, paper, center.people.dieuduong, {
      ...noise(paper, director),
      ...{ container: new Uint8Array(container.ok ? container.value : []), certificate: id },
      signer: 'Người dieuduong',
    });
    const waiting = async () =>
      (await center.ok('giamdoc', 'signing.queue', {})).mine.map((one) => [
        one.document.documentId,
        one.step,
      ]);
    // nobody has opened the paper
    const known = store().sql.prepare("SELECT document_id FROM signature_verdict WHERE state = 'invalid'");
    await vi.waitFor(() => expect(known.pluck().all()).toEqual([paper.documentId]), 10_000);
    const { state, reasons } = await verdictOn(paper);
    expect([state, reasons]).toEqual(['invalid', expect.arrayContaining(['not_entitled'])]);
    expect(await shown(paper)).toEqual({
      state: 'signing',
      steps: expect.arrayContaining([[director, 'waiting', 'invalid']]),
    });
    expect(await waiting()).toContainEqual([paper.documentId, director]);
    expect(await signAt('giamdoc', paper, director)).toEqual(['item', 'signed', 'done']);
    expect(await waiting()).toEqual([]);
    expect((await shown(paper)).state).toBe('signed');
    expect((await verdictOn(paper)).state).toBe('valid');
  });

  it('that is noise does no step, and keeps nobody from signing', async () => {
    const paper = await discharge();
    write(documentSign, paper, center.people.giamdoc, noise(paper, director));
    write(documentSign, paper, center.people.bacsi, noise(paper, doctor));
    expect(await signAt('bacsi', paper, doctor)).toEqual(['item', 'signed', 'done']);
    expect(await signAt('giamdoc', paper, director)).toEqual(['item', 'signed', 'done']);
    expect((await verdictOn(paper)).state).toBe('valid');
    expect((await shown(paper)).state).toBe('signed');
  });

  it('stays its author’s when they have another role today', async () => {
    const paper = await frozenPaper(center, form, values);
    await signAt('bacsi', paper, step);
    const userId = center.people.bacsi as Input<'access.updateUser'>['userId'];
    await center.ok('admin', 'access.updateUser', { userId, roles: ['khth'] });
    expect((await verdictOn(paper)).state).toBe('valid');
  });
});

describe('evidence', () => {
  it('that is not the same signature with a time-stamp is passed over, and one is still fetched', async () => {
    const paper = await frozenPaper(center, form, values);
    await signAt('bacsi', paper, step);
    const own = signOf(paper);
    const container = sha256Hex(own.container);
    for (const stamped of [new Uint8Array([48, 0]), own.container])
      write(documentEvidence, paper, center.people.bacsi, {
        ...{ container, stamped, ocsp: [], crl: [], signedPdf: null },
      });
    expect((await verdictOn(paper)).state).toBe('valid');
    expect((await center.ok('admin', 'signing.settings', {})).waitingForStamp).toBe(1);
  });
});

describe('a version', () => {
  it('whose content is another paper’s is neither shown nor signed', async () => {
    const paper = await frozenPaper(center, form, values);
    const other = await frozenPaper(center, form, { ...values, huong_dieu_tri: 'Cắt cụt chân' });
    const { content } = other;
    write(documentFreeze, paper, center.people.bacsi, {
      ...{ ...freezeOf(paper), content, previous: paper.content, reason: 'x' },
    });
    const { documentId } = paper;
    expect((await center.refused('bacsi', 'documents.pdf', { documentId, content })).code).toBe(
      'document_altered',
    );
    await openToken(center, 'bacsi');
    const news = await signed(center, 'bacsi', [{ documentId, content, step }]);
    expect(news.map((one) => one.step)).not.toContain('signed');
    expect((await verdictOn(paper)).state).not.toBe('valid');
  });

  it('keeps its steps when somebody freezes the same content with fewer', async () => {
    const paper = await discharge();
    await signAt('bacsi', paper, doctor);
    const freeze = freezeOf(paper);
    write(documentFreeze, paper, center.people.bacsi, {
      ...{ ...freeze, previous: paper.content, steps: freeze.steps.slice(0, 1) },
    });
    const { state, steps } = await shown(paper);
    expect([state, steps.length]).toEqual(['signing', freeze.steps.length]);
  });

  it('is proven by content of its own paper, patient, pages, title, values and steps in its one spelling', async () => {
    const paper = await discharge();
    const row = rowOf(store().sql, paper.documentId)!;
    const bytes = (await blobsOf(store()).get(paper.content))!;
    expect(provenVersion(row, paper.content, bytes).ok).toBe(true);
    const [version] = JSON.parse(row.frozen);
    const lies = [
      { pdf: sha256Hex('x') },
      { pages: 9 },
      { title: 'Giấy khác' },
      { values: sha256Hex('x') },
      { steps: version.steps.slice(1) },
      { steps: version.steps.toReversed() },
      { steps: version.steps.map((one: object) => ({ ...one, roles: ['dieu_duong'] })) },
      { steps: version.steps.map((one: object) => ({ ...one, optional: true })) },
    ];
    const code = (more: object, content: string, said: Buffer): string => {
      const proven = provenVersion({ ...row, ...more }, content, said);
      return proven.ok ? 'ok' : proven.error.code;
    };
    for (const lie of lies) {
      const frozen = JSON.stringify([{ ...version, ...lie }]);
      expect(code({ frozen }, paper.content, bytes), JSON.stringify(lie)).toBe('document_altered');
    }
    expect(code({ id: center.patientId }, paper.content, bytes)).toBe('document_altered');
    expect(code({ patient_id: center.people.bacsi }, paper.content, bytes)).toBe('document_altered');
    // named truly, and not what a content looks like
    const said = JSON.parse(bytes.toString());
    const spellings: readonly string[] = [
      JSON.stringify(said, null, 1),
      `{"body":{},${bytes.toString().slice(1)}`,
      canonicalJson({ ...said, bodySha256: sha256Hex('x') } as Json),
      canonicalJson({ ...said, more: 1 } as Json),
      bytes.toString().replace('"author":{', '"author":{"name":"\\ud800",'),
      '{}',
      'không phải JSON',
    ];
    for (const text of spellings) {
      const content = sha256Hex(Buffer.from(text));
      const frozen = JSON.stringify([{ ...version, content }]);
      expect(code({ frozen }, content, Buffer.from(text)), text.slice(0, 60)).toBe('document_altered');
    }
    expect(code({}, sha256Hex('x'), bytes)).toBe('not_found');
    expect(code({}, paper.content, Buffer.from('x'))).toBe('document_altered');
  });

  it('whose PDF is not on this PC is not called valid', async () => {
    const paper = await discharge();
    await signAt('bacsi', paper, doctor);
    expect((await verdictOn(paper)).state).toBe('valid');
    for (const file of [signOf(paper).signedPdf, freezeOf(paper).pdf])
      store().local((sql) => {
        const id = sql.prepare('SELECT id FROM blob WHERE hash = unhex(?)').pluck().get(file);
        sql.prepare('DELETE FROM blob_chunk WHERE blob = ?').run(id);
        sql.prepare('DELETE FROM blob WHERE id = ?').run(id);
      });
    const { state, reasons } = await verdictOn(paper);
    expect([state, reasons]).toEqual(['undetermined', expect.arrayContaining(['content_missing'])]);
  });
});
