import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { encode } from 'fast-png';
import { afterAll, expect, it } from 'vitest';
import { benchFolder, errorRates } from '../../../../electron/fingerprint/bench.ts';
import { touch } from '../../../../electron/fingerprint/synthetic/index.ts';
import { finger, picture } from './prints.ts';

const folder = mkdtempSync(join(tmpdir(), 'tram-bench-'));
afterAll(() => rmSync(folder, { recursive: true }));

it('counts every genuine and every impostor pair, and a picture without a template as never matching', () => {
  for (const seed of [1, 2, 3]) {
    for (const n of [1, 2]) {
      const { width, height, pixels } = touch(finger(seed), { seed: seed * 10 + n });
      writeFileSync(join(folder, `${seed}_${n}.png`), encode({ width, height, data: pixels, channels: 1 }));
    }
  }
  const { width, height, pixels } = picture(() => 128);
  writeFileSync(join(folder, '3_3.png'), encode({ width, height, data: pixels, channels: 1 }));
  const { sets } = benchFolder(folder);
  expect(sets).toHaveLength(1);
  expect(sets[0]).toMatchObject({ images: 7, failedToEnrol: 1, genuine: 5, impostors: 16, zeroFmr: 40 });
});

it('finds the rates of a known distribution', () => {
  const impostors = Array.from({ length: 1000 }, (_, i) => i / 1000);
  // 40 of 100 genuine scores lie below 0.9, spread evenly
  const genuine = Array.from({ length: 100 }, (_, i) => (i < 40 ? 0.5 + i / 100 : 2));
  const rates = errorRates(genuine, impostors);
  expect(rates.zeroFmr).toBe(40);
  expect(rates.fnmrAtFmr1pct).toBe(40);
  expect(rates.eer).toBe(25);
  expect(errorRates([3, 4], [1, 2])).toMatchObject({ eer: 0, zeroFmr: 0, fnmrAtFmr01pct: 0 });
});
