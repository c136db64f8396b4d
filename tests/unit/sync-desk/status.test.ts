// The status cell never says more than is proven.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { noFacts } from '../../../electron/sync/facts.ts';
import {
  type LocalFacts,
  parkedSentence,
  peerSentence,
  refusedSentence,
  statusOf,
} from '../../../electron/sync/status.ts';
import type { PeerFacts, SyncFacts } from '../../../electron/sync/types.ts';
import { SyncStatus } from '../../../shared/api/sync.ts';
import { syncSentences } from '../../../shared/api/sync-sentences.ts';
import type { EndCode } from '../../../shared/sync/session-types.ts';

const now = Date.UTC(2026, 10, 22, 3, 0);
const hourAgo = now - 3_600_000;

const local: LocalFacts = {
  now,
  lastSavedAt: hourAgo,
  onlyHere: { count: 0, since: null },
  filesOnlyHere: 0,
  lastOwnAt: hourAgo,
  forked: 0,
};
const alone: SyncFacts = { ...noFacts, running: true };
const peer = (more: Partial<PeerFacts>): PeerFacts => ({
  id: 'province',
  kind: 'province',
  name: 'Sở Y tế',
  address: 'tinh.example.vn:7443',
  state: 'connected',
  end: null,
  nextTryAt: null,
  sending: false,
  receiving: false,
  caughtUp: true,
  lastContactAt: now - 1000,
  lastVerifiedAt: now - 60_000,
  clockOffsetMs: 40,
  bytesPerSecond: 8000,
  version: '0.1.0',
  transport: 'websocket',
  ...more,
});
const hub = (more: Partial<PeerFacts> = {}): PeerFacts =>
  peer({ id: 'b'.repeat(32), kind: 'hub', name: 'Máy hành chính', ...more });
const enrolled = (peers: PeerFacts[], more: Partial<SyncFacts> = {}): SyncFacts => ({
  ...alone,
  target: 'province',
  province: { address: 'tinh.example.vn', name: 'Sở Y tế', enrolledAt: 0 },
  peers,
  ...more,
});
const waiting = [
  { lane: 0 as const, count: 2, since: hourAgo },
  { lane: 1 as const, count: 3, since: hourAgo - 60_000 },
  { lane: 2 as const, count: 0, since: null },
];
const left = { count: 5, since: hourAgo - 60_000 };
const onlyHere = { onlyHere: { count: 5, since: hourAgo - 60_000 } };
const said = (facts: SyncFacts, more: Partial<LocalFacts> = {}) => {
  const status = statusOf(facts, { ...local, ...more });
  expect(SyncStatus.parse(status)).toEqual(status);
  return {
    state: status.state,
    key: status.sentence.key,
    off: status.switchOff,
    params: status.sentence.params,
  };
};

describe('a PC by itself', () => {
  it('says that all is saved here, and only here', () => {
    expect(said(alone)).toMatchObject({
      state: 'standalone',
      key: 'sync.status.standalone',
      off: { safe: false, sentence: { key: 'sync.off.standalone' } },
    });
  });

  it('says nothing of what waits while the store is closed', () => {
    expect(said({ ...alone, running: false })).toMatchObject({
      state: 'off',
      off: { safe: false, sentence: { key: 'sync.off.unknown' } },
    });
  });
});

describe('with a province', () => {
  it('says "at the province" only when nothing waits and both ends were proven equal', () => {
    expect(said(enrolled([peer({})]))).toMatchObject({
      state: 'current',
      key: 'sync.status.at_province',
      params: { when: now - 60_000 },
      off: { safe: true, sentence: { key: 'sync.off.at_province' } },
    });
    expect(said(enrolled([peer({ lastVerifiedAt: null })]))).toMatchObject({
      state: 'busy',
      key: 'sync.status.checking',
    });
    expect(said(enrolled([peer({ caughtUp: false })])).key).toBe('sync.status.checking');
  });

  it('says what is on its way, how much and since when', () => {
    const sending = enrolled([peer({ sending: true, caughtUp: false })], { waiting });
    expect(said(sending, onlyHere)).toMatchObject({
      state: 'busy',
      key: 'sync.status.sending',
      params: { name: 'Sở Y tế', ...left },
      off: { safe: false, sentence: { key: 'sync.off.sending', params: left } },
    });
    expect(said(enrolled([peer({ receiving: true, caughtUp: false })])).key).toBe('sync.status.receiving');
  });

  it('away: says what waits, since when, and when it last answered; the PC may be switched off, but it is only here', () => {
    const away = enrolled([peer({ state: 'away', end: 'closed', lastContactAt: hourAgo, caughtUp: false })], {
      waiting,
    });
    expect(said(away, onlyHere)).toMatchObject({
      state: 'waiting',
      key: 'sync.status.waiting',
      params: { name: 'Sở Y tế', ...left, contact: hourAgo },
      off: { safe: false, sentence: { key: 'sync.off.only_here', params: left } },
    });
    const never = enrolled([peer({ state: 'away', end: 'not_tram', lastContactAt: null })], { waiting });
    expect(said(never, onlyHere).key).toBe('sync.status.waiting_never_met');
  });

  it('away with nothing waiting still says that it is away', () => {
    expect(said(enrolled([peer({ state: 'away', lastContactAt: hourAgo })]))).toMatchObject({
      state: 'waiting',
      key: 'sync.status.away',
      off: { safe: true, sentence: { key: 'sync.off.at_province' } },
    });
  });

  it('away while a hub holds everything: safe to switch off, not at the province yet', () => {
    const facts = enrolled([peer({ state: 'away', lastContactAt: null }), hub()], { waiting });
    expect(said(facts)).toMatchObject({
      state: 'waiting',
      key: 'sync.status.hub_then_province',
      params: { name: 'Máy hành chính', ...left },
      off: { safe: true, sentence: { key: 'sync.off.at_hub', params: { name: 'Máy hành chính' } } },
    });
  });

  it('reached through the hub alone: current when the hub has told that the province holds all', () => {
    const facts = enrolled([peer({ state: 'away', lastContactAt: null }), hub()]);
    expect(said(facts)).toMatchObject({ state: 'current', key: 'sync.status.at_province_by_hub' });
  });
});

