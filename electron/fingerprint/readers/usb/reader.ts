// The life of one open USB reader: one capture at a time, which a person, an unplug or the program's end may
// stop at any moment; after each the finger must be lifted; after a minute of rest the reader sleeps.
import { fail, ok, type Result } from '../../../../shared/api/contract.ts';
import type { Log } from '../../../store/room.ts';
import type { CaptureOptions, FingerImage, Reader, ReaderInfo } from '../../types.ts';
import { Fault, faultOf, within } from './fault.ts';
import type { Transport } from './transport.ts';
import type { Uru } from './uru.ts';

export interface ReaderTimes {
  /** After so many ms without a capture the reader goes to sleep. */
  readonly idleMs: number;
  /** After so many ms without a word its state is asked for: the PC may have slept. */
  readonly trustMs: number;
}
export const readerTimes: ReaderTimes = { idleMs: 60_000, trustMs: 5000 };

/** Starts the reader up; the transport is closed again when that fails. */
export async function startReader(
  info: ReaderInfo,
  transport: Transport,
  uru: Uru,
  log: Log,
  times: ReaderTimes = readerTimes,
): Promise<Result<Reader>> {
  /** Ends everything: the reader is gone or was closed. Its reason is a Fault. */
  const over = new AbortController();
  transport.onGone(() => over.abort(new Fault('reader_unplugged', 'gone from its plug')));
  try {
    await uru.startUp(over.signal);
  } catch (error) {
    const fault = over.signal.aborted ? faultOf(over.signal.reason) : faultOf(error);
    log('warn', 'usb reader could not be started', { reader: info.id, reason: fault.message });
    await transport.close();
    return fail(fault.code);
  }
  return ok(live(info, transport, uru, log, times, over));
}

