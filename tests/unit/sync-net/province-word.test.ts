// What a PC behind a hub believes of the province: the hub's word, also that the province holds less than it did.
import { describe, expect, it } from 'vitest';
import { blobsOf } from '../../../electron/store/blobs.ts';
import { changeStoreOf } from '../../../electron/store/change-store.ts';
import { sha256 } from '../../../electron/store/crypto.ts';
import type { OpenStore } from '../../../electron/store/types.ts';
import { openBook } from '../../../electron/sync/book.ts';
import { judge } from '../../../electron/sync/call.ts';
import { type Meeting, meet } from '../../../electron/sync/meeting.ts';
import type { Wire } from '../../../shared/sync/drive.ts';
import { answerHello, makeHello } from '../../../shared/sync/greet.ts';
import { encodeWelcome } from '../../../shared/sync/hello.ts';
import type { ProvinceLog } from '../../../shared/sync/port.ts';
import type { Hello, Welcome } from '../../../shared/sync/session-types.ts';
import { MAX_WALL } from '../../../shared/sync/wire.ts';
import { sampleArea, sampleMigrations, writeThing } from '../store/sample-area.ts';
import { give, openTestStore, stationId } from '../support/open-test-store.ts';

const open = (station: string): OpenStore =>
  openTestStore([sampleArea], { station, migrations: sampleMigrations });
const before: ProvinceLog = { id: 'a'.repeat(16), since: 1_000 };
const after: ProvinceLog = { id: 'b'.repeat(16), since: 2_000 };

describe('a PC behind a hub', () => {
  it('no longer takes for sent what a province has lost that was put back, and takes it so again once it is there', async () => {
    const [pc, hub] = [open('a'), open('b')];
    for (const name of ['one', 'two', 'three']) writeThing(pc, { name });
    give(pc, hub);
    const [whole] = await changeStoreOf(pc).heads();
    if (!whole) throw new Error('a head');
    const early = { ...whole, seq: 1, hash: (await changeStoreOf(pc).hashesAt(whole, [1]))[0] ?? '' };
    const book = openBook(pc);
    const meeting = await connect(pc, hub);

    meeting.tellProvinceHolds([whole], before);
    await until(() => book.held('province')[0]?.seq === 3);
    meeting.tellProvinceHolds([early], after);
    await until(() => book.held('province')[0]?.seq === 1);
    expect(book.held('province')).toEqual([early]);
    meeting.tellProvinceHolds([whole], null);
    await until(() => book.held('province')[0]?.seq === 3);
    meeting.tellProvinceHolds([], { id: 'c'.repeat(16), since: 3_000 });
    await until(() => book.held('province').length === 0);
  });

  it('is not led back by a hub that has not yet heard of it', async () => {
    const [pc, hub] = [open('a'), open('b')];
    for (const name of ['one', 'two']) writeThing(pc, { name });
    give(pc, hub);
    const [whole] = await changeStoreOf(pc).heads();
    if (!whole) throw new Error('a head');
    const book = openBook(pc);
    book.toldOfProvince(after);
    const meeting = await connect(pc, hub);
    meeting.tellProvinceHolds([whole], before);
    meeting.tellProvinceHolds([whole], null);
    await meeting.drive.settled();
    await new Promise((done) => setTimeout(done, 20));
    expect(book.held('province')).toEqual([]);
    meeting.tellProvinceHolds([whole], after);
    await until(() => book.held('province').length === 1);
  });

  it('believes no word of a log from another day than today, so that the next one can still be told on', () => {
    const now = 1_790_000_000_000;
    const book = openBook(open('a'), () => now);
    const tomorrow = now + 25 * 3_600_000;
    expect(book.toldOfProvince({ ...before, since: MAX_WALL })).toBe('older');
    expect(book.provinceLog()).toBeNull();
    expect(book.toldOfProvince(before)).toBe('same');
    expect(book.toldOfProvince({ ...after, since: tomorrow })).toBe('older');
    expect(book.provinceLog()).toEqual(before);
    expect(book.toldOfProvince({ ...after, since: now + 1_000 })).toBe('newer');
  });
});

