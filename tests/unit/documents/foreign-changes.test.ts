// What a hostile PC writes about a paper: no token seals what is no confirmation, no signature goes into a file that is
// not this paper's, nobody is handed such a file, and one paper spoilt is one paper.
import { createPrivateKey, sign } from 'node:crypto';
import { afterAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { signaturesFor } from '../../../electron/signing/desk/make.ts';
import type { Papers } from '../../../electron/signing/desk/papers-port.ts';
import type { SigningKey } from '../../../electron/signing/types.ts';
import { type Blobs, blobsOf } from '../../../electron/store/blobs.ts';
import { sha256Hex } from '../../../electron/store/crypto.ts';
import type { OpenStore } from '../../../electron/store/types.ts';
import { ok } from '../../../shared/api/contract.ts';
import type { ChangeKind } from '../../../shared/model/change.ts';
import {
  documentConfirm,
  documentDelegate,
  documentEvidence,
  documentFreeze,
  documentSign,
} from '../../../shared/model/documents.ts';
import { canonicalJson } from '../../../shared/text/canonical-json.ts';
import { type ForeignStation, foreignStation } from '../support/foreign-station.ts';
import { hire } from '../support/open-test-core.ts';
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
  stepsOf,
} from '../support/paper-center.ts';

// files share what was loaded before them: the program is loaded anew so that its store can be had, and once more after
vi.hoisted(() => vi.resetModules());
afterAll(() => {
  vi.resetModules();
});
const opened: OpenStore[] = [];
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
const consent = {
  loai: 'cap_cuu',
  da_tu_van: ['chan_doan', 'rui_ro'],
  phuong_phap: 'noi_soi',
  nguy_co: ['chay_mau'],
  y_kien: 'dong_y',
  bs_ten: 'Người bacsi',
  chan_doan: { text: 'Viêm ruột thừa', code: 'K35' },
  ten_pttt: 'Cắt ruột thừa nội soi',
  nb_ten: 'Giàng A Páo',
  ngay_ky: 1_793_900_000_000,
};

type Paper = Awaited<ReturnType<typeof frozenPaper>>;

let center: PaperCenter;
let foreign: ForeignStation;
let files: Blobs;
const store = (): OpenStore => opened.at(-1)!;
beforeEach(async () => {
  center = await paperCenter();
  foreign = foreignStation(store, () => center.clock.now);
  files = blobsOf(store());
});

const bodiesOf = (kind: ChangeKind, { documentId }: Paper): Record<string, unknown>[] =>
  store()
    .changesOf('document', documentId)
    .filter((change) => change.kind === kind.kind)
    .map(({ body }) => body);
const freezeOf = (paper: Paper) => documentFreeze.body.parse(bodiesOf(documentFreeze, paper)[0]);
const signsOf = (paper: Paper) => bodiesOf(documentSign, paper).map((body) => documentSign.body.parse(body));
const write = (kind: ChangeKind, { documentId }: Paper, author: string, body: Record<string, unknown>) =>
  foreign.writes(kind, { documentId, patientId: center.patientId, author }, body);

async function signAt(who: Person, paper: Paper, at: string) {
  await read(center, who, paper);
  await openToken(center, who);
  const { documentId, content } = paper;
  return (await signed(center, who, [{ documentId, content, step: at }])).map((one) => one.code ?? one.step);
}
const verified = async ({ documentId }: Paper) =>
  (await center.ok('bacsi', 'signing.verify', { documentId })).verdict;

/** As the program writes it, for the patient’s step of the consent. */
function byHand(paper: Paper, more: Record<string, unknown> = {}) {
  const { pdf } = freezeOf(paper);
  return {
    type: 'tram.paper.evidence',
    version: 1,
    document: { title: 'Giấy', mediaType: 'application/pdf', bytes: 1, sha256: pdf },
    ...{ content: paper.content, step: 'nguoi_benh', at: '2026-11-22T00:00:00.000Z', center: null },
    ...{ station: { id: 'x', name: 'x' }, operator: { id: 'x', name: 'x' } },
    patient: { id: center.patientId, name: 'Giàng A Páo' },
    ...{ person: { name: 'Giàng A Páo', relation: null }, witness: 'x', ...more },
  };
}
const confirmation = (paper: Paper, evidence: string, at = 'nguoi_benh') => ({
  ...{ content: paper.content, step: at, way: 'paper', evidence, name: 'x', relation: null, witness: 'x' },
});

