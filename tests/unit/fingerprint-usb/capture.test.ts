import { beforeEach, describe, expect, it, vi } from 'vitest';
import { type FakeReaderSetup, fakeReader } from './support/fake-reader.ts';
import * as finger from './support/finger.ts';
import { inTime, logged, said, settle, started, stopTime, take } from './support/open-fake.ts';

const { transfer, wanted } = finger.sendFinger(finger.ridges());
const short = transfer.subarray(0, 50_000);

beforeEach(stopTime);

async function openFake(setup: FakeReaderSetup) {
  const fake = fakeReader(setup);
  return { fake, reader: await started(fake) };
}

describe('taking a picture', () => {
  it('asks for a finger, takes it, and lets go of it without being asked', async () => {
    const { fake, reader } = await openFake({ transfers: [transfer] });
    const { outcome, steps } = take(reader);
    await settle();
    expect(steps).toEqual(['place_finger']);
    fake.press();
    const result = await inTime(outcome);
    expect(result.ok && Buffer.from(result.value.pixels).equals(wanted)).toBe(true);
    expect(result.ok && result.value).toMatchObject({ width: 384, height: 290, dpi: 512 });
    expect(steps).toEqual(['place_finger', 'reading', 'reading']);
    await settle();
    expect(fake.mode).toBe(0x12);
    fake.lift();
    await settle();
    expect(fake.mode).toBe(0x70);
    expect(fake.done.slice(6)).toEqual([
      'out 4e 10',
      'irq 101',
      'bulk',
      'out 4e 20',
      'out 33 070df0feca',
      'in 34',
      'out 4e 12',
      'irq 200',
      'out 4e 70',
    ]);
  });

  it('wants the finger lifted before the next one', async () => {
    const { fake, reader } = await openFake({ transfers: [transfer, transfer] });
    fake.press();
    expect(said(await inTime(take(reader).outcome))).toBe('384x290');
    const next = take(reader);
    await settle();
    expect(next.steps).toEqual(['lift_finger']);
    fake.lift();
    await settle();
    expect(next.steps).toEqual(['lift_finger', 'place_finger']);
    fake.press();
    expect(said(await inTime(next.outcome))).toBe('384x290');
  });

  it('says so when no finger comes in time, and takes the next one', async () => {
    const { fake, reader } = await openFake({ transfers: [transfer] });
    const before = Date.now();
    expect(said(await inTime(take(reader, { waitMs: 3000 }).outcome))).toBe('finger_timeout');
    expect(Date.now() - before).toBeLessThan(3100);
    await settle();
    expect(fake.mode).toBe(0x70);
    fake.press();
    expect(said(await inTime(take(reader).outcome))).toBe('384x290');
  });

  it('says so when a finger is never lifted, and looks for itself at the one after', async () => {
    const { fake, reader } = await openFake({ transfers: [transfer, transfer] });
    fake.press();
    await inTime(take(reader).outcome);
    expect(said(await inTime(take(reader, { waitMs: 2000 }).outcome))).toBe('finger_timeout');
    expect(said(await inTime(take(reader).outcome))).toBe('384x290');
  });

  it('answers busy to a second one at once, which changes nothing for the first', async () => {
    const { fake, reader } = await openFake({ transfers: [transfer] });
    const first = take(reader);
    await settle();
    expect(said(await take(reader).outcome)).toBe('reader_busy');
    fake.press();
    expect(said(await inTime(first.outcome))).toBe('384x290');
  });

  it.each([
    ['a short one', short],
    ['an empty one', new Uint8Array()],
    ['a stalled one', 'stalled'],
    ['none', 'nothing'],
  ] as const)('asks again when the reader sends %s', async (_, bad) => {
    const { fake, reader } = await openFake({ transfers: [bad, transfer] });
    fake.press();
    const { outcome } = take(reader);
    await vi.advanceTimersByTimeAsync(bad === 'nothing' ? 3500 : 1000);
    fake.resend();
    expect(said(await inTime(outcome))).toBe('384x290');
    expect(fake.done.filter((name) => name === 'bulk')).toHaveLength(2);
    expect(fake.done.filter((name) => name === 'out 4e 20')).toHaveLength(1);
    await settle();
    expect(fake.pending).toBe(0);
  });

  it('starts the reader up again when three transfers bring nothing, and then gets the picture', async () => {
    const { fake, reader } = await openFake({ transfers: ['nothing', transfer] });
    fake.press();
    expect(said(await inTime(take(reader).outcome))).toBe('384x290');
    expect(fake.done.filter((name) => name === 'in f0')).toHaveLength(2);
  });

  it('fails when that brings nothing either, and works again later', async () => {
    const { fake, reader } = await openFake({ transfers: ['nothing', 'nothing', transfer] });
    fake.press();
    const before = Date.now();
    expect(said(await inTime(take(reader).outcome))).toBe('reader_failed');
    expect(Date.now() - before).toBeLessThan(25_000);
    expect(said(await inTime(take(reader).outcome))).toBe('384x290');
  });

  it('goes through with it after the reader announced a failure, and logs that', async () => {
    const { fake, reader } = await openFake({ transfers: [new Uint8Array(), transfer] });
    const { outcome } = take(reader);
    await settle();
    fake.interrupt(0x0800);
    fake.press();
    await settle();
    fake.resend();
    expect(said(await inTime(outcome))).toBe('384x290');
    expect(logged).toContain('warn: usb reader announces that its next picture will fail');
    expect(logged).toContain('warn: usb reader sent no whole picture');
  });

  it('asks for a key anew at each change of key', async () => {
    const many = finger.sendFinger(finger.ridges(), {
      blocks: Array.from({ length: 15 }, (_, i) => ({
        flags: finger.scrambled | (i > 0 ? finger.newKey : 0),
        lines: 19,
      })),
    });
    const { fake, reader } = await openFake({ transfers: [many.transfer] });
    fake.press();
    const result = await inTime(take(reader).outcome);
    expect(
      result.ok &&
        Buffer.from(result.value.pixels)
          .subarray(0, 285 * 384)
          .equals(many.wanted.subarray(0, 285 * 384)),
    ).toBe(true);
    expect(fake.done.filter((name) => name === 'in 34')).toHaveLength(15);
  });

  it('logs neither pictures nor keys', async () => {
    const { fake, reader } = await openFake({ transfers: [short, transfer] });
    fake.press();
    await inTime(take(reader).outcome);
    expect(logged.join('\n')).not.toMatch(/[0-9a-f]{8}/);
  });
});

