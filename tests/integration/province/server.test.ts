// A province in this process on PGlite, and stations that come to it over TLS.
import { createHash, randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { type IncomingMessage, request } from 'node:http';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import {
  type LogLevel,
  type Province,
  type ProvinceOptions,
  startProvince,
} from '../../../province/index.ts';
import { splitFrames } from '../../../shared/sync/exchange.ts';
import { createFrames } from '../../../shared/sync/frames.ts';
import { contents, write } from '../../unit/sync/support/places.ts';
import { sha256, zstd } from '../../unit/sync/support/zstd.ts';
import {
  atOf,
  enrolledStation,
  enrolStation,
  newStation,
  opened,
  reach,
  type Station,
  sync,
  syncByPost,
  talk,
  unwrap,
} from './client.ts';

const folder = mkdtempSync(join(tmpdir(), 'tram-province-'));
const logged: { level: LogLevel; event: string; facts: unknown }[] = [];
let province: Province;

const options: ProvinceOptions = {
  folder,
  name: 'Sở Y tế thử',
  listen: { host: '127.0.0.1', port: 0 },
  page: { host: '127.0.0.1', port: 0 },
  plain: { port: 0 },
  log: (level, event, facts) => {
    logged.push({ level, event, facts });
    if (process.env.SHOW) console.error(level, event, JSON.stringify(facts));
  },
};

beforeAll(async () => {
  province = await startProvince(options);
});
afterAll(async () => {
  await province.close();
  rmSync(folder, { recursive: true, force: true });
});

describe('enrolment', () => {
  it('takes a station by its code, once, and again when the answer got lost', async () => {
    const { center } = unwrap(await province.admin.createCenter('it', newCenter));
    const { code } = unwrap(await province.admin.createCode('it', center));
    const id = randomUUID();
    const station = await newStation();
    for (let i = 0; i < 2; i++) {
      const { answer, certificate } = unwrap(await enrolStation(station, atOf(province), code, id));
      expect(answer).toMatchObject({
        kind: 'province',
        name: 'Sở Y tế thử',
        station: province.id,
        center: { id },
      });
      expect(certificate).toContain('BEGIN CERTIFICATE');
    }
    expect(await enrolStation(await newStation(), atOf(province), code, id)).toMatchObject({
      ok: false,
      error: { code: 'code_used' },
    });
    expect(await province.admin.centers()).toContainEqual(
      expect.objectContaining({ center, centerId: id, stations: 1 }),
    );
  });

  it('refuses a center that is another one than the code is for', async () => {
    const [one, other] = [await enrolledStation(province), await enrolledStation(province)];
    const { code } = unwrap(await province.admin.createCode('it', one.number));
    expect(await enrolStation(await newStation(), atOf(province), code, other.id)).toMatchObject({
      error: { code: 'wrong_center' },
    });
    expect(await enrolStation(await newStation(), atOf(province), code, randomUUID())).toMatchObject({
      error: { code: 'wrong_center' },
    });
    // the code is not spent by that
    unwrap(await enrolStation(await newStation(), atOf(province), code, null));
  });

  it('burns a code after five wrong tries', async () => {
    const { center } = unwrap(await province.admin.createCenter('it', newCenter));
    const right = unwrap(await province.admin.createCode('it', center)).code;
    const other = unwrap(await province.admin.createCode('it', center)).code;
    const { makeCode } = await import('../../../shared/sync/enrolment.ts');
    const station = await newStation();
    for (let i = 0; i < 5; i++) {
      // same four letters in front, another secret behind
      const values = [...right.replaceAll('-', '')].slice(0, 4).map((c) => alphabet.indexOf(c));
      const wrong = makeCode(Uint8Array.from({ length: 19 }, (_, n) => values[n] ?? (n * 7 + i) % 32));
      expect(await enrolStation(station, atOf(province), wrong, randomUUID())).toMatchObject({
        error: { code: 'code_wrong' },
      });
    }
    const id = randomUUID();
    expect(await enrolStation(station, atOf(province), right, id)).toMatchObject({
      error: { code: 'code_wrong' },
    });
    unwrap(await enrolStation(station, atOf(province), other, id));
  });

  it('turns away who has not enrolled, and who speaks under another name', async () => {
    expect(await talk(await newStation(), atOf(province))).toMatchObject({ code: 'not_enrolled' });
    const { station, number, id } = await enrolledStation(province);
    const { station: other } = await enrolledStation(province, { number, id });
    expect(await talk(station, atOf(province), { station: other.place.station })).toMatchObject({
      code: 'not_enrolled',
    });
  });
});

describe('a session', () => {
  it('carries changes up, live across to another station, and proves that both hold the same', async () => {
    const { station: a, number, id } = await enrolledStation(province);
    const { station: b } = await enrolledStation(province, { number, id });
    for (let i = 0; i < 300; i++) write(a.place, (i % 3) as 0, { text: `một ${i}` });
    await sync(a, atOf(province));
    expect(a.heldByProvince()).toEqual(Object.fromEntries([0, 1, 2].map((l) => [feed(a, l), 100])));

    const live = await opened(b, atOf(province));
    await live.saw('caughtUp', 'down');
    expect(contents(b.place)).toEqual(contents(a.place));
    const other = await opened(a, atOf(province));
    write(a.place, 0, { text: 'mới' });
    other.drive.grew();
    await expect.poll(() => contents(b.place).length).toBe(301);
    await expect.poll(() => a.heldByProvince()[feed(a, 0)]).toBe(101);
    await Promise.all([live.close(), other.close()]);
    expect((await province.admin.stations(number)).map((s) => [s.version, s.backlog])).toEqual([
      ['0.2.0', 0],
      ['0.2.0', 0],
    ]);
    expect(await sync(b, atOf(province))).toMatchObject({ sameVector: true });
  });

  it('comes back with a short handshake', async () => {
    const { station } = await enrolledStation(province);
    const first = await opened(station, atOf(province));
    await first.saw('caughtUp', 'down');
    await first.close();
    const second = await opened(station, atOf(province));
    expect([first.resumed, second.resumed]).toEqual([false, true]);
    await second.close();
  });

  it('works as single requests where WebSocket does not come through', async () => {
    const { station: a, number, id } = await enrolledStation(province);
    const { station: b } = await enrolledStation(province, { number, id });
    for (let i = 0; i < 30; i++) write(a.place, 1, { text: `qua POST ${i}` });
    // at a first meeting both have to tell first what they hold
    for (const station of [a, a, b, b]) await syncByPost(station, atOf(province));
    expect(a.heldByProvince()).toEqual({ [feed(a, 1)]: 30 });
    expect(contents(b.place)).toEqual(contents(a.place));
    write(b.place, 0, { text: 'trả lời' });
    await syncByPost(b, atOf(province));
    await syncByPost(a, atOf(province));
    expect(contents(a.place)).toHaveLength(31);
    expect(await sync(a, atOf(province))).toMatchObject({ sameVector: true });
  });

  it('notices by a cursor beyond its end that the database was put back, and begins a new log', async () => {
    const { station, number } = await enrolledStation(province);
    write(station.place, 2, { text: 'trước' });
    await sync(station, atOf(province));
    const before = await province.storeOf(number).logId();
    station.place.cursors.get('province')!.cursors = [9, 9, 9];
    const welcome = await sync(station, atOf(province));
    expect(welcome.logId).not.toBe(before);
    expect(welcome).toMatchObject({ vectorsNeeded: true });
    expect(await province.storeOf(number).logId()).toBe(welcome.logId);
    expect(logged.filter(({ event }) => event === 'log_put_back')).toHaveLength(1);
  });
});

describe('the file for a new station', () => {
  it('holds the whole log, and is fetched further from where the line was cut', async () => {
    const { station, number, id } = await enrolledStation(province);
    for (let i = 0; i < 3000; i++) write(station.place, (i % 3) as 0, { text: `một ${i} ${randomUUID()}` });
    await sync(station, atOf(province));
    const first = await get(station, {});
    expect(first.status).toBe(200);
    const half = Math.floor(first.body.length / 2);
    const rest = await get(station, { range: `bytes=${half}-`, 'if-range': first.headers.etag! });
    expect(rest.status).toBe(206);
    expect(Buffer.concat([first.body.subarray(0, half), rest.body]).equals(first.body)).toBe(true);
    expect(first.headers.etag).toBe(`"${createHash('sha256').update(first.body).digest('hex')}"`);
    const gone = await get(station, { range: 'bytes=9-', 'if-range': `"${'0'.repeat(64)}"` });
    expect([gone.status, gone.body.length]).toEqual([200, first.body.length]);

    const { station: fresh } = await enrolledStation(province, { number, id });
    const frames = createFrames({ codec: zstd, dictionary: null, sha256 });
    for (const frame of splitFrames(first.body)!) {
      const read = await frames.unpack(frame, (feed, seq) => fresh.place.store.stored(feed, seq));
      await fresh.place.store.take(read!.runs, 'province');
    }
    expect(contents(fresh.place)).toEqual(contents(station.place));
    expect(first.headers['x-tram-log']).toBe(await province.storeOf(number).logId());
    expect(first.headers['x-tram-cursor']).toBe('3000');
    expect(await sync(fresh, atOf(province))).toMatchObject({ sameVector: true });
    expect((await get(await newStation(), {})).status).toBe(403);
  });

  async function get(station: Station, headers: Record<string, string>) {
    const dialled = await reach(station, atOf(province));
    if (!dialled.ok) throw new Error(dialled.end.code);
    const asked = request({
      createConnection: () => dialled.value.socket,
      path: '/snapshot',
      headers: { ...headers, connection: 'close' },
    });
    asked.end();
    const [answer] = (await once(asked, 'response')) as [IncomingMessage];
    const parts: Buffer[] = [];
    for await (const part of answer) parts.push(part);
    return {
      status: answer.statusCode,
      headers: answer.headers as Record<string, string>,
      body: Buffer.concat(parts),
    };
  }
});

describe('a revoked station', () => {
  it('still delivers, sealed, gets nothing, and its delivery is passed on at a word', async () => {
    const { station: a, number, id } = await enrolledStation(province);
    const { station: b } = await enrolledStation(province, { number, id });
    write(a.place, 2, { text: 'một' });
    await sync(a, atOf(province));
    const open = await opened(a, atOf(province));
    unwrap(await province.admin.revokeStation('it', a.place.station, 'mất máy'));
    expect((await open.drive.ended).code).toBe('closed');
    await sync(b, atOf(province));
    const told = contents(b.place);
    // with the revocation comes the province's signature
    expect(told).toHaveLength(3);

    write(b.place, 0, { text: 'không cho máy mất' });
    await sync(b, atOf(province));
    for (let i = 0; i < 40; i++) write(a.place, 1, { text: `chưa gửi ${i}` });
    const again = await opened(a, atOf(province));
    expect(again.welcome.mode).toBe('deliver');
    await again.saw('caughtUp', 'up');
    await again.close();
    expect(contents(a.place)).toHaveLength(41);
    expect(await province.admin.sealed(number)).toMatchObject([{ station: a.place.station, changes: 40 }]);
    await sync(b, atOf(province));
    expect(contents(b.place)).toHaveLength(4);

    expect(unwrap(await province.admin.releaseSealed('it', a.place.station))).toEqual({
      accepted: 40,
      refused: 0,
    });
    await sync(b, atOf(province));
    expect(contents(b.place)).toHaveLength(44);
    expect(await province.admin.sealed(number)).toEqual([]);
    expect((await province.admin.audit(2)).map((one) => one.action)).toEqual([
      'sealed.release',
      'station.revoke',
    ]);
  });
});

describe('the doors', () => {
  it('cuts whoever connects and says nothing, and who sends a header letter by letter', async () => {
    const strict = await startProvince({
      ...options,
      folder: join(folder, 'strict'),
      limits: { handshakeMs: 400, headersMs: 400, idleMs: 1_500 },
    });
    const started = performance.now();
    const silent = connect(strict.port!, '127.0.0.1');
    const slow = connect(strict.plainPort!, '127.0.0.1');
    const drip = setInterval(() => slow.write('x'), 100);
    slow.write('GET /sync HTTP/1.1\r\nX-A: ');
    silent.on('error', () => {});
    slow.on('error', () => {});
    await Promise.all([gone(silent), gone(slow)]);
    clearInterval(drip);
    expect(performance.now() - started).toBeLessThan(6_000);
    await strict.close();
  });

  it('turns away with a time to come back when there is no room', async () => {
    const small = await startProvince({ ...options, folder: join(folder, 'small'), limits: { sessions: 1 } });
    const { station: a, number, id } = await enrolledStation(small);
    const { station: b } = await enrolledStation(small, { number, id });
    const first = await opened(a, atOf(small));
    const end = await talk(b, atOf(small));
    expect(end).toMatchObject({ code: 'busy' });
    expect('retryAfterMs' in end && end.retryAfterMs).toBeGreaterThanOrEqual(5_000);
    await first.close();
    await small.close();
  });

  it('without TLS take a station at its word, on this computer and while there is one center only', async () => {
    const open = await startProvince({ ...options, folder: join(folder, 'open'), listen: null });
    const at = { port: open.plainPort!, fingerprint: '', plain: true };
    const station = await newStation();
    expect(await talk(station, at)).toMatchObject({ code: 'not_enrolled' });
    const { center } = unwrap(await open.admin.createCenter('it', newCenter));
    write(station.place, 1, { text: 'đo' });
    await sync(station, at);
    expect(await open.storeOf(center).end()).toBe(1);
    unwrap(await open.admin.createCenter('it', newCenter));
    expect(await talk(station, at)).toMatchObject({ code: 'not_enrolled' });
    await open.close();
  });

  it('is healthy, and says so', async () => {
    const answer = await fetch(`http://127.0.0.1:${province.pagePort}/health`);
    expect([answer.status, await answer.json()]).toEqual([200, { ok: true }]);
  });
});

describe('administrators', () => {
  it('the first one gets a password at the first start only, and has to change it', async () => {
    const { admin, firstPassword } = province;
    expect(firstPassword).toMatch(/^[a-z2-9]{5}(-[a-z2-9]{5}){3}$/);
    expect(unwrap(await admin.login('admin', firstPassword!))).toEqual({ name: 'admin', mustChange: true });
    expect(await admin.changePassword('admin', firstPassword!, 'short')).toMatchObject({
      error: { code: 'weak_password' },
    });
    unwrap(await admin.changePassword('admin', firstPassword!, 'một câu đủ dài để nhớ'));
    expect(unwrap(await admin.login('admin', 'một câu đủ dài để nhớ')).mustChange).toBe(false);
    expect(await admin.disableAdmin('admin', 'admin')).toMatchObject({
      error: { code: 'last_administrator' },
    });
    for (let i = 0; i < 5; i++) await admin.login('admin', 'wrong');
    expect(await admin.login('admin', 'một câu đủ dài để nhớ')).toMatchObject({
      error: { code: 'account_locked' },
    });
  });
});

describe('after a restart', () => {
  it('is the same province, knows its stations, and notices that its files were put back', async () => {
    const home = join(folder, 'again');
    const copy = join(folder, 'copy');
    let one = await startProvince({ ...options, folder: home });
    const { station, number } = await enrolledStation(one);
    write(station.place, 2, { text: 'một' });
    await sync(station, atOf(one));
    const first = { fingerprint: one.fingerprint, logId: await one.storeOf(number).logId() };
    await one.close();
    const { cpSync } = await import('node:fs');
    cpSync(join(home, 'database'), copy, { recursive: true });

    one = await startProvince({ ...options, folder: home });
    expect([one.fingerprint, one.firstPassword]).toEqual([first.fingerprint, null]);
    expect(await one.storeOf(number).logId()).toBe(first.logId);
    write(station.place, 2, { text: 'hai' });
    await sync(station, atOf(one));
    expect(station.heldByProvince()[feed(station, 2)]).toBe(2);
    await one.close();

    rmSync(join(home, 'database'), { recursive: true });
    cpSync(copy, join(home, 'database'), { recursive: true });
    one = await startProvince({ ...options, folder: home });
    expect(await one.storeOf(number).logId()).not.toBe(first.logId);
    await sync(station, atOf(one));
    expect(await one.storeOf(number).end()).toBe(2);
    await one.close();
  });
});

afterEach(() => {
  // what is logged is for IT people: never a word of a record or of a person
  expect(JSON.stringify(logged)).not.toMatch(/Máy thử|Trung tâm thử|chưa gửi|mất máy/);
});

const newCenter = { name: 'Trung tâm thử', facilityCode: null, provinceCode: '01' };
const alphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const feed = (station: Station, lane: number): string => `${station.place.station}.1.${lane}`;
const gone = (socket: ReturnType<typeof connect>): Promise<void> =>
  new Promise((resolve) => socket.once('close', () => resolve()));
