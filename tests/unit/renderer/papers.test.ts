// What the screens about papers decide by themselves: what was read, what is missing, what differs from the record, what is
// ticked, and how a batch stands.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { afterBatchNews, newBatch } from '../../../renderer/app/batch-view.ts';
import { textIn } from '../../../renderer/i18n/index.ts';
import { type Coverage, cover, coversAll } from '../../../renderer/parts/pdf/coverage.ts';
import { draftOf, valuesFromDraft } from '../../../renderer/screens/documents/draft-values.ts';
import type { Field, Step, Template } from '../../../renderer/screens/documents/paper-types.ts';
import { stateWords } from '../../../renderer/screens/documents/state-words.ts';
import {
  faultsByField,
  isBlank,
  missingFields,
  originOf,
  sameValue,
} from '../../../renderer/screens/documents/values.ts';
import { isTicked, tickAllRead, tickedOf, toggle } from '../../../renderer/screens/signing/ticks.ts';
import { FormTemplate } from '../../../shared/model/form-template.ts';

describe('a page', () => {
  const lookedAt = (...parts: readonly (readonly [number, number])[]) =>
    parts.reduce<Coverage>((before, [from, to]) => cover(before, from, to), []);

  it('is read when all of it was on the screen, in any order', () => {
    expect(coversAll(lookedAt([0, 0.6], [0.4, 1]))).toBe(true);
    expect(coversAll(lookedAt([0.7, 1], [0, 0.3], [0.25, 0.75]))).toBe(true);
  });

  it('is not read by a jump from its head to its end', () => {
    expect(coversAll(lookedAt([0, 0.4], [0.6, 1]))).toBe(false);
    expect(coversAll(lookedAt([0.6, 1]))).toBe(false);
    expect(coversAll([])).toBe(false);
  });

  it('may keep its blank margins to itself', () => {
    expect(coversAll(lookedAt([0.015, 0.985]))).toBe(true);
  });

  it('is read exactly when no point of it was missed, however it was scrolled', () => {
    const part = fc.tuple(
      fc.double({ min: -1, max: 2, noNaN: true }),
      fc.double({ min: -1, max: 2, noNaN: true }),
    );
    fc.assert(
      fc.property(fc.array(part, { maxLength: 12 }), (parts) => {
        const covered = coversAll(lookedAt(...parts));
        const seen = (at: number, slack: number) =>
          parts.some(([from, to]) => to > from && at >= from - slack && at <= to + slack);
        const points = Array.from({ length: 97 }, (_, i) => 0.02 + (i * 0.96) / 96);
        if (leavesNothingOut(parts)) expect(covered).toBe(true);
        if (covered) expect(points.every((at) => seen(at, 0.012))).toBe(true);
      }),
    );
  });
});

const field = (more: Partial<Field> & Pick<Field, 'id'>): Field => ({
  label: more.id,
  kind: 'text',
  required: false,
  width: 12,
  lines: 0,
  ...more,
});
const template: Template = FormTemplate.parse({
  id: 'giay',
  version: 1,
  title: 'Giấy',
  number: null,
  basis: 'thử',
  drawnFormSeen: false,
  scope: 'stay',
  paper: 'A4',
  writtenBy: 'notes.write',
  signedPdf: false,
  steps: [{ id: 'bac_si', label: 'Bác sĩ', kind: 'staff', roles: ['bac_si_dieu_tri'] }],
  sections: [
    {
      id: 'mot',
      title: null,
      fields: [
        { id: 'tieu_de', label: 'Phần', kind: 'heading' },
        { id: 'ten', label: 'Tên', kind: 'text', required: true },
        { id: 'chan_doan', label: 'Chẩn đoán', kind: 'diagnosis', required: true },
        {
          id: 'dong',
          label: 'Dòng',
          kind: 'rows',
          required: true,
          columns: [{ id: 'a', label: 'A', kind: 'text', width: 12 }],
        },
        { id: 'ghi_chu', label: 'Ghi chú', kind: 'long' },
      ],
    },
  ],
});

