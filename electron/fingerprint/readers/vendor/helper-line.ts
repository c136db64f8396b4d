// The program's end of one helper: questions with deadlines. A helper that stays silent past its deadline is killed;
// whatever was being asked then, or when it crashed, is answered `reader_failed`, and the next question starts anew.
import { fail, ok, type Result } from '../../../../shared/api/contract.ts';
import type { Log } from '../../../store/room.ts';
import type { FingerImage } from '../../types.ts';
import type { HelperProcess, StartHelper } from './helper-process.ts';
import { type Answer, parseFromHelper, type ToHelper } from './protocol.ts';
import type { Vendor } from './vendor.ts';

export interface Deadlines {
  /** Loading a library: virus scanners read it first. */
  readonly beginMs: number;
  readonly countMs: number;
  readonly openMs: number;
  /** Without a sign of life while a finger is waited for. */
  readonly silenceMs: number;
  readonly closeMs: number;
  /** Nothing asked, nothing open: the helper is ended. */
  readonly idleMs: number;
}

export const usualDeadlines: Deadlines = {
  beginMs: 20_000,
  countMs: 8_000,
  openMs: 10_000,
  silenceMs: 5_000,
  closeMs: 2_000,
  idleMs: 20_000,
};

export interface HelperLine {
  count(): Promise<Result<number>>;
  open(index: number): Promise<Result<null>>;
  /** Opens the reader first when the helper is new since. */
  capture(
    index: number,
    waitMs: number,
    signal: AbortSignal,
    waiting: () => void,
  ): Promise<Result<FingerImage>>;
  close(index: number): Promise<void>;
  /** Ends the helper; it can be asked again afterwards. */
  end(): Promise<void>;
}

type Question<T extends ToHelper['type'] = ToHelper['type']> = T extends ToHelper['type']
  ? Omit<Extract<ToHelper, { type: T }>, 'id'>
  : never;

interface Waiting {
  readonly deadlineMs: number;
  readonly alive: () => void;
  timer: NodeJS.Timeout;
  answer(answer: Answer | null): void;
}

interface Running {
  readonly process: HelperProcess;
  readonly begun: Promise<Result<null>>;
  readonly open: Set<number>;
}

