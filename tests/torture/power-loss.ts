// The PC is switched off in the middle, many times: while somebody types into the treatment sheet and others measure,
// register and move people about. What was answered as saved is there, nothing is there by half, and of what was typed
// at most the last second is missing when the sheet is opened again.
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Browser, chromium } from '@playwright/test';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { allModels } from '../../electron/core.ts';
import { findBrowser } from '../../electron/shells/system-browser.ts';
import { tableDigest } from '../../electron/store/digest.ts';
import { unwrapByPassword } from '../../electron/store/keyring.ts';
import { openStore } from '../../electron/store/open.ts';
import type { OpenStore } from '../../electron/store/types.ts';
import { TRAINING_PASSWORD } from '../../electron/training/center.ts';
import { createTrainingCenter } from '../../electron/training/create.ts';
import { type Random, seededRandom } from '../../electron/training/random.ts';
import { type BedWork, openBedWork } from './beds.ts';
import { type Desk, openDesk, startVictim, type Victim } from './host.ts';
import { type Habit, habits, openPerson, type Person, type Witness } from './person.ts';
import { type Bedside, jobs, newLedger } from './saves.ts';

/** Wards that lose their power side by side: a round mostly waits, for a person to type and for a PC to start. */
const WARDS = 2;
const ROUNDS = Math.ceil(Number(process.env.TRAM_TORTURE_ROUNDS ?? 50) / WARDS);
/** Of typing, ms: the promise. */
const MOST_LOST_MS = 1_000;

const folder = mkdtempSync(join(tmpdir(), 'tram-power-'));
const dataDir = join(folder, 'center');
let seed: number;
let random: Random;
let browser: Browser;
let key: Buffer;

/** The tests of one ward's PC; each ward is a file, and so a process, of its own. */
export function losePower(ward: number): void {
  seed = Number(process.env.TRAM_TORTURE_SEED ?? 20261122) + ward;
  random = seededRandom(seed);
  beforeAll(openWard, 120_000);
  afterAll(closeWard);
  it(
    'keeps typing that was offered and not answered when somebody types on and the power fails again',
    loseOfferedTyping,
    300_000,
  );
  it(
    `keeps what was saved and all but the last second of typing when it is switched off ${ROUNDS} times`,
    losePowerManyTimes,
    120_000 + ROUNDS * 20_000,
  );
}

async function openWard(): Promise<void> {
  const made = await createTrainingCenter({
    dataDir,
    appVersion: 'test',
    now: Date.now(),
    log: () => {},
    people: 150,
    days: 1,
    freeBeds: 40,
    looseEnds: false,
  });
  expect(made).toMatchObject({ ok: true });
  const unlocked = await unwrapByPassword(join(dataDir, 'keyring.json'), 'quantri', TRAINING_PASSWORD);
  if (!unlocked.ok) throw new Error(unlocked.error.code);
  key = unlocked.value.key;
  browser = await chromium.launch({
    executablePath: findBrowser() ?? '/usr/bin/chromium',
    args: ['--no-sandbox'],
  });
}

async function closeWard(): Promise<void> {
  await browser?.close();
  rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
}

/** When the plug is pulled: after so many sent or answered saves, or Ctrl+S on the page; then `thenMs` later. */
interface Moment {
  readonly on: 'a timer' | 'a save was sent' | 'a save was answered' | 'Ctrl+S was pressed';
  readonly count: number;
  readonly thenMs: number;
}

/** With TRAM_TORTURE_VERBOSE: a line for each round, and what took how long. */
const verbose = process.env.TRAM_TORTURE_VERBOSE !== undefined;
const tell = (line: string): void => {
  if (verbose) process.stderr.write(`${line}\n`);
};
let lastStep = Date.now();
function step(done: string): void {
  tell(`  ${done}: ${Date.now() - lastStep} ms`);
  lastStep = Date.now();
}

const lossesMs: number[] = [];
const totals = { confirmed: 0, wholly: 0, notAtAll: 0, drafts: 0, finished: 0, bedActs: 0, late: 0 };
const pulledOn = new Map<string, number>();

