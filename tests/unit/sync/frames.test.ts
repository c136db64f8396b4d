// Compressed frames of one connection: they lean on each other, and nothing that does not fit is read.
import { zstdCompressSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { createEffort, createFrames, type Dictionary } from '../../../shared/sync/frames.ts';
import type { Slice } from '../../../shared/sync/port.ts';
import { decodeFrame, encodeFrame } from '../../../shared/sync/wire.ts';
import { place, write } from './support/places.ts';
import { sha256, zstd } from './support/zstd.ts';

const none = async () => null;
const dictionary: Dictionary = {
  id: '01020304',
  bytes: new TextEncoder().encode('test.write thing '.repeat(40)),
};

async function slices(count: number): Promise<Slice[]> {
  const one = place(1);
  for (let i = 0; i < count * 20; i++) write(one, 1, { text: `Mạch ${60 + (i % 40)}`, n: i });
  const all: Slice[] = [];
  for (let i = 0; i < count; i++) {
    const positions = new Map([[`${one.station}.1.1`, i * 20]]);
    all.push(await one.store.beyond(1, positions, { changes: 20, bytes: 1e6 }));
  }
  return all;
}
const heldBy = (all: readonly Slice[]) => async (_: unknown, seq: number) =>
  all.flatMap((slice) => slice.runs.flatMap((run) => run.stored))[seq - 1] ?? null;

it('reads frames of one connection in their order, each smaller for those before it', async () => {
  const all = await slices(4);
  for (const known of [null, dictionary]) {
    const [one, other] = [0, 1].map(() => createFrames({ codec: zstd, dictionary: known, sha256 }));
    const sizes: number[] = [];
    for (const slice of all) {
      const packed = await one!.pack(1, slice, 8_000);
      sizes.push(packed!.frame.length);
      const read = await other!.unpack(packed!.frame, heldBy(all));
      expect(read?.refused).toEqual([]);
      expect(read?.runs.flatMap((r) => r.stored)).toEqual(
        slice.runs.flatMap((r) => r.stored.map((s) => new Uint8Array(s))),
      );
    }
    expect(Math.max(...sizes.slice(1))).toBeLessThan(sizes[0]! * 0.8);
  }
});

it('reads no frame whose predecessor did not come, and none of another dictionary', async () => {
  const all = await slices(3);
  const one = createFrames({ codec: zstd, dictionary, sha256 });
  const packed = [];
  for (const slice of all) packed.push((await one.pack(1, slice, 8_000))!.frame);
  const late = createFrames({ codec: zstd, dictionary, sha256 });
  expect(await late.unpack(packed[1]!, heldBy(all))).toBeNull();
  const without = createFrames({ codec: zstd, dictionary: null, sha256 });
  expect(await without.unpack(packed[0]!, heldBy(all))).toBeNull();
});

it('stops decompressing at 8 MiB, and is never fooled by a single byte changed', async () => {
  const frames = () => createFrames({ codec: zstd, dictionary: null, sha256 });
  const bomb = zstdCompressSync(new Uint8Array(64 * 1024 * 1024));
  const head = {
    type: 'changes',
    lane: 1,
    compressed: true,
    dictionary: false,
    context: false,
    cursor: 0,
  } as const;
  expect(await frames().unpack(encodeFrame({ ...head, payload: bomb }), none)).toBeNull();
  const [slice] = await slices(1);
  const { frame } = (await frames().pack(1, slice!, 8_000))!;
  const headers = frame.length - (decodeFrame(frame) as { payload: Uint8Array }).payload.length;
  const whole = await frames().unpack(frame, none);
  for (let at = headers; at < frame.length; at += 3) {
    const wrong = frame.slice();
    wrong[at]! ^= 0x10;
    // or it is a bit that means nothing to zstd: then what comes out is what went in
    const read = await frames().unpack(wrong, none);
    if (read) expect(read.runs, `byte ${at}`).toEqual(whole?.runs);
  }
});

describe('the effort of compressing', () => {
  it('is greatest on a slow line, least on a fast one', () => {
    const effort = createEffort();
    expect([8_000, 64_000, 100_000, 1_000_000, 20_000_000].map((rate) => effort.level(rate))).toEqual([
      19, 19, 10, 10, 3,
    ]);
  });

  it('gives way on a processor so slow that the line would wait for it', () => {
    const effort = createEffort();
    // 100 kB took a second: at 40 kB/s the line would have carried what is left of them in 0.4 s
    effort.took(19, 100_000, 1_000);
    expect(effort.level(40_000)).toBe(10);
    expect(effort.level(2_000)).toBe(19);
    // a small frame says nothing
    effort.took(6, 100, 1_000);
    expect(effort.level(40_000)).toBe(10);
  });
});
