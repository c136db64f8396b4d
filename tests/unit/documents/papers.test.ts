// Papers as people write them: filled from the record, frozen, signed in order, refused, asked of somebody else.
import { describe, expect, it } from 'vitest';
import { bodyHashOf } from '../../../electron/print/index.ts';
import { sha256Hex } from '../../../electron/store/crypto.ts';
import { ok } from '../../../shared/api/contract.ts';
import type { Input } from '../../../shared/api/index.ts';
import { canonicalJson } from '../../../shared/text/canonical-json.ts';
import { hire, staffPassword } from '../support/open-test-core.ts';
import { openedStore } from '../support/opened-store.ts';
import {
  dischargeValues,
  frozenPaper,
  openToken,
  type PaperCenter,
  paperCenter,
  read,
  signed,
  stepsOf,
} from '../support/paper-center.ts';

const form = 'giay-ra-vien';

describe('a paper', () => {
  it('is filled from the record, takes what people type, and keeps what it was given', async () => {
    const center = await paperCenter();
    const { patientId, admissionId } = center;
    const { values } = await center.ok('bacsi', 'documents.fill', { form, patientId, admissionId });
    expect(values.ho_ten).toBe('GIÀNG A PÁO');
    const saved = await center.ok('bacsi', 'documents.save', {
      documentId: null,
      form,
      patientId,
      admissionId,
      values: { ...values, phuong_phap: 'Nội khoa' },
    });
    const page = await center.ok('bacsi', 'documents.open', saved);
    expect(page.values).toMatchObject({ ho_ten: 'GIÀNG A PÁO', phuong_phap: 'Nội khoa' });
    expect(page).toMatchObject({ state: 'draft', content: null, patientName: 'Giàng A Páo', steps: [] });
    const { documents } = await center.ok('dieuduong', 'documents.ofPatient', { patientId });
    expect(documents.map((d) => d.documentId)).toEqual([saved.documentId]);
  });

  it('is written only by those the form is for, and only with what its fields hold', async () => {
    const center = await paperCenter();
    const { patientId, admissionId } = center;
    const write = (values: object) => ({ documentId: null, form, patientId, admissionId, values });
    expect((await center.refused('dieuduong', 'documents.save', write(dischargeValues))).code).toBe(
      'not_allowed',
    );
    const wrong = await center.refused(
      'bacsi',
      'documents.save',
      write({ vao_vien: 'hôm qua', khong_co: 'x' }),
    );
    expect(wrong).toMatchObject({
      code: 'bad_input',
      fields: { 'values.vao_vien': 'field.bad_value', 'values.khong_co': 'field.bad_value' },
    });
    expect((await center.refused('bacsi', 'documents.save', { ...write({}), form: 'khong_co' })).code).toBe(
      'form_unknown',
    );
    await hire(center, 'clerk', ['tiep_don']);
    expect((await center.refused('clerk', 'documents.ofPatient', { patientId })).code).toBe('not_allowed');
  });

  it('is not frozen while a required field is empty, and says which', async () => {
    const center = await paperCenter();
    const { patientId, admissionId } = center;
    const { documentId } = await center.ok('bacsi', 'documents.save', {
      ...{ documentId: null, form, patientId, admissionId },
      values: { ...dischargeValues, phuong_phap: '' },
    });
    const refused = await center.refused('bacsi', 'documents.freeze', { documentId });
    expect(refused.code).toBe('field_missing');
    expect(refused.fields).toMatchObject({ 'values.phuong_phap': 'field.required' });
  });

  it('put on paper is in the list of who looked at the chart, also when it is printed again', async () => {
    const printers = {
      list: async () => [{ name: 'LBP', isDefault: true }],
      send: async () => ok({ systemJob: null }),
      has: async () => false,
      cancel: async () => {},
    };
    const center = await paperCenter({ printers });
    const { patientId } = center;
    const { documentId, content } = await frozenPaper(center, form, dischargeValues);
    const printed = await center.ok('dieuduong', 'print.add', {
      ...{ documentId, content, copies: 1, printer: 'LBP' },
    } as Input<'print.add'>);
    await center.ok('truong', 'print.again', printed);
    await hire(center, 'kiemsoat', ['kiem_soat']);
    const trail = await center.ok('kiemsoat', 'access.auditOfPatient', {
      patientId,
    } as Input<'access.auditOfPatient'>);
    const reads = trail
      .filter(({ action }) => action === 'read')
      .map(({ userName, what }) => [userName, what]);
    expect(reads.slice(0, 2)).toEqual([
      ['Người truong', 'print.again'],
      ['Người dieuduong', 'print.add'],
    ]);
  });

  it('names its PDF by hash, and the PDF names it', async () => {
    const center = await paperCenter();
    const { documentId, content, pages } = await frozenPaper(center, form, dischargeValues);
    const shown = await center.ok('bacsi', 'documents.pdf', { documentId, content });
    const pdf = Buffer.from(shown.pdf, 'base64');
    expect(sha256Hex(pdf)).toBe(shown.sha256);
    expect(shown.pages).toBe(pages);
    const bytes = await fileOf(center, content);
    expect(sha256Hex(bytes)).toBe(content);
    const said = JSON.parse(bytes.toString());
    expect(said.pdf).toMatchObject({ sha256: shown.sha256, bytes: pdf.length, pages });
    expect(said.pdf.boxes.map((box: { step: string }) => box.step)).toContain('nguoi_hanh_nghe');
    expect(said.bodySha256).toBe(sha256Hex(canonicalJson(said.body)));
    expect(await bodyHashOf(pdf)).toBe(said.bodySha256);
    expect(bytes.toString()).toBe(canonicalJson(said));
    expect(said.body).toMatchObject({
      document: documentId,
      form: { id: form, version: 1 },
      patient: { name: 'Giàng A Páo' },
      previous: null,
      training: false,
    });
  });

  it('once frozen is replaced only with a reason, and only when something was typed', async () => {
    const center = await paperCenter();
    const { patientId, admissionId } = center;
    const first = await frozenPaper(center, form, dischargeValues);
    const { documentId } = first;
    expect((await center.refused('bacsi', 'documents.freeze', { documentId, reason: 'x' })).code).toBe(
      'document_frozen',
    );
    await center.ok('bacsi', 'documents.save', {
      ...{ documentId, form, patientId, admissionId },
      values: { phuong_phap: 'Nội khoa, kháng sinh' },
    });
    expect((await center.ok('bacsi', 'documents.open', { documentId })).changedSince).toBe(true);
    expect((await center.refused('bacsi', 'documents.freeze', { documentId })).code).toBe('reason_required');
    const second = await center.ok('bacsi', 'documents.freeze', { documentId, reason: 'Ghi thiếu thuốc' });
    const page = await center.ok('bacsi', 'documents.open', { documentId });
    expect(page).toMatchObject({ content: second.content, changedSince: false, state: 'signing' });
    expect(page.frozen.map((one) => [one.content, one.reason])).toEqual([
      [second.content, 'Ghi thiếu thuốc'],
      [first.content, null],
    ]);
    // the old bytes are still to be had
    await center.ok('bacsi', 'documents.pdf', { documentId, content: first.content });
  });

  it('stays a draft when the pages cannot be drawn', async () => {
    const center = await paperCenter();
    center.press.broken = true;
    const { patientId, admissionId } = center;
    const { documentId } = await center.ok('bacsi', 'documents.save', {
      ...{ documentId: null, form, patientId, admissionId },
      values: { ...dischargeValues, gioi: '2' },
    });
    expect((await center.refused('bacsi', 'documents.freeze', { documentId })).code).toBe('print_failed');
    expect((await center.ok('bacsi', 'documents.open', { documentId })).state).toBe('draft');
  });

  it('is taken out of use by its writer or the head of department, with a reason', async () => {
    const center = await paperCenter();
    const { documentId, content } = await frozenPaper(center, form, dischargeValues);
    expect((await center.refused('dieuduong', 'documents.void', { documentId, reason: 'nhầm' })).code).toBe(
      'not_allowed',
    );
    await center.ok('truong', 'documents.void', { documentId, reason: 'Lập nhầm người' });
    expect((await center.ok('bacsi', 'documents.open', { documentId })).state).toBe('void');
    expect(await queueOf(center, 'bacsi')).toEqual([]);
    await openToken(center, 'bacsi');
    const news = await signed(center, 'bacsi', [{ documentId, content, step: 'nguoi_hanh_nghe' }]);
    expect(news.find((one) => one.step === 'failed')?.code).toBe('document_void');
  });

  it('is shown to nobody without the reading being written down', async () => {
    const center = await paperCenter();
    const { documentId } = await frozenPaper(center, form, dischargeValues);
    await center.ok('giamdoc', 'documents.open', { documentId });
    const trail = await center.ok('giamdoc', 'access.auditOfPatient', { patientId: center.patientId });
    expect(JSON.stringify(trail)).toContain('documents.open');
  });
});

