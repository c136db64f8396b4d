// Taking a picture: what the person is told, what a bad line does to it, and that stopping, unplugging or a second
// capture at any moment leaves everything in order.
import { describe, expect, it } from 'vitest';
import type { CaptureProgress } from '../../../electron/fingerprint/types.ts';
import { codes, dice } from './support/module.ts';
import { openBench, stepWords, take } from './support/open.ts';
import { virtualTime } from './support/virtual-time.ts';

virtualTime();

/** A newer module with everything, small sensor: uploads are short. */
const r503 = {
  product: { model: 'R503', width: 192, height: 192 },
  width: 192,
  height: 192,
  hasLight: true,
  hasGoodPicture: true,
};
const never = Number.POSITIVE_INFINITY;

describe('a picture', () => {
  it('is the one the module has, from an old module', async () => {
    const { reader, module } = await openBench();
    const taking = take(reader);
    const result = await taking.result;
    expect(result).toMatchObject({ ok: true, value: { width: 256, height: 288, dpi: 500 } });
    expect(result.ok && result.value.pixels).toEqual(module.picture);
    expect(stepWords(taking.steps)).toBe('place_finger reading lift_finger');
  });

  it('is the one the module has, from an R503', async () => {
    const { reader, module } = await openBench(r503);
    const result = await take(reader).result;
    expect(result).toMatchObject({ ok: true, value: { width: 192, height: 192, dpi: 508 } });
    expect(result.ok && result.value.pixels).toEqual(module.picture);
  });

  it.each([32, 64, 128, 256] as const)('comes in packets of %i bytes', async (packetBytes) => {
    const { reader, module } = await openBench({ ...r503, packetBytes });
    const result = await take(reader).result;
    expect(result.ok && result.value.pixels).toEqual(module.picture);
  });

  it('tells how far it has come, from 0 to 1, never back', async () => {
    const { reader } = await openBench();
    const taking = take(reader);
    await taking.result;
    const done = taking.steps.flatMap((now) => (now.step === 'reading' ? [now.done] : []));
    expect(done[0]).toBe(0);
    expect(done.at(-1)).toBe(1);
    expect(done.length).toBeGreaterThan(100);
    expect(done).toEqual([...done].sort((a, b) => a - b));
  });

  it('waits for the finger', async () => {
    const { reader, module } = await openBench({ finger: false });
    setTimeout(() => {
      module.is.finger = true;
    }, 1500);
    expect((await take(reader).result).ok).toBe(true);
    expect(module.heard.filter((c) => c.code === codes.takePicture).length).toBeGreaterThan(10);
  });

  it('can be taken again and again', async () => {
    const { reader, module } = await openBench(r503);
    for (let i = 0; i < 3; i++) {
      module.is.finger = true;
      expect((await take(reader).result).ok).toBe(true);
    }
  });

  it('is given also by somebody who does not take the finger off, after a while', async () => {
    const { reader } = await openBench({ ...r503, liftsAfterPicture: false });
    const taking = take(reader);
    expect((await taking.result).ok).toBe(true);
    expect(stepWords(taking.steps)).toBe('place_finger reading lift_finger');
  });

  it('takes the finger’s time to lift', async () => {
    const { reader, module } = await openBench({ ...r503, liftsAfterPicture: false });
    let polls = 0;
    module.is.moment = (what) => {
      if (what === `command ${codes.takePicture}` && ++polls === 5) module.is.finger = false;
    };
    expect((await take(reader).result).ok).toBe(true);
    expect(polls).toBe(5);
  });

  it('is shown by the colour of the ring where there is one', async () => {
    const { reader, module } = await openBench(r503);
    module.heard.length = 0;
    await take(reader).result;
    const colours = module.heard.filter((c) => c.code === codes.light).map((c) => c.fields.slice(0, 3));
    expect(colours).toEqual([
      [1, 100, 2],
      [3, 0, 3],
      [2, 50, 3],
      [4, 0, 1],
    ]);
  });

  it('does without a ring that stops answering', async () => {
    const { reader, module } = await openBench(r503);
    module.is.delay = (code) => (code === codes.light ? never : 0);
    module.heard.length = 0;
    expect((await take(reader).result).ok).toBe(true);
    expect(module.heard.filter((c) => c.code === codes.light)).toHaveLength(1);
  });
});

