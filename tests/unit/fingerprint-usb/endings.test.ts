import { beforeEach, describe, expect, it, vi } from 'vitest';
import { type FakeReader, type FakeReaderSetup, fakeReader } from './support/fake-reader.ts';
import * as finger from './support/finger.ts';
import { inTime, said, settle, started, stopTime, take } from './support/open-fake.ts';

const { transfer } = finger.sendFinger(finger.ridges(), {
  blocks: [
    { flags: finger.scrambled, lines: 100 },
    { flags: finger.scrambled | finger.newKey, lines: 189 },
  ],
});

beforeEach(stopTime);

/** A started reader, awake or asleep, whose first picture fails; `at` hears of each transfer from then on. */
async function life(
  at: (fake: FakeReader, index: number, name: string) => void | Promise<void>,
  { asleep = false } = {},
) {
  const setup: FakeReaderSetup = { transfers: [transfer.subarray(0, 99), transfer, transfer, transfer] };
  let armed = false;
  const fake = fakeReader({
    ...setup,
    at: (index, name) => (armed ? at(fake, index, name) : undefined),
  });
  const reader = await started(fake);
  let gone = 0;
  let openWhenGone = false;
  reader.onGone(() => {
    gone++;
    openWhenGone = !fake.closed;
  });
  if (asleep) await vi.advanceTimersByTimeAsync(61_000);
  armed = true;
  // in this mode real readers keep sending
  const resendSoon = setInterval(() => fake.resend(), 100);
  return {
    fake,
    reader,
    gone: () => gone,
    openWhenGone: () => openWhenGone,
    stop: () => clearInterval(resendSoon),
  };
}

/** Number and name of each transfer from the capture's beginning to the finger lifted. */
async function transfersOfOne(how: { asleep: boolean }): Promise<{ index: number; name: string }[]> {
  const { fake, reader, stop } = await life(() => {}, how);
  const first = fake.done.length;
  fake.press();
  expect(said(await inTime(take(reader).outcome))).toBe('384x290');
  await settle();
  fake.lift();
  await settle();
  stop();
  return fake.done.map((name, index) => ({ index, name })).slice(first);
}

const afterPicture = ['out 4e 12', 'irq 200', 'out 4e 70'];
const ways = [{ asleep: false }, { asleep: true }];

describe('pulling the plug', () => {
  it.each(ways)(
    'ends a capture at each of its transfers, once, and lets go of the device (%o)',
    async (how) => {
      const transfers = await transfersOfOne(how);
      expect(transfers.map(({ name }) => name.split(' ', 2).join(' ')).slice(how.asleep ? 5 : 0)).toEqual([
        ...['out 4e', 'irq 101', 'bulk', 'out 4e', 'bulk'],
        ...['out 33', 'in 34', 'out 33', 'in 34'],
        ...['out 4e', 'irq 200', 'out 4e'],
      ]);
      for (const { index, name } of transfers) {
        for (const late of [false, true]) {
          const { fake, reader, gone, openWhenGone, stop } = await life((self, now) => {
            if (now !== index) return;
            if (!late) return self.unplug();
            // never answered; the plug is pulled before anybody loses patience
            setTimeout(() => self.unplug(), 200);
            return new Promise<void>(() => {});
          }, how);
          fake.press();
          const taking = take(reader);
          await inTime(taking.outcome);
          await settle();
          fake.lift();
          const after = take(reader);
          const outcomes = [said(await taking.outcome), said(await inTime(after.outcome))];
          await settle();
          stop();
          // after the picture there is nothing left to lose in this one: the next one says it
          const whole = afterPicture.includes(name);
          expect({ name, late, outcomes, gone: gone(), closed: fake.closed }).toEqual({
            name,
            late,
            outcomes: [whole ? '384x290' : 'reader_unplugged', 'reader_unplugged'],
            gone: 1,
            closed: true,
          });
          expect(openWhenGone()).toBe(false);
          await inTime(reader.close());
        }
      }
    },
  );

  it('while nobody captures is told to who listens, also to who listens late', async () => {
    const { fake, reader, gone, stop } = await life(() => {});
    fake.unplug();
    await settle();
    expect(gone()).toBe(1);
    let told = 0;
    reader.onGone(() => told++);
    expect(told).toBe(1);
    expect(said(await take(reader).outcome)).toBe('reader_unplugged');
    stop();
  });

  it('is not what closing is taken for', async () => {
    const { fake, reader, gone, stop } = await life(() => {});
    const { outcome } = take(reader);
    await settle();
    await inTime(reader.close());
    expect(said(await outcome)).toBe('capture_cancelled');
    expect(gone()).toBe(0);
    expect(fake.closed).toBe(true);
    expect(fake.mode).toBe(0x70);
    await inTime(reader.close());
    stop();
  });
});

