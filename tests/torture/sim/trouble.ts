// Performs a plan's steps on a world: deeds of people and everything that goes wrong.
import { type Random, randomUuid } from '../../../electron/training/random.ts';
import { CARRY } from '../../../shared/sync/forks.ts';
import { makeHlc } from '../../../shared/time/hlc.ts';
import { append, fillCounter, forge, newIncarnation, release, skipStamps } from './log-writes.ts';
import { copyOf, emptyLog, type Log, shownIn } from './memory-log.ts';
import { doSomething, type Ledger } from './people.ts';
import { type Bug, grew, hold, type Place, wallOf } from './place.ts';
import type { Step } from './plan.ts';
import { newProgram } from './record.ts';
import { sessionOf, welcomeOf } from './talk.ts';
import type { World } from './world.ts';

export interface Hand {
  readonly world: World;
  readonly ledger: Ledger;
  readonly random: Random;
  readonly bug: Bug | null;
  readonly backups: Map<Place, Log[]>;
}

export function perform(hand: Hand, step: Step, number: number): void {
  const { world, ledger, random, bug } = hand;
  const random1 = random.fork(`step ${step.at} ${step.do} ${number}`);
  const placeAt = (i: number): Place => world.places[i % world.places.length] as Place;
  world.trace.push(`${step.at} ${JSON.stringify(step)}`);
  if (step.do !== 'act') world.count(step.do);
  switch (step.do) {
    case 'act': {
      // whoever works at this station may sit at a copy of it
      const { station } = placeAt(step.place).log;
      const copies = world.places.filter((p) => p.log.station === station);
      const place = copies[Math.floor(((step.pick * 97) % 1) * copies.length)];
      for (let i = 0; place && i < step.times; i++) {
        const whim = {
          pick: (step.pick + i * 0.37) % 1,
          deed: (step.deed + i * 0.29) % 1,
          value: (step.value + i) % 4,
        };
        doSomething(world, ledger, place, whim, random1, bug);
      }
      break;
    }
    case 'crash':
      world.stop(placeAt(step.place), step.ms);
      break;
    case 'crash at': {
      const place = placeAt(step.place);
      world.armed.set(place, [
        ...(world.armed.get(place) ?? []),
        { point: step.point, nth: step.nth, ms: step.ms },
      ]);
      break;
    }
    case 'pause':
      world.pause(placeAt(step.place), step.ms);
      break;
    case 'cut':
      for (const c of onLine(world, step.line)) c.line.cut();
      break;
    case 'cut after':
      onLineOrNext(world, step.line, (line) => {
        line.ways[step.way].cutAfter = line.through(step.way) + step.bytes;
      });
      break;
    case 'half-open': {
      const { from, wan } = lineOf(world, step.line);
      for (const c of onLine(world, step.line)) c.line.ways[step.way].deaf = true;
      world.raise({
        until: world.now() + step.ms,
        silent: true,
        keeps: true,
        blocks: (a, b) => a === from && b.isProvince === wan,
      });
      break;
    }
    case 'damage':
      onLineOrNext(world, step.line, (line) => {
        line.ways[step.way].damage = { after: step.after, raw: step.raw };
      });
      break;
    case 'frame twice':
      onLineOrNext(world, step.line, (line) => {
        line.ways[step.way].twice = step.after;
      });
      break;
    case 'second connection':
      // once for each peer: lines of calls that ended long ago are among them too
      for (const c of new Map(onLine(world, step.line).map((one) => [one.to, one])).values())
        world.connect(c.from, c.to, () => {});
      break;
    case 'replay session':
      replay(world, step.line);
      break;
    case 'slow':
      world.slow.set(lineOf(world, step.line).name, {
        latencyMs: step.latencyMs,
        rate: step.rate,
        until: world.now() + step.ms,
      });
      break;
    case 'isolate': {
      const alone = placeAt(step.place);
      world.raise({
        until: world.now() + step.ms,
        silent: step.silent,
        blocks: (a, b) => a === alone || b === alone,
      });
      break;
    }
    case 'off WAN':
      world.raise({
        until: world.now() + step.ms,
        silent: step.silent,
        blocks: (a, b) => a.isProvince || b.isProvince,
      });
      break;
    case 'split center': {
      const half = new Set(world.places.filter(() => random1.chance(0.5)));
      world.raise({
        until: world.now() + step.ms,
        silent: step.silent,
        blocks: (a, b) => !a.isProvince && !b.isProvince && half.has(a) !== half.has(b),
      });
      break;
    }
    case 'change hub': {
      const to = placeAt(step.to);
      if (to.isProvince || to.deliverOnly) break;
      if (!step.both) for (const p of world.places) if (!p.isProvince) p.serving = false;
      to.serving = true;
      for (const p of world.places) world.keepDialing(p);
      break;
    }
    case 'backup': {
      const place = placeAt(step.place);
      hand.backups.set(place, [...(hand.backups.get(place) ?? []), copyOf(place.log)]);
      break;
    }
    case 'restore':
      restore(hand, placeAt(step.place), step.noticed, random1, number);
      break;
    case 'clone':
      clone(hand, placeAt(step.place), step.noticed, random1, number);
      break;
    case 'clock':
      placeAt(step.place).clock = { offsetMs: step.ms, stuckAt: null };
      break;
    case 'clock 1970':
      placeAt(step.place).clock = { offsetMs: -world.now() + 60_000, stuckAt: null };
      break;
    case 'clock stuck': {
      // behind what all have seen, and often several at once: then they stamp alike
      const stuckAt = wallOf(placeAt(step.place), world.now()) - 60_000;
      const stuck = world.places.filter((p) => p === placeAt(step.place) || random1.chance(0.4));
      for (const place of stuck) place.clock = { ...place.clock, stuckAt };
      break;
    }
    case 'counter full':
      fillCounter(placeAt(step.place).log);
      break;
    case 'disk full': {
      const place = placeAt(step.place);
      place.diskFull = true;
      world.at(world.now() + step.ms, () => {
        place.diskFull = false;
      });
      break;
    }
    case 'update':
      placeAt(step.place).updated = true;
      break;
    case 'revoke':
      revoke(world, placeAt(step.place), step.releaseAfter);
      break;
    case 'move away': {
      const place = placeAt(step.place);
      if (place.isProvince) break;
      place.deliverOnly = true;
      place.serving = false;
      place.wan = true;
      for (const c of world.connectionsOf(place)) c.line.cut();
      world.keepDialing(place);
      break;
    }
    case 'poison':
      poison(hand, placeAt(step.place), step.what, random1, number);
      break;
    case 'forge': {
      const [place, victim] = [placeAt(step.place), placeAt(step.victim)];
      if (place === victim || !place.running || place.deliverOnly || place.log.station === victim.log.station)
        break;
      const subject = [...shownIn(place.log, newProgram).keys()].sort()[0];
      if (!subject) break;
      const act = ledger.next++;
      const entry = forge(
        place.log,
        { station: victim.log.station, incarnation: 1, lane: 1 },
        wallOf(place, world.now()),
        {
          kind: 'item.fact',
          v: 1,
          subject: { type: 'item', id: subject },
          refs: [],
          body: { act, text: 'giả' },
        },
      );
      ledger.optional.add(act);
      ledger.byHash.set(entry.hash, act);
      ledger.actions.set(act, {
        act,
        subject,
        deed: { kind: 'fact' },
        writer: 'forger',
        version: '',
        visible: new Set(),
        replaces: [],
      });
      grew(place);
      break;
    }
  }
}