describe('a PC with a line of its own', () => {
  it('believes nothing of what a province held before it was put back, and says so under a later moment', async () => {
    const pc = open('a');
    writeThing(pc, { name: 'one' });
    const [head] = await changeStoreOf(pc).heads();
    if (!head) throw new Error('a head');
    const book = openBook(pc);
    expect(book.metProvince(before.id, before.since)).toBe(false);
    book.addHeld('province', [head]);
    expect(book.metProvince(before.id, 1_500)).toBe(false);
    expect(book.held('province')).toEqual([head]);
    expect(book.provinceLog()).toEqual(before);
    // its clock was put back with it
    expect(book.metProvince(after.id, 10)).toBe(true);
    expect(book.held('province')).toEqual([]);
    expect(book.provinceLog()).toEqual({ id: after.id, since: before.since + 1 });
  });

  it('unlearns with the first words of a province that was put back what it held of other PCs’ work, and says so', async () => {
    const [pc, colleague] = [open('a'), open('b')];
    writeThing(pc, { name: 'one' });
    writeThing(colleague, { name: 'two' });
    give(colleague, pc);
    const heads = await changeStoreOf(pc).heads();
    const [own, other] = ['a', 'b'].map((name) => heads.find((head) => head.station === stationId(name)));
    if (!own || !other) throw new Error('two heads');
    const book = openBook(pc);
    const told: unknown[] = [];
    const parts = { ground: ground(pc), provinceHolds: (news: unknown) => void told.push(news) };
    const province = (log: ProvinceLog) => ({ ...log, holds: colleague, isProvince: true });
    give(pc, colleague);
    const first = await greet(pc, province(before));
    await judge(parts, { peer: 'province', station: null }, first.hello, encodeWelcome(first.welcome));
    book.addHeld('province', [own, other]);
    expect(told).toEqual([]);

    const again = await greet(pc, province(after));
    await judge(parts, { peer: 'province', station: null }, again.hello, encodeWelcome(again.welcome));
    expect(book.held('province')).toEqual([own]);
    expect(book.provinceLog()).toEqual(after);
    expect(told).toEqual([null]);
  });

  it('tells those behind it of another log when a province holds less under the same name', () => {
    const book = openBook(open('a'));
    book.metProvince(before.id, before.since);
    book.provincePutBack(1_700);
    const told = book.provinceLog();
    expect(told).toMatchObject({ since: 1_700 });
    expect(told?.id).not.toBe(before.id);
    // what the province calls it is no news
    expect(book.metProvince(before.id, 1_800)).toBe(false);
    expect(book.provinceLog()).toEqual(told);
  });

  it('tells on no moment that others would not believe, whatever the clock of the province says', () => {
    const now = 1_790_000_000_000;
    const book = openBook(open('a'), () => now);
    book.metProvince(before.id, Number.MAX_SAFE_INTEGER);
    book.metProvince(after.id, Number.MAX_SAFE_INTEGER);
    expect(book.provinceLog()).toEqual({ id: after.id, since: now + 24 * 3_600_000 + 1 });
    book.provincePutBack(Number.MAX_SAFE_INTEGER);
    const told = book.provinceLog();
    expect(openBook(open('b'), () => now + 60_000).toldOfProvince(told ?? after)).toBe('same');
  });

  it('forgets the word of a province the center has left', () => {
    const book = openBook(open('a'));
    book.metProvince(before.id, before.since);
    book.forget('province');
    expect(book.provinceLog()).toBeNull();
  });
});

/** First words of the PC, and the answer of a place that holds what `holds` does. */
async function greet(
  pc: OpenStore,
  by: {
    readonly holds: OpenStore;
    readonly isProvince: boolean;
    readonly id?: string;
    readonly since?: number;
  },
): Promise<{ hello: Hello; welcome: Welcome }> {
  const hello = makeHello(
    {
      station: pc.station.id,
      incarnation: pc.station.incarnation,
      heads: await changeStoreOf(pc).heads(),
      known: null,
      dictionaries: [],
      app: 'test',
      mode: 'both',
    },
    sha256,
  );
  const store = changeStoreOf(by.holds);
  const answer = await answerHello(
    hello,
    {
      station: by.isProvince ? 'f'.repeat(32) : by.holds.station.id,
      isProvince: by.isProvince,
      store: by.id === undefined ? store : { ...store, logId: async () => by.id ?? '' },
      dictionaries: [],
      app: 'test',
      mode: 'both',
      wall: () => by.since ?? 1_000,
    },
    sha256,
  );
  if ('end' in answer) throw new Error(answer.end);
  return { hello, welcome: answer.welcome };
}

/** The hub's end of a session with the PC. */
async function connect(pc: OpenStore, hub: OpenStore): Promise<Meeting> {
  const words = await greet(pc, { holds: hub, isProvince: false });
  const [here, there] = wires();
  const common = { ...words, held: [], rate: null, cuts: 0, resync: false };
  const rest = { changed() {}, provinceHolds() {}, asked: async () => new Uint8Array() };
  meet({ ...common, ...rest, ground: ground(pc), role: 'initiator', peer: hub.station.id, wire: here });
  return meet({
    ...common,
    ...rest,
    ground: ground(hub),
    role: 'responder',
    peer: pc.station.id,
    wire: there,
  });
}

function ground(store: OpenStore) {
  const changes = changeStoreOf(store);
  return {
    store,
    changes,
    forks: changes,
    book: openBook(store),
    blobs: blobsOf(store),
    blobsGrew() {},
    branchMoved() {},
    linesOf: () => 1,
    dictionaries: [],
    appVersion: 'test',
    now: () => 1_000,
    log() {},
  };
}

function wires(): [Wire, Wire] {
  const ends: Parameters<Wire['listen']>[0][] = [];
  const wire = (own: 0 | 1): Wire => ({
    send: (bytes) => void setImmediate(() => ends[1 - own]?.bytes(bytes)),
    buffered: () => 0,
    close() {},
    listen(on) {
      ends[own] = on;
    },
  });
  return [wire(0), wire(1)];
}

async function until(holds: () => boolean): Promise<void> {
  for (let i = 0; i < 400 && !holds(); i++) await new Promise((done) => setTimeout(done, 5));
  expect(holds()).toBe(true);
}
