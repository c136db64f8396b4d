// One history: a plan played, everything healed, and everything that must be true then looked at.
import { isDeepStrictEqual } from 'node:util';
import { seededRandom } from '../../../electron/training/random.ts';
import { feedKey, type Head } from '../../../shared/sync/port.ts';
import { vectorDigest } from '../../../shared/sync/vector.ts';
import { forgetDecoded } from './decoding.ts';
import { sha256 } from './frames.ts';
import { chainFault } from './log-writes.ts';
import { hashAt, headsOf, shownIn } from './memory-log.ts';
import { compareScreen, type Ledger, newLedger } from './people.ts';
import { type Bug, grew, type Place } from './place.ts';
import { ACTIVE_MS, type Plan, planOf } from './plan.ts';
import { itemOf, newProgram } from './record.ts';
import { perform, releaseAll } from './trouble.ts';
import { Broken, START, type Tap, type World, worldOf } from './world.ts';

export interface Outcome {
  readonly seed: number;
  /** Null: every promise was kept. */
  readonly failure: string | null;
  readonly steps: number;
  /** Sim time from healing until all held the same, ms. */
  readonly healedInMs: number;
  /** What happened how often. */
  readonly counts: ReadonlyMap<string, number>;
  readonly trace: readonly string[];
  /** Of everything that came to be, in order: equal for equal runs. */
  readonly fingerprint: string;
}

const HEAL_WITHIN_MS = 30 * 60_000;
const MAX_STEPS = 60_000;

export const planFor = (seed: number): Plan => planOf(seed, seededRandom(seed).fork('plan'));

export async function play(plan: Plan, bug: Bug | null = null, tap?: Tap): Promise<Outcome> {
  forgetDecoded();
  const random = seededRandom(plan.seed).fork('world');
  const world = worldOf(plan, random, bug, tap);
  const ledger = newLedger();
  const hand = { world, ledger, random, bug, backups: new Map() };
  let healedInMs = 0;
  let failure: string | null = null;
  try {
    for (const place of world.places) world.keepDialing(place);
    for (const [i, step] of plan.steps.entries()) world.at(START + step.at, () => perform(hand, step, i));
    await until(world, START + ACTIVE_MS);
    heal(world);
    healedInMs = await converge(world);
    await checkAll(world, ledger);
  } catch (error) {
    failure =
      error instanceof Broken
        ? error.message
        : `bug in the simulation or worse: ${error instanceof Error ? error.stack : String(error)}`;
  }
  return {
    seed: plan.seed,
    failure,
    steps: world.stepsTaken(),
    healedInMs,
    counts: world.counts,
    trace: world.trace,
    fingerprint: `${world.places.map((p) => vectorDigest(headsOf(p.log), sha256)).join(' ')} ${world.stepsTaken()}`,
  };
}

async function until(world: World, at: number): Promise<void> {
  while ((world.nextAt() ?? at) < at) await one(world);
}

async function one(world: World): Promise<boolean> {
  const went = await world.step();
  const broken = world.broken();
  if (broken) throw broken;
  if (world.stepsTaken() > MAX_STEPS)
    throw new Broken(`no end after ${MAX_STEPS} steps: ${distances(world)}`);
  return went;
}

/** All links up, everybody back and updated; clocks stay as wrong as they are. */
function heal(world: World): void {
  world.barriers.length = 0;
  world.slow.clear();
  world.lineTrouble.clear();
  world.armed.clear();
  for (const place of world.places) {
    place.diskFull = false;
    place.updated = true;
    world.resume(place);
    // a copy cannot be connected to the very station it is a copy of
    if (world.places.some((p) => p !== place && p.log.station === place.log.station)) place.wan = true;
    world.start(place);
  }
  const hubs = world.places.filter((p) => !p.isProvince && belongs(world, p));
  if (!hubs.some((p) => p.serving)) for (const hub of hubs.slice(0, 1)) hub.serving = true;
  for (const place of world.places) {
    world.keepDialing(place);
    grew(place);
  }
}

/** Whether a place is to hold all of the center. */
const belongs = (world: World, place: Place): boolean =>
  !place.deliverOnly && !world.province.revoked.has(place.log.station);

