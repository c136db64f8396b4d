// How much goes out at once follows the line, from 4 kbit/s to a LAN.
import { expect, it } from 'vitest';
import { createFlow, createLiveness } from '../../../shared/sync/flow.ts';
import { MOST_WAITING } from '../../../shared/sync/incoming.ts';

/** A line with a rate and a round trip; sends as much as the flow lets, answers when it is through. */
function run(
  flow: ReturnType<typeof createFlow>,
  line: { rate: number; roundTripMs: number },
  ms: number,
  from = 0,
) {
  let now = from;
  let lineFreeAt = from;
  const answers: number[] = [];
  let most = 0;
  while (now < from + ms) {
    while (flow.open()) {
      const { changes } = flow.batch();
      const bytes = changes * 115;
      flow.sent(bytes, changes, now);
      lineFreeAt = Math.max(lineFreeAt, now) + (bytes * 1000) / line.rate;
      answers.push(lineFreeAt + line.roundTripMs);
      most = Math.max(most, flow.inFlight());
    }
    now = answers.shift() ?? from + ms;
    flow.acked(now);
  }
  return most;
}

it('finds the rate of a slow line and keeps at most 4.5 s of it unanswered, but for the batch that passes it', () => {
  const flow = createFlow(null, 0);
  run(flow, { rate: 8_000, roundTripMs: 800 }, 60_000);
  expect(flow.rate()).toBeGreaterThan(6_500);
  expect(flow.rate()).toBeLessThan(9_500);
  while (flow.inFlight() > 0) flow.acked(70_000);
  expect(run(flow, { rate: 8_000, roundTripMs: 800 }, 60_000, 80_000)).toBeLessThan(4.5 * 9_500 + 20_000);
  // about a second of line
  expect(flow.batch().changes).toBeGreaterThan(50);
  expect(flow.batch().changes).toBeLessThan(90);
});

it('finds a LAN within a few frames', () => {
  const flow = createFlow(null, 0);
  run(flow, { rate: 10_000_000, roundTripMs: 2 }, 100);
  expect(flow.rate()).toBeGreaterThan(1_000_000);
  expect(flow.batch().changes).toBe(500);
});

it('comes down when the line does', () => {
  const flow = createFlow(8_000, 0);
  run(flow, { rate: 8_000, roundTripMs: 800 }, 20_000);
  while (flow.inFlight() > 0) flow.acked(30_000);
  run(flow, { rate: 500, roundTripMs: 2_000 }, 600_000, 40_000);
  expect(flow.rate()).toBeLessThan(800);
  expect(flow.batch().changes).toBe(16);
});

it('sends half as much at once for each cut in a row, and grows again after three answers', () => {
  const usual = createFlow(8_000, 0).batch().changes;
  const flow = createFlow(8_000, 2);
  expect(flow.batch().changes).toBe(Math.round(usual / 4));
  expect(createFlow(8_000, 9).batch().changes).toBe(16);
  for (let i = 0; i < 3; i++) {
    flow.sent(500, 1, i * 1_000);
    flow.acked(i * 1_000 + 900);
  }
  expect(flow.batch().changes).toBe(Math.round(usual / 2));
});

it('does not take the delay of a single small frame for a slow line', () => {
  const flow = createFlow(8_000, 0);
  for (let i = 0; i < 50; i++) {
    flow.sent(90, 1, i * 10_000);
    flow.acked(i * 10_000 + 1_500);
  }
  expect(flow.rate()).toBe(8_000);
});

it('asks for a sign of life after 12 or 15 s and gives up after 25', () => {
  const initiator = createLiveness('initiator', 0);
  const responder = createLiveness('responder', 0);
  expect([initiator.state(11_999), initiator.state(12_000)]).toEqual(['well', 'ping']);
  expect([responder.state(14_999), responder.state(15_000)]).toEqual(['well', 'ping']);
  initiator.spoke(20_000);
  expect([initiator.state(24_999), initiator.state(25_000)]).toEqual(['well', 'dead']);
  initiator.heard(24_000);
  expect(initiator.state(30_000)).toBe('well');
});

it('never leaves more frames unanswered than the other end lets wait', () => {
  const flow = createFlow(null, 0);
  // what the other end had already is answered for at once and makes the line look a hundred times faster
  for (let n = 0; n < 50; n++) {
    flow.sent(30_000, 500, n);
    flow.acked(n + 1);
  }
  let frames = 0;
  while (flow.open() && frames < 1_000) {
    flow.sent(30_000, 500, 100);
    frames += 1;
  }
  expect(frames).toBeLessThan(MOST_WAITING);
  expect(frames).toBeGreaterThan(MOST_WAITING / 4);
});
