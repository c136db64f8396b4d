// Makers' libraries through real helper processes. ABI ONLY: the libraries are stubs of ours with the makers'
// exports; that these tests pass says nothing about a real library or a real reader.
import { chmodSync, copyFileSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { vendorNames } from '../../../electron/fingerprint/readers/vendor/vendor.ts';
import type { Reader } from '../../../electron/fingerprint/types.ts';
import {
  asking,
  type Bench,
  buildStubs,
  inInit,
  inLook,
  inOpen,
  isAlive,
  openBench,
  rings,
  type Stub,
  startProgram,
} from './support.ts';

const stubs = new Map<string, Stub>();
const benches: Bench[] = [];

beforeAll(() => {
  const build = buildStubs();
  for (const vendor of vendorNames) stubs.set(vendor, build(vendor));
});
afterEach(async () => {
  await Promise.all(benches.splice(0).map(({ family }) => family.close()));
});

const stubOf = (vendor: string): Stub => stubs.get(vendor)!;
function bench(...options: Parameters<typeof openBench>): Bench {
  const made = openBench(...options);
  benches.push(made);
  return made;
}
async function opened(from: Bench, index = 0): Promise<Reader> {
  const readers = await from.family.discover();
  const reader = await from.family.open(readers[index]!);
  if (!reader.ok) throw new Error(reader.error.code);
  return reader.value;
}

describe.each(vendorNames)('%s, ABI only (a stub library, not the real one)', (vendor) => {
  it('finds the readers it counts, opens one and takes a picture', async () => {
    stubOf(vendor).behave({ readers: 2, finger: 3 });
    const at = bench(stubOf(vendor));
    expect((await at.family.discover()).map(({ id }) => id)).toEqual([
      `vendor:${vendor}:0`,
      `vendor:${vendor}:1`,
    ]);
    const first = await (await opened(at, 0)).capture(asking());
    const second = await (await opened(at, 1)).capture(asking());
    if (!first.ok || !second.ok) throw new Error('no picture');
    expect(first.value).toMatchObject({ width: 300, height: 400, dpi: 500 });
    expect(Buffer.compare(first.value.pixels, rings(3))).toBe(0);
    expect(Buffer.compare(second.value.pixels, rings(4))).toBe(0);
    expect(at.helpers).toHaveLength(1);
  });

  it('waits for a finger, says so, and gives up when the time is over', async () => {
    stubOf(vendor).behave({});
    const reader = await opened(bench(stubOf(vendor)));
    const ask = asking(600);
    expect(await reader.capture(ask)).toMatchObject({ ok: false, error: { code: 'finger_timeout' } });
    expect(ask.seen).toEqual(['place_finger']);
  });

  it('takes the finger that comes while it waits', async () => {
    stubOf(vendor).behave({});
    const reader = await opened(bench(stubOf(vendor)));
    const taking = reader.capture(asking());
    await sleep(300);
    stubOf(vendor).behave({ finger: 7 });
    expect(await taking).toMatchObject({ ok: true });
  });

  it('stops when the person cancels, and takes the next picture', async () => {
    stubOf(vendor).behave({});
    const reader = await opened(bench(stubOf(vendor)));
    const ask = asking(10_000);
    const taking = reader.capture(ask);
    await sleep(200);
    ask.cancel();
    expect(await taking).toMatchObject({ ok: false, error: { code: 'capture_cancelled' } });
    stubOf(vendor).behave({ finger: 1 });
    expect(await reader.capture(asking())).toMatchObject({ ok: true });
  });

  it('finds none when none is plugged in', async () => {
    stubOf(vendor).behave({ readers: 0 });
    expect(await bench(stubOf(vendor)).family.discover()).toEqual([]);
  });

  it('says that the reader was unplugged during a capture, once, and takes pictures when it is back', async () => {
    stubOf(vendor).behave({});
    const at = bench(stubOf(vendor));
    const reader = await opened(at);
    let gone = 0;
    reader.onGone(() => gone++);
    const taking = reader.capture(asking());
    await sleep(200);
    stubOf(vendor).behave({ readers: 0 });
    expect(await taking).toMatchObject({ ok: false, error: { code: 'reader_unplugged' } });
    expect(gone).toBe(1);
    expect(await at.family.discover()).toEqual([]);
    stubOf(vendor).behave({ finger: 2 });
    expect(await (await opened(at)).capture(asking())).toMatchObject({ ok: true });
  });

  it.each([
    ['when it is made ready or first asked', inInit],
    ['when it is opened', inOpen],
    ['when it looks', inLook],
  ])('survives the library crashing %s (SIGSEGV)', async (_, crash) => {
    stubOf(vendor).behave({ finger: 1 });
    const at = bench(stubOf(vendor));
    const [info] = await at.family.discover();
    await at.family.close();
    stubOf(vendor).behave({ finger: 1, crash: crash as 1 });
    const attempt = await at.family.open(info!);
    const result = attempt.ok ? await attempt.value.capture(asking()) : attempt;
    expect(result).toMatchObject({ ok: false, error: { code: 'reader_failed' } });
    stubOf(vendor).behave({ finger: 1 });
    expect(await (await opened(at)).capture(asking())).toMatchObject({ ok: true });
  });

  it.each([
    ['when it is opened', inOpen],
    ['when it looks', inLook],
  ])('kills the helper of a library that hangs %s', async (_, hang) => {
    stubOf(vendor).behave({ finger: 1 });
    const at = bench(stubOf(vendor), { deadlines: { openMs: 700, silenceMs: 700 } });
    const [info] = await at.family.discover();
    stubOf(vendor).behave({ finger: 1, hang: hang as 2 });
    const attempt = await at.family.open(info!);
    const result = attempt.ok ? await attempt.value.capture(asking()) : attempt;
    expect(result).toMatchObject({ ok: false, error: { code: 'reader_failed' } });
    stubOf(vendor).behave({ finger: 1 });
    expect(await (await opened(at)).capture(asking())).toMatchObject({ ok: true });
    expect(at.helpers).toHaveLength(2);
    await vanished(at.helpers[0]!.pid!);
  });
});

describe('what a library answers, ABI only', () => {
  it.each([
    ['zkteco', -3, 'reader_unplugged'],
    ['zkteco', -7, 'reader_unplugged'],
    ['zkteco', -17, 'reader_failed'],
    ['secugen', 53, 'reader_line_bad'],
    ['secugen', 59, 'reader_busy'],
    ['secugen', 501, 'reader_software_missing'],
    ['futronic', 5, 'reader_no_access'],
    ['suprema', -101, 'reader_software_missing'],
    ['suprema', -999, 'reader_failed'],
  ])('%s %i is %s, and the log has the number', async (vendor, answer, code) => {
    stubOf(vendor).behave({ finger: 1, answer });
    const at = bench(stubOf(vendor));
    expect(await (await opened(at)).capture(asking())).toMatchObject({ ok: false, error: { code } });
    expect(at.log.map(({ detail }) => detail)).toContainEqual(
      expect.objectContaining({ vendor, detail: expect.stringContaining(String(answer)) }),
    );
  });
});

describe('two readers of one maker, ABI only', () => {
  it('take pictures at the same time', async () => {
    stubOf('zkteco').behave({ readers: 2 });
    const at = bench(stubOf('zkteco'));
    const [one, two] = [await opened(at, 0), await opened(at, 1)];
    const both = Promise.all([one.capture(asking()), two.capture(asking())]);
    await sleep(200);
    stubOf('zkteco').behave({ readers: 2, finger: 5 });
    const [first, second] = await both;
    if (!first.ok || !second.ok) throw new Error('no picture');
    expect(Buffer.compare(first.value.pixels, rings(5))).toBe(0);
    expect(Buffer.compare(second.value.pixels, rings(6))).toBe(0);
  });

  it('one reader takes one picture at a time', async () => {
    stubOf('zkteco').behave({});
    const reader = await opened(bench(stubOf('zkteco')));
    const first = reader.capture(asking());
    expect(await reader.capture(asking())).toMatchObject({ ok: false, error: { code: 'reader_busy' } });
    stubOf('zkteco').behave({ finger: 1 });
    expect(await first).toMatchObject({ ok: true });
  });
});

describe('plugging in and out of USB, ABI only', () => {
  it('is told to whoever listens when it is one of the makers, after a moment for the driver', async () => {
    stubOf('zkteco').behave({});
    const watchers = new Set<(vendorId: number) => void>();
    const at = bench(stubOf('zkteco'), {
      usb: {
        vendorIds: async () => [],
        watch(listener) {
          watchers.add(listener);
          return () => watchers.delete(listener);
        },
      },
    });
    let told = 0;
    const stop = at.family.onPlug!(() => told++);
    for (const watcher of watchers) watcher(0x046d);
    await sleep(700);
    expect(told).toBe(0);
    for (const watcher of watchers) watcher(0x1b55);
    await sleep(700);
    expect(told).toBe(1);
    stop();
    expect(watchers.size).toBe(0);
    await sleep(3_000);
    expect(told).toBe(1);
  });

  it('is noticed for a reader that is open and waits for nobody', async () => {
    stubOf('zkteco').behave({ readers: 2 });
    const at = bench(stubOf('zkteco'));
    const [first, second] = [await opened(at, 0), await opened(at, 1)];
    const gone: string[] = [];
    for (const { info, onGone } of [first, second]) onGone(() => gone.push(info.id));
    stubOf('zkteco').behave({ readers: 1 });
    expect(await at.family.discover()).toHaveLength(1);
    expect(gone).toEqual(['vendor:zkteco:1']);
    expect(await second.capture(asking())).toMatchObject({ ok: false, error: { code: 'reader_unplugged' } });
  });
});

describe('a library that cannot be loaded', () => {
  const info = { id: 'vendor:zkteco:0', kind: 'vendor', model: 'ZKTeco', place: 'USB #1' } as const;
  const missing = { ok: false, error: { code: 'reader_software_missing' } };

  function folderWith(bytes: (stub: Buffer) => Buffer): Stub {
    const stub = stubOf('zkteco');
    const folder = mkdtempSync(join(tmpdir(), 'tram-library-'));
    writeFileSync(join(folder, 'libzkfp.so'), bytes(readFileSync(join(stub.folder, 'libzkfp.so'))));
    return { ...stub, folder };
  }

  it('is missing: no helper is started, the log has one line', async () => {
    const empty = { ...stubOf('zkteco'), folder: mkdtempSync(join(tmpdir(), 'tram-library-')) };
    const at = bench(empty);
    expect(await at.family.discover()).toEqual([]);
    expect(await at.family.open(info)).toMatchObject(missing);
    expect(at.helpers).toEqual([]);
    expect(at.log.map(({ message }) => message)).toEqual(['a reader’s library is not here']);
  });

  it('is missing while its reader is plugged in: the reader is named, and opening it says what it lacks', async () => {
    const empty = { ...stubOf('zkteco'), folder: mkdtempSync(join(tmpdir(), 'tram-library-')) };
    const at = bench(empty, { usb: { vendorIds: async () => [0x1b55], watch: () => () => {} } });
    const [named] = await at.family.discover();
    expect(named).toMatchObject({ id: 'vendor:zkteco:usb', model: 'ZKTeco' });
    expect(await at.family.open(named!)).toMatchObject(missing);
  });

  it('is built for 32 bits: no helper is started, the log says so', async () => {
    const ia32 = folderWith((bytes) => {
      bytes[4] = 1;
      bytes.writeUInt16LE(3, 18);
      return bytes;
    });
    const at = bench(ia32);
    expect(await at.family.open(info)).toMatchObject(missing);
    expect(at.helpers).toEqual([]);
    expect(JSON.stringify(at.log)).toContain('is built for ia32');
  });

  it('is torn so that the system’s own loader crashes: only the helper does', async () => {
    stubOf('zkteco').behave({});
    const torn = folderWith((bytes) => bytes.subarray(0, 5_000));
    const at = bench(torn);
    expect(await at.family.open(info)).toMatchObject({ ok: false, error: { code: 'reader_failed' } });
    copyFileSync(join(stubOf('zkteco').folder, 'libzkfp.so'), join(torn.folder, 'libzkfp.so'));
    expect(await at.family.open(info)).toMatchObject({ ok: true });
  });

  it('lacks a function: it is another library', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'tram-library-'));
    copyFileSync(join(stubOf('suprema').folder, 'libUFScanner.so'), join(folder, 'libzkfp.so'));
    const at = bench({ ...stubOf('zkteco'), folder });
    expect(await at.family.open(info)).toMatchObject(missing);
    expect(JSON.stringify(at.log)).toContain('ZKFPM_');
  });

  it('may be changed by everybody: it is not loaded', async () => {
    const open = folderWith((bytes) => bytes);
    chmodSync(join(open.folder, 'libzkfp.so'), 0o777);
    const at = bench(open);
    expect(await at.family.open(info)).toMatchObject(missing);
    expect(at.helpers).toEqual([]);
  });
});

