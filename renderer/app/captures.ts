// One finger being taken, as the core tells it. What is told before the answer with the capture's number has come is
// kept until then: a quick reader is faster than the line.
import { useCallback, useEffect, useRef, useState } from 'react';
import type { Failure } from '../../shared/api/contract.ts';
import type { CaptureNews } from '../../shared/api/fingerprints.ts';
import type { EventMessage } from '../../shared/api/index.ts';
import { call } from './api.ts';

type Listener = (news: CaptureNews) => void;
const listeners = new Set<Listener>();

export function hearCapture(message: EventMessage): void {
  if (message.event === 'capture') for (const listener of listeners) listener(message.payload);
}

/** `now`: what the person has to do or wait for. */
export interface Capture {
  readonly now: 'idle' | 'starting' | 'place' | 'reading' | 'judging' | 'lift' | 'done' | 'failed';
  /** Something to do better, before the finger is placed again. */
  readonly hint: string | null;
  /** 0…1, while reading. */
  readonly share: number | null;
  /** `data:` address of the ridges seen last. */
  readonly picture: string | null;
  /** 0…100, when done. */
  readonly quality: number | null;
  /** When failed, but not because somebody stopped it. */
  readonly failure: Failure | null;
}

export const idleCapture: Capture = {
  now: 'idle',
  hint: null,
  share: null,
  picture: null,
  quality: null,
  failure: null,
};

/** What the screen shows after this news. */
export function afterNews(before: Capture, news: CaptureNews): Capture {
  const after = { ...before, share: null, picture: news.picture ?? before.picture };
  switch (news.step) {
    case 'place_finger':
      return { ...after, now: 'place' };
    case 'reading':
      return { ...after, now: 'reading', hint: null, share: news.done ?? null };
    case 'judging':
      return { ...after, now: 'judging', hint: null };
    case 'lift_finger':
      return { ...after, now: 'lift' };
    case 'adjust':
      return { ...after, now: 'place', hint: news.hint ?? null };
    case 'done':
      return { ...after, now: 'done', hint: null, quality: news.quality ?? null };
    case 'failed':
      return { ...after, now: 'failed', hint: null, failure: failureOf(news.code ?? 'reader_failed') };
  }
}

const failureOf = (code: NonNullable<CaptureNews['code']>): Failure | null =>
  code === 'capture_cancelled' ? null : { code, messageKey: `error.${code}` };

/** Captures for one dialog, one at a time; leaving the dialog stops the reader. `onDone` is told each one that came out well. */
export function useCapture(onDone: (captureId: string, quality: number) => void): {
  readonly capture: Capture;
  readonly start: () => Promise<void>;
  readonly stop: () => void;
} {
  const [capture, setCapture] = useState(idleCapture);
  const mine = useRef<string | null>(null);
  const early = useRef<CaptureNews[]>([]);
  /** Raised by each start and stop, so that an answer to an earlier one is nobody's. */
  const round = useRef(0);
  const done = useRef(onDone);
  done.current = onDone;

  const take = useCallback((news: CaptureNews) => {
    setCapture((before) => afterNews(before, news));
    if (news.step !== 'done' && news.step !== 'failed') return;
    mine.current = null;
    if (news.step === 'done') done.current(news.captureId, news.quality ?? 0);
  }, []);

  useEffect(() => {
    const listener: Listener = (news) => {
      if (mine.current === news.captureId) take(news);
      else if (mine.current === null) early.current.push(news);
    };
    listeners.add(listener);
    return () => {
      listeners.delete(listener);
      round.current += 1;
      stopReader(mine.current);
    };
  }, [take]);

  const start = useCallback(async () => {
    round.current += 1;
    const asked = round.current;
    stopReader(mine.current);
    mine.current = null;
    early.current = [];
    setCapture((before) => ({ ...idleCapture, now: 'starting', picture: before.picture }));
    const result = await call('fingerprint.capture', {});
    if (round.current !== asked) return stopReader(result.ok ? result.value.captureId : null);
    if (!result.ok) return setCapture({ ...idleCapture, now: 'failed', failure: result.error });
    const { captureId } = result.value;
    mine.current = captureId;
    setCapture((before) => (before.now === 'starting' ? { ...before, now: 'place' } : before));
    for (const news of early.current.splice(0)) if (news.captureId === captureId) take(news);
  }, [take]);

  const stop = useCallback(() => {
    round.current += 1;
    stopReader(mine.current);
    mine.current = null;
    setCapture(idleCapture);
  }, []);

  return { capture, start, stop };
}

function stopReader(captureId: string | null): void {
  if (captureId !== null) void call('fingerprint.stopCapture', { captureId });
}
