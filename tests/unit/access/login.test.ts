// Who gets in, who does not, and what a PC remembers of it.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  adminPassword,
  foundedCore,
  hire,
  openTestCore,
  registerPatient,
  staffPassword,
} from '../support/open-test-core.ts';

const minute = 60_000;

describe('the first login on a PC', () => {
  it('opens the store with the password, and nothing answers before', async () => {
    const founded = await foundedCore();
    const center = await founded.restart();
    expect((await center.ok('p', 'station.status', {})).phase).toBe('closed');
    expect((await center.refused('p', 'access.users', {})).code).toBe('not_logged_in');
    await center.ok('p', 'access.login', { username: ' QuanTri ', password: adminPassword });
    expect((await center.ok('p', 'station.status', {})).phase).toBe('open');
  });

  it('does not know an account that has never logged in here while the store is closed', async () => {
    const center = await (await foundedCore()).restart();
    const error = await center.refused('p', 'access.login', {
      username: 'nguoi.la',
      password: 'gì cũng được',
    });
    expect(error.code).toBe('account_unknown_here');
  });

  it('takes a password typed with composed or decomposed marks', async () => {
    const center = await (await foundedCore()).restart();
    await center.ok('p', 'access.login', { username: 'quantri', password: adminPassword.normalize('NFD') });
  });

  it('lists who came in here, latest first', async () => {
    const center = await foundedCore();
    await hire(center, 'dd.hoa', ['dieu_duong']);
    const closed = await center.restart();
    const { users } = await closed.ok('p', 'station.status', {});
    expect(users.map((u) => u.username)).toEqual(['dd.hoa', 'quantri']);
  });

  it('lets a password changed elsewhere in once the old one has opened the store', async () => {
    const center = await foundedCore();
    await hire(center, 'bs.an', ['bac_si_dieu_tri']);
    // the keyring of this PC as it was before the change, as on a PC that heard of it by sync only
    const keyring = join(center.dataDir, 'keyring.json');
    const before = readFileSync(keyring);
    await center.ok('bs.an', 'access.changePassword', { current: staffPassword, next: 'hoa ban trắng' });
    const closing = center.restart();
    writeFileSync(keyring, before);
    const restarted = await closing;
    expect(
      await restarted.refused('p', 'access.login', { username: 'bs.an', password: staffPassword }),
    ).toMatchObject({
      code: 'wrong_password',
      messageKey: 'error.password_changed_elsewhere',
    });
    await restarted.ok('p', 'access.login', { username: 'bs.an', password: 'hoa ban trắng' });
    const again = await restarted.restart();
    await again.ok('p', 'access.login', { username: 'bs.an', password: 'hoa ban trắng' });
  });
});

