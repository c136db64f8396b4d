// The PC itself: founding a center, getting back in, backups, settings, the clock.
import { X509Certificate } from 'node:crypto';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { incarnationLetters } from '../../../electron/station/center.ts';
import { makeStationIdentity } from '../../../electron/station/certificate.ts';
import { adminPassword, foundedCore, hire, openTestCore, testCenter } from '../support/open-test-core.ts';

const hour = 3_600_000;

describe('the first run', () => {
  it('makes wards, beds, the first account and a recovery key, and opens the store', async () => {
    const center = await openTestCore();
    expect((await center.ok('p', 'station.status', {})).phase).toBe('first_run');
    const { recoveryKey } = await center.ok('p', 'station.firstRun', testCenter);
    expect(recoveryKey).toMatch(/^([0-9A-Z]{5}-){7}[0-9A-Z]{5}$/);
    expect(await center.ok('p', 'station.status', {})).toMatchObject({
      phase: 'open',
      centerName: testCenter.centerName,
      stationName: 'Máy tiếp đón',
      users: [{ username: 'quantri', fullName: 'Lò Thị Mẩy' }],
    });
    const { session } = await center.ok('p', 'access.login', {
      username: 'quantri',
      password: adminPassword,
    });
    expect(session).toMatchObject({ roles: ['quan_tri'], mustChangePassword: false });
    expect(await center.ok('p', 'beds.wards', {})).toMatchObject([
      { name: 'Nội tổng hợp', beds: 3, free: 3 },
      { name: 'Ngoại tổng hợp', beds: 2, free: 2 },
    ]);
  });

  it('happens once, also when asked twice at the same moment', async () => {
    const center = await openTestCore();
    const both = await Promise.all([1, 2].map(() => center.core.invoke('p', 'station.firstRun', testCenter)));
    expect(both.filter((r) => r.ok)).toHaveLength(1);
    expect((await center.refused('p', 'station.firstRun', testCenter)).code).toBe('already_set_up');
  });

  it('names the field of a weak password, a bad username, a name given twice', async () => {
    const { refused } = await openTestCore();
    const admin = (set: object) => ({ ...testCenter, admin: { ...testCenter.admin, ...set } });
    expect((await refused('p', 'station.firstRun', admin({ password: 'ngắn' }))).fields).toEqual({
      'admin.password': 'field.password_short',
    });
    expect((await refused('p', 'station.firstRun', admin({ username: 'có dấu' }))).fields).toEqual({
      'admin.username': 'field.bad_username',
    });
    const rooms = [{ name: 'P1', beds: ['1', '1'] }];
    const twice = { ...testCenter, wards: [{ name: 'Nội', departmentCode: 'K03', rooms }] };
    expect((await refused('p', 'station.firstRun', twice)).fields).toEqual({
      'wards.0.rooms.0.beds.1': 'field.repeated_name',
    });
  });

  it('starts again after a power cut before its last step, keeping what was there out of the way', async () => {
    const center = await openTestCore();
    await center.core.close();
    // what a cut leaves: a keyring that was never put to use and a store nobody can open
    const { createKeyring } = await import('../../../electron/store/keyring.ts');
    createKeyring(join(center.dataDir, 'keyring.json'));
    writeFileSync(join(center.dataDir, 'record.db'), 'half a store');
    const restarted = await openTestCore({ dataDir: center.dataDir });
    expect((await restarted.ok('p', 'station.status', {})).phase).toBe('first_run');
    await restarted.ok('p', 'station.firstRun', testCenter);
    const aside = readdirSync(center.dataDir).find((name) => name.startsWith('record.db.unfinished-'));
    expect(readFileSync(join(center.dataDir, aside!), 'utf8')).toBe('half a store');
  });

  it('keeps the key and all names out of every file in plain', async () => {
    const center = await foundedCore();
    await center.core.close();
    for (const name of readdirSync(center.dataDir)) {
      if (name === 'keyring.json' || name.startsWith('keyring')) continue;
      const bytes = readFileSync(join(center.dataDir, name)).toString('latin1');
      for (const secret of ['PRIVATE KEY', 'Lò Thị Mẩy', testCenter.centerName, adminPassword])
        expect(bytes.includes(Buffer.from(secret).toString('latin1')), `${secret} in ${name}`).toBe(false);
    }
  });
});

