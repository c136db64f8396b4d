// The province's database is put back to an earlier moment, by the commands of docs/operations/province.md. What
// stations had been told is at the province must get there again, and nobody may trust a cursor of the lost past.
import {
  appendFileSync,
  chownSync,
  mkdirSync,
  mkdtempSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Province, startProvince } from '../../../province/index.ts';
import { contents, write } from '../../unit/sync/support/places.ts';
import { atOf, enrolledStation, sync, unwrap } from './client.ts';
import { hasPostgres, type Postgres, start, startPostgres } from './postgres.ts';

describe.skipIf(!hasPostgres)('a database put back', () => {
  const folder = mkdtempSync(join(tmpdir(), 'tram-province-'));
  const events: string[] = [];
  let postgres: Postgres;
  let url: string;
  let archive: string;

  beforeAll(async () => {
    postgres = await startPostgres();
    archive = join(postgres.folder, 'archive');
    mkdirSync(archive);
    own(archive);
    postgres.run('pg_ctl', ['-D', postgres.data, '-m', 'fast', '-w', 'stop']);
    appendFileSync(
      join(postgres.data, 'postgresql.conf'),
      `\nwal_level = replica\narchive_mode = on\narchive_command = 'test ! -f ${archive}/%f && cp %p ${archive}/%f'\n`,
    );
    start(postgres.run, postgres.data, postgres.port, postgres.folder);
    url = postgres.create('tram');
  });
  afterAll(() => {
    postgres?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const run = (): Promise<Province> =>
    startProvince({
      databaseUrl: url,
      // another computer than before: nothing but the database tells
      folder: mkdtempSync(join(folder, 'process-')),
      listen: { host: '127.0.0.1', port: 0 },
      log: (level, event) => {
        if (level === 'error') events.push(event);
      },
    });

  it('by point-in-time recovery: logs get new names, and stations send again what was lost', async () => {
    let province = await run();
    const { station: a, number, id } = await enrolledStation(province);
    const { station: b } = await enrolledStation(province, { number, id });
    for (let i = 0; i < 50; i++) write(a.place, 1, { text: `trước ${i}` });
    await sync(a, atOf(province));
    await sync(b, atOf(province));
    const logId = await province.storeOf(number).logId();

    const base = join(postgres.folder, 'base');
    postgres.run('pg_basebackup', [
      '-h',
      '127.0.0.1',
      '-p',
      String(postgres.port),
      '-U',
      'postgres',
      '-D',
      base,
      '-X',
      'none',
      '--checkpoint=fast',
    ]);
    for (let i = 0; i < 20; i++) write(a.place, 1, { text: `sau bản sao ${i}` });
    await sync(a, atOf(province));
    const [moment] = await province.database.query<{ at: string }>('select now()::text as at');
    await new Promise((resolve) => setTimeout(resolve, 50));
    for (let i = 0; i < 30; i++) write(a.place, 1, { text: `sẽ mất ${i}` });
    await sync(a, atOf(province));
    unwrap(await province.admin.createCenter('it', { name: 'X', facilityCode: null, provinceCode: '01' }));
    expect(a.heldByProvince()[`${a.place.station}.1.1`]).toBe(100);
    await province.database.query('select pg_switch_wal()');
    await expect
      .poll(async () => (await province.database.query('select last_archived_wal from pg_stat_archiver'))[0])
      .toMatchObject({ last_archived_wal: expect.stringMatching(/^[0-9A-F]{24}$/) });
    await province.close();
    postgres.run('pg_ctl', ['-D', postgres.data, '-m', 'fast', '-w', 'stop']);

    // the same server, as it was at that moment
    appendFileSync(
      join(base, 'postgresql.conf'),
      `\nrestore_command = 'cp ${archive}/%f %p'\nrecovery_target_time = '${moment!.at}'\nrecovery_target_action = promote\narchive_mode = off\n`,
    );
    writeFileSync(join(base, 'recovery.signal'), '');
    own(join(base, 'recovery.signal'));
    rmSync(postgres.data, { recursive: true });
    renameSync(base, postgres.data);
    start(postgres.run, postgres.data, postgres.port, postgres.folder);
    await untilPromoted(postgres);

    province = await run();
    expect(events).toContain('database_put_back');
    const store = province.storeOf(number);
    expect(await store.end()).toBe(70);
    expect(await store.logId()).not.toBe(logId);

    // b comes first and writes under the very numbers that were lost
    for (let i = 0; i < 40; i++) write(b.place, 0, { text: `máy khác ${i}` });
    await sync(b, atOf(province));
    const welcome = await sync(a, atOf(province));
    expect(welcome).toMatchObject({ vectorsNeeded: true });
    await sync(b, atOf(province));
    await sync(a, atOf(province));
    expect(contents(a.place)).toHaveLength(140);
    expect(contents(b.place)).toEqual(contents(a.place));
    expect(await store.end()).toBe(140);
    expect((await store.heads()).find((head) => head.station === a.place.station)?.seq).toBe(100);
    await province.close();

    // a second start of the same history changes nothing
    const before = await again(run, number);
    expect(await again(run, number)).toBe(before);
  });
});

async function again(run: () => Promise<Province>, center: number): Promise<string> {
  const province = await run();
  const logId = await province.storeOf(center).logId();
  await province.close();
  return logId;
}

async function untilPromoted(postgres: Postgres): Promise<void> {
  const ask = (): string =>
    postgres.run('psql', [
      '-h',
      '127.0.0.1',
      '-p',
      String(postgres.port),
      '-U',
      'postgres',
      '-Atc',
      'select pg_is_in_recovery()',
    ]);
  await expect.poll(() => ask().trim(), { timeout: 30_000 }).toBe('f');
}

/** The cluster's owner must be able to write there. */
function own(path: string): void {
  if (process.getuid?.() !== 0) return;
  const { uid, gid } = statSync(join(path, '..'));
  chownSync(path, uid, gid);
}
