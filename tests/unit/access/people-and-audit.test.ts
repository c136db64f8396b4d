// Accounts as the people screen changes them, the emergency opening of a chart, and the trail all of it leaves.
import { describe, expect, it } from 'vitest';
import { openAccounts } from '../../../electron/access/accounts.ts';
import { auditQueries, openAudit } from '../../../electron/access/audit.ts';
import { model as accessModel } from '../../../electron/access/index.ts';
import { ok } from '../../../shared/api/contract.ts';
import { userCreate, userUpdate } from '../../../shared/model/access.ts';
import {
  adminPassword,
  foundedCore,
  hire,
  registerPatient,
  staffPassword,
  type TestCore,
} from '../support/open-test-core.ts';
import { exchange, openTestStore, testNow } from '../support/open-test-store.ts';

const minute = 60_000;
const reason = 'Kiểm tra lỗi in tờ điều trị theo yêu cầu của trưởng khoa';

describe('accounts', () => {
  it('refuse weak passwords: short, common, the name itself, one letter over and over', async () => {
    const { refused } = await foundedCore();
    const account = { username: 'dieuduong2', fullName: 'A', title: null, roles: ['dieu_duong'], wards: [] };
    const weak = {
      ngắn: 'password_short',
      matkhau123: 'password_common',
      DieuDuong2: 'password_is_name',
      aaaaaaaaa: 'password_common',
    };
    for (const [password, key] of Object.entries(weak))
      expect(await refused('admin', 'access.createUser', { ...account, password })).toMatchObject({
        code: 'weak_password',
        fields: { password: `field.${key}` },
      });
  });

  it('have one name each and only roles that exist', async () => {
    const { refused } = await foundedCore();
    const account = { fullName: 'A', title: null, wards: [], password: staffPassword };
    expect(
      (
        await refused('admin', 'access.createUser', {
          ...account,
          username: 'QUANTRI',
          roles: ['dieu_duong'],
        })
      ).code,
    ).toBe('username_taken');
    expect(
      (await refused('admin', 'access.createUser', { ...account, username: 'moi', roles: ['constructor'] }))
        .fields,
    ).toEqual({ roles: 'field.bad_value' });
  });

  it('lose their session and their key to this PC at once when disabled', async () => {
    const center = await foundedCore();
    const userId = await hire(center, 'bs.an', ['bac_si_dieu_tri']);
    await center.ok('admin', 'access.updateUser', { userId, active: false });
    expect((await center.refused('bs.an', 'patients.search', { text: 'a' })).code).toBe('not_logged_in');
    const login = { username: 'bs.an', password: staffPassword };
    expect((await center.refused('p', 'access.login', login)).code).toBe('account_disabled');
    const restarted = await center.restart();
    expect((await restarted.refused('p', 'access.login', login)).code).toBe('account_unknown_here');
  });

  it('gain and lose permissions with the next call after a change of roles', async () => {
    const center = await foundedCore();
    const userId = await hire(center, 'dd.hoa', ['dieu_duong']);
    expect((await center.refused('dd.hoa', 'access.users', {})).code).toBe('not_allowed');
    await center.ok('admin', 'access.updateUser', { userId, roles: ['dieu_duong', 'quan_tri'] });
    await center.ok('dd.hoa', 'access.users', {});
  });

  it('never lose the last administrator', async () => {
    const center = await foundedCore();
    const [admin] = await center.ok('admin', 'access.users', {});
    const userId = admin!.id;
    for (const set of [{ active: false }, { roles: ['dieu_duong'] }])
      expect((await center.refused('admin', 'access.updateUser', { userId, ...set })).code).toBe(
        'last_administrator',
      );
    await hire(center, 'quantri2', ['quan_tri']);
    await center.ok('admin', 'access.updateUser', { userId, roles: ['dieu_duong'] });
  });

  it('must change a password an administrator has set', async () => {
    const center = await foundedCore();
    const userId = await hire(center, 'dd.hoa', ['dieu_duong']);
    await center.ok('admin', 'access.resetPassword', { userId, password: 'đặt lại tạm thời' });
    expect(
      (await center.refused('p', 'access.login', { username: 'dd.hoa', password: staffPassword })).code,
    ).toBe('wrong_password');
    const login = { username: 'dd.hoa', password: 'đặt lại tạm thời' };
    expect((await center.ok('p', 'access.login', login)).session.mustChangePassword).toBe(true);
  });

  it('keep a text size and language for the person on this PC', async () => {
    const center = await foundedCore();
    await center.ok('admin', 'access.savePreferences', { textScale: 130 });
    const { session } = await center.ok('admin', 'access.savePreferences', { language: 'en' });
    expect(session.preferences).toEqual({ textScale: 130, language: 'en', homeWard: null });
    expect((await center.ok('admin', 'access.roles', {}))[0]?.name).toBe('Reception clerk');
  });

  it('never show a verifier to any page', async () => {
    const center = await foundedCore();
    await hire(center, 'dd.hoa', ['dieu_duong']);
    const answers = [
      await center.ok('admin', 'access.users', {}),
      await center.ok('admin', 'access.session', {}),
      await center.ok('admin', 'station.status', {}),
    ];
    expect(JSON.stringify(answers)).not.toMatch(/argon2|verifier/);
  });
});