function live(
  info: ReaderInfo,
  transport: Transport,
  uru: Uru,
  log: Log,
  times: ReaderTimes,
  over: AbortController,
): Reader {
  /** The capture under way. */
  let capturing: Promise<unknown> | null = null;
  /** What goes on between captures: waiting for the finger to leave, putting lights out. Never rejects. */
  let settling: Promise<void> = Promise.resolve();
  /** Waiting for the finger to leave; aborted when that is of no use any more. */
  let lifting: AbortController | null = null;
  /** Needs no start-up before the next capture. */
  let awake = true;
  /** In a mode other than off. */
  let lit = false;
  let heardAt = Date.now();
  let idle: NodeJS.Timeout | undefined;
  let closing: Promise<void> | null = null;
  let gone = false;
  const goneListeners: (() => void)[] = [];

  const capture = async (options: CaptureOptions): Promise<Result<FingerImage>> => {
    if (over.signal.aborted) return fail(faultOf(over.signal.reason).code);
    if (capturing) return fail('reader_busy');
    clearTimeout(idle);
    const run = attempt(options);
    capturing = run;
    try {
      return await run;
    } finally {
      capturing = null;
      sleepLater();
    }
  };

  const attempt = async (options: CaptureOptions): Promise<Result<FingerImage>> => {
    const stop = new AbortController();
    const cancel = () => stop.abort(new Fault('capture_cancelled', 'cancelled'));
    const end = () => stop.abort(over.signal.reason);
    options.signal.addEventListener('abort', cancel);
    over.signal.addEventListener('abort', end);
    if (options.signal.aborted) cancel();
    try {
      return ok(await take(options, stop.signal));
    } catch (error) {
      // once stopped, what a transfer says about it is beside the point
      const fault = stop.signal.aborted ? faultOf(stop.signal.reason) : faultOf(error);
      if (fault.code === 'reader_failed')
        log('warn', 'usb capture failed', { reader: info.id, reason: fault.message });
      return fail(fault.code);
    } finally {
      options.signal.removeEventListener('abort', cancel);
      over.signal.removeEventListener('abort', end);
    }
  };

  const take = async (options: CaptureOptions, signal: AbortSignal): Promise<FingerImage> => {
    if (awake && Date.now() - heardAt > times.trustMs) awake = await uru.isAwake(signal);
    if (!awake) lifting?.abort(new Fault('reader_failed', 'slept while the finger lay'));
    await liftBefore(options, signal);
    try {
      if (!awake) await uru.startUp(signal);
      awake = true;
      for (let round = 0; round < 2; round++) {
        if (round === 0) options.progress({ step: 'place_finger' });
        if (signal.aborted) throw signal.reason;
        lit = true;
        await uru.awaitFinger(signal, options.waitMs);
        options.progress({ step: 'reading', done: 0 });
        awake = false; // until the picture is whole nobody knows what it will do next
        const image = await uru.picture(signal);
        if (image) {
          awake = true;
          settling = untilLifted();
          options.progress({ step: 'reading', done: 1 });
          return image;
        }
        await uru.startUp(signal);
        awake = true;
      }
      throw new Fault('reader_failed', 'no whole picture, also after another start-up');
    } catch (error) {
      if (!over.signal.aborted) settling = afterwards(rest);
      throw error;
    } finally {
      heardAt = Date.now();
    }
  };

  /** A finger still lying from the last capture would be taken for the next one. */
  const liftBefore = async ({ progress, waitMs }: CaptureOptions, signal: AbortSignal): Promise<void> => {
    if (lifting) progress({ step: 'lift_finger' });
    try {
      await within(settling, signal, {
        ms: waitMs,
        fault: () => new Fault('finger_timeout', 'finger not lifted'),
      });
    } catch (error) {
      // its word may have been lost: the next capture starts up and looks for itself
      if (!signal.aborted) lifting?.abort(error);
      throw error;
    }
  };

  const untilLifted = async (): Promise<void> => {
    const own = new AbortController();
    lifting = own;
    await afterwards(() => uru.awaitLift(AbortSignal.any([own.signal, over.signal])));
    lifting = null;
    if (!own.signal.aborted && !over.signal.aborted) await afterwards(rest);
  };

  const rest = async (): Promise<void> => {
    if (!lit) return;
    await uru.rest();
    lit = false;
  };

  /** Between captures nobody waits for an outcome: a failure means starting up before the next one. */
  const afterwards = async (work: () => Promise<void>): Promise<void> => {
    try {
      await work();
    } catch (error) {
      awake = false;
      if (!over.signal.aborted)
        log('warn', 'usb reader did not come to rest', { reader: info.id, reason: faultOf(error).message });
    } finally {
      heardAt = Date.now();
    }
  };

  const sleepLater = () => {
    clearTimeout(idle);
    if (over.signal.aborted) return;
    idle = setTimeout(() => {
      lifting?.abort(new Fault('finger_timeout', 'finger lies there; the reader sleeps'));
      settling = settling.then(async () => {
        if (capturing || over.signal.aborted) return;
        awake = false;
        await afterwards(() => uru.sleep());
        lit = false;
      });
    }, times.idleMs);
    idle.unref();
  };

  const letGo = async (): Promise<void> => {
    clearTimeout(idle);
    await capturing?.catch(() => {});
    await transport.close();
  };

  const leave = async (): Promise<void> => {
    over.abort(new Fault('capture_cancelled', 'reader closed'));
    await capturing?.catch(() => {});
    await Promise.race([rest().catch(() => {}), delay(closeMs)]);
    await letGo();
  };

  const lost = async (): Promise<void> => {
    await letGo();
    gone = true;
    for (const listener of goneListeners.splice(0)) listener();
  };

  over.signal.addEventListener('abort', () => {
    closing ??= lost();
  });
  sleepLater();

  return {
    info,
    capture,
    onGone(listener) {
      if (gone) listener();
      else goneListeners.push(listener);
    },
    close() {
      if (closing) return closing;
      // set before the abort inside it, which would take this for an unplug
      let done: () => void = () => {};
      closing = new Promise((resolve) => {
        done = resolve;
      });
      void leave().finally(done);
      return closing;
    },
  };
}

/** Lights go out within so many ms, or stay on. */
const closeMs = 1000;
const delay = (ms: number): Promise<void> =>
  new Promise((resolve) => {
    setTimeout(resolve, ms).unref();
  });
