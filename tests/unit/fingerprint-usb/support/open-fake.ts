// A started reader over the fake one, and time that only passes when a test says so.
import { onTestFinished, vi } from 'vitest';
import { modelOf, type UruModel } from '../../../../electron/fingerprint/readers/usb/models.ts';
import { startReader } from '../../../../electron/fingerprint/readers/usb/reader.ts';
import { speakTo } from '../../../../electron/fingerprint/readers/usb/uru.ts';
import type {
  CaptureProgress,
  FingerImage,
  Reader,
  ReaderInfo,
} from '../../../../electron/fingerprint/types.ts';
import type { Result } from '../../../../shared/api/contract.ts';
import type { FakeReader } from './fake-reader.ts';

export const info: ReaderInfo = { id: 'usb:045e:00bd:1-2', kind: 'usb', model: 'test', place: 'USB 1-2' };
export const upright = modelOf(0x045e, 0x00bd)!;
export const challenging = modelOf(0x045e, 0x00ca)!;
export const challengeKey = Buffer.from('79ac91795ca1478e98e00f3c598f5f4b', 'hex');

export function stopTime(): void {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval', 'Date'] });
  onTestFinished(() => {
    vi.useRealTimers();
  });
}

/** Lets time pass until the promise is settled, 10 minutes at most. */
export async function inTime<T>(promise: Promise<T>): Promise<T> {
  let settled = false;
  const end = () => {
    settled = true;
  };
  promise.then(end, end);
  for (let ms = 0; !settled && ms < 600_000; ms += 10) await vi.advanceTimersByTimeAsync(10);
  if (!settled) throw new Error('still waiting after ten minutes');
  return promise;
}

/** What has been started gets as far as it can without the clock. */
export async function settle(): Promise<void> {
  for (let i = 0; i < 40; i++) await vi.advanceTimersByTimeAsync(0);
}

export const logged: string[] = [];

export function start(
  fake: FakeReader,
  model: UruModel = upright,
  seed = 0xcafe_f00d,
): Promise<Result<Reader>> {
  logged.length = 0;
  const log = (level: string, message: string) => {
    logged.push(`${level}: ${message}`);
  };
  return startReader(info, fake, speakTo(fake, model, { log, seed: () => seed }), log);
}

export async function started(fake: FakeReader, model: UruModel = upright): Promise<Reader> {
  const result = await inTime(start(fake, model));
  if (!result.ok) throw new Error(result.error.code);
  return result.value;
}

export interface Taking {
  readonly outcome: Promise<Result<FingerImage>>;
  readonly steps: string[];
  cancel(): void;
}

export function take(reader: Reader, { waitMs = 20_000, onStep = (_: CaptureProgress) => {} } = {}): Taking {
  const stop = new AbortController();
  const steps: string[] = [];
  const outcome = reader.capture({
    signal: stop.signal,
    waitMs,
    progress: (now) => {
      steps.push(now.step);
      onStep(now);
    },
  });
  return { outcome, steps, cancel: () => stop.abort() };
}

/** Error code of a failure, or the size of the picture. */
export const said = (result: Result<FingerImage | Reader>): string => {
  if (!result.ok) return result.error.code;
  return 'pixels' in result.value ? `${result.value.width}x${result.value.height}` : 'open';
};
