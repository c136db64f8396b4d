import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { identitiesOf, model, settlePatient } from '../../../electron/clinic/patients/index.ts';
import { exchange, give, openTestStore } from '../support/open-test-store.ts';
import { propertyRuns } from '../support/property-runs.ts';
import { caller, openDesk, person } from './support.ts';

const an = person(
  'Nguyễn Văn An',
  {
    birthDate: '1985-03-02',
    phone: '0912 345 678',
    ethnicCode: '01',
    occupationCode: '61',
    bloodGroup: 'A',
    rhesus: '+',
  },
  {
    identifiers: [
      { type: 'cccd', value: '040085001234', issuedOn: '2021-06-15' },
      {
        type: 'bhyt',
        value: 'HS4 40 1234567890',
        validFrom: '2026-01-01',
        validTo: '2026-12-31',
        facilityCode: '40001',
      },
    ],
    relatives: [{ fullName: 'Trần Thị Bình', relation: 'spouse', phone: '+84987654321' }],
  },
);

describe('registration', () => {
  it('keeps identity, numbers and relatives, each with who and when', () => {
    const desk = openDesk();
    const { patientId, recordNumber } = desk.ask('patients.register', an);
    const page = desk.ask('patients.get', { patientId });
    expect(recordNumber).toBe('2601A00001');
    expect(page.demographics).toMatchObject({
      fullName: 'Nguyễn Văn An',
      phone: '0912345678',
      bloodGroup: 'A',
      pregnant: false,
      workplace: null,
    });
    expect(page.identifiers.map((n) => [n.type, n.value, n.endedAt, n.recordedBy])).toEqual(
      expect.arrayContaining([
        ['cccd', '040085001234', null, 'Lê Thị Sáu'],
        ['bhyt', 'HS4 40 1234567890', null, 'Lê Thị Sáu'],
      ]),
    );
    expect(page.relatives).toMatchObject([
      { fullName: 'Trần Thị Bình', relation: 'spouse', phone: '0987654321', endedAt: null },
    ]);
    expect(page.registeredBy).toBe('Lê Thị Sáu');
  });

  it('numbers records per station and year without asking anyone', () => {
    const a = openDesk({ prefix: '01A' });
    const numbers = [1, 2, 3].map(() => a.ask('patients.register', an).recordNumber);
    expect(numbers).toEqual(['2601A00001', '2601A00002', '2601A00003']);
    const restored = openDesk({ prefix: '01B', store: a.store });
    expect(restored.ask('patients.register', an).recordNumber).toBe('2601B00001');
    const nextYear = openDesk({ prefix: '01A', store: a.store, now: Date.UTC(2026, 11, 31, 17, 0) });
    expect(nextYear.ask('patients.register', an).recordNumber).toBe('2701A00001');
  });

  it('takes the same person twice: numbers are never keys', () => {
    const desk = openDesk();
    desk.ask('patients.register', an);
    expect(() => desk.ask('patients.register', an)).not.toThrow();
  });

  it('gives someone without a name a working name that is no number', () => {
    const desk = openDesk();
    const { patientId, recordNumber } = desk.ask('patients.register', {
      unidentified: true,
      unidentifiedNote: 'Tìm thấy ở bến xe; ví da đen',
      demographics: { sex: '1' },
    });
    const page = desk.ask('patients.get', { patientId });
    expect(page).toMatchObject({ unidentified: true, unidentifiedNote: 'Tìm thấy ở bến xe; ví da đen' });
    expect(page.demographics.fullName).toBe(`Chưa rõ danh tính ${recordNumber}`);
    expect(page.demographics.fullName).not.toMatch(/\d{12}/);
    expect(desk.ask('patients.search', { text: 'chua ro danh tinh' }).map((h) => h.patientId)).toEqual([
      patientId,
    ]);
  });

  it.each([
    ['no name', person('  ')],
    ['a name without letters', person('123 456')],
    ['a day that is not in the calendar', person('An', { birthDate: '1985-02-30' })],
    ['a birth in the future', person('An', { birthDate: '2027' })],
    ['a birth before anyone lived', person('An', { birthDate: '1890-01-01' })],
    ['an unknown people', person('An', { ethnicCode: '99' })],
    ['an unknown occupation', person('An', { occupationCode: '77' })],
    ['a death before birth', person('An', { birthDate: '2000-01-01', deceasedAt: Date.UTC(1999, 0, 1) })],
    [
      'a number without digits or letters',
      person('An', {}, { identifiers: [{ type: 'cccd', value: '--' }] }),
    ],
    [
      'a card that ends before it begins',
      person(
        'An',
        {},
        {
          identifiers: [
            { type: 'bhyt', value: '1234567890', validFrom: '2026-02-01', validTo: '2026-01-01' },
          ],
        },
      ),
    ],
    [
      'the same number twice',
      person(
        'An',
        {},
        {
          identifiers: [
            { type: 'cccd', value: '040085001234' },
            { type: 'cccd', value: '0400 8500 1234' },
          ],
        },
      ),
    ],
  ])('refuses %s, and names the field', (_case, input) => {
    const desk = openDesk();
    // an empty name does not even pass the door
    if (input.demographics.fullName?.trim() === '') {
      expect(() => desk.refused('patients.register', input)).toThrow();
      return;
    }
    const failure = desk.refused('patients.register', input);
    expect(failure.code).toBe('bad_input');
    expect(Object.values(failure.fields ?? {})[0]).toMatch(/^field\./);
    expect(desk.ask('patients.search', { text: 'an' })).toEqual([]);
  });

  it('takes odd numbers and phones: nobody is sent away for an unreadable digit', () => {
    const desk = openDesk();
    const { patientId } = desk.ask(
      'patients.register',
      person('An', { phone: '01234567890' }, { identifiers: [{ type: 'cccd', value: '04008500123' }] }),
    );
    expect(desk.ask('patients.get', { patientId }).demographics.phone).toBe('01234567890');
  });
});

