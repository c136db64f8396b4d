// What the long histories of tests/torture/sync-sim.test.ts brought to light, each as one meeting of two places.
import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { Told } from '../../../shared/sync/drive.ts';
import { type Branch, theirsStays } from '../../../shared/sync/forks.ts';
import { feedKey } from '../../../shared/sync/port.ts';
import { decodeFrame } from '../../../shared/sync/wire.ts';
import { contents, headsOf, type Meeting, meet, place, write } from './support/places.ts';

const some = (count: number, into: ReturnType<typeof place>, lane: 0 | 1 | 2, text = 'Mạch'): void => {
  for (let i = 0; i < count; i++) write(into, lane, { text: `${text} ${i}`, n: i });
};
const typesOf = (meeting: Meeting): string[] => meeting.messages.map((m) => decodeFrame(m.bytes).type);
const toldTypes = (told: readonly Told[]): string[] => told.map((t) => t.type);

/** A place that holds what another holds. */
async function copyOf(of: ReturnType<typeof place>, number: number): Promise<ReturnType<typeof place>> {
  const copy = place(number);
  const meeting = await meet(of, copy);
  await meeting.pass(5_000);
  meeting.cut();
  expect(contents(copy)).toEqual(contents(of));
  return copy;
}

it('goes on with the lower lanes on a line fast enough that nothing ever waits in it', async () => {
  const [a, b] = [place(1), place(2, true)];
  const meeting = await meet(a, b);
  await meeting.pass(1_000);
  // one by one, so that nothing of it is compressed away
  for (let i = 0; i < 60; i++) {
    write(a, 1, { text: crypto.randomUUID().repeat(12), n: i });
    meeting.initiator.grew();
    await meeting.quiet();
  }
  some(1, a, 2);
  meeting.initiator.grew();
  await meeting.quiet();
  expect(contents(b)).toEqual(contents(a));
});

it('proves that both hold the same also when something was written between the first words and the first frame', async () => {
  const [a, b] = [place(1), place(2, true)];
  some(3, b, 1);
  const before = await meet(a, b);
  await before.pass(5_000);
  before.cut();
  const meeting = await meet(a, b, { onFirstWords: () => some(1, a, 0) });
  await meeting.pass(20_000);
  expect(contents(b)).toEqual(contents(a));
  expect(toldTypes(meeting.told.initiator)).toContain('caughtUp');
  expect(toldTypes(meeting.told.initiator)).toContain('verified');
});

it('sends what is new at a first meeting of two places that hold nothing', async () => {
  const [a, b] = [place(1), place(2, true)];
  const meeting = await meet(a, b);
  await meeting.pass(1_000);
  some(2, a, 0);
  meeting.initiator.grew();
  await meeting.pass(5_000);
  expect(contents(b)).toEqual(contents(a));
});

it('proves equality again from time to time on a line where nothing moves', async () => {
  const [a, b] = [place(1), place(2, true)];
  some(3, a, 1);
  const meeting = await meet(a, b);
  await meeting.pass(30_000);
  const proofs = (): number => typesOf(meeting).filter((type) => type === 'digest').length;
  const early = proofs();
  // another copy of this station brought something that is not sent to who bears its name
  some(1, b, 2);
  expect(headsOf(b)).not.toEqual(headsOf(a));
  await meeting.pass(10 * 60_000);
  expect(proofs()).toBeGreaterThan(early);
  expect(contents(a)).toEqual(contents(b));
});

it('says that the other branch is at the province as soon as the peer tells so, and believes it when it has it', async () => {
  const writer = place(7);
  some(4, writer, 1, 'chung');
  const station = await copyOf(writer, 1);
  const hub = await copyOf(writer, 2);
  // two copies of the writer's PC went on; one was heard by the station, the other by the hub
  const twin = place(7);
  some(4, twin, 1, 'chung');
  some(3, writer, 1, 'một');
  some(2, twin, 1, 'hai');
  for (const [from, to] of [
    [writer, station],
    [twin, hub],
  ] as const) {
    const meeting = await meet(from, to);
    await meeting.pass(5_000);
    meeting.cut();
  }
  const meeting = await meet(station, hub, {
    onTold(who, told, current) {
      if (who !== 'initiator' || told.type !== 'forked' || !told.theirsAtProvince) return;
      const key = feedKey(told.feed);
      const rows = station.feeds.get(key) ?? [];
      if (rows.length < told.seq) return;
      station.feeds.set(key, rows.slice(0, told.seq - 1));
      const lane = station.lanes[told.feed.lane];
      lane.splice(0, lane.length, ...lane.filter((row) => feedKey(row.feed) !== key || row.seq < told.seq));
      queueMicrotask(() => current().initiator.tell({ type: 'displaced', feed: told.feed, seq: told.seq }));
    },
  });
  await meeting.pass(5_000);
  expect(meeting.told.initiator.filter((t) => t.type === 'forked' && t.theirsAtProvince)).toEqual([]);
  meeting.responder.tell({
    type: 'provinceHolds',
    heads: headsOf(hub).filter((h) => h.station === writer.station),
  });
  await meeting.pass(5_000);
  const forked = meeting.told.initiator.find((t) => t.type === 'forked' && t.theirsAtProvince);
  expect(forked).toMatchObject({ seq: 5, theirsAtProvince: true });
  expect(contents(station)).toEqual(contents(hub));
  const held = meeting.told.initiator.filter((t) => t.type === 'heldByProvince').flatMap((t) => t.heads);
  expect(held.map((h) => [h.station, h.seq])).toContainEqual([writer.station, 6]);
});

it('stays what it is when a copy of it writes under another incarnation, and still gets what that wrote', async () => {
  const [a, copy, b] = [place(1), place(1), place(2, true)];
  copy.incarnation = 2;
  for (let i = 0; i < 3; i++) {
    some(1, a, 1);
    some(1, copy, 1);
    for (const one of [a, copy, a]) {
      const meeting = await meet(one, b);
      await meeting.pass(5_000);
      meeting.cut();
    }
    expect(contents(a)).toEqual(contents(b));
  }
  expect([a.incarnation, copy.incarnation]).toEqual([1, 2]);
});

it('lets exactly one of two stations yield, and always the one that meets the province', () => {
  const branch = fc.record({ hash: fc.stringMatching(/^[0-9a-f]{32}$/), atProvince: fc.boolean() });
  fc.assert(
    fc.property(branch, branch, (a: Branch, b: Branch) => {
      fc.pre(a.hash !== b.hash);
      expect(theirsStays(a, b)).toBe(!theirsStays(b, a));
      // whatever the province once held: it may have been put back to an older state since
      expect(theirsStays(a, b, true)).toBe(true);
    }),
  );
});
