// A WebSocket as the line a session speaks over, the same at a station and at the province. Messages that come before
// the session listens are kept, because the other end may begin right behind its first words.
import type { Wire } from './drive.ts';

/** What is used of a WebSocket of the `ws` package, its messages left as that package gives them: one Buffer each. */
export interface SocketLike {
  readonly readyState: number;
  readonly OPEN: number;
  readonly CONNECTING: number;
  readonly bufferedAmount: number;
  send(bytes: Uint8Array, sent: () => void): void;
  close(code: number, reason: string): void;
  terminate(): void;
  on(event: 'message', heard: (data: unknown) => void): unknown;
  on(event: 'error', heard: (error: Error) => void): unknown;
  on(event: 'close', heard: () => void): unknown;
  once(event: 'open' | 'close', heard: () => void): unknown;
}

/** The connection under it: any byte is a sign of life, also of a message that is not whole yet. */
export interface CarrierLike {
  on(event: 'data', heard: () => void): unknown;
  off(event: 'data', heard: () => void): unknown;
}

/** How long a closing handshake may take before the line is simply dropped. */
const FAREWELL_MS = 3_000;

/**
 * Made when the connection is. `setTimer` answers how to cancel the timer, which must not keep the program alive.
 */
export function socketWire(
  socket: SocketLike,
  carrier: CarrierLike,
  setTimer: (ms: number, run: () => void) => () => void,
): Wire {
  let listener: Parameters<Wire['listen']>[0] | null = null;
  let early: Uint8Array[] = [];
  let closed = false;
  let problem: string | undefined;
  const heard = (): void => listener?.heard();

  socket.on('message', (data) => {
    if (!(data instanceof Uint8Array)) return;
    if (listener) listener.bytes(data);
    else early.push(data);
  });
  socket.on('error', (error) => {
    problem = error.message;
  });
  socket.on('close', () => {
    closed = true;
    carrier.off('data', heard);
    listener?.closed(problem);
  });
  // listening makes the carrier flow: before the WebSocket itself listens, what came along with the answer would be lost
  if (socket.readyState === socket.CONNECTING) socket.once('open', () => carrier.on('data', heard));
  else carrier.on('data', heard);

  return {
    send(bytes) {
      if (socket.readyState === socket.OPEN) socket.send(bytes, () => listener?.drained());
    },
    buffered: () => socket.bufferedAmount,
    close(code) {
      if (closed) return;
      // nobody is there to say goodbye to
      if (code === 'silent' || code === 'garbled') return socket.terminate();
      socket.close(1000, code);
      const cancel = setTimer(FAREWELL_MS, () => socket.terminate());
      socket.once('close', cancel);
    },
    listen(on) {
      listener = on;
      const waiting = early;
      early = [];
      for (const bytes of waiting) on.bytes(bytes);
      if (closed) on.closed(problem);
    },
  };
}