describe('fields of a paper', () => {
  it('are blank when nothing a person could read is in them', () => {
    for (const value of [undefined, null, '', '  ', false, [], { text: ' ', code: null }])
      expect(isBlank(value), JSON.stringify(value)).toBe(true);
    for (const value of ['a', 0, true, ['x'], [{ a: 1 }], { text: '', code: 'A09' }])
      expect(isBlank(value), JSON.stringify(value)).toBe(false);
  });

  it('are the same whatever order the cells of a row came in, and when empty cells are left out', () => {
    expect(sameValue([{ a: '1', b: '2' }], [{ b: '2', a: '1' }])).toBe(true);
    expect(sameValue([{ a: '1', b: null }], [{ a: '1' }])).toBe(true);
    expect(sameValue([{ a: '1' }, { a: '2' }], [{ a: '2' }, { a: '1' }])).toBe(false);
    expect(sameValue(null, '')).toBe(true);
    expect(sameValue('1', 1)).toBe(false);
  });

  it('that are required and blank are missing, in the order of the paper', () => {
    expect(missingFields(template, {})).toEqual(['ten', 'chan_doan', 'dong']);
    expect(missingFields(template, { ten: 'A', chan_doan: { text: 'Sốt', code: null }, dong: [] })).toEqual([
      'dong',
    ]);
  });

  it('say whether they hold what the record gives', () => {
    const name = field({ id: 'ten', source: 'patient.fullName' });
    expect(originOf(name, 'Lò Thị Mơ', { ten: 'Lò Thị Mơ' })).toBe('record');
    expect(originOf(name, 'Lò Thị Mận', { ten: 'Lò Thị Mơ' })).toBe('differs');
    expect(originOf(name, '', { ten: 'Lò Thị Mơ' })).toBe('differs');
    expect(originOf(name, 'Lò Thị Mận', {})).toBe('own');
    expect(originOf(field({ id: 'ten' }), 'a', { ten: 'b' })).toBe('own');
  });

  it('hold the hour and the writer of the paper, which stand in no record', () => {
    for (const luc of [1, 2])
      expect(originOf(field({ id: 'luc', kind: 'moment', source: 'now' }), 1, { luc })).toBe('own');
    expect(
      originOf(field({ id: 'ngay', kind: 'date', source: 'today' }), '2026-11-21', { ngay: '2026-11-22' }),
    ).toBe('own');
  });

  it('are named without the path of the command that refused them', () => {
    expect(faultsByField({ 'values.ten': 'field.required', reason: 'field.required' })).toEqual({
      ten: 'field.required',
      reason: 'field.required',
    });
    expect(faultsByField(undefined)).toEqual({});
  });

  it('come back from a draft as they were typed, and what is no value is left out', () => {
    const typed = {
      ten: 'Ơi',
      so: 3,
      co: true,
      dong: [{ a: 'x', b: null }],
      ma: ['a'],
      cd: { text: 't', code: null },
    };
    expect(valuesFromDraft(draftOf(typed))).toEqual(typed);
    expect(valuesFromDraft('{"a":{"b":1},"c":[[1]],"d":"x"}')).toEqual({ d: 'x' });
    for (const broken of ['', '{', 'null', '[1]']) expect(valuesFromDraft(broken)).toEqual({});
  });
});

describe('the state of a paper in words', () => {
  const t = textIn('vi');
  const step = (more: Partial<Step>): Step => ({
    step: 's',
    label: 'Trưởng khoa',
    kind: 'staff',
    optional: false,
    state: 'waiting',
    delegatedTo: null,
    by: null,
    relation: null,
    at: null,
    signature: null,
    reason: null,
    ...more,
  });
  const signature = (state: 'valid' | 'undetermined' | 'invalid', reasons: string[] = []) => ({
    container: 'c',
    state,
    reasons,
    stampedAt: null,
  });

  it('names whom it waits for: the one asked by name before the role', () => {
    expect(stateWords(t, { state: 'signing', steps: [step({})] }).text).toBe('Chờ ký: Trưởng khoa');
    expect(stateWords(t, { state: 'signing', steps: [step({ delegatedTo: 'Bs Hoa' })] }).text).toBe(
      'Chờ ký: Bs Hoa',
    );
    expect(
      stateWords(t, { state: 'signing', steps: [step({ kind: 'person', label: 'Người bệnh' })] }).text,
    ).toBe('Chờ xác nhận: Người bệnh');
  });

  it('never calls signed what is not known to hold', () => {
    const signed = (state: 'valid' | 'undetermined' | 'invalid') =>
      stateWords(t, { state: 'signed', steps: [step({ state: 'done', signature: signature(state) })] });
    expect(signed('valid').text).toBe('Đã ký đủ');
    expect(signed('undetermined').text).toBe('Đã ký đủ, chờ xác thực');
    expect(signed('invalid')).toEqual({ tone: 'danger', text: 'Có chữ ký không hợp lệ' });
  });

  it('says to wait only for what comes by waiting', () => {
    const signed = (...reasons: string[]) =>
      stateWords(t, {
        state: 'signed',
        steps: [step({ state: 'done', signature: signature('undetermined', reasons) })],
      });
    const waits = { tone: 'good', text: 'Đã ký đủ, chờ xác thực' };
    expect(signed('time_unproven', 'revocation_unknown')).toEqual(waits);
    expect(signed('revocation_old')).toEqual(waits);
    expect(signed('content_missing')).toEqual(waits);
    expect(signed('training_certificate', 'revocation_unknown')).toEqual(waits);
    for (const reason of ['issuer_unknown', 'algorithm_unknown', 'unreadable', 'time_unproven_expired'])
      expect(signed(reason, 'revocation_unknown')).toEqual({
        tone: 'warn',
        text: 'Đã ký đủ, chưa xác thực được',
      });
  });

  it('tells of a confirmation that no signature covers', () => {
    const confirmed = (sealed: boolean) => [
      step({ state: 'done', signature: signature('valid') }),
      step({ kind: 'person', state: 'done', signature: sealed ? signature('valid') : null }),
    ];
    expect(stateWords(t, { state: 'signed', steps: confirmed(true) }).text).toBe('Đã ký đủ');
    expect(stateWords(t, { state: 'signed', steps: confirmed(false) })).toEqual({
      tone: 'warn',
      text: 'Đã ký đủ, xác nhận chưa được ký niêm',
    });
  });
});

