// Papers a trainee should meet: some signed, some that wait for them, one sent back, one that waits for a finger. They
// are written through the same doors as everybody's, once, as soon as the training center is open and can draw pages.
import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import type { Result } from '../../shared/api/contract.ts';
import type { Input, Method, Output } from '../../shared/api/index.ts';
import { contract } from '../../shared/api/index.ts';
import type { Permission } from '../../shared/api/permissions.ts';
import type { FormValues } from '../../shared/model/form-template.ts';
import type { SigningKey } from '../signing/types.ts';
import type { Caller, Context, Handlers, Log } from '../store/room.ts';
import type { Store } from '../store/types.ts';

export interface PracticeNeeds {
  readonly store: Store;
  readonly handlers: Partial<Handlers>;
  accounts(): readonly {
    readonly id: string;
    readonly username: string;
    readonly fullName: string;
    readonly roles: readonly string[];
    readonly permissions: ReadonlySet<Permission>;
  }[];
  keyOf(holder: { readonly userId: string; readonly fullName: string }): Promise<SigningKey>;
  signWith(
    caller: Caller,
    item: { readonly documentId: string; readonly content: string; readonly step: string },
    key: SigningKey,
  ): Promise<Result<null>>;
  /** The program is being closed. */
  isOver(): boolean;
  now(): number;
  readonly log: Log;
}

interface Planned {
  readonly form: string;
  readonly by: string;
  readonly stay: 'open' | 'left';
  readonly values?: (facts: SheetFacts) => FormValues;
  /** Who has signed already, in order. */
  readonly signed?: readonly { readonly who: string; readonly step: string }[];
  readonly refused?: { readonly who: string; readonly step: string; readonly reason: string };
}

interface SheetFacts {
  readonly reason: string;
  /** Of the first and the last entry of the treatment sheet. */
  readonly first: { readonly progress: string; readonly orders: string };
  readonly last: { readonly progress: string; readonly orders: string };
}

const admission = ({ reason, first }: SheetFacts): FormValues => ({
  qua_trinh: `${reason}. Bệnh khởi phát vài ngày trước khi vào viện, người nhà đưa đến.`,
  toan_than: first.progress,
  tom_tat: first.progress,
  huong_dieu_tri: first.orders,
});
const closing = ({ last }: SheetFacts): FormValues => ({
  tom_tat_cls: 'Các xét nghiệm đã làm xem trong hồ sơ; khi ra viện trong giới hạn bình thường.',
  phuong_phap: last.orders,
  tinh_trang_ra: last.progress,
});
const discharge = ({ last }: SheetFacts): FormValues => ({ phuong_phap: last.orders });
const doctorSigned = (step: string) => [{ who: 'bsnoi', step }];

/** On the ward of internal medicine, where the accounts work that the login screen names. */
const plan: readonly Planned[] = [
  { form: 'to-dieu-tri', by: 'bsnoi', stay: 'open' },
  { form: 'benh-an-noi-khoa-vao', by: 'bsnoi', stay: 'open', values: admission },
  { form: 'to-dieu-tri', by: 'bsnoi', stay: 'open', signed: doctorSigned('bac_si') },
  {
    form: 'benh-an-noi-khoa-tong-ket',
    by: 'bsnoi',
    stay: 'left',
    values: closing,
    signed: doctorSigned('bac_si_dieu_tri'),
  },
  { form: 'phieu-theo-doi-chuc-nang-song', by: 'ddnoi', stay: 'open' },
  { form: 'to-dieu-tri', by: 'bsnoi', stay: 'open' },
  {
    form: 'giay-ra-vien',
    by: 'bsnoi',
    stay: 'left',
    values: discharge,
    signed: doctorSigned('nguoi_hanh_nghe'),
  },
  {
    form: 'cam-ket-phau-thuat-thu-thuat',
    by: 'bsnoi',
    stay: 'open',
    values: () => ({
      loai: 'chuong_trinh',
      da_tu_van: ['chan_doan', 'ly_do', 'rui_ro', 'phuong_phap'],
      ten_pttt: 'Chọc dò màng phổi dưới hướng dẫn siêu âm',
      phuong_phap: 'thu_thuat',
      nguy_co: ['chay_mau', 'nhiem_trung'],
      y_kien: 'dong_y',
    }),
  },
  {
    form: 'benh-an-noi-khoa-tong-ket',
    by: 'bsnoi',
    stay: 'left',
    values: closing,
    signed: doctorSigned('bac_si_dieu_tri'),
    refused: {
      who: 'truongkhoa',
      step: 'truong_khoa',
      reason: 'Phần tóm tắt cận lâm sàng còn chung chung, ghi rõ kết quả chính',
    },
  },
  {
    form: 'phieu-theo-doi-chuc-nang-song',
    by: 'ddnoi',
    stay: 'open',
    signed: [{ who: 'ddnoi', step: 'dieu_duong' }],
  },
  { form: 'to-dieu-tri', by: 'bsnoi', stay: 'open' },
  { form: 'benh-an-noi-khoa-vao', by: 'bsnoi', stay: 'open', values: admission },
];

/** Between two papers: people are at work meanwhile. */
const PAUSE_MS = 200;