describe('failed logins', () => {
  it('are answered alike for a wrong password and an unknown name', async () => {
    const center = await foundedCore();
    const wrong = await center.refused('p', 'access.login', { username: 'quantri', password: 'sai rồi nhé' });
    const unknown = await center.refused('p', 'access.login', {
      username: 'nobody',
      password: 'sai rồi nhé',
    });
    expect(unknown).toEqual(wrong);
    expect(wrong.code).toBe('wrong_password');
  });

  it('lock the account after five, for longer each time', async () => {
    const center = await foundedCore();
    const wrong = { username: 'quantri', password: 'sai rồi nhé' };
    for (let i = 0; i < 4; i++)
      expect((await center.refused('p', 'access.login', wrong)).code).toBe('wrong_password');
    expect(await center.refused('p', 'access.login', wrong)).toMatchObject({
      code: 'account_locked',
      params: { minutes: 1 },
    });
    const right = { username: 'quantri', password: adminPassword };
    expect((await center.refused('p', 'access.login', right)).code).toBe('account_locked');
    center.clock.now += minute;
    expect(await center.refused('p', 'access.login', wrong)).toMatchObject({ params: { minutes: 2 } });
    center.clock.now += 2 * minute;
    await center.ok('p', 'access.login', right);
    expect((await center.refused('p', 'access.login', wrong)).code).toBe('wrong_password');
  });

  it('stay counted over a restart, before the store is open', async () => {
    const center = await (await foundedCore()).restart();
    const wrong = { username: 'quantri', password: 'sai rồi nhé' };
    for (let i = 0; i < 5; i++) await center.refused('p', 'access.login', wrong);
    const restarted = await center.restart();
    const right = { username: 'quantri', password: adminPassword };
    expect((await restarted.refused('p', 'access.login', right)).code).toBe('account_locked');
    restarted.clock.now += minute;
    await restarted.ok('p', 'access.login', right);
  });

  it('survive a damaged or deleted count once the store is open', async () => {
    const center = await foundedCore();
    await hire(center, 'bs.an', ['bac_si_dieu_tri']);
    const wrong = { username: 'bs.an', password: 'sai rồi nhé' };
    for (let i = 0; i < 5; i++) await center.refused('p', 'access.login', wrong);
    const closing = center.restart();
    writeFileSync(join(center.dataDir, 'logins.json'), '{"accounts": [[[');
    const restarted = await closing;
    await restarted.ok('admin', 'access.login', { username: 'quantri', password: adminPassword });
    const right = { username: 'bs.an', password: staffPassword };
    expect((await restarted.refused('p', 'access.login', right)).code).toBe('account_locked');
  });

  it('are written into the record as lockouts, also those from before the store was open', async () => {
    const center = await foundedCore();
    await hire(center, 'kiemsoat', ['kiem_soat']);
    const restarted = await center.restart();
    for (let i = 0; i < 5; i++)
      await restarted.refused('p', 'access.login', { username: 'quantri', password: 'sai rồi nhé' });
    await restarted.ok('k', 'access.login', { username: 'kiemsoat', password: staffPassword });
    const trail = await restarted.ok('k', 'access.audit', {});
    expect(trail.filter((e) => e.what === 'audit.lockout')).toHaveLength(1);
  });

  it('cannot be sent in parallel to slip past the count', async () => {
    const center = await foundedCore();
    const tries = Array.from({ length: 12 }, (_, i) =>
      center.refused(`page ${i}`, 'access.login', { username: 'quantri', password: `đoán lần ${i}` }),
    );
    const codes = (await Promise.all(tries)).map((e) => e.code);
    expect(codes.filter((code) => code === 'wrong_password')).toHaveLength(4);
    expect(codes.filter((code) => code === 'account_locked')).toHaveLength(8);
  });

  it('cannot be sent in parallel at an unlocked PC either, and are in the record', async () => {
    const center = await foundedCore();
    await hire(center, 'kiemsoat', ['kiem_soat']);
    const tries = Array.from({ length: 12 }, (_, i) =>
      center.refused('admin', 'access.changePassword', { current: `đoán lần ${i}`, next: 'hoa ban trắng' }),
    );
    const codes = (await Promise.all(tries)).map((e) => e.code);
    expect(codes.filter((code) => code === 'account_locked')).toHaveLength(7);
    const trail = await center.ok('kiemsoat', 'access.audit', {});
    expect(trail.filter((e) => e.what === 'audit.lockout')).toHaveLength(1);
  });

  it('count guesses of the own password at an unlocked PC too', async () => {
    const center = await foundedCore();
    for (let i = 0; i < 5; i++)
      await center.refused('admin', 'access.changePassword', {
        current: `đoán lần ${i}`,
        next: 'hoa ban trắng',
      });
    const right = { current: adminPassword, next: 'hoa ban trắng' };
    expect((await center.refused('admin', 'access.changePassword', right)).code).toBe('account_locked');
  });
});