describe('with a hub and no province', () => {
  const facts = (more: Partial<PeerFacts>, extra: Partial<SyncFacts> = {}): SyncFacts => ({
    ...alone,
    target: 'hub',
    peers: [hub(more)],
    ...extra,
  });
  it('names the hub, never the province', () => {
    expect(said(facts({}))).toMatchObject({
      state: 'current',
      key: 'sync.status.at_hub',
      off: { safe: true, sentence: { key: 'sync.off.at_hub' } },
    });
    expect(said(facts({ state: 'away', lastContactAt: hourAgo }, { waiting }), onlyHere)).toMatchObject({
      key: 'sync.status.waiting',
      off: { sentence: { key: 'sync.off.only_here' } },
    });
  });

  it('the hub itself tells how many it serves, and is safe when one of them is proven equal since the last save', () => {
    const station = hub({ kind: 'station', name: 'Máy cấp cứu' });
    const serving = { ...alone, hub: { serving: true, addresses: [], connected: 1 } };
    expect(said({ ...serving, peers: [station] }, onlyHere)).toMatchObject({
      state: 'current',
      key: 'sync.status.serving',
      params: { count: 1 },
      off: { safe: true, sentence: { key: 'sync.off.elsewhere' } },
    });
    expect(said({ ...serving, peers: [station] }, { ...onlyHere, lastOwnAt: now }).off).toMatchObject({
      safe: false,
      sentence: { key: 'sync.off.only_here' },
    });
    expect(said(serving, onlyHere)).toMatchObject({ state: 'waiting', key: 'sync.status.serving_nobody' });
  });
});

describe('with files that are only here', () => {
  it('says so, also where every entry is elsewhere or a PC that comes here is proven equal', () => {
    const files = { filesOnlyHere: 3 };
    expect(said(enrolled([peer({})]), files).off).toEqual({
      safe: false,
      sentence: { key: 'sync.off.files', params: { files: 3 } },
    });
    expect(said(enrolled([peer({})], { waiting }), { ...onlyHere, ...files }).off).toMatchObject({
      safe: false,
      sentence: { key: 'sync.off.with_files', params: { ...onlyHere.onlyHere, files: 3 } },
    });
    const twin = hub({ kind: 'station', name: 'Máy cấp cứu' });
    const serving = { ...alone, hub: { serving: true, addresses: [], connected: 1 }, peers: [twin] };
    expect(said(serving, { ...onlyHere, ...files }).off).toMatchObject({
      safe: false,
      sentence: { key: 'sync.off.files' },
    });
  });
});

describe('attention', () => {
  const first = (facts: SyncFacts, more: Partial<LocalFacts> = {}) => said(facts, more).key;
  it('is asked for when a person must do something', () => {
    expect(first(enrolled([peer({})], { revoked: true }))).toBe('sync.attention.revoked');
    for (const end of ['update_needed', 'wrong_peer', 'wrong_center', 'not_enrolled', 'disk_full'] as const)
      expect(first(enrolled([peer({ state: 'refusing', end })]))).toBe(`sync.attention.${end}`);
    expect(first(enrolled([peer({})], { statesDiffer: { peer: 'province', at: now } }))).toBe(
      'sync.attention.states_differ',
    );
    expect(first(enrolled([peer({})]), { forked: 1 })).toBe('sync.attention.forked');
    expect(
      first(
        enrolled([peer({})], {
          refused: [
            { station: 'a', incarnation: 1, lane: 0, seq: 1, reason: 'unreadable', where: 'province', at: 0 },
          ],
        }),
      ),
    ).toBe('sync.attention.refused');
    expect(first(enrolled([peer({ clockOffsetMs: -600_000 })]))).toBe('sync.attention.clock_ahead');
    expect(first(enrolled([peer({ clockOffsetMs: 600_000 })]))).toBe('sync.attention.clock_behind');
  });

  it('is not asked for because of a stranger’s hub on the same LAN', () => {
    const stranger = hub({ state: 'refusing', end: 'wrong_center', lastContactAt: null });
    expect(said(enrolled([peer({}), stranger])).state).toBe('current');
    expect(said({ ...alone, peers: [stranger] }).state).toBe('standalone');
  });

  it('leaves what may be switched off as it is', () => {
    expect(said(enrolled([peer({})], { revoked: true, waiting }), onlyHere).off.safe).toBe(false);
  });
});

