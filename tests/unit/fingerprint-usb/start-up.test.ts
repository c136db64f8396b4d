import { beforeEach, describe, expect, it } from 'vitest';
import { fakeReader } from './support/fake-reader.ts';
import { challengeKey, challenging, inTime, logged, said, start, stopTime } from './support/open-fake.ts';

beforeEach(stopTime);

describe('starting a U.are.U reader', () => {
  it('puts it into low power, wakes it, and waits for its scanner', async () => {
    const fake = fakeReader({ status: 0x01 });
    expect(said(await inTime(start(fake)))).toBe('open');
    expect(fake.done).toEqual(['in 7', 'out 7 81', 'out 7 01', 'irq 56aa', 'in 7', 'in f0']);
  });

  it('does not put it into low power twice', async () => {
    const fake = fakeReader({ status: 0x83 });
    expect(said(await inTime(start(fake)))).toBe('open');
    expect(fake.done.slice(0, 2)).toEqual(['in 7', 'out 7 03']);
  });

  it('wakes it as often as it takes', async () => {
    const fake = fakeReader({ deafWakes: 7 });
    expect(said(await inTime(start(fake)))).toBe('open');
    expect(fake.done.filter((name) => name === 'out 7 01')).toHaveLength(8);
  });

  it('answers the challenge of the second Microsoft reader, which does not wake before', async () => {
    const fake = fakeReader({ challengeKey });
    expect(said(await inTime(start(fake, challenging)))).toBe('open');
    expect(fake.done.filter((name) => /^(in 2010|out 2000)/.test(name))).toHaveLength(2);
    // the same reader taken for one that asks nothing stays asleep
    const unanswered = fakeReader({ challengeKey });
    expect(said(await inTime(start(unanswered)))).toBe('reader_failed');
    expect(unanswered.closed).toBe(true);
  });

  it('leads a keyboard out of the trouble it reports as 85', async () => {
    const fake = fakeReader({ status: 0x85, troubleReads: 5 });
    expect(said(await inTime(start(fake)))).toBe('open');
    // told once, then left to come round
    expect(fake.done.slice(0, 9)).toEqual(['in 7', 'out 7 05', ...Array(6).fill('in 7'), 'out 7 01']);
  });

  it('gives up when the trouble does not end', async () => {
    const fake = fakeReader({ status: 0x85, troubleReads: 1000 });
    expect(said(await inTime(start(fake)))).toBe('reader_failed');
    expect(fake.closed).toBe(true);
  });

  it('starts anew when the scanner does not say that it has current', async () => {
    const fake = fakeReader({ silentWakes: 2 });
    expect(said(await inTime(start(fake)))).toBe('open');
    expect(logged.filter((line) => line.includes('current'))).toHaveLength(2);
  });

  it('gives up after the third time, and lets go of the device', async () => {
    const fake = fakeReader({ silentWakes: 3 });
    const before = Date.now();
    expect(said(await inTime(start(fake)))).toBe('reader_failed');
    expect(Date.now() - before).toBeLessThan(1500);
    expect(fake.closed).toBe(true);
  });

  it('says unplugged when it is pulled out at any of its transfers', async () => {
    const whole = fakeReader({ challengeKey, status: 0x85, troubleReads: 2 });
    await inTime(start(whole, challenging));
    expect(whole.done.length).toBeGreaterThan(10);
    for (let index = 0; index < whole.done.length; index++) {
      const fake = fakeReader({
        challengeKey,
        status: 0x85,
        troubleReads: 2,
        at: (now) => {
          if (now === index) fake.unplug();
        },
      });
      const outcome = said(await inTime(start(fake, challenging)));
      expect({ index, outcome, closed: fake.closed }).toEqual({
        index,
        outcome: 'reader_unplugged',
        closed: true,
      });
    }
  });
});
