// What the pages are told about sync, over a real core and a real store; how the line stands is set by the test.
import { describe, expect, it, vi } from 'vitest';
import { noSync } from '../../../electron/core/no-sync.ts';
import { openSyncDesk, type SyncDeskNeeds } from '../../../electron/core/sync.ts';
import { openCenterFacts } from '../../../electron/station/center.ts';
import { blobsOf } from '../../../electron/store/blobs.ts';
import type { Context } from '../../../electron/store/room.ts';
import type { OpenStore } from '../../../electron/store/types.ts';
import type { SyncFacts } from '../../../electron/sync/types.ts';
import { fail, ok } from '../../../shared/api/contract.ts';
import { permissions } from '../../../shared/api/permissions.ts';
import { SyncPage } from '../../../shared/api/sync.ts';
import { foundedCore, hire, openTestCore, registerPatient, testCenter } from '../support/open-test-core.ts';
import { testNow } from '../support/open-test-store.ts';
import { found, pc } from './support.ts';

const ctx = (allowed: readonly string[] = permissions): Context => ({
  caller: { userId: 'u', sessionId: 's', fullName: '', roles: [], permissions: new Set(), wards: [] },
  now: () => testNow,
  can: (permission) => allowed.includes(permission),
  undo: () => '',
});

function desk(store: OpenStore | null, facts: Partial<SyncFacts> = {}, more: Partial<SyncDeskNeeds> = {}) {
  const base = noSync();
  if (store) base.attach(store);
  const center = store && openCenterFacts(store);
  const opened = openSyncDesk({
    sync: { ...base, facts: () => ({ ...base.facts(), ...facts }) },
    appVersion: '0.1.0',
    people: {
      nameOf: (id) => id ?? '',
      titleOf: () => null,
      stationName: (id) => center?.stationName(id) ?? id,
    },
    center: () => center,
    stationKey: () => null,
    store: () => store,
    patientNames: (ids) => new Map(ids.map((id) => [id, 'Lò Văn Bền'])),
    logRead: () => {},
    mode: 'real',
    training: undefined,
    drives: async () => [],
    frames: () => ({ pack: async () => null, unpack: async () => null }),
    changed: () => {},
    now: () => testNow,
    log: () => {},
    ...more,
  });
  return { ...opened, handlers: store ? opened.attach(store) : null };
}

