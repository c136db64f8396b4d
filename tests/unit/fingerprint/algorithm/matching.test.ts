import { describe, expect, it } from 'vitest';
import { enrol } from '../../../../electron/fingerprint/enrol.ts';
import { createComparer } from '../../../../electron/fingerprint/matching/comparer.ts';
import {
  falseMatchRate,
  falseMatchTable,
  thresholds,
} from '../../../../electron/fingerprint/matching/thresholds.ts';
import type { Touch } from '../../../../electron/fingerprint/synthetic/index.ts';
import { LEAST_CYLINDERS } from '../../../../electron/fingerprint/template.ts';
import type { Template } from '../../../../electron/fingerprint/types.ts';
import { impression } from './prints.ts';

const comparer = createComparer();
const score = (a: Template, b: Template): number => comparer.score(comparer.prepare(a), comparer.prepare(b));

describe('the same finger is known again', () => {
  const enrolled = impression(1, { seed: 100 });

  it.each<[string, Omit<Touch, 'seed'>]>([
    ['touched again', {}],
    ['turned by 30°', { rotation: Math.PI / 6 }],
    ['turned by 60° the other way', { rotation: -Math.PI / 3 }],
    ['moved aside', { shift: { x: 45, y: -50 } }],
    ['with half of it on the glass', { area: 0.62, shift: { x: 20, y: 30 } }],
    ['stretched', { stretch: 9 }],
    ['pressed hard and wet', { pressure: 0.7, moisture: 0.8 }],
    ['dry', { moisture: -0.9, pressure: -0.3 }],
    ['with 16 grey levels, as serial modules send', { levels: 16 }],
    ['by a reader of 700 dpi', { dpi: 700, width: 420, height: 560 }],
    ['by a reader of 350 dpi', { dpi: 350, width: 210, height: 280 }],
    ['by a small sensor', { width: 192, height: 192 }],
    ['through a noisy sensor', { noise: 25 }],
  ])('%s', (_name, options) => {
    expect(score(enrolled, impression(1, { seed: 101, ...options }))).toBeGreaterThan(thresholds.verify);
  });

  it('whichever of the two is asked about', () => {
    const again = impression(1, { seed: 102, rotation: 0.4, moisture: -0.5 });
    expect(Math.abs(score(enrolled, again) - score(again, enrolled))).toBeLessThan(0.05);
  });
});

describe('different fingers', () => {
  it('stay below the threshold for 1:1, all pairs of ten', () => {
    const fingers = Array.from({ length: 10 }, (_, i) =>
      comparer.prepare(impression(i + 1, { seed: 200 + i, rotation: (i % 5) * 0.15 - 0.3 })),
    );
    const scores = fingers.flatMap((a, i) => fingers.slice(i + 1).map((b) => comparer.score(a, b)));
    expect(scores).toHaveLength(45);
    expect(Math.max(...scores)).toBeLessThan(thresholds.verify);
  });

  it('cannot match on a handful of minutiae copied from somebody', () => {
    const whole = impression(3, { seed: 300 });
    const few = { ...whole, minutiae: whole.minutiae.slice(0, 7) };
    expect(comparer.prepare(few).cylinders).toBeLessThan(LEAST_CYLINDERS);
    expect(score(whole, few)).toBe(0);
  });

  it('score nothing when there is nothing to compare', () => {
    const empty = { algorithm: 1, width: 300, height: 400, minutiae: [] };
    const dot = { x: 10, y: 10, angle: 0, type: 'ending', quality: 50 } as const;
    expect(score(empty, impression(1, { seed: 100 }))).toBe(0);
    expect(score({ ...empty, minutiae: Array.from({ length: 100 }, () => dot) }, empty)).toBe(0);
    // a hundred times the same place is one place
    const piled = { ...empty, minutiae: Array.from({ length: 100 }, () => dot) };
    expect(score(piled, impression(1, { seed: 100 }))).toBeLessThan(thresholds.verify);
  });
});

describe('what a score means', () => {
  it('is a rate that falls as the score rises', () => {
    const scores = falseMatchTable.map(([at]) => at);
    const rates = falseMatchTable.map(([, rate]) => rate);
    expect(scores).toEqual([...scores].sort((a, b) => a - b));
    expect(rates).toEqual([...rates].sort((a, b) => b - a));
    expect(falseMatchRate(0)).toBe(1);
    expect(falseMatchRate(thresholds.verify)).toBeLessThanOrEqual(1e-4);
    expect(falseMatchRate(1)).toBe(rates.at(-1));
  });
});

describe('enrolment', () => {
  const take = (seed: number, options: Partial<Touch> = {}) => impression(5, { seed, ...options });

  it('keeps three impressions of one finger, the one most like the others first', () => {
    const result = enrol([take(1), take(2, { rotation: 0.2 }), take(3, { moisture: -0.6 })], comparer);
    if (!result.ok) throw new Error(result.error.code);
    expect([...result.value.kept].sort()).toEqual([0, 1, 2]);
    expect(result.value.templates).toHaveLength(3);
  });

  it('drops the impression of another finger', () => {
    const result = enrol([take(1), impression(6, { seed: 2 }), take(3)], comparer);
    expect(result.ok && [...result.value.kept].sort()).toEqual([0, 2]);
  });

  it('refuses three different fingers', () => {
    const result = enrol(
      [1, 2, 3].map((seed) => impression(seed, { seed: 7 })),
      comparer,
    );
    expect(result).toMatchObject({ ok: false, error: { code: 'impressions_differ' } });
  });

  it('refuses impressions too weak to compare', () => {
    const weak = { ...take(1), minutiae: take(1).minutiae.slice(0, 6) };
    const result = enrol([weak, take(2), weak], comparer);
    expect(result).toMatchObject({ ok: false, error: { code: 'template_too_weak' } });
  });
});