async function loseOfferedTyping(): Promise<void> {
  const person = await openPerson(browser);
  const typeAndFail = async (text: string): Promise<void> => {
    await person.type(text);
    await new Promise((resolve) => setTimeout(resolve, MOST_LOST_MS));
    await victim.kill();
    victim = startVictim(dataDir);
    await person.logIn(await victim.address, 'truongkhoa', TRAINING_PASSWORD);
  };
  let victim = startVictim(dataDir);
  try {
    await person.logIn(await victim.address, 'truongkhoa', TRAINING_PASSWORD);
    const desk = await openDesk(victim);
    await desk.ask('access.login', { username: 'bstruc', password: TRAINING_PASSWORD });
    const [ward] = (await desk.ask('beds.wards', {})).filter((w) => w.name === 'Nội tổng hợp');
    const [stay] = await staysOf(desk, ward?.wardId ?? '');
    if (!stay) throw new Error('an empty ward');
    await person.openSheet(stay.patientId, false);
    await typeAndFail('Sáng: đỡ ho');
    await person.openSheet(stay.patientId, false);
    expect(await person.offers()).toBe(1);
    await typeAndFail('Chiều: hết sốt');
    await person.openSheet(stay.patientId, false);
    expect(await person.takeOver()).toMatch(/^Chiều: hết sốt\n/);
    expect(await person.takeOver()).toMatch(/^Sáng: đỡ ho\n/);
    expect(await person.offers()).toBe(0);
  } finally {
    await person.close();
    await victim.kill();
  }
}

async function losePowerManyTimes(): Promise<void> {
  const person = await openPerson(browser);
  let victim = startVictim(dataDir);
  try {
    let at = await arrive(victim, person);
    const wards = await at.desk.ask('beds.wards', {});
    const idOf = (name: string): string => wards.find((w) => w.name === name)?.wardId ?? '';
    const written = idOf('Nội tổng hợp');
    const stays = await staysOf(at.desk, written);
    const beds = await openBedWork(at.desk, idOf('Ngoại tổng hợp'), random.fork('beds'), at.answered);
    const ledger = newLedger();
    let patient = random.pick(stays);
    let text = await person.openSheet(patient.patientId);
    let heads: Heads = new Map();

    for (let round = 1; round <= ROUNDS; round++) {
      const habit = random.pick(habits);
      const moment = momentFor(random, habit);
      const what = `seed ${seed}, round ${round}: the plug was pulled ${moment.thenMs} ms after ${moment.on} (${moment.count}.) while somebody ${habit}`;
      try {
        const noted = await workUntilKilled({
          victim,
          at,
          moment,
          habit,
          person,
          patient,
          stays,
          written,
          beds,
          ledger,
        });
        step('worked');
        const record = await person.record();
        pulledOn.set(moment.on, (pulledOn.get(moment.on) ?? 0) + 1);
        const copy = copyOfFiles();
        if (random.chance(0.15)) await switchOffWhileStarting(random);
        victim = startVictim(dataDir);
        heads = examine(copy, heads, round % 10 === 0 || round === ROUNDS);
        step('looked into the files');
        at = await arrive(victim, person);
        step('started and logged in');
        for (const save of ledger.saves.splice(0)) {
          const found = await save.find(at.desk);
          if (typeof found === 'object') throw new Error(`half saved: ${save.what}: ${found.half}`);
          if (save.confirmed && found !== 'there') throw new Error(`lost: ${save.what}`);
          totals[save.confirmed ? 'confirmed' : found === 'there' ? 'wholly' : 'notAtAll']++;
        }
        step('looked for the saves');
        await beds.lookAgain(at.desk);
        totals.bedActs = beds.acts();
        await pageSavesAreThere(record, patient, at.desk);
        const typed = await typedSinceLastEntry(record, text, patient, at.desk);
        text = await person.openSheet(patient.patientId);
        lossesMs.push(lostMs(typed, text, record, noted.killedAt));
        step('opened the sheet');
        tell(`${what}: ${Math.round(lossesMs.at(-1) ?? 0)} ms lost, ${record.sent.length} calls of the page`);
        if (text.replaceAll(/[\s-]/g, '') === '' || text.length > 5_000) {
          patient = random.pick(stays);
          text = await person.openSheet(patient.patientId);
        }
      } catch (error) {
        throw new Error(
          `${what}\n${error instanceof Error ? (error.stack ?? error.message) : String(error)}`,
        );
      }
    }
    expect(totals.confirmed).toBeGreaterThan(ROUNDS);
    expect(totals.bedActs).toBeGreaterThan(ROUNDS);
    // a machine may stand still now and then; what always takes longer than a second is ours
    expect(totals.late).toBeLessThanOrEqual(Math.max(1, ROUNDS / 10));
  } finally {
    await person.close().catch(() => undefined);
    if (!victim.ended()) await victim.kill();
    report();
  }
}