describe('edits', () => {
  it('write only what changed and can be taken back', () => {
    const desk = openDesk();
    const { patientId } = desk.ask('patients.register', an);
    const { versions } = desk.ask('patients.get', { patientId });
    const { undo } = desk.ask('patients.update', {
      patientId,
      set: { phone: '0987654321', sex: '1' },
      saw: versions,
    });
    expect(desk.ask('patients.get', { patientId }).demographics.phone).toBe('0987654321');
    expect(desk.store.changesOf('patient', patientId).at(-1)?.body).not.toHaveProperty('sex');
    expect(desk.undo(undo).ok).toBe(true);
    expect(desk.ask('patients.get', { patientId }).demographics.phone).toBe('0912345678');
  });

  it('made on an outdated screen are refused', () => {
    const desk = openDesk();
    const { patientId } = desk.ask('patients.register', an);
    const { versions } = desk.ask('patients.get', { patientId });
    desk.ask('patients.update', { patientId, set: { bloodGroup: 'B' }, saw: versions });
    const failure = desk.refused('patients.update', { patientId, set: { bloodGroup: 'O' }, saw: versions });
    expect(failure).toMatchObject({ code: 'stale', fields: { 'set.bloodGroup': 'field.changed_meanwhile' } });
    expect(desk.ask('patients.get', { patientId }).demographics.bloodGroup).toBe('B');
  });

  it('taken back too late leave what someone else wrote', () => {
    const desk = openDesk();
    const { patientId } = desk.ask('patients.register', an);
    const first = desk.ask('patients.update', {
      patientId,
      set: { bloodGroup: 'B' },
      saw: desk.ask('patients.get', { patientId }).versions,
    });
    desk.ask('patients.update', {
      patientId,
      set: { bloodGroup: 'O' },
      saw: desk.ask('patients.get', { patientId }).versions,
    });
    expect(desk.undo(first.undo)).toMatchObject({ ok: false, error: { code: 'stale' } });
    expect(desk.ask('patients.get', { patientId }).demographics.bloodGroup).toBe('O');
  });

  it('identify an unknown person under the same record', () => {
    const desk = openDesk();
    const { patientId } = desk.ask('patients.register', { unidentified: true, demographics: { sex: '1' } });
    const { versions } = desk.ask('patients.get', { patientId });
    expect(
      desk.refused('patients.update', { patientId, set: {}, saw: versions, identified: true }).fields,
    ).toEqual({ 'set.fullName': 'field.required' });
    const { undo } = desk.ask('patients.update', {
      patientId,
      set: { fullName: 'Lê Văn Cường', birthDate: '1970' },
      saw: versions,
      identified: true,
    });
    expect(desk.ask('patients.get', { patientId })).toMatchObject({
      unidentified: false,
      demographics: { fullName: 'Lê Văn Cường' },
    });
    expect(desk.ask('patients.search', { text: 'le van cuong' })).toHaveLength(1);
    expect(desk.ask('patients.search', { text: 'chua ro' })).toHaveLength(0);
    desk.undo(undo);
    expect(desk.ask('patients.get', { patientId }).unidentified).toBe(true);
  });

  it('end a number with its reason and keep it in the history', () => {
    const desk = openDesk();
    const { patientId } = desk.ask('patients.register', an);
    const old = desk.ask('patients.get', { patientId }).identifiers.find((n) => n.type === 'bhyt')!;
    expect(
      desk.refused('patients.addIdentifier', {
        patientId,
        identifier: { type: 'bhyt', value: 'hs4401234567890' },
      }).code,
    ).toBe('duplicate_identifier');
    const { undo } = desk.ask('patients.endIdentifier', { patientId, id: old.id, reason: 'Thẻ mới' });
    desk.ask('patients.addIdentifier', { patientId, identifier: { type: 'bhyt', value: '1234567890' } });
    const numbers = desk.ask('patients.get', { patientId }).identifiers.filter((n) => n.type === 'bhyt');
    expect(numbers.map((n) => [n.value, n.endReason])).toEqual([
      ['1234567890', null],
      ['HS4 40 1234567890', 'Thẻ mới'],
    ]);
    expect(desk.refused('patients.endIdentifier', { patientId, id: old.id, reason: 'x' }).code).toBe(
      'already_voided',
    );
    desk.undo(undo);
    expect(
      desk.ask('patients.get', { patientId }).identifiers.find((n) => n.id === old.id)?.endedAt,
    ).toBeNull();
  });

  it('change and end relatives', () => {
    const desk = openDesk();
    const { patientId } = desk.ask('patients.register', an);
    const [wife] = desk.ask('patients.get', { patientId }).relatives;
    const changed = desk.ask('patients.updateRelative', {
      patientId,
      id: wife!.id,
      set: { phone: '0911111111' },
      saw: wife!.versions,
    });
    expect(desk.ask('patients.get', { patientId }).relatives[0]).toMatchObject({
      phone: '0911111111',
      relation: 'spouse',
    });
    expect(
      desk.refused('patients.updateRelative', {
        patientId,
        id: wife!.id,
        set: { phone: '0922222222' },
        saw: wife!.versions,
      }).code,
    ).toBe('stale');
    desk.undo(changed.undo);
    expect(desk.ask('patients.get', { patientId }).relatives[0]?.phone).toBe('0987654321');
    desk.ask('patients.endRelative', { patientId, id: wife!.id });
    expect(desk.ask('patients.get', { patientId }).relatives[0]?.endedAt).not.toBeNull();
  });

  it("never reach another patient's numbers", () => {
    const desk = openDesk();
    const a = desk.ask('patients.register', an);
    const b = desk.ask('patients.register', an);
    const [number] = desk.ask('patients.get', { patientId: a.patientId }).identifiers;
    expect(
      desk.refused('patients.endIdentifier', { patientId: b.patientId, id: number!.id, reason: 'x' }).code,
    ).toBe('not_found');
  });
});

