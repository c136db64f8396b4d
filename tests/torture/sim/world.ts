// The simulated center: places, the lines between them, time, and the hand that performs a plan's steps. One thread,
// no real time, no randomness but the plan's: the same plan runs the same way to the byte.
import { type Random, randomUuid } from '../../../electron/training/random.ts';
import { type Line, type LineLimits, lineBetween } from './line.ts';
import { emptyLog, type Log } from './memory-log.ts';
import { type Bug, type Claim, type CrashPoint, hold, type Place, type Surroundings } from './place.ts';
import type { Plan } from './plan.ts';
import { type Pending, pop, push } from './queue.ts';
import { begunBy, helloOf, sessionOf, welcomeOf } from './talk.ts';
import { untruth } from './truth.ts';

/** A broken promise: the history has failed. */
export class Broken extends Error {
  override readonly name = 'Broken';
}

export interface Barrier {
  readonly until: number;
  readonly silent: boolean;
  /** What is connected stays so. */
  readonly keeps?: boolean;
  blocks(a: Place, b: Place): boolean;
}

interface Connected {
  readonly from: Place;
  readonly to: Place;
  readonly line: Line;
}

export type World = ReturnType<typeof worldOf>;

/** 2026-11-22 */
export const START = 1_795_305_600_000;
const SLOWEST_RETRY_MS = 20_000;

/** Told of every message given to a line: ms since the start, from, to, bytes. */
export type Tap = (ms: number, from: string, to: string, bytes: Uint8Array) => void;

