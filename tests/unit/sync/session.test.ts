// What two places may rely on when they meet: nothing is lost, nothing counts twice, and nothing is claimed that
// was not proven.
import { expect, it } from 'vitest';
import { decodeFrame } from '../../../shared/sync/wire.ts';
import { contents, headsOf, meet, place, write } from './support/places.ts';

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

it('sends nothing but the proof when nothing is new', async () => {
  const [a, b] = [place(1), place(2, true)];
  some(50, a);
  (await meet(a, b)).pass(1);
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
