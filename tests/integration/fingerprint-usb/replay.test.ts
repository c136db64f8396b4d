import { createCipheriv } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import * as finger from '../../unit/fingerprint-usb/support/finger.ts';
import {
  askKey,
  askPicture,
  awaitFinger,
  awaitLift,
  record,
  startUp,
  type Wire,
} from './support/recording.ts';
import { type ReplayOutcome, replay } from './support/replay.ts';

const seed = 0x1357_9bdf;
const keys = (number: number) => 0x2468_ace0 + number * 0x0101_0101;
const home = mkdtempSync(join(tmpdir(), 'tram-usb-replay-'));
afterAll(() => rmSync(home, { recursive: true, force: true }));

let made = 0;
const recorded = (vendor: number, product: number, wire: readonly Wire[]) =>
  record(join(home, String(++made)), { vendor, product, wire });

const samePicture = (outcome: ReplayOutcome, wanted: Uint8Array): boolean =>
  Buffer.from(outcome.picture?.pixels ?? '', 'base64').equals(wanted);

/** U.are.U 4500: turned picture, two keys, one line left out. */
function uru4500() {
  const { transfer, wanted } = finger.sendFinger(finger.ridges(), {
    upsideDown: true,
    keyNumber: 3,
    keys,
    blocks: [
      { flags: finger.scrambled, lines: 100 },
      { flags: finger.leftOut, lines: 1 },
      { flags: finger.plain, lines: 1 },
      { flags: finger.scrambled | finger.newKey, lines: 188 },
    ],
  });
  const wire = [
    ...startUp(),
    ...awaitFinger,
    { picture: transfer, ask: askPicture },
    ...askKey(3, keys(3), seed),
    ...askKey(4, keys(4), seed),
    ...awaitLift,
  ];
  return { recording: recorded(0x05ba, 0x000a, wire), wanted, wire };
}

describe('a recording of a U.are.U 4500 with a made-up finger, through libusb', () => {
  const { recording, wanted } = uru4500();

  it.each([{ worker: false }, { worker: true }])('gives exactly that finger (%o)', async ({ worker }) => {
    const outcome = await replay(recording, { seed, worker });
    expect(outcome.readers).toEqual([
      {
        id: 'usb:05ba:000a:1-4',
        kind: 'usb',
        model: 'HID DigitalPersona U.are.U 4000B/4500',
        place: 'USB 1-4',
      },
    ]);
    expect(outcome.error).toBeUndefined();
    expect(outcome.picture).toMatchObject({ width: 384, height: 290, dpi: 512 });
    expect(samePicture(outcome, wanted)).toBe(true);
    // the second one, cancelled when it asked for a finger
    expect(outcome).toMatchObject({ second: 'capture_cancelled', goneCalls: 0 });
    expect(outcome.steps).toEqual(['place_finger', 'reading', 'reading', 'lift_finger', 'place_finger']);
  });

  it('gives nothing to a driver with another seed', async () => {
    const outcome = await replay(recording, { seed: seed ^ 1 });
    expect(outcome).toMatchObject({ error: 'reader_failed' });
    expect(outcome.picture).toBeUndefined();
  });
});

describe('a recording of the second Microsoft reader', () => {
  const question = Buffer.from('f0e1d2c3b4a5968778695a4b3c2d1e0f', 'hex');
  const cipher = createCipheriv('aes-128-ecb', Buffer.from('79ac91795ca1478e98e00f3c598f5f4b', 'hex'), null);
  const answer = cipher.update(question);
  const { transfer, wanted } = finger.sendFinger(finger.ridges(), { keyNumber: 9, keys });
  const rest: Wire[] = [
    ...awaitFinger,
    { picture: transfer, ask: askPicture },
    ...askKey(9, keys(9), seed),
    ...awaitLift,
  ];

  it('gives the finger after the challenge was answered', async () => {
    const wire = [...startUp({ question, answer }), ...rest];
    const outcome = await replay(recorded(0x045e, 0x00ca, wire), { seed });
    expect(outcome.error).toBeUndefined();
    expect(samePicture(outcome, wanted)).toBe(true);
  });

  it('does not start for another answer', async () => {
    const other = Buffer.from(answer);
    other[0] = other[0]! ^ 1;
    const wire = [...startUp({ question, answer: other }), ...rest];
    const outcome = await replay(recorded(0x045e, 0x00ca, wire), { seed });
    expect(outcome).toMatchObject({ error: 'reader_failed' });
  });
});

describe('other recordings', () => {
  it('of a picture sent plain gives it without asking for a key', async () => {
    const { transfer, wanted } = finger.sendFinger(finger.ridges(), { reallyScrambled: false });
    const wire: Wire[] = [...startUp(), ...awaitFinger, { picture: transfer, ask: askPicture }, ...awaitLift];
    const outcome = await replay(recorded(0x05ba, 0x0007, wire), { seed });
    expect(outcome.error).toBeUndefined();
    expect(samePicture(outcome, wanted)).toBe(true);
  });

  it('of a short picture and a whole one after it gives the whole one', async () => {
    const { transfer, wanted } = finger.sendFinger(finger.ridges(), { keys });
    const wire: Wire[] = [
      ...startUp(),
      ...awaitFinger,
      { picture: transfer.subarray(0, 6400), ask: askPicture },
      { picture: transfer, ask: null },
      ...askKey(7, keys(7), seed),
      ...awaitLift,
    ];
    const outcome = await replay(recorded(0x05ba, 0x0007, wire), { seed });
    expect(outcome.error).toBeUndefined();
    expect(samePicture(outcome, wanted)).toBe(true);
    expect(outcome.log).toContain('warn: usb reader sent no whole picture');
  });

  it('of a reader that never sends its picture let go when that is cancelled', async () => {
    const outcome = await replay(recorded(0x05ba, 0x000a, [...startUp(), ...awaitFinger]), {
      seed,
      cancelReadingMs: 300,
    });
    expect(outcome).toMatchObject({ error: 'capture_cancelled', goneCalls: 0 });
    expect(outcome.cancelMs).toBeLessThan(500);
  });

  it.each([
    ['while the finger is waited for', [...startUp(), awaitFinger[0]!, { heard: 0, status: -108 }]],
    [
      'while the picture is sent',
      [...startUp(), ...awaitFinger, { picture: new Uint8Array(), ask: askPicture, status: -108 }],
    ],
  ] as [string, Wire[]][])('of a reader pulled out %s say so', async (_, wire) => {
    const outcome = await replay(recorded(0x05ba, 0x000a, wire), { seed });
    expect(outcome).toMatchObject({ error: 'reader_unplugged', goneCalls: 1 });
  });
});