describe('accounts written on two PCs', () => {
  const create = (username: string) => ({
    username,
    fullName: 'Tên cũ',
    title: null,
    roles: ['dieu_duong'],
    wards: [],
    verifier: '$argon2id$none',
    mustChange: false,
  });
  const author = { userId: null, sessionId: null };

  it('keep a name corrected on one and an account disabled on the other', () => {
    const a = openTestStore([accessModel], { station: 'a' });
    const b = openTestStore([accessModel], { station: 'b' });
    a.write(author, (tx) => ok(tx.append(userCreate, { id: 'u1', body: create('dd.hoa') })));
    exchange(a, b);
    a.write(author, (tx) =>
      ok(tx.append(userUpdate, { id: 'u1', body: { set: { fullName: 'Tên mới' }, saw: {} } })),
    );
    b.write(author, (tx) =>
      ok(tx.append(userUpdate, { id: 'u1', body: { set: { active: false }, saw: {} } })),
    );
    exchange(a, b);
    const row = (store: typeof a) => store.sql.prepare('SELECT full_name, active FROM user_account').get();
    expect(row(a)).toEqual({ full_name: 'Tên mới', active: 0 });
    expect(row(b)).toEqual(row(a));
  });

  it('leave a name given away twice with the older account, on both', () => {
    const a = openTestStore([accessModel], { station: 'a', now: 1_000_000 });
    const b = openTestStore([accessModel], { station: 'b', now: 2_000_000 });
    b.write(author, (tx) => ok(tx.append(userCreate, { id: 'u1', body: create('dd.hoa') })));
    a.write(author, (tx) => ok(tx.append(userCreate, { id: 'u2', body: create('dd.hoa') })));
    exchange(a, b);
    const first = (store: typeof a) =>
      store.sql.prepare('SELECT id FROM user_account ORDER BY username, created').pluck().get();
    expect([first(a), first(b)]).toEqual(['u2', 'u2']);
  });
});

describe('breaking the glass', () => {
  async function withPatient(): Promise<TestCore & { patientId: string }> {
    const center = await foundedCore();
    await hire(center, 'bs.an', ['bac_si_dieu_tri']);
    await hire(center, 'kiemsoat', ['kiem_soat']);
    return { ...center, patientId: await registerPatient(center, 'bs.an', 'Giàng A Páo') };
  }

  it('opens one chart for half an hour, for reading only, and is in the audit with its reason', async () => {
    const { patientId, ...center } = await withPatient();
    const other = await registerPatient(center, 'bs.an', 'Sùng Thị Máy');
    expect((await center.refused('admin', 'allergies.get', { patientId })).code).toBe('not_allowed');
    const { until } = await center.ok('admin', 'access.breakGlass', { patientId, reason });
    expect(until).toBe(center.clock.now + 30 * minute);
    await center.ok('admin', 'allergies.get', { patientId });
    expect((await center.refused('admin', 'allergies.get', { patientId: other })).code).toBe('not_allowed');
    expect((await center.refused('admin', 'allergies.declareNone', { patientId })).code).toBe('not_allowed');
    expect((await center.refused('bs.an', 'access.auditOfPatient', { patientId })).code).toBe('not_allowed');
    const trail = await center.ok('kiemsoat', 'access.auditOfPatient', { patientId });
    expect(trail.find((e) => e.action === 'break_glass')).toMatchObject({
      userName: 'Lò Thị Mẩy',
      what: 'audit.break_glass',
      reason,
      patientName: 'Giàng A Páo',
      stationName: 'Máy tiếp đón',
    });
    center.clock.now += 31 * minute;
    await center.ok('admin', 'access.login', { username: 'quantri', password: adminPassword });
    expect((await center.refused('admin', 'allergies.get', { patientId })).code).toBe('not_allowed');
  });

  it('needs a reason worth reading, a person who exists, and the right to do it', async () => {
    const { patientId, ...center } = await withPatient();
    expect((await center.refused('admin', 'access.breakGlass', { patientId, reason: '  xem   ' })).code).toBe(
      'reason_required',
    );
    const nobody = '00000000-0000-4000-8000-000000000000';
    expect((await center.refused('admin', 'access.breakGlass', { patientId: nobody, reason })).code).toBe(
      'not_found',
    );
    expect((await center.refused('kiemsoat', 'access.breakGlass', { patientId, reason })).code).toBe(
      'not_allowed',
    );
  });

  it('holds for the person who did it only', async () => {
    const { patientId, ...center } = await withPatient();
    await hire(center, 'quantri2', ['quan_tri']);
    await center.ok('admin', 'access.breakGlass', { patientId, reason });
    expect((await center.refused('quantri2', 'allergies.get', { patientId })).code).toBe('not_allowed');
  });
});

