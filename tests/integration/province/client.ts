// A station in memory that speaks with a real province over real TLS: the protocol's own driver, the program's own
// connection code, no store on disk.
import { randomUUID } from 'node:crypto';
import { expect } from 'vitest';
import { makeStationIdentity } from '../../../electron/station/certificate.ts';
import { enrolAt } from '../../../electron/sync/enrol.ts';
import {
  DEADLINES,
  dial,
  type Keys,
  type LineEnd,
  type Outcome,
  post,
  type Tickets,
  type Trusted,
  upgrade,
} from '../../../electron/sync/line.ts';
import type { Province } from '../../../province/index.ts';
import type { BlobStore } from '../../../shared/sync/blobs.ts';
import { type Drive, drive, type Told, type Wire } from '../../../shared/sync/drive.ts';
import { bodyWire } from '../../../shared/sync/exchange.ts';
import { createFrames } from '../../../shared/sync/frames.ts';
import { judgeWelcome, makeHello } from '../../../shared/sync/greet.ts';
import { decodeWelcome, encodeHello } from '../../../shared/sync/hello.ts';
import { feedKey, type Head } from '../../../shared/sync/port.ts';
import { createSession } from '../../../shared/sync/session.ts';
import type { Hello, Welcome } from '../../../shared/sync/session-types.ts';
import { headsOf, type Place, place } from '../../unit/sync/support/places.ts';
import { sha256, zstd } from '../../unit/sync/support/zstd.ts';

export interface Station {
  readonly place: Place;
  readonly keys: Keys;
  readonly tickets: Tickets;
  lastWelcome?: Welcome;
  /** Files it can give and fetches. */
  blobs?: BlobStore;
  /** Told by the last session. */
  told: Told[];
  /** What the province proved to hold: feedKey → number. */
  heldByProvince(): Record<string, number>;
}

export interface At {
  readonly port: number;
  readonly fingerprint: string;
  /** The door without TLS. */
  readonly plain?: boolean;
}

export const atOf = (province: Province): At => ({
  port: province.port!,
  fingerprint: province.fingerprint,
});

let next = 1;

export async function newStation(): Promise<Station> {
  const memory = place(next++);
  const { keyPem, certificatePem } = await makeStationIdentity({
    id: memory.station,
    name: 'Máy thử',
    centerName: 'Trung tâm thử',
    now: Date.now(),
  });
  return {
    place: memory,
    keys: { keyPem, certificatePem },
    tickets: new Map(),
    told: [],
    heldByProvince: () =>
      Object.fromEntries(
        [...memory.held.values()].flatMap((heads) => [...heads].map(([key, head]) => [key, head.seq])),
      ),
  };
}

export const enrolStation = (station: Station, at: At, code: string, centerId: string | null) =>
  enrolAt({
    address: `127.0.0.1:${at.port}`,
    code,
    keys: station.keys,
    station: { id: station.place.station, name: 'Máy thử' },
    center:
      centerId === null
        ? null
        : { id: centerId, name: 'Trung tâm thử', facilityCode: null, provinceCode: '01' },
    training: false,
    deadlines: DEADLINES,
    signal: AbortSignal.timeout(20_000),
  });

/** A center with a station enrolled by code. */
export async function enrolledStation(
  province: Province,
  center?: { number: number; id: string },
): Promise<{ station: Station; number: number; id: string }> {
  const number =
    center?.number ??
    unwrap(
      await province.admin.createCenter('it', {
        name: 'Trung tâm thử',
        facilityCode: null,
        provinceCode: '01',
      }),
    ).center;
  const id = center?.id ?? randomUUID();
  const { code } = unwrap(await province.admin.createCode('it', number));
  const station = await newStation();
  unwrap(await enrolStation(station, atOf(province), code, id));
  return { station, number, id };
}

export interface Talk {
  readonly drive: Drive;
  readonly welcome: Welcome;
  readonly resumed: boolean;
  /** Resolves when the session has told this. */
  saw(type: Told['type'], direction?: 'up' | 'down'): Promise<void>;
  close(): Promise<void>;
}

/** Opens a session; fails with how the province turned it away. */
export async function talk(station: Station, at: At, over: Partial<Hello> = {}): Promise<Talk | LineEnd> {
  const dialled = await reach(station, at);
  if (!dialled.ok) return dialled.end;
  const hello = { ...helloOf(station), ...over };
  const up = await upgrade(
    dialled.value,
    { host: '127.0.0.1', port: at.port, plain: at.plain ?? false },
    encodeHello(hello),
    DEADLINES,
    AbortSignal.timeout(30_000),
  );
  if (!up.ok) return up.end;
  if (up.value === null) return { code: 'not_tram' };
  const welcome = decodeWelcome(up.value.welcome);
  const waiting: { type: string; direction: string | undefined; done: () => void }[] = [];
  const begun = await begin(station, up.value.wire, hello, welcome, (effect) => {
    for (const one of [...waiting]) if (matches(effect, one.type, one.direction)) one.done();
  });
  if ('code' in begun) return begun;
  const driven = begun;
  const ended = driven.ended;
  return {
    drive: driven,
    welcome,
    resumed: dialled.value.resumed,
    saw: (type, direction) =>
      station.told.some((effect) => matches(effect, type, direction))
        ? Promise.resolve()
        : Promise.race([
            new Promise<void>((done) => waiting.push({ type, direction, done })),
            ended.then(({ code, detail }) => {
              throw new Error(`ended before ${type}: ${code} ${detail ?? ''}`);
            }),
          ]),
    async close() {
      driven.close('closed');
      await ended;
    },
  };
}

