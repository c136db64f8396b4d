// A barcode scanner on a serial port (or USB posing as one): its bytes never pass the keyboard, so no Vietnamese
// input method can mangle an identity card's text. One scan ends with CR or LF, or with silence.
import { Buffer } from 'node:buffer';
import type { SerialPort } from 'serialport';
import type { Log } from '../store/room.ts';

/** Scanners send a code in one burst; at 9600 baud a byte takes 1 ms. */
const silenceMs = 60;
/** A CCCD QR is under 200 bytes, the longest QR under 3,000; more is noise on the line. */
const longestScan = 4096;
const retryMs = 10_000;
const baudRate = 9600;

/** Gathers bytes into scans; pure but for the timer. */
export function assembleScans(emit: (raw: string) => void): { take(bytes: Uint8Array): void; stop(): void } {
  let gathered: Buffer[] = [];
  let length = 0;
  let timer: NodeJS.Timeout | undefined;
  return {
    take(bytes) {
      clearTimeout(timer);
      let start = 0;
      for (let i = 0; i < bytes.length; i++) {
        if (bytes[i] !== 0x0d && bytes[i] !== 0x0a) continue;
        gather(bytes.subarray(start, i));
        finish();
        start = i + 1;
      }
      gather(bytes.subarray(start));
      if (length > 0) timer = setTimeout(finish, silenceMs);
    },
    stop() {
      clearTimeout(timer);
      gathered = [];
      length = 0;
    },
  };

  function gather(part: Uint8Array): void {
    if (part.length === 0) return;
    length += part.length;
    if (length <= longestScan) gathered.push(Buffer.from(part));
  }

  function finish(): void {
    clearTimeout(timer);
    const text = length > longestScan ? '' : Buffer.concat(gathered).toString('utf8').normalize('NFC');
    gathered = [];
    length = 0;
    // the empty line between CR and LF, and what noise leaves over, is no scan
    if (text.trim() !== '') emit(text);
  }
}

export interface Scanner {
  /** Changes the port; null stops listening. */
  use(path: string | null): void;
  close(): Promise<void>;
}

/** Listens on the port of the settings; unplugged or missing, it tries again every 10 s and says so once. */
export function openScanner(emit: (raw: string) => void, log: Log): Scanner {
  let wanted: string | null = null;
  let port: SerialPort | null = null;
  let retry: NodeJS.Timeout | undefined;
  let complained = false;
  const scans = assembleScans(emit);

  return {
    use(path) {
      if (path === wanted) return;
      wanted = path;
      complained = false;
      void letGo().then(listen);
    },
    async close() {
      wanted = null;
      await letGo();
    },
  };

  async function listen(): Promise<void> {
    const path = wanted;
    if (path === null || port) return;
    try {
      const { SerialPort } = await import('serialport');
      if (path !== wanted) return;
      const opened = new SerialPort({ path, baudRate, autoOpen: false });
      port = opened;
      opened.on('data', (bytes: Buffer) => scans.take(bytes));
      opened.on('error', () => lost(opened));
      opened.on('close', () => lost(opened));
      opened.open((error) => {
        if (error) lost(opened);
        else {
          complained = false;
          log('info', 'listening to the barcode scanner', { path });
        }
      });
    } catch {
      lost(null);
    }
  }

  function lost(which: SerialPort | null): void {
    if (port !== which) return;
    port = null;
    scans.stop();
    if (wanted === null) return;
    if (!complained) log('warn', 'the barcode scanner is not there', { path: wanted });
    complained = true;
    clearTimeout(retry);
    retry = setTimeout(() => void listen(), retryMs);
    retry.unref();
  }

  async function letGo(): Promise<void> {
    clearTimeout(retry);
    scans.stop();
    const closing = port;
    port = null;
    if (closing?.isOpen) await new Promise<void>((done) => closing.close(() => done()));
  }
}
