// Makes a failing history smaller: steps are left out, in halves, quarters and so on down to single ones, as long as
// it still fails.
import type { Outcome } from './history.ts';
import { play } from './history.ts';
import type { Bug } from './place.ts';
import type { Plan } from './plan.ts';

export interface Shrunk {
  readonly plan: Plan;
  readonly outcome: Outcome;
}

/** Gives up at the deadline (performance.now) and answers the smallest found so far. */
export async function shrink(
  plan: Plan,
  outcome: Outcome,
  bug: Bug | null,
  deadline: number,
): Promise<Shrunk> {
  let best: Shrunk = { plan, outcome };
  for (let size = Math.ceil(plan.steps.length / 2); size >= 1; size = size === 1 ? 0 : Math.ceil(size / 2)) {
    for (let from = 0; from < best.plan.steps.length; ) {
      if (performance.now() > deadline) return best;
      const steps = best.plan.steps.filter((_, i) => i < from || i >= from + size);
      const smaller = { ...best.plan, steps };
      const tried = await play(smaller, bug);
      if (tried.failure === null) from += size;
      else best = { plan: smaller, outcome: tried };
    }
  }
  return best;
}

/** For a person: the seed, what went wrong, and the history that is left. */
export function report({ plan, outcome }: Shrunk, stepsBefore: number): string {
  const { seed, stations, direct, latencyMs, wanRate, old, zstd } = plan;
  return [
    `seed ${seed} (replay: TRAM_SIM_SEED=${seed} npm run torture -- sync-sim)`,
    `${stations} stations, own line to the province: ${direct.join(' ') || 'none'}; LAN ${latencyMs.lan} ms, WAN ${latencyMs.wan} ms at ${wanRate || '∞'} kB/s; not updated: ${old.join(' ') || 'none'}${zstd ? '; zstd' : ''}`,
    outcome.failure ?? 'passed',
    `history (${plan.steps.length} of ${stepsBefore} steps left):`,
    ...outcome.trace.map((line) => `  ${line}`),
  ].join('\n');
}
