// The one door to fingerprint readers, of whatever family, for the rest of the room: what is plugged in, which reader
// this station uses, and a picture good enough to work with. Expected failures are Results; no family's trouble
// holds up another, and a picture is handed over once and wiped.
import { fail, ok, type Result } from '../../../shared/api/contract.ts';
import type { Log } from '../../store/room.ts';
import type { CaptureHint, CaptureProgress, FingerImage, ReaderFamily, ReaderInfo } from '../types.ts';
import { chooseReader, parseRemembered, type Remembered, rememberedText } from './desk-choice.ts';
import { openSlot, type Slot, type SlotTimes } from './desk-slot.ts';
import { late, within } from './within.ts';

export interface ReaderDeskOptions {
  readonly mode: 'real' | 'training';
  /** Families of real readers; asked for in real mode only. */
  readonly real: () => readonly ReaderFamily[];
  /** The simulated one; asked for in training mode only, where it is the only one: no real finger gets in there. */
  readonly simulated: () => ReaderFamily;
  /** This PC's own setting: the reader it uses. */
  readonly settings: { get(): string | null; set(value: string | null): void };
  readonly times?: Partial<DeskTimes>;
  readonly log: Log;
}

export interface DeskTimes extends SlotTimes {
  /** For a family to find its readers; a later answer counts when it comes. */
  readonly discoverMs: number;
  /** Between a picture that was not good and the next, for the person to move. */
  readonly againMs: number;
  readonly judgeMs: number;
}

export interface Judgement {
  readonly good: boolean;
  readonly hints: readonly CaptureHint[];
}

export interface TakeOptions<J extends Judgement, T> {
  /** Another reader than this station's. */
  readonly readerId?: string;
  readonly signal: AbortSignal;
  /** ms for the whole of it, however many pictures it takes. */
  readonly waitMs: number;
  progress(now: CaptureProgress): void;
  /** May not keep the picture's bytes, nor transfer them to a thread: they are wiped afterwards. */
  judge(image: FingerImage): J | Promise<J>;
  /** The good picture, once; its bytes are wiped when this has ended. */
  take(image: FingerImage, judgement: J, reader: ReaderInfo): T | Promise<T>;
}

export interface DeskState {
  readonly readers: readonly ReaderInfo[];
  readonly remembered: Remembered | null;
  /** Id of the reader a capture would use; null: it would answer reader_missing or reader_not_chosen. */
  readonly using: string | null;
  /** Ids of readers a capture is going on with. */
  readonly capturing: readonly string[];
}

export interface ReaderDesk {
  /** Looks anew, and answers after `discoverMs` at the latest. */
  look(): Promise<DeskState>;
  /** What is known without looking. */
  state(): DeskState;
  /** Null forgets. reader_missing */
  choose(id: string | null): Result<null>;
  /**
   * reader_*; finger_timeout: nobody put a finger on; finger_unclear: no picture was good in time;
   * capture_cancelled; image_unreadable; internal when judging or taking failed.
   */
  capture<J extends Judgement, T>(options: TakeOptions<J, T>): Promise<Result<T>>;
  /** Readers came or went, a capture began or ended, another reader was chosen. */
  onChange(listener: () => void): () => void;
  close(): Promise<void>;
}

const usualTimes: DeskTimes = {
  discoverMs: 3_000,
  openMs: 15_000,
  deliverMs: 20_000,
  settleMs: 5_000,
  closeMs: 5_000,
  idleMs: 30_000,
  againMs: 400,
  judgeMs: 15_000,
};

