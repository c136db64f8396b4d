// Which ports are asked whether they are fingerprint modules, how often, and which are left alone.
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { type ListedPort, serialReaders } from '../../../electron/fingerprint/readers/serial/index.ts';
import type { OpenLine } from '../../../electron/fingerprint/readers/serial/line.ts';
import type { PortSettings } from '../../../electron/fingerprint/readers/serial/module.ts';
import { fail } from '../../../shared/api/contract.ts';
import { type MemoryLine, memoryLine } from './support/memory-line.ts';
import { type Behaviour, codes, type SimulatedModule, simulateModule } from './support/module.ts';
import { take } from './support/open.ts';
import { virtualTime } from './support/virtual-time.ts';

virtualTime();

const ch340 = { vendorId: '1a86', productId: '7523' };

interface Pc {
  ports: ListedPort[];
  named: PortSettings[];
  inUse: string[];
  /** What is behind each path; nothing: a port that stays silent. */
  lines: Map<string, MemoryLine>;
  modules: Map<string, SimulatedModule>;
  opened: string[];
  plug(path: string, differs?: Partial<Behaviour>, ids?: Partial<ListedPort>): void;
}

function pc(): Pc & { family: ReturnType<typeof serialReaders> } {
  const here: Pc = {
    ports: [],
    named: [],
    inUse: [],
    lines: new Map(),
    modules: new Map(),
    opened: [],
    plug(path, differs = {}, ids = ch340) {
      const module = simulateModule(differs);
      here.modules.set(path, module);
      here.lines.set(path, memoryLine(module));
      here.ports.push({ path, ...ids });
    },
  };
  const openLine: OpenLine = async (path, baud) => {
    here.opened.push(path);
    return (await here.lines.get(path)?.open(path, baud)) ?? fail('reader_missing');
  };
  const family = serialReaders({
    settings: () => here.named,
    portsInUse: () => here.inUse,
    log: () => {},
    list: async () => [...here.ports],
    openLine,
    plugMs: 100,
  });
  return Object.assign(here, { family });
}

describe('discovery', () => {
  it('finds modules behind known bridges, and says what they are', async () => {
    const here = pc();
    here.plug('COM3', { product: { model: 'R503', width: 192, height: 192 } });
    here.plug('COM4', { baud: 115_200 }, { vendorId: '10C4', productId: 'EA60' });
    here.plug('COM5', {}, { vendorId: '0403', productId: '6001' });
    here.plug('COM6', {}, { vendorId: '067b', productId: '2303' });
    const found = await here.family.discover();
    expect(found).toEqual([
      { id: 'serial:COM3', kind: 'serial', model: 'R503', place: 'COM3' },
      ...['COM4', 'COM5', 'COM6'].map((path) => ({
        id: `serial:${path}`,
        kind: 'serial',
        model: 'Synochip (R30x, AS608)',
        place: path,
      })),
    ]);
  });

  it('leaves ports of unknown makes alone, unless somebody named them', async () => {
    const here = pc();
    here.plug('COM1', {}, {});
    here.plug('COM9', {}, { vendorId: '2341', productId: '0043' });
    expect(await here.family.discover()).toEqual([]);
    expect(here.opened).toEqual([]);
    here.named = [{ path: 'COM1' }];
    expect(await here.family.discover()).toMatchObject([{ place: 'COM1' }]);
    expect(here.opened).toEqual(['COM1']);
  });

  it('finds a named port that no list shows', async () => {
    const here = pc();
    here.plug('/dev/ttyAMA0');
    here.ports.length = 0;
    here.named = [{ path: '/dev/ttyAMA0' }];
    expect(await here.family.discover()).toMatchObject([{ id: 'serial:/dev/ttyAMA0' }]);
  });

  it('never opens the port of the barcode scanner, also when it is named', async () => {
    const here = pc();
    here.plug('COM3');
    here.named = [{ path: 'COM3' }];
    here.inUse = ['COM3'];
    expect(await here.family.discover()).toEqual([]);
    const asked = { id: 'serial:COM3', kind: 'serial', model: '', place: 'COM3' } as const;
    expect(await here.family.open(asked)).toMatchObject({ ok: false, error: { code: 'reader_busy' } });
    expect(here.opened).toEqual([]);
    here.inUse = [];
    expect(await here.family.discover()).toHaveLength(1);
  });

  it('knows the scanner’s port under its other names', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'tram-port-'));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    writeFileSync(join(folder, 'ttyUSB0'), '');
    symlinkSync(join(folder, 'ttyUSB0'), join(folder, 'by-id'));
    const here = pc();
    here.plug(join(folder, 'ttyUSB0'));
    here.inUse = [join(folder, 'by-id')];
    expect(await here.family.discover()).toEqual([]);
    expect(here.opened).toEqual([]);
  });

  it('asks a port once for each plugging in', async () => {
    const here = pc();
    here.plug('COM3');
    here.plug('COM4', { baud: 14_400 });
    await here.family.discover();
    await here.family.discover();
    expect(here.opened).toEqual(['COM3', 'COM4']);
    // unplugged, and something else plugged in
    here.ports = [];
    await here.family.discover();
    here.plug('COM4');
    expect(await here.family.discover()).toMatchObject([{ place: 'COM4' }]);
    expect(here.opened).toEqual(['COM3', 'COM4', 'COM4']);
  });

  it('asks a silent named port again each time: somebody is wiring it', async () => {
    const here = pc();
    here.plug('COM3', { baud: 14_400 });
    here.named = [{ path: 'COM3' }];
    expect(await here.family.discover()).toEqual([]);
    here.modules.get('COM3')!.is.baud = 57_600;
    expect(await here.family.discover()).toHaveLength(1);
  });

  it('says nothing to a device that talks by itself, such as a scale', async () => {
    const here = pc();
    here.plug('COM3');
    const babble = setInterval(() => here.lines.get('COM3')!.babble(Uint8Array.of(48, 49, 50, 13)), 5);
    const found = await here.family.discover();
    clearInterval(babble);
    expect(found).toEqual([]);
    expect(here.modules.get('COM3')!.heard).toEqual([]);
    // later it is quiet
    expect(await here.family.discover()).toHaveLength(1);
  });

  it('writes no settings while asking', async () => {
    const here = pc();
    here.plug('COM3');
    here.named = [{ path: 'COM3', tune: true }];
    await here.family.discover();
    expect(here.modules.get('COM3')!.heard.some((c) => c.code === codes.writeSetting)).toBe(false);
  });

  it('shows a module that wants another password; opening it says so', async () => {
    const here = pc();
    here.plug('COM3', { password: 9 });
    const [info] = await here.family.discover();
    expect(await here.family.open(info!)).toMatchObject({
      ok: false,
      error: { code: 'reader_wrong_password' },
    });
    here.named = [{ path: 'COM3', password: 9 }];
    expect((await here.family.open(info!)).ok).toBe(true);
  });

  it('closes every port it only asked', async () => {
    const here = pc();
    here.plug('COM3');
    here.plug('COM4', { baud: 14_400 });
    await Promise.all([here.family.discover(), here.family.discover()]);
    for (const line of here.lines.values()) expect(line.uses).toEqual({ opened: 1, closed: 1 });
  });

  it('finds nothing, and does not fail, where ports cannot be listed', async () => {
    const said: string[] = [];
    const family = serialReaders({
      settings: () => [],
      portsInUse: () => [],
      log: (_level, message) => said.push(message),
      list: () => Promise.reject(new Error('no such binding')),
      openLine: async () => fail('reader_missing'),
    });
    expect(await family.discover()).toEqual([]);
    expect(said).toEqual(['serial ports could not be listed']);
  });
});