export function openHelperLine(options: {
  readonly vendor: Vendor;
  readonly file: string;
  readonly start: StartHelper;
  readonly deadlines: Deadlines;
  readonly log: Log;
}): HelperLine {
  const { vendor, file, start, deadlines, log } = options;
  const waiting = new Map<number, Waiting>();
  let running: Running | null = null;
  let nextId = 1;
  let idle: NodeJS.Timeout | undefined;

  return {
    async count() {
      const helper = await begun();
      if (!helper.ok) return helper;
      const answer = await ask(helper.value, { type: 'count' }, deadlines.countMs);
      if (answer?.type !== 'counted') return failure(answer);
      return ok(Math.min(Math.max(answer.count, 0), mostReaders));
    },
    async open(index) {
      const helper = await begun();
      return helper.ok ? openIn(helper.value, index) : helper;
    },
    async capture(index, waitMs, signal, alive) {
      const helper = await begun();
      if (!helper.ok) return helper;
      const opened = await openIn(helper.value, index);
      if (!opened.ok) return opened;
      if (signal.aborted) return fail('capture_cancelled');
      const question = { type: 'capture', index, waitMs } as const;
      const answer = await ask(helper.value, question, deadlines.silenceMs, { alive, signal });
      if (answer?.type === 'picture') return pictureOf(answer);
      if (answer?.type === 'timeout') return fail('finger_timeout');
      if (answer?.type === 'cancelled') return fail('capture_cancelled');
      // a reader that failed is opened anew next time
      if (running === helper.value) await closeIn(helper.value, index);
      return failure(answer);
    },
    async close(index) {
      if (running?.open.has(index)) await closeIn(running, index);
    },
    async end() {
      clearTimeout(idle);
      const ending = running;
      if (!ending) return;
      // lights off; a library that is busy or dead is not waited for long
      await Promise.all([...ending.open].map((index) => closeIn(ending, index)));
      drop(ending);
    },
  };

  async function openIn(helper: Running, index: number): Promise<Result<null>> {
    if (helper.open.has(index)) return ok(null);
    const answer = await ask(helper, { type: 'open', index }, deadlines.openMs);
    if (answer?.type !== 'done') return failure(answer);
    helper.open.add(index);
    rest();
    return ok(null);
  }

  async function closeIn(helper: Running, index: number): Promise<void> {
    helper.open.delete(index);
    await ask(helper, { type: 'close', index }, deadlines.closeMs);
  }

  /** The helper with its library ready: the one that runs, or a new one. */
  async function begun(): Promise<Result<Running>> {
    const helper = running ?? startOne();
    if (!helper) {
      log('warn', 'no helper for a reader’s library can be started here', { vendor: vendor.name });
      return fail('reader_software_missing');
    }
    const ready = await helper.begun;
    return ready.ok ? ok(helper) : ready;
  }

  function startOne(): Running | null {
    const process = start();
    if (!process) return null;
    const ready = Promise.withResolvers<Result<null>>();
    const mine: Running = { process, begun: ready.promise, open: new Set() };
    running = mine;
    process.onMessage((message) => heard(mine, message));
    process.onEnd((how) => {
      // one that was ended on purpose is no longer the running one
      if (running !== mine) return;
      running = null;
      log('warn', 'the helper of a reader’s library ended', { vendor: vendor.name, how });
      stopWaiting();
    });
    const question = { type: 'begin', vendor: vendor.name, file } as const;
    void ask(mine, question, deadlines.beginMs).then((answer) => {
      if (answer?.type === 'done') return ready.resolve(ok(null));
      ready.resolve(failure(answer));
      drop(mine);
    });
    return mine;
  }

  function ask(
    helper: Running,
    question: Question,
    deadlineMs: number,
    more: { readonly alive?: () => void; readonly signal?: AbortSignal } = {},
  ): Promise<Answer | null> {
    clearTimeout(idle);
    const id = nextId++;
    const { promise, resolve } = Promise.withResolvers<Answer | null>();
    const cancel = (): void => helper.process.send({ type: 'cancel', id });
    const mine: Waiting = {
      deadlineMs,
      alive: more.alive ?? (() => {}),
      timer: setTimeout(() => hangs(helper, question.type), deadlineMs),
      answer(answer) {
        clearTimeout(mine.timer);
        more.signal?.removeEventListener('abort', cancel);
        waiting.delete(id);
        resolve(answer);
        rest();
      },
    };
    if (running !== helper) mine.answer(null);
    else {
      waiting.set(id, mine);
      more.signal?.addEventListener('abort', cancel);
      helper.process.send({ ...question, id });
    }
    return promise;
  }

  function heard(helper: Running, message: unknown): void {
    const parsed = parseFromHelper(message);
    const asked = parsed && helper === running ? waiting.get(parsed.id) : undefined;
    if (!parsed || !asked) {
      // of a capture that nobody waits for any more
      if (parsed?.type === 'picture') parsed.pixels.fill(0);
      return;
    }
    if (parsed.type === 'alive') {
      asked.timer.refresh();
      asked.alive();
    } else asked.answer(parsed);
  }

  function hangs(helper: Running, asked: string): void {
    log('warn', 'a reader’s library hangs; its helper is ended', { vendor: vendor.name, asked });
    drop(helper);
  }

  function drop(helper: Running): void {
    helper.process.kill();
    if (running !== helper) return;
    running = null;
    stopWaiting();
  }

  function stopWaiting(): void {
    for (const asked of [...waiting.values()]) asked.answer(null);
  }

  function rest(): void {
    clearTimeout(idle);
    const helper = running;
    if (!helper || waiting.size > 0 || helper.open.size > 0) return;
    idle = setTimeout(() => drop(helper), deadlines.idleMs);
    idle.unref();
  }

  /** Null: the helper ended before it answered. */
  function failure(answer: Answer | null): ReturnType<typeof fail> {
    if (answer?.type !== 'fault') return fail('reader_failed');
    log('warn', 'a reader’s library failed', { vendor: vendor.name, ...answer.fault });
    return fail(answer.fault.code);
  }

  function pictureOf({ width, height, dpi, pixels }: Answer & { type: 'picture' }): Result<FingerImage> {
    const whole = Number.isInteger(width) && Number.isInteger(height);
    const sane = whole && Math.min(width, height) >= leastSide && Math.max(width, height) <= mostSide;
    if (!sane || pixels.length !== width * height) {
      pixels.fill(0);
      log('warn', 'a reader’s library gave no picture', { vendor: vendor.name, width, height });
      return fail('image_unreadable');
    }
    const plausible = dpi >= leastDpi && dpi <= mostDpi;
    if (!plausible) log('warn', 'a reader’s library gave no resolution', { vendor: vendor.name, dpi });
    // what came may be a window on the whole message
    const own = new Uint8Array(pixels);
    pixels.fill(0);
    return ok({ width, height, dpi: plausible ? dpi : standardDpi, pixels: own });
  }
}

const mostReaders = 8;
/** Pixels; the smallest sensor sold has 144, the largest single-finger one 1,600. */
const leastSide = 64;
const mostSide = 2_000;
const leastDpi = 250;
const mostDpi = 1_200;
const standardDpi = 500;
