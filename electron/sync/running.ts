// What goes on while a store is open: lines to the province and to hubs, this PC as a hub, and what either has told.
import type { IncomingMessage, ServerResponse } from 'node:http';
import { fail, ok, type Result } from '../../shared/api/contract.ts';
import type { Output, ParsedInput } from '../../shared/api/index.ts';
import { centerProvince, stationRevoke } from '../../shared/model/station.ts';
import { spoken } from '../../shared/sync/enrolment.ts';
import type { Dictionary } from '../../shared/sync/frames.ts';
import {
  decodeAnswer,
  encodeQuestion,
  LOOKUP_DEADLINE_MS,
  type LookupQuestion,
} from '../../shared/sync/lookup.ts';
import type { Head } from '../../shared/sync/port.ts';
import { type Blobs, blobsOf } from '../store/blobs.ts';
import { changeStoreOf } from '../store/change-store.ts';
import type { Author, OpenStore } from '../store/types.ts';
import { readAddress, spellAddress } from './address.ts';
import { type Arrival, keepArrival, nameSelf } from './arrival.ts';
import { watchAuthors } from './authors.ts';
import { openBook } from './book.ts';
import { type Caller, keepCalling, WAITS, type Waits } from './caller.ts';
import type { Discovery } from './discovery.ts';
import { enrolAt } from './enrol.ts';
import { factsOf } from './facts.ts';
import type { HubLimits } from './hub.ts';
import { invite } from './invites.ts';
import { openKeyRound } from './key-round.ts';
import { DEADLINES, type Deadlines, type Keys, type Tickets } from './line.ts';
import type { Ground, Meeting } from './meeting.ts';
import { takeProvinceFromLog } from './named-province.ts';
import { watchNetwork } from './network.ts';
import { centerMark, openServing } from './serving.ts';
import { readSetting, writeSetting } from './settings.ts';
import { openTrust } from './trust.ts';
import type { SyncFacts, SyncNeeds } from './types.ts';
import { keepVouching, VOUCH_EVERY_MS } from './vouching.ts';
import { type Where, wantedLines } from './wanted-lines.ts';

export interface Tuning {
  readonly waits: Waits;
  readonly deadlines: Deadlines;
  /** Of this PC as a hub; left out, the usual one or any free one. */
  readonly port?: number;
  readonly limits?: Partial<HubLimits>;
  readonly watchMs: number;
  /** Between two signatures of this PC under its own feeds. */
  readonly vouchEveryMs: number;
  /** After a session has caught up: who has signed what is looked at. */
  readonly lookAtAuthorsMs: number;
  random(): number;
}
export const TUNING: Tuning = {
  waits: WAITS,
  deadlines: DEADLINES,
  watchMs: 5_000,
  vouchEveryMs: VOUCH_EVERY_MS,
  lookAtAuthorsMs: 5_000,
  random: Math.random,
};

export interface Running {
  facts(): SyncFacts;
  now(): void;
  enrol(author: Author, address: string, code: string): Promise<Result<{ provinceName: string }>>;
  invite(): Promise<Result<Output<'sync.invite'>>>;
  saveHub(set: ParsedInput<'sync.saveHub'>): Promise<Result<null>>;
  revokeStation(author: Author, stationId: string, reason: string): Result<null>;
  lookup(query: LookupQuestion): Promise<Output<'sync.lookup'>>;
  provinceCertificate(): string | null;
  provinceHolds(heads: readonly Head[]): Promise<number>;
  blobs(): Blobs;
  /** Changes taken in or written since the store was opened. */
  grownBy(): number;
  close(): Promise<void>;
}

export interface RunningParts {
  readonly needs: SyncNeeds;
  readonly store: OpenStore;
  readonly discovery: Discovery;
  readonly dictionaries: readonly Dictionary[];
  readonly tuning: Tuning;
  readonly arrival: Arrival | null;
  snapshot(request: IncomingMessage, response: ServerResponse): Promise<boolean>;
  changed(): void;
}

