// `npm run bench`: every budget of the design that can be measured by now, on a center of 500,000 people and two years
// of 200 beds, each printed beside its budget and all written to tests/bench/results.
//   npm run bench -- [--size small] [--only save,search,…] [--runs 3]
import { spawnSync } from 'node:child_process';
import {
  closeSync,
  cpSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { cpus, loadavg, totalmem } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { benchCenter } from './center.ts';
import { boards, charts, saves, savesDuringBackup, searches } from './core-figures.ts';
import { best, type Figure, line, ratioOf, verdictOf } from './figures.ts';
import { openPage, startHost } from './host.ts';
import { chartPaints, coldStart, keyPaints, memoryAfterAnHour } from './page-figures.ts';

/** One run's center: a copy, so that every run begins with the same store. */
export interface Bench {
  readonly dataDir: string;
  readonly small: boolean;
}

const measurements: Readonly<Record<string, (bench: Bench) => Promise<Figure[]>>> = {
  save: (bench) =>
    withHost(bench, async (address) => [await saves(await openPage(address), few(bench, 2_000))]),
  backup: (bench) =>
    withHost(bench, async (address, another) => {
      const nurse = await openPage(address);
      return [await savesDuringBackup(nurse, await openPage(await another(), 'quantri'), bench.dataDir)];
    }),
  search: (bench) => withHost(bench, async (address) => searches(await openPage(address), few(bench, 200))),
  chart: (bench) =>
    withHost(bench, async (address) => [await charts(await openPage(address), few(bench, 100))]),
  board: (bench) =>
    withHost(bench, async (address) => [await boards(await openPage(address), few(bench, 100))]),
  paint: chartPaints,
  keys: keyPaints,
  start: coldStart,
  memory: memoryAfterAnHour,
};

const { values: options } = parseArgs({
  options: {
    size: { type: 'string', default: 'full' },
    only: { type: 'string' },
    runs: { type: 'string', default: '3' },
  },
});
const root = join(import.meta.dirname, '..', '..');
const size = options.size === 'small' ? 'small' : 'full';
const chosen = options.only?.split(',') ?? Object.keys(measurements);
const unknown = chosen.filter((name) => !(name in measurements));
if (unknown.length > 0) {
  console.error(`No measurement ${unknown.join(', ')}; there are: ${Object.keys(measurements).join(', ')}.`);
  process.exit(2);
}
await main();

async function main(): Promise<void> {
  if (!existsSync(join(root, 'out', 'browser.mjs')))
    spawnSync(process.execPath, [join(root, 'scripts', 'build.ts')], { stdio: 'inherit' });
  const folder = join(root, 'data', 'bench');
  const center = await benchCenter(folder, size);
  const dataDir = join(folder, `run-${process.pid}`);
  const started = new Date();
  const runs: { load: string; figures: Figure[] }[] = [];
  for (let run = 1; run <= Number(options.runs); run += 1) {
    const load = loadavg()
      .map((n) => n.toFixed(1))
      .join(' ');
    console.log(`\nRun ${run} of ${options.runs}, load ${load}`);
    rmSync(dataDir, { recursive: true, force: true });
    cpSync(center.dataDir, dataDir, { recursive: true });
    settle(join(dataDir, 'record.db'));
    const figures: Figure[] = [];
    for (const name of chosen) {
      const found = (await measurements[name]?.({ dataDir, small: size === 'small' })) ?? [];
      for (const figure of found) console.log(line(figure));
      figures.push(...found);
    }
    runs.push({ load, figures });
  }
  rmSync(dataDir, { recursive: true, force: true });
  const figures = best(runs.map((r) => r.figures));
  console.log(
    `\nBest of ${runs.length} runs: ${center.people} people, ${center.beds} beds, ${center.days} days, ${Math.round(center.bytes / 1e6)} MB`,
  );
  for (const figure of figures) console.log(line(figure));
  const results = join(import.meta.dirname, 'results');
  mkdirSync(results, { recursive: true });
  const file = join(results, `${started.toISOString().replaceAll(/[:.]/g, '-')}.json`);
  const machine = {
    cpu: cpus()[0]?.model ?? '',
    cores: cpus().length,
    memoryMb: Math.round(totalmem() / 1e6),
    platform: `${process.platform} ${process.arch}`,
    node: process.version,
  };
  const judged = figures.map((f) => ({ ...f, ratio: ratioOf(f), verdict: verdictOf(f) }));
  writeFileSync(file, `${JSON.stringify({ at: started, machine, center, best: judged, runs }, null, 2)}\n`);
  console.log(`\n${file}`);
  const over = figures.filter((f) => verdictOf(f) === 'OVER').length;
  if (over > 0) {
    console.log(`${over} of ${figures.length} figures over budget`);
    process.exitCode = 1;
  }
}

async function withHost<T>(
  { dataDir }: Bench,
  work: (address: string, another: () => Promise<string>) => Promise<T>,
): Promise<T> {
  const host = await startHost(dataDir);
  try {
    return await work(host.address, () => host.anotherAddress());
  } finally {
    await host.stop();
  }
}

/** Gigabytes just copied would be written out by the first save's fsync. */
function settle(file: string): void {
  const copied = openSync(file, 'r+');
  fsyncSync(copied);
  closeSync(copied);
}

function few({ small }: Bench, count: number): number {
  return small ? Math.max(20, count / 10) : count;
}
