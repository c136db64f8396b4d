// What answers in the province's place, and what speaks to the province in a station's place: portals, impostors, an
// empty database, old recordings, bombs, forgeries, a disk that is full. Nothing of it may be believed, show work as
// arrived that has not, or cost any of it.
import { execFileSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer as createHttp } from 'node:http';
import { createServer as createHttps } from 'node:https';
import { connect, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { zstdCompressSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { authorLines } from '../../electron/core/authors.ts';
import { openCenterFacts } from '../../electron/station/center.ts';
import { makeStationIdentity } from '../../electron/station/certificate.ts';
import { readAuthorship } from '../../electron/store/authorship.ts';
import { changeStoreOf } from '../../electron/store/change-store.ts';
import { DEADLINES, type Outcome, upgrade } from '../../electron/sync/line.ts';
import { type Line, openLine } from '../../electron/training/line.ts';
import { type Province, type ProvinceOptions, startProvince } from '../../province/index.ts';
import { type Draft, encodeChange } from '../../shared/sync/codec.ts';
import { encodeHello } from '../../shared/sync/hello.ts';
import { type FeedName, feedKey } from '../../shared/sync/port.ts';
import { vectorDigest } from '../../shared/sync/vector.ts';
import { makeHlc } from '../../shared/time/hlc.ts';
import {
  type At,
  atOf,
  enrolledStation,
  helloOf,
  newStation,
  reach,
  type Station,
  sync,
  talk,
  unwrap,
} from '../integration/province/client.ts';
import { holdsAll, openPc, type Pc, until } from '../integration/sync-net/pc.ts';
import { nobody, thingNote } from '../unit/store/sample-area.ts';
import { headsOf, write } from '../unit/sync/support/places.ts';
import { sha256 } from '../unit/sync/support/zstd.ts';

const folder = mkdtempSync(join(tmpdir(), 'tram-impostors-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const good = { kbps: 0, roundTripMs: 0, cut: false };

/** One province for whatever does it no harm: starting one takes a second. */
let shared: Province;
beforeAll(async () => {
  shared = await startProvince({
    folder: join(folder, 'shared'),
    name: 'Tỉnh',
    listen: { host: '127.0.0.1', port: 0 },
  });
  return () => shared.close();
});

async function open(name: string, more: Partial<ProvinceOptions> = {}): Promise<Province> {
  const province = await startProvince({
    folder: join(folder, name),
    listen: { host: '127.0.0.1', port: 0 },
    ...more,
  });
  onTestFinished(() => province.close());
  return province;
}

interface Enrolled {
  readonly pc: Pc;
  readonly province: Province;
  readonly center: number;
  /** What the PC calls; whoever sits behind it can be changed. */
  readonly line: Line;
}

/** A PC whose province is reached at an address that others can take over. */
async function enrolledPc(province: Province): Promise<Enrolled> {
  const { center } = unwrap(
    await province.admin.createCenter('torture', {
      name: 'Trung tâm',
      facilityCode: null,
      provinceCode: '66',
    }),
  );
  const { code } = unwrap(await province.admin.createCode('torture', center));
  const line = await openLine({ port: province.port! }, good);
  const pc = await openPc({ name: 'Máy 1', founds: true });
  pc.write(20);
  unwrap(await pc.sync.enrol(nobody, `127.0.0.1:${line.port}`, code));
  await until(() => holdsAll(pc, 'province'), 'sent', 60_000);
  return { pc, province, center, line };
}

const waiting = (pc: Pc): number => pc.facts().waiting.reduce((n, lane) => n + lane.count, 0);
const province1 = (pc: Pc) => pc.facts().peers.find((peer) => peer.id === 'province');

async function equal(pc: Pc, province: Province, center: number): Promise<void> {
  await until(() => holdsAll(pc, 'province'), 'sent again', 60_000);
  const there = vectorDigest(await province.storeOf(center).heads(), sha256);
  expect(vectorDigest(await changeStoreOf(pc.store()).heads(), sha256)).toBe(there);
}

describe('at the address of the province', () => {
  const page = '<html><body>Chào mừng đến Wi-Fi. <a href="/login">Đăng nhập</a></body></html>';
  const impostors: readonly (readonly [string, string, () => Promise<Server>])[] = [
    [
      'a portal answering 200 with a page',
      'not_tram',
      async () => createHttp((_q, a) => a.writeHead(200, { 'content-type': 'text/html' }).end(page)),
    ],
    [
      'a portal sending everybody elsewhere',
      'not_tram',
      async () => createHttp((_q, a) => a.writeHead(302, { location: 'http://portal.example/login' }).end()),
    ],
    [
      'a portal that speaks TLS with a certificate of its own',
      'wrong_peer|not_tram',
      async () => {
        const { keyPem, certificatePem } = await makeStationIdentity({
          id: 'f'.repeat(32),
          name: 'Trạm tỉnh',
          centerName: '',
          now: Date.now(),
        });
        return createHttps({ key: keyPem, cert: certificatePem }, (_q, a) => a.writeHead(200).end(page));
      },
    ],
  ];

  it.each(impostors)('%s is not believed', async (_what, code, make) => {
    const { pc, province, center, line } = await enrolledPc(shared);
    await line.close();
    const server = await make();
    await new Promise<void>((resolve) => server.listen(line.port, '127.0.0.1', resolve));
    pc.write(5);
    await until(() => new RegExp(code).test(province1(pc)?.end ?? ''), 'found out', 60_000);
    expect(waiting(pc)).toBe(5);
    expect(holdsAll(pc, 'province')).toBe(false);
    await new Promise((resolve) => server.close(resolve));
    const again = await openLine({ port: province.port! }, good, line.port);
    onTestFinished(() => again.close());
    await equal(pc, province, center);
  });

  it('an empty server with the name of the province and another key gets nothing', async () => {
    const { pc, province, center, line } = await enrolledPc(shared);
    await line.close();
    const impostor = await open('same name', { name: 'Tỉnh' });
    const other = await openLine({ port: impostor.port! }, good, line.port);
    pc.write(5);
    await until(() => province1(pc)?.end === 'wrong_peer', 'found out', 60_000);
    expect(waiting(pc)).toBe(5);
    expect(impostor.facts()).toMatchObject({ sessions: 0, accepted: 0 });
    await other.close();
    const again = await openLine({ port: province.port! }, good, line.port);
    onTestFinished(() => again.close());
    await equal(pc, province, center);
  });

  it('the province itself with an empty database is sent everything again, and nothing shows as sent before', async () => {
    const home = join(folder, 'emptied');
    const first = await startProvince({ folder: home, listen: { host: '127.0.0.1', port: 0 } });
    const { center } = unwrap(
      await first.admin.createCenter('torture', {
        name: 'Trung tâm',
        facilityCode: null,
        provinceCode: '66',
      }),
    );
    const { code } = unwrap(await first.admin.createCode('torture', center));
    const line = await openLine({ port: first.port! }, good);
    onTestFinished(() => line.close());
    const pc = await openPc({ name: 'Máy 1', founds: true });
    unwrap(await pc.sync.enrol(nobody, `127.0.0.1:${line.port}`, code));
    await until(() => holdsAll(pc, 'province'), 'enrolled', 60_000);
    line.set({ ...good, cut: true });
    await first.close();
    // the folder as it was before any of the work
    cpSync(home, `${home} before`, { recursive: true });
    const second = await startProvince({ folder: home, listen: { host: '127.0.0.1', port: first.port! } });
    line.set(good);
    pc.write(60);
    await until(() => holdsAll(pc, 'province'), 'sent', 60_000);
    line.set({ ...good, cut: true });
    await second.close();
    rmSync(home, { recursive: true });
    cpSync(`${home} before`, home, { recursive: true });
    const third = await open('emptied', { listen: { host: '127.0.0.1', port: first.port! } });
    const own = pc.store().station;
    const lane1 = feedKey({ station: own.id, incarnation: own.incarnation, lane: 1 });
    // whatever it shows as held from the moment it has heard from it must be there
    let wrong = 0;
    let heard = false;
    const watch = pc.sync.onChange(() => {
      const meeting = province1(pc)?.state === 'connected';
      heard ||= meeting;
      const shown = pc.facts().held.province.get(lane1) ?? 0;
      if (!meeting) return;
      void third
        .storeOf(center)
        .heads()
        .then((heads) => {
          if ((heads.find((head) => feedKey(head) === lane1)?.seq ?? 0) < shown) wrong += 1;
        });
    });
    line.set(good);
    await until(() => heard, 'heard', 60_000);
    await equal(pc, third, center);
    watch();
    expect(wrong).toBe(0);
    expect((await third.storeOf(center).heads()).find((head) => feedKey(head) === lane1)?.seq).toBe(60);
  });
});

describe('to the province', () => {
  it('bytes changed on a plain line are never taken for anything else', async () => {
    const { province, center, at } = await plainProvince('plain');
    const { station: a } = await unnamed();
    const line = await openLine({ port: at.port }, good);
    onTestFinished(() => line.close());
    let changed = 0;
    let pieces = 0;
    line.tamper((piece, { offset }) => {
      // beyond the first words, whose loss is only a connection that fails
      if (offset < 300 || ++pieces % 4 === 3) return piece;
      changed += 1;
      const other = Buffer.from(piece);
      other[Math.floor(other.length / 2)]! ^= 0x10;
      return other;
    });
    const through: At = { ...at, port: line.port };
    for (let round = 0; round < 6; round++) {
      for (let n = 0; n < 20; n++) write(a.place, 1, { text: `${round} ${n} ${randomUUID()}` });
      const session = await talk(a, through);
      if ('drive' in session)
        await Promise.race([
          session.saw('caughtUp', 'up').catch(() => {}),
          session.drive.ended,
          pause(1_500),
        ]);
      if ('drive' in session) session.drive.close('closed');
    }
    line.tamper(null);
    await sync(a, through);
    expect(changed).toBeGreaterThanOrEqual(3);
    expect(vectorDigest(await province.storeOf(center).heads(), sha256)).toBe(vectorOf(a));
    expect(await province.admin.quarantined(center, 10)).toEqual([]);
  });

  it('a recorded session is played again, plain and under TLS, and changes nothing', async () => {
    const { province, center, at } = await plainProvince('replay', true);
    const { station: a } = await unnamed();
    const line = await openLine({ port: at.port }, good);
    onTestFinished(() => line.close());
    const recorded: Buffer[] = [];
    line.tamper((piece, { direction }) => {
      if (direction === 'up') recorded.push(Buffer.from(piece));
      return piece;
    });
    for (let n = 0; n < 10; n++) write(a.place, 1, { text: `một lần ${n}` });
    await sync(a, { ...at, port: line.port });
    write(a.place, 0, { text: 'sau đó' });
    await sync(a, at);
    const before = await province.storeOf(center).heads();
    const end = await province.storeOf(center).end();
    for (const port of [at.port, province.port!]) {
      const socket = connect(port, '127.0.0.1');
      socket.on('error', () => {});
      socket.write(Buffer.concat(recorded));
      await Promise.race([gone(socket), pause(1_500)]);
      socket.destroy();
    }
    expect(await province.storeOf(center).heads()).toEqual(before);
    expect(await province.storeOf(center).end()).toBe(end);
    expect(await province.admin.quarantined(center, 10)).toEqual([]);
  });

  it('a bomb ends its own session and nobody else’s', async () => {
    const province = shared;
    const { station: bad, number, id } = await enrolledStation(province);
    const { station: fine } = await enrolledStation(province, { number, id });
    const session = await talk(fine, atOf(province));
    if (!('drive' in session)) throw new Error(session.code);
    const before = process.memoryUsage().rss;
    for (let n = 0; n < 5; n++) {
      const reached = await reach(bad, atOf(province));
      if (!reached.ok) throw new Error(reached.end.code);
      const address = { host: '127.0.0.1', port: province.port!, plain: false };
      const up = unwrapOutcome(
        await upgrade(
          reached.value,
          address,
          encodeHello(helloOf(bad)),
          DEADLINES,
          AbortSignal.timeout(30_000),
        ),
      );
      if (!up) throw new Error('no WebSocket');
      const over = new Promise<void>((resolve) =>
        up.wire.listen({ bytes() {}, heard() {}, drained() {}, closed: () => resolve() }),
      );
      // CHANGES, lane 1, compressed: 256 MiB of zeros in some 8 kB
      up.wire.send(Buffer.concat([Buffer.from([1, 1 | 4]), bomb]));
      await over;
    }
    expect(process.memoryUsage().rss - before).toBeLessThan(300e6);
    write(fine.place, 1, { text: 'vẫn gửi được' });
    session.drive.grew();
    await until(() => fine.heldByProvince()[`${fine.place.station}.1.1`] === 1, 'still served', 60_000);
    await session.close();
  });

  it('a forged continuation of somebody’s feed costs them nothing, and a made-up chain gets nowhere', async () => {
    const { pc, province, center, line } = await enrolledPc(shared);
    onTestFinished(() => line.close());
    const { station: forger } = await enrolledStation(province, {
      number: center,
      id: unwrapNull(pc.store().sql.prepare<[], string>('select id from center').pluck().get()),
    });
    const own = pc.store().station;
    // it has signed its twenty notes
    await until(() => signedTo(pc) === 20, 'signed', 60_000);
    await until(() => holdsAll(pc, 'province'), 'the signature sent', 60_000);
    await sync(forger, atOf(province));
    const victim = { station: own.id, incarnation: own.incarnation, lane: 1 as const };
    const [rows] = [forger.place.feeds.get(feedKey(victim))];
    if (!rows) throw new Error('the forger knows no feed of the victim');
    line.set({ ...good, cut: true });
    const ids = pc.write(10);
    // a chain of its own making: does not follow the head
    const madeUp = forge(victim, rows.length + 1, 'e'.repeat(64));
    const refused = await province
      .storeOf(center)
      .take(
        [{ feed: victim, firstSeq: rows.length + 1, stored: [madeUp], before: rows.at(-1)!.stored }],
        forger.place.station,
      );
    expect(refused).toMatchObject({ accepted: 0, refused: [{ reason: 'broken_chain' }] });
    // one that follows it: whoever is enrolled could have heard it at the hub, so it is taken
    const next = forge(victim, rows.length + 1, rows.at(-1)!.hash);
    const taken = await province
      .storeOf(center)
      .take(
        [{ feed: victim, firstSeq: rows.length + 1, stored: [next], before: rows.at(-1)!.stored }],
        forger.place.station,
      );
    expect(taken.accepted).toBe(1);
    line.set(good);
    await until(
      async () => {
        const there = vectorDigest(await province.storeOf(center).heads(), sha256);
        return holdsAll(pc, 'province') && (await pc.vector()) === there;
      },
      'both hold the same',
      60_000,
    );
    // its ten notes are there, under a new incarnation, each once; nobody's work is lost to a forger
    expect(pc.store().station.incarnation).toBeGreaterThan(own.incarnation);
    const shown = pc.store().sql.prepare<[], string>('select id from sample_note').pluck().all();
    expect(ids.filter((note) => !shown.includes(note))).toEqual([]);
    expect(ids.map((note) => pc.store().changesOf('note', note).length)).toEqual(ids.map(() => 1));
    expect(pc.store().verifyLog().ok).toBe(true);

    // and everybody who holds the record sees that the PC did not write it: it signed its own change under that number
    const contradicted = { state: 'contradicted', from: `${own.incarnation}.1.21`, unvouched: 1 };
    await until(() => authors(pc).some(({ state }) => state === 'contradicted'), 'reported', 60_000);
    expect(authors(pc)).toContainEqual(expect.objectContaining({ stationId: own.id, ...contradicted }));
    await until(
      async () => (await province.admin.stations(center)).some(({ concern }) => concern === 'contradicted'),
      'reported at the province',
      60_000,
    );
    expect(await province.admin.centers()).toContainEqual(
      expect.objectContaining({ center, contradicted: 1 }),
    );
    expect(await province.admin.audit(10)).toContainEqual(
      expect.objectContaining({ action: 'station.contradicted', subject: own.id }),
    );
    // also on a PC that has the record from the hub, and was there for none of it
    const code = await pc.invite();
    const later = await openPc({ name: 'Máy 3' });
    unwrap(await later.sync.join({ address: pc.address(), code, stationName: 'Máy 3' }));
    await until(() => later.sync.joining().state === 'ready', 'joined', 60_000);
    expect(authors(later)).toContainEqual(expect.objectContaining({ stationId: own.id, ...contradicted }));
  });

  it('a forged continuation of a feed whose writer is away is seen for what it is when the writer comes', async () => {
    const { pc, province, center, line } = await enrolledPc(shared);
    onTestFinished(() => line.close());
    const own = pc.store().station;
    await until(() => signedTo(pc) === 20, 'signed', 60_000);
    await until(() => holdsAll(pc, 'province'), 'the signature sent', 60_000);
    line.set({ ...good, cut: true });
    const victim = { station: own.id, incarnation: own.incarnation, lane: 1 as const };
    const store = province.storeOf(center);
    const [head, before] = [(await store.hashesAt(victim, [20]))[0]!, (await store.stored(victim, 20))!];
    const run = { feed: victim, firstSeq: 21, stored: [forge(victim, 21, head)], before };
    expect((await store.take([run], 'f'.repeat(32))).accepted).toBe(1);
    // for all anybody knows it may have been written a moment ago
    expect(await concernOf(province, center, own.id)).toBeNull();
    line.set(good);
    await until(() => pc.store().station.incarnation > own.incarnation, 'takes itself for a copy', 60_000);
    // it has gone on without having signed that
    await until(async () => (await concernOf(province, center, own.id)) === 'left', 'told', 60_000);
    await until(() => authors(pc).some(({ state }) => state === 'unvouched'), 'seen here too', 60_000);
    expect(authors(pc)).toContainEqual(expect.objectContaining({ stationId: own.id, unvouched: 1 }));
  });

  it('a hundred who send a byte a second keep nobody out', async () => {
    const province = await open('drips', { limits: { handshakeMs: 1_000, headersMs: 1_000, idleMs: 3_000 } });
    const { station } = await enrolledStation(province);
    const drips: Socket[] = [];
    for (let n = 0; n < 100; n++) {
      const socket = connect(province.port!, '127.0.0.1');
      socket.on('error', () => {});
      socket.on('connect', () => socket.write(Buffer.from([22])));
      drips.push(socket);
    }
    const drip = setInterval(() => {
      for (const socket of drips) if (!socket.destroyed) socket.write('x');
    }, 200);
    const ends = Promise.all(drips.map(gone));
    write(station.place, 1, { text: 'giữa chừng' });
    await sync(station, atOf(province));
    expect(station.heldByProvince()[`${station.place.station}.1.1`]).toBe(1);
    await ends;
    clearInterval(drip);
  });
});

// only root can make a disk that is too small
it.skipIf(process.getuid?.() !== 0)(
  'a full disk takes nothing in, says so, and goes on when there is room',
  async () => {
    // without a snapshot, which would not be begun on a disk of this size
    const disk = mkdtempSync(join(tmpdir(), 'tram-small-'));
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=12m', 'tmpfs', disk]);
    onTestFinished(() => {
      execFileSync('umount', ['-l', disk]);
      rmSync(disk, { recursive: true, force: true });
    });
    const hub = await openPc({ name: 'Máy 1', founds: true, snapshots: false });
    const code = await hub.invite();
    const small = await openPc({ name: 'Máy 2', dataDir: join(disk, 'pc') });
    unwrap(await small.sync.join({ address: hub.address(), code, stationName: 'Máy 2' }));
    await until(() => small.sync.joining().state === 'ready', 'joined', 60_000);
    const stuffing = join(disk, 'stuffing');
    fill(stuffing);
    hub.write(3_000);
    await until(
      () => small.facts().peers.some((peer) => peer.end === 'disk_full') || small.notes() === 3_000,
      'the disk is full',
      60_000,
    );
    expect(small.notes()).toBeLessThan(3_000);
    expect(hub.facts().peers.every((peer) => !peer.caughtUp)).toBe(true);
    rmSync(stuffing);
    await until(() => small.notes() === 3_000, 'goes on', 60_000);
    // the signature over what was written comes a moment after it
    await expect
      .poll(async () => (await small.vector()) === (await hub.vector()), { timeout: 20_000 })
      .toBe(true);
    expect(small.store().verifyLog().ok).toBe(true);
    expect(small.store().integrityCheck().ok).toBe(true);
  },
);

/** Up to the last byte. */
function fill(file: string): void {
  for (let megabytes = 12; megabytes > 0; megabytes -= 0.25) {
    try {
      writeFileSync(file, Buffer.alloc(Math.floor(megabytes * 1_048_576)));
      return;
    } catch {
      // as much as there is room for
    }
  }
}

/** What `tram verify-log` and the page on sending tell. */
const authors = (pc: Pc) =>
  authorLines({
    store: pc.store(),
    facts: openCenterFacts(pc.store()),
    people: { nameOf: (id) => id ?? '' },
    now: Date.now(),
  });

const concernOf = async (province: Province, center: number, station: string) =>
  (await province.admin.stations(center)).find((one) => one.station === station)?.concern;

/** How far the PC has signed its notes, by its own record. */
const signedTo = (pc: Pc): number =>
  readAuthorship(pc.store().sql, () => pc.keys().certificatePem).find(
    ({ station, lane }) => station === pc.store().station.id && lane === 1,
  )?.vouchedTo ?? 0;

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
const gone = (socket: Socket): Promise<void> =>
  new Promise((resolve) => (socket.destroyed ? resolve() : socket.once('close', () => resolve())));
const bomb = zstdCompressSync(Buffer.alloc(256 * 1024 * 1024));

async function plainProvince(name: string, tls = false) {
  const province = await open(name, { plain: { port: 0 }, ...(!tls && { listen: null }) });
  const { center } = unwrap(
    await province.admin.createCenter('torture', {
      name: 'Trung tâm',
      facilityCode: null,
      provinceCode: '66',
    }),
  );
  const at: At = { port: province.plainPort!, fingerprint: '', plain: true };
  return { province, center, at };
}

/** Enrolled nowhere: the plain door takes it at its word. */
const unnamed = async () => ({ station: await newStation() });
const vectorOf = (station: Station): string => vectorDigest(headsOf(station.place), sha256);

/** A note in somebody else's name. */
function forge(feed: FeedName, seq: number, prev: string): Uint8Array {
  const draft: Draft = {
    ...feed,
    seq,
    prev,
    hlc: makeHlc(Date.now(), 0),
    wall: Date.now(),
    author: null,
    session: null,
    app: '0.1.0',
    kind: thingNote.kind,
    v: thingNote.v,
    subject: { type: 'note', id: randomUUID() },
    patient: null,
    refs: [],
    body: { text: 'không ai viết' },
  };
  return encodeChange(draft, thingNote);
}

function unwrapOutcome<T>(outcome: Outcome<T>): T {
  if (!outcome.ok) throw new Error(outcome.end.code);
  return outcome.value;
}

function unwrapNull<T>(value: T | undefined): T {
  if (value === undefined) throw new Error('nothing there');
  return value;
}