describe('a token seals', () => {
  it('no other paper’s content that somebody says was confirmed at a step there is not', async () => {
    const paper = await frozenPaper(center, form, values);
    const other = await frozenPaper(center, form, { ...values, huong_dieu_tri: 'Cắt cụt chân' });
    const content = (await files.get(other.content))?.toString() ?? '';
    write(documentConfirm, paper, center.people.dieuduong, confirmation(paper, content, 'khong_co'));
    expect(await signAt('bacsi', paper, step)).toEqual(['item', 'signed', 'done']);
    expect(signsOf(paper).map(({ over, digest }) => [over, digest])).toEqual([['content', paper.content]]);
  });

  it('at the patient’s step only a confirmation of these pages by this patient, in its one spelling', async () => {
    const spoilt: readonly ((paper: Paper, other: Paper) => Promise<string> | string)[] = [
      async (_paper, other) => (await files.get(other.content))?.toString() ?? '',
      (paper) => canonicalJson({ ...byHand(paper), type: 'tram.document' }),
      (paper) => canonicalJson({ ...byHand(paper), type: 'ngan_hang' }),
      (paper) => canonicalJson({ ...byHand(paper), step: 'phau_thuat_vien' }),
      (paper) => canonicalJson({ ...byHand(paper), patient: { id: center.people.bacsi, name: 'x' } }),
      (paper, other) => canonicalJson({ ...byHand(paper), document: byHand(other).document }),
      (paper) => JSON.stringify(byHand(paper)),
      (paper) => `{"type":"tram.document",${canonicalJson(byHand(paper)).slice(1)}`,
      () => 'không phải JSON',
    ];
    const other = await frozenPaper(center, 'cam-ket-phau-thuat-thu-thuat', { ...consent, nb_ten: 'Khác' });
    for (const evidence of spoilt) {
      const paper = await frozenPaper(center, 'cam-ket-phau-thuat-thu-thuat', consent);
      const said = await evidence(paper, other);
      write(documentConfirm, paper, center.people.dieuduong, confirmation(paper, said));
      await signAt('bacsi', paper, 'phau_thuat_vien');
      expect(
        signsOf(paper).map(({ over }) => over),
        said,
      ).toEqual(['content']);
    }
  });

  it('of two confirmations at one step the one that counts, once', async () => {
    const paper = await frozenPaper(center, 'cam-ket-phau-thuat-thu-thuat', consent);
    const first = canonicalJson(byHand(paper));
    write(documentConfirm, paper, center.people.dieuduong, confirmation(paper, first));
    const second = canonicalJson(byHand(paper, { witness: 'khác' }));
    write(documentConfirm, paper, center.people.dieuduong, confirmation(paper, second));
    await signAt('bacsi', paper, 'bac_si_gay_me');
    await signAt('bacsi', paper, 'phau_thuat_vien');
    const seals = signsOf(paper).filter(({ over }) => over === 'evidence');
    expect(seals.map(({ digest }) => digest)).toEqual([sha256Hex(first)]);
  });
});

