// Reader families that do what a test tells them, each step at the moment it says.

import {
  type DeskTimes,
  openReaderDesk,
  type ReaderDesk,
  type TakeOptions,
} from '../../../electron/fingerprint/readers/desk.ts';
import type {
  CaptureOptions,
  CaptureProgress,
  FingerImage,
  Reader,
  ReaderFamily,
  ReaderInfo,
  ReaderKind,
} from '../../../electron/fingerprint/types.ts';
import { fail, ok, type Result } from '../../../shared/api/contract.ts';

export const never = new Promise<never>(() => {});

export function picture(grey = 128): FingerImage {
  return { width: 4, height: 4, dpi: 500, pixels: new Uint8Array(16).fill(grey) };
}

export const isWiped = ({ pixels }: FingerImage): boolean => pixels.every((grey) => grey === 0);

/** Answers when told: `next()` is the oldest capture that waits. */
export interface Scripted extends ReaderFamily {
  plugged: ReaderInfo[];
  opens: number;
  closes: number;
  captures: Asked[];
  /** Replaceable steps. */
  discovering: () => Promise<readonly ReaderInfo[]>;
  opening: (info: ReaderInfo) => Promise<Result<null>>;
  closing: () => Promise<void>;
  next(): Promise<Asked>;
  plug(...infos: ReaderInfo[]): void;
  /** Tells whoever listens to the open reader. */
  pull(id: string): void;
}

export interface Asked {
  readonly id: string;
  readonly options: CaptureOptions;
  answer(result: Result<FingerImage>): void;
}

export const readerOf = (kind: ReaderKind, name: string, model = 'R'): ReaderInfo => ({
  id: `${kind}:${name}`,
  kind,
  model,
  place: name,
});

export function scripted(kind: ReaderKind, ...plugged: ReaderInfo[]): Scripted {
  const plugListeners = new Set<() => void>();
  const gone = new Map<string, Set<() => void>>();
  const waiting: Asked[] = [];
  const asking: ((asked: Asked) => void)[] = [];
  const family: Scripted = {
    kind,
    plugged,
    opens: 0,
    closes: 0,
    captures: [],
    discovering: async () => family.plugged,
    opening: async () => ok(null),
    closing: async () => {},
    discover: () => family.discovering(),
    async open(info) {
      const opened = await family.opening(info);
      if (!opened.ok) return opened;
      if (!family.plugged.some(({ id }) => id === info.id)) return fail('reader_missing');
      family.opens++;
      return ok(reader(info));
    },
    onPlug(listener) {
      plugListeners.add(listener);
      return () => plugListeners.delete(listener);
    },
    close: async () => {},
    next() {
      const first = waiting.shift();
      return first ? Promise.resolve(first) : new Promise((resolve) => asking.push(resolve));
    },
    plug(...infos) {
      family.plugged = infos;
      for (const listener of plugListeners) listener();
    },
    pull(id) {
      family.plugged = family.plugged.filter((info) => info.id !== id);
      for (const listener of [...(gone.get(id) ?? [])]) listener();
      for (const listener of plugListeners) listener();
    },
  };
  return family;

  function reader(info: ReaderInfo): Reader {
    const listeners = new Set<() => void>();
    gone.set(info.id, listeners);
    return {
      info,
      capture(options) {
        const { promise, resolve } = Promise.withResolvers<Result<FingerImage>>();
        const asked: Asked = { id: info.id, options, answer: resolve };
        family.captures.push(asked);
        const taker = asking.shift();
        if (taker) taker(asked);
        else waiting.push(asked);
        return promise;
      },
      onGone: (listener) => void listeners.add(listener),
      async close() {
        family.closes++;
        await family.closing();
      },
    };
  }
}

export interface Desk {
  readonly desk: ReaderDesk;
  readonly log: string[];
  setting: string | null;
  changes: number;
}

/** Real mode; times a test can wait for. */
export function openDesk(families: readonly ReaderFamily[], times: Partial<DeskTimes> = {}): Desk {
  const log: string[] = [];
  const made: Desk = {
    log,
    setting: null,
    changes: 0,
    desk: openReaderDesk({
      mode: 'real',
      real: () => families,
      simulated: () => {
        throw new Error('never in real mode');
      },
      settings: {
        get: () => made.setting,
        set: (value) => {
          made.setting = value;
        },
      },
      times: {
        discoverMs: 60,
        openMs: 60,
        deliverMs: 60,
        settleMs: 60,
        closeMs: 60,
        idleMs: 60_000,
        againMs: 1,
        judgeMs: 60,
        ...times,
      },
      log: (_level, message) => void log.push(message),
    }),
  };
  made.desk.onChange(() => made.changes++);
  return made;
}

type Take = TakeOptions<{ good: boolean; hints: readonly [] }, number>;

/** Content with any picture; takes its first byte. */
export function asking(more: Partial<Take> = {}): Take & { cancel(): void; told: CaptureProgress[] } {
  const controller = new AbortController();
  const told: CaptureProgress[] = [];
  return {
    signal: controller.signal,
    waitMs: 2_000,
    progress: (now) => void told.push(now),
    judge: () => ({ good: true, hints: [] }),
    take: ({ pixels }) => pixels[0]!,
    cancel: () => controller.abort(),
    told,
    ...more,
  };
}

export const failing = (code: string): object => ({ ok: false, error: { code } });