describe('what the module says about the finger', () => {
  it.each([
    [0x03, 'hold_still'],
    [0x04, 'moisten_finger'],
    [0x05, 'dry_finger'],
    [0x06, 'dry_finger'],
    [0x07, 'larger_area'],
    [0x15, 'centre_finger'],
    [0x17, 'clean_reader'],
  ])('%s becomes the hint %s, once, and the capture goes on', async (code, hint) => {
    const { reader } = await openBench({ ...r503, answers: { [codes.takeGoodPicture]: [0x02, code, code] } });
    const taking = take(reader);
    expect((await taking.result).ok).toBe(true);
    expect(stepWords(taking.steps)).toBe(`place_finger adjust:${hint} reading lift_finger`);
  });

  it('asks for the finger again when it was taken off in between', async () => {
    const { reader } = await openBench({ ...r503, answers: { [codes.takeGoodPicture]: [0x07, 0x02] } });
    const taking = take(reader);
    await taking.result;
    expect(stepWords(taking.steps)).toBe('place_finger adjust:larger_area place_finger reading lift_finger');
  });

  it('is passed over after some seconds: our own measure decides about the picture', async () => {
    const poor = Array.from({ length: 1000 }, () => 0x07);
    const { reader, module } = await openBench({ ...r503, answers: { [codes.takeGoodPicture]: poor } });
    expect((await take(reader, 30_000).result).ok).toBe(true);
    expect(module.heard.some((c) => c.code === codes.takePicture)).toBe(true);
  });

  it('that it has no picture after all begins anew', async () => {
    const { reader } = await openBench({ ...r503, answers: { [codes.sendPicture]: [0x15] } });
    const taking = take(reader);
    expect((await taking.result).ok).toBe(true);
    expect(stepWords(taking.steps)).toBe('place_finger reading adjust:centre_finger reading lift_finger');
  });

  it.each([
    [0x13, 'reader_wrong_password'],
    [0x20, 'reader_wrong_password'],
    [0x29, 'reader_failed'],
    [0x99, 'reader_failed'],
  ])('%s ends the capture with %s', async (code, error) => {
    const { reader } = await openBench({ ...r503, answers: { [codes.takeGoodPicture]: [code] } });
    expect(await take(reader).result).toMatchObject({ ok: false, error: { code: error } });
    // and the next one works
    expect((await take(reader).result).ok).toBe(true);
  });

  it('is not understood by an older module: the older command is used', async () => {
    const { reader, module } = await openBench({ ...r503, hasGoodPicture: false, unknown: 0xfc });
    expect((await take(reader).result).ok).toBe(true);
    expect(module.heard.filter((c) => c.code === codes.takeGoodPicture)).toHaveLength(1);
  });

  it('is the password again after a power cut: it gets it', async () => {
    const { reader } = await openBench({ ...r503, answers: { [codes.takeGoodPicture]: [0x21] } });
    expect((await take(reader).result).ok).toBe(true);
  });

  it('is nothing: nobody put a finger on', async () => {
    const { reader } = await openBench({ finger: false });
    expect(await take(reader, 800).result).toMatchObject({ ok: false, error: { code: 'finger_timeout' } });
  });

  it('is never good enough: the finger is unclear', async () => {
    const { reader } = await openBench({ answers: { [codes.takePicture]: Array(1000).fill(0x06) } });
    expect(await take(reader, 800).result).toMatchObject({ ok: false, error: { code: 'finger_unclear' } });
  });
});