/** An initiator's session over a line whose first words are said. */
async function begin(
  station: Station,
  wire: Wire,
  hello: Hello,
  welcome: Welcome,
  onTold: (effect: Told) => void,
): Promise<Drive | LineEnd> {
  const { place: self } = station;
  const memory = self.held.get('province') ?? new Map<string, Head>();
  self.held.set('province', memory);
  const judged = await judgeWelcome(hello, welcome, [...memory.values()], self.store, sha256);
  if (judged.verdict === 'end') return { code: judged.code };
  if (judged.amnesia) self.incarnation = judged.amnesia.incarnation + 1;
  const cursors = rememberLog(self, welcome);
  station.told = [];
  return drive({
    session: createSession({
      role: 'initiator',
      hello,
      welcome,
      held: judged.held,
      rate: 10_000_000,
      now: performance.now(),
      wall: Date.now,
      sha256,
      resync: judged.resync,
    }),
    store: self.store,
    wire,
    frames: createFrames({ codec: zstd, dictionary: null, sha256 }),
    memory: {
      held: (heads) => {
        for (const head of heads) memory.set(feedKey(head), head);
      },
      cursor: (lane, at_) => {
        cursors[lane as 0 | 1 | 2] = at_;
      },
      rate: () => {},
    },
    services: {
      now: () => performance.now(),
      setTimer: (ms, run) => {
        const timer = setTimeout(run, ms);
        return () => clearTimeout(timer);
      },
      breathe: () => new Promise((resolve) => setImmediate(resolve)),
      endCodeOf: (error) => {
        throw error;
      },
      log: () => {},
    },
    peer: 'province',
    ...(station.blobs && { blobs: station.blobs }),
    told: (effect) => {
      station.told.push(effect);
      onTold(effect);
    },
  });
}

/** Where WebSocket does not come through: one request to fetch, one to bring. */
export async function syncByPost(station: Station, at: At): Promise<void> {
  for (const bring of [false, true]) {
    const hello = helloOf(station);
    const ask = async (frames: readonly Uint8Array[]) => {
      const dialled = await reach(station, at);
      if (!dialled.ok) throw new Error(dialled.end.code);
      const answer = await post(
        dialled.value,
        { host: '127.0.0.1', port: at.port, plain: false },
        encodeHello(hello),
        frames,
        DEADLINES,
        AbortSignal.timeout(20_000),
      );
      if (!answer.ok) throw new Error(JSON.stringify(answer.end));
      return { welcome: decodeWelcome(answer.value.welcome), frames: answer.value.frames };
    };
    const first = bring ? null : await ask([]);
    const welcome: Welcome = first?.welcome ?? station.lastWelcome!;
    station.lastWelcome = welcome;
    const wire = bodyWire();
    const driven = await begin(station, wire, hello, welcome, () => {});
    if ('code' in driven) throw new Error(driven.code);
    await driven.settled();
    const frames = wire.taken();
    wire.deliver(first ? first.frames : (await ask(frames)).frames);
    await driven.settled();
    driven.close('closed');
    await driven.ended;
  }
}

const matches = (effect: Told, type: string, direction: string | undefined): boolean =>
  effect.type === type &&
  (direction === undefined || ('direction' in effect && effect.direction === direction));

function rememberLog(self: Place, welcome: Welcome): [number, number, number] {
  const known = self.cursors.get('province');
  if (known?.logId === welcome.logId) return known.cursors;
  const cursors: [number, number, number] = [0, 0, 0];
  self.cursors.set('province', { logId: welcome.logId, cursors });
  return cursors;
}

export const helloOf = ({ place: self }: Station): Hello =>
  makeHello(
    {
      station: self.station,
      incarnation: self.incarnation,
      heads: headsOf(self),
      known: self.cursors.get('province') ?? null,
      dictionaries: [],
      app: '0.2.0',
      mode: 'both',
    },
    sha256,
  );

export const reach = (station: Station, at: At): Promise<Outcome<Trusted>> =>
  dial({
    address: { host: '127.0.0.1', port: at.port, plain: at.plain ?? false },
    keys: station.keys,
    trusts: (fingerprint) => fingerprint === at.fingerprint,
    expected: at.fingerprint,
    tickets: station.tickets,
    deadlines: DEADLINES,
    signal: AbortSignal.timeout(30_000),
  });

/** Both directions, then goodbye. */
export async function sync(station: Station, at: At): Promise<Welcome> {
  const session = await opened(station, at);
  if (!session.welcome.sameVector)
    await Promise.all([session.saw('caughtUp', 'up'), session.saw('caughtUp', 'down')]);
  await session.close();
  return session.welcome;
}

export async function opened(station: Station, at: At, over: Partial<Hello> = {}): Promise<Talk> {
  const session = await talk(station, at, over);
  if (!('drive' in session)) throw new Error(`turned away: ${session.code} ${session.detail ?? ''}`);
  return session;
}

export function unwrap<T>(result: { ok: true; value: T } | { ok: false; error: { code: string } }): T {
  expect(result).toMatchObject({ ok: true });
  if (!result.ok) throw new Error(result.error.code);
  return result.value;
}