describe('the helper', () => {
  it('is started when needed and ended when nothing is open', async () => {
    stubOf('zkteco').behave({});
    const at = bench(stubOf('zkteco'), { deadlines: { idleMs: 300 } });
    expect(at.helpers).toEqual([]);
    const reader = await opened(at);
    await sleep(600);
    expect(isAlive(at.helpers[0]!.pid!)).toBe(true);
    await reader.close();
    await vanished(at.helpers[0]!.pid!);
    expect(at.helpers).toHaveLength(1);
  });

  it('writes no dump of its memory when it crashes, for a picture may be in it', async () => {
    stubOf('zkteco').behave({});
    const report = join(stubOf('zkteco').folder, 'report');
    process.env.STUB_REPORT = report;
    try {
      await opened(bench(stubOf('zkteco')));
    } finally {
      delete process.env.STUB_REPORT;
    }
    // what the kernel told the library inside the helper
    expect(readFileSync(report, 'utf8')).toBe('dumpable 0\n');
  });

  it.each(['process', 'thread'] as const)(
    'dies with the program’s %s while its library hangs',
    async (kind) => {
      stubOf('zkteco').behave({ hang: inLook });
      const program = await startProgram(kind, stubOf('zkteco'));
      await sleep(300);
      expect(isAlive(program.helper)).toBe(true);
      await program.kill();
      await vanished(program.helper);
    },
  );

  it('never has a picture in the log', async () => {
    stubOf('zkteco').behave({ finger: 1 });
    const at = bench(stubOf('zkteco'));
    await (await opened(at)).capture(asking());
    stubOf('zkteco').behave({ finger: 1, crash: inLook });
    await (await opened(at)).capture(asking());
    expect(at.log.length).toBeGreaterThan(0);
    for (const { detail } of at.log) {
      expect(JSON.stringify(detail).length).toBeLessThan(400);
      expect(JSON.stringify(detail)).not.toContain('pixels');
    }
  });
});