describe('two PCs', () => {
  /** Registers on one, brings it to the other. */
  function twoDesks() {
    const a = openDesk({ station: 'a', prefix: '01A' });
    const b = openDesk({ station: 'b', prefix: '02A' });
    const { patientId } = a.ask('patients.register', an);
    exchange(a.store, b.store);
    return { a, b, patientId };
  }
  const openConflicts = (
    sql: typeof openDesk extends (...x: never[]) => infer D
      ? D extends { store: { sql: infer S } }
        ? S
        : never
      : never,
  ) =>
    sql
      .prepare<[], { id: string; subject_key: string; sides: string }>(
        'select id, subject_key, sides from conflict where settled is null',
      )
      .all();

  it('that wrote different blood groups unseen show the conflict on both, and settle it by choice', () => {
    const { a, b, patientId } = twoDesks();
    const saw = a.ask('patients.get', { patientId }).versions;
    a.ask('patients.update', { patientId, set: { bloodGroup: 'B' }, saw });
    b.ask('patients.update', { patientId, set: { bloodGroup: 'O' }, saw });
    exchange(a.store, b.store);
    expect(a.ask('patients.get', { patientId })).toEqual(b.ask('patients.get', { patientId }));
    const [conflict] = openConflicts(a.store.sql);
    expect(conflict?.subject_key).toBe('field.patient.bloodGroup');
    expect(openConflicts(b.store.sql)).toEqual([conflict]);
    expect(a.ask('patients.get', { patientId }).openConflicts).toBe(1);

    const sides: { choice: string; value: string; current: boolean }[] = JSON.parse(conflict!.sides);
    expect(sides.map((s) => s.value).sort()).toEqual(['B', 'O']);
    const loser = sides.find((s) => !s.current)!;
    const ctx = { caller, now: () => 0, can: () => true, undo: () => '' };
    const deps = {
      store: a.store,
      people: { nameOf: () => '', titleOf: () => null, stationName: () => '' },
      now: () => 0,
    };
    const settle = (choice: string) =>
      settlePatient(
        deps,
        ctx,
        { patientId, subjectKey: 'field.patient.bloodGroup' },
        choice,
        'Thử lại nhóm máu',
      );
    expect(settle('nobody')).toMatchObject({ ok: false, error: { code: 'stale' } });
    expect(settle(loser.choice).ok).toBe(true);
    exchange(a.store, b.store);
    for (const desk of [a, b]) {
      expect(desk.ask('patients.get', { patientId })).toMatchObject({
        openConflicts: 0,
        demographics: { bloodGroup: loser.value },
      });
      const [row] = desk.store.sql
        .prepare<[], { id: string; settled: string }>('select id, settled from conflict')
        .all();
      expect(row?.id).toBe(conflict!.id);
      expect(JSON.parse(row!.settled)).toMatchObject({ choice: loser.choice, reason: 'Thử lại nhóm máu' });
    }
    expect(settle(loser.choice)).toMatchObject({ ok: false, error: { code: 'already_settled' } });
  });

  it('that wrote the same value, or a plain field, do not trouble anyone', () => {
    const { a, b, patientId } = twoDesks();
    const saw = a.ask('patients.get', { patientId }).versions;
    a.ask('patients.update', { patientId, set: { bloodGroup: 'B', phone: '0911111111' }, saw });
    b.ask('patients.update', { patientId, set: { bloodGroup: 'B', phone: '0922222222' }, saw });
    exchange(a.store, b.store);
    expect(a.ask('patients.get', { patientId })).toMatchObject({
      openConflicts: 0,
      demographics: { bloodGroup: 'B' },
    });
    expect(a.ask('patients.get', { patientId })).toEqual(b.ask('patients.get', { patientId }));
  });

  it('edits of different fields both hold', () => {
    const { a, b, patientId } = twoDesks();
    const saw = a.ask('patients.get', { patientId }).versions;
    a.ask('patients.update', { patientId, set: { fullName: 'Nguyễn Văn Ân' }, saw });
    b.ask('patients.update', { patientId, set: { birthDate: '1986' }, saw });
    exchange(a.store, b.store);
    expect(b.ask('patients.get', { patientId })).toMatchObject({
      openConflicts: 0,
      demographics: { fullName: 'Nguyễn Văn Ân', birthDate: '1986' },
    });
  });
});

