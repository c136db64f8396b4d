// What two places may rely on when they meet: nothing is lost, nothing counts twice, and nothing is claimed that
// was not proven.
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { answerHello, makeHello } from '../../../shared/sync/greet.ts';
import { createSession } from '../../../shared/sync/session.ts';
import { decodeFrame, encodeFrame } from '../../../shared/sync/wire.ts';
import { propertyRuns } from '../support/property-runs.ts';
import { contents, headsOf, meet, place, write } from './support/places.ts';
import { sha256 } from './support/zstd.ts';

const some = (count: number, into: ReturnType<typeof place>, lane: 0 | 1 | 2 = 1) => {
  for (let i = 0; i < count; i++) write(into, lane, { text: `Mạch ${60 + (i % 40)}, nhiệt độ 37`, n: i });
};
const typesOf = (meeting: Awaited<ReturnType<typeof meet>>, from: 'initiator' | 'responder') =>
  meeting.messages.filter((m) => m.from === from).map((m) => decodeFrame(m.bytes).type);
const toldTypes = (told: readonly { type: string }[]) => told.map((t) => t.type);

it('brings both to the same at a first meeting, and proves it', async () => {
  const [a, b] = [place(1), place(2, true)];
  some(700, a);
  some(3, a, 0);
  some(300, b);
  const meeting = await meet(a, b);
  await meeting.pass(5_000);
  expect(contents(a)).toEqual(contents(b));
  expect(toldTypes(meeting.told.initiator)).toContain('verified');
  expect(toldTypes(meeting.told.responder)).toContain('verified');
  expect([...a.held.get(b.station)!.values()]).toHaveLength(3);
  meeting.cut();
});

it('goes on from its cursor after each cut of its first meeting when it held nothing, without exchanging vectors', async () => {
  const [a, b] = [place(1), place(2, true)];
  some(300, b);
  for (let cutAfter = 2; contents(a).length < contents(b).length; cutAfter += 1) {
    const meeting = await meet(a, b, { cutAfter });
    await meeting.pass(4_000);
    meeting.cut();
    await meeting.ends();
    expect(typesOf(meeting, 'responder')).not.toContain('vector');
    expect(typesOf(meeting, 'initiator')).not.toContain('vector');
  }
  expect(a.accepted).toBe(300);
  expect(a.repeated).toBe(0);
  const last = await meet(a, b);
  await last.pass(5_000);
  expect(toldTypes(last.told.initiator)).toContain('verified');
});

it('sends nothing but the proof when nothing is new', async () => {
  const [a, b] = [place(1), place(2, true)];
  some(50, a);
  const first = await meet(a, b);
  await first.pass(20_000);
  first.cut();
  const second = await meet(a, b);
  await second.quiet();
  expect(second.messages.map((m) => decodeFrame(m.bytes).type)).toEqual([]);
  expect(toldTypes(second.told.initiator)).toContain('verified');
});

it('pushes only what is new at the next meeting', async () => {
  const [a, b] = [place(1), place(2, true)];
  some(50, a);
  some(50, b);
  const first = await meet(a, b);
  await first.pass(20_000);
  first.cut();
  some(5, a);
  some(2, b, 0);
  a.accepted = b.accepted = 0;
  const second = await meet(a, b);
  await second.pass(5_000);
  expect(contents(a)).toEqual(contents(b));
  expect([a.accepted, b.accepted]).toEqual([2, 5]);
  expect(typesOf(second, 'initiator').filter((t) => t === 'changes')).toHaveLength(1);
  expect(headsOf(a)).toHaveLength(3);
});

it('passes on what is written while the line is up', async () => {
  const [a, b] = [place(1), place(2, true)];
  const meeting = await meet(a, b);
  await meeting.pass(5_000);
  write(a, 1, { text: 'Huyết áp 120/80' });
  meeting.initiator.grew();
  await meeting.quiet();
  write(b, 0, { text: 'Dị ứng penicillin' });
  meeting.responder.grew();
  await meeting.pass(15_000);
  expect(contents(a)).toEqual(contents(b));
  expect(toldTypes(meeting.told.initiator).filter((t) => t === 'verified').length).toBeGreaterThan(1);
});

