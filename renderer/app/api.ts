// Asking the core and telling it: the only way a screen touches data. Answers are cached by method and
// input and go stale when the core says an area changed; network state is never consulted (the core is local).
import { hashKey, QueryClient, useQuery } from '@tanstack/react-query';
import { useCallback, useEffect, useRef, useState } from 'react';
import type { Failure, Result } from '../../shared/api/contract.ts';
import type { Area, Contract, EventMessage, Input, Method, Output } from '../../shared/api/index.ts';
import { bridge, watchLine } from './bridge.ts';
import { gather } from './gather.ts';

type MethodOf<K extends 'query' | 'command'> = {
  [M in Method]: Contract[M]['kind'] extends K ? M : never;
}[Method];
export type QueryMethod = MethodOf<'query'>;
export type CommandMethod = MethodOf<'command'>;

export interface Answer<T> {
  readonly data: T | undefined;
  /** Set only while there is nothing to show: a failed refresh keeps the last answer on the screen. */
  readonly error: Failure | null;
  /** The last refresh failed although `data` still shows an earlier answer. */
  readonly stale: Failure | null;
  readonly isLoading: boolean;
  /** When `data` was received, ms since 1970 UTC; 0 before the first answer. */
  readonly receivedAt: number;
  readonly refetch: () => Promise<void>;
}

/** One question to the core, asked once, and again whenever the core reports a change that bears on it. */
export function useAnswer<M extends QueryMethod>(
  method: M,
  input: Input<M>,
  options: { readonly enabled?: boolean; readonly everyMs?: number } = {},
): Answer<Output<M>> {
  const queryKey = [method, input];
  const query = useQuery<Output<M>, Failure>({
    queryKey,
    queryFn: () => ask(method, input),
    enabled: options.enabled ?? true,
    ...(options.everyMs === undefined ? {} : { refetchInterval: options.everyMs }),
    ...(neverStale(method) ? { staleTime: Number.POSITIVE_INFINITY } : {}),
  });
  const { refetch } = query;
  const refused = useRef<{ readonly question: string; readonly failure: Failure } | null>(null);
  const question = hashKey(queryKey);
  if (query.error) refused.current = { question, failure: query.error };
  else if (!query.isPending) refused.current = null;
  // TanStack forgets the failure while it asks again, and what hangs on it (a dialog with a reason half typed) must stay
  const last = query.error ?? (refused.current?.question === question ? refused.current.failure : null);
  const failure = last?.code === 'locked' ? null : last;
  return {
    data: query.data,
    error: query.data === undefined ? failure : null,
    stale: query.data === undefined ? null : failure,
    isLoading: query.isPending && failure === null && (options.enabled ?? true),
    receivedAt: query.dataUpdatedAt,
    refetch: useCallback(async () => {
      await refetch();
    }, [refetch]),
  };
}

/** A command. Pressing twice while it runs sends it once: the second press waits for the first answer. */
export function useOrder<M extends CommandMethod>(
  method: M,
): { readonly run: (input: Input<M>) => Promise<Result<Output<M>>>; readonly running: boolean } {
  const pending = useRef<Promise<Result<Output<M>>> | null>(null);
  const mounted = useRef(true);
  const [running, setRunning] = useState(false);
  useEffect(() => {
    mounted.current = true;
    return () => {
      mounted.current = false;
    };
  }, []);
  const run = useCallback(
    (input: Input<M>) => {
      if (pending.current) return pending.current;
      setRunning(true);
      const sent = call(method, input).finally(() => {
        pending.current = null;
        if (mounted.current) setRunning(false);
      });
      pending.current = sent;
      return sent;
    },
    [method],
  );
  return { run, running };
}

/** One call outside React. Losing the session shows at once, whoever was calling. */
export async function call<M extends Method>(method: M, input: Input<M>): Promise<Result<Output<M>>> {
  const result = await bridge.invoke(method, input);
  if (!result.ok && sessionCodes.has(result.error.code) && method !== 'access.session') {
    void queryClient.invalidateQueries({ queryKey: ['access.session'] });
  }
  return result;
}

