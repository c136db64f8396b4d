// An open serial reader: one capture at a time, an answer at once when it is cancelled, and whatever the module still
// sends after that emptied in the background before the next command.
import { fail, type Result } from '../../../../shared/api/contract.ts';
import type { CaptureOptions, CaptureProgress, FingerImage, Reader, ReaderInfo } from '../../types.ts';
import { takePicture } from './capture.ts';
import type { Line } from './line.ts';
import type { Module } from './module.ts';
import type { Timing } from './talk.ts';

/** How long closing waits for the module's light to go out. */
const tidyMs = 1000;

/** `closed` is called once, however it ends. */
export function openSerialReader(
  info: ReaderInfo,
  line: Line,
  module: Module,
  timing: Timing,
  closed: () => void,
): Reader {
  const closing = new AbortController();
  let busy = false;
  let gone = false;
  let tidy: Promise<unknown> = Promise.resolve();
  const listeners: (() => void)[] = [];

  module.talk.onGone(() => {
    gone = true;
    // whoever captures hears it first, at the turn before
    void tidy.then(() =>
      setImmediate(() => {
        closed();
        void line.close();
        for (const listener of listeners.splice(0)) listener();
      }),
    );
  });

  return {
    info,
    async capture(options) {
      if (gone || closing.signal.aborted) return fail('reader_unplugged');
      if (busy) return fail('reader_busy');
      busy = true;
      try {
        return await captureOnce(options);
      } finally {
        busy = false;
      }
    },
    onGone(listener) {
      if (gone) queueMicrotask(listener);
      else listeners.push(listener);
    },
    async close() {
      if (closing.signal.aborted) return;
      closing.abort();
      await atMost(tidyMs, tidy);
      await line.close();
      if (!gone) closed();
    },
  };

  /** The caller hears of a stop at once; the work behind ends at its next step. */
  async function captureOnce(options: CaptureOptions): Promise<Result<FingerImage>> {
    const signal = AbortSignal.any([options.signal, closing.signal]);
    let left = false;
    const before = tidy;
    const progress = (now: CaptureProgress) => {
      if (!left) options.progress(now);
    };
    const work = before.then(() =>
      signal.aborted
        ? fail('capture_cancelled')
        : takePicture(module, { signal, waitMs: options.waitMs, progress }, timing),
    );
    tidy = work.then(
      (result) => {
        if (left && result.ok) result.value.pixels.fill(0);
      },
      () => {},
    );
    const stopped = whenAborted(signal);
    const result = await Promise.race([work, stopped.then(() => null)]);
    if (result) return result;
    left = true;
    return fail('capture_cancelled');
  }
}

function whenAborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((done) => signal.addEventListener('abort', () => done(), { once: true }));
}

async function atMost(ms: number, work: Promise<unknown>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  await Promise.race([work, new Promise((done) => (timer = setTimeout(done, ms)))]);
  clearTimeout(timer);
}