// --- one round ---

interface Arrival {
  readonly desk: Desk;
  /** Set by the round: told of every request and answer. */
  listen(on: (what: Moment['on']) => void): void;
  answered(): void;
}

/** The doctor logs in at the page, which opens the store; then the others at their desk. */
async function arrive(victim: Victim, person: Person): Promise<Arrival> {
  let tell: (what: Moment['on']) => void = () => {};
  await person.logIn(await victim.address, 'bsnoi', TRAINING_PASSWORD);
  const desk = await openDesk(victim, (method) => {
    if (!method.startsWith('beds.board')) tell('a save was sent');
  });
  await desk.ask('access.login', { username: 'bstruc', password: TRAINING_PASSWORD });
  return {
    desk,
    listen: (on) => {
      tell = on;
    },
    answered: () => tell('a save was answered'),
  };
}

async function staysOf(desk: Desk, wardId: string): Promise<Bedside[]> {
  const board = await desk.ask('beds.board', { wardId });
  const stays = board.rooms.flatMap((r) => r.beds).flatMap((b) => b.patients);
  expect(stays.length).toBeGreaterThan(10);
  return stays.map(({ admissionId, patientId }) => ({ admissionId, patientId }));
}

async function workUntilKilled(round: {
  victim: Victim;
  at: Arrival;
  moment: Moment;
  habit: Habit;
  person: Person;
  patient: Bedside;
  stays: readonly Bedside[];
  /** The ward of the stays. */
  written: string;
  beds: BedWork;
  ledger: ReturnType<typeof newLedger>;
}): Promise<{ killedAt: number }> {
  const { victim, at, moment, person, ledger } = round;
  const killed = Promise.withResolvers<number>();
  let gone = false;
  let left = moment.count;
  const pull = (): void => {
    if (gone) return;
    gone = true;
    victim.kill().then(killed.resolve, killed.reject);
  };
  const heard = (what: Moment['on']): void => {
    if (what !== moment.on || gone || --left > 0) return;
    left = Number.POSITIVE_INFINITY;
    // without a wait in between: the next instruction after the request is on its way
    if (moment.thenMs === 0) pull();
    else setTimeout(pull, moment.thenMs);
  };
  at.listen(heard);
  const work = { desk: at.desk, ledger, stays: round.stays, wardId: round.written, answered: at.answered };
  // a moment that does not come (a person who waits for the page, say) must not hang the test
  const latest = setTimeout(pull, 8_000);
  const everyone = Promise.all([
    person.work(
      round.habit,
      round.patient.patientId,
      random.fork(`typing ${left}`),
      () => gone,
      () => heard('Ctrl+S was pressed'),
    ),
    round.beds.work(at.desk),
    ...jobs.map((job) => job({ ...work, random: random.fork(job.name) })),
  ]);
  everyone.catch(() => pull());
  heard('a timer');
  const killedAt = await killed.promise;
  clearTimeout(latest);
  await everyone;
  return { killedAt };
}

