// A line of which nothing is known yet: how it is told that the other end is near, and what near ends gain by it.
import { expect, it } from 'vitest';
import { createFlow, LAN_RATE } from '../../../shared/sync/flow.ts';
import { createSession } from '../../../shared/sync/session.ts';
import { decodeFrame, encodeFrame } from '../../../shared/sync/wire.ts';
import { contents, meet, place, write } from './support/places.ts';
import { sha256 } from './support/zstd.ts';

const some = (count: number, into: ReturnType<typeof place>) => {
  for (let i = 0; i < count; i++) write(into, 1, { text: `Mạch ${60 + (i % 40)}, nhiệt độ 37`, n: i });
};
const framesOf = (meeting: Awaited<ReturnType<typeof meet>>, from: 'initiator' | 'responder') =>
  meeting.messages.filter((m) => m.from === from).map((m) => decodeFrame(m.bytes).type);
const until = async (condition: () => boolean): Promise<void> => {
  while (!condition()) await new Promise((resolve) => setImmediate(resolve));
};
/** Enough for a session to do what it does at once. */
const turns = async (): Promise<void> => {
  for (let turn = 0; turn < 30; turn++) await new Promise((resolve) => setImmediate(resolve));
};

it('asks how near the other end is when nothing is known of the line, and then sends much at once', async () => {
  const [a, b] = [place(1), place(2, true)];
  some(700, a);
  const meeting = await meet(a, b, { start: { rate: null } });
  await meeting.quiet();
  expect(contents(b)).toEqual(contents(a));
  expect(framesOf(meeting, 'initiator')[0]).toBe('ping');
  expect(framesOf(meeting, 'responder')[0]).toBe('ping');
  expect(framesOf(meeting, 'initiator').filter((type) => type === 'changes')).toHaveLength(3);
});

it('asks nothing of a line that is known, nor where nothing has to travel', async () => {
  const [a, b] = [place(1), place(2, true)];
  some(700, a);
  const meeting = await meet(a, b, { rate: 8_000 });
  await meeting.pass(1_000);
  expect(framesOf(meeting, 'initiator')).not.toContain('ping');
  expect(framesOf(meeting, 'initiator').filter((type) => type === 'changes').length).toBeGreaterThan(3);
  meeting.cut();
  const again = await meet(a, b, { start: { rate: null } });
  await again.quiet();
  expect(again.messages.map((m) => decodeFrame(m.bytes).type)).not.toContain('ping');
});

it.each([
  [10, LAN_RATE],
  [800, 8_000],
])('takes an answer after %i ms for a line of %i bytes/s', (ms, rate) => {
  const session = createSession({
    role: 'initiator',
    hello: { ...greeting, logId: null, cursors: [0, 0, 0], ownSeqs: [1, 0, 0], ownProof: '00'.repeat(16) },
    welcome: {
      ...{
        protocol: 1,
        station: '22'.repeat(16),
        isProvince: true,
        logId: '00'.repeat(8),
        heldSeqs: [0, 0, 0],
      },
      ...{ heldProof: '00'.repeat(16), incarnation: 0, sameVector: false, vectorsNeeded: true },
      ...{ dictionaries: [], wall: 0, app: '0' },
      mode: 'both',
    },
    held: [],
    rate: null,
    now: 5_000.7,
    wall: () => 0,
    sha256,
  });
  const [asked] = session
    .begin()
    .flatMap((effect) => (effect.type === 'send' ? [decodeFrame(effect.bytes)] : []));
  if (asked?.type !== 'ping') throw new Error('nothing was asked');
  session.on(
    { type: 'frame', bytes: encodeFrame({ type: 'pong', sent: asked.sent, wall: 0 }) },
    5_000.7 + ms,
  );
  expect(session.facts().rate).toBe(rate);
});
const greeting = {
  ...{
    protocol: 1,
    station: '11'.repeat(16),
    incarnation: 1,
    vector: '00'.repeat(16),
    dictionaries: [],
    app: '0',
  },
  mode: 'both',
} as const;

it('begins with little, so that the other end need not wait for much to be packed', () => {
  const flow = createFlow(LAN_RATE, 0);
  const sizes = [1, 2, 3, 4].map(() => {
    const { changes } = flow.batch();
    flow.sent(changes * 115, changes, 0);
    return changes;
  });
  expect(sizes).toEqual([100, 200, 400, 500]);
  const other = createFlow(LAN_RATE, 0);
  other.sent(11_500, 100, 0);
  other.acked(20);
  expect(other.batch().changes).toBe(500);
});

it('looks for something to send once for all it takes in', async () => {
  const [a, b] = [place(1), place(2, true)];
  const { take, since } = b.store;
  let looked = 0;
  let isDone: () => void = () => {};
  const held = new Promise<void>((resolve) => {
    isDone = resolve;
  });
  Object.assign(b.store, {
    since: (...args: Parameters<typeof since>) => {
      looked += 1;
      return since(...args);
    },
    async take(...args: Parameters<typeof take>) {
      const taken = await take(...args);
      // as a store that takes in slice by slice says after each
      for (let slice = 0; slice < 50; slice++) meeting.responder.grew();
      await held;
      return taken;
    },
  });
  const meeting = await meet(a, b);
  await meeting.quiet();
  looked = 0;
  some(40, a);
  meeting.initiator.grew();
  await until(() => contents(b).length === 40);
  await turns();
  expect(looked).toBe(0);
  isDone();
  await meeting.quiet();
  // each lane once
  expect(looked).toBe(3);
});

it('looks after a fifth of a second also while it takes in', async () => {
  const [a, b] = [place(1), place(2, true)];
  const { take } = b.store;
  let isDone: () => void = () => {};
  Object.assign(b.store, {
    async take(...args: Parameters<typeof take>) {
      const taken = await take(...args);
      await new Promise<void>((resolve) => {
        isDone = resolve;
      });
      return taken;
    },
  });
  const meeting = await meet(a, b);
  await meeting.quiet();
  some(1, a);
  meeting.initiator.grew();
  await until(() => contents(b).length === 1);
  await turns();
  write(b, 0, { text: 'Dị ứng penicillin' });
  meeting.responder.grew();
  meeting.passNow(199);
  await turns();
  expect(contents(a)).toHaveLength(1);
  meeting.passNow(1);
  await until(() => contents(a).length === 2);
  isDone();
  await meeting.quiet();
});
