// Who is one person, after any decisions in any order: groups are whoever hangs together by links that count.
import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Action, decide, decisionsOf, groupsOf, lastOf } from '../../../province/identity/decisions.ts';
import { keyText, ordered, type PersonKey } from '../../../province/identity/rows.ts';
import { openTestDatabase, type TestDatabase } from '../province/support.ts';

let test: TestDatabase;
const centers: number[] = [];
beforeAll(async () => {
  test = await openTestDatabase();
  for (let i = 0; i < 5; i++) centers.push((await test.center()).center);
}, 60_000);
afterAll(() => test.close());

/** Somebody in the n-th center. */
async function somebody(n: number): Promise<PersonKey> {
  const key = { center: centers[n]!, patient: randomUUID() };
  await test.db.query(
    `insert into person (center, patient, full_name, folded, record_number, unidentified, written_at)
     values ($1, $2, 'A', 'a', '1', false, 0)`,
    [key.center, key.patient],
  );
  return key;
}

/** Says it with the last decision in sight, as the page does. */
async function say(x: PersonKey, y: PersonKey, action: Action) {
  const pair = ordered(x, y);
  const saw = (await lastOf(test.db, pair))?.id ?? null;
  return await decide(test.db, 'an', { ...pair, action, reason: 'hỏi người nhà', saw }, test.clock);
}

describe('decisions about two records', () => {
  it('join them, part them again, and keep every word', async () => {
    const [a, b] = [await somebody(0), await somebody(1)];
    expect(await say(b, a, 'link')).toMatchObject({ ok: true });
    expect((await groupsOf(test.db, [a])).get(keyText(a))).toEqual([a, b]);
    expect(await say(a, b, 'take_back')).toMatchObject({ ok: true });
    expect((await groupsOf(test.db, [a])).get(keyText(a))).toEqual([a]);
    expect(await say(a, b, 'refuse')).toMatchObject({ ok: true });
    expect(await say(a, b, 'link')).toMatchObject({ ok: true });
    const told = await decisionsOf(test.db, ordered(a, b));
    expect(told.map(({ action }) => action)).toEqual(['link', 'refuse', 'take_back', 'link']);
  });

  it('need a reason, two known people, and the last decision in sight', async () => {
    const [a, b] = [await somebody(0), await somebody(1)];
    const of = (over: object) =>
      decide(test.db, 'an', { ...ordered(a, b), action: 'link', reason: 'x', saw: null, ...over }, 0);
    expect(await of({ reason: '  ' })).toMatchObject({ error: { code: 'reason_required' } });
    expect(await of({ a: { ...a, patient: 'nobody' } })).toMatchObject({ error: { code: 'not_found' } });
    expect(await of({ action: 'take_back' })).toMatchObject({ error: { code: 'nothing_recorded' } });
    expect(await of({})).toMatchObject({ ok: true });
    expect(await of({ action: 'refuse' })).toMatchObject({ error: { code: 'stale' } });
    expect(await say(a, b, 'link')).toMatchObject({ error: { code: 'nothing_recorded' } });
    expect(() => ordered(a, { ...b, center: a.center })).toThrow(RangeError);
  });

  it('are in the audit without the reason, which may name the patient', async () => {
    const [a, b] = [await somebody(0), await somebody(1)];
    await say(a, b, 'link');
    const [line] = await test.db.query(
      'select by, action, subject, detail from audit order by id desc limit 1',
    );
    expect(line).toMatchObject({ by: 'an', action: 'person.link', subject: `${keyText(a)} ${keyText(b)}` });
    expect(JSON.stringify(line)).not.toContain('người nhà');
  });

  it('give the groups of the links that count, after any of them in any order', async () => {
    const step = fc.record({
      x: fc.nat(4),
      y: fc.nat(4),
      action: fc.constantFrom<Action>('link', 'refuse', 'take_back'),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 14 }), async (steps) => {
        const people: PersonKey[] = [];
        for (let n = 0; n < centers.length; n++) people.push(await somebody(n));
        const stands = new Map<string, Action>();
        for (const { x, y, action } of steps) {
          if (x === y) continue;
          const done = await say(people[x]!, people[y]!, action);
          const pair = [Math.min(x, y), Math.max(x, y)].join();
          expect(done.ok).toBe((stands.get(pair) ?? 'take_back') !== action);
          stands.set(pair, action);
        }
        const groups = await groupsOf(test.db, people);
        for (const [n, person] of people.entries())
          expect(groups.get(keyText(person))).toEqual(reached(n, stands).map((m) => people[m]));
      }),
      { numRuns: 25 },
    );
  }, 120_000);
});

/** The model: whoever can be walked to, by number. */
function reached(from: number, stands: ReadonlyMap<string, Action>): number[] {
  const links = [...stands]
    .filter(([, action]) => action === 'link')
    .map(([pair]) => pair.split(',').map(Number));
  const seen = new Set([from]);
  for (let grew = true; grew; ) {
    const before = seen.size;
    for (const [x = -1, y = -1] of links) {
      if (seen.has(x)) seen.add(y);
      if (seen.has(y)) seen.add(x);
    }
    grew = seen.size > before;
  }
  return [...seen].sort((x, y) => x - y);
}
