// Error rates and speed over folders of finger pictures named `<finger>_<impression>.png`, one set a folder: every
// genuine pair, every pair of different fingers. Times are CPU time of the calling thread, the machine may be busy.
import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { extract } from './extraction/index.ts';
import { createComparer, type Prepared } from './matching/comparer.ts';
import { readPng } from './png.ts';
import { LEAST_CYLINDERS } from './template.ts';

/** Rates in percent. */
export interface SetFigures {
  readonly set: string;
  readonly images: number;
  /** Pictures that gave no template, or one too weak to compare. Each of their comparisons counts as not matching. */
  readonly failedToEnrol: number;
  readonly genuine: number;
  readonly impostors: number;
  readonly eer: number;
  readonly fnmrAtFmr1pct: number;
  readonly fnmrAtFmr01pct: number;
  /** FNMR at the lowest threshold no impostor reaches. */
  readonly zeroFmr: number;
  /** From grey pixels to template and quality. */
  readonly msPerImage: number;
  readonly matchesPerSecond: number;
}

export interface BenchFigures {
  readonly sets: readonly SetFigures[];
  /** Means over the sets. */
  readonly mean: Pick<SetFigures, 'eer' | 'fnmrAtFmr1pct' | 'fnmrAtFmr01pct' | 'zeroFmr'>;
}

const named = /^(.+)_(\d+)\.png$/i;

/** Goes through `folder` and every folder below it. `finished` hears of each set as it is done. */
export function benchFolder(folder: string, finished?: (figures: SetFigures) => void): BenchFigures {
  const folders = [folder];
  for (const entry of readdirSync(folder, { withFileTypes: true, recursive: true })) {
    if (entry.isDirectory()) folders.push(join(entry.parentPath, entry.name));
  }
  const sets: SetFigures[] = [];
  for (const each of folders.sort()) {
    const files = readdirSync(each).filter((file) => named.test(file));
    if (files.length < 2) continue;
    const figures = benchSet(each, files.sort());
    sets.push(figures);
    finished?.(figures);
  }
  const mean = (of: (figures: SetFigures) => number): number =>
    rounded(sets.reduce((sum, figures) => sum + of(figures), 0) / sets.length, 2);
  return {
    sets,
    mean: {
      eer: mean((figures) => figures.eer),
      fnmrAtFmr1pct: mean((figures) => figures.fnmrAtFmr1pct),
      fnmrAtFmr01pct: mean((figures) => figures.fnmrAtFmr01pct),
      zeroFmr: mean((figures) => figures.zeroFmr),
    },
  };
}

interface Impression {
  readonly finger: string;
  readonly prepared: Prepared | undefined;
}

function benchSet(folder: string, files: readonly string[]): SetFigures {
  const comparer = createComparer();
  let extracting = 0;
  const impressions = files.map((file): Impression => {
    const finger = named.exec(file)?.[1] ?? file;
    const image = readPng(readFileSync(join(folder, file)));
    if (!image.ok) return { finger, prepared: undefined };
    const before = process.cpuUsage();
    const extraction = extract(image.value);
    extracting += cpuMs(before);
    if (!extraction.ok) return { finger, prepared: undefined };
    const prepared = comparer.prepare(extraction.value.template);
    return { finger, prepared: prepared.cylinders >= LEAST_CYLINDERS ? prepared : undefined };
  });
  const genuine: number[] = [];
  const impostors: number[] = [];
  let compared = 0;
  const before = process.cpuUsage();
  impressions.forEach((a, i) => {
    for (const b of impressions.slice(i + 1)) {
      const score = a.prepared && b.prepared ? comparer.score(a.prepared, b.prepared) : NEVER;
      if (score !== NEVER) compared++;
      (a.finger === b.finger ? genuine : impostors).push(score);
    }
  });
  const seconds = cpuMs(before) / 1000;
  return {
    set: basename(folder),
    images: files.length,
    failedToEnrol: impressions.filter(({ prepared }) => prepared === undefined).length,
    genuine: genuine.length,
    impostors: impostors.length,
    ...errorRates(genuine, impostors),
    msPerImage: rounded(extracting / files.length, 1),
    matchesPerSecond: Math.round(compared / seconds),
  };
}

/** The score of a comparison that cannot be made. */
const NEVER = -1;

function cpuMs(since: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(since);
  return (user + system) / 1000;
}

/** A comparison matches when its score is above the threshold; the threshold for a rate is the lowest that keeps it. */
export function errorRates(
  genuine: readonly number[],
  impostors: readonly number[],
): Pick<SetFigures, 'eer' | 'fnmrAtFmr1pct' | 'fnmrAtFmr01pct' | 'zeroFmr'> {
  const low = Float64Array.from(genuine).sort();
  const others = Float64Array.from(impostors).sort();
  const fnmr = (threshold: number): number => countUpTo(low, threshold) / low.length;
  const fmr = (threshold: number): number => 1 - countUpTo(others, threshold) / others.length;
  const at = (rate: number): number => {
    const allowed = Math.floor(rate * others.length);
    return rounded(fnmr(others[others.length - 1 - allowed] ?? NEVER) * 100, 2);
  };
  let eer = 1;
  let nearest = 2;
  for (const threshold of [NEVER, ...low, ...others]) {
    const [missed, wrong] = [fnmr(threshold), fmr(threshold)];
    if (Math.abs(missed - wrong) >= nearest) continue;
    nearest = Math.abs(missed - wrong);
    eer = (missed + wrong) / 2;
  }
  return { eer: rounded(eer * 100, 2), fnmrAtFmr1pct: at(0.01), fnmrAtFmr01pct: at(0.001), zeroFmr: at(0) };
}

/** How many of the sorted values are not above `limit`. */
function countUpTo(sorted: Float64Array, limit: number): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((sorted[middle] ?? 0) <= limit) low = middle + 1;
    else high = middle;
  }
  return low;
}

const rounded = (value: number, digits: number): number => Number(value.toFixed(digits));
