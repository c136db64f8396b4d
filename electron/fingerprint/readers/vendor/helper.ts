// The helper process: one maker's library, loaded here and nowhere else, because such libraries crash and hang.
// It calls them one after another in one thread, as their makers' own programs do, and never waits long inside one.
// Started by `StartHelper`; as a child of Node it speaks over `process.send`, as Electron's over `process.parentPort`.
import { setTimeout as sleep } from 'node:timers/promises';
import { dieQuietly, loadLibrary } from './calls.ts';
import { vendors } from './makers/index.ts';
import type { Answer, FromHelper, ToHelper } from './protocol.ts';
import { isFault, type OpenDevice, type Vendor, type VendorLibrary } from './vendor.ts';

/** A sign of life to the program while nobody puts a finger on. */
const aliveMs = 250;
/** Between two questions whether a reader is still plugged in, while it is looked at. */
const pluggedMs = 1_500;

const port = parentOf();
let vendor: Vendor | null = null;
let library: VendorLibrary | null = null;
const open = new Map<number, OpenDevice>();
const cancelled = new Set<number>();

port.listen((message) => {
  if (message.type === 'cancel') cancelled.add(message.id);
  else void answer(message);
});

async function answer(message: Exclude<ToHelper, { type: 'cancel' }>): Promise<void> {
  try {
    const told = await answerTo(message);
    if (told) port.tell(told);
  } catch (bug) {
    const detail = bug instanceof Error ? bug.message : 'unknown';
    port.tell(failed(message.id, 'reader_failed', detail));
  }
}

/** Null: the answer, a picture, was told already. */
async function answerTo(message: Exclude<ToHelper, { type: 'cancel' }>): Promise<Answer | null> {
  const { id } = message;
  if (message.type === 'begin') return begin(message);
  if (!library || !vendor) return failed(id, 'reader_failed', 'no library was begun');

  switch (message.type) {
    case 'count': {
      const count = library.count();
      return isFault(count) ? { type: 'fault', id, fault: count } : { type: 'counted', id, count };
    }
    case 'open': {
      if (open.has(message.index)) return { type: 'done', id };
      const device = library.open(message.index);
      if (isFault(device)) return { type: 'fault', id, fault: device };
      open.set(message.index, device);
      return { type: 'done', id };
    }
    case 'capture':
      return capture(message, vendor);
    case 'close':
      open.get(message.index)?.close();
      open.delete(message.index);
      return { type: 'done', id };
  }
}

async function begin({ id, vendor: name, file }: Extract<ToHelper, { type: 'begin' }>): Promise<Answer> {
  await dieQuietly();
  const calls = await loadLibrary(vendors[name], file);
  if (isFault(calls)) return { type: 'fault', id, fault: calls };
  const ready = vendors[name].ready(calls);
  if (isFault(ready)) return { type: 'fault', id, fault: ready };
  vendor = vendors[name];
  library = ready;
  return { type: 'done', id };
}

async function capture(
  { id, index, waitMs }: Extract<ToHelper, { type: 'capture' }>,
  { pauseMs, ridges }: Vendor,
): Promise<Answer | null> {
  const device = open.get(index);
  if (!device) return failed(id, 'reader_failed', 'the reader is not open');
  const until = performance.now() + waitMs;
  let aliveAt = 0;
  let pluggedAt = performance.now() + pluggedMs;

  while (performance.now() < until) {
    if (cancelled.delete(id) || open.get(index) !== device) return { type: 'cancelled', id };
    const seen = device.look();
    if (isFault(seen)) return { type: 'fault', id, fault: seen };
    if (seen !== 'nothing') {
      if (ridges === 'light') for (const [at, grey] of seen.pixels.entries()) seen.pixels[at] = 255 - grey;
      await port.tellAndForget({ type: 'picture', id, ...seen });
      device.wipe();
      return null;
    }
    const now = performance.now();
    if (now >= aliveAt) {
      port.tell({ type: 'alive', id });
      aliveAt = now + aliveMs;
    }
    if (now >= pluggedAt) {
      if (!device.plugged()) return failed(id, 'reader_unplugged', 'the library counts it no more');
      pluggedAt = now + pluggedMs;
    }
    await sleep(pauseMs);
  }
  cancelled.delete(id);
  device.wipe();
  return { type: 'timeout', id };
}

const failed = (id: number, code: 'reader_failed' | 'reader_unplugged', detail: string): Answer => ({
  type: 'fault',
  id,
  fault: { code, detail },
});

interface ParentPort {
  tell(message: FromHelper): void;
  /** Resolves when the message's bytes have been copied out, so that they can be wiped. */
  tellAndForget(message: FromHelper): Promise<void>;
  listen(heard: (message: ToHelper) => void): void;
}

/** What Electron gives a utility process in place of `process.send`. */
interface ElectronPort {
  postMessage(message: unknown): void;
  on(event: 'message', heard: (event: { readonly data: unknown }) => void): void;
}

// Trust inside: only the program that starts this process can send here.
function parentOf(): ParentPort {
  const electron = (process as { parentPort?: ElectronPort }).parentPort;
  if (electron) {
    return {
      tell: (message) => electron.postMessage(message),
      tellAndForget: async (message) => electron.postMessage(message),
      listen: (heard) => electron.on('message', ({ data }) => heard(data as ToHelper)),
    };
  }
  const { send } = process;
  if (!send) throw new Error('the fingerprint helper runs as a child process only');
  // a library may still be busy when the program has gone
  process.on('disconnect', () => process.kill(process.pid, 'SIGKILL'));
  return {
    tell: (message) => void send.call(process, message),
    tellAndForget: (message) =>
      new Promise((done) => void send.call(process, message, undefined, undefined, () => done())),
    listen: (heard) => process.on('message', (message) => heard(message as ToHelper)),
  };
}
