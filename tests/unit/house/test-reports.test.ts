// The end of `npm test` names everything that failed: whoever sees only the last lines must be able to begin there.
import { expect, it } from 'vitest';
import { playwrightFailures, vitestFailures } from '../../../scripts/test-reports.ts';

const red = (text: string): string => `\u001b[31m${text}\u001b[39m`;

it('names the tests that failed with the first lines of why, and files that could not be read', () => {
  const report = {
    numPassedTests: 1,
    numFailedTests: 1,
    numPendingTests: 0,
    numTodoTests: 0,
    testResults: [
      {
        name: '/home/tram/tests/unit/clock.test.ts',
        assertionResults: [
          { fullName: 'clock goes on', status: 'passed', failureMessages: [] },
          {
            fullName: 'clock never goes back',
            status: 'failed',
            failureMessages: [`${red('AssertionError')}: expected 1 to be 2\n    at /home/tram/x.ts:1:1`],
          },
        ],
      },
      { name: '/home/tram/tests/unit/bed.test.ts', message: 'Cannot find module', assertionResults: [] },
    ],
  };
  expect(vitestFailures(report, '/home/tram')).toEqual([
    { test: 'tests/unit/clock.test.ts › clock never goes back', why: 'AssertionError: expected 1 to be 2' },
    { test: 'tests/unit/bed.test.ts', why: 'Cannot find module' },
  ]);
});

it('names browser tests that failed, were left out or passed only at a second try', () => {
  const spec = (title: string, status: string, message?: string) => ({
    file: 'board.spec.ts',
    title,
    tests: [{ status, results: [{ errors: message === undefined ? [] : [{ message }] }] }],
  });
  const report = {
    stats: { expected: 1, unexpected: 1, skipped: 1, flaky: 0 },
    suites: [
      {
        specs: [spec('opens', 'expected')],
        suites: [{ specs: [spec('moves', 'unexpected', red('no such bed')), spec('ends', 'skipped')] }],
      },
    ],
  };
  expect(playwrightFailures(report)).toEqual([
    { test: 'board.spec.ts › moves', why: 'no such bed' },
    { test: 'board.spec.ts › ends', why: 'skipped' },
  ]);
});