describe('what a missing or damaged file looks like', () => {
  it('is told apart: keyring gone, keyring damaged, store gone', async () => {
    const founded = await foundedCore();
    await founded.core.close();
    const keyring = join(founded.dataDir, 'keyring.json');
    const saved = readFileSync(keyring);
    const problem = async () => {
      const core = await openTestCore({ dataDir: founded.dataDir });
      const { phase, problem: code } = await core.ok('p', 'station.status', {});
      await core.core.close();
      return [phase, code];
    };
    rmSync(`${keyring}.previous`, { force: true });
    writeFileSync(keyring, 'not a keyring');
    expect(await problem()).toEqual(['problem', 'keyring_damaged']);
    rmSync(keyring);
    expect(await problem()).toEqual(['problem', 'keyring_missing']);
    writeFileSync(keyring, saved);
    const store = join(founded.dataDir, 'record.db');
    const bytes = readFileSync(store);
    rmSync(store);
    expect(await problem()).toEqual(['problem', 'store_missing']);
    writeFileSync(store, bytes);
    expect(await problem()).toEqual(['closed', undefined]);
  });
});

describe('the recovery key', () => {
  it('opens the store and sets a new password when every password is forgotten', async () => {
    const founded = await foundedCore();
    const center = await founded.restart();
    const typed = founded.recoveryKey.toLowerCase().replaceAll('-', ' ');
    const account = { username: 'quantri', newPassword: 'hoa ban trắng' };
    await center.ok('p', 'station.recover', { ...account, recoveryKey: typed });
    await center.ok('p', 'access.login', { username: 'quantri', password: 'hoa ban trắng' });
    await center.ok('admin', 'access.login', { username: 'quantri', password: 'hoa ban trắng' });
    await hire(center, 'kiemsoat', ['kiem_soat']);
    const trail = await center.ok('kiemsoat', 'access.audit', {});
    expect(trail.map((e) => e.what)).toContain('audit.recovery');
    const restarted = await center.restart();
    expect(
      (await restarted.refused('p', 'access.login', { username: 'quantri', password: adminPassword })).code,
    ).toBe('wrong_password');
    await restarted.ok('p', 'access.login', { username: 'quantri', password: 'hoa ban trắng' });
  });

  it('says which group was mistyped, and otherwise that it is another key', async () => {
    const founded = await foundedCore();
    const elsewhere = await openTestCore();
    const other = await elsewhere.ok('p', 'station.firstRun', testCenter);
    const center = await founded.restart();
    const account = { username: 'quantri', newPassword: 'hoa ban trắng' };
    const groups = founded.recoveryKey.split('-');
    const third = groups[2]!;
    groups[2] = `${third[0] === 'A' ? 'B' : 'A'}${third.slice(1)}`;
    expect(
      await center.refused('p', 'station.recover', { ...account, recoveryKey: groups.join('-') }),
    ).toMatchObject({
      code: 'wrong_recovery_key',
      params: { group: 3 },
    });
    const wrong = await center.refused('p', 'station.recover', {
      ...account,
      recoveryKey: other.recoveryKey,
    });
    expect(wrong.code).toBe('wrong_recovery_key');
    expect(wrong.params).toBeUndefined();
  });

  it('works no more once a new one was made, which asks for the password', async () => {
    const founded = await foundedCore();
    expect((await founded.refused('admin', 'station.newRecoveryKey', { password: 'sai rồi nhé' })).code).toBe(
      'wrong_password',
    );
    const { recoveryKey } = await founded.ok('admin', 'station.newRecoveryKey', { password: adminPassword });
    const center = await founded.restart();
    const account = { username: 'quantri', newPassword: 'hoa ban trắng' };
    const old = { ...account, recoveryKey: founded.recoveryKey };
    expect((await center.refused('p', 'station.recover', old)).code).toBe('wrong_recovery_key');
    await center.ok('p', 'station.recover', { ...account, recoveryKey });
  });
});

