// Fingerprint modules on serial ports (Synochip/ZFM: R30x, AS608, R503…), mostly behind a USB bridge that could as
// well have an analyser behind it. So ports are asked carefully: never one the barcode scanner uses, never one that
// talks by itself, only behind known bridges or where a person named the port, and once for each plugging in.
import { realpath } from 'node:fs/promises';
import { fail, ok, type Result } from '../../../../shared/api/contract.ts';
import type { Log } from '../../../store/room.ts';
import type { Reader, ReaderFamily, ReaderInfo } from '../../types.ts';
import { type Line, type OpenLine, openSerialPort } from './line.ts';
import { meetModule, type PortSettings, usualBauds } from './module.ts';
import { openSerialReader } from './reader.ts';
import { realTiming, type Timing } from './talk.ts';

export type { PortSettings } from './module.ts';

export interface SerialReaders {
  /** Ports a person named, with what they set for them; read anew at each discovery. */
  settings(): readonly PortSettings[];
  /** Paths that belong to somebody else, such as the barcode scanner's; never opened. */
  portsInUse(): readonly string[];
  readonly log: Log;
  /** Injected in tests: no list shows a pty. */
  readonly list?: () => Promise<readonly ListedPort[]>;
  readonly openLine?: OpenLine;
  readonly timing?: Timing;
  /** ms between two looks at the list while somebody listens. */
  readonly plugMs?: number;
}

export interface ListedPort {
  readonly path: string;
  readonly vendorId?: string;
  readonly productId?: string;
  readonly serialNumber?: string;
}

/** USB bridges such modules are sold with. From makers' and users' lists; any of them may carry something else. */
export const knownBridges: readonly { vendorId: number; productId: number; name: string }[] = [
  { vendorId: 0x1a86, productId: 0x7523, name: 'CH340' },
  { vendorId: 0x10c4, productId: 0xea60, name: 'CP2102' },
  { vendorId: 0x0403, productId: 0x6001, name: 'FT232' },
  { vendorId: 0x067b, productId: 0x2303, name: 'PL2303' },
];