describe('the sync page', () => {
  it('tells what was handed back: what it is, whose, who wrote it where, why', async () => {
    const a = await pc('a');
    found(a, []);
    const patient = a.register('Lò Văn Bền');
    const refused = [
      {
        station: a.store.station.id,
        incarnation: 1,
        lane: 0 as const,
        seq: 1,
        reason: 'unreadable',
        where: 'province',
        at: testNow,
      },
    ];
    const { handlers } = desk(a.store, { refused });
    const page = await handlers?.['sync.page']({}, ctx());
    expect(page).toMatchObject({
      ok: true,
      value: {
        refused: [
          {
            what: 'change.patient.register',
            where: 'province',
            patientId: patient,
            patientName: 'Lò Văn Bền',
            station: 'a',
            reason: { key: 'sync.refused.unreadable' },
          },
        ],
        stations: [{ name: 'a', code: '01', thisPc: true, version: '0.1.0', revokedAt: null }],
      },
    });
    if (page?.ok) expect(SyncPage.parse(page.value)).toEqual(page.value);
    const noNames = await handlers?.['sync.page']({}, ctx([]));
    expect(noNames?.ok && noNames.value.refused[0]?.patientName).toBeNull();
  });

  it('lists what this PC set aside itself, and asks for attention for some days', async () => {
    const [a, copy] = [await pc('a'), await pc('a')];
    found(a, []);
    a.register('Bản thứ nhất');
    copy.register('Bản thứ hai');
    const given = copy.store.feeds().flatMap((feed) => copy.store.storedAfter(feed, 0, 10));
    const report = a.store.ingest(given);
    expect(report.ok && report.value.refused.length).toBeGreaterThan(0);
    const { handlers, visitorHandlers } = desk(a.store, { target: 'province' });
    const page = await handlers?.['sync.page']({}, ctx());
    expect(page?.ok && page.value.refused[0]).toMatchObject({
      where: 'here',
      what: 'change.patient.register',
    });
    const visitor = { client: 'c', caller: null, now: () => testNow };
    expect(await visitorHandlers['sync.status']({}, visitor)).toMatchObject({
      value: { state: 'attention', sentence: { key: 'sync.attention.forked' } },
    });
    const later = desk(a.store, { target: 'province' }, { now: () => testNow + 4 * 86_400_000 });
    expect(await later.visitorHandlers['sync.status']({}, visitor)).not.toMatchObject({
      value: { state: 'attention' },
    });
  });

  it('shows each lane, also those with nothing waiting', async () => {
    const a = await pc('a');
    found(a, []);
    const waiting = [{ lane: 1 as const, count: 3, since: 5 }];
    const { handlers } = desk(a.store, { target: 'province', waiting });
    const page = await handlers?.['sync.page']({}, ctx());
    expect(page?.ok && page.value.lanes).toEqual([
      { lane: 0, waiting: 0, since: null },
      { lane: 1, waiting: 3, since: 5 },
      { lane: 2, waiting: 0, since: null },
    ]);
    const alone = await desk(a.store, { waiting }).handlers?.['sync.page']({}, ctx());
    expect(alone?.ok && alone.value.lanes.every((lane) => lane.waiting === 0)).toBe(true);
  });

  it('counts no file for the switch-off that the record does not name', async () => {
    const a = await pc('a');
    const kept = await blobsOf(a.store).put(Buffer.from('a signed PDF'));
    const off = async () => {
      const page = await desk(a.store, { running: true, target: 'province' }).handlers?.['sync.page'](
        {},
        ctx(),
      );
      return page?.ok && page.value.status.switchOff.sentence.key;
    };
    expect(await off()).toBe('sync.off.at_province');
    a.store.local((sql) =>
      sql.prepare('insert into document_file values (?, ?, ?)').run('d', kept.ok && kept.value, 'p'),
    );
    expect(await off()).toBe('sync.off.files');
  });

  it('has it written down here too when somebody was shown people of another center, not when nobody was', async () => {
    const a = await pc('a');
    found(a, []);
    const person = {
      centerName: 'Trung tâm Y tế Quỳ Hợp',
      fullName: 'Lô Thị Xuân',
      sex: '2',
      birthDate: '1972',
      address: null,
      identifiers: [],
      allergies: [],
      stays: [],
      asOf: testNow,
      because: ['identifier' as const],
    };
    const read: unknown[] = [];
    const asked = async (people: (typeof person)[]) => {
      const sync = {
        ...noSync(),
        lookup: async () => ({ state: 'answered' as const, people, at: testNow }),
      };
      const { handlers } = desk(
        a.store,
        {},
        {
          sync,
          logRead: (caller, method, patientId) => read.push([caller.userId, method, patientId]),
        },
      );
      return handlers?.['sync.lookup']({ cccd: '040172001234' }, ctx());
    };
    expect(await asked([])).toMatchObject({ ok: true, value: { people: [] } });
    expect(read).toEqual([]);
    expect(await asked([person])).toMatchObject({ ok: true, value: { people: [person] } });
    expect(read).toEqual([['u', 'sync.lookup', null]]);
  });

  it('is for whoever is logged in; managing is for who manages the PCs', async () => {
    const center = await foundedCore();
    await hire(center, 'hoa', ['dieu_duong']);
    expect((await center.ok('hoa', 'sync.page', {})).status.state).toBe('standalone');
    expect(await center.refused('hoa', 'sync.invite', {})).toMatchObject({ code: 'not_allowed' });
    expect(
      await center.refused('hoa', 'sync.revokeStation', { stationId: 'a'.repeat(32), reason: 'x' }),
    ).toMatchObject({ code: 'not_allowed' });
    expect(await center.refused('nobody', 'sync.page', {})).toMatchObject({ code: 'not_logged_in' });
    expect((await center.ok('nobody', 'sync.status', {})).state).toBe('standalone');
  });
});

describe('revoking', () => {
  it('is never of the PC one sits at', async () => {
    const center = await foundedCore();
    const [station] = (await center.ok('admin', 'sync.page', {})).stations;
    expect(
      await center.refused('admin', 'sync.revokeStation', { stationId: station?.id ?? '', reason: 'nhầm' }),
    ).toMatchObject({ messageKey: 'error.revoke_this_pc' });
  });
});

describe('places', () => {
  it('are answered for the rows of a screen, unknown ones left out', async () => {
    const center = await foundedCore();
    await hire(center, 'hoa', ['tiep_don']);
    const id = await registerPatient(center, 'hoa', 'Lò Văn Bền');
    const { places } = await center.ok('admin', 'sync.places', {
      subjects: [
        { type: 'patient', id },
        { type: 'patient', id: crypto.randomUUID() },
      ],
    });
    expect(places).toEqual([{ type: 'patient', id, place: 'here' }]);
  });
});

