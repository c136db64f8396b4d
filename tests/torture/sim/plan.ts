// A history to be played: who is there, what people do and what goes wrong, drawn from a seed before anything runs,
// so that a failing one can be made smaller by leaving steps out.
import type { Random } from '../../../electron/training/random.ts';
import { type CrashPoint, crashPoints } from './place.ts';

export type Step = { readonly at: number } & (
  | {
      readonly do: 'act';
      readonly place: number;
      readonly pick: number;
      readonly deed: number;
      readonly value: number;
      readonly times: number;
    }
  | { readonly do: 'crash'; readonly place: number; readonly ms: number }
  | {
      readonly do: 'crash at';
      readonly place: number;
      readonly point: CrashPoint;
      readonly nth: number;
      readonly ms: number;
    }
  | { readonly do: 'pause'; readonly place: number; readonly ms: number }
  | { readonly do: 'cut'; readonly line: number }
  | { readonly do: 'cut after'; readonly line: number; readonly way: 0 | 1; readonly bytes: number }
  | { readonly do: 'half-open'; readonly line: number; readonly way: 0 | 1; readonly ms: number }
  | {
      readonly do: 'damage';
      readonly line: number;
      readonly way: 0 | 1;
      readonly after: number;
      readonly raw: boolean;
    }
  | { readonly do: 'frame twice'; readonly line: number; readonly way: 0 | 1; readonly after: number }
  | { readonly do: 'second connection'; readonly line: number }
  | { readonly do: 'replay session'; readonly line: number }
  | {
      readonly do: 'slow';
      readonly line: number;
      readonly latencyMs: number;
      readonly rate: number;
      readonly ms: number;
    }
  | { readonly do: 'isolate'; readonly place: number; readonly silent: boolean; readonly ms: number }
  | { readonly do: 'off WAN'; readonly silent: boolean; readonly ms: number }
  | { readonly do: 'split center'; readonly silent: boolean; readonly ms: number }
  | { readonly do: 'change hub'; readonly to: number; readonly both: boolean }
  | { readonly do: 'backup'; readonly place: number }
  | { readonly do: 'restore'; readonly place: number; readonly noticed: boolean }
  | { readonly do: 'clone'; readonly place: number; readonly noticed: boolean }
  | { readonly do: 'clock'; readonly place: number; readonly ms: number }
  | { readonly do: 'clock 1970'; readonly place: number }
  | { readonly do: 'clock stuck'; readonly place: number }
  | { readonly do: 'counter full'; readonly place: number }
  | { readonly do: 'disk full'; readonly place: number; readonly ms: number }
  | { readonly do: 'update'; readonly place: number }
  | { readonly do: 'revoke'; readonly place: number; readonly releaseAfter: number | null }
  | { readonly do: 'move away'; readonly place: number }
  | { readonly do: 'poison'; readonly place: number; readonly what: Poison }
  | { readonly do: 'forge'; readonly place: number; readonly victim: number }
);

export const poisons = ['schema', 'lane', 'unknown kind', 'missing ref', 'huge', 'carrier'] as const;
export type Poison = (typeof poisons)[number];

export interface Plan {
  readonly seed: number;
  readonly stations: number;
  /** Stations with a line of their own to the province, besides the hub. */
  readonly direct: readonly number[];
  readonly latencyMs: { readonly lan: number; readonly wan: number };
  /** Bytes per ms; 0: unlimited. */
  readonly wanRate: number;
  readonly diskMs: number;
  readonly old: readonly number[];
  readonly zstd: boolean;
  readonly items: number;
  readonly steps: readonly Step[];
}

/** Sim time in which people act and things go wrong; healing comes behind it. */
export const ACTIVE_MS = 150_000;