it('repeats at most one frame per cut, wherever that happens, and counts nothing twice', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(
        fc.record({
          a: fc.tuple(fc.nat(60), fc.nat(60), fc.nat(60)),
          b: fc.tuple(fc.nat(40), fc.nat(40), fc.nat(40)),
          cutAfter: fc.nat(14),
        }),
        { minLength: 1, maxLength: 5 },
      ),
      async (rounds) => {
        const [a, b] = [place(1), place(2, true)];
        for (const round of rounds) {
          for (const lane of [0, 1, 2] as const) {
            some(round.a[lane], a, lane);
            some(round.b[lane], b, lane);
          }
          const meeting = await meet(a, b, { cutAfter: round.cutAfter });
          await meeting.pass(4_000);
          meeting.cut();
          await meeting.ends();
        }
        const last = await meet(a, b);
        await last.pass(5_000);
        expect(contents(a)).toEqual(contents(b));
        expect(a.repeated + b.repeated).toBeLessThanOrEqual(rounds.length);
        expect(a.accepted).toBe(contents(a).filter((line) => line.startsWith(b.station)).length);
        expect(b.accepted).toBe(contents(b).filter((line) => line.startsWith(a.station)).length);
        expect(toldTypes(last.told.initiator)).toContain('verified');
        last.cut();
      },
    ),
    {
      numRuns: propertyRuns(30),
      // what a peer brought just before the cut was once sent back to it
      examples: [
        [
          [
            { a: [0, 0, 0], b: [1, 0, 0], cutAfter: 1 },
            { a: [0, 0, 1], b: [2, 1, 1], cutAfter: 8 },
          ],
        ],
      ],
    },
  );
});

it('sends the urgent lane first, whatever waits in the others', async () => {
  const [a, b] = [place(1), place(2, true)];
  some(400, a, 2);
  some(400, a, 1);
  some(5, a, 0);
  const meeting = await meet(a, b, { start: { resync: false } });
  await meeting.pass(2_000);
  const lanes = meeting.messages
    .map((m) => decodeFrame(m.bytes))
    .flatMap((f) => (f.type === 'changes' ? [f.lane] : []));
  expect(lanes).toEqual([...lanes].sort());
  expect(new Set(lanes)).toEqual(new Set([0, 1, 2]));
});

it('lets an urgent change overtake what has not been sent yet', async () => {
  const [a, b] = [place(1), place(2, true)];
  const empty = await meet(a, b);
  await empty.pass(5_000);
  some(3_000, a, 2);
  empty.initiator.grew();
  await Promise.resolve();
  write(a, 0, { text: 'Dị ứng' });
  empty.initiator.grew();
  await empty.pass(5_000);
  const lanes = empty.messages
    .map((m) => decodeFrame(m.bytes))
    .flatMap((f) => (f.type === 'changes' ? [f.lane] : []));
  expect(lanes.indexOf(0)).toBeLessThanOrEqual(1);
  expect(contents(a)).toEqual(contents(b));
});

it('asks for what is missing before a run, and gets it', async () => {
  const [a, b] = [place(1), place(2, true)];
  some(20, a);
  const first = await meet(a, b);
  await first.pass(5_000);
  first.cut();
  // the province was put back to an older state without knowing it
  const feed = [...b.feeds.keys()][0]!;
  b.feeds.set(feed, b.feeds.get(feed)!.slice(0, 8));
  b.lanes[1].splice(8);
  some(4, a);
  const second = await meet(a, b);
  await second.pass(5_000);
  expect(toldTypes(second.told.initiator)).toContain('verified');
  expect(contents(a)).toEqual(contents(b));
});

it('pulls back its own tail when it is a restored copy, and goes on under another incarnation', async () => {
  const [a, b] = [place(1), place(2, true)];
  some(20, a);
  const first = await meet(a, b);
  await first.pass(5_000);
  first.cut();
  const feed = [...a.feeds.keys()][0]!;
  a.feeds.set(feed, a.feeds.get(feed)!.slice(0, 8));
  a.lanes[1].splice(8);
  const second = await meet(a, b);
  expect(a.incarnation).toBe(2);
  some(3, a);
  second.initiator.grew();
  await second.pass(15_000);
  expect(contents(a)).toEqual(contents(b));
  expect(contents(a)).toHaveLength(23);
  expect(toldTypes(second.told.initiator)).toContain('verified');
});

