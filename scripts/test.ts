// `npm test`: the whole truth. Everything runs even when something fails; a missing component and a skipped
// test are failures, so that a green run means that all of it ran. The last line holds the totals.
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { installLine, missingFor } from './components.ts';
import { type Step, staticSteps } from './steps.ts';
import {
  type Failure,
  type PlaywrightReport,
  playwrightFailures,
  type VitestReport,
  vitestFailures,
} from './test-reports.ts';
import { node, root, tool } from './tools.ts';

interface Total {
  passed: number;
  failed: number;
}

const total: Total = { passed: 0, failed: 0 };
const failures: string[] = [];
const failedTests: Failure[] = [];
const took: string[] = [];
const reports = join(root, 'node_modules', '.cache', 'test-reports');
rmSync(reports, { recursive: true, force: true });
mkdirSync(reports, { recursive: true });

components();
await Promise.all([...staticSteps(), { name: 'build', args: ['scripts/build.ts'] }].map(one));
// by itself Vitest leaves a core free, which on two cores is half of them
await vitest('unit', '--maxWorkers=100%');
await vitest('integration', '--project=integration-alone');
await endToEnd();
await vitest('torture', '--project=torture-sums', '--project=torture-wards');

console.log(`\n── ${took.join(' · ')}`);
for (const { test, why } of failedTests) console.log(`\n✗ ${test}\n${why.replace(/^/gm, '    ')}`);
for (const failure of failures) console.log(`✗ ${failure}`);
console.log(`\n${total.passed} passed, ${total.failed} failed`);
process.exitCode = total.failed > 0 || total.passed === 0 ? 1 : 0;

function components(): void {
  const missing = missingFor('test');
  for (const { what, package: name } of missing) fail(`thiếu ${what}: ${installLine([name])}`);
  if (missing.length === 0) total.passed++;
  if (process.versions.node.startsWith('24.')) total.passed++;
  else fail('thiếu Node 24: npm ci');
}

async function one({ name, args }: Step): Promise<void> {
  const ran = await node(args);
  heading(name);
  console.log(ran.output);
  took.push(`${name} ${Math.round(ran.seconds)} s`);
  if (ran.ok) total.passed++;
  else fail(name);
}

async function vitest(project: string, ...more: string[]): Promise<void> {
  heading(project);
  const file = join(reports, `${project}.json`);
  const ran = await node(
    [
      tool('vitest'),
      'run',
      '--project',
      project,
      ...more,
      '--reporter=default',
      '--reporter=json',
      `--outputFile.json=${file}`,
    ],
    { show: true, env: { TRAM_PROPERTY_RUNS: '25' } },
  );
  took.push(`${project} ${Math.round(ran.seconds)} s`);
  const report = read<VitestReport>(file);
  if (!report) return fail(`${project}: no report`);
  total.passed += report.numPassedTests;
  failedTests.push(...vitestFailures(report, root));
  const skipped = report.numPendingTests + report.numTodoTests;
  if (report.numFailedTests > 0) fail(`${project}: ${report.numFailedTests} tests`, report.numFailedTests);
  if (skipped > 0) fail(`${project}: ${skipped} tests skipped`, skipped);
  // A file that can't be loaded, or an error outside any test, fails the run without a failed test.
  if (!ran.ok && report.numFailedTests === 0) fail(`${project}: a file or the run itself`);
}

async function endToEnd(): Promise<void> {
  heading('end to end');
  const file = join(reports, 'e2e.json');
  const ran = await node([tool('@playwright/test', 'playwright'), 'test', '--reporter=list,json'], {
    show: true,
    env: { PLAYWRIGHT_JSON_OUTPUT_NAME: file },
  });
  took.push(`end to end ${Math.round(ran.seconds)} s`);
  const report = read<PlaywrightReport>(file);
  if (!report) return fail('end to end: no report');
  const { stats } = report;
  failedTests.push(...playwrightFailures(report));
  total.passed += stats.expected;
  if (stats.unexpected > 0) fail(`end to end: ${stats.unexpected} tests`, stats.unexpected);
  if (stats.skipped > 0) fail(`end to end: ${stats.skipped} tests skipped`, stats.skipped);
  if (stats.flaky > 0) fail(`end to end: ${stats.flaky} tests passed only at a second try`, stats.flaky);
  if (!ran.ok && stats.unexpected === 0) fail('end to end: the run itself');
}

function fail(what: string, count = 1): void {
  total.failed += count;
  failures.push(what);
}

function heading(name: string): void {
  console.log(`\n── ${name}`);
}

function read<T>(file: string): T | null {
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as T) : null;
}
