// One reader's life at the desk: opened when first needed, one capture at a time, closed when idle. A family's reader
// that hangs or breaks its word is given up here; whatever picture it delivers afterwards is wiped unseen.
import { fail, ok, type Result } from '../../../shared/api/contract.ts';
import type { Log } from '../../store/room.ts';
import type { CaptureOptions, FingerImage, Reader, ReaderFamily, ReaderInfo } from '../types.ts';
import { late, within } from './within.ts';

export interface SlotTimes {
  readonly openMs: number;
  /** Beyond the time the person has, for the picture to arrive: a serial reader sends one in 7 s. */
  readonly deliverMs: number;
  /** For a cancelled capture to end. */
  readonly settleMs: number;
  readonly closeMs: number;
  readonly idleMs: number;
}

export interface Slot {
  readonly info: ReaderInfo;
  /** False while another capture holds it; `leave` must follow a true one. */
  enter(): boolean;
  leave(): void;
  /** One picture; opens the reader when it is not open. */
  take(options: CaptureOptions): Promise<Result<FingerImage>>;
  readonly inUse: boolean;
  /** Open, so plugged in whatever its family finds now. */
  readonly isOpen: boolean;
  close(): Promise<void>;
}

export function openSlot(options: {
  readonly family: ReaderFamily;
  readonly info: ReaderInfo;
  readonly times: SlotTimes;
  readonly gone: () => void;
  readonly log: Log;
}): Slot {
  const { family, info, times, log } = options;
  let inUse = false;
  let open: Reader | null = null;
  let opening: Promise<Result<Reader>> | null = null;
  /** A cancelled capture, or a reader being closed: the next one waits for it. */
  let winding: Promise<unknown> = Promise.resolve();
  let idle: NodeJS.Timeout | undefined;
  /** Ends a capture whose reader goes without a word. */
  let whenGone: () => void = () => {};

  return {
    info,
    enter() {
      if (inUse) return false;
      inUse = true;
      clearTimeout(idle);
      return true;
    },
    leave() {
      inUse = false;
      rest();
    },
    take,
    get inUse() {
      return inUse;
    },
    get isOpen() {
      return open !== null;
    },
    close,
  };

  async function take(asked: CaptureOptions): Promise<Result<FingerImage>> {
    const aborted = whenAborted(asked.signal);
    const opened = winding.then(openReader);
    const reader = await Promise.race([opened, aborted.happened]);
    aborted.forget();
    if (!reader.ok) return reader;
    return capture(reader.value, asked);
  }

  async function openReader(): Promise<Result<Reader>> {
    if (open) return ok(open);
    opening ??= startOpening();
    return opening;
  }

  async function startOpening(): Promise<Result<Reader>> {
    const mine = family.open(info).catch((bug: unknown): Result<Reader> => {
      log('error', 'opening a reader threw', { reader: info.id, bug });
      return fail('reader_failed');
    });
    const opened = await within(mine, times.openMs);
    opening = null;
    if (opened === late) {
      log('warn', 'a reader did not open in time', { reader: info.id });
      void mine.then((result) => (result.ok ? giveUp(result.value) : undefined));
      return fail('reader_failed');
    }
    if (!opened.ok) return opened;
    const reader = opened.value;
    open = reader;
    reader.onGone(() => {
      if (open !== reader) return;
      open = null;
      clearTimeout(idle);
      // a capture under way has its own answer; one that has not is answered a moment later
      setTimeout(whenGone, goneMs).unref();
      options.gone();
    });
    // the person has cancelled meanwhile
    if (!inUse) rest();
    return opened;
  }

  function rest(): void {
    clearTimeout(idle);
    if (!open) return;
    idle = setTimeout(() => void close(), times.idleMs);
    idle.unref();
  }

  async function capture(reader: Reader, asked: CaptureOptions): Promise<Result<FingerImage>> {
    let answered = false;
    const taking = reader
      .capture({ ...asked, progress: (now) => answered || asked.progress(now) })
      .catch((bug: unknown): Result<FingerImage> => {
        log('error', 'a capture threw', { reader: info.id, bug });
        return fail('reader_failed');
      });
    const wentAway = new Promise<Result<FingerImage>>((resolve) => {
      whenGone = () => resolve(fail('reader_unplugged'));
    });
    const aborted = whenAborted(asked.signal);
    const first = await within(
      Promise.race([taking, aborted.happened, wentAway]),
      asked.waitMs + times.deliverMs,
    );
    aborted.forget();
    answered = true;
    whenGone = () => {};

    const result = first === late ? fail('reader_failed') : first;
    if (first === late) log('warn', 'a reader hangs and is given up', { reader: info.id });
    // nobody waits for what still comes
    const settled = taking.then((ended) => {
      if (ended.ok && (!result.ok || ended.value !== result.value)) ended.value.pixels.fill(0);
    });
    if (!result.ok) {
      if (result.error.code === 'capture_cancelled')
        winding = within(settled, times.settleMs).then((ended) => ended === late && drop(reader));
      else if (result.error.code.startsWith('reader_')) drop(reader);
    }
    return result;
  }

  /** The next capture opens it anew. */
  function drop(reader: Reader): void {
    if (open === reader) open = null;
    winding = giveUp(reader);
  }

  async function close(): Promise<void> {
    clearTimeout(idle);
    if (opening) await within(opening, times.closeMs);
    const reader = open;
    open = null;
    if (reader) winding = giveUp(reader);
    await winding;
  }

  async function giveUp(reader: Reader): Promise<void> {
    const closing = reader.close().catch((bug: unknown) => {
      log('error', 'closing a reader threw', { reader: info.id, bug });
    });
    const ended = await within(closing, times.closeMs);
    if (ended === late) log('warn', 'a reader did not close in time', { reader: info.id });
  }
}

const goneMs = 500;

function whenAborted(signal: AbortSignal): {
  readonly happened: Promise<ReturnType<typeof fail>>;
  forget(): void;
} {
  const { promise, resolve } = Promise.withResolvers<ReturnType<typeof fail>>();
  const answer = (): void => resolve(fail('capture_cancelled'));
  if (signal.aborted) answer();
  signal.addEventListener('abort', answer);
  return { happened: promise, forget: () => signal.removeEventListener('abort', answer) };
}