describe('a signature in the PDF', () => {
  const discharge = () => frozenPaper(center, 'giay-ra-vien', dischargeValues);
  const doctor = 'nguoi_hanh_nghe';

  it('goes into the frozen pages, whatever file a signature that does not count names', async () => {
    const paper = await discharge();
    const other = await frozenPaper(center, form, { ...values, huong_dieu_tri: 'Giấy nợ' });
    const evil = freezeOf(other).pdf;
    write(documentSign, paper, center.people.giamdoc, {
      ...{ content: paper.content, step: 'zz', over: 'content', digest: paper.content },
      ...{ container: new Uint8Array([1, 2, 3]), certificate: '0'.repeat(64), signer: 'x', role: 'x' },
      ...{ signedPdf: evil, revocation: { how: 'none', asOf: null } },
    });
    expect(await signAt('bacsi', paper, doctor)).toEqual(['item', 'signed', 'done']);
    const made = await files.get(signsOf(paper).at(-1)?.signedPdf ?? '');
    const frozen = await files.get(freezeOf(paper).pdf);
    expect(made && frozen && made.subarray(0, frozen.length).equals(frozen)).toBe(true);
  });

  it('is shown from the last good file, whatever file its evidence or another change names later', async () => {
    const paper = await discharge();
    const { documentId, content } = paper;
    const other = await frozenPaper(center, form, values);
    await signAt('bacsi', paper, doctor);
    const [own] = signsOf(paper);
    const container = own?.container ?? new Uint8Array();
    const shown = async () =>
      (await center.ok('bacsi', 'documents.pdf', { documentId, content, signed: true })).sha256;
    expect(await shown()).toBe(own?.signedPdf);
    // another paper's pages · this paper's pages with nobody's signature in them
    for (const evil of [freezeOf(other).pdf, freezeOf(paper).pdf]) {
      write(documentSign, paper, center.people.bacsi, {
        ...{ ...own, container: new Uint8Array([7]), signedPdf: evil, step: 'zz' },
      });
      write(documentEvidence, paper, center.people.bacsi, {
        ...{ container: sha256Hex(container), stamped: null, ocsp: [], crl: [], signedPdf: evil },
      });
      expect(await shown()).toBe(own?.signedPdf);
    }
    // and the director signs what the doctor has signed
    await signAt('giamdoc', paper, 'dai_dien');
    const { signatures } = await verified(paper);
    expect(
      signatures.flatMap(({ kind, signer, state }) => (kind === 'PAdES' ? [[signer, state]] : [])),
    ).toEqual([
      ['Người bacsi', 'valid'],
      ['Người giamdoc', 'valid'],
    ]);
  });

  it('is not lost when somebody signs at another step at the same time', async () => {
    const paper = await frozenPaper(center, 'tom-tat-ho-so-benh-an', {
      ...{ dia_chi: 'x', qua_trinh: 'x', ket_qua_cls: 'x', noi_khoa: 'x', tinh_trang: '1' },
    });
    const { documentId, content } = paper;
    for (const who of ['bacsi', 'giamdoc'] as const) {
      await read(center, who, paper);
      await openToken(center, who);
    }
    const news = await Promise.all([
      signed(center, 'bacsi', [{ documentId, content, step: 'bac_si' }]),
      signed(center, 'giamdoc', [{ documentId, content, step: 'dai_dien' }]),
    ]);
    // a required step that is done closes an optional one before it
    expect(news[1]?.map((one) => one.code ?? one.step)).toEqual(['item', 'signed', 'done']);
    expect(news[0]?.map((one) => one.code ?? one.step)).toEqual(['item', 'signed', 'done']);
    const { state, signatures } = await verified(paper);
    expect([state, signatures.map((one) => one.kind)]).toEqual([
      'valid',
      ['CAdES', 'CAdES', 'PAdES', 'PAdES'],
    ]);
  });

  it('that is in no file of the paper, because two signed apart, is missed; over the content both hold', async () => {
    const paper = await discharge();
    const { documentId, content } = paper;
    await signAt('bacsi', paper, doctor);
    const [doctors] = signsOf(paper);
    // as the director's PC made it, to which the doctor's file had not come
    const { pdf } = freezeOf(paper);
    const made = await apart('giamdoc', content, pdf, await openToken(center, 'giamdoc'));
    write(documentSign, paper, center.people.giamdoc, { ...made, content, step: 'dai_dien' });
    expect((await stepsOf(center, 'bacsi', documentId)).map((one) => one.state).slice(0, 2)).toEqual([
      'done',
      'done',
    ]);
    const { state, reasons, signatures } = await verified(paper);
    expect([state, reasons]).toEqual(['undetermined', expect.arrayContaining(['signed_apart'])]);
    expect(signatures.map((one) => [one.kind, one.signer, one.state])).toEqual([
      ['CAdES', 'Người bacsi', 'valid'],
      ['CAdES', 'Người giamdoc', 'valid'],
      ['PAdES', 'Người bacsi', 'valid'],
    ]);
    const shown = await center.ok('bacsi', 'documents.pdf', { documentId, content, signed: true });
    expect(shown.sha256).toBe(doctors?.signedPdf);
  });

  it('on top of another’s at the same step, made apart, is missed in the same way', async () => {
    const paper = await discharge();
    const { content } = paper;
    await signAt('bacsi', paper, doctor);
    // without a line the head signed at the doctor's step, and the director after the head
    const heads = await apart('truong', content, freezeOf(paper).pdf, await openToken(center, 'truong'));
    write(documentSign, paper, center.people.truong, { ...heads, content, step: doctor });
    const top = await apart('giamdoc', content, heads.signedPdf ?? '', await openToken(center, 'giamdoc'));
    write(documentSign, paper, center.people.giamdoc, { ...top, content, step: 'dai_dien' });
    const { state, reasons, signatures } = await verified(paper);
    expect([state, reasons]).toEqual(['undetermined', expect.arrayContaining(['signed_apart'])]);
    expect(signatures.flatMap((one) => (one.kind === 'CAdES' ? [[one.signer, one.state]] : []))).toEqual([
      ['Người bacsi', 'valid'],
      ['Người truong', 'valid'],
      ['Người giamdoc', 'valid'],
    ]);
  });

  it('is not there when another file was put in its place', async () => {
    const paper = await discharge();
    const { content } = paper;
    await signAt('bacsi', paper, doctor);
    const own = await openToken(center, 'giamdoc');
    const made = await apart('giamdoc', content, freezeOf(paper).pdf, own);
    // with somebody in it who has signed nothing of this paper
    const { signedPdf } = await apart('dieuduong', content, made.signedPdf ?? '');
    for (const evil of [signedPdf, freezeOf(paper).pdf]) {
      write(documentSign, paper, center.people.giamdoc, {
        ...made,
        content,
        step: 'dai_dien',
        signedPdf: evil,
      });
      const { state, reasons } = await verified(paper);
      expect([state, reasons]).toEqual(['invalid', expect.arrayContaining(['not_whole_file'])]);
    }
  });

  it('whose file is not on this PC yet is waited for, not signed over', async () => {
    const paper = await discharge();
    const { documentId, content } = paper;
    const { pdf } = freezeOf(paper);
    const made = await apart('bacsi', content, pdf);
    const elsewhere = sha256Hex('not here yet');
    write(documentSign, paper, center.people.bacsi, {
      ...{ ...made, content, step: doctor, signedPdf: elsewhere },
    });
    expect(await signAt('giamdoc', paper, 'dai_dien')).toEqual(['item', 'document_not_here', 'done']);
    const asked = { documentId, content, signed: true };
    expect((await center.refused('bacsi', 'documents.pdf', asked)).code).toBe('document_not_here');
    expect((await verified(paper)).reasons).toContain('content_missing');
  });

  /** Somebody's own signature, made at another PC over the frozen pages alone. */
  async function apart(
    who: Person,
    content: string,
    frozen: string,
    { der, pem } = center.ca.person(`Người ${who}`, null),
  ) {
    const [bytes, pdf] = [await files.get(content), await files.get(frozen)];
    if (!bytes || !pdf) throw new Error('no files');
    const key: SigningKey = {
      ...{ certificate: der, chain: [], algorithms: ['ecdsa-p256-sha256'] },
      sign: async (data) => ok(sign('sha256', data, createPrivateKey(pem))),
    };
    const signed = await signaturesFor(
      { key, name: `Người ${who}`, revocation: null },
      {
        ...{ title: 'x', kind: 'staff', label: 'x', role: 'x', content: bytes, evidence: [], box: null },
        ...{ pdf, base: null },
      },
      {
        papers: { keepFile: (file: Uint8Array) => files.put(file) } as Papers,
        stamper: () => null,
        now: () => center.clock.now,
      },
    );
    if (!signed.ok) throw new Error(signed.error.code);
    const [made] = signed.value;
    return { ...made, container: new Uint8Array(made?.container ?? []) };
  }
});

