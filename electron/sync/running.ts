// What goes on while a store is open: lines to the province and to hubs, this PC as a hub, and what either has told.
import type { IncomingMessage, ServerResponse } from 'node:http';
import { networkInterfaces } from 'node:os';
import { fail, ok, type Result } from '../../shared/api/contract.ts';
import type { Output, ParsedInput } from '../../shared/api/index.ts';
import { centerProvince, stationEnrol, stationRevoke } from '../../shared/model/station.ts';
import { derOf } from '../../shared/sync/certificate.ts';
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
import { sha256Hex } from '../store/crypto.ts';
import type { Author, OpenStore } from '../store/types.ts';
import { type Address, readAddress, spellAddress } from './address.ts';
import { openBook } from './book.ts';
import type { Callee } from './call.ts';
import { type Caller, keepCalling, WAITS, type Waits } from './caller.ts';
import type { Discovery } from './discovery.ts';
import { enrolAt } from './enrol.ts';
import { factsOf } from './facts.ts';
import { type Hub, type HubLimits, openHub } from './hub.ts';
import { answerEnrol, freeCode, invite } from './invites.ts';
import { DEADLINES, type Deadlines, type Keys, type Tickets } from './line.ts';
import type { Ground, Meeting } from './meeting.ts';
import { readSetting, writeSetting } from './settings.ts';
import type { KnownStation, SyncFacts, SyncNeeds } from './types.ts';

/** How this PC came to its center, when it only just did. */
export interface Arrival {
  readonly certificatePem: string;
  readonly stationName: string;
  readonly peer: {
    readonly kind: 'province' | 'hub';
    readonly station: string;
    readonly name: string;
    readonly address: string;
    readonly certificate: string;
  };
}

