// Runs inside umockdev-run, where the only USB device is a recording: finds the reader, takes one picture as
// the program would, and prints what came of it as one line of JSON. The picture goes through the pipe, to no disk.
import { isMainThread, parentPort, Worker } from 'node:worker_threads';
import { usbReaders } from '../../../../electron/fingerprint/readers/usb/index.ts';
import type { ReplayOutcome } from './replay.ts';

/** TRAM_REPLAY: seed (hexadecimal), whether in a worker thread, ms to wait for the finger, ms to cancel after. */
const { seed, worker, waitMs, cancelReadingMs } = JSON.parse(process.env.TRAM_REPLAY ?? '{}');

if (isMainThread && worker) {
  new Worker(import.meta.filename).on('message', print);
} else {
  const outcome = await replay();
  if (parentPort) parentPort.postMessage(outcome);
  else print(outcome);
}

function print(outcome: ReplayOutcome): void {
  process.stdout.write(`${JSON.stringify(outcome)}\n`);
}

async function replay(): Promise<ReplayOutcome> {
  const log: string[] = [];
  const steps: string[] = [];
  const family = usbReaders({
    log: (level, message) => log.push(`${level}: ${message}`),
    seed: () => Number.parseInt(seed, 16),
  });
  const stopListening = family.onPlug?.(() => {});
  const readers = await family.discover();
  const found = readers[0];
  if (!found) return { readers, steps, log, error: 'nothing found' };
  const opened = await family.open(found);
  if (!opened.ok) return { readers, steps, log, error: opened.error.code };

  let goneCalls = 0;
  opened.value.onGone(() => goneCalls++);
  const first = new AbortController();
  let cancelledAt = 0;
  const taken = await opened.value.capture({
    signal: first.signal,
    waitMs,
    progress: (now) => {
      steps.push(now.step);
      if (now.step !== 'reading' || cancelReadingMs === undefined) return;
      setTimeout(() => {
        cancelledAt = performance.now();
        first.abort();
      }, cancelReadingMs);
    },
  });
  const cancelMs = performance.now() - cancelledAt;
  // a second one: waits for the finger to leave, then the person thinks better of it
  const cancel = new AbortController();
  let second: string | undefined;
  if (taken.ok) {
    const again = await opened.value.capture({
      signal: cancel.signal,
      waitMs,
      progress: (now) => {
        steps.push(now.step);
        if (now.step === 'place_finger') cancel.abort();
      },
    });
    second = again.ok ? 'picture' : again.error.code;
  }
  stopListening?.();
  await family.close();
  if (!taken.ok) return { readers, steps, log, goneCalls, cancelMs, error: taken.error.code };
  const { width, height, dpi, pixels } = taken.value;
  return {
    readers,
    steps,
    log,
    second,
    goneCalls,
    picture: { width, height, dpi, pixels: Buffer.from(pixels).toString('base64') },
  };
}