describe('steps', () => {
  it('come one after the other, each to those who hold the role', async () => {
    const center = await paperCenter();
    const paper = await frozenPaper(center, form, dischargeValues);
    const { documentId, content } = paper;
    expect((await stepsOf(center, 'bacsi', documentId)).map((s) => [s.step, s.state])).toEqual([
      ['nguoi_hanh_nghe', 'waiting'],
      ['dai_dien', 'later'],
      ['co_so', 'later'],
    ]);
    expect(await queueOf(center, 'bacsi')).toEqual([[documentId, 'nguoi_hanh_nghe']]);
    // the writer's own first signature is not put before colleagues
    expect(await queueOf(center, 'truong')).toEqual([]);
    expect(await queueOf(center, 'giamdoc')).toEqual([]);
    await openToken(center, 'giamdoc');
    await read(center, 'giamdoc', paper);
    const early = await signed(center, 'giamdoc', [{ documentId, content, step: 'dai_dien' }]);
    expect(early.map((one) => one.code ?? one.step)).toEqual(['item', 'not_your_turn', 'done']);
    const wrong = await signed(center, 'giamdoc', [{ documentId, content, step: 'nguoi_hanh_nghe' }]);
    expect(wrong[1]?.code).toBe('not_allowed');

    await openToken(center, 'bacsi');
    await read(center, 'bacsi', paper);
    await signed(center, 'bacsi', [{ documentId, content, step: 'nguoi_hanh_nghe' }]);
    expect(await queueOf(center, 'giamdoc')).toEqual([[documentId, 'dai_dien']]);
    await signed(center, 'giamdoc', [{ documentId, content, step: 'dai_dien' }]);
    const page = await center.ok('bacsi', 'documents.open', { documentId });
    expect(page.state).toBe('signed');
    expect(page.steps.map((s) => [s.step, s.state, s.by])).toEqual([
      ['nguoi_hanh_nghe', 'done', 'Người bacsi'],
      ['dai_dien', 'done', 'Người giamdoc'],
      ['co_so', 'waiting', null],
    ]);
    expect(await queueOf(center, 'giamdoc')).toEqual([]);
  });

  it('sent back with a reason wait for the next version', async () => {
    const center = await paperCenter();
    const { documentId, content } = await frozenPaper(center, form, dischargeValues);
    expect(
      (
        await center.refused('dieuduong', 'signing.refuse', {
          documentId,
          content,
          step: 'nguoi_hanh_nghe',
          reason: 'x',
        })
      ).code,
    ).toBe('not_allowed');
    await center.ok('truong', 'signing.refuse', {
      ...{ documentId, content, step: 'nguoi_hanh_nghe' },
      reason: 'Chẩn đoán chưa rõ',
    });
    const page = await center.ok('bacsi', 'documents.open', { documentId });
    expect(page.state).toBe('refused');
    expect(page.steps[0]).toMatchObject({ state: 'refused', reason: 'Chẩn đoán chưa rõ' });
    const { others } = await center.ok('bacsi', 'signing.queue', {});
    expect(others.map((d) => d.documentId)).toEqual([documentId]);
    const again = await center.ok('bacsi', 'documents.freeze', {
      documentId,
      reason: 'Xem lại rồi, giữ nguyên',
    });
    expect(again.content).not.toBe(content);
    expect((await center.ok('bacsi', 'documents.open', { documentId })).state).toBe('signing');
  });

  it('are handed on by one who may sign, to one of the same rank or a higher one, and no further', async () => {
    const center = await paperCenter();
    await hire(center, 'phokhoa', ['truong_khoa']);
    const paper = await frozenPaper(center, 'benh-an-noi-khoa-tong-ket', closingValues);
    const { documentId, content } = paper;
    await openToken(center, 'bacsi');
    await read(center, 'bacsi', paper);
    await signed(center, 'bacsi', [{ documentId, content, step: 'bac_si_dieu_tri' }]);
    const item = { documentId, content, step: 'truong_khoa' };
    const { people } = await center.ok('truong', 'documents.signersFor', {
      documentId,
      step: 'truong_khoa',
    });
    expect(people.map((p) => p.name)).toEqual(['Người giamdoc', 'Người phokhoa']);
    const to = (name: string) => people.find((p) => p.name === name)?.userId;
    const ask = (who: string, whom: unknown) =>
      center.core.invoke(who, 'signing.delegate', { ...item, to: whom, reason: 'Đi họp' });
    const refused = { ok: false, error: { code: 'not_allowed' } };
    expect(await ask('dieuduong', to('Người phokhoa'))).toMatchObject(refused);
    // not to those below, though the doctor signs this form at another step
    for (const below of ['dieuduong', 'bacsi'] as const)
      expect(await ask('truong', center.people[below])).toMatchObject(refused);
    expect(await ask('truong', to('Người giamdoc'))).toMatchObject({ ok: true });
    expect(await ask('giamdoc', to('Người phokhoa'))).toMatchObject(refused);
    const { mine } = await center.ok('giamdoc', 'signing.queue', {});
    expect(mine).toMatchObject([{ step: 'truong_khoa', delegatedBy: 'Người truong', seen: false }]);
    await openToken(center, 'giamdoc');
    await read(center, 'giamdoc', paper);
    await signed(center, 'giamdoc', [item]);
    const page = await center.ok('bacsi', 'documents.open', { documentId });
    expect(page.steps[1]).toMatchObject({
      ...{ state: 'done', by: 'Người giamdoc', delegatedTo: 'Người giamdoc' },
    });
  });

  it('of a consent are confirmed on paper before a witness, and sealed by the next signature', async () => {
    const center = await paperCenter();
    const paper = await frozenPaper(center, 'cam-ket-phau-thuat-thu-thuat', consentValues);
    const { documentId, content } = paper;
    await openToken(center, 'bacsi');
    await read(center, 'bacsi', paper);
    const surgeon = { documentId, content, step: 'phau_thuat_vien' };
    expect((await signed(center, 'bacsi', [surgeon]))[1]?.code).toBe('not_your_turn');
    const byHand = {
      ...{ documentId, content, step: 'nguoi_benh', name: 'Giàng A Páo', relation: null },
      witness: 'Người dieuduong',
    };
    // nor does anybody note what was signed on pages they have not had before them
    expect((await center.refused('dieuduong', 'signing.confirmOnPaper', byHand)).code).toBe('not_read');
    await read(center, 'dieuduong', paper);
    await center.ok('dieuduong', 'signing.confirmOnPaper', byHand);
    let steps = await stepsOf(center, 'bacsi', documentId);
    expect(steps[0]).toMatchObject({ state: 'done', by: 'Giàng A Páo', signature: null });
    await signed(center, 'bacsi', [surgeon]);
    steps = await stepsOf(center, 'bacsi', documentId);
    expect(steps[0]?.signature?.container).toMatch(/^[0-9a-f]{64}$/);
    expect(steps[0]?.signature?.container).not.toBe(steps[2]?.signature?.container);
    const { verdict } = await center.ok('bacsi', 'signing.verify', { documentId });
    expect(verdict.signatures.map((s) => [s.kind, s.state])).toEqual([
      ['CAdES', 'valid'],
      ['CAdES', 'valid'],
    ]);
  });
});