describe('cancelling', () => {
  it.each(ways)(
    'ends a capture at each of its transfers; the next one gets its picture (%o)',
    async (how) => {
      const transfers = (await transfersOfOne(how)).filter(({ name }) => !afterPicture.includes(name));
      expect(transfers.map(({ name }) => name)).toContain('bulk');
      for (const { index, name } of transfers) {
        let cancel = () => {};
        let cancelledAt = 0;
        const { fake, reader, stop } = await life(async (_, now) => {
          if (now !== index) return;
          cancel();
          cancelledAt = Date.now();
          // the transfer itself takes another while
          await new Promise((resolve) => setTimeout(resolve, 200));
        }, how);
        fake.press();
        const taking = take(reader);
        cancel = taking.cancel;
        const outcome = said(await inTime(taking.outcome));
        expect({ name, outcome, soon: Date.now() - cancelledAt < 50 }).toEqual({
          name,
          outcome: 'capture_cancelled',
          soon: true,
        });
        expect({ name, next: said(await inTime(take(reader).outcome)) }).toEqual({ name, next: '384x290' });
        await inTime(reader.close());
        stop();
      }
    },
  );

  it('in the middle of a picture starts the reader up before the next one', async () => {
    const { fake, reader, stop } = await life((_, __, name) => {
      if (name === 'bulk') first.cancel();
    });
    fake.press();
    const first = take(reader);
    expect(said(await inTime(first.outcome))).toBe('capture_cancelled');
    await settle();
    const { length } = fake.done;
    const second = take(reader);
    await settle();
    expect(fake.done.slice(length, length + 2)).toEqual(['in 7', 'out 7 81']);
    await inTime(second.outcome);
    stop();
  });

  it('before it began asks the reader for nothing', async () => {
    const { fake, reader, stop } = await life(() => {});
    const { length } = fake.done;
    const signal = AbortSignal.abort();
    const result = await reader.capture({ signal, waitMs: 1000, progress: () => {} });
    expect(said(result)).toBe('capture_cancelled');
    await settle();
    expect(fake.done.slice(length)).toEqual([]);
    stop();
  });

  it('from within any word about progress is heard', async () => {
    for (const word of ['place_finger', 'reading'] as const) {
      const { fake, reader, stop } = await life(() => {});
      fake.press();
      const taking = take(reader, {
        onStep: ({ step }) => {
          if (step === word) taking.cancel();
        },
      });
      const outcome = said(await inTime(taking.outcome));
      const lit = fake.done.includes('out 4e 10');
      expect({ word, outcome, lit }).toEqual({
        word,
        outcome: 'capture_cancelled',
        lit: word === 'reading',
      });
      stop();
    }
  });

  it('while the finger should be lifted leaves it to be lifted', async () => {
    const { fake, reader, stop } = await life(() => {});
    fake.press();
    await inTime(take(reader).outcome);
    const second = take(reader);
    await settle();
    second.cancel();
    expect(said(await inTime(second.outcome))).toBe('capture_cancelled');
    const third = take(reader);
    await settle();
    expect(third.steps).toEqual(['lift_finger']);
    fake.lift();
    await settle();
    fake.press();
    expect(said(await inTime(third.outcome))).toBe('384x290');
    stop();
  });

  it('and unplugging together end it once', async () => {
    const { fake, reader, gone, stop } = await life(() => {});
    const taking = take(reader);
    await settle();
    fake.unplug();
    taking.cancel();
    expect(said(await inTime(taking.outcome))).toBe('reader_unplugged');
    await settle();
    expect(gone()).toBe(1);
    stop();
  });
});
