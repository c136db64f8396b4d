// How a figure is taken and said: many samples, the percentile the budget names, printed beside its budget.

export interface Figure {
  readonly name: string;
  readonly value: number;
  readonly unit: 'ms' | 'MB' | 's';
  readonly budget: number;
  readonly samples: number;
  /** What else was seen, e.g. the median. */
  readonly detail: string;
}

export function percentile(samples: readonly number[], p: number): number {
  const sorted = samples.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.ceil((p / 100) * sorted.length) - 1)] ?? Number.NaN;
}

/** `p`: the percentile that is compared with the budget. */
export function timed(name: string, samples: readonly number[], p: number, budget: number): Figure {
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

export function line({ name, value, unit, budget, samples, detail }: Figure): string {
  const verdict = value <= budget ? 'within' : 'OVER';
  return `${verdict.padEnd(7)}${name.padEnd(58)}${value.toFixed(1).padStart(9)} ${unit.padEnd(3)} of ${String(budget).padStart(5)} (${(value / budget).toFixed(2)}×; ${samples} samples; ${detail})`;
}
