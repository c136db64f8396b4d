// A serial line as the driver needs it, and the real one over the native binding. The binding is loaded when a port is
// first opened; whatever it throws becomes a Result here, and a line that is gone never throws again.
import { fail, ok, type Result } from '../../../../shared/api/contract.ts';
import type { ErrorCode } from '../../../../shared/api/errors.ts';
import type { Log } from '../../../store/room.ts';

export interface Line {
  /** Resolves when the system took the bytes; a line that is gone swallows them, `onGone` tells. */
  write(bytes: Uint8Array): Promise<void>;
  /** False: this port cannot do that speed. */
  setBaud(baud: number): Promise<boolean>;
  /** One listener; the bytes are the listener's to wipe. */
  onBytes(listener: (bytes: Uint8Array) => void): void;
  /** Called once: pulled out, or closed by the system. Not after `close()`. */
  onGone(listener: () => void): void;
  /** Never fails, also when the line is gone. */
  close(): Promise<void>;
}

export type OpenLine = (path: string, baud: number) => Promise<Result<Line>>;

/** Longest a port may take to open or close: a driver that hangs must not hang the desk. */
const portMs = 5000;

/** Opens a port of this PC, for this program alone. */
export function openSerialPort(log: Log): OpenLine {
  return async (path, baud) => {
    try {
      const { SerialPort } = await import('serialport');
      const port = new SerialPort({ path, baudRate: baud, autoOpen: false });
      // an 'error' event without a listener would end the program; what matters of it arrives as 'close' or a callback
      port.on('error', () => {});
      const error = await within(portMs, (done) => port.open(done));
      if (error) {
        // a port that opens after all must not stay open
        port.once('open', () => port.close(() => {}));
        log('info', 'a serial port could not be opened', { path, reason: error.message });
        return fail(openingError(error.message));
      }
      return ok(lineOver(port, path, log));
    } catch (error) {
      log('warn', 'serial ports cannot be used on this PC', {
        reason: error instanceof Error ? error.message : 'unknown',
      });
      return fail('reader_missing');
    }
  };
}

/** What of a serial port is used here. */
type Port = Pick<import('serialport').SerialPort, 'write' | 'update' | 'close' | 'isOpen'> & {
  on(event: 'data', listener: (bytes: Uint8Array) => void): unknown;
  once(event: 'close', listener: () => void): unknown;
};

function lineOver(port: Port, path: string, log: Log): Line {
  let takeBytes: (bytes: Uint8Array) => void = () => {};
  let tellGone: () => void = () => {};
  let gone = false;
  let closing = false;

  port.on('data', (bytes) => takeBytes(bytes));
  /** A write into a line that goes away may never call back. */
  const writing = new Set<() => void>();
  port.once('close', () => {
    gone = true;
    for (const done of writing) done();
    if (!closing) tellGone();
  });

  return {
    async write(bytes) {
      if (gone) return;
      await new Promise<void>((resolve) => {
        const done = () => {
          writing.delete(done);
          resolve();
        };
        writing.add(done);
        port.write(bytes, done);
      });
    },
    async setBaud(baud) {
      if (gone) return true;
      const error = await within(portMs, (done) => port.update({ baudRate: baud }, done));
      if (error) log('info', 'a serial port refuses a speed', { path, baud, reason: error.message });
      return error === null;
    },
    onBytes(listener) {
      takeBytes = listener;
    },
    onGone(listener) {
      tellGone = listener;
      if (gone && !closing) queueMicrotask(listener);
    },
    async close() {
      closing = true;
      takeBytes = () => {};
      if (gone || !port.isOpen) return;
      await within(portMs, (done) => port.close(done));
    },
  };
}

/** What went wrong, or that it took too long; null: nothing. */
function within(ms: number, start: (done: (error: Error | null) => void) => void): Promise<Error | null> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => resolve(new Error('no answer in time')), ms);
    start((error) => {
      clearTimeout(timer);
      resolve(error ?? null);
    });
  });
}

/** The binding has sentences, no codes: these are of its Unix and Windows halves, version 13. */
function openingError(message: string): ErrorCode {
  if (/permission denied|operation not permitted/i.test(message)) return 'reader_no_access';
  // Windows says so of a port that another program holds; Unix when it is locked
  if (/access denied|cannot lock|resource busy/i.test(message)) return 'reader_busy';
  if (/no such file|file not found|no such device/i.test(message)) return 'reader_missing';
  return 'reader_failed';
}
