// What the province makes of centers' logs: people, numbers, pairs that may be one person.
import { createHash, randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Database } from '../../../province/database/types.ts';
import { readOn, readPiece } from '../../../province/identity/follow.ts';
import { personOf } from '../../../province/identity/person.ts';
import { relevantKinds, rules } from '../../../province/identity/relevant.ts';
import { keyText, peopleOf } from '../../../province/identity/rows.ts';
import { fieldNames, kinds } from '../../../province/log/kinds.ts';
import { patientRegister } from '../../../shared/model/patients.ts';
import { decodeChange, encodeChange } from '../../../shared/sync/codec.ts';
import { CARRY, carrierOf } from '../../../shared/sync/forks.ts';
import { makeHlc } from '../../../shared/time/hlc.ts';
import { openTestDatabase, station, type TestDatabase, t0, writer } from '../province/support.ts';
import { newCccd, newName, pcOf, readLogs } from './support.ts';

let test: TestDatabase;
beforeAll(async () => {
  test = await openTestDatabase();
}, 60_000);
afterAll(() => test.close());

const pairsOf = (center: number) =>
  test.db.query<{ a_patient: string; b_patient: string; score: number; reasons: string }>(
    'select a_patient, b_patient, score, reasons from person_pair where a_center = $1 or b_center = $1',
    [center],
  );

describe('a patient out of its changes', () => {
  it('is the same in whatever order they came', async () => {
    const pc = await pcOf(test);
    const patient = pc.register({ cccd: '001085000001' });
    pc.update(patient, { fullName: 'Nguyễn Văn Hai' });
    const card = pc.number(patient, 'bhyt', 'GD4 01 0123456789');
    pc.update(patient, { phone: '0912' });
    pc.endNumber(patient, card);
    const changes = pc.writer.stored.map((stored) =>
      decodeChange(stored, createHash('sha256').update(stored).digest('hex'), fieldNames),
    );
    const expected = personOf(changes);
    expect(expected).toMatchObject({
      fullName: 'Nguyễn Văn Hai',
      folded: 'nguyen van hai',
      birthDate: '1985-03-02',
    });
    expect(expected?.numbers).toContainEqual({
      type: 'bhyt',
      number: '0123456789',
      shown: 'GD4 01 0123456789',
      ended: true,
    });
    fc.assert(
      fc.property(fc.shuffledSubarray(changes, { minLength: changes.length }), (shuffled) => {
        expect(personOf(shuffled)).toEqual(expected);
      }),
    );
  });

  it('reads a personal number printed as a card number as what it is', async () => {
    const pc = await pcOf(test);
    const cccd = newCccd();
    const patient = pc.register({ bhyt: cccd });
    await pc.send();
    await readLogs(test, pc);
    const key = { center: pc.center, patient };
    const person = (await peopleOf(test.db, [key])).get(keyText(key));
    expect(person?.numbers).toMatchObject([{ type: 'cccd', number: cccd, ended: false }]);
  });
});