describe('an open reader', () => {
  it('is listed without being asked, and cannot be opened twice', async () => {
    const here = pc();
    here.plug('COM3');
    const [info] = await here.family.discover();
    const reader = await here.family.open(info!);
    if (!reader.ok) throw new Error(reader.error.code);
    expect(await here.family.open(info!)).toMatchObject({ ok: false, error: { code: 'reader_busy' } });
    const before = here.opened.length;
    expect(await here.family.discover()).toMatchObject([{ id: 'serial:COM3' }]);
    expect(here.opened.length).toBe(before);
    await reader.value.close();
    expect((await here.family.open(info!)).ok).toBe(true);
  });

  it('is one of several, each with its own picture at the same time', async () => {
    const here = pc();
    here.plug('COM3', { width: 192, height: 192, product: { model: 'R503', width: 192, height: 192 } });
    here.plug('COM4');
    const infos = await here.family.discover();
    const pictures = await Promise.all(
      infos.map(async (info) => {
        const reader = await here.family.open(info);
        if (!reader.ok) throw new Error(reader.error.code);
        return take(reader.value).result;
      }),
    );
    for (const [i, path] of ['COM3', 'COM4'].entries()) {
      const picture = pictures[i]!;
      expect(picture.ok && picture.value.pixels).toEqual(here.modules.get(path)!.picture);
    }
  });

  it('is closed with the family', async () => {
    const here = pc();
    here.plug('COM3');
    const [info] = await here.family.discover();
    await here.family.open(info!);
    await here.family.close();
    expect(here.lines.get('COM3')!.uses).toEqual({ opened: 2, closed: 2 });
  });
});

describe('plugging in', () => {
  const ms = (n: number) => new Promise((done) => setTimeout(done, n));

  it('is told while somebody listens, and not otherwise', async () => {
    const here = pc();
    let told = 0;
    const stop = here.family.onPlug?.(() => told++);
    await ms(250);
    expect(told).toBe(0);
    here.plug('COM3');
    await ms(250);
    expect(told).toBe(1);
    here.ports = [];
    await ms(250);
    expect(told).toBe(2);
    stop?.();
    here.plug('COM4');
    await ms(400);
    expect(told).toBe(2);
  });
});