describe('a PIN', () => {
  it('works no more once an administrator or the recovery key has set another password', async () => {
    const center = await foundedCore();
    const userId = await hire(center, 'dd.hoa', ['dieu_duong']);
    const pin = { username: 'dd.hoa', pin: '402917' };
    const setPin = () => center.ok('dd.hoa', 'access.setPin', { password: staffPassword, pin: pin.pin });
    await setPin();
    await center.ok('p', 'access.loginWithPin', pin);
    await center.ok('admin', 'access.resetPassword', { userId, password: 'mật khẩu đặt lại' });
    expect((await center.refused('p', 'access.loginWithPin', pin)).code).toBe('wrong_password');
    await center.ok('dd.hoa', 'access.login', { username: 'dd.hoa', password: 'mật khẩu đặt lại' });
    await center.ok('dd.hoa', 'access.changePassword', { current: 'mật khẩu đặt lại', next: staffPassword });
    await setPin();
    const { recoveryKey } = center;
    await center.ok('q', 'station.recover', {
      recoveryKey,
      username: 'dd.hoa',
      newPassword: 'hoa ban trắng',
    });
    expect((await center.refused('p', 'access.loginWithPin', pin)).code).toBe('wrong_password');
  });

  it('switches users while the store is open and never opens it', async () => {
    const center = await foundedCore();
    await hire(center, 'dd.hoa', ['dieu_duong']);
    await center.ok('dd.hoa', 'access.setPin', { password: staffPassword, pin: '260815' });
    const { session } = await center.ok('admin', 'access.loginWithPin', {
      username: 'dd.hoa',
      pin: '260815',
    });
    expect(session.username).toBe('dd.hoa');
    expect(center.events).toContainEqual({
      client: 'admin',
      message: { event: 'session', payload: { reason: 'switched' } },
    });
    const closed = await center.restart();
    const error = await closed.refused('p', 'access.loginWithPin', { username: 'dd.hoa', pin: '260815' });
    expect(error.code).toBe('store_closed');
  });

  it('is refused when it counts up, down or repeats one digit, and without the password', async () => {
    const center = await foundedCore();
    for (const pin of ['111111', '123456', '987654', '890123'])
      expect(
        (await center.refused('admin', 'access.setPin', { password: adminPassword, pin })).code,
        pin,
      ).toBe('weak_password');
    expect(
      (await center.refused('admin', 'access.setPin', { password: 'sai rồi nhé', pin: '260815' })).code,
    ).toBe('wrong_password');
  });

  it('counts wrong tries with the wrong passwords', async () => {
    const center = await foundedCore();
    await center.ok('admin', 'access.setPin', { password: adminPassword, pin: '260815' });
    for (let i = 0; i < 5; i++)
      await center.refused('p', 'access.loginWithPin', { username: 'quantri', pin: '400000' });
    expect(
      (await center.refused('p', 'access.login', { username: 'quantri', password: adminPassword })).code,
    ).toBe('account_locked');
  });
});

describe('locking', () => {
  it('locks an idle session by itself and denies every call until unlocked', async () => {
    const center = await foundedCore();
    await hire(center, 'dd.hoa', ['dieu_duong']);
    center.clock.now += 9 * minute;
    await center.ok('dd.hoa', 'access.touch', {});
    center.clock.now += 9 * minute;
    await center.ok('dd.hoa', 'patients.search', { text: 'a' });
    center.clock.now += 1 * minute;
    expect((await center.refused('dd.hoa', 'patients.search', { text: 'a' })).code).toBe('locked');
    expect((await center.refused('dd.hoa', 'drafts.list', {})).code).toBe('locked');
    expect(center.events).toContainEqual({
      client: 'dd.hoa',
      message: { event: 'session', payload: { reason: 'locked' } },
    });
    expect((await center.refused('dd.hoa', 'access.unlock', { secret: 'sai rồi nhé' })).code).toBe(
      'wrong_password',
    );
    const { session } = await center.ok('dd.hoa', 'access.unlock', { secret: staffPassword });
    expect(session.locked).toBe(false);
    await center.ok('dd.hoa', 'patients.search', { text: 'a' });
  });

  it('is not kept away by queries that a page repeats by itself', async () => {
    const center = await foundedCore();
    for (let i = 0; i < 11; i++) {
      center.clock.now += minute;
      await center.core.invoke('admin', 'station.settings', {});
    }
    expect((await center.refused('admin', 'station.settings', {})).code).toBe('locked');
  });

  it('unlocks with a PIN where there is one, for the same person only', async () => {
    const center = await foundedCore();
    await center.ok('admin', 'access.setPin', { password: adminPassword, pin: '260815' });
    await center.ok('admin', 'access.lock', {});
    expect((await center.refused('admin', 'access.touch', {})).code).toBe('locked');
    await center.ok('admin', 'access.unlock', { secret: '260815' });
    await center.ok('admin', 'access.touch', {});
  });

  it('follows the time the center sets', async () => {
    const center = await foundedCore();
    await center.ok('admin', 'station.saveSettings', { autoLockMinutes: 2 });
    center.clock.now += 2 * minute;
    expect((await center.refused('admin', 'station.settings', {})).code).toBe('locked');
  });
});

