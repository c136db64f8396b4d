// Commits brought to the disk beside the thread that made them: nobody is answered before his are there.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { flushingOf, walFlush } from '../../../electron/store/flushing.ts';

/** A disk whose flushes end when told. */
function slowDisk() {
  const under: PromiseWithResolvers<void>[] = [];
  return {
    under,
    flush() {
      const one = Promise.withResolvers<void>();
      under.push(one);
      return one.promise;
    },
  };
}
const never = (): void => {
  throw new Error('nothing was in doubt');
};
const turn = () => new Promise((resolve) => setImmediate(resolve));

it('flushes nothing when nothing was committed', async () => {
  const disk = slowDisk();
  await flushingOf(disk.flush, never).flushed();
  expect(disk.under).toHaveLength(0);
});

it('serves all who come while a flush runs with one more, begun after it', async () => {
  const disk = slowDisk();
  const flushing = flushingOf(disk.flush, never);
  const order: string[] = [];
  flushing.committed();
  void flushing.flushed().then(() => order.push('first'));
  flushing.committed();
  void flushing.flushed().then(() => order.push('second'));
  flushing.committed();
  void flushing.flushed().then(() => order.push('third'));
  expect(disk.under).toHaveLength(1);
  disk.under[0]?.resolve();
  await turn();
  expect(order).toEqual(['first']);
  expect(disk.under).toHaveLength(2);
  disk.under[1]?.resolve();
  await turn();
  expect(order).toEqual(['first', 'second', 'third']);
  expect(disk.under).toHaveLength(2);
});

it('lets who committed nothing wait for the flush that runs', async () => {
  const disk = slowDisk();
  const flushing = flushingOf(disk.flush, never);
  flushing.committed();
  void flushing.flushed();
  let done = false;
  void flushing.flushed().then(() => {
    done = true;
  });
  await turn();
  expect(done).toBe(false);
  disk.under[0]?.resolve();
  await turn();
  expect(done).toBe(true);
});

it('believes no flush after one that failed before everything was written anew', async () => {
  const disk = slowDisk();
  let rewritten = 0;
  let mayRewrite = false;
  const flushing = flushingOf(disk.flush, () => {
    if (!mayRewrite) throw new Error('somebody reads');
    rewritten += 1;
  });
  flushing.committed();
  const first = flushing.flushed();
  disk.under[0]?.reject(new Error('the disk went away'));
  await expect(first).rejects.toThrow('the disk went away');
  await expect(flushing.flushed()).rejects.toThrow('somebody reads');
  expect(disk.under).toHaveLength(1);
  mayRewrite = true;
  const third = flushing.flushed();
  await turn();
  expect(rewritten).toBe(1);
  expect(disk.under).toHaveLength(2);
  disk.under[1]?.resolve();
  await third;
  // certain again: the next one is a plain flush
  flushing.committed();
  const fourth = flushing.flushed();
  disk.under[2]?.resolve();
  await fourth;
  expect(rewritten).toBe(1);
});

it('flushes a WAL, and takes one that is gone for written back', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'tram-flushing-'));
  try {
    const flush = walFlush(join(folder, 'record.db'));
    await flush();
    writeFileSync(join(folder, 'record.db-wal'), 'frames');
    await flush();
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