describe('kill -9 at random moments', () => {
  // a failing seed is in the test's name
  it.each([11, 23, 37, 58, 91])(
    'during captures, seed %i: each answers, and the next works',
    async (seed) => {
      const random = seededRandom(seed);
      stubOf('zkteco').behave({ readers: 2, waitMs: 20 });
      const at = bench(stubOf('zkteco'));
      for (let round = 0; round < 6; round++) {
        const reader = await opened(at, round % 2);
        const taking = reader.capture(asking());
        // about as long as starting, opening, waiting and taking take together
        const killed = sleep(random() * 120).then(() => {
          const helper = at.helpers.at(-1)!;
          if (isAlive(helper.pid!)) process.kill(helper.pid!, 'SIGKILL');
        });
        await sleep(random() * 120);
        stubOf('zkteco').behave({ readers: 2, finger: round + 1, waitMs: 20 });
        const result = await taking;
        await killed;
        if (!result.ok) expect(['reader_failed', 'reader_unplugged']).toContain(result.error.code);
        const next = await reader.capture(asking());
        // the kill may only have come now
        const last = next.ok ? next : await reader.capture(asking());
        if (!last.ok) throw new Error(last.error.code);
        expect(Buffer.compare(last.value.pixels, rings(round + 1 + (round % 2)))).toBe(0);
        stubOf('zkteco').behave({ readers: 2, waitMs: 20 });
      }
    },
  );
});

function seededRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 1_103_515_245 + 12_345) & 0x7fffffff;
    return state / 0x7fffffff;
  };
}

async function vanished(pid: number): Promise<void> {
  for (let i = 0; i < 100 && isAlive(pid); i++) await sleep(50);
  expect(isAlive(pid)).toBe(false);
}
