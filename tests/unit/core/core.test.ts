// What the composition root itself promises: undo, events, closing, never throwing.
import { describe, expect, it } from 'vitest';
import { changedAreas } from '../../../electron/core/events.ts';
import { openUndo } from '../../../electron/core/undo.ts';
import { ok } from '../../../shared/api/contract.ts';
import {
  foundedCore,
  hire,
  openTestCore,
  registerPatient,
  staffPassword,
} from '../support/open-test-core.ts';

describe('undo', () => {
  it('takes a command back once, within its seconds, by appending the opposite', async () => {
    const center = await foundedCore();
    await hire(center, 'bs.an', ['bac_si_dieu_tri']);
    const patientId = await registerPatient(center, 'bs.an', 'Giàng A Páo');
    const { undo } = await center.ok('bs.an', 'allergies.declareNone', { patientId });
    expect((await center.ok('bs.an', 'allergies.get', { patientId })).status).toBe('none_known');
    const changes = (await center.ok('admin', 'station.health', {})).store.changes;
    await center.ok('bs.an', 'undo.apply', { undo: undo ?? '' });
    expect((await center.ok('bs.an', 'allergies.get', { patientId })).status).toBe('not_asked');
    expect((await center.ok('admin', 'station.health', {})).store.changes).toBeGreaterThan(changes);
    expect((await center.refused('bs.an', 'undo.apply', { undo })).code).toBe('undo_expired');
  });

  it('expires', async () => {
    const center = await foundedCore();
    await hire(center, 'bs.an', ['bac_si_dieu_tri']);
    const patientId = await registerPatient(center, 'bs.an', 'Giàng A Páo');
    const { undo } = await center.ok('bs.an', 'allergies.declareNone', { patientId });
    center.clock.now += 11_000;
    expect((await center.refused('bs.an', 'undo.apply', { undo })).code).toBe('undo_expired');
    expect((await center.ok('bs.an', 'allergies.get', { patientId })).status).toBe('none_known');
  });

  it('belongs to the session that did it', async () => {
    const center = await foundedCore();
    await hire(center, 'bs.an', ['bac_si_dieu_tri']);
    await hire(center, 'bs.binh', ['bac_si_dieu_tri']);
    const patientId = await registerPatient(center, 'bs.an', 'Giàng A Páo');
    const { undo } = await center.ok('bs.an', 'allergies.declareNone', { patientId });
    expect((await center.refused('bs.binh', 'undo.apply', { undo })).code).toBe('undo_expired');
    await center.ok('bs.an', 'access.login', { username: 'bs.binh', password: staffPassword });
    expect((await center.refused('bs.an', 'undo.apply', { undo })).code).toBe('undo_expired');
  });

  it('forgets what nobody took back', () => {
    let now = 0;
    const { register } = openUndo(() => now);
    const caller = {
      userId: 'u',
      sessionId: 's',
      fullName: '',
      roles: [],
      permissions: new Set<never>(),
      wards: [],
    };
    const tokens = new Set<string>();
    for (let i = 0; i < 1000; i++) {
      now += 60_000;
      tokens.add(register(caller, () => ok(null)));
    }
    expect(tokens.size).toBe(1000);
  });
});

describe('events', () => {
  it('tell every page which area changed, and about whom when it is one patient', async () => {
    const center = await foundedCore();
    await hire(center, 'clerk', ['tiep_don']);
    center.events.length = 0;
    const patientId = await registerPatient(center, 'clerk', 'Giàng A Páo');
    expect(center.events).toContainEqual({
      client: null,
      message: { event: 'changed', payload: { areas: ['patients', 'conflicts'], patientId } },
    });
  });

  it('name an area for every kind of subject the areas write', async () => {
    const { allModels } = await import('../../../electron/core.ts');
    const subjects = new Set(allModels.flatMap((m) => m.kinds.map((k) => k.subject)));
    for (const subject of subjects) expect(changedAreas(new Set([subject])), subject).not.toEqual([]);
  });

  it('stop for whoever no longer listens', async () => {
    const center = await foundedCore();
    let heard = 0;
    const stop = center.core.subscribe(() => heard++);
    await hire(center, 'clerk', ['tiep_don']);
    expect(heard).toBeGreaterThan(0);
    stop();
    const before = heard;
    await registerPatient(center, 'clerk', 'Giàng A Páo');
    expect(heard).toBe(before);
  });
});

describe('two pages', () => {
  it('have sessions of their own on one store', async () => {
    const center = await foundedCore();
    await hire(center, 'clerk', ['tiep_don']);
    await center.ok('clerk', 'access.logout', {});
    expect((await center.ok('clerk', 'access.session', {})).session).toBeNull();
    expect((await center.ok('admin', 'access.session', {})).session?.username).toBe('quantri');
  });
});

describe('names and numbers', () => {
  it('mint numbers with the code of this PC and the letter of its incarnation', async () => {
    const center = await foundedCore();
    await hire(center, 'clerk', ['tiep_don']);
    const { recordNumber } = await center.ok('clerk', 'patients.register', {
      demographics: { fullName: 'Giàng A Páo', sex: '1' },
    });
    expect(recordNumber).toBe('2601A00001');
  });

  it('say who wrote by name, also after the name was corrected', async () => {
    const center = await foundedCore();
    const userId = await hire(center, 'clerk', ['tiep_don']);
    const patientId = await registerPatient(center, 'clerk', 'Giàng A Páo');
    expect((await center.ok('clerk', 'patients.get', { patientId })).registeredBy).toBe('Người clerk');
    await center.ok('admin', 'access.updateUser', { userId, fullName: 'Vàng Thị Dợ' });
    expect((await center.ok('clerk', 'patients.get', { patientId })).registeredBy).toBe('Vàng Thị Dợ');
  });
});

describe('a second program on the same folder', () => {
  it('is told the store is in use and changes nothing', async () => {
    const center = await foundedCore();
    const second = await openTestCore({ dataDir: center.dataDir, clock: center.clock });
    const login = { username: 'quantri', password: 'ba con mèo đen' };
    expect((await second.refused('p', 'access.login', login)).code).toBe('store_in_use');
    expect(await second.ok('p', 'station.status', {})).toMatchObject({
      phase: 'problem',
      problem: 'store_in_use',
    });
    await center.core.close();
    await second.ok('p', 'access.login', login);
  });
});