describe('the pages', () => {
  it('hear that something changed at once, then at most once a second', async () => {
    const a = await pc('a');
    found(a, []);
    vi.useFakeTimers();
    try {
      let told = 0;
      const opened = desk(a.store, {}, { changed: () => told++ });
      for (let n = 0; n < 20; n++) a.register('Người');
      expect(told).toBe(1);
      await vi.advanceTimersByTimeAsync(999);
      expect(told).toBe(1);
      await vi.advanceTimersByTimeAsync(1);
      expect(told).toBe(2);
      await vi.advanceTimersByTimeAsync(10_000);
      expect(told).toBe(2);
      a.register('Người');
      expect(told).toBe(3);
      opened.close();
    } finally {
      vi.useRealTimers();
    }
  });

  it('hear of it as an event of the core', async () => {
    const center = await foundedCore();
    expect(center.events.map(({ message }) => message)).toContainEqual({
      event: 'changed',
      payload: { areas: ['sync'] },
    });
  });
});

describe('the line in training', () => {
  const visitor = { client: 'c', caller: null, now: () => testNow };
  it('is nobody’s to turn in real work', async () => {
    const a = await pc('a');
    found(a, []);
    const { visitorHandlers, handlers } = desk(a.store);
    expect(await visitorHandlers['sync.line']({}, visitor)).toEqual(ok({ line: null }));
    expect(await handlers?.['sync.setLine']({ line: 'cut' }, ctx())).toMatchObject({
      error: { code: 'not_allowed' },
    });
    expect(await handlers?.['sync.secondStation']({}, ctx())).toMatchObject({
      error: { code: 'not_allowed' },
    });
  });

  it('is what the training program says it is', async () => {
    const a = await pc('a');
    found(a, []);
    let line: 'good' | 'weak' | 'cut' = 'good';
    const training = {
      line: () => line,
      setLine: (to: typeof line) => {
        line = to;
      },
      onLine: () => {},
      secondStation: async () => ok({ address: 'http://127.0.0.1:7001/' }),
      opened: () => {},
    };
    const { visitorHandlers, handlers } = desk(a.store, {}, { training });
    await handlers?.['sync.setLine']({ line: 'weak' }, ctx());
    expect(await visitorHandlers['sync.line']({}, visitor)).toEqual(ok({ line: 'weak' }));
    expect(await handlers?.['sync.secondStation']({}, ctx())).toEqual(
      ok({ address: 'http://127.0.0.1:7001/' }),
    );
  });
});

describe('training', () => {
  it('never reaches a real province or center, only what runs on the same PC', async () => {
    const a = await pc('a');
    found(a, []);
    const { visitorHandlers, handlers } = desk(a.store, {}, { mode: 'training' });
    const visitor = { client: 'c', caller: null, now: () => testNow };
    for (const address of [
      'tinh.example.vn',
      '10.0.0.5:7443',
      '127.0.0.1.example.vn',
      'localhost@10.0.0.5',
    ]) {
      const refusal = { error: { messageKey: 'error.training_stays_here' } };
      expect(await handlers?.['sync.enrol']({ address, code: 'x' }, ctx())).toMatchObject(refusal);
      expect(
        await visitorHandlers['sync.join']({ address, code: 'x', stationName: 'b' }, visitor),
      ).toMatchObject(refusal);
    }
    expect(await handlers?.['sync.enrol']({ address: '127.0.0.1:7443', code: 'x' }, ctx())).toMatchObject({
      error: { code: 'peer_unreachable' },
    });
  });
});

describe('writing to a stick', () => {
  it('goes to the only one there when none is named, and never guesses between two', async () => {
    const center = await foundedCore();
    const wrote = await center.refused('admin', 'sync.export', { folder: '/khong/co', what: 'all' });
    expect(wrote.code).toBe('no_such_folder');
  });

  it('needs a center: a PC that is being set up has nothing to carry', async () => {
    const fresh = await openTestCore();
    expect(await fresh.refused('p', 'sync.export', { folder: '/tmp', what: 'all' })).toMatchObject({
      code: 'not_logged_in',
    });
    await fresh.ok('p', 'station.firstRun', testCenter);
    const a = await pc('a');
    const { handlers } = desk(a.store);
    expect(await handlers?.['sync.export']({ folder: '/tmp', what: 'all' }, ctx())).toEqual(
      fail('not_found'),
    );
    expect(await handlers?.['sync.import']({ path: '/tmp' }, ctx())).toEqual(fail('not_found'));
  });
});