export function serialReaders(given: SerialReaders): ReaderFamily {
  const { log, settings, portsInUse, timing = realTiming, plugMs = 3000 } = given;
  const list = given.list ?? listPorts;
  const openLine = given.openLine ?? openSerialPort(log);

  const open = new Map<string, Reader>();
  /** What was behind a port when it was asked, until it is unplugged; null: not a module. */
  const asked = new Map<string, { readonly plug: string; readonly info: ReaderInfo | null }>();
  /** Where a module was last heard. */
  const bauds = new Map<string, number>();
  /** One at a time per port: the last thing done with it. */
  const turns = new Map<string, Promise<unknown>>();
  const watchers = new Set<() => void>();
  let watch: NodeJS.Timeout | undefined;
  let discovering: Promise<readonly ReaderInfo[]> | null = null;

  return {
    kind: 'serial',
    discover() {
      discovering ??= discoverNow().finally(() => {
        discovering = null;
      });
      return discovering;
    },
    open: (info) => inTurn(info.place, () => openNow(info)),
    onPlug(listener) {
      // a listener may be given twice; each has its own end
      const watcher = () => listener();
      watchers.add(watcher);
      if (!watch) startWatching();
      return () => {
        watchers.delete(watcher);
        if (watchers.size === 0) stopWatching();
      };
    },
    async close() {
      watchers.clear();
      stopWatching();
      await discovering?.catch(() => {});
      await Promise.all([...open.values()].map((reader) => reader.close()));
    },
  };

  async function discoverNow(): Promise<readonly ReaderInfo[]> {
    const listed = await listQuietly();
    for (const path of asked.keys()) if (!listed.some((port) => port.path === path)) asked.delete(path);
    const named = settings().map((port) => port.path);
    const taken = await Promise.all(portsInUse().map(portName));
    const candidates = new Map<string, string>();
    for (const path of [...listed.filter(behindKnownBridge).map((port) => port.path), ...named])
      candidates.set(await portName(path), path);
    const found = await Promise.all(
      [...candidates]
        .filter(([name]) => !taken.includes(name))
        .map(([, path]) => {
          const shown = listed.find((port) => port.path === path);
          return inTurn(path, () => whatIsThere(path, shown));
        }),
    );
    return found.filter((info) => info !== null);
  }

  /** `listed`: how the system shows it; a typed port may be none it shows. */
  async function whatIsThere(path: string, listed: ListedPort | undefined): Promise<ReaderInfo | null> {
    const reader = open.get(path);
    if (reader) return reader.info;
    const known = asked.get(path);
    if (listed && known?.plug === plugOf(listed) && (known.info || !isNamed(path))) return known.info;
    const info = await askPort(path);
    if (listed && info !== 'later') asked.set(path, { plug: plugOf(listed), info });
    return info === 'later' ? null : info;
  }

  /** `later`: somebody else has the port, or whatever is there talks by itself. */
  async function askPort(path: string): Promise<ReaderInfo | null | 'later'> {
    const baud = bauds.get(path) ?? settingsOf(path).baud ?? usualBauds[0];
    const line = await openLine(path, baud);
    if (!line.ok) return line.error.code === 'reader_missing' ? null : 'later';
    try {
      if (!isNamed(path) && (await talksByItself(line.value))) return 'later';
      // asking never writes settings
      const met = await meetModule(line.value, baud, { ...settingsOf(path), baud, tune: false }, timing, log);
      if (met.ok) {
        bauds.set(path, met.value.baud);
        return { id: `serial:${path}`, kind: 'serial', model: met.value.model, place: path };
      }
      // it is a module, and opening it will say what is the matter
      const closedToUs = met.error.code === 'reader_wrong_password' || met.error.code === 'reader_line_bad';
      return closedToUs
        ? { id: `serial:${path}`, kind: 'serial', model: 'Synochip (R30x, AS608)', place: path }
        : null;
    } finally {
      await line.value.close();
    }
  }

  async function openNow(info: ReaderInfo): Promise<Result<Reader>> {
    const path = info.place;
    if (open.has(path)) return fail('reader_busy');
    const name = await portName(path);
    for (const other of portsInUse()) if ((await portName(other)) === name) return fail('reader_busy');
    const port = settingsOf(path);
    const baud = bauds.get(path) ?? port.baud ?? usualBauds[0];
    const line = await openLine(path, baud);
    if (!line.ok) return line;
    const met = await meetModule(line.value, baud, { ...port, baud }, timing, log);
    if (!met.ok) {
      await line.value.close();
      asked.delete(path);
      return met;
    }
    bauds.set(path, met.value.baud);
    const here: ReaderInfo = { ...info, model: met.value.model };
    const reader = openSerialReader(here, line.value, met.value, timing, () => open.delete(path));
    open.set(path, reader);
    return ok(reader);
  }

  function settingsOf(path: string): PortSettings {
    return settings().find((port) => port.path === path) ?? { path };
  }

  function isNamed(path: string): boolean {
    return settings().some((port) => port.path === path);
  }

  function inTurn<T>(path: string, work: () => Promise<T>): Promise<T> {
    const turn = (turns.get(path) ?? Promise.resolve()).then(work);
    const over: Promise<void> = turn.then(
      () => {},
      () => {},
    );
    turns.set(path, over);
    return turn;
  }

  function startWatching(): void {
    let before: string | null = null;
    const look = async () => {
      const now = (await listQuietly()).map(plugOf).sort().join('\n');
      if (before !== null && before !== now) for (const watcher of [...watchers]) watcher();
      before = now;
      if (watch) lookIn(plugMs);
    };
    const lookIn = (ms: number) => {
      watch = setTimeout(() => void look(), ms);
      watch.unref();
    };
    lookIn(0);
  }

  function stopWatching(): void {
    clearTimeout(watch);
    watch = undefined;
  }

  async function listQuietly(): Promise<readonly ListedPort[]> {
    try {
      return await list();
    } catch (error) {
      log('warn', 'serial ports could not be listed', {
        reason: error instanceof Error ? error.message : 'unknown',
      });
      return [];
    }
  }
}

async function listPorts(): Promise<readonly ListedPort[]> {
  const { SerialPort } = await import('serialport');
  return SerialPort.list();
}

function behindKnownBridge(port: ListedPort): boolean {
  const vendorId = Number.parseInt(port.vendorId ?? '', 16);
  const productId = Number.parseInt(port.productId ?? '', 16);
  return knownBridges.some((bridge) => bridge.vendorId === vendorId && bridge.productId === productId);
}

/** The same while it stays plugged in. */
const plugOf = (port: ListedPort): string =>
  [port.path, port.vendorId, port.productId, port.serialNumber].join(' ');

/** One port has several names: links under /dev/serial, COM3 and com3. */
async function portName(path: string): Promise<string> {
  if (process.platform === 'win32') return path.replace(/^\\\\\.\\/, '').toLowerCase();
  return realpath(path).catch(() => path);
}

/** Scales send ten times a second; what speaks less often is not noticed, hence the list of bridges above. */
const listenMs = 300;

/** Scales, analysers and scanners send on their own; a module only answers, but for one byte after power-up. */
async function talksByItself(line: Line): Promise<boolean> {
  let bytes = 0;
  line.onBytes((some) => {
    bytes += some.length;
  });
  await new Promise((done) => setTimeout(done, listenMs));
  return bytes > 1;
}