describe('a bad line', () => {
  it('that loses a packet is asked for the picture once more', async () => {
    const { reader, module } = await openBench({ ...r503, loses: (upload, i) => upload === 0 && i === 30 });
    const result = await take(reader).result;
    expect(result.ok && result.value.pixels).toEqual(module.picture);
    expect(module.heard.filter((c) => c.code === codes.sendPicture)).toHaveLength(2);
  });

  it('that changes a byte of a packet is asked once more', async () => {
    const { reader, module } = await openBench({ ...r503, corrupts: (upload, i) => upload === 0 && i === 3 });
    const result = await take(reader).result;
    expect(result.ok && result.value.pixels).toEqual(module.picture);
  });

  it('that loses the last packet is asked once more', async () => {
    const { reader, module } = await openBench({ ...r503, loses: (upload, i) => upload === 0 && i === 143 });
    const result = await take(reader).result;
    expect(result.ok && result.value.pixels).toEqual(module.picture);
  });

  it('that loses packets every time is called bad, and is usable when it is mended', async () => {
    const { reader, module } = await openBench({ ...r503, loses: (_upload, i) => i === 7 });
    expect(await take(reader).result).toMatchObject({ ok: false, error: { code: 'reader_line_bad' } });
    expect(module.heard.filter((c) => c.code === codes.sendPicture)).toHaveLength(2);
    module.is.loses = () => false;
    module.is.finger = true;
    expect((await take(reader).result).ok).toBe(true);
  });

  it('with noise everywhere gives the same picture', async () => {
    const random = dice(7);
    const { reader, module } = await openBench({
      ...r503,
      noise: () => Uint8Array.from({ length: random(12) }, () => random(255)),
    });
    const result = await take(reader).result;
    expect(result.ok && result.value.pixels).toEqual(module.picture);
  });

  it('on which commands arrive damaged is called bad in the end', async () => {
    const { reader, module } = await openBench();
    module.is.answers[codes.takePicture] = [0x01];
    expect((await take(reader).result).ok).toBe(true);
    module.is.answers[codes.takePicture] = Array(3).fill(0x01);
    expect(await take(reader).result).toMatchObject({ ok: false, error: { code: 'reader_line_bad' } });
  });

  it('that has gone silent is called bad', async () => {
    const { reader, module } = await openBench();
    module.is.delay = () => never;
    expect(await take(reader, 60_000).result).toMatchObject({
      ok: false,
      error: { code: 'reader_line_bad' },
    });
  });

  it('with a module that will not send is a failing reader', async () => {
    const { reader } = await openBench({ answers: { [codes.sendPicture]: [0x0f] } });
    expect(await take(reader).result).toMatchObject({ ok: false, error: { code: 'reader_failed' } });
  });

  it('on which an answer comes too late does not mistake it for the next one', async () => {
    // the "finger is there" of the first question arrives during the second; by then there is none
    const { reader, module } = await openBench({ finger: false });
    let first = true;
    module.is.delay = (code) => {
      if (code !== codes.takePicture || !first) return 0;
      first = false;
      module.is.answers[codes.takePicture] = [0x00];
      return 2300;
    };
    expect(await take(reader, 4000).result).toMatchObject({ ok: false, error: { code: 'finger_timeout' } });
    expect(module.heard.some((c) => c.code === codes.sendPicture)).toBe(false);
  });

  it('on which the answer to the driver’s own question comes too late does not mistake that either', async () => {
    const { reader, module } = await openBench({ finger: false });
    const settingsDelays = [700, 300];
    let first = true;
    module.is.delay = (code) => {
      if (code === codes.readSettings) return settingsDelays.shift() ?? 0;
      if (code !== codes.takePicture || !first) return 0;
      first = false;
      return never;
    };
    expect(await take(reader, 4000).result).toMatchObject({ ok: false, error: { code: 'finger_timeout' } });
    expect(settingsDelays).toEqual([]);
    expect(module.heard.some((c) => c.code === codes.sendPicture)).toBe(false);
  });

  it('that sends packets without end is left', async () => {
    const { reader } = await openBench({ width: 1024, height: 1024 });
    expect(await take(reader).result).toMatchObject({ ok: false, error: { code: 'reader_line_bad' } });
  });
});

/** Every place a capture can be in. */
const moments: [string, Parameters<typeof takeUntil>[0]][] = [
  ['before the finger', { command: codes.takeGoodPicture, nth: 1 }],
  ['while waiting for the finger', { command: codes.takeGoodPicture, nth: 5 }],
  ['when the picture is asked for', { command: codes.sendPicture, nth: 1 }],
  ['at the first packet', { packet: 0 }],
  ['in the middle of the picture', { packet: 70 }],
  ['at the last packet', { packet: 143 }],
  ['while waiting for the finger to lift', { command: codes.takePicture, nth: 2 }],
  ['at the light', { command: codes.light, nth: 2 }],
];