const sessionCodes: ReadonlySet<string> = new Set(['not_logged_in', 'locked', 'store_closed']);

async function ask<M extends Method>(method: M, input: Input<M>): Promise<Output<M>> {
  const result = await call(method, input);
  return result.ok ? result.value : Promise.reject(result.error);
}

export const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      networkMode: 'always',
      retry: false,
      staleTime: 30_000,
      // the core answers in milliseconds: charts of an hour ago are not worth the memory of an old PC
      gcTime: 60_000,
      refetchOnWindowFocus: true,
      refetchOnReconnect: false,
    },
    mutations: { networkMode: 'always' },
  },
});

/** Catalogues and forms change with the program; frozen bytes never do. */
const neverStale = (method: QueryMethod): boolean =>
  method.startsWith('catalogues.') || frozenAnswers.has(method);
const frozenAnswers: ReadonlySet<QueryMethod> = new Set([
  'documents.forms',
  'documents.pdf',
  'documents.sample',
]);

/** Areas a method's answer is made of, when it is more than its own area. */
const madeOf: Partial<Record<QueryMethod, readonly Area[] | 'everything'>> = {
  'beds.board': 'everything',
  'beds.wards': ['beds', 'admissions'],
  'beds.free': ['beds', 'admissions'],
  'beds.layout': ['beds', 'admissions'],
  'patients.search': ['patients', 'admissions', 'beds'],
  'patients.get': ['patients', 'conflicts'],
  'patients.chartHead': 'everything',
  'patients.timeline': 'everything',
  'admissions.get': ['admissions', 'beds'],
  'admissions.ofPatient': ['admissions', 'beds'],
  'observations.round': ['observations', 'admissions', 'beds', 'patients'],
  'tasks.list': 'everything',
  'conflicts.list': ['conflicts', 'patients', 'admissions', 'beds'],
  'sync.status': 'everything',
  'sync.page': ['sync', 'station'],
  'sync.places': ['sync', 'patients', 'admissions', 'observations', 'allergies', 'notes'],
  'station.health': ['station', 'conflicts'],
  'fingerprint.ofPatient': ['fingerprints', 'patients', 'station', 'access'],
  'fingerprint.gallery': ['fingerprints'],
  'documents.forms': [],
  'documents.sample': [],
  // the bytes of a version stand; signatures in them come by signing
  'documents.pdf': ['signing'],
  'documents.ofPatient': ['documents', 'signing', 'fingerprints'],
  'documents.open': ['documents', 'signing', 'fingerprints'],
  'documents.fill': ['patients', 'admissions', 'beds', 'observations', 'notes', 'allergies'],
  'signing.queue': ['documents', 'signing', 'patients'],
  'print.queue': ['documents'],
  'fingerprint.readers': [],
  'access.audit': ['access'],
};

const isQueryMethod = (method: unknown): method is QueryMethod => typeof method === 'string';

/** Keeps the cache true to what the core reports; returns the way to stop. */
export function followCore(also: (message: EventMessage) => void): () => void {
  const stopWatching = watchLine((up) => {
    // Down: ask at once, so that the page says so. Up: whatever changed meanwhile was not reported to us.
    void queryClient.invalidateQueries(up ? {} : { queryKey: ['sync.status'] });
  });
  const unsubscribe = bridge.subscribe((message) => {
    if (message.event === 'changed') changed(message.payload.areas);
    if (message.event === 'session') void queryClient.invalidateQueries({ queryKey: ['access.session'] });
    also(message);
  });
  return () => {
    stopWatching();
    unsubscribe();
  };
}

const changed = gather<Area>((areas) => {
  void queryClient.invalidateQueries({
    predicate: ({ queryKey: [method] }) => {
      if (!isQueryMethod(method)) return false;
      const parts = madeOf[method];
      if (parts === 'everything') return true;
      if (parts) return parts.some((area) => areas.has(area));
      return [...areas].some((area) => method.startsWith(`${area}.`));
    },
  });
});
