import { join } from 'node:path';
import { defineConfig } from 'vitest/config';

// Importing the real module from plain Node would try to download Electron.
const electron = join(import.meta.dirname, 'tests', 'unit', 'shells', 'desktop', 'fake-electron.ts');

const wards = 'tests/torture/power-loss-*.test.ts';
const sums = 'tests/torture/{sync-sim,tamper-*}.test.ts';
const alone = [
  'tests/integration/training/sync.test.ts',
  'tests/integration/sync-net/{lan,lines,state-repair}.test.ts',
  'tests/integration/province/processes.test.ts',
  'tests/integration/store/kill.test.ts',
  // one pcscd to a machine; memory is read faster than a module's deadline
  'tests/integration/signing/tokens/{card,pin-stays}.test.ts',
];

// `unit` is what `npm run check` runs (no network, no browser, seconds);
// `integration` starts real processes, real files and the packaged build, two files at once, because it mostly waits;
// what measures how fast things go is in `integration-alone`, with the PC for itself;
// `torture` tries to break promises: a bounded part here, the long one by `npm run torture`. Its files want the PC for
// themselves, but for those of `torture-sums`, which only reckon, and the wards of `torture-wards`, which are made to
// work side by side.
export default defineConfig({
  test: {
    projects: [
      {
        resolve: { alias: { electron } },
        test: {
          name: 'unit',
          include: ['tests/unit/**/*.test.{ts,tsx}'],
          testTimeout: 20_000,
          // loading the program anew for each of eighty files took more than half of the check's time
          isolate: false,
          pool: 'forks',
        },
      },
      {
        test: {
          name: 'integration',
          include: ['tests/integration/**/*.test.ts'],
          exclude: alone,
          testTimeout: 120_000,
          hookTimeout: 120_000,
          maxWorkers: 2,
        },
      },
      {
        test: {
          name: 'integration-alone',
          include: alone,
          testTimeout: 120_000,
          hookTimeout: 120_000,
          fileParallelism: false,
          sequence: { groupOrder: 1 },
        },
      },
      {
        test: {
          name: 'torture',
          include: ['tests/torture/**/*.test.ts'],
          exclude: [wards, sums],
          testTimeout: 900_000,
          hookTimeout: 300_000,
          fileParallelism: false,
          sequence: { groupOrder: 2 },
        },
      },
      {
        test: {
          name: 'torture-sums',
          include: [sums],
          testTimeout: 900_000,
          hookTimeout: 300_000,
          maxWorkers: 2,
          sequence: { groupOrder: 3 },
        },
      },
      {
        test: {
          name: 'torture-wards',
          include: [wards],
          testTimeout: 900_000,
          hookTimeout: 300_000,
          maxWorkers: 2,
          // after the others, not beside them
          sequence: { groupOrder: 4 },
        },
      },
    ],
  },
});
