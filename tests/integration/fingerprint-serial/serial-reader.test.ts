// The serial driver over the real binding and a real pair of terminals, against a simulated module: the bytes take the
// way they take on a PC. No real module was at hand.
import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { serialReaders } from '../../../electron/fingerprint/readers/serial/index.ts';
import { codes, dice } from '../../unit/fingerprint-serial/support/module.ts';
import { stepWords, take } from '../../unit/fingerprint-serial/support/open.ts';
import { type Wire, wire } from './support/pty.ts';

const r503 = {
  product: { model: 'R503', width: 192, height: 192 },
  width: 192,
  height: 192,
  hasLight: true,
  hasGoodPicture: true,
};

/** Long enough for a PC that does much else. */
const patient = 60_000;

describe('a module on a real port', () => {
  it('gives its picture at 57,600 baud, telling how far it has come', async () => {
    const { module, open, path } = await wire({}, { bitsPerSecond: 57_600 });
    const reader = await open();
    expect(execFileSync('stty', ['-F', path, 'speed'], { encoding: 'utf8' }).trim()).toBe('57600');
    const begun = performance.now();
    const taking = take(reader, patient);
    const result = await taking.result;
    expect(result.ok && result.value.pixels).toEqual(module.picture);
    // 40,032 bytes of ten bits: the simulated line is not faster than a real one
    expect(performance.now() - begun).toBeGreaterThan(6500);
    expect(stepWords(taking.steps)).toBe('place_finger reading lift_finger');
    expect(taking.steps.filter((now) => now.step === 'reading').length).toBeGreaterThan(100);
  });

  it('is found at another speed, and the port is really set to it', async () => {
    const { module, family, info, open, path } = await wire({ ...r503, baud: 115_200 });
    expect(await family.discover()).toEqual([{ ...info, model: 'R503' }]);
    const reader = await open();
    expect(execFileSync('stty', ['-F', path, 'speed'], { encoding: 'utf8' }).trim()).toBe('115200');
    const result = await take(reader, patient).result;
    expect(result.ok && result.value.pixels).toEqual(module.picture);
  });

  it('is made faster for good where somebody asked for it', async () => {
    const { module, open, path } = await wire(r503, { tune: true });
    const reader = await open();
    expect(module.is).toMatchObject({ baud: 115_200, packetBytes: 256 });
    expect(execFileSync('stty', ['-F', path, 'speed'], { encoding: 'utf8' }).trim()).toBe('115200');
    const result = await take(reader, patient).result;
    expect(result.ok && result.value.pixels).toEqual(module.picture);
  });

  it('is not opened with the wrong password', async () => {
    const { family, info } = await wire({ password: 1 });
    expect(await family.open(info)).toMatchObject({ ok: false, error: { code: 'reader_wrong_password' } });
  });

  it('can be a clone that knows half of the commands, on a line with noise', async () => {
    const random = dice(5);
    const { module, open } = await wire({
      unknown: 0x19,
      noise: () => Uint8Array.from({ length: random(20) }, () => random(256)),
    });
    const result = await take(await open(), patient).result;
    expect(result.ok && result.value.pixels).toEqual(module.picture);
  });

  it('says what to do better, in the codes it has for it', async () => {
    const { open } = await wire({
      ...r503,
      answers: { [codes.takeGoodPicture]: [0x02, 0x01], [codes.takePicture]: [0x02, 0x03, 0x06, 0x07, 0x15] },
    });
    const taking = take(await open(), patient);
    expect((await taking.result).ok).toBe(true);
    expect(stepWords(taking.steps)).toBe(
      'place_finger adjust:hold_still adjust:dry_finger adjust:larger_area adjust:centre_finger reading lift_finger',
    );
  });

  it('is asked for the picture again when a packet was lost or damaged, and the line is called bad after that', async () => {
    const { module, open } = await wire({
      ...r503,
      loses: (upload, i) => upload === 0 && i === 20,
      corrupts: (upload, i) => upload > 1 && i === 99,
    });
    const reader = await open();
    const result = await take(reader, patient).result;
    expect(result.ok && result.value.pixels).toEqual(module.picture);
    module.is.finger = true;
    expect(await take(reader, patient).result).toMatchObject({
      ok: false,
      error: { code: 'reader_line_bad' },
    });
    module.is.corrupts = () => false;
    module.is.finger = true;
    expect((await take(reader, patient).result).ok).toBe(true);
  });

  it('is not confused by an answer that comes after its deadline', async () => {
    const { module, open } = await wire(r503);
    const reader = await open();
    let late = true;
    module.is.delay = (code) => {
      if (code !== codes.takeGoodPicture || !late) return 0;
      late = false;
      return 2400;
    };
    const result = await take(reader, patient).result;
    expect(result.ok && result.value.pixels).toEqual(module.picture);
  });

  it('belongs to one capture and one program at a time', async () => {
    const { family, info, open, module } = await wire({ ...r503, finger: false });
    const reader = await open();
    const first = take(reader, patient);
    expect(await take(reader).result).toMatchObject({ ok: false, error: { code: 'reader_busy' } });
    // another program: the port is locked
    const other = serialReaders({ settings: () => [], portsInUse: () => [], log: () => {} });
    expect(await other.open(info)).toMatchObject({ ok: false, error: { code: 'reader_busy' } });
    expect(await family.open(info)).toMatchObject({ ok: false, error: { code: 'reader_busy' } });
    module.is.finger = true;
    expect((await first.result).ok).toBe(true);
    await reader.close();
    expect(await other.open(info)).toMatchObject({ ok: true });
    await other.close();
  });
});

