// Version vectors against the plain truth: the set of changes a store held when it wrote.
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { compare } from '../../../shared/model/change.ts';
import {
  concurrent,
  concurrentTips,
  inCausalOrder,
  type Stamped,
  saw,
  seenOf,
  writerOf,
} from '../../../shared/sync/causality.ts';
import { makeHlc, nextHlc } from '../../../shared/time/hlc.ts';

const writers = [...'abc'].map((letter) => `${letter.repeat(32)}.1`);
const step = fc.record({
  writer: fc.nat(2),
  from: fc.nat(2),
  what: fc.constantFrom('write', 'write', 'receive'),
});

/**
 * Three stores write and copy from each other; `held` is what each really had at each write. With `ahead`, the clock of
 * one runs ahead so far that it moves nobody's.
 */
function play(steps: readonly { writer: number; from: number; what: string }[], ahead = false) {
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
      .filter((v) => !ahead || writerOf(v) === writers[writer])
      .map((v) => v.slice(0, 16))
      .sort()
      .at(-1);
    const now = ms + writer * 5 + (ahead && writer === 1 ? 360_000 : 0);
    const hlc = last ? nextHlc(last as never, now) : makeHlc(ahead ? now : ms, 0);
    const version = `${hlc}-${writers[writer]!}`;
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

it('puts nothing before what its writer had seen, also where a clock runs ahead, and else goes by the clock', () => {
  let turned = 0;
  fc.assert(
    fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
      const { all, held } = play(steps, true);
      const ordered = inCausalOrder(all);
      expect(inCausalOrder([...all].reverse())).toEqual(ordered);
      expect([...ordered].sort((x, y) => compare(x.version, y.version))).toEqual(
        [...all].sort((x, y) => compare(x.version, y.version)),
      );
      for (const [at, y] of ordered.entries())
        for (const x of ordered.slice(0, at)) expect(held.get(x.version)!.has(y.version)).toBe(false);
      for (const [at, y] of ordered.entries()) {
        const before = ordered[at - 1];
        if (before && before.version > y.version) {
          turned++;
          expect(saw(y, before)).toBe(true);
        }
      }
    }),
  );
  expect(turned).toBeGreaterThan(0);
});

it('goes by the clock where two claim to have seen each other', () => {
  const [a, b] = writers.map((writer, n) => `000000000001000${n}-${writer}`);
  const forged: Stamped[] = [
    { version: b!, saw: [a!] },
    { version: a!, saw: [b!] },
  ];
  expect(inCausalOrder(forged).map(({ version }) => version)).toEqual([a, b]);
});

it('says what a store has seen with one version per writer', () => {
  const a1 = '0000000000010000-aa.1';
  const a2 = '0000000000020000-aa.1';
  const b1 = '0000000000010000-bb.2';
  expect(seenOf([a2, b1, a1])).toEqual([b1, a2]);
  expect(writerOf(b1)).toBe('bb.2');
});