function momentFor(random: Random, habit: Habit): Moment {
  const on = random.pick([
    'a timer',
    'a timer',
    'a save was sent',
    'a save was answered',
    ...(habit === 'finishes entries' || habit === 'measures between'
      ? (['Ctrl+S was pressed'] as const)
      : []),
  ] as const);
  if (on === 'a timer') return { on, count: 1, thenMs: random.int(200, 3_000) };
  if (on === 'Ctrl+S was pressed') return { on, count: random.int(1, 2), thenMs: random.int(0, 120) };
  return { on, count: random.int(1, 50), thenMs: random.chance(0.4) ? 0 : random.int(1, 25) };
}

/** And again before it has come up: while it finds the store, and while it is being opened. */
async function switchOffWhileStarting(random: Random): Promise<void> {
  const victim = startVictim(dataDir);
  const afterMs = random.int(0, 400);
  if (random.chance(0.5)) {
    await new Promise((r) => setTimeout(r, afterMs));
  } else {
    await victim.address;
    const desk = await openDesk(victim);
    const login = desk.call('access.login', { username: 'bstruc', password: TRAINING_PASSWORD });
    await Promise.race([login, new Promise((r) => setTimeout(r, afterMs * 2))]);
  }
  await victim.kill();
}

// --- what must be there ---

/** Number and hash of each feed's last change. */
type Heads = ReadonlyMap<string, { seq: number; head: string }>;

/** The files as the power cut left them: looking into a store mends it, and the program must meet it as it was. */
function copyOfFiles(): string {
  const copy = join(folder, 'copy');
  rmSync(copy, { recursive: true, force: true });
  cpSync(dataDir, copy, { recursive: true });
  return copy;
}

/** The chains are whole and go on from where they were, the pages are sound, the tables are what the log says. */
function examine(copy: string, before: Heads, rebuild: boolean): Heads {
  const opened = openStore({ path: join(copy, 'record.db'), key, areas: allModels });
  if (!opened.ok) throw new Error(`the store does not open: ${opened.error.code}`);
  const store = opened.value;
  try {
    expect(store.verifyLog()).toMatchObject({ ok: true });
    expect(store.integrityCheck()).toMatchObject({ ok: true });
    expect(store.parkedCounts()).toEqual([]);
    expect(store.sql.prepare('select count(*) from conflict').pluck().get()).toBe(0);
    for (const feed of store.feeds()) {
      const was = before.get(`${feed.incarnation}.${feed.lane}`);
      if (was) expect(hashAt(store, feed, was.seq)).toBe(was.head);
    }
    if (rebuild) {
      const live = tableDigest(store.sql, projectedTables);
      expect(store.rebuild()).toMatchObject({ ok: true });
      expect(tableDigest(store.sql, projectedTables)).toEqual(live);
    }
    return new Map(store.feeds().map((f) => [`${f.incarnation}.${f.lane}`, { seq: f.seq, head: f.head }]));
  } finally {
    store.close();
  }
}

const projectedTables = [
  ...allModels.flatMap((area) => area.projections).flatMap((p) => p.tables),
  'conflict',
  'subject_key',
];

function hashAt(store: OpenStore, feed: { station: string; incarnation: number; lane: number }, seq: number) {
  return store.sql
    .prepare<[string, number, number, number], string>(
      `select lower(hex(c.hash)) from change_log c join feed f on f.id = c.feed
        where f.station = ? and f.incarnation = ? and f.lane = ? and c.seq = ?`,
    )
    .pluck()
    .get(feed.station, feed.incarnation, feed.lane, seq);
}

/** What the page itself was told is saved. */
async function pageSavesAreThere(record: Witness, patient: Bedside, desk: Desk): Promise<void> {
  const { admissionId } = patient;
  for (const { method, input, result } of record.sent) {
    if (method !== 'observations.record' || !result?.ok) continue;
    const { at, values } = input as { at: number; values: { pulse: number } };
    const sets = await desk.ask('observations.list', { admissionId, from: at, to: at });
    expect(sets.map((o) => o.values.pulse)).toContain(values.pulse);
    totals.confirmed++;
  }
}