describe('a port', () => {
  it('that is not there', async () => {
    const family = serialReaders({ settings: () => [], portsInUse: () => [], log: () => {} });
    const nowhere = { id: 'serial:x', kind: 'serial', model: '', place: '/dev/no-such-port' } as const;
    expect(await family.open(nowhere)).toMatchObject({ ok: false, error: { code: 'reader_missing' } });
    // whatever this PC has: listing does not fail
    expect(Array.isArray(await family.discover())).toBe(true);
  });

  it('with something else behind it stays silent, and is free again afterwards', async () => {
    const { family, module, info } = await wire({ baud: 14_400 });
    expect(await family.discover()).toEqual([]);
    module.is.baud = 57_600;
    expect(await family.open(info)).toMatchObject({ ok: true });
  });
});

/** Every place a capture can be in; `after` counts how often the moment comes before it is meant. */
const moments = [
  ['while waiting for the finger', `command ${codes.takeGoodPicture}`, 3],
  ['when the picture is asked for', `command ${codes.sendPicture}`, 1],
  ['in the middle of the picture', 'middle', 1],
  ['while waiting for the finger to lift', `command ${codes.takePicture}`, 2],
] as const;

/** A capture that comes to this moment, and then `act`. */
async function until(when: string, nth: number, act: (now: Wire, cancel: () => void) => void) {
  const now = await wire({ ...r503, finger: false, liftsAfterPicture: false });
  const reader = await now.open();
  let count = 0;
  let polls = 0;
  now.module.is.moment = (what) => {
    if (what === `command ${codes.takeGoodPicture}` && ++polls === 4) now.module.is.finger = true;
    if (what === when && ++count === nth) act(now, taking.cancel);
  };
  const taking = take(reader, patient, (progress) => {
    if (when === 'middle' && progress.step === 'reading' && progress.done > 0.4 && ++count === nth)
      act(now, taking.cancel);
  });
  return { ...now, reader, taking };
}

describe.each(moments)('unplugged %s', (_words, when, nth) => {
  it('says so and lets go', async () => {
    const { reader, taking, family } = await until(when, nth, (now) => now.cut());
    const gone = new Promise<void>((done) => reader.onGone(done));
    expect(await taking.result).toMatchObject({ ok: false, error: { code: 'reader_unplugged' } });
    await gone;
    expect(await family.discover()).toEqual([]);
  });
});

describe.each(moments)('stopped %s', (_words, when, nth) => {
  it('leaves the line usable', async () => {
    const { reader, taking, module } = await until(when, nth, (_now, cancel) => cancel());
    expect(await taking.result).toMatchObject({ ok: false, error: { code: 'capture_cancelled' } });
    module.is.finger = true;
    module.is.liftsAfterPicture = true;
    const next = await take(reader, patient).result;
    expect(next.ok && next.value.pixels).toEqual(module.picture);
  });
});

it.each([codes.verifyPassword, codes.readSettings, codes.readProduct, codes.light])(
  'unplugged while being opened, at command %i, says so',
  async (code) => {
    const now = await wire(r503);
    now.module.is.moment = (what) => {
      if (what === `command ${code}`) now.cut();
    };
    expect(await now.family.open(now.info)).toMatchObject({ ok: false, error: { code: 'reader_unplugged' } });
  },
);
