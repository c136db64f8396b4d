// Sync of a whole center, played in one thread from seeds: stations, hubs, the province, the lines between them, their
// disks and clocks, and everything of these that can go wrong. The oracle is what people were told is saved.
// More: npm run torture -- --histories 100000 sync-sim; one again: TRAM_SIM_SEED=… npm run torture -- sync-sim
import { spawn } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { describe, expect, it } from 'vitest';
import { planFor, play } from './sim/history.ts';
import type { Bug } from './sim/place.ts';
import type { Line, Progress } from './sim/runner.ts';
import { report, shrink } from './sim/shrink.ts';

const one = process.env.TRAM_SIM_SEED;
const histories = Number(process.env.TRAM_SIM_HISTORIES ?? 2_000);
const first = Number(process.env.TRAM_TORTURE_SEED ?? 1) * 1_000_000;
/** A history takes some 25 ms; this is for a PC with much else to do. */
const HISTORY_AT_MOST_MS = 400;

// not described at all otherwise: a skipped test counts as a failure
if (one !== undefined)
  describe('the history asked for', () => {
    it(`keeps every promise: ${one}`, async () => {
      const plan = planFor(Number(one));
      const outcome = await play(plan);
      const small =
        outcome.failure === null
          ? { plan, outcome }
          : await shrink(plan, outcome, null, performance.now() + 120_000);
      console.log(report(small, plan.steps.length));
      expect(outcome.failure).toBeNull();
    });
  });

describe.runIf(one === undefined)('sync, whatever goes wrong', () => {
  it(
    `keeps every promise in ${histories} histories`,
    async () => {
      const { failures, total, seconds } = await playMany(first, histories);
      console.log(summary(total, seconds));
      expect(failures.join('\n\n')).toBe('');
      expect(total.done).toBe(histories);
    },
    Math.max(300_000, histories * HISTORY_AT_MOST_MS),
  );

  it('plays the same history twice to the byte', async () => {
    for (const seed of [1, 2, 3, 4, 5, 6, 7, 8]) {
      const [a, b] = [await play(planFor(seed)), await play(planFor(seed))];
      expect(b.fingerprint).toBe(a.fingerprint);
      expect(b.trace).toEqual(a.trace);
    }
  });
});

/** Known bugs, put in on purpose: the simulation must not be blind to any of them. */
const bugs: readonly (readonly [bug: Bug, within: number, says: RegExp])[] = [
  ['cursor past unseen', 200, /its cursor passed over/],
  ['ack before commit', 200, /never did|does not hold|acknowledged actions are gone/],
  ['tail lost', 600, /acknowledged actions are gone/],
  ['clock behind', 200, /behind one it had seen/],
];

describe.runIf(one === undefined)('the simulation sees', () => {
  it.each(bugs)('%s within %i histories', async (bug, within, says) => {
    for (let seed = 1; seed <= within; seed++) {
      const { failure } = await play(planFor(seed), bug);
      if (failure === null) continue;
      expect(failure).toMatch(says);
      return;
    }
    expect.unreachable(`${within} histories with this bug in them, and none failed`);
  });
});

interface Played {
  readonly failures: string[];
  readonly total: Progress;
  readonly seconds: number;
}

/** In as many processes as there are cores, seeds dealt out one by one. */
async function playMany(from: number, count: number): Promise<Played> {
  const workers = Math.min(availableParallelism(), Math.max(1, Math.ceil(count / 50)));
  const failures: string[] = [];
  const total = { done: 0, steps: 0, counts: {} as Record<string, number>, slowestHealMs: 0 };
  const begun = performance.now();
  let said = begun;
  const seconds = (): number => (performance.now() - begun) / 1000;
  const take = (line: Line): void => {
    if ('failed' in line) {
      failures.push(line.failed.report);
      console.log(line.failed.report);
      return;
    }
    total.done += line.progress.done;
    total.steps += line.progress.steps;
    total.slowestHealMs = Math.max(total.slowestHealMs, line.progress.slowestHealMs);
    for (const [what, n] of Object.entries(line.progress.counts))
      total.counts[what] = (total.counts[what] ?? 0) + n;
    if (performance.now() - said < 30_000) return;
    said = performance.now();
    console.log(
      `${total.done} of ${count} histories, ${failures.length} failed, ${Math.round(total.done / seconds())}/s`,
    );
  };
  await Promise.all(
    Array.from({ length: workers }, (_, i) => {
      const mine = Math.floor(count / workers) + (i < count % workers ? 1 : 0);
      return runner([from + i, mine, workers], take);
    }),
  );
  return { failures, total, seconds: seconds() };
}

function runner(args: readonly number[], take: (line: Line) => void): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const child = spawn(
    process.execPath,
    [join(import.meta.dirname, 'sim', 'runner.ts'), ...args.map(String)],
    {
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  );
  createInterface({ input: child.stdout }).on('line', (line) => take(JSON.parse(line)));
  child.on('error', reject);
  child.on('close', (code) => (code === 0 ? resolve() : reject(new Error(`a runner ended with ${code}`))));
  return promise;
}

function summary(total: Progress, seconds: number): string {
  const counts = Object.entries(total.counts)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([what, n]) => `${what} ${n}`);
  return `${total.done} histories, ${total.steps} steps in ${Math.round(seconds)} s (${Math.round(total.steps / seconds)} steps/s); longest until healed ${Math.round(total.slowestHealMs / 1000)} s of their time\n${counts.join(' · ')}`;
}
