// A WebSocket as the line a session speaks over. Messages that come before the session listens are kept, because
// the other end may begin right behind its first words.
import type { Duplex } from 'node:stream';
import type { RawData, WebSocket } from 'ws';
import type { Wire } from '../../shared/sync/drive.ts';
import { MAX_FRAME_BYTES } from '../../shared/sync/wire.ts';

/** For both ends: frames are compressed already, and a longer message is never read to its end. */
export const socketOptions = {
  perMessageDeflate: false,
  maxPayload: MAX_FRAME_BYTES,
  skipUTF8Validation: true,
  autoPong: true,
} as const;

/** How long a closing handshake may take before the line is simply dropped. */
const FAREWELL_MS = 3_000;

export function wireOf(socket: WebSocket, carrier: Duplex): Wire {
  let listener: Parameters<Wire['listen']>[0] | null = null;
  let early: Uint8Array[] = [];
  let closed: { detail: string | undefined } | null = null;
  let problem: string | undefined;

  socket.on('message', (data) => {
    const bytes = bytesOf(data);
    if (listener) listener.bytes(bytes);
    else early.push(bytes);
  });
  socket.on('error', (error) => {
    problem = error.message;
  });
  socket.on('close', () => {
    carrier.off('data', heard);
    closed = { detail: problem };
    listener?.closed(problem);
  });
  // listening makes the carrier flow: before the WebSocket itself listens, what came along with the answer would be lost
  if (socket.readyState === socket.CONNECTING) socket.once('open', () => carrier.on('data', heard));
  else carrier.on('data', heard);

  return {
    send(bytes) {
      if (socket.readyState !== socket.OPEN) return;
      socket.send(bytes, () => listener?.drained());
    },
    buffered: () => socket.bufferedAmount,
    close(code) {
      if (closed) return;
      // nobody is there to say goodbye to
      if (code === 'silent' || code === 'garbled') return socket.terminate();
      socket.close(1000, code);
      const timer = setTimeout(() => socket.terminate(), FAREWELL_MS);
      timer.unref();
      socket.once('close', () => clearTimeout(timer));
    },
    listen(on) {
      listener = on;
      const waiting = early;
      early = [];
      for (const bytes of waiting) on.bytes(bytes);
      if (closed) on.closed(closed.detail);
    },
  };

  function heard(): void {
    listener?.heard();
  }
}

function bytesOf(data: RawData): Uint8Array {
  if (Array.isArray(data)) return Buffer.concat(data);
  return data instanceof ArrayBuffer ? new Uint8Array(data) : data;
}