export function worldOf(plan: Plan, random: Random, bug: Bug | null, tap?: Tap) {
  const queue: Pending[] = [];
  let now = START;
  let numbered = 0;
  let steps = 0;
  const counts = new Map<string, number>();
  const places: Place[] = [];
  const barriers: Barrier[] = [];
  const connections = new Set<Connected>();
  const armed = new Map<Place, { point: CrashPoint; nth: number; ms: number }[]>();
  const lineTrouble = new Map<string, (line: Line) => void>();
  const slow = new Map<string, { latencyMs: number; rate: number; until: number }>();
  const recorded = new Map<
    string,
    { from: Place; to: Place; hello: ReturnType<typeof helloOf>; frames: Uint8Array[] }
  >();
  const dialing = new Set<string>();
  const waits = new Map<string, number>();
  const shuffle = random.fork('network');
  let broken: Broken | null = null;
  /** Of two places: the sum of heads when they last proved that they hold the same. */
  const verified = new Map<string, number>();
  const trace: string[] = [];
  const setBack = new Set<Place>();
  const releases = new Set<string>();

  const count = (what: string): void => void counts.set(what, (counts.get(what) ?? 0) + 1);
  const at = (ms: number, run: () => void): void => push(queue, { at: ms, number: numbered++, run });
  /** When the place is not paused; what a paused PC should do waits, in its order. */
  const into = (place: Place, run: () => void): void => {
    if (place.pausedUntil > now) place.deferred.push(run);
    else run();
  };
  function pause(place: Place, ms: number): void {
    const until = now + ms;
    if (until <= place.pausedUntil) return;
    place.pausedUntil = until;
    at(until, () => {
      if (place.pausedUntil === until) resume(place);
    });
  }
  function resume(place: Place): void {
    place.pausedUntil = 0;
    for (const run of place.deferred.splice(0)) into(place, run);
  }
  const around: Surroundings = {
    now: () => now,
    later(place, ms, run) {
      const { life } = place;
      at(now + ms, () => into(place, () => place.life === life && run()));
    },
    crashes(place, point) {
      const waiting = armed.get(place);
      const crash = waiting?.find((c) => c.point === point);
      if (!waiting || !crash || --crash.nth > 0) return false;
      waiting.splice(waiting.indexOf(crash), 1);
      count(`crash at: ${point}`);
      stop(place, crash.ms);
      return true;
    },
    claims,
    count,
    diskMs: () => plan.diskMs * (0.5 + shuffle.next()),
    bug: () => bug,
    zstd: plan.zstd,
  };

  function addPlace(name: string, log: Log, isProvince: boolean, updated: boolean): Place {
    const place: Place = {
      name,
      isProvince,
      log,
      life: 0,
      running: true,
      serving: isProvince,
      pausedUntil: 0,
      deferred: [],
      diskFull: false,
      updated,
      clock: { offsetMs: 0, stuckAt: null },
      wan: isProvince,
      deliverOnly: false,
      revoked: new Set(),
      sessions: new Set(),
      refused: new Set(),
    };
    places.push(place);
    return place;
  }

  const idOf = (label: string): string => randomUuid(random.fork(label)).replaceAll('-', '');
  const logIdOf = (label: string): string => idOf(label).slice(0, 16);

  for (let i = 0; i < plan.stations; i++) {
    const name = `S${i}`;
    const place = addPlace(
      name,
      emptyLog(idOf(`station ${name}`), logIdOf(`log ${name}`)),
      false,
      !plan.old.includes(i),
    );
    place.wan = plan.direct.includes(i);
  }
  const province = addPlace('P', emptyLog(idOf('province'), logIdOf('log P')), true, true);
  const firstHub = places[0];
  if (firstHub) firstHub.serving = true;

  // --- lines ---

  const blockedBy = (a: Place, b: Place): Barrier | undefined =>
    barriers.find((barrier) => barrier.until > now && barrier.blocks(a, b));

  const lineName = (from: Place, to: Place): string => `${from.name} ${to.isProvince ? 'wan' : 'lan'}`;

  /** Whom a place wants to be connected to. */
  const targetsOf = (place: Place): Place[] =>
    place.isProvince
      ? []
      : places.filter(
          (to) =>
            to !== place &&
            to.serving &&
            to.log.station !== place.log.station &&
            (to.isProvince
              ? place.wan || place.serving
              : !to.deliverOnly && !to.revoked.has(place.log.station) && !place.revoked.has(to.log.station)),
        );

  function keepDialing(place: Place): void {
    for (const to of targetsOf(place)) {
      const key = `${place.name}>${to.name}`;
      if (dialing.has(key)) continue;
      dialing.add(key);
      retry(place, to, 100);
    }
  }

  function retry(from: Place, to: Place, mostMs: number): void {
    const key = `${from.name}>${to.name}`;
    const { life } = from;
    at(now + 20 + mostMs * shuffle.next(), () =>
      into(from, () => {
        if (from.life !== life || !from.running) {
          dialing.delete(key);
          return;
        }
        if (!targetsOf(from).includes(to)) {
          dialing.delete(key);
          return;
        }
        if (alreadyConnected(from, to)) retry(from, to, 4_000);
        else
          connect(from, to, (ok) => {
            const wait = ok ? 500 : Math.min(SLOWEST_RETRY_MS, (waits.get(key) ?? 250) * 2);
            waits.set(key, wait);
            retry(from, to, wait);
          });
      }),
    );
  }

  const alreadyConnected = (from: Place, to: Place): boolean =>
    [...connections].some(
      (c) => c.from === from && c.to === to && [...from.sessions].some((s) => s.line === c.line),
    );

  const newLine = (from: Place, to: Place, limits: LineLimits): Line =>
    lineBetween(
      { now: () => now, at },
      limits,
      () => 0.7 + 0.6 * shuffle.next(),
      count,
      (end, run) => into(end === 0 ? from : to, run),
      (end, bytes) =>
        tap?.(now - START, end === 0 ? from.name : to.name, end === 0 ? to.name : from.name, bytes),
    );

  function connect(from: Place, to: Place, done: (ok: boolean) => void): void {
    const isWan = to.isProvince;
    const name = lineName(from, to);
    const crawl = slow.get(name);
    const limits =
      crawl && crawl.until > now
        ? { latencyMs: crawl.latencyMs, rate: crawl.rate }
        : {
            latencyMs: isWan ? plan.latencyMs.wan : plan.latencyMs.lan,
            rate: isWan && plan.wanRate > 0 ? plan.wanRate : Number.POSITIVE_INFINITY,
          };
    const [fromLife, toLife] = [from.life, to.life];
    const hello = helloOf(from, to);
    if (blockedBy(from, to) || !to.running) {
      at(now + limits.latencyMs, () => done(false));
      return;
    }
    at(now + limits.latencyMs, () =>
      into(to, () => {
        const here = (): boolean => to.life === toLife && to.running && to.serving && !blockedBy(from, to);
        if (!here()) return done(false);
        void welcomeOf(to, hello, around).then((welcome) => {
          if (!welcome || !here()) return done(false);
          const line = newLine(from, to, limits);
          lineTrouble.get(name)?.(line);
          lineTrouble.delete(name);
          connections.add({ from, to, line });
          recorded.set(name, { from, to, hello, frames: line.sent });
          trace.push(`${now - START} ${from.name}>${to.name} connected`);
          hold(to, around, {
            session: sessionOf(to, around, hello, welcome),
            line,
            end: 1,
            peer: from,
            hello,
            welcome,
          });
          at(now + limits.latencyMs, () =>
            into(from, () => {
              const stillHere = (): boolean => from.life === fromLife && from.running;
              const givenUp = (): void => {
                line.cut();
                done(false);
              };
              if (!stillHere()) return givenUp();
              void begunBy(from, around, hello, welcome).then((session) => {
                if (!session || !stillHere()) return givenUp();
                hold(from, around, { session, line, end: 0, peer: to, hello, welcome });
                done(true);
              });
            }),
          );
        });
      }),
    );
  }

  // --- what places say ---

  function claims(place: Place, peer: Place, claim: Claim): void {
    const why = untruth(place, peer, claim, { places, province, counts, setBack });
    if (why) broken ??= new Broken(`${place.name} with ${peer.name}: ${why}`);
    if (claim.type === 'verified') verified.set(`${place.name}>${peer.name}`, place.log.sum);
  }

  // --- life of a place ---

  function stop(place: Place, forMs: number): void {
    if (!place.running) return;
    place.running = false;
    place.life += 1;
    place.sessions.clear();
    for (const c of connections) if (c.from === place || c.to === place) dropEnd(c);
    for (const key of [...dialing]) if (key.startsWith(`${place.name}>`)) dialing.delete(key);
    at(now + forMs, () => start(place));
  }

  function start(place: Place): void {
    if (place.running) return;
    place.running = true;
    resume(place);
    keepDialing(place);
  }

  /** A PC that crashed tells nobody; the other end learns it when the system notices, or from silence. */
  function dropEnd(c: Connected): void {
    connections.delete(c);
    if (shuffle.chance(0.5)) c.line.cut();
    else {
      c.line.ways[0].deaf = true;
      c.line.ways[1].deaf = true;
    }
  }

  const linesOf = (name: string): Connected[] =>
    [...connections].filter((c) => lineName(c.from, c.to) === name);

  return {
    plan,
    around,
    places,
    province,
    counts,
    count,
    trace,
    verified,
    barriers,
    armed,
    slow,
    lineTrouble,
    recorded,
    now: () => now,
    stepsTaken: () => steps,
    broken: () => broken,
    fail(why: string): void {
      broken ??= new Broken(why);
    },
    at,
    pause,
    resume,
    stop,
    start,
    keepDialing,
    connect,
    linesOf,
    targetsOf,
    connectionsOf: (place: Place) => [...connections].filter((c) => c.from === place || c.to === place),
    /** A line nothing is connected to yet. */
    bareLine: (from: Place, to: Place) => newLine(from, to, { latencyMs: 5, rate: Number.POSITIVE_INFINITY }),
    /** Revoked stations whose work a person lets in. */
    releases,
    lineName,
    addPlace,
    idOf,
    logIdOf,
    /** Sessions across a new barrier break, or go deaf. */
    raise(barrier: Barrier): void {
      barriers.push(barrier);
      for (const c of connections) {
        if (barrier.keeps || !barrier.blocks(c.from, c.to)) continue;
        if (barrier.silent) {
          c.line.ways[0].deaf = true;
          c.line.ways[1].deaf = true;
        } else c.line.cut();
      }
    },
    /** Puts another log under a stopped place; its memory of what was durable stays. */
    swapLog(place: Place, log: Log): void {
      setBack.add(place);
      place.log = { ...log, ever: place.log.ever };
      place.log.ever.sums.add(log.sum);
    },
    /** The next thing that happens; false when nothing is left. Resolves when all that follows at once is done. */
    async step(): Promise<boolean> {
      const next = pop(queue);
      if (!next) return false;
      now = Math.max(now, next.at);
      steps += 1;
      next.run();
      await settled();
      return true;
    },
    nextAt: () => queue[0]?.at ?? null,
  };
}

/** Everything promised so far has run: promises go on before immediates do. */
const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
