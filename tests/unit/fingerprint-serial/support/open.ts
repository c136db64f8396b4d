// What the tests of the reader begin with: a simulated module on a line in memory, met or opened as a reader.
import { serialReaders } from '../../../../electron/fingerprint/readers/serial/index.ts';
import type { PortSettings } from '../../../../electron/fingerprint/readers/serial/module.ts';
import type { CaptureProgress, Reader } from '../../../../electron/fingerprint/types.ts';
import type { Log } from '../../../../electron/store/room.ts';
import { type MemoryLine, memoryLine } from './memory-line.ts';
import { type Behaviour, type SimulatedModule, simulateModule } from './module.ts';

export interface Bench {
  readonly module: SimulatedModule;
  readonly line: MemoryLine;
  readonly reader: Reader;
  readonly logged: string[];
}

export const port = 'COM7';

/** A reader that could be opened; throws where opening fails. */
export async function openBench(
  differs: Partial<Behaviour> = {},
  settings: Partial<PortSettings> = {},
): Promise<Bench> {
  const module = simulateModule(differs);
  const line = memoryLine(module);
  const logged: string[] = [];
  const log: Log = (_level, message, detail) => logged.push(`${message} ${JSON.stringify(detail)}`);
  const family = serialReaders({
    settings: () => [{ path: port, ...settings }],
    portsInUse: () => [],
    log,
    list: async () => [],
    openLine: line.open,
  });
  const reader = await family.open({ id: `serial:${port}`, kind: 'serial', model: '', place: port });
  if (!reader.ok) throw new Error(reader.error.code);
  return { module, line, reader: reader.value, logged };
}

export interface Taking {
  readonly result: ReturnType<Reader['capture']>;
  readonly steps: CaptureProgress[];
  cancel(): void;
}

/** Begins a capture and notes what it says on the way. */
export function take(reader: Reader, waitMs = 5000, onStep?: (now: CaptureProgress) => void): Taking {
  const stop = new AbortController();
  const steps: CaptureProgress[] = [];
  const result = reader.capture({
    signal: stop.signal,
    waitMs,
    progress(now) {
      steps.push(now);
      onStep?.(now);
    },
  });
  return { result, steps, cancel: () => stop.abort() };
}

/** Steps in words, each once in a row: `place_finger reading lift_finger`. */
export function stepWords(steps: readonly CaptureProgress[]): string {
  const words = steps.map((now) => (now.step === 'adjust' ? `adjust:${now.hint}` : now.step));
  return words.filter((word, i) => word !== words[i - 1]).join(' ');
}