/** Answers how many there are; 0 where there were some already, or nobody lies on the ward. */
export async function layOutPapers(needs: PracticeNeeds): Promise<number> {
  const { store, log } = needs;
  if (store.sql.prepare('SELECT 1 FROM document LIMIT 1').get() !== undefined) return 0;
  const stays = { open: staysOf(store, 'admitted'), left: staysOf(store, 'discharged') };
  let made = 0;
  for (const paper of plan) {
    if (needs.isOver()) break;
    const done = await layOutFor(needs, paper, stays[paper.stay]);
    if (done) made += 1;
    else if (!needs.isOver()) log('warn', 'a training paper was left out', { form: paper.form });
    await pause(PAUSE_MS, undefined, { ref: false });
  }
  if (made > 0) log('info', 'training papers laid out', { made });
  return made;
}

/** The first stay that has what the form asks for; it gets no other paper. */
async function layOutFor(needs: PracticeNeeds, paper: Planned, stays: StayRow[]): Promise<boolean> {
  for (const stay of [...stays]) {
    if (needs.isOver()) return false;
    if (!(await layOut(needs, paper, stay))) continue;
    stays.splice(stays.indexOf(stay), 1);
    return true;
  }
  return false;
}

interface StayRow {
  readonly admissionId: string;
  readonly patientId: string;
  readonly reason: string;
}

async function layOut(needs: PracticeNeeds, paper: Planned, stay: StayRow): Promise<boolean> {
  const writer = callerNamed(needs, paper.by);
  if (!writer) return false;
  const { admissionId, patientId } = stay;
  const about = { form: paper.form, patientId, admissionId };
  const filled = await ask(needs, writer, 'documents.fill', about);
  const facts = factsOf(needs.store, stay);
  if (!filled || !facts) return false;
  const values = { ...paper.values?.(facts), ...filled.values };
  if (await lacks(needs, writer, paper.form, values)) return false;
  const saved = await ask(needs, writer, 'documents.save', { ...about, documentId: null, values });
  if (!saved || needs.isOver()) return false;
  const { documentId } = saved;
  const frozen = await ask(needs, writer, 'documents.freeze', { documentId });
  if (!frozen) return false;
  const { content, pages } = frozen;
  for (const { who, step } of paper.signed ?? []) {
    const signer = callerNamed(needs, who);
    if (!signer || needs.isOver()) return false;
    await ask(needs, signer, 'documents.pdf', { documentId, content });
    await ask(needs, signer, 'signing.seen', { documentId, content, pages });
    const signed = await needs.signWith(signer, { documentId, content, step }, await needs.keyOf(signer));
    if (!signed.ok) return false;
  }
  const refuser = paper.refused && callerNamed(needs, paper.refused.who);
  if (paper.refused && refuser) {
    const { step, reason } = paper.refused;
    await ask(needs, refuser, 'signing.refuse', { documentId, content, step, reason });
  }
  return true;
}

/** A required field would stay empty. */
async function lacks(
  needs: PracticeNeeds,
  writer: Caller,
  form: string,
  values: FormValues,
): Promise<boolean> {
  const forms = await ask(needs, writer, 'documents.forms', {});
  const fields = forms?.forms.find((one) => one.id === form)?.sections.flatMap((section) => section.fields);
  const isEmpty = (value: FormValues[string] | undefined): boolean =>
    value === undefined || value === null || value === '' || (Array.isArray(value) && value.length === 0);
  return fields?.some((field) => field.required && isEmpty(values[field.id])) ?? true;
}

/** Newest first, so that what waits is about people whom trainees meet on the board. */
const staysOf = (store: Store, status: 'admitted' | 'discharged'): StayRow[] =>
  store.sql
    .prepare<[string], StayRow>(
      `SELECT a.id AS admissionId, a.patient_id AS patientId, a.reason FROM admission a
       JOIN ward w ON w.id = a.ward_id
       WHERE a.status = ? AND w.department_code = 'K03'
         AND EXISTS (SELECT 1 FROM note n WHERE n.admission_id = a.id)
         AND EXISTS (SELECT 1 FROM observation o WHERE o.admission_id = a.id)
       ORDER BY a.admitted_at DESC, a.id LIMIT 40`,
    )
    .all(status);

function factsOf(store: Store, { admissionId, reason }: StayRow): SheetFacts | null {
  const entries = store.sql
    .prepare<[string], { progress: string; orders: string }>(
      `SELECT progress, orders FROM note WHERE admission_id = ? AND withdrawn = 0 AND orders <> ''
       ORDER BY event_at`,
    )
    .all(admissionId);
  const [first] = entries;
  const last = entries.at(-1);
  return first && last ? { reason, first, last } : null;
}

function callerNamed(needs: PracticeNeeds, username: string): Caller | null {
  const account = needs.accounts().find((one) => one.username === username);
  if (!account) return null;
  const { id, fullName, roles, permissions } = account;
  return { userId: id, sessionId: randomUUID(), fullName, roles, permissions, wards: [] };
}

/** Null when it was refused: the paper is left out then. */
async function ask<M extends Method>(
  { handlers, now, log }: PracticeNeeds,
  caller: Caller,
  method: M,
  input: Input<M>,
): Promise<Output<M> | null> {
  const handler = handlers[method];
  const parsed = contract[method].input.safeParse(input);
  if (!handler || !parsed.success) return null;
  const ctx: Context = {
    caller,
    now,
    can: (permission) => caller.permissions.has(permission),
    undo: () => '',
  };
  // the input was parsed by this method's own schema
  const answer = await (handler as (input: unknown, ctx: Context) => Promise<Result<Output<M>>>)(
    parsed.data,
    ctx,
  );
  if (answer.ok) return answer.value;
  log('warn', 'a training paper was refused', { method, code: answer.error.code });
  return null;
}