describe('backups', () => {
  it('counts only this PC’s copies in a folder that several PCs share', async () => {
    const center = await foundedCore();
    const made = await center.ok('admin', 'station.backup', {});
    const theirs = made.path.replace(/tram-[^/]*$/, 'tram-ffffffff-20301231-000000.db');
    cpSync(made.path, theirs);
    const described = JSON.parse(readFileSync(`${made.path}.json`, 'utf8'));
    writeFileSync(
      `${theirs}.json`,
      JSON.stringify({ ...described, station: 'f'.repeat(32), at: made.at + 1 }),
    );
    const { backup } = await center.ok('admin', 'station.health', {});
    expect(backup.kept.map((copy) => copy.path)).toEqual([made.path]);
  });

  it('are made, verified and shown with their age', async () => {
    const center = await foundedCore();
    const made = await center.ok('admin', 'station.backup', {});
    expect(made.verified).toBe(true);
    expect(existsSync(made.path)).toBe(true);
    center.clock.now += 5 * 60_000;
    const { backup } = await center.ok('admin', 'station.health', {});
    expect(backup).toMatchObject({ last: { path: made.path }, lastError: null });
    expect(backup.ageHours).toBeCloseTo(5 / 60, 5);
  });

  it('say when the second folder is gone, and do not make it up on the same disk', async () => {
    const center = await foundedCore();
    const usb = join(mkdtempSync(join(tmpdir(), 'tram-usb-')), 'usb');
    mkdirSync(usb);
    await center.ok('admin', 'station.saveSettings', { backupFolder: usb });
    expect((await center.ok('admin', 'station.backup', {})).path.startsWith(usb)).toBe(true);
    rmSync(usb, { recursive: true });
    const error = await center.refused('admin', 'station.backup', {});
    expect(error).toMatchObject({ code: 'backup_failed', messageKey: 'error.backup_folder_missing' });
    expect(existsSync(usb)).toBe(false);
    expect((await center.ok('admin', 'station.health', {})).backup.lastError).toBe('backup_failed');
  });

  it('are due daily, in the own folder and the second one, and tried hourly while a disk is missing', async () => {
    const { openBackups } = await import('../../../electron/station/backups.ts');
    const { openTestStore } = await import('../support/open-test-store.ts');
    const { model } = await import('../../../electron/station/index.ts');
    const { writeLocal } = await import('../../../electron/station/local-settings.ts');
    const store = openTestStore([model]);
    const usb = mkdtempSync(join(tmpdir(), 'tram-usb-'));
    let now = 1_800_000_000_000;
    const made: [string, number][] = [];
    const copy = (folder: string, at: number) => ({ path: `${folder}/x`, at, sizeBytes: 1, verified: true });
    const backups = openBackups({
      dataDir: '/data',
      now: () => now,
      log: () => {},
      file: {
        store: () => store,
        backup: async (folder: string) => {
          made.push([folder, now]);
          return { ok: true, value: copy(folder, now) };
        },
        backupsIn: (folder: string) =>
          made
            .filter(([f]) => f === folder)
            .map(([f, at]) => copy(f, at))
            .reverse(),
      },
    } as unknown as Parameters<typeof openBackups>[0]);
    writeLocal(store, 'backupFolder', usb);
    const start = now;
    for (; now < start + 49 * hour; now += 10 * 60_000) await backups.whenDue();
    const hours = (folder: string) =>
      made.filter(([f]) => f === folder).map(([, at]) => Math.round((at - start) / hour));
    expect(hours(join('/data', 'backups'))).toEqual([0, 24, 48]);
    expect(hours(usb)).toEqual([0, 24, 48]);
    rmSync(usb, { recursive: true });
  });
});

