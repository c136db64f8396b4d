// Version vectors against the plain truth: the set of changes a store held when it wrote.
import fc from 'fast-check';
import { expect, it } from 'vitest';
import {
  concurrent,
  concurrentTips,
  type Stamped,
  saw,
  seenOf,
  writerOf,
} from '../../../shared/sync/causality.ts';
import { makeHlc, nextHlc } from '../../../shared/time/hlc.ts';

const step = fc.record({
  writer: fc.nat(2),
  from: fc.nat(2),
  what: fc.constantFrom('write', 'write', 'receive'),
});

/** Three stores write and copy from each other; `held` is what each really had at each write. */
function play(steps: readonly { writer: number; from: number; what: string }[]) {
  const stores = [0, 1, 2].map(() => new Map<string, Stamped>());
  const held = new Map<string, ReadonlySet<string>>();
  const ms = 1_000;
  for (const { writer, from, what } of steps) {
    const store = stores[writer]!;
    if (what === 'receive') {
      for (const [version, change] of stores[from]!) store.set(version, change);
      continue;
    }
    const last = [...store.keys()]
      .map((v) => v.slice(0, 16))
      .sort()
      .at(-1);
    const hlc = last ? nextHlc(last as never, ms + writer * 5) : makeHlc(ms, 0);
    const version = `${hlc}-${'abc'[writer]!.repeat(32)}.1`;
    held.set(version, new Set(store.keys()));
    store.set(version, { version, saw: seenOf(store.keys()) });
  }
  return { all: [...new Map(stores.flatMap((s) => [...s])).values()], held };
}

it('knows of two changes exactly whether the writer of one held the other', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
      const { all, held } = play(steps);
      for (const x of all)
        for (const y of all) {
          expect(saw(x, y)).toBe(held.get(x.version)!.has(y.version));
          const apart =
            x !== y && !held.get(x.version)!.has(y.version) && !held.get(y.version)!.has(x.version);
          expect(concurrent(x, y)).toBe(apart);
        }
    }),
  );
});

it('pairs only the last change of either branch, whatever the order they are listed in', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 30 }), (steps) => {
      const { all } = play(steps);
      const names = (list: readonly Stamped[]) =>
        concurrentTips(list)
          .map(([x, y]) => `${x.version} ${y.version}`)
          .sort();
      expect(names([...all].reverse())).toEqual(names(all));
      for (const [x, y] of concurrentTips(all)) {
        expect(concurrent(x, y)).toBe(true);
        expect(all.some((z) => saw(z, x) && concurrent(z, y))).toBe(false);
      }
    }),
  );
});

it('says what a store has seen with one version per writer', () => {
  const a1 = '0000000000010000-aa.1';
  const a2 = '0000000000020000-aa.1';
  const b1 = '0000000000010000-bb.2';
  expect(seenOf([a2, b1, a1])).toEqual([b1, a2]);
  expect(writerOf(b1)).toBe('bb.2');
});