/** Begins a capture on a new bench; `act` is called at that moment. */
async function takeUntil(
  at: { command: number; nth: number } | { packet: number },
  act: (bench: Awaited<ReturnType<typeof openBench>>, taking: ReturnType<typeof take>) => void,
) {
  const bench = await openBench({ ...r503, finger: false, liftsAfterPicture: false });
  let count = 0;
  let polls = 0;
  const taking = take(bench.reader, 30_000);
  bench.module.is.moment = (what) => {
    if (what === `command ${codes.takeGoodPicture}` && ++polls === 8) bench.module.is.finger = true;
    const here = 'packet' in at ? what === `packet ${at.packet}` : what === `command ${at.command}`;
    if (here && ++count === ('packet' in at ? 1 : at.nth)) act(bench, taking);
  };
  return { ...bench, taking };
}

describe.each(moments)('stopped %s', (_when, at) => {
  it('answers at once, and the next capture gets its own picture', async () => {
    const { reader, module, taking } = await takeUntil(at, (_bench, now) => now.cancel());
    expect(await taking.result).toMatchObject({ ok: false, error: { code: 'capture_cancelled' } });
    const told = taking.steps.length;
    module.is.finger = true;
    module.is.liftsAfterPicture = true;
    const next = await take(reader).result;
    expect(next.ok && next.value.pixels).toEqual(module.picture);
    // whoever stopped hears nothing more
    expect(taking.steps).toHaveLength(told);
  });
});

it('stopped in the middle of a slow picture, says nothing to the module until that is through', async () => {
  const { reader, module, line } = await openBench(r503);
  line.slow(6);
  const first = take(reader, 5000, (now) => {
    if (now.step === 'reading' && now.done > 0.2) first.cancel();
  });
  expect(await first.result).toMatchObject({ ok: false, error: { code: 'capture_cancelled' } });
  module.heard.length = 0;
  module.is.finger = true;
  const next = await take(reader).result;
  expect(next.ok && next.value.pixels).toEqual(module.picture);
  const { light, readSettings, sendPicture, takeGoodPicture, takePicture } = codes;
  expect(module.heard.map((c) => c.code)).toEqual([
    readSettings,
    ...[light, light, takeGoodPicture],
    ...[light, sendPicture],
    ...[light, takePicture, light],
  ]);
});

describe.each(moments)('unplugged %s', (_when, at) => {
  it('says so, first to whoever captures, then to all, once', async () => {
    const order: string[] = [];
    const { reader, taking } = await takeUntil(at, (bench) => bench.line.cut());
    reader.onGone(() => order.push('gone'));
    const result = await taking.result;
    order.push('answered');
    expect(result).toMatchObject({ ok: false, error: { code: 'reader_unplugged' } });
    await new Promise((done) => setTimeout(done, 50));
    expect(order).toEqual(['answered', 'gone']);
    expect(await take(reader).result).toMatchObject({ ok: false, error: { code: 'reader_unplugged' } });
    await reader.close();
  });
});

describe('one capture at a time', () => {
  it('answers a second one that the reader is busy, and goes on with the first', async () => {
    const { reader, module } = await openBench({ ...r503, finger: false });
    const first = take(reader);
    expect(await take(reader).result).toMatchObject({ ok: false, error: { code: 'reader_busy' } });
    module.is.finger = true;
    expect((await first.result).ok).toBe(true);
    module.is.finger = true;
    expect((await take(reader).result).ok).toBe(true);
  });

  it('that was stopped before it began asks the module nothing', async () => {
    const { reader, module } = await openBench(r503);
    module.heard.length = 0;
    const stopped = AbortSignal.abort();
    const steps: CaptureProgress[] = [];
    const result = await reader.capture({
      signal: stopped,
      waitMs: 1000,
      progress: (now) => steps.push(now),
    });
    expect(result).toMatchObject({ ok: false, error: { code: 'capture_cancelled' } });
    expect([module.heard, steps]).toEqual([[], []]);
  });

  it('is stopped by closing the reader; the port is free afterwards', async () => {
    const { reader, line } = await openBench({ ...r503, finger: false });
    const taking = take(reader);
    await reader.close();
    expect(await taking.result).toMatchObject({ ok: false, error: { code: 'capture_cancelled' } });
    expect(line.uses).toEqual({ opened: 1, closed: 1 });
    await reader.close();
    expect(line.uses.closed).toBe(1);
  });
});
