// A WebSocket as the line a session speaks over, and what Node lends a session: clock, timers, compression, hashes.

import type { Duplex } from 'node:stream';
import { promisify } from 'node:util';
import { constants, zstdCompress, zstdDecompress } from 'node:zlib';
import type { WebSocket } from 'ws';
import type { Services, Wire } from '../../shared/sync/drive.ts';
import type { Codec } from '../../shared/sync/frames.ts';
import type { EndCode } from '../../shared/sync/session-types.ts';
import { socketWire } from '../../shared/sync/socket-wire.ts';
import { sha256 } from '../bytes.ts';
import type { Log } from '../types.ts';

export const lineOf = (socket: WebSocket, carrier: Duplex): Wire => socketWire(socket, carrier, setTimer);

export const sha256Of = (bytes: Uint8Array): Uint8Array => sha256(bytes);

export function servicesFor(log: Log): Services {
  return {
    now: () => performance.now(),
    setTimer,
    breathe: () => new Promise((resolve) => setImmediate(resolve)),
    endCodeOf,
    log: (level, message, facts) => log(level, 'session_fell', { message, ...withoutContent(facts) }),
  };
}

function setTimer(ms: number, run: () => void): () => void {
  // a timer set longer than 2^31 ms would fire at once
  const timer = setTimeout(run, Math.min(ms, 0x7fff_ffff));
  timer.unref();
  return () => clearTimeout(timer);
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