// --- copies ---

function restore(hand: Hand, place: Place, noticed: boolean, random: Random, number: number): void {
  const { world } = hand;
  const backups = hand.backups.get(place) ?? [];
  // a province that lost everything is a new, empty one
  const backup =
    backups[Math.floor(random.next() * backups.length)] ??
    (place.isProvince && noticed ? emptyLog(place.log.station, '') : null);
  if (!backup) {
    world.count('restore without a backup');
    return;
  }
  const lost = place.log;
  world.stop(place, 500);
  const log = copyOf(backup);
  renew(log, world, noticed, random, number);
  world.swapLog(place, log);
  const held = new Set<string>();
  for (const p of world.places) for (const hash of hashesIn(p.log)) held.add(hash);
  for (const hash of hashesIn(lost)) {
    const act = hand.ledger.byHash.get(hash);
    if (act === undefined || held.has(hash)) continue;
    hand.ledger.optional.add(act);
    world.count('action lost with its only store');
  }
}

function* hashesIn(log: Log): Generator<string> {
  for (const feed of log.feeds.values()) for (const e of feed.entries) yield e.shownHash;
}

function clone(hand: Hand, place: Place, noticed: boolean, random: Random, number: number): void {
  const { world } = hand;
  if (place.isProvince || world.places.length > 8) return;
  const log = copyOf(place.log);
  log.ever = { hashes: new Set(place.log.ever.hashes), sums: new Set(place.log.ever.sums) };
  renew(log, world, noticed, random, number);
  const copy = world.addPlace(`${place.name}'${number}`, log, false, place.updated);
  copy.wan = place.wan;
  copy.clock = { ...place.clock };
  copy.deliverOnly = place.deliverOnly;
  for (const revoked of place.revoked) copy.revoked.add(revoked);
  world.keepDialing(copy);
}

