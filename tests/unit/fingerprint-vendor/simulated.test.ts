// Training's simulated readers, through the desk as the rest of the program sees them.
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { openReaderDesk, type ReaderDesk } from '../../../electron/fingerprint/readers/desk.ts';
import {
  openSimulatedReaders,
  type SimulatedReaders,
  touches,
} from '../../../electron/fingerprint/readers/simulated.ts';
import type { CaptureProgress, FingerImage } from '../../../electron/fingerprint/types.ts';
import { importsOfTree } from '../house/imports.ts';
import { failing } from './scripted.ts';

/** Stripes that tell who, which finger and which impression. */
const draw = (seed: string, finger: number, impression: number): FingerImage => ({
  width: 90,
  height: 120,
  dpi: 500,
  pixels: Uint8Array.from({ length: 90 * 120 }, (_, at) =>
    at === 0 ? seed.length * 64 + finger * 4 + impression : at % 9 < 4 ? 60 : 200,
  ),
});

function open(models?: readonly string[]): { readers: SimulatedReaders; desk: ReaderDesk } {
  const readers = openSimulatedReaders({ mode: 'training', draw, readingMs: 8, ...(models && { models }) });
  let setting: string | null = null;
  const desk = openReaderDesk({
    mode: 'training',
    real: () => [],
    simulated: () => readers.family,
    settings: {
      get: () => setting,
      set: (value) => {
        setting = value;
      },
    },
    times: { againMs: 1 },
    log: () => {},
  });
  return { readers, desk };
}

function take(desk: ReaderDesk, more: { readerId?: string; waitMs?: number } = {}) {
  const controller = new AbortController();
  const told: CaptureProgress[] = [];
  const result = desk.capture({
    signal: controller.signal,
    waitMs: 2_000,
    progress: (now) => void told.push(now),
    judge: () => ({ good: true, hints: [] }),
    take: ({ pixels }) => pixels.slice(),
    ...more,
  });
  return { result, told, cancel: () => controller.abort() };
}

describe('a simulated reader', () => {
  it('gives the picture of the finger that lies on it, and says how far it is', async () => {
    const { readers, desk } = open();
    readers.place('ab', 3);
    const { result, told } = take(desk);
    const taken = await result;
    if (!taken.ok) throw new Error(taken.error.code);
    expect(taken.value).toEqual(draw('ab', 3, 1).pixels);
    expect(told).toEqual([0.25, 0.5, 0.75, 1].map((done) => ({ step: 'reading', done })));
  });

  it('waits for a finger, and takes another impression each time one is put on', async () => {
    const { readers, desk } = open();
    const { result, told } = take(desk);
    await sleep(20);
    expect(told).toEqual([{ step: 'place_finger' }]);
    readers.place('ab', 3);
    const first = await result;
    readers.lift();
    expect(readers.placed()).toBeNull();
    readers.place('ab', 3);
    const second = await take(desk).result;
    if (!first.ok || !second.ok) throw new Error('no picture');
    expect(second.value[0]).toBe(first.value[0]! + 1);
  });

  it('ends when nobody comes, and when the person cancels', async () => {
    const { desk } = open();
    expect(await take(desk, { waitMs: 20 }).result).toMatchObject(failing('finger_timeout'));
    const waiting = take(desk);
    await sleep(10);
    waiting.cancel();
    expect(await waiting.result).toMatchObject(failing('capture_cancelled'));
  });

  it('can be unplugged during a capture and plugged in again', async () => {
    const { readers, desk } = open();
    const waiting = take(desk);
    await sleep(10);
    readers.unplug(0);
    expect(await waiting.result).toMatchObject(failing('reader_unplugged'));
    await sleep(10);
    expect(desk.state().readers).toEqual([]);
    expect(readers.place('ab', 1)).toMatchObject(failing('reader_missing'));
    readers.plugIn(0);
    await sleep(10);
    expect(desk.state().readers).toHaveLength(1);
    readers.place('ab', 1);
    expect(await take(desk).result).toMatchObject({ ok: true });
  });

  it('can be one of two, each with its own finger', async () => {
    const { readers, desk } = open(['A', 'B']);
    expect((await desk.look()).readers.map(({ model }) => model)).toEqual(['A']);
    readers.plugIn(1);
    await sleep(10);
    expect(desk.state()).toMatchObject({ using: null });
    readers.place('a', 1, 'good', 0);
    readers.place('b', 2, 'good', 1);
    const [one, two] = await Promise.all([
      take(desk, { readerId: 'simulated:0' }).result,
      take(desk, { readerId: 'simulated:1' }).result,
    ]);
    if (!one.ok || !two.ok) throw new Error('no picture');
    expect(one.value).toEqual(draw('a', 1, 1).pixels);
    expect(two.value).toEqual(draw('b', 2, 1).pixels);
  });

  it('has bad prints of several kinds, each different, each the same every time', async () => {
    const seen = new Map<string, string>();
    for (const touch of touches) {
      for (const _ of [1, 2]) {
        const { readers, desk } = open();
        readers.place('ab', 3, touch);
        const taken = await take(desk).result;
        if (!taken.ok) throw new Error(taken.error.code);
        const text = Buffer.from(taken.value).toString('hex');
        expect(seen.get(touch) ?? text).toBe(text);
        seen.set(touch, text);
      }
    }
    expect(new Set(seen.values()).size).toBe(touches.length);
    expect(new Set(Buffer.from(seen.get('blank')!, 'hex')).size).toBe(1);
  });
});

describe('training’s readers stay in training', () => {
  it('they are not made in another mode, whatever the types say', () => {
    const real = { mode: 'real', draw } as unknown as Parameters<typeof openSimulatedReaders>[0];
    expect(() => openSimulatedReaders(real)).toThrow('training mode only');
  });

  it('no file of the program imports them but where rooms are put together', () => {
    const importers = importsOfTree()
      .filter(({ to, typeOnly }) => to === 'electron/fingerprint/readers/simulated.ts' && !typeOnly)
      .map(({ from }) => from);
    // each hands them to the desk as `simulated`, which asks for them in training mode only
    const allowed = ['electron/core.ts', 'electron/fingerprint/index.ts'];
    expect(importers.filter((file) => !allowed.includes(file))).toEqual([]);
  });
});
