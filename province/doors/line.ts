// A WebSocket as the line a session speaks over, and what Node lends a session: clock, timers, compression, hashes.

import { createHash } from 'node:crypto';
import type { Duplex } from 'node:stream';
import { promisify } from 'node:util';
import { constants, zstdCompress, zstdDecompress } from 'node:zlib';
import type { RawData, WebSocket } from 'ws';
import type { Services, Wire } from '../../shared/sync/drive.ts';
import type { Codec } from '../../shared/sync/frames.ts';
import type { EndCode } from '../../shared/sync/session-types.ts';
import type { Log } from '../types.ts';

/** How long saying goodbye may take before the line is dropped. */
const farewellMs = 3_000;

/** Made when the connection is, so that nothing said right behind the first words is missed. */
export function lineOf(socket: WebSocket, carrier: Duplex): Wire {
  let listener: Parameters<Wire['listen']>[0] | null = null;
  let early: Uint8Array[] = [];
  let problem: string | undefined;
  let closed = false;
  const heard = (): void => listener?.heard();
  socket.on('message', (data) => {
    const bytes = bytesOf(data);
    if (listener) listener.bytes(bytes);
    else early.push(bytes);
  });
  socket.on('error', (error) => {
    problem = error.message;
  });
  socket.on('close', () => {
    closed = true;
    carrier.off('data', heard);
    listener?.closed(problem);
  });
  carrier.on('data', heard);
  return {
    send(bytes) {
      if (socket.readyState === socket.OPEN) socket.send(bytes, () => listener?.drained());
    },
    buffered: () => socket.bufferedAmount,
    close(code) {
      if (closed) return;
      // nobody is there, or nobody we want to wait for
      if (code === 'silent' || code === 'garbled') return socket.terminate();
      socket.close(1000, code);
      const timer = setTimeout(() => socket.terminate(), farewellMs);
      timer.unref();
      socket.once('close', () => clearTimeout(timer));
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

function bytesOf(data: RawData): Uint8Array {
  if (Array.isArray(data)) return Buffer.concat(data);
  return data instanceof ArrayBuffer ? new Uint8Array(data) : data;
}

export const sha256Of = (bytes: Uint8Array): Uint8Array => createHash('sha256').update(bytes).digest();

export function servicesFor(log: Log): Services {
  return {
    now: () => performance.now(),
    setTimer(ms, run) {
      const timer = setTimeout(run, Math.min(ms, 0x7fff_ffff));
      timer.unref();
      return () => clearTimeout(timer);
    },
    breathe: () => new Promise((resolve) => setImmediate(resolve)),
    endCodeOf,
    log: (level, message, facts) => log(level, 'session_fell', { message, ...withoutContent(facts) }),
  };
}

/** PostgreSQL's codes: 53100 disk full, 53300 too many connections, 57P0x shutting down, 55P03 and 57014 timeouts. */
function endCodeOf(error: unknown): EndCode {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  if (code === '53100' || code === 'ENOSPC') return 'disk_full';
  if (/^(?:53|57P|55P03|57014|08|ECONN|EPIPE|ETIMEDOUT)/.test(code)) return 'busy';
  return 'internal';
}

/** An error of the database may quote what was being written; its code and place may be told, its words not. */
function withoutContent(facts: Readonly<Record<string, unknown>> | undefined): Record<string, unknown> {
  const { bug, ...others } = facts ?? {};
  if (!(bug instanceof Error)) return others;
  const place = bug.stack?.split('\n').find((line) => line.trimStart().startsWith('at '));
  return {
    ...others,
    error: bug.name,
    ...('code' in bug && { errorCode: String(bug.code) }),
    ...(place && { at: place.trim() }),
  };
}

const compress = promisify(zstdCompress);
const decompress = promisify(zstdDecompress);
/** 8 MiB: a whole frame's plaintext. */
const windowLog = 23;

let compressing = 0;
/** Level 19 takes 40 ms for a full frame: worth it on a slow line, not while many wait for the same processors. */
const levelWhenBusy = 6;
const busyFrom = 8;

/** On the thread pool. */
export const zstd: Codec = {
  async compress(plain, dictionary, level) {
    compressing += 1;
    try {
      const options = {
        ...(dictionary && { dictionary }),
        // lets zstd take only as much memory as this input needs
        pledgedSrcSize: plain.length,
        params: {
          [constants.ZSTD_c_compressionLevel]:
            compressing > busyFrom ? Math.min(level, levelWhenBusy) : level,
          [constants.ZSTD_c_checksumFlag]: 1,
          [constants.ZSTD_c_dictIDFlag]: 0,
        },
      };
      return await compress(plain, options);
    } finally {
      compressing -= 1;
    }
  },
  decompress: (bytes, dictionary, maxOutput) =>
    decompress(bytes, {
      ...(dictionary && { dictionary }),
      maxOutputLength: maxOutput,
      params: { [constants.ZSTD_d_windowLogMax]: windowLog },
    }),
};
