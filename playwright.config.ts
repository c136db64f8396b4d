// End-to-end tests: the built program in the system's own browser, each file with a program of its own, never a second
// try.
// The screen is the one most wards have: 1366×768, Vietnamese, Vietnam's time.
import { defineConfig } from '@playwright/test';
import { findBrowser } from './electron/shells/system-browser.ts';
import { timeZone } from './tests/e2e/support/settings.ts';

const walks = ['axe.spec.ts', 'guide.spec.ts'];

export default defineConfig({
  testDir: 'tests/e2e',
  testMatch: '*.spec.ts',
  globalSetup: './tests/e2e/support/make-center.ts',
  outputDir: 'test-results',
  reporter: 'list',
  // a scanner is told from a hand by its pace: one story at a time, and beside it a walk that gives way to it
  workers: 2,
  projects: [
    { name: 'stories', testIgnore: walks, workers: 1 },
    { name: 'walks', testMatch: walks, workers: 1 },
  ],
  retries: 0,
  forbidOnly: true,
  // Limits for a PC busy with other things; nothing waits for them when all is well.
  timeout: 180_000,
  expect: { timeout: 20_000 },
  use: {
    viewport: { width: 1366, height: 768 },
    locale: 'vi-VN',
    timezoneId: timeZone,
    actionTimeout: 20_000,
    launchOptions: {
      executablePath: findBrowser() ?? undefined,
      // Chromium refuses its own sandbox as root; nobody else goes without it.
      chromiumSandbox: process.getuid?.() !== 0,
      // Every name resolves to nothing: the page is alone with the host on this PC.
      args: ['--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1', '--lang=vi'],
    },
  },
});
