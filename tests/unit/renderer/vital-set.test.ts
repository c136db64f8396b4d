import { describe, expect, it } from 'vitest';
import {
  emptySet,
  noteWhileTyping,
  readSet,
  typedSetFromDraft,
  typedSetOf,
} from '../../../renderer/parts/vital-set.ts';
import {
  confirmationOf,
  inOrder,
  type RoundRow,
  toSend,
  typedFromDraft,
  typeInto,
  without,
} from '../../../renderer/screens/round/round.ts';
import { noVitals } from '../../../shared/codes/vitals.ts';

describe('a typed set of vital signs', () => {
  it('reads commas, pressure in one box and the level with a mark an input method put on it', () => {
    const { values, notes } = readSet({
      ...emptySet,
      pulse: '80',
      temperature: '36,8',
      pressure: '120/80',
      consciousness: 'Á',
    });
    expect(values).toEqual({
      pulse: 80,
      temperature: 36.8,
      systolic: 120,
      diastolic: 80,
      consciousness: 'A',
    });
    expect(notes).toEqual({});
  });

  it('leaves what is empty out instead of sending zero', () => {
    expect(readSet(emptySet).values).toEqual({});
    expect(readSet({ ...emptySet, oxygen: '0' }).values).toEqual({ oxygen: 0 });
  });

  it('blocks what cannot be, asks about what is unusual, and names the limits', () => {
    const { notes, unusual } = readSet({ ...emptySet, pulse: '190', temperature: '52', pressure: '80/120' });
    expect(notes.pulse).toMatchObject({
      level: 'ask',
      key: 'vitals.unusual',
      blanks: { min: '40', max: '160' },
    });
    expect(notes.temperature).toMatchObject({ level: 'block', key: 'vitals.impossible' });
    expect(notes.pressure).toMatchObject({ level: 'block', key: 'vitals.not_below_systolic' });
    expect(unusual).toEqual(['pulse']);
  });

  it('asks whether 368 was meant as 36,8 and does not take it as such', () => {
    const { values, notes } = readSet({ ...emptySet, temperature: '368' });
    expect(notes.temperature).toMatchObject({
      level: 'block',
      key: 'vitals.suggestion',
      blanks: { value: '36,8' },
    });
    expect(values.temperature).toBeUndefined();
  });

  it('says nothing while the first digits are typed, and at once what more digits cannot mend', () => {
    const low = readSet({ ...emptySet, pulse: '1' });
    expect(noteWhileTyping('pulse', '1', low.notes.pulse)).toBeUndefined();
    const high = readSet({ ...emptySet, pulse: '190' });
    expect(noteWhileTyping('pulse', '190', high.notes.pulse)).toBeDefined();
  });

  it('prints values back as they are typed', () => {
    const typed = typedSetOf({ ...noVitals, temperature: 36.8, systolic: 120, diastolic: 80, weight: 52.5 });
    expect(typed).toMatchObject({ temperature: '36,8', pressure: '120/80', weight: '52,5', pulse: '' });
    expect(typedSetFromDraft('{"pulse":"80","gone":"1","pain":5}')).toEqual({ ...emptySet, pulse: '80' });
  });
});

describe('the round grid', () => {
  const row = (id: string, bedLabel: string | null, overdue: boolean, dueAt: number | null = null) =>
    ({ admissionId: id, bedLabel, overdue, dueAt, fullName: id }) as unknown as RoundRow;

  it('puts the longest overdue first, then bed by bed, people without a bed last', () => {
    const rows = [
      row('a', 'P1-G10', false),
      row('b', 'P1-G2', false),
      row('c', null, false),
      row('d', 'P9', true, 5),
      row('e', 'P8', true, 1),
    ];
    expect(inOrder(rows, 'overdue').map((r) => r.admissionId)).toEqual(['e', 'd', 'b', 'a', 'c']);
    expect(inOrder(rows, 'bed').map((r) => r.admissionId)).toEqual(['b', 'a', 'e', 'd', 'c']);
  });

  it('sends the good rows and keeps the wrong and the unconfirmed ones', () => {
    let typed = typeInto({}, 'a', 'pulse', '80');
    typed = typeInto(typed, 'b', 'temperature', '99');
    typed = typeInto(typed, 'c', 'pulse', '190');
    const sending = toSend(typed, new Set());
    expect(sending.rows.map((r) => r.admissionId)).toEqual(['a']);
    expect(sending.blocked).toEqual(['b']);
    expect(sending.asking).toEqual(['c']);
  });

  it('sends an unusual row once confirmed, and asks again when its value changes', () => {
    const typed = typeInto({}, 'c', 'pulse', '190');
    const confirmed = new Set([confirmationOf('c', typed.c!)]);
    expect(toSend(typed, confirmed).rows).toEqual([
      { admissionId: 'c', values: { pulse: 190 }, confirmed: ['pulse'] },
    ]);
    expect(toSend(typeInto(typed, 'c', 'pulse', '200'), confirmed).asking).toEqual(['c']);
  });

  it('drops a row that was emptied, and after saving only the rows the core took', () => {
    expect(typeInto({ a: { ...emptySet, pulse: '8' } }, 'a', 'pulse', '')).toEqual({});
    const answers = [
      { admissionId: 'a', error: null },
      { admissionId: 'b', error: { code: 'not_admitted', messageKey: 'error.not_admitted' } },
    ] as unknown as Parameters<typeof without>[1];
    const typed = { a: { ...emptySet, pulse: '80' }, b: { ...emptySet, pulse: '90' } };
    expect(Object.keys(without(typed, answers))).toEqual(['b']);
    expect(typedFromDraft(JSON.stringify(typed))).toEqual(typed);
  });
});
