// What failed, read out of the runners' JSON reports. The end of a long log is what people see first (and often
// all that a CI server keeps), so `npm test` names every failure there again, with the first lines of its message.

/** One failed, skipped or unstable test: its file and name in one line, and why, if it said so. */
export interface Failure {
  test: string;
  why: string;
}

/** The part of Vitest's JSON report that is read here. */
export interface VitestReport {
  numPassedTests: number;
  numFailedTests: number;
  numPendingTests: number;
  numTodoTests: number;
  testResults: {
    name: string;
    message?: string;
    assertionResults: { fullName: string; status: string; failureMessages: string[] | null }[];
  }[];
}

/** The part of Playwright's JSON report that is read here. */
export interface PlaywrightReport {
  stats: { expected: number; unexpected: number; skipped: number; flaky: number };
  suites: PlaywrightSuite[];
}

interface PlaywrightSuite {
  suites?: PlaywrightSuite[];
  specs?: {
    file: string;
    title: string;
    tests: { status: string; results: { errors?: { message?: string }[] }[] }[];
  }[];
}

/** All tests that failed, and files that failed without a failed test; file names are cut after `root`. */
export function vitestFailures(report: VitestReport, root: string): Failure[] {
  return report.testResults.flatMap(({ name, message, assertionResults }) => {
    const file = name.startsWith(root) ? name.slice(root.length + 1) : name;
    const failed = assertionResults.filter(({ status }) => status === 'failed');
    if (failed.length === 0) return message ? [{ test: file, why: brief(message) }] : [];
    return failed.map((test) => ({
      test: `${file} › ${test.fullName}`,
      why: brief(test.failureMessages?.[0] ?? ''),
    }));
  });
}

/** All tests that did not simply pass: failed, passed only at a second try, or not run. */
export function playwrightFailures(report: PlaywrightReport): Failure[] {
  const of = (suite: PlaywrightSuite): Failure[] => [
    ...(suite.specs ?? []).flatMap(({ file, title, tests }) =>
      tests
        .filter(({ status }) => status !== 'expected')
        .map(({ status, results }) => ({
          test: `${file} › ${title}`,
          why: brief(results.flatMap(({ errors }) => errors ?? [])[0]?.message ?? status),
        })),
    ),
    ...(suite.suites ?? []).flatMap(of),
  ];
  return report.suites.flatMap(of);
}

/** The first 12 lines without colours and without the stack. */
function brief(message: string): string {
  return message
    .replaceAll(ansi, '')
    .split('\n')
    .filter((line) => line.trim() !== '' && !/^\s+at /.test(line))
    .slice(0, 12)
    .join('\n');
}

const ansi = new RegExp(`${String.fromCharCode(27)}\\[[0-9;]*m`, 'g');