describe('reading a log', () => {
  it('goes on where it stopped, piece by piece', async () => {
    const pc = await pcOf(test);
    const patients = [1, 2, 3, 4, 5].map((n) => pc.register({ fullName: newName(), birthDate: `198${n}` }));
    await pc.send();
    expect(await readPiece(test.db, pc.center, test.clock, 2)).toBe('more');
    const [half] = await test.db.query<{ log_no: number }>(
      'select log_no from people_progress where center = $1',
      [pc.center],
    );
    expect(half?.log_no).toBe(2);
    await readLogs(test, pc);
    const rows = await test.db.query('select patient from person where center = $1', [pc.center]);
    expect(rows).toHaveLength(patients.length);
  });

  it('follows a correction, and the pairs of before are gone', async () => {
    const [one, other] = [await pcOf(test), await pcOf(test)];
    const person = { fullName: newName(), birthDate: '1990-01-02' };
    const mine = one.register(person);
    other.register(person);
    await Promise.all([one.send(), other.send()]);
    await readLogs(test, one, other);
    expect(await pairsOf(one.center)).toMatchObject([{ a_patient: mine, reasons: 'name birth sex' }]);
    one.update(mine, { fullName: newName() });
    await one.send();
    await readLogs(test, one);
    expect(await pairsOf(one.center)).toEqual([]);
  });

  it('finds a pair whichever center is read first', async () => {
    const cccd = newCccd();
    const found = [];
    for (const first of [0, 1]) {
      const pcs = [await pcOf(test), await pcOf(test)] as const;
      const number = `${cccd.slice(0, 11)}${first}`;
      for (const pc of pcs) {
        pc.register({ fullName: newName(), birthDate: null, cccd: number });
        await pc.send();
      }
      await readLogs(test, pcs[first === 0 ? 0 : 1], pcs[first === 0 ? 1 : 0]);
      found.push((await pairsOf(pcs[0].center)).map(({ score, reasons }) => ({ score, reasons })));
    }
    expect(found[0]).toEqual([{ score: 47, reasons: 'cccd -name sex' }]);
    expect(found[1]).toEqual(found[0]);
  });

  it('sets aside what it cannot use, with the reason, and reads on', async () => {
    const pc = await pcOf(test);
    const poison = writer(station(9_001), 1, 0);
    const newer = poison.write(
      1,
      { subject: { type: 'patient', id: randomUUID() }, body: {} },
      { ...patientRegister, v: 99 },
    );
    const own = test.storeOf(pc.center);
    expect(await own.take([newer], station(9_001))).toMatchObject({ accepted: 1, parked: 1 });
    const patient = pc.register({});
    await pc.send();
    await readLogs(test, pc);
    expect(
      await test.db.query('select log_no, reason from people_poison where center = $1', [pc.center]),
    ).toEqual([{ log_no: 1, reason: 'not_understood' }]);
    expect(await test.db.query('select patient from person where center = $1', [pc.center])).toEqual([
      { patient },
    ]);
  });

  it('passes over a change that cannot be written, and over it alone', async () => {
    const pc = await pcOf(test);
    const patients = ['Một', 'Không ghi được', 'Ba'].map((fullName) => pc.register({ fullName }));
    await pc.send();
    const refusing: Database = {
      ...test.db,
      transaction: (work) =>
        test.db.transaction((tx) =>
          work({
            query: (text, params) => {
              if (
                text.startsWith('insert into person (') &&
                JSON.stringify(params).includes('Không ghi được')
              )
                throw Object.assign(new Error('of the data'), { code: '22021' });
              return tx.query(text, params);
            },
          }),
        ),
    };
    while ((await readOn(refusing, pc.center, test.clock)) !== 'done');
    const known = await test.db.query(
      'select patient from person where center = $1 order by full_name desc',
      [pc.center],
    );
    expect(known).toEqual([{ patient: patients[0] }, { patient: patients[2] }]);
    expect(await test.db.query('select log_no from people_poison where center = $1', [pc.center])).toEqual([
      { log_no: 2 },
    ]);
  });

  it('reads a name with a character that no table can hold', async () => {
    const pc = await pcOf(test);
    pc.register({ fullName: 'Lê\0 Văn Tám' });
    await pc.send();
    await readLogs(test, pc);
    expect(await test.db.query('select full_name from person where center = $1', [pc.center])).toEqual([
      { full_name: 'Lê Văn Tám' },
    ]);
  });

  it('counts a change once that came again inside another one', async () => {
    const pc = await pcOf(test);
    const lost = writer(station(9_002), 1, 0);
    const patient = randomUUID();
    const body = {
      recordNumber: '26A1',
      unidentified: false,
      unidentifiedNote: null,
      notDuplicates: [],
      fullName: newName(),
      sex: '1',
    };
    lost.write(1, { subject: { type: 'patient', id: patient }, patient, body }, patientRegister);
    const [stored] = lost.stored;
    const change = decodeChange(stored!, createHash('sha256').update(stored!).digest('hex'), fieldNames);
    const carriers = [9_003, 9_004].map((n) => {
      const draft = carrierOf(change, stored!, {
        station: station(n),
        incarnation: 1,
        seq: 1,
        prev: '0'.repeat(64),
        hlc: makeHlc(t0 + 5_000, 0),
        wall: t0,
        app: '0.1.0',
      });
      return {
        feed: { station: station(n), incarnation: 1, lane: 0 as const },
        firstSeq: 1,
        stored: [encodeChange(draft, CARRY)],
        before: null,
      };
    });
    await test.storeOf(pc.center).take(carriers, station(9_003));
    await readLogs(test, pc);
    expect(await test.db.query('select patient from person where center = $1', [pc.center])).toEqual([
      { patient },
    ]);
    expect(await test.db.query('select owner from people_change where center = $1', [pc.center])).toEqual([
      { owner: patient },
    ]);
  });

  it('reads everything again when a newer program comes, and leaves it alone when an older one does', async () => {
    const pc = await pcOf(test);
    const patient = pc.register({});
    await pc.send();
    await readLogs(test, pc);
    await test.db.query("update person set full_name = 'cũ' where center = $1", [pc.center]);
    await test.db.query('update people_progress set rules = 0 where center = $1', [pc.center]);
    await readLogs(test, pc);
    expect(
      await test.db.query('select patient, full_name from person where center = $1', [pc.center]),
    ).toEqual([{ patient, full_name: 'Nguyễn Văn Thử' }]);
    await test.db.query('update people_progress set rules = 1000 where center = $1', [pc.center]);
    expect(await readPiece(test.db, pc.center, test.clock)).toBe('busy');
  });

  it('writes to no table that taking changes in waits for', async () => {
    const pc = await pcOf(test);
    pc.register({});
    await pc.send();
    const before = await test.db.query('select * from center where number = $1', [pc.center]);
    await readLogs(test, pc);
    expect(await test.db.query('select * from center where number = $1', [pc.center])).toEqual(before);
  });
});

it('knows which kinds it reads: whoever adds one raises the number of the rules', () => {
  const read = kinds.all
    .filter(({ kind }) => relevantKinds.has(kind))
    .map(({ kind, v }) => `${kind}/${v}`)
    .sort();
  const fingerprint = createHash('sha256').update(read.join(' ')).digest('hex').slice(0, 16);
  expect({ rules, read: read.length, fingerprint }).toEqual({
    rules: 1,
    read: 20,
    fingerprint: 'b1c3cb3ad713f1c4',
  });
});