describe('one paper spoilt', () => {
  it('by a content that says nothing is refused by name, and the next is signed', async () => {
    const spoilt = await frozenPaper(center, 'giay-ra-vien', dischargeValues);
    const good = await frozenPaper(center, form, values);
    const junk = Buffer.from('{}');
    await files.put(junk);
    const content = sha256Hex(junk);
    const freeze = freezeOf(spoilt);
    write(documentFreeze, spoilt, center.people.bacsi, {
      ...{ ...freeze, content, previous: spoilt.content, reason: 'x' },
    });
    const { documentId } = spoilt;
    await read(center, 'bacsi', { documentId, content, pages: freeze.pages }).catch(() => {});
    await read(center, 'bacsi', good);
    await openToken(center, 'bacsi');
    const news = await signed(center, 'bacsi', [
      { documentId, content, step: 'nguoi_hanh_nghe' },
      { documentId: good.documentId, content: good.content, step },
    ]);
    expect(news.map((one) => [one.step, one.done])).toEqual([
      ['item', 0],
      ['failed', 0],
      ['item', 0],
      ['signed', 1],
      ['done', 1],
    ]);
    expect(['document_altered', 'not_read', 'stale']).toContain(news[1]?.code);
    expect((await verified(good)).state).toBe('valid');
  });
});