describe('drafts', () => {
  const draft = {
    key: 'entry:1',
    admissionId: null,
    patientId: null,
    content: 'Bệnh nhân tỉnh, tiếp xúc tốt',
  };

  it('are kept over lock, switch to another person, logout and restart', async () => {
    const center = await foundedCore();
    await hire(center, 'dd.hoa', ['dieu_duong']);
    await hire(center, 'bs.an', ['bac_si_dieu_tri']);
    await center.ok('dd.hoa', 'drafts.save', draft);
    await center.ok('dd.hoa', 'access.lock', {});
    await center.ok('dd.hoa', 'access.login', { username: 'bs.an', password: staffPassword });
    expect(await center.ok('dd.hoa', 'drafts.list', {})).toEqual([]);
    await center.ok('dd.hoa', 'access.logout', {});
    const restarted = await center.restart();
    await restarted.ok('p', 'access.login', { username: 'dd.hoa', password: staffPassword });
    expect(await restarted.ok('p', 'drafts.list', {})).toMatchObject([
      { key: 'entry:1', content: draft.content },
    ]);
    await restarted.ok('p', 'drafts.discard', { key: 'entry:1' });
    expect(await restarted.ok('p', 'drafts.list', {})).toEqual([]);
  });

  it('show whose they are about and never become part of the record', async () => {
    const center = await foundedCore();
    await hire(center, 'clerk', ['tiep_don']);
    const patientId = await registerPatient(center, 'clerk', 'Lò Văn Pâng');
    const feedsBefore = (await center.ok('admin', 'station.health', {})).store.feeds;
    await center.ok('clerk', 'drafts.save', { ...draft, patientId });
    await center.ok('clerk', 'drafts.save', { ...draft, patientId, content: 'viết tiếp' });
    expect(await center.ok('clerk', 'drafts.list', {})).toMatchObject([
      { patientName: 'Lò Văn Pâng', content: 'viết tiếp' },
    ]);
    expect((await center.ok('admin', 'station.health', {})).store.feeds).toEqual(feedsBefore);
  });

  it('have a limit in size', async () => {
    const center = await foundedCore();
    const content = 'a'.repeat(100_000);
    for (let i = 0; i < 20; i++) await center.ok('admin', 'drafts.save', { ...draft, key: `d${i}`, content });
    expect((await center.refused('admin', 'drafts.save', { ...draft, key: 'one more', content })).code).toBe(
      'too_large',
    );
    await center.ok('admin', 'drafts.save', { ...draft, key: 'd3', content: 'shorter' });
  });
});

describe('training mode', () => {
  it('leaves the printed passwords as they are', async () => {
    const center = await openTestCore({ mode: 'training' });
    const { testCenter } = await import('../support/open-test-core.ts');
    await center.ok('p', 'station.firstRun', testCenter);
    await center.ok('p', 'access.login', { username: 'quantri', password: adminPassword });
    expect(
      await center.refused('p', 'access.changePassword', { current: adminPassword, next: 'hoa ban trắng' }),
    ).toMatchObject({ code: 'not_allowed', messageKey: 'error.training_password_fixed' });
  });

  it('lets in an account made there without asking for a password it would not take', async () => {
    const center = await openTestCore({ mode: 'training' });
    const { testCenter } = await import('../support/open-test-core.ts');
    await center.ok('p', 'station.firstRun', testCenter);
    await center.ok('p', 'access.login', { username: 'quantri', password: adminPassword });
    const given = { username: 'giamdoc', password: 'hoa ban trắng' };
    await center.ok('p', 'access.createUser', {
      ...given,
      fullName: 'Hồ Sỹ Tuấn',
      title: null,
      roles: ['giam_doc'],
      wards: [],
    });
    expect(await center.ok('q', 'access.login', given)).toMatchObject({
      session: { mustChangePassword: false },
    });
  });
});
