// What a station is told of another center's patient, why, and what stays written about its having asked.
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { decide, lastOf } from '../../../province/identity/decisions.ts';
import { lookupOf } from '../../../province/identity/lookup.ts';
import { ordered } from '../../../province/identity/rows.ts';
import { openIdentity } from '../../../province/trust/identity.ts';
import type { Lookup } from '../../../province/types.ts';
import { decodeAnswer, encodeAnswer, type LookupQuestion } from '../../../shared/sync/lookup.ts';
import { openTestDatabase, station, type TestDatabase, t0 } from '../province/support.ts';
import { newCccd, newName, pcOf, readLogs } from './support.ts';

let test: TestDatabase;
let lookup: Lookup;
const logged: unknown[] = [];
beforeAll(async () => {
  test = await openTestDatabase();
  await openIdentity(test.db, 'Sở thử', t0);
  lookup = lookupOf({
    db: test.db,
    now: () => test.clock,
    log: (_level, event, facts) => logged.push({ event, facts }),
  });
}, 60_000);
afterAll(() => test.close());

let asker = 70_000;
/** A station of its own each time, so that nobody asks too often. */
const ask = async (center: number, question: LookupQuestion) => {
  const answer = await lookup(center, station(asker++), question);
  // what cannot travel is no answer
  return answer && decodeAnswer(encodeAnswer(answer));
};

