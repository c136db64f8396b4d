// What is shown to a person as perhaps one patient, and in which order.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { likeness, readReasons } from '../../../province/identity/likeness.ts';
import type { Person } from '../../../province/identity/person.ts';

const someone: Person = {
  fullName: 'Lê Thị Mai',
  folded: 'le thi mai',
  birthDate: '1985-03-02',
  sex: '2',
  commune: '2025-07-01:01921',
  address: null,
  recordNumber: '26A1',
  unidentified: false,
  writtenAt: 0,
  numbers: [],
};
const number = (type: string, value: string, ended = false) => ({ type, number: value, shown: value, ended });
const named = (over: Partial<Person>): Person => ({ ...someone, ...over });
const other = {
  fullName: 'Vũ Văn Nam',
  folded: 'vu van nam',
  birthDate: '1990-01-01',
  sex: '1',
  commune: null,
};

describe('two records', () => {
  it('are shown when they share a number, whatever else differs', () => {
    for (const type of ['cccd', 'bhyt', 'cmnd', 'passport']) {
      const numbers = [number(type, '1')];
      expect(likeness(named({ numbers }), named({ ...other, numbers }))?.reasons).toEqual([
        type,
        '-name',
        '-birth',
        '-sex',
      ]);
    }
  });

  it('are shown when a number is shared that one of them no longer uses', () => {
    const old = [number('cccd', '1', true), number('cccd', '2')];
    expect(likeness(named({ numbers: old }), named({ numbers: [number('cccd', '1')] }))).not.toBeNull();
  });

  it('are shown by name, full birth date and sex, not by part of a date', () => {
    expect(likeness(someone, someone)?.reasons).toEqual(['name', 'birth', 'sex', 'commune']);
    expect(likeness(named({ birthDate: '1985' }), someone)).toBeNull();
    expect(likeness(named({ sex: '1' }), someone)).toBeNull();
    expect(likeness(named({ sex: '3' }), someone)).not.toBeNull();
    expect(likeness(named({ birthDate: null }), named({ birthDate: null }))).toBeNull();
  });

  it('with different personal numbers are shown only when of one commune', () => {
    const [a, b] = [[number('cccd', '1')], [number('cccd', '2')]];
    expect(likeness(named({ numbers: a }), named({ numbers: b }))?.reasons).toContain('-cccd');
    expect(likeness(named({ numbers: a, commune: null }), named({ numbers: b }))).toBeNull();
  });

  it('of people without a known name are compared by numbers alone', () => {
    const unknown = named({ unidentified: true });
    expect(likeness(unknown, unknown)).toBeNull();
  });

  it('stand higher the more agrees', () => {
    const numbers = [number('cccd', '1')];
    const all = likeness(named({ numbers }), named({ numbers }));
    const differing = likeness(named({ numbers }), named({ ...other, numbers }));
    const nameOnly = likeness(someone, someone);
    expect(all?.score).toBe(100);
    expect(all?.score).toBeGreaterThan(nameOnly?.score ?? 0);
    expect(nameOnly?.score).toBeGreaterThan(differing?.score ?? 0);
  });

  it('are alike from both sides, and their reasons survive being kept', () => {
    const person = fc.record({
      folded: fc.constantFrom('le thi mai', 'vu van nam', ''),
      birthDate: fc.constantFrom('1985-03-02', '1985-03', '1985', '1990-01-01', null),
      sex: fc.constantFrom('1', '2', '3', null),
      commune: fc.constantFrom('a:1', 'a:2', null),
      unidentified: fc.boolean(),
      numbers: fc.array(
        fc.record({
          type: fc.constantFrom('cccd', 'bhyt'),
          number: fc.constantFrom('1', '2'),
          ended: fc.boolean(),
        }),
        { maxLength: 3 },
      ),
    });
    fc.assert(
      fc.property(person, person, (x, y) => {
        const [a, b] = [x, y].map((p) =>
          named({ ...p, numbers: p.numbers.map((n) => number(n.type, n.number, n.ended)) }),
        );
        const there = likeness(a!, b!);
        expect(likeness(b!, a!)).toEqual(there);
        if (there) expect(readReasons(there.reasons.join(' '))).toEqual(there.reasons);
      }),
    );
  });
});