it('finds the number at which two branches part, and pulls the other one when its own is set aside', async () => {
  const [a, b] = [place(1), place(2, true)];
  some(30, a);
  const first = await meet(a, b);
  await first.pass(5_000);
  first.cut();
  // a clone of the PC wrote 31… and the province has those; this PC wrote others
  const [clone, other] = [place(1), place(3, true)];
  some(30, clone);
  for (let i = 0; i < 200; i++) write(clone, 1, { text: 'bản sao', i });
  const cloned = await meet(clone, b);
  await cloned.pass(5_000);
  cloned.cut();
  expect(other.end).toBe(0);
  for (let i = 0; i < 90; i++) write(a, 1, { text: 'bản gốc', i });
  const second = await meet(a, b, {
    onTold(who, told, meeting) {
      if (who !== 'initiator' || told.type !== 'forked') return;
      const key = `${told.feed.station}.${told.feed.incarnation}.${told.feed.lane}`;
      a.feeds.set(key, a.feeds.get(key)!.slice(0, told.seq - 1));
      a.lanes[1].splice(told.seq - 1);
      queueMicrotask(() => meeting().initiator.tell({ type: 'displaced', feed: told.feed, seq: told.seq }));
    },
  });
  await second.pass(15_000);
  const forks = second.told.initiator.filter((t) => t.type === 'forked');
  expect(forks.map((t) => t.type === 'forked' && t.seq)).toContain(31);
  expect(contents(a)).toEqual(contents(b));
});

it('asks once more for bytes that do not hold together, and takes them when they do then', async () => {
  const [a, b] = [place(1), place(2, true)];
  some(20, a);
  let looked = 0;
  b.unreadable.has = (seq) => seq === 12 && looked++ === 0;
  const meeting = await meet(a, b);
  await meeting.pass(5_000);
  expect(looked).toBeGreaterThan(0);
  expect(contents(a)).toEqual(contents(b));
  expect(toldTypes(meeting.told.initiator)).not.toContain('refused');
  meeting.cut();
});

it('ends when it is asked for a feed it never had: the line has changed a name', async () => {
  const [a, b] = [place(1), place(2, true)];
  some(3, a);
  const meeting = await meet(a, b);
  await meeting.pass(5_000);
  const feed = { station: 'e'.repeat(32), incarnation: 1, lane: 1 } as const;
  meeting.initiator.tell({ type: 'frame', bytes: encodeFrame({ type: 'need', feed, from: 1 }) });
  expect((await meeting.ends()).initiator).toMatchObject({ code: 'garbled' });
});

it('sets a change aside that the other cannot read, says so, and lets everything else through', async () => {
  const [a, b] = [place(1), place(2, true)];
  b.unreadable.add(12);
  some(20, a, 1);
  some(10, a, 2);
  const meeting = await meet(a, b);
  await meeting.pass(30_000);
  expect(meeting.told.initiator).toContainEqual(
    expect.objectContaining({ type: 'refused', seq: 12, reason: 'unreadable' }),
  );
  expect(headsOf(b).map((h) => [h.lane, h.seq])).toEqual(
    expect.arrayContaining([
      [1, 11],
      [2, 10],
    ]),
  );
  expect(toldTypes(meeting.told.initiator)).not.toContain('verified');
  // what is not there is never remembered as there
  expect([...a.held.get(b.station)!.values()].every((h) => h.lane !== 1 || h.seq <= 11)).toBe(true);
});

it('takes from a station that only delivers, and shows it nothing', async () => {
  const [a, b] = [place(1), place(2, true)];
  some(20, a);
  some(20, b);
  const meeting = await meet(a, b, { mode: 'deliver' });
  await meeting.pass(20_000);
  expect(headsOf(b)).toHaveLength(2);
  expect(headsOf(a)).toHaveLength(1);
  expect(typesOf(meeting, 'responder')).not.toContain('changes');
  expect(toldTypes(meeting.told.initiator)).not.toContain('verified');
});

