// One finger being taken, as the core tells it. What is told before the answer with the capture's number has come is
// kept until then: a quick reader is faster than the line.
import { useCallback, useEffect, useRef, useState } from 'react';
import type { CaptureNews } from '../../shared/api/fingerprints.ts';
import type { EventMessage } from '../../shared/api/index.ts';
import { call } from './api.ts';
import { afterNews, type Capture, idleCapture } from './capture-view.ts';

type Listener = (news: CaptureNews) => void;
const listeners = new Set<Listener>();

export function hearCapture(message: EventMessage): void {
  if (message.event === 'capture') for (const listener of listeners) listener(message.payload);
}

/**
 * Captures for one dialog, one at a time; leaving the dialog stops the reader. `onDone` is told each one that came out
 * well. `toFind`: a search follows.
 */
export function useCapture(
  onDone: (captureId: string, quality: number) => void,
  toFind = false,
): {
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
    const result = await call('fingerprint.capture', { toFind });
    if (round.current !== asked) return stopReader(result.ok ? result.value.captureId : null);
    if (!result.ok) return setCapture({ ...idleCapture, now: 'failed', failure: result.error });
    const { captureId } = result.value;
    mine.current = captureId;
    setCapture((before) => (before.now === 'starting' ? { ...before, now: 'place' } : before));
    for (const news of early.current.splice(0)) if (news.captureId === captureId) take(news);
  }, [take, toFind]);

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