export function openReaderDesk(options: ReaderDeskOptions): ReaderDesk {
  const { log, settings } = options;
  const times = { ...usualTimes, ...options.times };
  const families = familiesOf(options);
  const found = new Map<ReaderFamily, readonly ReaderInfo[]>();
  const looking = new Map<ReaderFamily, Promise<void>>();
  /** Something was plugged in or out while its family was looking. */
  const stale = new Set<ReaderFamily>();
  const slots = new Map<string, Slot>();
  const listeners = new Set<() => void>();
  const ended = new AbortController();

  const stops = families.map((family) => family.onPlug?.(() => lookAgain(family)));

  return {
    async look() {
      await Promise.all(families.map(lookAt));
      return state();
    },
    state,
    choose(id) {
      const chosen = readers().find((reader) => reader.id === id);
      if (id !== null && !chosen) return fail('reader_missing');
      settings.set(chosen ? rememberedText(chosen) : null);
      changed();
      return ok(null);
    },
    async capture(asked) {
      const signal = AbortSignal.any([asked.signal, ended.signal]);
      if (signal.aborted) return fail('capture_cancelled');
      const reader = await readerFor(asked.readerId);
      if (!reader.ok) return reader;
      const slot = slotOf(reader.value);
      if (!slot) return fail('reader_missing');
      if (!slot.enter()) return fail('reader_busy');
      changed();
      try {
        return await captureWith(slot, { ...asked, signal });
      } finally {
        slot.leave();
        changed();
      }
    },
    onChange(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    async close() {
      ended.abort();
      listeners.clear();
      for (const stop of stops) stop?.();
      await Promise.all([...slots.values()].map((slot) => slot.close()));
      await Promise.all(families.map(closeFamily));
    },
  };

  // --- what is plugged in ---

  /** Ends after `discoverMs`, whatever the family does. */
  async function lookAt(family: ReaderFamily): Promise<void> {
    const mine = looking.get(family) ?? startLooking(family);
    if ((await within(mine, times.discoverMs)) === late)
      log('warn', 'finding readers takes long', { kind: family.kind });
  }

  function startLooking(family: ReaderFamily): Promise<void> {
    stale.delete(family);
    const mine = discovered(family).then((readersNow) => {
      looking.delete(family);
      const before = found.get(family) ?? [];
      found.set(family, readersNow);
      if (idsOf(before) !== idsOf(readersNow)) changed();
      if (stale.has(family) && !ended.signal.aborted) return startLooking(family);
    });
    looking.set(family, mine);
    return mine;
  }

  async function discovered(family: ReaderFamily): Promise<readonly ReaderInfo[]> {
    try {
      const all = await family.discover();
      return all.filter(({ kind }) => kind === family.kind);
    } catch (bug) {
      log('error', 'finding readers threw', { kind: family.kind, bug });
      return [];
    }
  }

  function lookAgain(family: ReaderFamily): void {
    if (ended.signal.aborted) return;
    stale.add(family);
    if (!looking.has(family)) void startLooking(family);
  }

  /** Families may not find a reader that is open. */
  function readers(): readonly ReaderInfo[] {
    const plugged = families.flatMap((family) => found.get(family) ?? []);
    const open = [...slots.values()].filter(({ isOpen }) => isOpen).map(({ info }) => info);
    const known = new Set(plugged.map(({ id }) => id));
    return [...plugged, ...open.filter(({ id }) => !known.has(id))];
  }

  function state(): DeskState {
    const now = readers();
    const remembered = parseRemembered(settings.get());
    const chosen = chooseReader(now, remembered);
    return {
      readers: now,
      remembered,
      using: chosen.ok ? chosen.value.id : null,
      capturing: [...slots].filter(([, slot]) => slot.inUse).map(([id]) => id),
    };
  }

  function changed(): void {
    for (const listener of listeners) listener();
  }

  // --- the reader of a capture ---

  /** Looks only when the reader wanted is not known: looking takes time a person notices. */
  async function readerFor(id: string | undefined): Promise<Result<ReaderInfo>> {
    const known = pick(id);
    if (known.ok) return known;
    await Promise.all(families.map(lookAt));
    return pick(id);
  }

  function pick(id: string | undefined): Result<ReaderInfo> {
    if (id === undefined) {
      const remembered = parseRemembered(settings.get());
      return chooseReader(readers(), remembered);
    }
    const named = readers().find((reader) => reader.id === id);
    return named ? ok(named) : fail('reader_missing');
  }

  function slotOf(info: ReaderInfo): Slot | null {
    const existing = slots.get(info.id);
    if (existing) return existing;
    const family = families.find(({ kind }) => kind === info.kind);
    if (!family) return null;
    const gone = (): void => {
      changed();
      lookAgain(family);
    };
    const slot = openSlot({ family, info, times, gone, log });
    slots.set(info.id, slot);
    return slot;
  }

  // --- a good picture ---

  async function captureWith<J extends Judgement, T>(
    slot: Slot,
    asked: TakeOptions<J, T>,
  ): Promise<Result<T>> {
    const until = performance.now() + asked.waitMs;
    let pictures = 0;
    for (;;) {
      const waitMs = until - performance.now();
      if (waitMs <= 0) return fail(pictures > 0 ? 'finger_unclear' : 'finger_timeout');
      const taken = await slot.take({ signal: asked.signal, waitMs, progress: asked.progress });
      if (!taken.ok) {
        if (taken.error.code === 'finger_timeout' && pictures > 0) return fail('finger_unclear');
        if (taken.error.code.startsWith('reader_')) for (const family of families) lookAgain(family);
        return taken;
      }
      pictures++;
      const image = taken.value;
      try {
        const judged = await judge(image, asked);
        if (!judged.ok) return judged;
        if (judged.value.good) return await handOver(image, judged.value, slot.info, asked);
        for (const hint of judged.value.hints) asked.progress({ step: 'adjust', hint });
      } finally {
        image.pixels.fill(0);
      }
      if (!(await pause(times.againMs, asked.signal))) return fail('capture_cancelled');
    }
  }

  async function judge<J extends Judgement, T>(
    image: FingerImage,
    asked: TakeOptions<J, T>,
  ): Promise<Result<J>> {
    const { promise: aborted, resolve } = Promise.withResolvers<null>();
    const abort = (): void => resolve(null);
    asked.signal.addEventListener('abort', abort);
    try {
      if (asked.signal.aborted) return fail('capture_cancelled');
      const judging = (async () => asked.judge(image))();
      // it may fail long after nobody waits for it any more
      judging.catch(() => {});
      const judged = await within(Promise.race([judging, aborted]), times.judgeMs);
      if (judged === null) return fail('capture_cancelled');
      if (judged !== late) return ok(judged);
      log('error', 'judging a picture takes too long');
      return fail('image_unreadable');
    } catch (bug) {
      log('error', 'judging a picture threw', { bug });
      return fail('internal');
    } finally {
      asked.signal.removeEventListener('abort', abort);
    }
  }

  async function handOver<J extends Judgement, T>(
    image: FingerImage,
    judgement: J,
    reader: ReaderInfo,
    asked: TakeOptions<J, T>,
  ): Promise<Result<T>> {
    if (asked.signal.aborted) return fail('capture_cancelled');
    try {
      return ok(await asked.take(image, judgement, reader));
    } catch (bug) {
      log('error', 'taking a picture threw', { bug });
      return fail('internal');
    }
  }

  async function closeFamily(family: ReaderFamily): Promise<void> {
    const closing = family.close().catch((bug: unknown) => {
      log('error', 'closing readers threw', { kind: family.kind, bug });
    });
    if ((await within(closing, times.closeMs)) === late)
      log('warn', 'readers did not close in time', { kind: family.kind });
  }
}

/** A simulated reader among real ones would let invented fingers open real records: that is a bug, not a case. */
function familiesOf({ mode, real, simulated }: ReaderDeskOptions): readonly ReaderFamily[] {
  const families = mode === 'training' ? [simulated()] : real();
  const wanted = mode === 'training';
  if (families.some(({ kind }) => (kind === 'simulated') !== wanted))
    throw new Error(`a reader family that does not belong in ${mode} mode`);
  return families;
}

const idsOf = (readers: readonly ReaderInfo[]): string =>
  readers
    .map(({ id }) => id)
    .sort()
    .join('\n');

/** False when aborted meanwhile. */
async function pause(ms: number, signal: AbortSignal): Promise<boolean> {
  if (signal.aborted) return false;
  const { promise, resolve } = Promise.withResolvers<boolean>();
  const abort = (): void => resolve(false);
  const timer = setTimeout(() => resolve(true), ms);
  signal.addEventListener('abort', abort);
  const whole = await promise;
  clearTimeout(timer);
  signal.removeEventListener('abort', abort);
  return whole;
}