export function run(parts: RunningParts): Running {
  const { needs, store, discovery, tuning } = parts;
  const { log } = needs;
  const training = needs.mode === 'training';
  const book = openBook(store, needs.now);
  const changes = changeStoreOf(store, needs.isQuiet);
  const ground: Ground & { readonly blobs: Blobs } = {
    store,
    changes,
    forks: changes,
    book,
    blobs: blobsOf(store, needs.isNamedFile),
    blobsGrew,
    branchMoved(station, metBy) {
      for (const guest of guests())
        if (guest.peer === station && guest.drive !== metBy) guest.drive.close('closed', 'branch moved');
    },
    linesOf: (station) => guests().filter((guest) => guest.peer === station).length,
    dictionaries: parts.dictionaries,
    appVersion: needs.appVersion,
    caughtUp(meeting) {
      keyRound.with(meeting);
      vouching.caughtUp();
      authors.lookSoon();
    },
    keysAsked: (question, station) => keyRound.asked(question, station),
    now: needs.now,
    log,
  };
  const tickets: Tickets = new Map();
  const endOf = store.sql.prepare<[], number>('SELECT coalesce(max(arrival), 0) FROM change_log').pluck();
  const endAtOpening = endOf.get() ?? 0;
  const callers = new Map<string, Caller>();
  const stop = new AbortController();
  const trust = openTrust({ needs, store, book });
  const serving = openServing({
    needs,
    store,
    discovery,
    trust,
    ground,
    snapshot: parts.snapshot,
    port: tuning.port,
    limits: tuning.limits,
    provinceHeads: () => book.held('province'),
    provinceLog: book.provinceLog,
    provinceHolds,
    asked: relayLookup,
    changed,
    turned: parts.changed,
  });
  let closed = false;
  const vouching = keepVouching({
    store,
    keys: () => (trust.own() ? trust.keys() : null),
    everyMs: tuning.vouchEveryMs,
    log,
  });

  const keyRound = openKeyRound({
    station: store.station.id,
    place: () => needs.personKeys?.() ?? null,
    keys: trust.keys,
    trust,
    meetings: () => [...[...callers.values()].flatMap((caller) => caller.facts().meeting ?? []), ...guests()],
    log,
  });

  const authors = watchAuthors({
    of: () => ({
      store,
      centerId: needs.center(store)?.id ?? null,
      stations: trust.all(),
      now: needs.now(),
    }),
    afterMs: tuning.lookAtAuthorsMs,
    log,
  });

  if (parts.arrival) keepArrival({ store, book, now: needs.now }, parts.arrival);
  takeProvinceFromLog({ needs, store, book });
  const unsubscribe = store.onCommit(({ types }) => {
    if (types.has('station')) trustChanged();
    if (types.has('center')) takeProvinceFromLog({ needs, store, book });
    vouching.grew();
    if (types.has('biometric_person')) keyRound.soon();
    if (types.has('vouch')) authors.lookSoon();
    for (const caller of callers.values()) caller.grew();
    serving.hub()?.grew();
    if (types.has('station') || types.has('center')) refresh();
    changed();
  });
  const stopWatching = watchNetwork(tuning.watchMs, () => {
    discovery.ask();
    nudge();
  });
  if (readSetting(store, 'syncServing')) serving.begin();
  refresh();

  return {
    facts: () =>
      factsOf({
        store,
        book,
        callers: [...callers],
        hub: serving.hub(),
        heard: discovery.heard().filter(isOfOurCenter),
        stations: trust.all(),
        typed: readSetting(store, 'syncAddresses'),
        serving: readSetting(store, 'syncServing'),
      }),
    now() {
      discovery.ask();
      refresh();
      nudge();
    },
    enrol,
    async invite() {
      if (trust.isRevoked()) return fail('station_revoked');
      if (!readSetting(store, 'syncServing')) await setServing(true);
      await serving.idle();
      const hub = serving.hub();
      if (!hub) return fail('internal');
      const { code, expiresAt } = invite({ store, training, now: needs.now });
      return ok({ code: spoken(code.replaceAll('-', '')), expiresAt, addresses: hub.addresses() });
    },
    async saveHub(set) {
      const addresses = set.addresses?.map(readAddress);
      if (addresses?.some((one) => one === null))
        return fail('bad_input', { fields: { addresses: 'field.bad_value' } });
      if (addresses)
        writeSetting(
          store,
          'syncAddresses',
          addresses.flatMap((one) => (one ? [spellAddress(one)] : [])),
        );
      if (set.serving !== undefined) await setServing(set.serving);
      refresh();
      parts.changed();
      return ok(null);
    },
    revokeStation(author, stationId, reason) {
      const station = trust.all().find((one) => one.id === stationId);
      if (!station || station.revokedAt !== null || stationId === store.station.id) return fail('not_found');
      return store.write(author, (tx) => {
        tx.append(stationRevoke, { id: stationId, body: { reason } });
        return ok(null);
      });
    },
    lookup,
    provinceCertificate: () => book.peer('province')?.certificate ?? null,
    async provinceHolds(heads) {
      const ours: Head[] = [];
      for (const head of heads) {
        const [hash] = await ground.changes.hashesAt(head, [head.seq]);
        if (hash === head.hash) ours.push(head);
      }
      book.addHeld('province', ours);
      provinceHolds(ours);
      parts.changed();
      return ours.length;
    },
    blobs: () => ({
      ...ground.blobs,
      async want(hash, options) {
        await ground.blobs.want(hash, options);
        blobsGrew();
      },
      async put(content) {
        const kept = await ground.blobs.put(content);
        if (kept.ok) blobsGrew();
        return kept;
      },
    }),
    grownBy: () => (endOf.get() ?? 0) - endAtOpening,
    async close() {
      closed = true;
      stop.abort();
      unsubscribe();
      authors.close();
      keyRound.close();
      vouching.close();
      stopWatching();
      discovery.announce(null);
      await Promise.all([...callers.values()].map((caller) => caller.close()));
      await serving.close();
    },
  };

  // --- what others are told ---

  function trustChanged(): void {
    trust.readAgain();
    serving.hub()?.checkTrust();
    for (const caller of callers.values()) {
      const { meeting, callee } = caller.facts();
      if (meeting && callee && callee.peer !== 'province' && !trust.mayTalkTo(callee.peer))
        meeting.drive.close('revoked');
    }
    if (trust.isRevoked() && serving.hub()) void setServing(false);
  }

  function changed(): void {
    if (!trust.own()) setImmediate(nameSelfWhenHere);
    parts.changed();
  }

  function nameSelfWhenHere(): void {
    if (trust.own() || closed || !store.sql.open || !needs.center(store)) return;
    const isHere = [...callers.values()].some((caller) => caller.facts().meeting?.facts().caughtUp);
    if (isHere) nameSelf(store, log);
  }

  function blobsGrew(): void {
    for (const caller of callers.values()) caller.facts().meeting?.drive.tell({ type: 'blobsGrew' });
    for (const guest of guests()) guest.drive.tell({ type: 'blobsGrew' });
  }

  function provinceHolds(news: readonly Head[] | null): void {
    const hub = serving.hub();
    if (news) hub?.tellProvinceHolds(news, null);
    else hub?.tellProvinceHolds(book.held('province'), book.provinceLog());
  }

  function guests(): readonly Meeting[] {
    return serving.hub()?.meetings() ?? [];
  }

  async function setServing(on: boolean): Promise<void> {
    await serving.set(on);
    refresh();
    parts.changed();
  }

  // --- lines we keep ---

  /** Brings the callers to what the record, the settings and the network say now. */
  function refresh(): void {
    if (closed) return;
    const heard = () => discovery.heard().filter(isOfOurCenter);
    const wanted = wantedLines({ store, book, trust, heard, serves: serving.hub() !== null });
    for (const [name, caller] of callers) {
      if (wanted.has(name) || (caller.facts().meeting && !name.startsWith('address:') && name !== 'province'))
        continue;
      callers.delete(name);
      void caller.close();
    }
    const own = trust.keys();
    if (!own) return;
    for (const [name, where] of wanted)
      if (!callers.has(name)) callers.set(name, startCalling(name, own, where));
  }

  function startCalling(name: string, own: Keys, where: Where): Caller {
    return keepCalling({
      ...where,
      ground,
      keys: own,
      tickets,
      deadlines: tuning.deadlines,
      waits: tuning.waits,
      random: tuning.random,
      mode: () => (trust.isRevoked() ? 'deliver' : 'both'),
      already: (callee) =>
        [...callers].some(([other, caller]) => {
          const facts = caller.facts();
          return other !== name && facts.meeting !== null && facts.callee?.peer === callee.peer;
        }),
      began(callee, address) {
        const station = trust.all().find((one) => one.id === callee.peer);
        book.note(callee.peer, {
          ...(station && { name: station.name }),
          address: spellAddress(address),
          lastContactAt: needs.now(),
        });
      },
      changed,
      provinceHolds,
      asked: () => Promise.resolve(new Uint8Array()),
    });
  }

  function nudge(): void {
    for (const caller of callers.values()) caller.nudge();
  }

  function isOfOurCenter(one: { readonly center: string; readonly station: string }): boolean {
    const center = needs.center(store);
    return center !== null && one.center === centerMark(center.id) && one.station !== store.station.id;
  }

  // --- what people ask for ---

  async function enrol(
    author: Author,
    address: string,
    code: string,
  ): Promise<Result<{ provinceName: string }>> {
    // training's province may be made anew, or be at another port of this PC today
    if (book.peer('province')?.certificate && !training) return fail('already_enrolled');
    const keys = trust.keys();
    const own = trust.own();
    const center = needs.center(store);
    if (!keys || !own || !center) return fail('not_found');
    const enrolled = await enrolAt({
      address,
      code,
      keys,
      station: { id: store.station.id, name: own.name },
      center,
      training,
      deadlines: tuning.deadlines,
      signal: stop.signal,
    });
    if (!enrolled.ok) return enrolled;
    const { answer, certificate } = enrolled.value;
    if (answer.kind !== 'province') return fail('wrong_peer');
    if (answer.center.id !== center.id) return fail('wrong_center');
    const written = store.write(author, (tx) => {
      tx.append(centerProvince, {
        id: center.id,
        body: { station: answer.station, name: answer.name, address: address.trim(), certificate },
      });
      return ok(null);
    });
    if (!written.ok) return written;
    takeProvinceFromLog({ needs, store, book });
    refresh();
    return ok({ provinceName: answer.name });
  }

  async function lookup(query: LookupQuestion): Promise<Output<'sync.lookup'>> {
    if (!book.peer('province')) return { state: 'not_enrolled', people: [], at: null };
    const bytes = await askProvince(encodeQuestion(query));
    const answer = bytes && decodeAnswer(bytes);
    return answer
      ? { state: 'answered', people: answer.people, at: answer.at }
      : { state: 'no_answer', people: [], at: null };
  }

  /** By our own line to the province, else through a hub that may have one. */
  async function askProvince(question: Uint8Array): Promise<Uint8Array | null> {
    const meetings = [...callers.values()].flatMap((caller) => caller.facts().meeting ?? []);
    const direct = meetings.find((one) => one.peer === 'province');
    const through: Meeting | undefined = direct ?? meetings[0];
    return through ? through.lookup(question, LOOKUP_DEADLINE_MS) : null;
  }

  /** A station that has no line of its own asks through this hub; it goes no further than one hub. */
  async function relayLookup(question: Uint8Array): Promise<Uint8Array> {
    const direct = callers.get('province')?.facts().meeting;
    return (await direct?.lookup(question, LOOKUP_DEADLINE_MS)) ?? new Uint8Array();
  }
}
