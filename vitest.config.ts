import { join } from 'node:path';
import { defineConfig } from 'vitest/config';

// Importing the real module from plain Node would try to download Electron.
const electron = join(import.meta.dirname, 'tests', 'unit', 'shells', 'desktop', 'fake-electron.ts');

// Three projects: `unit` is what `npm run check` runs (no network, no browser, seconds);
// `integration` starts real processes, real files and the packaged build;
// `torture` tries to break promises: a bounded part here, the long one by `npm run torture`.
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
          testTimeout: 120_000,
          hookTimeout: 120_000,
          fileParallelism: false,
        },
      },
      {
        test: {
          name: 'torture',
          include: ['tests/torture/**/*.test.ts'],
          testTimeout: 900_000,
          hookTimeout: 300_000,
          fileParallelism: false,
        },
      },
    ],
  },
});
