// Readers behind their makers' own libraries, as one family. Each maker's library has a helper process of its own,
// started only when the library is on this PC and ended when nothing is open: a crash reaches nobody else.
import { fail, ok, type Result } from '../../../../shared/api/contract.ts';
import type { Log } from '../../../store/room.ts';
import type { CaptureOptions, FingerImage, Reader, ReaderFamily, ReaderInfo } from '../../types.ts';
import { type Deadlines, type HelperLine, openHelperLine, usualDeadlines } from './helper-line.ts';
import type { StartHelper } from './helper-process.ts';
import { findLibrary, type Places } from './library-file.ts';
import { vendors as allVendors } from './makers/index.ts';
import { openUsbBus, type UsbBus } from './usb-bus.ts';
import type { Vendor } from './vendor.ts';

export { forkHelper, type HelperProcess, type StartHelper } from './helper-process.ts';

export interface VendorReadersOptions {
  /** How this shell starts a helper. */
  readonly start: StartHelper;
  /** Folder with makers' libraries, named by whoever looks after this PC; null: the usual places only. */
  readonly folder?: string | null;
  /** Names a reader whose library is missing, and says when to count anew. */
  readonly usb?: UsbBus;
  readonly vendors?: readonly Vendor[];
  readonly places?: Partial<Omit<Places, 'folder'>>;
  readonly deadlines?: Partial<Deadlines>;
  readonly log: Log;
}

export function openVendorReaders(options: VendorReadersOptions): ReaderFamily {
  const { log, start, usb = openUsbBus(options.log) } = options;
  const vendors = options.vendors ?? Object.values(allVendors);
  const deadlines = { ...usualDeadlines, ...options.deadlines };
  const places = placesOf(options);
  const lines = new Map<string, HelperLine>();
  const said = new Map<Vendor, string>();
  const listeners = new Set<() => void>();
  const opened = new Set<Opened>();
  const timers = new Set<NodeJS.Timeout>();
  let unwatch: (() => void) | null = null;
  const changed = (): void => {
    for (const listener of listeners) listener();
  };

  return {
    kind: 'vendor',
    async discover() {
      if (!places) return [];
      const found = await Promise.all(vendors.map(readersOf));
      return found.flat();
    },
    async open(info) {
      const asked = /^vendor:([a-z]+):(\d+|usb)$/.exec(info.id);
      const vendor = vendors.find(({ name }) => name === asked?.[1]);
      if (!vendor) return fail('reader_missing');
      const line = lineOf(vendor);
      if (!line) return fail('reader_software_missing');
      // it was named while its library was missing
      const index = asked?.[2] === 'usb' ? 0 : Number(asked?.[2]);
      const ready = await line.open(index);
      if (!ready.ok) return ready;
      const mine = readerAt(line, index, info, (how) => {
        opened.delete(mine);
        if (how === 'gone') changed();
      });
      opened.add(mine);
      return ok(mine.reader);
    },
    onPlug(listener) {
      listeners.add(listener);
      unwatch ??= usb.watch(plugged);
      return () => {
        listeners.delete(listener);
        if (listeners.size === 0) stopWatching();
      };
    },
    async close() {
      listeners.clear();
      stopWatching();
      await Promise.all([...lines.values()].map((line) => line.end()));
    },
  };

  function plugged(vendorId: number): void {
    if (!vendors.some((vendor) => vendor.usb.includes(vendorId))) return;
    for (const ms of settledMs) {
      const timer = setTimeout(() => {
        timers.delete(timer);
        changed();
      }, ms);
      timers.add(timer.unref());
    }
  }

  function stopWatching(): void {
    unwatch?.();
    unwatch = null;
    for (const timer of timers) clearTimeout(timer);
    timers.clear();
  }

  async function readersOf(vendor: Vendor): Promise<ReaderInfo[]> {
    const line = lineOf(vendor);
    const counted = await line?.count();
    if (line && counted?.ok) {
      for (const each of [...opened]) if (each.line === line && each.index >= counted.value) each.isGone();
      return Array.from({ length: counted.value }, (_, index) => ({
        id: `vendor:${vendor.name}:${index}`,
        kind: 'vendor',
        model: vendor.maker,
        place: `USB #${index + 1}`,
      }));
    }
    // Without its library a reader that is plugged in cannot work, but a person can be told what it lacks.
    if (counted && !counted.ok && counted.error.code !== 'reader_software_missing') return [];
    const ids = await usb.vendorIds();
    return vendor.usb.some((id) => ids.includes(id))
      ? [{ id: `vendor:${vendor.name}:usb`, kind: 'vendor', model: vendor.maker, place: 'USB' }]
      : [];
  }

  /** Null: its library is not on this PC, or not one this program can load; the log says which, once. */
  function lineOf(vendor: Vendor): HelperLine | null {
    if (!places) return null;
    const library = findLibrary(vendor, places);
    if (!library.found) {
      if (said.get(vendor) !== library.why)
        log('info', 'a reader’s library is not here', { vendor: vendor.name, why: library.why });
      said.set(vendor, library.why);
      return null;
    }
    const key = `${vendor.name} ${library.file}`;
    const line = lines.get(key) ?? openHelperLine({ vendor, file: library.file, start, deadlines, log });
    lines.set(key, line);
    return line;
  }
}

/** ms after something was plugged in or out: a driver may be ready at once or take its time. */
const settledMs = [500, 3_000];

interface Opened {
  readonly reader: Reader;
  readonly line: HelperLine;
  readonly index: number;
  /** Its library counts it no more. */
  isGone(): void;
}

function readerAt(
  line: HelperLine,
  index: number,
  info: ReaderInfo,
  ended: (how: 'closed' | 'gone') => void,
): Opened {
  const goneListeners = new Set<() => void>();
  let busy = false;
  let gone = false;
  const isGone = (): void => {
    if (gone) return;
    gone = true;
    for (const listener of goneListeners) listener();
    goneListeners.clear();
    ended('gone');
  };

  const reader: Reader = {
    info,
    async capture(options) {
      if (gone) return fail('reader_unplugged');
      if (busy) return fail('reader_busy');
      busy = true;
      const result = await captureOnce(line, index, options);
      busy = false;
      if (!result.ok && result.error.code === 'reader_unplugged') isGone();
      return result;
    },
    onGone(listener) {
      goneListeners.add(listener);
    },
    async close() {
      if (!gone) ended('closed');
      gone = true;
      await line.close(index);
    },
  };
  return { reader, line, index, isGone };
}

async function captureOnce(
  line: HelperLine,
  index: number,
  { signal, waitMs, progress }: CaptureOptions,
): Promise<Result<FingerImage>> {
  if (signal.aborted) return fail('capture_cancelled');
  let asked = false;
  const result = await line.capture(index, waitMs, signal, () => {
    // only once the library is really looking
    if (!asked) progress({ step: 'place_finger' });
    asked = true;
  });
  if (!result.ok) return result;
  if (signal.aborted) {
    result.value.pixels.fill(0);
    return fail('capture_cancelled');
  }
  progress({ step: 'reading', done: 1 });
  return result;
}

function placesOf({ folder = null, places = {} }: VendorReadersOptions): Places | null {
  const platform = places.platform ?? process.platform;
  if (platform !== 'win32' && platform !== 'linux') return null;
  return { platform, arch: places.arch ?? process.arch, env: places.env ?? process.env, folder };
}