describe('tables', () => {
  const dump = (sql: import('better-sqlite3').Database): unknown =>
    ['patient', 'patient_identifier', 'patient_relative', 'conflict'].map((t) =>
      sql.prepare(`select * from ${t} order by id`).all(),
    );

  const step = fc.oneof(
    fc.record({
      on: fc.constantFrom(0, 1),
      act: fc.constant('register' as const),
      name: fc.constantFrom('Lê An', 'Lê Ân', 'Trần Bình'),
    }),
    fc.record({
      on: fc.constantFrom(0, 1),
      act: fc.constant('blood' as const),
      value: fc.constantFrom('A', 'B', 'O'),
    }),
    fc.record({
      on: fc.constantFrom(0, 1),
      act: fc.constant('rename' as const),
      name: fc.constantFrom('Lê An', 'Phạm Đức', 'Trần Bình'),
    }),
    fc.record({ on: fc.constantFrom(0, 1), act: fc.constant('number' as const) }),
    fc.record({ on: fc.constantFrom(0, 1), act: fc.constant('endNumber' as const) }),
    fc.record({ on: fc.constantFrom(0, 1), act: fc.constant('exchange' as const) }),
  );

  it('are the same on every store, in any order of arrival, and after a rebuild', () => {
    fc.assert(
      fc.property(fc.array(step, { minLength: 3, maxLength: 14 }), (steps) => {
        const desks = [
          openDesk({ station: 'a', prefix: '01A' }),
          openDesk({ station: 'b', prefix: '02A' }),
        ] as const;
        const first = (d: (typeof desks)[number]): string | undefined =>
          d.store.sql
            .prepare<[], { id: string }>('select id from patient order by registered_at limit 1')
            .get()?.id;
        for (const s of steps) {
          const desk = desks[s.on as 0 | 1];
          const patientId = first(desk);
          if (s.act === 'exchange') exchange(desks[0].store, desks[1].store);
          else if (s.act === 'register') desk.ask('patients.register', person(s.name, { bloodGroup: 'A' }));
          else if (patientId === undefined) continue;
          else if (s.act === 'number')
            desk.ask('patients.addIdentifier', {
              patientId,
              identifier: { type: 'other', value: `x${Math.random()}` },
            });
          else if (s.act === 'endNumber') {
            const open = desk.ask('patients.get', { patientId }).identifiers.find((n) => n.endedAt === null);
            if (open) desk.ask('patients.endIdentifier', { patientId, id: open.id, reason: 'x' });
          } else {
            const saw = desk.ask('patients.get', { patientId }).versions;
            desk.ask('patients.update', {
              patientId,
              set: s.act === 'blood' ? { bloodGroup: s.value as 'A' } : { fullName: s.name },
              saw,
            });
          }
        }
        exchange(desks[0].store, desks[1].store);
        const live = dump(desks[0].store.sql);
        expect(dump(desks[1].store.sql)).toEqual(live);
        desks[0].store.rebuild();
        expect(dump(desks[0].store.sql)).toEqual(live);
        const late = openTestStore([model], { station: 'c' });
        give(desks[1].store, late);
        expect(dump(late.sql)).toEqual(live);
        for (const name of ['le an', 'pham duc', 'tran binh']) {
          const found = (d: (typeof desks)[number]) =>
            d
              .ask('patients.search', { text: name, limit: 100 })
              .map((h) => h.patientId)
              .sort();
          expect(found(desks[1])).toEqual(found(desks[0]));
        }
        for (const d of desks) d.store.close();
        late.close();
      }),
      { numRuns: propertyRuns(5) },
    );
  });

  it('tell other areas who people are, many at once', () => {
    const desk = openDesk();
    const a = desk.ask('patients.register', an).patientId;
    const b = desk.ask('patients.register', person('Lê Đức')).patientId;
    const identities = identitiesOf(desk.store.sql, [a, b, 'nobody']);
    expect([...identities.keys()].sort()).toEqual([a, b].sort());
    expect(identities.get(a)).toMatchObject({
      fullName: 'Nguyễn Văn An',
      foldedName: 'nguyen van an',
      cccd: '040085001234',
      bhyt: 'HS4 40 1234567890',
      recordNumber: '2601A00001',
    });
    expect(identities.get(b)).toMatchObject({ cccd: null, birthDate: null, unidentified: false });
  });
});