describe('ticks in the queue', () => {
  const item = (documentId: string, step = 'a', content = `c-${documentId}`) => ({
    document: { documentId },
    step,
    content,
  });
  const [one, two] = [item('1'), item('2')];

  it('count only for what was read', () => {
    const ticks = toggle(toggle(new Map(), one), two);
    expect(tickedOf([one, two], ticks, ({ content }) => content === 'c-1')).toEqual([one]);
    expect(tickAllRead([one, two], () => false).size).toBe(0);
  });

  it('are taken back by the same press, and fall away with the paper', () => {
    expect(toggle(toggle(new Map(), one), one).size).toBe(0);
    expect(tickedOf([two], toggle(new Map(), one), () => true)).toEqual([]);
  });

  it('stand at one step of a paper at a time', () => {
    const later = item('1', 'b');
    const ticks = toggle(toggle(new Map(), one), later);
    expect(isTicked(ticks, one)).toBe(false);
    expect(isTicked(ticks, later)).toBe(true);
    expect(
      tickedOf(
        [one, later],
        tickAllRead([one, later], () => true),
        () => true,
      ),
    ).toEqual([one]);
  });
});

describe('a batch of signatures', () => {
  const news = { batchId: 'b', of: 3 };
  it('counts what is signed and names what is not', () => {
    const end = [
      { ...news, step: 'item', documentId: '1', done: 0 } as const,
      { ...news, step: 'signed', documentId: '1', done: 1 } as const,
      { ...news, step: 'failed', documentId: '2', done: 2, code: 'already_signed' } as const,
      { ...news, step: 'signed', documentId: '3', done: 3 } as const,
      { ...news, step: 'done', done: 3 } as const,
    ].reduce(afterBatchNews, newBatch(3));
    expect([...end.signed]).toEqual(['1', '3']);
    expect([...end.failed]).toEqual([['2', 'already_signed']]);
    expect(end).toMatchObject({ ended: true, broke: null, done: 3, current: null });
  });

  it('is over when the token is pulled out; the paper it happened at is left to be signed again', () => {
    const end = [
      { ...news, step: 'signed', documentId: '1', done: 1 } as const,
      { ...news, step: 'failed', documentId: '2', done: 1, code: 'token_gone' } as const,
      { ...news, step: 'done', done: 1 } as const,
    ].reduce(afterBatchNews, newBatch(3));
    expect([...end.signed]).toEqual(['1']);
    expect(end.failed.size).toBe(0);
    expect(end).toMatchObject({ ended: true, broke: 'token_gone' });
  });
});

/** Between the margins, without any gap. */
function leavesNothingOut(parts: readonly (readonly [number, number])[]): boolean {
  let reached = 0.02;
  for (const [from, to] of parts.filter(([a, b]) => b > a).sort(([a], [b]) => a - b)) {
    if (from > reached) return false;
    reached = Math.max(reached, to);
  }
  return reached >= 0.98;
}
