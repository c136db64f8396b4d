// When unfinished typing is written to the draft store: after a short rest, and while someone types on without a
// rest often enough that a power cut costs at most a second, also where the disk takes half of it to write.
// Writing and throwing away go one after the other, in the order they were asked for; the newest content wins.

export interface Autosave {
  /** Call on every change. */
  touch(content: string): void;
  /** Write now what is not written yet (leaving the screen, locking, Ctrl+S). */
  flush(): Promise<void>;
  /**
   * Forget what waits and what was written: the form was saved or thrown away. `erase` begins when no write is under
   * way; what is typed from now on is written after it. Resolves when it has ended.
   */
  stop(erase?: () => Promise<unknown>): Promise<void>;
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
  idleMs = 300,
  longestMs = 500,
  retryMs = 2000,
}: AutosaveOptions): Autosave {
  let waiting: string | null = null;
  let waitingSince = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let writing = false;
  let written: string | null = null;
  /** Counts the stops: what was begun before one has no say after it. */
  let age = 0;
  let last: Promise<unknown> = Promise.resolve();

  function inTurn(work: () => Promise<unknown>): Promise<void> {
    const mine = last.then(work).then(
      () => undefined,
      () => undefined,
    );
    last = mine;
    return mine;
  }

  function arm(delayMs: number): void {
    clearTimeout(timer);
    timer = setTimeout(() => void flush(), delayMs);
  }

  function flush(): Promise<void> {
    clearTimeout(timer);
    const asked = age;
    return inTurn(async () => {
      if (asked === age && waiting !== null) await writeOut(waiting);
    });
  }

  async function writeOut(content: string): Promise<void> {
    const begun = age;
    waiting = null;
    writing = true;
    const saved = await write(content).catch(() => false);
    writing = false;
    if (begun !== age) return;
    if (saved) {
      written = content;
      return;
    }
    waiting ??= content;
    arm(retryMs);
  }

  return {
    touch(content) {
      if (waiting === null) {
        if (content === written && !writing) return;
        waitingSince = now();
      }
      waiting = content;
      arm(Math.max(0, Math.min(idleMs, longestMs - (now() - waitingSince))));
    },
    flush,
    stop(erase = async () => undefined) {
      clearTimeout(timer);
      waiting = null;
      written = null;
      age++;
      return inTurn(erase);
    },
  };
}