/** What opening a store does; a copy that is noticed never goes on as the one it was. */
function renew(log: Log, world: World, noticed: boolean, random: Random, number: number): void {
  skipStamps(log, random.next());
  if (!noticed) return;
  log.logId = world.logIdOf(`log renewed ${number}`);
  if (log.feeds.size > 0 || log.clock > makeHlc(0, 0)) newIncarnation(log, log.incarnation);
}

// --- people who may not, and stores that lie ---

function revoke(world: World, place: Place, releaseAfter: number | null): void {
  if (place.isProvince) return;
  const { station } = place.log;
  for (const p of world.places) p.revoked.add(station);
  for (const p of world.places) {
    if (p.log.station !== station) continue;
    p.serving = false;
    p.wan = true;
    for (const c of world.connectionsOf(p)) c.line.cut();
  }
  for (const p of world.places) world.keepDialing(p);
  if (releaseAfter !== null)
    world.at(world.now() + releaseAfter, () => {
      world.releases.add(station);
      releaseAll(world, station);
    });
}

export function releaseAll(world: World, station: string): void {
  for (const feed of [...world.province.log.feeds.values()])
    if (feed.name.station === station || feed.entries.some((e) => e.sealed))
      release(world.province.log, feed.name);
  grew(world.province);
}

function poison(hand: Hand, place: Place, what: string, random: Random, number: number): void {
  const { world } = hand;
  if (!place.running || place.deliverOnly) return;
  const subject = {
    type: 'item',
    id: [...shownIn(place.log, newProgram).keys()].sort()[0] ?? randomUuid(random),
  };
  const common = { v: 1, subject, refs: [], author: null } as const;
  const put = (draft: Parameters<typeof append>[2]): void =>
    void append(place.log, wallOf(place, world.now()), draft);
  const act = 1_000_000 + number;
  if (what === 'schema')
    put({ ...common, lane: 1, kind: 'item.fact', body: { act: 'không phải số', text: '' } });
  else if (what === 'lane') put({ ...common, lane: 2, kind: 'item.fact', body: { act, text: 'sai làn' } });
  else if (what === 'unknown kind') put({ ...common, lane: 0, kind: 'odd.thing', body: { '#1': act } });
  else if (what === 'missing ref')
    put({
      ...common,
      lane: 1,
      kind: 'item.fact',
      subject: { type: 'item', id: randomUuid(random) },
      body: { act, text: 'chờ' },
    });
  else if (what === 'huge')
    put({ ...common, lane: 2, kind: 'item.note', body: { act: -1, text: 'x'.repeat(60_000) } });
  else put({ ...common, lane: 1, kind: CARRY.kind, body: { stored: new Uint8Array([1, 2, 3]) } });
  grew(place);
}

// --- lines ---

function lineOf(world: World, line: number): { from: Place; wan: boolean; name: string } {
  const wan = line >= world.plan.stations;
  const from = world.places[line % world.plan.stations] as Place;
  return { from, wan, name: `${from.name} ${wan ? 'wan' : 'lan'}` };
}

const onLine = (world: World, line: number) => world.linesOf(lineOf(world, line).name);

type AnyLine = ReturnType<typeof onLine>[number]['line'];

function onLineOrNext(world: World, line: number, change: (line: AnyLine) => void): void {
  const open = onLine(world, line);
  if (open.length === 0) world.lineTrouble.set(lineOf(world, line).name, change);
  for (const c of open) change(c.line);
}

/** Somebody who recorded a session sends all of it again. */
function replay(world: World, line: number): void {
  const old = world.recorded.get(lineOf(world, line).name);
  if (!old?.to.running) return;
  const frames = [...old.frames];
  const { to, from, hello } = old;
  void welcomeOf(to, hello, world.around).then((welcome) => {
    if (!welcome || !to.running) return;
    const copied = world.bareLine(from, to);
    hold(to, world.around, {
      session: sessionOf(to, world.around, hello, welcome),
      line: copied,
      end: 1,
      peer: from,
      hello,
      welcome,
    });
    copied.ends[0].listen({ bytes() {}, heard() {}, drained() {}, closed() {} });
    for (const frame of frames) copied.ends[0].send(frame);
    world.at(world.now() + 40_000, () => copied.cut());
  });
}