describe('standing in', () => {
  it('is not for whoever has signed already, nor for one below, whoever says so', async () => {
    const paper = await frozenPaper(center, 'giay-ra-vien', dischargeValues);
    const { documentId, content } = paper;
    await signAt('bacsi', paper, 'nguoi_hanh_nghe');
    const ask = { documentId, content, step: 'dai_dien', to: center.people.bacsi as never, reason: 'đi họp' };
    expect((await center.refused('giamdoc', 'signing.delegate', ask)).code).toBe('not_allowed');
    for (const to of [center.people.bacsi, center.people.truong])
      write(documentDelegate, paper, center.people.giamdoc, { content, step: 'dai_dien', to, reason: 'x' });
    expect(await signAt('truong', paper, 'dai_dien')).toEqual(['item', 'not_allowed', 'done']);
    expect((await stepsOf(center, 'bacsi', documentId))[1]?.state).toBe('waiting');
  });
});

describe('a version somebody has signed', () => {
  it('gives way only to one of its writer or of the head of department', async () => {
    await hire(center, 'bacsi2', ['bac_si_dieu_tri']);
    const { patientId, admissionId } = center;
    const paper = await frozenPaper(center, form, values);
    const { documentId } = paper;
    await signAt('bacsi', paper, step);
    const changed = { tom_tat: 'Sửa của người khác' };
    await center.core.invoke('bacsi2', 'documents.save', {
      ...{ documentId, form, patientId, admissionId, values: changed },
    });
    const again = { documentId, reason: 'sửa' };
    expect((await center.refused('bacsi2', 'documents.freeze', again)).code).toBe('not_allowed');
    expect(await center.ok('bacsi', 'documents.open', { documentId })).toMatchObject({
      ...{ state: 'signed', content: paper.content },
    });
    await center.ok('truong', 'documents.freeze', again);
  });
});

describe('a preview', () => {
  it('is drawn for those who write the form, with what its fields hold', async () => {
    const { patientId, admissionId } = center;
    const asked = (more: object) => ({ form, patientId, admissionId, values: more });
    expect((await center.refused('dieuduong', 'documents.preview', asked(values))).code).toBe('not_allowed');
    expect((await center.refused('bacsi', 'documents.preview', asked({ khong_co: 'x' }))).code).toBe(
      'bad_input',
    );
    await center.ok('bacsi', 'documents.preview', asked(values) as never);
  });
});
