// One process of many that play histories: `node runner.ts <first seed> <how many> <every>`. Writes a JSON line each
// second with what it has done since the last, and one for each failure.
import { planFor, play } from './history.ts';
import { report, shrink } from './shrink.ts';

export interface Progress {
  readonly done: number;
  readonly steps: number;
  readonly counts: Readonly<Record<string, number>>;
  readonly slowestHealMs: number;
}

export type Line =
  | { readonly progress: Progress }
  | { readonly failed: { readonly seed: number; readonly report: string } };

const SHRINK_FOR_MS = 20_000;
/** Enough to see whether they are all the same. */
const MOST_SHRUNK = 3;

async function run(first: number, count: number, every: number): Promise<void> {
  let since = fresh();
  let told = performance.now();
  let failures = 0;
  for (let i = 0; i < count; i++) {
    const plan = planFor(first + i * every);
    const outcome = await play(plan);
    since.done += 1;
    since.steps += outcome.steps;
    since.slowestHealMs = Math.max(since.slowestHealMs, outcome.healedInMs);
    for (const [what, n] of outcome.counts) since.counts[what] = (since.counts[what] ?? 0) + n;
    if (outcome.failure !== null) {
      failures += 1;
      const small =
        failures <= MOST_SHRUNK
          ? await shrink(plan, outcome, null, performance.now() + SHRINK_FOR_MS)
          : { plan, outcome };
      say({ failed: { seed: plan.seed, report: report(small, plan.steps.length) } });
    }
    if (performance.now() - told < 1_000 && i < count - 1) continue;
    say({ progress: since });
    since = fresh();
    told = performance.now();
  }
}

const fresh = (): { done: number; steps: number; counts: Record<string, number>; slowestHealMs: number } => ({
  done: 0,
  steps: 0,
  counts: {},
  slowestHealMs: 0,
});

const say = (line: Line): void => void process.stdout.write(`${JSON.stringify(line)}\n`);

if (process.argv[1] === import.meta.filename) {
  const [first = 1, count = 1, every = 1] = process.argv.slice(2).map(Number);
  await run(first, count, every);
}
