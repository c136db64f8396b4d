// What an administrator is told of work a PC has not signed itself, and that looking into it is remembered: with a name,
// at every PC, and only until something is added.
import { describe, expect, it } from 'vitest';
import { authorLines, sawAuthor } from '../../../electron/core/authors.ts';
import { openCenterFacts } from '../../../electron/station/center.ts';
import type { OpenStore } from '../../../electron/store/types.ts';
import { exportFile, importFrom } from '../../../electron/sync/usb.ts';
import { keepVouching } from '../../../electron/sync/vouching.ts';
import { give, testNow } from '../support/open-test-store.ts';
import { carrierOf, folder, found, pc, type TestPc } from './support.ts';

const admin = { userId: 'quản trị', sessionId: null };
const inAWeek = testNow + 8 * 86_400_000;

/** As it does when it closes. */
const sign = ({ store, keyPem, certificatePem }: TestPc): void =>
  keepVouching({ store, keys: () => ({ keyPem, certificatePem }), everyMs: 60_000, log() {} }).close();

const needs = (store: OpenStore) => ({
  store,
  facts: openCenterFacts(store),
  people: { nameOf: (id: string | null) => id ?? '' },
  now: inAWeek,
});
function lineOf(store: OpenStore, of: TestPc) {
  const line = authorLines(needs(store)).find(({ stationId }) => stationId === of.store.station.id);
  if (!line) throw new Error('no line of that PC');
  return line;
}
const saw = (store: OpenStore, of: TestPc, mark = lineOf(store, of).mark) =>
  sawAuthor(needs(store), admin, of.store.station.id, mark);

async function center() {
  const [hub, ward, other] = await Promise.all([pc('a'), pc('w'), pc('c')]);
  found(hub, [ward, other]);
  give(hub.store, ward.store);
  ward.register('Một');
  ward.register('Hai');
  return { hub, ward, other };
}

describe('work a PC has not signed for a week', () => {
  it('is told until an administrator has looked into it, and again for what is added', async () => {
    const { hub, ward } = await center();
    give(ward.store, hub.store);
    expect(lineOf(hub.store, ward)).toMatchObject({
      unvouched: 2,
      sentence: { key: 'sync.author.late' },
      seen: null,
    });
    expect(saw(hub.store, ward)).toMatchObject({ ok: true });
    const seen = lineOf(hub.store, ward);
    expect(seen).toMatchObject({
      unvouched: 2,
      sentence: { key: 'sync.author.late' },
      seen: { by: 'quản trị' },
    });
    expect(seen.seen?.at).toBeGreaterThan(testNow);

    ward.register('Ba');
    give(ward.store, hub.store);
    expect(lineOf(hub.store, ward)).toMatchObject({
      unvouched: 1,
      sentence: { key: 'sync.author.late', params: { count: 1 } },
      seen: null,
    });
  });

  it('is seen at every PC of the center once it was at one', async () => {
    const { hub, ward, other } = await center();
    give(ward.store, hub.store);
    saw(hub.store, ward);
    give(hub.store, other.store);
    expect(lineOf(other.store, ward)).toMatchObject({ seen: { by: 'quản trị' } });
  });

  it('is not called seen when more of it came while the administrator read', async () => {
    const { hub, ward } = await center();
    give(ward.store, hub.store);
    const { mark } = lineOf(hub.store, ward);
    ward.register('Ba');
    give(ward.store, hub.store);
    expect(saw(hub.store, ward, mark)).toMatchObject({ ok: false, error: { code: 'stale' } });
    expect(lineOf(hub.store, ward).seen).toBeNull();
  });

  it('leaves nothing to look at once the PC has signed it', async () => {
    const { hub, ward } = await center();
    give(ward.store, hub.store);
    saw(hub.store, ward);
    sign(ward);
    give(ward.store, hub.store);
    expect(lineOf(hub.store, ward)).toMatchObject({ state: 'vouched', sentence: null, seen: null });
    expect(saw(hub.store, ward)).toMatchObject({ ok: false, error: { code: 'not_found' } });
  });
});

describe('work somebody wrote in a PC’s name', () => {
  it('stays contradicted after an administrator has looked into it, and is told anew when it goes on', async () => {
    const { hub, ward } = await center();
    const forger = await pc('w');
    for (const name of ['Giả một', 'Giả hai']) forger.register(name);
    sign(ward);
    lane(ward, hub.store, 2);
    lane(forger, hub.store, 0);
    const before = lineOf(hub.store, ward);
    expect(before).toMatchObject({ state: 'contradicted', from: '1.0.2', seen: null });
    expect(saw(hub.store, ward)).toMatchObject({ ok: true });
    expect(lineOf(hub.store, ward)).toMatchObject({
      state: 'contradicted',
      sentence: { key: 'sync.author.contradicted' },
      seen: { by: 'quản trị' },
    });
    forger.register('Giả ba');
    lane(forger, hub.store, 0);
    expect(lineOf(hub.store, ward)).toMatchObject({ state: 'contradicted', seen: null });
  });
});

it('is proven by a signature that came on a stick', async () => {
  const { hub, ward } = await center();
  sign(ward);
  const centerId = openCenterFacts(hub.store).center()?.id ?? '';
  const stick = folder();
  const written = await exportFile(carrierOf(ward, centerId), stick, 'outbox');
  if (!written.ok) throw new Error(written.error.code);
  expect(await importFrom(carrierOf(hub, centerId), written.value.path)).toMatchObject({ ok: true });
  expect(lineOf(hub.store, ward)).toMatchObject({ state: 'vouched', unvouched: 0, sentence: null });
  expect(lineOf(hub.store, ward).changes).toBe(3);
});

/** One lane only, as a hub may have it that knows the rest from elsewhere. */
function lane({ store }: TestPc, to: OpenStore, which: number): void {
  const feed = store.feeds().find((one) => one.lane === which && one.own);
  if (!feed) throw new Error('nothing in that lane');
  const held = to.feeds().find((one) => one.station === feed.station && one.lane === which)?.seq ?? 0;
  const taken = to.ingest(store.storedAfter(feed, held, 1_000));
  if (!taken.ok || taken.value.refused.length > 0) throw new Error('not taken in');
}