describe('a look-up', () => {
  it('tells who it is, allergies and stays of other centers, and as of when', async () => {
    const [mine, other] = [await pcOf(test), await pcOf(test, 'Trung tâm Na Rì')];
    const cccd = newCccd();
    const fullName = newName();
    const patient = other.register({
      fullName,
      birthDate: '1985-03-02',
      sex: '2',
      communeCode: '01921',
      cccd,
    });
    const ward = other.ward('Khoa Nội');
    other.allergy(patient, 'Penicillin');
    other.strikeOut(patient, other.allergy(patient, 'Tôm'));
    const first = other.admit(patient, ward, '26A1', t0);
    other.discharge(patient, first, t0 + 5_000, 'Viêm phổi');
    other.admit(patient, ward, '26A2', t0 + 9_000);
    await other.send();
    await readLogs(test, other);

    const answer = await ask(mine.center, { cccd });
    expect(answer).toEqual({
      at: test.clock,
      people: [
        {
          centerName: 'Trung tâm Na Rì',
          fullName,
          sex: '2',
          birthDate: '1985-03-02',
          address: 'Xã Thử',
          identifiers: [{ kind: 'cccd', value: cccd }],
          allergies: [{ substance: 'Penicillin', severity: 'severe' }],
          stays: [
            {
              number: '26A2',
              admittedAt: t0 + 9_000,
              dischargedAt: null,
              diagnosis: 'Sốt',
              wardName: 'Khoa Nội',
            },
            {
              number: '26A1',
              admittedAt: t0,
              dischargedAt: t0 + 5_000,
              diagnosis: 'Viêm phổi',
              wardName: 'Khoa Nội',
            },
          ],
          asOf: test.clock,
          because: ['identifier'],
        },
      ],
    });
    expect((await ask(other.center, { cccd }))?.people).toEqual([]);
  });

  it('is as old as what was read of the log', async () => {
    const [mine, other] = [await pcOf(test), await pcOf(test)];
    const cccd = newCccd();
    other.register({ cccd });
    await other.send();
    await readLogs(test, other);
    const read = test.clock;
    test.clock += 60_000;
    other.register({});
    await other.send();
    expect((await ask(mine.center, { cccd }))?.people[0]?.asOf).toBe(read);
    await readLogs(test, other);
    expect((await ask(mine.center, { cccd }))?.people[0]?.asOf).toBe(test.clock);
  });

  it('finds by an insurance card however it is typed, and by name and birth date however it is written', async () => {
    const [mine, other] = [await pcOf(test), await pcOf(test)];
    const card = newCccd().slice(0, 10);
    const word = newName().split(' ')[2]!;
    other.register({ fullName: `Hòa ${word}`, birthDate: '1950', bhyt: `GD401${card}` });
    await other.send();
    await readLogs(test, other);
    expect((await ask(mine.center, { bhyt: `gd4-01-${card}` }))?.people).toHaveLength(1);
    expect((await ask(mine.center, { bhyt: card }))?.people).toHaveLength(1);
    const byName = await ask(mine.center, { fullName: `HOÀ  ${word}`, birthDate: '1950-07-01' });
    expect(byName?.people).toMatchObject([{ because: ['name_and_birth'] }]);
    expect((await ask(mine.center, { fullName: `Hòa ${word}` }))?.people).toEqual([]);
    expect((await ask(mine.center, { fullName: `Hòa ${word}`, birthDate: '1951' }))?.people).toEqual([]);
    expect((await ask(mine.center, { birthDate: '1950' }))?.people).toEqual([]);
  });

  it('answers whoever is linked with them, and leaves out whoever was said to be another person', async () => {
    const [mine, other, third] = [await pcOf(test), await pcOf(test), await pcOf(test)];
    const [cccd, name] = [newCccd(), newName()];
    const own = mine.register({ cccd, fullName: name, birthDate: '1980-01-01' });
    const linked = other.register({ fullName: newName(), birthDate: '1980-02-02' });
    const twin = third.register({ cccd, fullName: newName(), birthDate: '1999-01-01' });
    for (const pc of [mine, other, third]) await pc.send();
    await readLogs(test, mine, other, third);
    const say = async (pc: { center: number }, patient: string, action: 'link' | 'refuse' | 'take_back') => {
      const pair = ordered({ center: mine.center, patient: own }, { center: pc.center, patient });
      const saw = (await lastOf(test.db, pair))?.id ?? null;
      await decide(test.db, 'an', { ...pair, action, reason: 'x', saw }, 0);
    };
    expect((await ask(mine.center, { cccd }))?.people).toMatchObject([{ because: ['identifier'] }]);
    await say(other, linked, 'link');
    await say(third, twin, 'refuse');
    expect((await ask(mine.center, { cccd }))?.people).toMatchObject([{ because: ['linked'] }]);
    await say(third, twin, 'take_back');
    expect((await ask(mine.center, { cccd }))?.people).toHaveLength(2);
  });

  it('is written down before it is answered: by whom, by what, of whom; never what was typed', async () => {
    const [mine, other] = [await pcOf(test), await pcOf(test)];
    const cccd = newCccd();
    const patient = other.register({ cccd });
    await other.send();
    await readLogs(test, other);
    await ask(mine.center, { cccd, user: 'an' });
    await ask(mine.center, { cccd, user: 'binh' });
    await ask(mine.center, { cccd: newCccd() });
    const lines = await test.db.query<{
      asked: Uint8Array;
      asked_by: string;
      answered: string[];
      user_id: string | null;
    }>('select asked, asked_by, answered, user_id from person_lookup where center = $1 order by id', [
      mine.center,
    ]);
    expect(lines.map(({ asked_by, answered }) => ({ asked_by, answered }))).toEqual([
      { asked_by: 'cccd', answered: [`${other.center}/${patient}`] },
      { asked_by: 'cccd', answered: [`${other.center}/${patient}`] },
      { asked_by: 'cccd', answered: [] },
    ]);
    expect(lines.map(({ user_id }) => user_id)).toEqual(['an', 'binh', null]);
    expect(Buffer.from(lines[0]!.asked)).toEqual(Buffer.from(lines[1]!.asked));
    expect(Buffer.from(lines[0]!.asked)).not.toEqual(Buffer.from(lines[2]!.asked));
    expect(JSON.stringify([lines, logged])).not.toContain(cccd);
  });

  it('is refused to a station that goes through a list', async () => {
    const { center } = await test.center();
    const greedy = station(69_000);
    const answers = [];
    for (let i = 0; i < 31; i++) answers.push(await lookup(center, greedy, { cccd: newCccd() }));
    expect(answers.slice(0, 30).every((answer) => answer !== null)).toBe(true);
    expect(answers[30]).toBeNull();
    test.clock += 61_000;
    expect(await lookup(center, greedy, { cccd: randomUUID() })).not.toBeNull();
  });
});
