// How a figure is taken and said: many samples, the percentile the budget names, printed beside its budget.

export interface Figure {
  readonly name: string;
  readonly value: number;
  readonly unit: 'ms' | 'MB' | 's';
  /** Null: no budget is set; the figure explains others. */
  readonly budget: number | null;
  readonly samples: number;
  /** What else was seen, e.g. the median. */
  readonly detail: string;
}

export function percentile(samples: readonly number[], p: number): number {
  const sorted = samples.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.ceil((p / 100) * sorted.length) - 1)] ?? Number.NaN;
}

/** `p`: the percentile that is compared with the budget. */
export function timed(name: string, samples: readonly number[], p: number, budget: number | null): Figure {
  const median = percentile(samples, 50);
  const worst = percentile(samples, 100);
  return {
    name: `${name}, p${p}`,
    value: percentile(samples, p),
    unit: 'ms',
    budget,
    samples: samples.length,
    detail: `median ${median.toFixed(1)}, worst ${worst.toFixed(1)}`,
  };
}

export type Verdict = 'within' | 'OVER' | 'no budget';

export const verdictOf = ({ value, budget }: Pick<Figure, 'value' | 'budget'>): Verdict =>
  budget === null ? 'no budget' : value <= budget ? 'within' : 'OVER';

/** Share of its budget a figure uses; null without one. */
export const ratioOf = ({ value, budget }: Pick<Figure, 'value' | 'budget'>): number | null =>
  budget === null ? null : value / budget;

export function line(figure: Figure): string {
  const { name, value, unit, budget, samples, detail } = figure;
  const ratio = ratioOf(figure);
  const beside = budget === null ? ''.padEnd(15) : `of ${String(budget).padStart(4)} = ${ratio?.toFixed(2)}×`;
  return `${verdictOf(figure).padEnd(11)}${name.padEnd(64)}${value.toFixed(1).padStart(8)} ${unit.padEnd(3)}${beside.padEnd(16)}(${samples} samples; ${detail})`;
}

/** Of several runs the quietest counts: what else ran on this PC is not ours to measure. In the order first seen. */
export function best(runs: readonly (readonly Figure[])[]): Figure[] {
  const byName = new Map<string, Figure>();
  for (const figure of runs.flat()) {
    const known = byName.get(figure.name);
    if (!known || figure.value < known.value) byName.set(figure.name, figure);
  }
  return [...byName.values()];
}