const ends: EndCode[] = [
  'closed',
  'silent',
  'garbled',
  'not_tram',
  'wrong_peer',
  'wrong_center',
  'not_enrolled',
  'revoked',
  'update_needed',
  'busy',
  'disk_full',
  'internal',
];
const maybe = <T>(arb: fc.Arbitrary<T>) => fc.option(arb, { nil: null });
const instant = fc.integer({ min: now - 1e9, max: now });
const anyPeer = fc.record<PeerFacts>({
  id: fc.constantFrom('province', 'b'.repeat(32)),
  kind: fc.constantFrom('province', 'hub', 'station'),
  name: fc.constant('tên'),
  address: fc.constant(null),
  state: fc.constantFrom('connected', 'connecting', 'away', 'refusing', 'found'),
  end: maybe(fc.constantFrom(...ends)),
  nextTryAt: maybe(instant),
  sending: fc.boolean(),
  receiving: fc.boolean(),
  caughtUp: fc.boolean(),
  lastContactAt: maybe(instant),
  lastVerifiedAt: maybe(instant),
  clockOffsetMs: maybe(fc.integer({ min: -1e6, max: 1e6 })),
  bytesPerSecond: fc.constant(null),
  version: fc.constant(null),
  transport: fc.constantFrom('websocket', 'post', null),
});
const anyBacklog = fc.record({ count: fc.nat(5), since: maybe(instant) });
const anyFacts = fc.record({
  running: fc.boolean(),
  peers: fc.array(anyPeer, { maxLength: 3 }),
  target: fc.constantFrom('province' as const, 'hub' as const, null),
  waiting: anyBacklog.map((w) => [{ lane: 0 as const, ...w }]),
  hub: fc.boolean().map((serving) => ({ serving, addresses: [], connected: 0 })),
  revoked: fc.boolean(),
});

describe('in any situation', () => {
  it('says a sentence that exists, with all its blanks', () => {
    const check = (told: { key: string; params?: Record<string, unknown> | undefined }) => {
      const blanks: readonly string[] | undefined = Object.hasOwn(syncSentences, told.key)
        ? syncSentences[told.key as keyof typeof syncSentences]
        : undefined;
      expect({ key: told.key, blanks: Object.keys(told.params ?? {}).sort() }).toEqual({
        key: told.key,
        blanks: [...(blanks ?? ['no such sentence'])].sort(),
      });
    };
    fc.assert(
      fc.property(anyFacts, anyBacklog, fc.nat(1), (facts, here, forked) => {
        const status = statusOf({ ...alone, ...facts }, { ...local, onlyHere: here, forked });
        check(status.sentence);
        check(status.switchOff.sentence);
        for (const one of facts.peers) check(peerSentence(one, now));
      }),
    );
    for (const reason of [
      'fork',
      'broken_chain',
      'unreadable',
      'displaced',
      'sealed',
      'something new',
      'other',
    ])
      check(refusedSentence({ reason }));
    for (const reason of ['unknown_kind', 'missing_ref', 'unshowable', 'something new'])
      check(parkedSentence(reason));
  });

  it('never says that the province has it while something waits for the province', () => {
    const claims = new Set([
      'sync.status.at_province',
      'sync.status.at_province_by_hub',
      'sync.off.at_province',
    ]);
    fc.assert(
      fc.property(anyFacts, anyBacklog, (facts, here) => {
        const status = statusOf({ ...alone, ...facts }, { ...local, onlyHere: here });
        const claimed = [status.sentence.key, status.switchOff.sentence.key].filter((key) => claims.has(key));
        if (claimed.length > 0) expect(status.waiting.count).toBe(0);
        if (claims.has(status.sentence.key)) expect(status.state).toBe('current');
      }),
    );
  });

  it('never calls it safe to switch off while something exists only here, but for a twin proven equal since', () => {
    fc.assert(
      fc.property(anyFacts, anyBacklog, (facts, here) => {
        const { switchOff } = statusOf({ ...alone, ...facts }, { ...local, onlyHere: here });
        const twin = facts.peers.some(
          (p) =>
            p.kind === 'station' &&
            p.state === 'connected' &&
            p.caughtUp &&
            (p.lastVerifiedAt ?? 0) >= hourAgo,
        );
        if (here.count > 0 && !twin) expect(switchOff.safe).toBe(false);
      }),
    );
  });
});
