// The one door: whatever comes in, a Result goes out, and nobody reaches a handler their role may not.
import { describe, expect, it } from 'vitest';
import { contract, type Method } from '../../../shared/api/index.ts';
import { permissionsOf, roles } from '../../../shared/codes/roles.ts';
import { foundedCore, hire, openTestCore, registerPatient } from '../support/open-test-core.ts';

describe('the door', () => {
  it('refuses methods that are not in the contract, also those every object has', async () => {
    const center = await foundedCore();
    for (const method of [
      '__proto__',
      'constructor',
      'toString',
      'hasOwnProperty',
      '',
      'patients.drop',
      'x'.repeat(9999),
    ])
      expect((await center.refused('admin', method, {})).code).toBe('unknown_method');
  });

  it('answers unknown_method to a method name that is no text', async () => {
    const center = await foundedCore();
    const hostile: unknown[] = [null, 7, {}, ['station.status'], { toString: () => 'station.status' }];
    for (const method of hostile)
      expect((await center.refused('admin', method as string, {})).code).toBe('unknown_method');
  });

  it('refuses input over a megabyte, endless nesting and cycles without reading them through', async () => {
    const { refused } = await foundedCore();
    expect((await refused('admin', 'access.login', { username: 'a'.repeat(2_000_000) })).code).toBe(
      'too_large',
    );
    const cycle: Record<string, unknown> = {};
    cycle.self = cycle;
    expect((await refused('admin', 'access.login', cycle)).code).toBe('bad_input');
    let deep: unknown = 'end';
    for (let i = 0; i < 100; i++) deep = [deep];
    expect((await refused('admin', 'access.login', { username: deep })).code).toBe('bad_input');
  });

  it('names each field at fault with a key the page has a sentence for', async () => {
    const { refused } = await foundedCore();
    const error = await refused('admin', 'access.createUser', {
      username: 'Có Dấu',
      fullName: '   ',
      title: 'x'.repeat(61),
      roles: [],
      wards: 'none',
    });
    expect(error).toEqual({
      code: 'bad_input',
      messageKey: 'error.bad_input',
      fields: {
        username: 'field.bad_username',
        fullName: 'field.required',
        title: 'field.too_long',
        roles: 'field.required',
        wards: 'field.bad_value',
        password: 'field.required',
      },
    });
  });

  it('refuses lone surrogates and control characters in what people type', async () => {
    const { refused } = await foundedCore();
    const input = {
      username: 'nurse',
      title: null,
      roles: ['dieu_duong'],
      wards: [],
      password: 'mùa lúa chín',
    };
    for (const fullName of ['\ud800', 'a\u0000b'])
      expect((await refused('admin', 'access.createUser', { ...input, fullName })).fields).toEqual({
        fullName: 'field.broken_text',
      });
  });

  it('does not let a polluted prototype in the input through', async () => {
    const center = await foundedCore();
    const polluted: unknown = JSON.parse(
      '{"__proto__": {"username": "quantri"}, "constructor": {"prototype": 1}}',
    );
    expect((await center.refused('x', 'access.login', polluted)).code).toBe('bad_input');
    expect(Object.hasOwn(Object.prototype, 'username')).toBe(false);
  });
});

describe('before anybody is logged in', () => {
  it('answers public methods only', async () => {
    const center = await foundedCore();
    for (const [method, procedure] of Object.entries(contract)) {
      if (procedure.access === 'public') continue;
      expect((await center.refused('stranger', method, {})).code, method).toBe('not_logged_in');
    }
  });

  it('offers the code lists while there is no store yet', async () => {
    const center = await openTestCore();
    const { provinces, departments } = await center.ok('page', 'catalogues.small', {});
    expect(provinces.length).toBe(34);
    expect(departments.some((d) => d.code === 'K03')).toBe(true);
  });
});

describe('roles', () => {
  it('lets each role call what it grants and refuses everything else, before looking at the input', async () => {
    const center = await foundedCore();
    for (const role of roles) {
      const username = role.id.replaceAll('_', '-');
      await hire(center, username, [role.id]);
      const may = permissionsOf([role.id]);
      for (const [method, { access, input }] of Object.entries(contract)) {
        if (access === 'public' || access === 'session' || input.safeParse({}).success) continue;
        const answer = await center.refused(username, method, {});
        const expected = may.has(access) ? 'bad_input' : 'not_allowed';
        expect([role.id, method, answer.code]).toEqual([role.id, method, expected]);
      }
    }
  }, 60_000);

  it('keeps the separations: nurses give no orders, reception sees no chart, IT reads no chart, auditors only audit', () => {
    expect(permissionsOf(['dieu_duong']).has('orders.write')).toBe(false);
    expect(permissionsOf(['dd_truong']).has('orders.write')).toBe(false);
    expect(permissionsOf(['dieu_duong']).has('notes.write')).toBe(true);
    expect(permissionsOf(['tiep_don']).has('chart.read')).toBe(false);
    expect(permissionsOf(['thu_ngan']).has('chart.read')).toBe(false);
    expect(permissionsOf(['quan_tri']).has('chart.read')).toBe(false);
    expect([...permissionsOf(['kiem_soat'])]).toEqual(['audit.read']);
    expect([...permissionsOf(['constructor', 'no_such_role'])]).toEqual([]);
  });

  it('has twenty roles, each with both names', () => {
    expect(roles.length).toBe(20);
    expect(new Set(roles.map((r) => r.id)).size).toBe(20);
    for (const role of roles)
      expect(role.vi && role.en && role.viDescription && role.enDescription).toBeTruthy();
  });

  it('refuses a person whose password must be changed everything but changing it', async () => {
    const center = await foundedCore();
    const password = 'mật khẩu đầu tiên';
    await center.ok('admin', 'access.createUser', {
      username: 'bs.moi',
      fullName: 'Bác sĩ Mới',
      title: null,
      roles: ['bac_si_dieu_tri'],
      wards: [],
      password,
    });
    const { session } = await center.ok('p', 'access.login', { username: 'bs.moi', password });
    expect(session.mustChangePassword).toBe(true);
    expect(await center.refused('p', 'patients.search', { text: 'a' })).toMatchObject({
      code: 'not_allowed',
      messageKey: 'error.must_change_password',
    });
    await center.ok('p', 'access.changePassword', { current: password, next: 'một mật khẩu khác' });
    await center.ok('p', 'patients.search', { text: 'a' });
  });
});

describe('when something breaks', () => {
  it('answers `internal` and logs where, without what was typed', async () => {
    const center = await foundedCore();
    await hire(center, 'clerk', ['tiep_don']);
    await registerPatient(center, 'clerk', 'Nguyễn Thị Bí Mật');
    await center.core.close();
    const answer = await center.core.invoke('clerk', 'patients.search', { text: 'Nguyễn Thị Bí Mật' });
    expect(answer).toMatchObject({ ok: false });
    expect(JSON.stringify(center.logged)).not.toContain('Bí Mật');
  });

  it('has an area answer every method of the contract', async () => {
    const center = await foundedCore();
    const unanswered: Method[] = [];
    await hire(center, 'all', ['truong_khoa', 'tiep_don', 'quan_tri', 'kiem_soat', 'dd_truong']);
    for (const method of Object.keys(contract) as Method[]) {
      if (method === 'access.logout' || method === 'access.lock') continue;
      center.logged.length = 0;
      await center.core.invoke('all', method, {});
      if (center.logged.some((l) => l.message === 'no area answers this method')) unanswered.push(method);
    }
    expect(unanswered).toEqual([]);
  });
});