/** What the form held, from the text it was opened with or the last entry that went into the record. */
async function typedSinceLastEntry(record: Witness, openedWith: string, patient: Bedside, desk: Desk) {
  const entries = await desk.ask('notes.list', { admissionId: patient.admissionId });
  let typed = [{ at: 0, text: openedWith }, ...record.typed];
  for (const { method, input, result, at } of record.sent) {
    if (method !== 'notes.finish') continue;
    const { content } = input as { content: { progress: string; care: string } };
    const there = entries.filter(
      (e) => e.content.progress === content.progress.trim() && e.content.care === content.care.trim(),
    ).length;
    if (there > 1) throw new Error('the entry was written twice');
    if (result?.ok && there === 0) throw new Error('lost: an entry the page said is in the record');
    if (there === 0) continue;
    totals.finished++;
    typed = [{ at, text: '\n---\n\n---\n' }, ...typed.filter((t) => t.at > at)];
  }
  return typed;
}

/** How long before the power cut the first missing key was pressed, ms; 0 when nothing is missing. */
function lostMs(typed: Witness['typed'], restored: string, record: Witness, killedAt: number): number {
  const last = typed.findLastIndex(({ text }) => text === restored);
  if (last < 0)
    throw new Error(`restored what was never typed: ${restored}\nlast typed: ${typed.at(-1)?.text}`);
  if (restored.replaceAll(/[\s-]/g, '') !== '') totals.drafts++;
  const missing = typed[last + 1];
  const lost = missing && missing.at < killedAt ? killedAt - missing.at : 0;
  if (lost <= MOST_LOST_MS || !missing) return lost;
  totals.late++;
  const stalled = stalledMs(record, missing.at, killedAt);
  const saves = record.sent.filter((s) => s.method === 'drafts.save' && s.at > killedAt - 10_000);
  const times = saves
    .map((s) => `${Math.round(s.at - killedAt)} (${(s.answeredAt ?? killedAt) - s.at})`)
    .join(', ');
  const what = `${Math.round(lost)} ms of typing are gone, ${Math.round(stalled)} ms of which the machine stood still; drafts sent at (and answered after): ${times}`;
  tell(what);
  if (lost - stalled > MOST_LOST_MS) throw new Error(what);
  return lost;
}

/** An answer to a draft takes less than this unless the machine has no time or its disk no rest. */
const ANSWERED_WITHIN_MS = 300;

/** How long, between the two moments, the page's clock stood still or a draft waited for the disk. */
function stalledMs(record: Witness, from: number, to: number): number {
  const waits = record.sent
    .filter((s) => s.method === 'drafts.save')
    .map((s) => ({ from: s.at + ANSWERED_WITHIN_MS, to: s.answeredAt ?? to }));
  let stalled = 0;
  for (let at = from; at < to; at += 10)
    if ([...record.stalls, ...waits].some((s) => s.from <= at && at < s.to)) stalled += 10;
  return stalled;
}

function report(): void {
  const sorted = lossesMs.toSorted((a, b) => a - b);
  if (sorted.length === 0) return;
  const at = (part: number): number => Math.round(sorted[Math.floor((sorted.length - 1) * part)] ?? 0);
  console.log(
    `power cuts: ${sorted.length} (${[...pulledOn].map(([on, n]) => `${n} after ${on}`).join(', ')})\n` +
      `saves: ${totals.confirmed} confirmed, all there; not answered: ${totals.wholly} wholly there, ${totals.notAtAll} not at all; ` +
      `${totals.bedActs} acts on beds, ${totals.finished} entries finished at the page\n` +
      `drafts offered: ${totals.drafts}; more than a second lost because the machine stood still: ${totals.late}; typing lost, ms: median ${at(0.5)}, 90 % ${at(0.9)}, most ${at(1)}; ` +
      `nothing lost in ${sorted.filter((ms) => ms === 0).length} of ${sorted.length}`,
  );
}
