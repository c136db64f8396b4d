// A batch of signatures, as the core tells it. What is told before the answer with the batch's number has come is kept
// until then: a quick token is faster than the line.
import { useCallback, useEffect, useRef, useState } from 'react';
import type { Result } from '../../shared/api/contract.ts';
import type { EventMessage, Input } from '../../shared/api/index.ts';
import type { SigningNews } from '../../shared/api/signing.ts';
import { call } from './api.ts';
import { afterBatchNews, type Batch, newBatch } from './batch-view.ts';

type Listener = (news: SigningNews) => void;
const listeners = new Set<Listener>();

export function hearSigning(message: EventMessage): void {
  if (message.event === 'signing') for (const listener of listeners) listener(message.payload);
}

/** One batch at a time. Leaving stops nothing: what was begun goes on. */
export function useBatch(): {
  readonly batch: Batch | null;
  readonly start: (items: Input<'signing.sign'>['items']) => Promise<Result<unknown>>;
  readonly stop: () => void;
  readonly forget: () => void;
} {
  const [batch, setBatch] = useState<Batch | null>(null);
  const mine = useRef<string | null>(null);
  const waiting = useRef<SigningNews[] | null>(null);

  useEffect(() => {
    const listener: Listener = (news) => {
      if (news.batchId === mine.current) setBatch((before) => before && afterBatchNews(before, news));
      else waiting.current?.push(news);
    };
    listeners.add(listener);
    return () => {
      listeners.delete(listener);
    };
  }, []);

  const start = useCallback(async (items: Input<'signing.sign'>['items']) => {
    waiting.current = [];
    const result = await call('signing.sign', { items });
    const early = waiting.current;
    waiting.current = null;
    if (!result.ok) return result;
    mine.current = result.value.batchId;
    const told = early.filter(({ batchId }) => batchId === result.value.batchId);
    setBatch(told.reduce(afterBatchNews, newBatch(items.length)));
    return result;
  }, []);
  const stop = useCallback(() => {
    if (mine.current !== null) void call('signing.stop', { batchId: mine.current });
  }, []);
  const forget = useCallback(() => {
    mine.current = null;
    setBatch(null);
  }, []);
  return { batch, start, stop, forget };
}
