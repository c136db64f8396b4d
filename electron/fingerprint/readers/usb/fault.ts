// Why a capture ended without a picture. Thrown through the protocol's steps, which any of six things can
// end at any await, and caught in one place, where it becomes a value.
import type { ErrorCode } from '../../../../shared/api/errors.ts';
import { TransferError } from './transport.ts';

export class Fault extends Error {
  readonly code: ErrorCode;
  /** `detail` is for the log: English, no bytes. */
  constructor(code: ErrorCode, detail: string) {
    super(detail);
    this.name = 'Fault';
    this.code = code;
  }
}

/** What a failed transfer means for whoever waits for a picture. Anything else is a bug and goes on. */
export function faultOf(error: unknown): Fault {
  if (error instanceof Fault) return error;
  if (error instanceof TransferError)
    return new Fault(error.trouble === 'gone' ? 'reader_unplugged' : 'reader_failed', error.message);
  throw error;
}

/**
 * The outcome of `work`, unless the signal or the time comes first; then a Fault, and the late outcome is
 * dropped. The signal's reason is a Fault.
 */
export function within<T>(work: Promise<T>, signal: AbortSignal, limit?: Limit): Promise<T> {
  return new Promise((resolve, reject) => {
    let timer: NodeJS.Timeout | undefined;
    const end = () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', stopped);
    };
    const stopped = () => {
      end();
      reject(signal.reason);
    };
    work.then(
      (value) => {
        end();
        resolve(value);
      },
      (error) => {
        end();
        reject(error);
      },
    );
    if (signal.aborted) return stopped();
    signal.addEventListener('abort', stopped);
    if (limit)
      timer = setTimeout(
        () => {
          end();
          reject(limit.fault());
        },
        Math.min(limit.ms, longest),
      );
  });
}

/** A timer set for longer than this goes off at once. */
const longest = 2 ** 31 - 1;

export interface Limit {
  readonly ms: number;
  readonly fault: () => Fault;
}

export const pause = (ms: number, signal: AbortSignal): Promise<void> => {
  let timer: NodeJS.Timeout | undefined;
  const time = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, ms);
  });
  return within(time, signal).finally(() => clearTimeout(timer));
};
