// A simulated module at one end of a real pair of terminals, the driver with its native binding at the other. A pty
// has no speed of its own: bytes leave the module no faster than ten bits each at `bitsPerSecond`, in odd pieces.
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SerialPort } from 'serialport';
import { expect, onTestFinished, vi } from 'vitest';
import { serialReaders } from '../../../../electron/fingerprint/readers/serial/index.ts';
import {
  type Line,
  type OpenLine,
  openSerialPort,
} from '../../../../electron/fingerprint/readers/serial/line.ts';
import type { PortSettings } from '../../../../electron/fingerprint/readers/serial/module.ts';
import type { Reader, ReaderFamily, ReaderInfo } from '../../../../electron/fingerprint/types.ts';
import {
  type Behaviour,
  dice,
  type SimulatedModule,
  simulateModule,
} from '../../../unit/fingerprint-serial/support/module.ts';

/** Ten times 115,200: real waits are tested once, at the real speed. */
export const fast = 1_152_000;

export interface Wire {
  readonly module: SimulatedModule;
  /** The host's end. */
  readonly path: string;
  readonly info: ReaderInfo;
  readonly family: ReaderFamily;
  readonly logged: string[];
  open(): Promise<Reader>;
  /** Pulls the plug: ends socat. */
  cut(): void;
}

export async function wire(
  differs: Partial<Behaviour> = {},
  { bitsPerSecond = fast, ...settings }: Partial<PortSettings> & { bitsPerSecond?: number } = {},
): Promise<Wire> {
  const folder = mkdtempSync(join(tmpdir(), 'tram-module-'));
  const device = join(folder, 'module');
  const path = join(folder, 'host');
  const socat = spawn('socat', [`pty,raw,echo=0,link=${device}`, `pty,raw,echo=0,link=${path}`]);
  const failed = new Promise<never>((_resolve, reject) => socat.once('error', reject));
  await Promise.race([
    failed,
    vi.waitFor(() => expect(existsSync(device) && existsSync(path)).toBe(true), { timeout: 20_000 }),
  ]);

  const module = simulateModule(differs);
  const speed = { host: 0 };
  const stop = await attach(module, device, bitsPerSecond, speed);
  const logged: string[] = [];
  const log = (_level: string, message: string, detail?: unknown) =>
    void logged.push(`${message} ${JSON.stringify(detail)}`);
  const family = serialReaders({
    settings: () => [{ path, ...settings }],
    portsInUse: () => [],
    log,
    list: async () => [],
    openLine: telling(openSerialPort(log), speed),
  });
  const info: ReaderInfo = { id: `serial:${path}`, kind: 'serial', model: '', place: path };
  onTestFinished(async () => {
    await family.close();
    await stop();
    await ended(socat);
    rmSync(folder, { recursive: true, force: true });
  });
  return {
    module,
    path,
    info,
    family,
    logged,
    async open() {
      const reader = await family.open(info);
      if (!reader.ok) throw new Error(`${reader.error.code}: ${logged.join('; ')}`);
      return reader.value;
    },
    cut: () => void socat.kill('SIGKILL'),
  };
}

/** The real port, telling the module which speed it was set to: no pty carries that. */
function telling(open: OpenLine, speed: { host: number }): OpenLine {
  return async (path, baud) => {
    const line = await open(path, baud);
    if (!line.ok) return line;
    speed.host = baud;
    const told: Line = {
      ...line.value,
      async setBaud(next) {
        const done = await line.value.setBaud(next);
        if (done) speed.host = next;
        return done;
      },
    };
    return { ok: true, value: told };
  };
}

/** Connects the module to its end of the pair. Answers how to take it off. */
async function attach(
  module: SimulatedModule,
  path: string,
  bitsPerSecond: number,
  speed: { host: number },
): Promise<() => Promise<void>> {
  const port = new SerialPort({ path, baudRate: 57_600, autoOpen: false });
  port.on('error', () => {});
  await new Promise<void>((done, fail) => port.open((error) => (error ? fail(error) : done())));
  const random = dice(41);
  let waiting: Uint8Array[] = [];
  let timer: NodeJS.Timeout | undefined;
  /** When the bytes already written will have left. */
  let free = 0;

  port.on('data', (bytes: Uint8Array) => {
    if (speed.host === module.is.baud) module.receive(bytes);
    // at another speed it sees other bytes, and mostly none that make sense
    else module.receive(bytes.map((byte) => byte ^ 0x55));
  });
  module.send = (bytes) => {
    for (let at = 0; at < bytes.length; ) {
      const size = 1 + random(61);
      waiting.push(bytes.slice(at, at + size));
      at += size;
    }
    trickle();
  };
  return async () => {
    clearTimeout(timer);
    waiting = [];
    if (port.isOpen) await new Promise<void>((done) => port.close(() => done()));
  };

  function trickle(): void {
    if (timer) return;
    const now = performance.now();
    free = Math.max(free, now);
    // never ahead of the speed; what a late timer missed is not made up for
    while (waiting.length > 0 && free <= now + 1) {
      const piece = waiting.shift() ?? new Uint8Array();
      if (port.isOpen) port.write(piece);
      free += (piece.length * 10_000) / bitsPerSecond;
    }
    if (waiting.length === 0) return;
    timer = setTimeout(
      () => {
        timer = undefined;
        trickle();
      },
      Math.ceil(free - now),
    );
  }
}

async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  await new Promise((done) => {
    child.once('exit', done);
    child.kill();
  });
}
