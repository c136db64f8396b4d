// Several processes of one province on one PostgreSQL: stations write through all of them, one is killed, the
// database itself is put back to an earlier hour.
import { type ChildProcess, fork } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type Province, startProvince } from '../../../province/index.ts';
import { contents, write } from '../../unit/sync/support/places.ts';
import { type At, enrolledStation, opened, type Station, sync, talk, unwrap } from './client.ts';
import { hasPostgres, type Postgres, start, startPostgres } from './postgres.ts';

interface Server extends At {
  readonly child: ChildProcess;
  facts(): Promise<{ rss: number }>;
}

describe.skipIf(!hasPostgres)('processes of one province', () => {
  const folder = mkdtempSync(join(tmpdir(), 'tram-province-'));
  let postgres: Postgres;
  let url: string;
  let province: Province;
  const servers: Server[] = [];

  beforeAll(async () => {
    postgres = await startPostgres();
    url = postgres.create('tram');
    province = await startProvince({ databaseUrl: url, folder: join(folder, 'admin'), listen: null });
  });
  afterEach(async () => {
    for (const { child } of servers.splice(0)) {
      child.kill('SIGKILL');
      if (child.exitCode === null && child.signalCode === null)
        await new Promise((resolve) => child.once('exit', resolve));
    }
  });
  afterAll(async () => {
    await province?.close();
    postgres?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  async function server(databaseUrl = url): Promise<Server> {
    const child = fork(
      join(import.meta.dirname, 'server-process.ts'),
      [databaseUrl, join(folder, 'server')],
      {
        stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
      },
    );
    const at = await heard<At>(child);
    const one: Server = {
      ...at,
      child,
      facts() {
        const answer = heard<{ rss: number }>(child);
        child.send('memory');
        return answer;
      },
    };
    servers.push(one);
    return one;
  }

  async function stations(count: number, first: Server): Promise<Station[]> {
    const door = { ...province, port: first.port, fingerprint: first.fingerprint };
    const { station, number, id } = await enrolledStation(door);
    const others = [];
    for (let i = 1; i < count; i++) others.push((await enrolledStation(door, { number, id })).station);
    return [station, ...others];
  }

  it('may be started together on an empty database: one province comes of it', async () => {
    const empty = postgres.create('empty');
    const all = await Promise.all(
      [1, 2, 3].map((n) =>
        startProvince({ databaseUrl: empty, folder: join(folder, `first-${n}`), listen: null }),
      ),
    );
    expect(new Set(all.map((one) => `${one.id} ${one.fingerprint}`)).size).toBe(1);
    expect(all.filter((one) => one.firstPassword !== null)).toHaveLength(1);
    for (const one of all) await one.close();
  });

  it('serve one center at once: what comes in at one is on its way out of the other', async () => {
    const [one, two] = [await server(), await server()];
    expect(two.fingerprint).toBe(one.fingerprint);
    const [a, b, c] = (await stations(3, one)) as [Station, Station, Station];
    const sessions = [await opened(a, one), await opened(b, two), await opened(c, two)];
    for (const session of sessions) await session.saw('caughtUp', 'down');
    for (let round = 0; round < 20; round++) {
      for (const [i, station] of [a, b, c].entries()) {
        write(station.place, (round % 3) as 0, { text: `${i} ${round}` });
        sessions[i]!.drive.grew();
      }
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    await expect
      .poll(() => [a, b, c].map((s) => contents(s.place).length), { timeout: 20_000 })
      .toEqual([60, 60, 60]);
    expect(contents(b.place)).toEqual(contents(a.place));
    expect(contents(c.place)).toEqual(contents(a.place));
    // a session begun at one process is taken up again at the other
    await sessions[0]!.close();
    const moved = await opened(a, two);
    expect(moved).toMatchObject({ resumed: true, welcome: { sameVector: true } });
    for (const session of [...sessions.slice(1), moved]) await session.close();
  });

  it('lose nothing that was acknowledged when one is killed in the middle', async () => {
    const two = await server();
    const many = await stations(4, two);
    const number = (await province.admin.centers()).at(-1)!.center;
    for (let round = 0; round < 3; round++) {
      const one = await server();
      const writing = many.map(async (station, i) => {
        const at = i % 2 === 0 ? one : two;
        const session = await talk(station, at);
        const drive = 'drive' in session ? session.drive : null;
        for (let n = 0; n < 60; n++) {
          write(station.place, 1, { text: `${round} ${i} ${n}` });
          drive?.grew();
          await new Promise((resolve) => setTimeout(resolve, 3));
        }
        if (!('drive' in session)) return;
        if (at === two) await session.close();
        else await session.drive.ended;
      });
      await new Promise((resolve) => setTimeout(resolve, 120 + round * 40));
      one.child.kill('SIGKILL');
      await Promise.all(writing);
      // everything shown as arrived is there, byte for byte
      const store = province.storeOf(number);
      for (const station of many)
        for (const [key, heads] of [...station.place.held.values()].flatMap((held) => [...held])) {
          const [name, incarnation, lane] = key.split('.');
          const feed = { station: name!, incarnation: Number(incarnation), lane: Number(lane) as 1 };
          expect(await store.hashesAt(feed, [heads.seq])).toEqual([heads.hash]);
        }
    }
    for (const station of [...many, ...many]) await sync(station, two);
    expect(contents(many[0]!.place)).toHaveLength(4 * 3 * 60);
    for (const station of many) expect(contents(station.place)).toEqual(contents(many[0]!.place));
    const [row] = await province.database.query<{ n: number; last: number }>(
      'select count(*)::int4 as n, max(log_no)::int4 as last from change_log where center = $1',
      [number],
    );
    expect(row).toEqual({ n: 720, last: 720 });
  });

  it('end the sessions of a station that is revoked at another process', async () => {
    const one = await server();
    const [a, b] = (await stations(2, one)) as [Station, Station];
    write(a.place, 2, { text: 'một' });
    await sync(a, one);
    const [lost, other] = [await opened(a, one), await opened(b, one)];
    await other.saw('caughtUp', 'down');
    unwrap(await province.admin.revokeStation('it', a.place.station, 'mất máy'));
    await lost.drive.ended;
    // what was written, that it is revoked, and the province's signature under its own word
    await expect.poll(() => contents(b.place).length).toBe(3);
    await other.close();
    expect((await opened(a, one)).welcome.mode).toBe('deliver');
  });

  it('outlive a restart of the database, and take up their sessions again', async () => {
    const one = await server();
    const [a, b] = (await stations(2, one)) as [Station, Station];
    write(a.place, 2, { text: 'trước' });
    await sync(a, one);
    postgres.run('pg_ctl', ['-D', postgres.data, '-m', 'fast', '-w', 'stop']);
    write(a.place, 2, { text: 'trong lúc' });
    expect(await talk(a, one)).toMatchObject({ code: 'busy' });
    start(postgres.run, postgres.data, postgres.port, postgres.folder);
    await expect.poll(async () => 'drive' in (await talk(a, one)), { timeout: 20_000 }).toBe(true);
    const reader = await opened(b, one);
    await reader.saw('caughtUp', 'down');
    await sync(a, one);
    await expect.poll(() => contents(b.place).length).toBe(2);
    await reader.close();
    expect(one.child.exitCode).toBeNull();
  });

  it('let in three hundred connections at once, in bounded memory, and every station gets through', async () => {
    const one = await server();
    const many = await stations(60, one);
    for (const station of many) write(station.place, 0, { text: station.place.station });
    const started = performance.now();
    // sixty keys, five connections each: handshakes are what a storm costs
    const all = await Promise.all(
      many.flatMap((station) =>
        [0, 1, 2, 3, 4].map(async (n) => {
          if (n > 0) {
            const { reach } = await import('./client.ts');
            const reached = await reach(station, one);
            if (reached.ok) reached.value.socket.destroy();
            return reached.ok;
          }
          for (let tries = 0; tries < 20; tries++) {
            const session = await talk(station, one);
            if ('drive' in session) {
              await Promise.race([session.saw('caughtUp', 'up'), session.drive.ended]);
              await session.close();
              if (ownHeld(station) === 1) return true;
            }
            await new Promise((resolve) => setTimeout(resolve, 200 * Math.random()));
          }
          return false;
        }),
      ),
    );
    const seconds = (performance.now() - started) / 1000;
    const { rss } = await one.facts();
    console.warn(
      `storm: ${all.filter(Boolean).length} of ${all.length} in ${seconds.toFixed(1)} s, ${(rss / 1e6).toFixed(0)} MB`,
    );
    expect(many.filter((station) => ownHeld(station) !== 1)).toEqual([]);
    expect(rss).toBeLessThan(500e6);
  });
});

const ownHeld = (station: Station): number | undefined =>
  station.heldByProvince()[`${station.place.station}.1.0`];

function heard<T>(child: ChildProcess): Promise<T> {
  return new Promise((resolve, reject) => {
    child.once('message', (message) => resolve(message as T));
    child.once('exit', (code) => reject(new Error(`the server ended with ${code}`)));
  });
}
