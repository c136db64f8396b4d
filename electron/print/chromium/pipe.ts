// Words with a browser over the two pipes it was started with (Chrome DevTools Protocol): no port that another program of
// this PC could open, and no file between us. Messages are JSON, each ended by a zero byte.
import type { Readable, Writable } from 'node:stream';

/** What the browser says of itself, without having been asked. */
export interface BrowserNews {
  readonly method: string;
  readonly params: unknown;
  readonly sessionId: string | undefined;
}

export interface Pipe {
  /** Rejects with what the browser says against it, and when it is gone. */
  ask(method: string, params?: object, sessionId?: string): Promise<unknown>;
  onNews(listener: (news: BrowserNews) => void): () => void;
  /** Nothing more will come: who waits is told. */
  end(why: string): void;
}

export function openPipe(toBrowser: Writable, fromBrowser: Readable): Pipe {
  const waiting = new Map<number, PromiseWithResolvers<unknown>>();
  const listeners = new Set<(news: BrowserNews) => void>();
  let nextId = 1;
  let ended: string | null = null;
  let parts: Buffer[] = [];

  toBrowser.on('error', (fault) => end(fault.message));
  fromBrowser.on('error', (fault) => end(fault.message));
  fromBrowser.on('close', () => end('the browser closed the line'));
  fromBrowser.on('data', (bytes: Buffer) => {
    let from = 0;
    for (let zero = bytes.indexOf(0); zero >= 0; zero = bytes.indexOf(0, from)) {
      parts.push(bytes.subarray(from, zero));
      receive(Buffer.concat(parts).toString('utf8'));
      parts = [];
      from = zero + 1;
    }
    if (from < bytes.length) parts.push(bytes.subarray(from));
  });

  return {
    ask(method, params = {}, sessionId) {
      if (ended !== null) return Promise.reject(new Error(ended));
      const id = nextId++;
      const answer = Promise.withResolvers<unknown>();
      waiting.set(id, answer);
      toBrowser.write(`${JSON.stringify({ id, method, params, sessionId })}\0`);
      return answer.promise;
    },
    onNews(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    end,
  };

  function receive(text: string): void {
    // the browser is the one we started ourselves; what it says still only has to look like the protocol
    const message = JSON.parse(text) as {
      id?: number;
      result?: unknown;
      error?: { message?: string };
      method?: string;
      params?: unknown;
      sessionId?: string;
    };
    if (message.id !== undefined) {
      const answer = waiting.get(message.id);
      waiting.delete(message.id);
      if (message.error) answer?.reject(new Error(message.error.message ?? 'refused'));
      else answer?.resolve(message.result);
    } else if (message.method !== undefined) {
      for (const listener of listeners)
        listener({ method: message.method, params: message.params, sessionId: message.sessionId });
    }
  }

  function end(why: string): void {
    if (ended !== null) return;
    ended = why;
    for (const answer of waiting.values()) answer.reject(new Error(why));
    waiting.clear();
  }
}