export interface Tuning {
  readonly waits: Waits;
  readonly deadlines: Deadlines;
  /** Of this PC as a hub; left out, the usual one or any free one. */
  readonly port?: number;
  readonly limits?: Partial<HubLimits>;
  readonly watchMs: number;
  random(): number;
}
export const TUNING: Tuning = { waits: WAITS, deadlines: DEADLINES, watchMs: 5_000, random: Math.random };

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
  const book = openBook(store);
  const changes = changeStoreOf(store, needs.isQuiet);
  const ground: Ground & { readonly blobs: Blobs } = {
    store,
    changes,
    forks: changes,
    book,
    blobs: blobsOf(store),
    blobsGrew,
    branchMoved(station, metBy) {
      for (const guest of hub?.meetings() ?? [])
        if (guest.peer === station && guest.drive !== metBy) guest.drive.close('closed', 'branch moved');
    },
    linesOf: (station) => (hub?.meetings() ?? []).filter((guest) => guest.peer === station).length,
    dictionaries: parts.dictionaries,
    appVersion: needs.appVersion,
    now: needs.now,
    log,
  };
  const tickets: Tickets = new Map();
  const endOf = store.sql.prepare<[], number>('SELECT coalesce(max(arrival), 0) FROM change_log').pluck();
  const endAtOpening = endOf.get() ?? 0;
  const callers = new Map<string, Caller>();
  const stop = new AbortController();
  let hub: Hub | null = null;
  let hubWork: Promise<unknown> = Promise.resolve();
  let known = readStations();
  let closed = false;

  if (parts.arrival) keepArrival(parts.arrival);
  takeProvinceFromLog();
  const unsubscribe = store.onCommit(({ types }) => {
    if (types.has('station')) trustChanged();
    if (types.has('center')) takeProvinceFromLog();
    for (const caller of callers.values()) caller.grew();
    hub?.grew();
    if (types.has('station') || types.has('center')) refresh();
    changed();
  });
  const stopWatching = watchNetwork(tuning.watchMs, () => {
    discovery.ask();
    nudge();
  });
  if (readSetting(store, 'syncServing')) void serve();
  refresh();

  return {
    facts: () =>
      factsOf({
        store,
        book,
        callers: [...callers],
        hub,
        heard: discovery.heard().filter(isOfOurCenter),
        stations: known.all,
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
      if (known.revoked) return fail('station_revoked');
      if (!readSetting(store, 'syncServing')) await setServing(true);
      await hubWork;
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
      const station = known.all.find((one) => one.id === stationId);
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
      async want(hash) {
        await ground.blobs.want(hash);
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
      stopWatching();
      discovery.announce(null);
      await Promise.all([...callers.values()].map((caller) => caller.close()));
      await hubWork;
      await hub?.close();
    },
  };

  // --- who is trusted ---

  function readStations() {
    const all = needs.stations(store);
    const byPrint = new Map<string, KnownStation>();
    for (const station of all) {
      const certificate = derOf(station.certificate);
      if (certificate) byPrint.set(sha256Hex(certificate), station);
    }
    const own = all.find((one) => one.id === store.station.id);
    return { all, byPrint, own, revoked: (own?.revokedAt ?? null) !== null };
  }

  function trustChanged(): void {
    known = readStations();
    hub?.checkTrust();
    for (const caller of callers.values()) {
      const { meeting, callee } = caller.facts();
      if (meeting && callee && callee.peer !== 'province' && !mayTalkTo(callee.peer))
        meeting.drive.close('revoked');
    }
    if (known.revoked && hub) void setServing(false);
  }

  function mayTalkTo(station: string): boolean {
    const there = known.all.find((one) => one.id === station);
    return there ? there.revokedAt === null : (book.peer(station)?.certificate ?? null) !== null;
  }

  /** A station of the center by its key; before the record is here, the one this PC joined through. */
  function stationBy(fingerprint: string): Callee | null {
    const station = known.byPrint.get(fingerprint);
    if (station)
      return station.revokedAt === null && station.id !== store.station.id
        ? { peer: station.id, station: station.id }
        : null;
    const pinned = book
      .peers()
      .find((one) => one.id !== 'province' && printOf(one.certificate) === fingerprint);
    return pinned && !known.all.some((one) => one.id === pinned.id)
      ? { peer: pinned.id, station: pinned.id }
      : null;
  }

  function keys(): Keys | null {
    const keyPem = needs.stationKey(store);
    const certificatePem = known.own?.certificate ?? readSetting(store, 'syncCertificate');
    return keyPem !== null && certificatePem ? { keyPem, certificatePem } : null;
  }

  function keepArrival({ certificatePem, stationName, peer }: Arrival): void {
    writeSetting(store, 'syncCertificate', certificatePem);
    writeSetting(store, 'syncName', stationName);
    const id = peer.kind === 'province' ? 'province' : peer.station;
    book.note(id, {
      name: peer.name,
      address: peer.address,
      certificate: peer.certificate,
      station: peer.station,
      enrolledAt: needs.now(),
    });
    if (peer.kind === 'hub') writeSetting(store, 'syncAddresses', [peer.address]);
  }

  /**
   * A PC that joined through the province, which writes no names into the record, names itself once it has the whole
   * record and sees which numbers are free.
   */
  function nameSelf(): void {
    if (known.own || closed || !needs.center(store)) return;
    const certificate = readSetting(store, 'syncCertificate');
    const isHere = [...callers.values()].some((caller) => caller.facts().meeting?.facts().caughtUp);
    if (!certificate || !isHere || !store.sql.open) return;
    const taken = store.sql.prepare<[], string>('SELECT code FROM station_pc').pluck().all();
    const named = store.write({ userId: null, sessionId: null }, (tx) => {
      tx.append(stationEnrol, {
        id: store.station.id,
        body: { name: readSetting(store, 'syncName') ?? '', code: freeCode(taken), certificate },
      });
      return ok(null);
    });
    if (!named.ok) log('error', 'this PC could not name itself in the record', { code: named.error.code });
  }

  function changed(): void {
    if (!known.own) setImmediate(nameSelf);
    parts.changed();
  }

  function blobsGrew(): void {
    for (const caller of callers.values()) caller.facts().meeting?.drive.tell({ type: 'blobsGrew' });
    for (const guest of hub?.meetings() ?? []) guest.drive.tell({ type: 'blobsGrew' });
  }

  /**
   * Another PC of the center has enrolled it: its word, in the log, is enough, once. Whoever gets hold of one PC must
   * not lead a whole center's record elsewhere, nor have it said there that it has arrived at the province.
   */
  function takeProvinceFromLog(): void {
    const center = needs.center(store);
    const named = (center ? store.changesOf('center', center.id) : []).flatMap((change) => {
      const { success, data } = centerProvince.body.safeParse(change.body);
      return change.kind === centerProvince.kind && success
        ? [{ ...data, wall: change.wall, by: change.station }]
        : [];
    });
    const there = book.peer('province');
    // training's province may be made anew; a real one is named once, and may later move or be called otherwise
    const trusted = training ? named.at(-1)?.certificate : (there?.certificate ?? named[0]?.certificate);
    const told = named.findLast((one) => one.certificate === trusted);
    const others = named.filter((one) => one.certificate !== trusted);
    if (!training && others.length > 0)
      log('error', 'a PC of the center names another province', { by: others.map(({ by }) => by) });
    if (!told) return;
    const { station, name, address, certificate, wall } = told;
    const isOlder = (there?.enrolledAt ?? 0) >= wall;
    if (there?.certificate === certificate && there.name === name && isOlder) return;
    // another province's word about what it holds says nothing about this one
    if (there && there.station !== station) book.forget('province');
    book.note('province', { name, address, certificate, station, enrolledAt: wall });
  }

  // --- lines we keep ---

  /** Brings the callers to what the record, the settings and the network say now. */
  function refresh(): void {
    if (closed) return;
    const wanted = new Map<
      string,
      Pick<Parameters<typeof keepCalling>[0], 'addresses' | 'expected' | 'who'>
    >();
    const province = book.peer('province');
    const print = printOf(province?.certificate ?? null);
    if (province?.address && print)
      wanted.set('province', {
        addresses: () => addressesOf([book.peer('province')?.address]),
        expected: () => printOf(book.peer('province')?.certificate ?? null),
        who(fingerprint) {
          const there = book.peer('province');
          return fingerprint === printOf(there?.certificate ?? null)
            ? { peer: 'province', station: there?.station ?? null }
            : null;
        },
      });
    if (!known.revoked) {
      for (const typed of readSetting(store, 'syncAddresses'))
        wanted.set(`address:${typed}`, {
          addresses: () => addressesOf([typed]),
          expected: () => null,
          who: (fingerprint) => (fingerprint === null ? null : stationBy(fingerprint)),
        });
      for (const { station } of discovery.heard().filter(isOfOurCenter)) {
        // two hubs hear each other: one of them calls
        if (!mayTalkTo(station) || (hub && station > store.station.id)) continue;
        wanted.set(station, {
          addresses: () =>
            discovery
              .heard()
              .filter((one) => one.station === station)
              .map(({ host, port }) => ({ host, port, plain: false })),
          expected: () => printOf(known.all.find((one) => one.id === station)?.certificate ?? null),
          who(fingerprint) {
            const callee = fingerprint === null ? null : stationBy(fingerprint);
            return callee?.peer === station ? callee : null;
          },
        });
      }
    }
    for (const [name, caller] of callers) {
      if (wanted.has(name) || (caller.facts().meeting && !name.startsWith('address:') && name !== 'province'))
        continue;
      callers.delete(name);
      void caller.close();
    }
    const own = keys();
    if (!own) return;
    for (const [name, where] of wanted)
      if (!callers.has(name)) callers.set(name, startCalling(name, own, where));
  }

  function startCalling(
    name: string,
    own: Keys,
    where: Pick<Parameters<typeof keepCalling>[0], 'addresses' | 'expected' | 'who'>,
  ): Caller {
    return keepCalling({
      ...where,
      ground,
      keys: own,
      tickets,
      deadlines: tuning.deadlines,
      waits: tuning.waits,
      random: tuning.random,
      mode: () => (known.revoked ? 'deliver' : 'both'),
      already: (callee) =>
        [...callers].some(([other, caller]) => {
          const facts = caller.facts();
          return other !== name && facts.meeting !== null && facts.callee?.peer === callee.peer;
        }),
      began(callee, address) {
        const station = known.all.find((one) => one.id === callee.peer);
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

  // --- this PC as a hub ---

  async function setServing(on: boolean): Promise<void> {
    writeSetting(store, 'syncServing', on);
    await (on ? serve() : stopServing());
    refresh();
    parts.changed();
  }

  function serve(): Promise<unknown> {
    hubWork = hubWork.then(async () => {
      const own = keys();
      if (hub || !own || closed || known.revoked || !readSetting(store, 'syncServing')) return;
      const opened = await openHub({
        ground,
        keys: own,
        who(fingerprint) {
          const station = known.byPrint.get(fingerprint);
          return station ? { station: station.id, revoked: station.revokedAt !== null } : null;
        },
        enrol: (body, shown) =>
          answerEnrol(
            {
              store,
              stations: () => needs.stations(store),
              center: () => needs.center(store),
              ownCertificate: () => own.certificatePem,
              training,
              now: needs.now,
            },
            body,
            shown,
          ),
        snapshot: parts.snapshot,
        provinceHeads: () => book.held('province'),
        changed,
        provinceHolds,
        asked: relayLookup,
        ...(training ? { port: 0, loopback: true } : tuning.port !== undefined && { port: tuning.port }),
        ...(tuning.limits && { limits: tuning.limits }),
      });
      if (!opened.ok) return log('error', 'this PC cannot serve the others', { code: opened.error.code });
      hub = opened.value;
      announce();
      parts.changed();
    });
    return hubWork;
  }

  function stopServing(): Promise<unknown> {
    discovery.announce(null);
    hubWork = hubWork.then(async () => {
      const serving = hub;
      hub = null;
      await serving?.close();
    });
    return hubWork;
  }

  function announce(): void {
    const center = needs.center(store);
    if (!hub || !center) return;
    discovery.announce({
      station: store.station.id,
      center: centerMark(center.id),
      port: hub.port,
      stationName: known.own?.name ?? '',
      centerName: center.name,
    });
  }

  function isOfOurCenter(one: { readonly center: string; readonly station: string }): boolean {
    const center = needs.center(store);
    return center !== null && one.center === centerMark(center.id) && one.station !== store.station.id;
  }

  // --- what the province holds, passed on ---

  function provinceHolds(heads: readonly Head[]): void {
    hub?.tellProvinceHolds(heads);
  }

  // --- what people ask for ---

  async function enrol(
    author: Author,
    address: string,
    code: string,
  ): Promise<Result<{ provinceName: string }>> {
    // training's province may be made anew, or be at another port of this PC today
    if (book.peer('province')?.certificate && !training) return fail('already_enrolled');
    const own = keys();
    const center = needs.center(store);
    if (!own || !center || !known.own) return fail('not_found');
    const enrolled = await enrolAt({
      address,
      code,
      keys: own,
      station: { id: store.station.id, name: known.own.name },
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
    takeProvinceFromLog();
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

/** First 16 hex digits of SHA-256: enough to know one's own center by, nothing to others. */
export const centerMark = (centerId: string): string => sha256Hex(`tram center ${centerId}`).slice(0, 16);

function addressesOf(typed: readonly (string | null | undefined)[]): Address[] {
  return typed.flatMap((one) => (one ? (readAddress(one) ?? []) : []));
}

function printOf(pem: string | null): string | null {
  const certificate = pem === null ? null : derOf(pem);
  return certificate && sha256Hex(certificate);
}

/** Plugging a cable in or coming into reach of the wireless network shows as a new address. */
function watchNetwork(everyMs: number, cameUp: () => void): () => void {
  const addresses = (): string[] =>
    Object.values(networkInterfaces()).flatMap((cards) => (cards ?? []).map((card) => card.address));
  let before = new Set(addresses());
  const timer = setInterval(() => {
    const now = addresses();
    const isNew = now.some((address) => !before.has(address));
    before = new Set(now);
    if (isNew) cameUp();
  }, everyMs);
  timer.unref();
  return () => clearInterval(timer);
}
