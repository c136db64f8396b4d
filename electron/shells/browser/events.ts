// Core events to pages as server-sent events. A comment now and then tells a page that the line is alive;
// a page that stopped reading is cut off, it reconnects and refetches.
import type { ServerResponse } from 'node:http';
import type { EventMessage } from '../../../shared/api/index.ts';
import { fixedHeaders } from '../csp.ts';

const maxWaitingBytes = 1024 * 1024;

export interface EventStreams {
  add(client: string, response: ServerResponse): void;
  /** `client: null` is everyone. */
  send(client: string | null, message: EventMessage): void;
  count(): number;
  /** Called when the number of open pages changes. */
  onCount(listener: (open: number) => void): void;
  close(): void;
}

export function openEventStreams(heartbeatMs = 15_000): EventStreams {
  const streams = new Map<ServerResponse, string>();
  const countListeners = new Set<(open: number) => void>();
  const heartbeat = setInterval(() => {
    for (const stream of streams.keys()) write(stream, ':\n\n');
  }, heartbeatMs);
  heartbeat.unref();

  function write(stream: ServerResponse, text: string): void {
    if (stream.writableLength > maxWaitingBytes) stream.destroy();
    else stream.write(text);
  }
  const changed = (): void => {
    for (const listener of countListeners) listener(streams.size);
  };

  return {
    add(client, response) {
      response.writeHead(200, {
        ...fixedHeaders,
        'Content-Type': 'text/event-stream; charset=utf-8',
        'Cache-Control': 'no-store',
      });
      response.write('retry: 1000\n\n');
      streams.set(response, client);
      changed();
      response.on('close', () => {
        streams.delete(response);
        changed();
      });
    },
    send(client, message) {
      const text = `data: ${JSON.stringify(message)}\n\n`;
      for (const [stream, of] of streams) if (client === null || client === of) write(stream, text);
    },
    count: () => streams.size,
    onCount: (listener) => {
      countListeners.add(listener);
    },
    close() {
      clearInterval(heartbeat);
      for (const stream of streams.keys()) stream.end();
    },
  };
}