describe('the audit', () => {
  it('shows who read a chart, once per ten minutes, and who wrote it', async () => {
    const center = await foundedCore();
    await hire(center, 'bs.an', ['bac_si_dieu_tri']);
    await hire(center, 'kiemsoat', ['kiem_soat']);
    const patientId = await registerPatient(center, 'bs.an', 'Giàng A Páo');
    for (let i = 0; i < 3; i++) await center.ok('bs.an', 'patients.get', { patientId });
    center.clock.now += 11 * minute;
    await center.ok('bs.an', 'access.login', { username: 'bs.an', password: staffPassword });
    await center.ok('bs.an', 'patients.get', { patientId });
    await center.ok('kiemsoat', 'access.login', { username: 'kiemsoat', password: staffPassword });
    const trail = await center.ok('kiemsoat', 'access.auditOfPatient', { patientId });
    expect(trail.map((e) => [e.action, e.what, e.userName, e.roleNames])).toEqual([
      ['read', 'patients.get', 'Người bs.an', ['Bác sĩ điều trị']],
      ['read', 'patients.get', 'Người bs.an', ['Bác sĩ điều trị']],
      ['write', 'patient.register', 'Người bs.an', ['Bác sĩ điều trị']],
    ]);
    const mine = await center.ok('kiemsoat', 'access.audit', { limit: 2 });
    expect(mine).toHaveLength(2);
    const [, second] = mine;
    const older = await center.ok('kiemsoat', 'access.audit', { before: second!.stamp, limit: 500 });
    expect(older.every((e) => e.at <= second!.at)).toBe(true);
    expect(older.length).toBeGreaterThan(5);
  });

  it('shows every entry on exactly one page, though the clock was set back between them', async () => {
    const center = await foundedCore();
    await hire(center, 'tiepdon', ['tiep_don']);
    await hire(center, 'kiemsoat', ['kiem_soat']);
    for (let i = 0; i < 6; i++) {
      center.clock.now += i === 3 ? -3 * 60 * minute : minute;
      await registerPatient(center, 'tiepdon', `Giàng A ${'ABCDEF'[i]}`);
    }
    const whole = await center.ok('kiemsoat', 'access.audit', { limit: 500 });
    const paged: typeof whole = [];
    for (let page = whole.slice(0, 0), first = true; first || page.length === 4; first = false) {
      const before = paged.at(-1)?.stamp;
      page = await center.ok('kiemsoat', 'access.audit', { limit: 4, ...(before && { before }) });
      paged.push(...page);
    }
    expect(paged).toEqual(whole);
  });

  it('does not name refused reads as reads', async () => {
    const center = await foundedCore();
    await hire(center, 'kiemsoat', ['kiem_soat']);
    await hire(center, 'bs.an', ['bac_si_dieu_tri']);
    const nobody = '00000000-0000-4000-8000-000000000000';
    await center.refused('bs.an', 'patients.get', { patientId: nobody });
    expect(await center.ok('kiemsoat', 'access.auditOfPatient', { patientId: nobody })).toEqual([]);
  });

  it('has a line for each reading about people of other centers', () => {
    const store = openTestStore([accessModel]);
    const caller = {
      userId: 'u1',
      sessionId: 's1',
      fullName: '',
      roles: [],
      permissions: new Set<never>(),
      wards: [],
    };
    const audit = openAudit({
      store,
      accounts: openAccounts(store),
      people: { nameOf: (id) => id ?? '', titleOf: () => null, stationName: (id) => id },
      languageOf: () => 'vi',
      patientNames: () => new Map(),
      now: () => testNow,
      log: () => {},
    });
    audit.logRead(caller, 'sync.lookup', null, false);
    audit.logRead(caller, 'sync.lookup', null, false);
    const ctx = { caller, now: () => testNow, can: () => true, undo: () => '' };
    const told = audit.handlers['access.audit']({ limit: 10 }, ctx);
    expect(told).toMatchObject({
      ok: true,
      value: [1, 2].map(() => ({ action: 'read', what: 'sync.lookup', userName: 'u1', patientName: null })),
    });
  });

  it('finds its rows by an index, however long the log', () => {
    const store = openTestStore([accessModel]);
    const plan = (sql: string, ...values: unknown[]) =>
      store.sql
        .prepare<unknown[], { detail: string }>(`EXPLAIN QUERY PLAN ${sql}`)
        .all(...values)
        .map((row) => row.detail)
        .join('\n');
    expect(plan(auditQueries.ofPatient, 'p', 'g', 10)).toContain('change_log_patient (patient=? AND hlc<?)');
    expect(plan(auditQueries.ofAuthor, 'u', 'g', 10)).toContain('change_log_author (author=? AND hlc<?)');
    expect(plan(auditQueries.ofAll, 'g', 10)).toContain('change_log_hlc (hlc<?)');
    expect(plan(auditQueries.openGlass, 'u', 0, 'p')).toContain(
      'audit_event_author (author=? AND action=? AND at>?)',
    );
    for (const [name, sql] of Object.entries(auditQueries)) {
      const values = {
        ofPatient: ['p', 'g', 1],
        ofAuthor: ['u', 'g', 1],
        ofAll: ['g', 1],
        openGlass: ['u', 0, 'p'],
      }[name];
      expect(plan(sql, ...(values ?? [])), name).not.toContain('TEMP B-TREE');
    }
  });
});