it('notices that the line is dead after 25 s of silence, and keeps an idle one alive', async () => {
  const [a, b] = [place(1), place(2, true)];
  const meeting = await meet(a, b);
  await meeting.pass(120_000);
  expect(meeting.told.initiator.some((t) => t.type === 'offset' && t.ms === 0)).toBe(true);
  let ended = false;
  void meeting.initiator.ended.then(() => {
    ended = true;
  });
  await meeting.quiet();
  expect(ended).toBe(false);
});

it('passes on what the province holds, in numbers the other end can check itself', async () => {
  const [a, hub] = [place(1), place(2)];
  some(9, a);
  const meeting = await meet(a, hub);
  await meeting.pass(5_000);
  meeting.responder.tell({ type: 'provinceHolds', heads: headsOf(hub) });
  meeting.responder.tell({
    type: 'provinceHolds',
    heads: headsOf(hub).map((h) => ({ ...h, hash: 'f'.repeat(64) })),
  });
  await meeting.quiet();
  const told = meeting.told.initiator.filter((t) => t.type === 'heldByProvince');
  expect(told).toEqual([{ type: 'heldByProvince', heads: headsOf(a), whole: null }]);
});

it('delivers again to a province that was put back to an older state, also when it was revoked', async () => {
  const [a, b] = [place(1), place(2, true)];
  const before = await meet(a, b);
  await before.pass(5_000);
  before.cut();
  some(3, a);
  const first = await meet(a, b, { revoked: true });
  await first.pass(5_000);
  first.cut();
  expect(contents(b)).toHaveLength(3);
  b.end = 0;
  for (const rows of [b.lanes[1], ...b.feeds.values()]) rows.splice(0);
  b.feeds.clear();
  const second = await meet(a, b, { revoked: true });
  await second.pass(5_000);
  expect(contents(b)).toEqual(contents(a));
});

it.each([{ revoked: true }, { mode: 'deliver' as const }])(
  'delivers again what first words say nothing of: written under an earlier incarnation ($revoked $mode)',
  async (oneWay) => {
    const [a, b] = [place(1), place(2, true)];
    write(b, 0, { text: 'a cursor to stand at', n: 0 });
    const before = await meet(a, b);
    await before.pass(5_000);
    before.cut();
    some(3, a);
    const first = await meet(a, b, oneWay);
    await first.pass(5_000);
    first.cut();
    expect(contents(b)).toHaveLength(4);
    b.end = 1;
    b.lanes[1].splice(0);
    for (const [key, rows] of b.feeds) if (rows[0]?.feed.station === a.station) b.feeds.delete(key);
    a.incarnation = 2;
    some(1, a);
    const second = await meet(a, b, oneWay);
    await second.pass(5_000);
    expect(contents(b)).toEqual(contents(a));
    expect(typesOf(second, 'responder')).not.toContain('changes');
  },
);

it('delivers without waiting for a vector, which a body of POST would not bring in time', async () => {
  const [a, b] = [place(1), place(2, true)];
  some(3, a);
  const common = { station: a.station, incarnation: 1, dictionaries: [], app: '0.2.0' } as const;
  const hello = makeHello({ ...common, heads: headsOf(a), known: null, mode: 'deliver' }, sha256);
  const by = { ...common, station: b.station, isProvince: true, store: b.store, wall: () => 0 };
  const answer = await answerHello(hello, { ...by, mode: 'both' }, sha256);
  if (!('welcome' in answer)) throw new Error(answer.end);
  expect(answer.welcome).toMatchObject({ vectorsNeeded: true, mode: 'deliver' });
  const begun = createSession({
    role: 'initiator',
    hello,
    welcome: answer.welcome,
    held: [],
    rate: null,
    now: 0,
    wall: () => 0,
    sha256,
  }).begin();
  expect(begun.map((effect) => effect.type)).toContain('pack');
});
