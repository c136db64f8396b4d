// When unfinished typing is written to the draft store: after a short rest, and while someone types on without a
// rest often enough that a power cut costs at most a second. One write at a time; the newest content wins.

export interface Autosave {
  /** Call on every change. */
  touch(content: string): void;
  /** Write now what is not written yet (leaving the screen, locking, Ctrl+S). */
  flush(): Promise<void>;
  /** Forget what waits: the form was saved or thrown away. Resolves when no write is under way. */
  stop(): Promise<void>;
}

export interface AutosaveOptions {
  readonly write: (content: string) => Promise<boolean>;
  readonly now: () => number;
  readonly idleMs?: number;
  readonly longestMs?: number;
  /** Between two tries when a write failed. */
  readonly retryMs?: number;
}

export function createAutosave({
  write,
  now,
  idleMs = 400,
  longestMs = 700,
  retryMs = 2000,
}: AutosaveOptions): Autosave {
  let waiting: string | null = null;
  let waitingSince = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let running: Promise<void> | null = null;
  let written: string | null = null;

  function arm(delayMs: number): void {
    clearTimeout(timer);
    timer = setTimeout(() => void flush(), delayMs);
  }

  function flush(): Promise<void> {
    clearTimeout(timer);
    if (running) return running.then(() => flush());
    if (waiting === null) return Promise.resolve();
    const content = waiting;
    waiting = null;
    running = write(content).then(
      (saved) => settle(content, saved),
      () => settle(content, false),
    );
    return running;
  }

  function settle(content: string, saved: boolean): void {
    running = null;
    if (saved) {
      written = content;
      if (waiting !== null) arm(Math.max(0, longestMs - (now() - waitingSince)));
      return;
    }
    waiting ??= content;
    arm(retryMs);
  }

  return {
    touch(content) {
      if (waiting === null) {
        if (content === written && running === null) return;
        waitingSince = now();
      }
      waiting = content;
      arm(Math.max(0, Math.min(idleMs, longestMs - (now() - waitingSince))));
    },
    flush,
    async stop() {
      clearTimeout(timer);
      waiting = null;
      await running;
      clearTimeout(timer);
      waiting = null;
    },
  };
}
