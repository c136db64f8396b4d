import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { mergeWrites, type Write } from '../../../shared/sync/merge.ts';

const guarded = () => 'guarded' as const;
const plain = () => 'plain' as const;
let next = 0;
const write = (version: string, writer: string, value: unknown, saw = ''): Write => ({
  version: `${version}-${writer}`,
  changeId: `${writer}.${next++}`,
  writer,
  values: { f: value },
  saw: saw === '' ? {} : { f: saw },
});

/** Histories as stations make them: own stamps rise, and only writes made before can have been seen. */
const history = fc
  .array(
    fc.record({
      writer: fc.constantFrom('a', 'b', 'c'),
      clock: fc.nat(20),
      value: fc.nat(3),
      sees: fc.array(fc.nat(30), { maxLength: 3 }),
      field: fc.constantFrom('f', 'g'),
    }),
    { maxLength: 14 },
  )
  .map((steps) => {
    const writes: Write[] = [];
    const last: Record<string, number> = {};
    for (const [i, s] of steps.entries()) {
      const time = Math.max(s.clock, (last[s.writer] ?? 0) + 1);
      last[s.writer] = time;
      const saw = s.sees
        .map((n) => writes[n % Math.max(1, writes.length)]?.version)
        .filter((v) => v !== undefined);
      writes.push({
        version: `${String(time).padStart(4, '0')}-${s.writer}`,
        changeId: `${s.writer}.${i}`,
        writer: s.writer,
        values: { [s.field]: s.value },
        saw: { [s.field]: saw.join(',') },
      });
    }
    return writes;
  });

describe('merging what several stations wrote', () => {
  it('depends on the set of writes alone: any order, any grouping, any repetition', () => {
    const shuffled = history.chain((h) =>
      fc.tuple(fc.constant(h), fc.shuffledSubarray([...h, ...h], { minLength: h.length * 2 })),
    );
    fc.assert(
      fc.property(shuffled, ([h, again]) => {
        expect(mergeWrites(again, guarded)).toEqual(mergeWrites(h, guarded));
      }),
      { numRuns: 500 },
    );
  });

  it('always has one of the writes as winner, and never one that another write replaced', () => {
    fc.assert(
      fc.property(history, (h) => {
        const merged = mergeWrites(h, guarded);
        for (const [field, version] of Object.entries(merged.versions)) {
          const of = h.filter((w) => field in w.values);
          const winner = of.find((w) => w.version === version);
          expect(winner?.values[field]).toBe(merged.values[field]);
          const replaced = of.some(
            (w) => (w.saw[field] ?? '').split(',').includes(version) && w.version !== version,
          );
          expect(replaced).toBe(false);
        }
      }),
      { numRuns: 500 },
    );
  });

  it('lets the later of two plain writes stand, silently', () => {
    const merged = mergeWrites([write('2', 'a', 'x'), write('1', 'b', 'y')], plain);
    expect(merged).toMatchObject({ values: { f: 'x' }, versions: { f: '2-a' }, conflicts: [] });
  });

  it('keeps both of two guarded writes that had not seen each other, and is settled by one that saw both', () => {
    const both = [write('1', 'a', 'A'), write('2', 'b', 'B')];
    expect(mergeWrites(both, guarded).conflicts).toMatchObject([
      { field: 'f', heads: [{ values: { f: 'B' } }, { values: { f: 'A' } }] },
    ]);
    const settled = mergeWrites([...both, write('3', 'c', 'A', '1-a,2-b')], guarded);
    expect(settled).toMatchObject({
      values: { f: 'A' },
      conflicts: [],
      settled: [{ field: 'f', among: ['1-a', '2-b'] }],
    });
  });

  it('calls the same value written twice no conflict, also when its members are in another order', () => {
    const merged = mergeWrites([write('1', 'a', { x: 1, y: 2 }), write('2', 'b', { y: 2, x: 1 })], guarded);
    expect(merged.conflicts).toEqual([]);
  });

  it('never calls a station’s own earlier write a conflict', () => {
    expect(mergeWrites([write('1', 'a', 'A'), write('2', 'a', 'B')], guarded)).toMatchObject({
      values: { f: 'B' },
      conflicts: [],
    });
  });

  it('gives the last word to who saw a write, even one stamped in the far future', () => {
    const wild = write('9', 'a', 'typed with the clock in 2031');
    expect(mergeWrites([wild, write('3', 'b', 'put right', '9-a')], guarded)).toMatchObject({
      values: { f: 'put right' },
      versions: { f: '3-b' },
      conflicts: [],
    });
  });

  it('still has an answer when forged writes claim to have seen each other', () => {
    const merged = mergeWrites([write('1', 'a', 'A', '2-b'), write('2', 'b', 'B', '1-a')], guarded);
    expect(merged.values).toEqual({ f: 'B' });
  });
});