/** Until all hold the same and have proven so to each other; answers how long that took. */
async function converge(world: World): Promise<number> {
  const begun = world.now();
  for (;;) {
    const group = world.places.filter((p) => belongs(world, p));
    const { sum } = world.province.log;
    if (group.every((p) => p.log.sum === sum && proven(world, p)) && delivered(world))
      return world.now() - begun;
    if (world.now() - begun > HEAL_WITHIN_MS)
      throw new Broken(
        `not the same after ${HEAL_WITHIN_MS / 60_000} minutes of good lines: ${distances(world)}`,
      );
    if (!(await one(world))) throw new Broken(`nothing happens any more: ${distances(world)}`);
    if (world.stepsTaken() % 64 === 0) for (const station of world.releases) releaseAll(world, station);
  }
}

/** Those who left or were shut out have handed over all they hold, and the province has it now: it may be set back. */
function delivered(world: World): boolean {
  const { log } = world.province;
  const has = (h: Head): boolean =>
    hashAt(log, h, h.seq) === h.hash ||
    log.aside.get(`${feedKey(h)}.${h.seq}.${h.hash}`)?.reason === 'sealed';
  return world.places.filter((p) => !belongs(world, p)).every((p) => headsOf(p.log).every(has));
}

/** It and everyone it connects to have proven to each other that they hold what it holds now. */
const proven = (world: World, place: Place): boolean =>
  world.targetsOf(place).every((to) => world.verified.get(`${place.name}>${to.name}`) === place.log.sum);

function distances(world: World): string {
  return world.places
    .map((p) => {
      const heads = headsOf(p.log)
        .map(
          (h) =>
            `${world.places.find((q) => q.log.station === h.station)?.name}.${h.incarnation}.${h.lane}:${h.seq}#${h.hash.slice(0, 4)}`,
        )
        .sort();
      return `\n  ${p.name}${p.isProvince || belongs(world, p) ? '' : ' (apart)'}${p.serving ? ' (serves)' : ''} inc ${p.log.incarnation}, ${p.sessions.size} sessions: ${heads.join(' ')}`;
    })
    .join('');
}

async function checkAll(world: World, ledger: Ledger): Promise<void> {
  const group = world.places.filter((p) => belongs(world, p));
  const reference = vectorDigest(headsOf(world.province.log), sha256);
  const present = new Set<number>();
  const atProvince = shownIn(world.province.log, newProgram);
  for (const changes of atProvince.values()) for (const c of changes) present.add(Number(c.body.act));
  const missing = [...ledger.actions.keys()].filter(
    (act) => !present.has(act) && !ledger.optional.has(act) && !isSealed(world, ledger, act),
  );
  if (missing.length > 0)
    throw new Broken(`acknowledged actions are gone: ${missing.join(' ')}${distances(world)}`);
  for (const place of group) {
    if (vectorDigest(headsOf(place.log), sha256) !== reference)
      throw new Broken(`${place.name} holds something else than the province`);
    const fault = chainFault(place.log);
    if (fault) throw new Broken(`${place.name}: broken chain at ${fault}`);
    for (const [key, head] of place.log.atProvince)
      if (hashAt(world.province.log, head, head.seq) !== head.hash)
        throw new Broken(`${place.name} still believes that the province holds ${key}:${head.seq}`);
    const shown = shownIn(place.log, newProgram);
    for (const [subject, changes] of shown) {
      const screen = itemOf(changes);
      compareScreen(world, ledger, place, subject, changes, screen);
      const broken = world.broken();
      if (broken) throw broken;
      if (!isDeepStrictEqual(screen?.item, itemOf(atProvince.get(subject) ?? [])?.item))
        throw new Broken(`${place.name} shows ${subject} otherwise than the province`);
    }
  }
}

/** A person at the province has it, though it is not in the center's record. */
function isSealed(world: World, ledger: Ledger, act: number): boolean {
  const { feeds, aside } = world.province.log;
  for (const feed of feeds.values())
    for (const e of feed.entries) if (e.sealed && ledger.byHash.get(e.shownHash) === act) return true;
  for (const e of aside.values()) if (e.reason === 'sealed' && ledger.byHash.get(e.hash) === act) return true;
  return false;
}