describe('sleep', () => {
  it('comes after a minute without a capture; the next one wakes the reader', async () => {
    const { fake, reader } = await openFake({ transfers: [transfer] });
    await vi.advanceTimersByTimeAsync(59_000);
    expect(fake.isLow).toBe(false);
    await vi.advanceTimersByTimeAsync(2000);
    expect(fake.isLow).toBe(true);
    fake.press();
    expect(said(await inTime(take(reader).outcome))).toBe('384x290');
  });

  it('comes also when the finger was left lying, and does not confuse the next capture', async () => {
    const { fake, reader } = await openFake({ transfers: [transfer, transfer] });
    fake.press();
    await inTime(take(reader).outcome);
    await vi.advanceTimersByTimeAsync(61_000);
    expect(fake.isLow).toBe(true);
    const next = take(reader);
    expect(said(await inTime(next.outcome))).toBe('384x290');
    expect(next.steps[0]).toBe('place_finger');
    await settle();
    expect(fake.mode).toBe(0x12);
    fake.lift();
    await settle();
    expect(fake.mode).toBe(0x70);
  });

  it('never comes while a capture waits for the finger to be lifted', async () => {
    const { fake, reader } = await openFake({ transfers: [transfer, transfer] });
    fake.press();
    await inTime(take(reader).outcome);
    await vi.advanceTimersByTimeAsync(50_000);
    const next = take(reader, { waitMs: 60_000 });
    await vi.advanceTimersByTimeAsync(50_000);
    expect(next.steps).toEqual(['lift_finger']);
    fake.lift();
    await settle();
    fake.press();
    expect(said(await inTime(next.outcome))).toBe('384x290');
  });

  it('never comes while a capture waits', async () => {
    const { fake, reader } = await openFake({ transfers: [transfer] });
    const { outcome } = take(reader, { waitMs: 300_000 });
    await vi.advanceTimersByTimeAsync(200_000);
    expect(fake.isLow).toBe(false);
    fake.press();
    expect(said(await inTime(outcome))).toBe('384x290');
  });

  it('of the PC, which cuts the reader off, is noticed at the next capture', async () => {
    const { fake, reader } = await openFake({ transfers: [transfer] });
    await vi.advanceTimersByTimeAsync(6000);
    fake.cutCurrent();
    fake.press();
    expect(said(await inTime(take(reader, { waitMs: 2000 }).outcome))).toBe('384x290');
  });

  it('of the PC while a finger lay does not make the next person wait', async () => {
    const { fake, reader } = await openFake({ transfers: [transfer, transfer] });
    fake.press();
    await inTime(take(reader).outcome);
    await settle();
    fake.cutCurrent();
    await vi.advanceTimersByTimeAsync(6000);
    const next = take(reader, { waitMs: 2000 });
    expect(said(await inTime(next.outcome))).toBe('384x290');
  });
});
