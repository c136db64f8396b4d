// Plays a recording of a USB reader to the real driver over the real `usb` package: umockdev-run puts the
// recording where the kernel's USB files would be. Plain Node, since its libusb is Electron's too.
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { ReaderInfo } from '../../../../electron/fingerprint/types.ts';

export interface ReplayOutcome {
  readonly readers: readonly ReaderInfo[];
  readonly steps: readonly string[];
  readonly log: readonly string[];
  /** Error code of what did not come. */
  readonly error?: string;
  /** What became of a second capture, cancelled when it asked for a finger. */
  readonly second?: string | undefined;
  readonly goneCalls?: number;
  /** From cancelling to the answer. */
  readonly cancelMs?: number;
  readonly picture?: { width: number; height: number; dpi: number; pixels: string };
}

export interface Recording {
  /** umockdev's description of the devices. */
  readonly device: string;
  /** What went over the wire. */
  readonly capture: string;
}

/** The two files as recordings are kept: a folder for each reader. */
export const recordingIn = (folder: string): Recording => ({
  device: join(folder, 'device'),
  capture: join(folder, 'capture.pcapng'),
});

export async function replay(
  { device, capture }: Recording,
  options: { seed: number; worker?: boolean; waitMs?: number; cancelReadingMs?: number },
): Promise<ReplayOutcome> {
  const path = /^P: (.+)$/m.exec(readFileSync(device, 'utf8'))?.[1];
  if (path === undefined) throw new Error(`no device in ${device}`);
  const { stdout } = await promisify(execFile)(
    'umockdev-run',
    [
      '--device',
      device,
      '--pcap',
      `/sys${path}=${capture}`,
      '--',
      process.execPath,
      join(import.meta.dirname, 'replay-child.ts'),
    ],
    {
      maxBuffer: 8 * 1024 * 1024,
      timeout: 60_000,
      env: {
        ...process.env,
        TRAM_REPLAY: JSON.stringify({ waitMs: 5000, ...options, seed: options.seed.toString(16) }),
      },
    },
  );
  return JSON.parse(stdout.trim().split('\n').at(-1) ?? '');
}