describe('settings', () => {
  it('refuse a backup folder that is not there, and keep the rest as it was', async () => {
    const center = await foundedCore();
    const before = await center.ok('admin', 'station.settings', {});
    const error = await center.refused('admin', 'station.saveSettings', {
      autoLockMinutes: 5,
      backupFolder: '/no/such',
    });
    expect(error.fields).toEqual({ backupFolder: 'field.no_such_folder' });
    expect(await center.ok('admin', 'station.settings', {})).toEqual(before);
  });

  it('are the administrator’s to change, everybody’s to read', async () => {
    const center = await foundedCore();
    await hire(center, 'dd.hoa', ['dieu_duong']);
    expect((await center.refused('dd.hoa', 'station.saveSettings', { autoLockMinutes: 120 })).code).toBe(
      'not_allowed',
    );
    expect(await center.ok('dd.hoa', 'station.settings', {})).toMatchObject({ autoLockMinutes: 10 });
  });
});

describe('health', () => {
  it('says what is stored, that the chain holds and what runs', async () => {
    const center = await foundedCore();
    const checked = await center.ok('admin', 'station.check', {});
    expect(checked).toEqual({ ok: true, checked: expect.any(Number) });
    const health = await center.ok('admin', 'station.health', {});
    expect(health.store.lastCheck).toMatchObject({ ok: true, at: center.clock.now });
    expect(health.store.changes).toBe(checked.checked);
    expect(health.store.freeBytes).toBeGreaterThan(0);
    expect(health.versions.app).toBe('0.0.0-test');
    expect(health.store.feeds.every((f) => f.own)).toBe(true);
    expect(health.store.wrongRows).toEqual([]);
  });

  it('raises an alarm when the clock jumps and lets it be acknowledged once', async () => {
    let uptime = 0;
    const center = await foundedCore({ uptimeMs: () => uptime });
    uptime += 1000;
    center.clock.now += 2 * hour;
    await center.ok('admin', 'access.login', { username: 'quantri', password: adminPassword });
    const [alarm] = (await center.ok('admin', 'station.health', {})).clock.alarms;
    expect(alarm).toMatchObject({ acknowledged: false });
    expect(Math.abs(alarm!.jumpMs - 2 * hour)).toBeLessThan(60_000);
    await center.ok('admin', 'station.acknowledgeClock', { id: alarm!.id });
    expect((await center.refused('admin', 'station.acknowledgeClock', { id: alarm!.id })).code).toBe(
      'not_found',
    );
  });

  it('speaks of itself in words before any sync exists', async () => {
    const center = await openTestCore();
    expect(await center.ok('p', 'sync.status', {})).toMatchObject({
      state: 'off',
      lastSavedAt: null,
      waiting: { count: 0 },
    });
    await center.ok('p', 'station.firstRun', testCenter);
    expect(await center.ok('p', 'sync.status', {})).toMatchObject({
      state: 'standalone',
      lastSavedAt: center.clock.now,
      switchOff: { safe: false, sentence: { key: 'sync.off.standalone' } },
    });
  });
});

describe('the PC’s certificate', () => {
  it('is a sound X.509 certificate of its key with Vietnamese names, good for both ends of TLS', async () => {
    const now = Date.UTC(2026, 10, 2);
    const id = 'a'.repeat(32);
    const made = await makeStationIdentity({
      id,
      name: 'Máy tiếp đón',
      centerName: testCenter.centerName,
      now,
    });
    const certificate = new X509Certificate(made.certificatePem);
    expect(certificate.verify(certificate.publicKey)).toBe(true);
    expect(certificate.checkPrivateKey((await import('node:crypto')).createPrivateKey(made.keyPem))).toBe(
      true,
    );
    expect(certificate.toLegacyObject().subject).toMatchObject({
      CN: 'Máy tiếp đón',
      O: testCenter.centerName,
    });
    expect(certificate.subjectAltName).toBe(`URI:urn:tram:station:${id}`);
    expect(certificate.ca).toBe(false);
    expect(certificate.keyUsage).toEqual(['1.3.6.1.5.5.7.3.1', '1.3.6.1.5.5.7.3.2']);
    expect(new Date(certificate.validTo).getUTCFullYear()).toBe(2036);
  });

  it('numbers incarnations by letters without repeating', () => {
    expect([1, 2, 26, 27, 52, 53].map(incarnationLetters)).toEqual(['A', 'B', 'Z', 'AA', 'AZ', 'BA']);
  });
});