export function planOf(seed: number, random: Random): Plan {
  const stations = random.weighted([
    [2, 5],
    [3, 4],
    [4, 2],
    [5, 1],
  ] as const);
  const places = stations + 1;
  const lines = stations * 2;
  const troubles = random.weighted([
    [0, 1],
    [random.int(1, 4), 4],
    [random.int(5, 14), 4],
  ] as const);
  const acts = random.weighted([
    [random.int(5, 20), 5],
    [random.int(20, 50), 1],
  ] as const);
  const place = (): number => random.int(0, stations - 1);
  const steps: Step[] = [];
  for (let i = 0; i < acts; i++)
    steps.push({
      at: random.int(0, ACTIVE_MS),
      do: 'act',
      place: place(),
      pick: random.next(),
      deed: random.next(),
      value: random.int(0, 3),
      times: random.weighted([
        [1, 12],
        [random.int(2, 12), 1],
      ] as const),
    });
  for (let i = 0; i < troubles; i++)
    steps.push(trouble(random, random.int(0, ACTIVE_MS), { stations, places, lines }));
  // without a backup there is nothing to restore; a province may have lost all it had
  for (const step of [...steps])
    if (step.do === 'restore' && random.chance(0.9))
      steps.push({
        at: Math.max(0, step.at - random.pick([500, 10_000, 60_000])),
        do: 'backup',
        place: step.place,
      });
  steps.sort((a, b) => a.at - b.at);
  return {
    seed,
    stations,
    direct: Array.from({ length: stations }, (_, i) => i).filter(() => random.chance(0.3)),
    latencyMs: { lan: random.int(1, 20), wan: random.pick([30, 200, 800]) },
    wanRate: random.pick([0, 0, 8, 2]),
    diskMs: random.pick([1, 5, 40]),
    old: Array.from({ length: stations }, (_, i) => i).filter(() => random.chance(0.15)),
    zstd: random.chance(0.03),
    items: random.int(1, 4),
    steps,
  };
}

function trouble(
  random: Random,
  at: number,
  size: { stations: number; places: number; lines: number },
): Step {
  const station = random.int(0, size.stations - 1);
  // the province is the last place
  const place = random.int(0, size.places - 1);
  const line = random.int(0, size.lines - 1);
  const way = random.pick([0, 1] as const);
  const ms = random.pick([3_000, 20_000, 60_000, 200_000]);
  const silent = random.chance(0.5);
  const noticed = random.chance(0.5);
  return random.weighted<Step>(
    [
      [{ at, do: 'crash', place, ms: random.int(100, 20_000) }, 3],
      [
        {
          at,
          do: 'crash at',
          place,
          point: random.pick(crashPoints),
          nth: random.int(1, 6),
          ms: random.int(100, 20_000),
        },
        6,
      ],
      [{ at, do: 'pause', place, ms: random.int(5_000, 120_000) }, 2],
      [{ at, do: 'cut', line }, 2],
      [{ at, do: 'cut after', line, way, bytes: random.int(0, 4_000) }, 6],
      [{ at, do: 'half-open', line, way, ms }, 3],
      [{ at, do: 'damage', line, way, after: random.int(0, 10), raw: random.chance(0.6) }, 2],
      [{ at, do: 'frame twice', line, way, after: random.int(0, 10) }, 1],
      [{ at, do: 'second connection', line }, 2],
      [{ at, do: 'replay session', line }, 2],
      [{ at, do: 'slow', line, latencyMs: random.pick([300, 2_000]), rate: random.pick([0.5, 2, 8]), ms }, 2],
      [{ at, do: 'isolate', place, silent, ms }, 3],
      [{ at, do: 'off WAN', silent, ms }, 3],
      [{ at, do: 'split center', silent, ms }, 2],
      [{ at, do: 'change hub', to: station, both: random.chance(0.4) }, 3],
      [{ at, do: 'backup', place }, 4],
      [{ at, do: 'restore', place, noticed }, 5],
      [{ at, do: 'clone', place: station, noticed }, 2],
      [
        {
          at,
          do: 'clock',
          place,
          ms: random.pick([
            -60_000, 60_000, 240_000, 600_000, -7_200_000, 7_200_000, 31_536_000_000, -63_072_000_000,
          ]),
        },
        4,
      ],
      [{ at, do: 'clock 1970', place }, 1],
      [{ at, do: 'clock stuck', place }, 2],
      [{ at, do: 'counter full', place: station }, 1],
      [{ at, do: 'disk full', place, ms }, 1],
      [{ at, do: 'update', place: station }, 2],
      [
        {
          at,
          do: 'revoke',
          place: station,
          releaseAfter: random.chance(0.6) ? random.int(1_000, 100_000) : null,
        },
        1,
      ],
      [{ at, do: 'move away', place: station }, 1],
      [{ at, do: 'poison', place: station, what: random.pick(poisons) }, 2],
      [
        {
          at,
          do: 'forge',
          place: station,
          victim: random.int(0, size.stations - 1),
        },
        1,
      ],
    ].map(([step, weight]) => [step, weight] as [Step, number]),
  );
}