describe('the queue', () => {
  it('shows a department its own papers, and whoever was asked in person any', async () => {
    const center = await paperCenter();
    const wards = await center.ok('bacsi', 'beds.wards', {});
    const elsewhere = await center.ok('admin', 'access.createUser', {
      username: 'ngoai',
      fullName: 'Người ngoại',
      title: null,
      roles: ['truong_khoa'],
      wards: [wards[1]?.wardId ?? ''] as never,
      password: 'mật khẩu đầu tiên',
    });
    await center.ok('ngoai', 'access.login', { username: 'ngoai', password: 'mật khẩu đầu tiên' });
    await center.ok('ngoai', 'access.changePassword', { current: 'mật khẩu đầu tiên', next: staffPassword });
    const paper = await frozenPaper(center, 'benh-an-noi-khoa-tong-ket', closingValues);
    await openToken(center, 'bacsi');
    await read(center, 'bacsi', paper);
    await signed(center, 'bacsi', [{ ...item(paper), step: 'bac_si_dieu_tri' }]);
    expect(await queueOf(center, 'truong')).toEqual([[paper.documentId, 'truong_khoa']]);
    expect(await queueOf(center, 'ngoai')).toEqual([]);
    await center.ok('truong', 'signing.delegate', {
      ...item(paper),
      step: 'truong_khoa',
      to: elsewhere.userId,
      reason: 'Nghỉ phép',
    });
    expect(await queueOf(center, 'ngoai')).toEqual([[paper.documentId, 'truong_khoa']]);
  });
});

const item = ({ documentId, content }: { documentId: string; content: string }) => ({ documentId, content });

const queueOf = async (center: PaperCenter, who: string) =>
  (await center.ok(who, 'signing.queue', {})).mine.map((one) => [one.document.documentId, one.step]);

/** As it lies among the files; the program is closed for it. */
const fileOf = (center: PaperCenter, hash: string): Promise<Buffer> =>
  openedStore(center, async (_store, blobs) => (await blobs.get(hash)) ?? Buffer.alloc(0));

const consentValues = {
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
const closingValues = {
  ra_vien: 1_793_900_000_000,
  tong_ngay: 3,
  ket_qua: '1',
  cd_ra_chinh: { text: 'Viêm phổi', code: 'J18.9' },
  qua_trinh: 'Sốt, ho',
  tom_tat_cls: 'X quang phổi',
  phuong_phap: 'Nội khoa',
  tinh_trang_ra: 'Ổn',
  huong_tiep: 'Tái khám',
};
