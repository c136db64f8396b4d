// Training's simulated readers: invented fingers of invented people, put on by the training desk. They behave like
// real ones: a finger lies there until it is lifted, prints come out badly, cables are pulled.
// Made in training mode only: the desk asks for them there and nowhere else (desk.ts).
import { fail, ok, type Result } from '../../../shared/api/contract.ts';
import type { CaptureOptions, FingerImage, Reader, ReaderFamily, ReaderInfo } from '../types.ts';

/** How well a finger is put on; all but `good` are what a reader sees of dry, wet, misplaced or no skin. */
export const touches = ['good', 'dry', 'wet', 'partial', 'blank'] as const;
export type Touch = (typeof touches)[number];

export interface SimulatedReadersOptions {
  readonly mode: 'training';
  /** An invented finger: the same seed and finger give the same ridges, each impression lies a little differently. */
  readonly draw: (seed: string, finger: number, impression: number) => FingerImage | Promise<FingerImage>;
  /** As many as there are names; one is plugged in at the start. */
  readonly models?: readonly string[];
  /** ms a picture takes to come; long enough to be seen. */
  readonly readingMs?: number;
}

/** What the training desk does to a reader; readers are numbered from 0. */
export interface SimulatedReaders {
  readonly family: ReaderFamily;
  /** `finger`: 1…10, right thumb first (ISO/IEC 19794-2:2005, table 2). A finger already there is replaced. */
  place(personSeed: string, finger: number, touch?: Touch, reader?: number): Result<null>;
  lift(reader?: number): void;
  plugIn(reader: number): void;
  unplug(reader: number): void;
  /** What lies there, for the desk's own page. */
  placed(reader?: number): Placed | null;
}

export interface Placed {
  readonly personSeed: string;
  readonly finger: number;
  readonly touch: Touch;
}

interface Simulated {
  readonly info: ReaderInfo;
  plugged: boolean;
  placed: Placed | null;
  /** Counts how often a finger was put on, so that no two pictures are the same. */
  impressions: number;
  open: { gone(): void } | null;
}

export function openSimulatedReaders(options: SimulatedReadersOptions): SimulatedReaders {
  const { draw, models = ['Máy đọc tập huấn'], readingMs = 700 } = options;
  // whoever comes here by another way than the types must not get in either
  if (options.mode !== 'training') throw new Error('simulated readers exist in training mode only');
  const plugListeners = new Set<() => void>();
  const placeListeners = new Set<() => void>();
  const readers = models.map(
    (model, number): Simulated => ({
      info: { id: `simulated:${number}`, kind: 'simulated', model, place: `USB ${number + 1}` },
      plugged: number === 0,
      placed: null,
      impressions: 0,
      open: null,
    }),
  );

  return {
    family: {
      kind: 'simulated',
      discover: async () => readers.filter(({ plugged }) => plugged).map(({ info }) => info),
      async open({ id }) {
        const reader = readers.find(({ info }) => info.id === id);
        if (!reader?.plugged) return fail('reader_missing');
        if (reader.open) return fail('reader_busy');
        return ok(openOne(reader));
      },
      onPlug(listener) {
        plugListeners.add(listener);
        return () => plugListeners.delete(listener);
      },
      async close() {
        plugListeners.clear();
        for (const reader of readers) setPlugged(reader, false);
      },
    },
    place(personSeed, finger, touch = 'good', number = 0) {
      const reader = readers[number];
      if (!reader?.plugged) return fail('reader_missing');
      reader.placed = { personSeed, finger, touch };
      reader.impressions++;
      tell(placeListeners);
      return ok(null);
    },
    lift(number = 0) {
      const reader = readers[number];
      if (!reader) return;
      reader.placed = null;
      tell(placeListeners);
    },
    plugIn: (number) => setPlugged(readers[number], true),
    unplug: (number) => setPlugged(readers[number], false),
    placed: (number = 0) => readers[number]?.placed ?? null,
  };

  function setPlugged(reader: Simulated | undefined, plugged: boolean): void {
    if (!reader || reader.plugged === plugged) return;
    reader.plugged = plugged;
    reader.placed = null;
    tell(placeListeners);
    const { open } = reader;
    if (!plugged) reader.open = null;
    if (!plugged) open?.gone();
    tell(plugListeners);
  }

  function openOne(reader: Simulated): Reader {
    const goneListeners = new Set<() => void>();
    let busy = false;
    const mine = {
      gone() {
        // a capture under way answers first
        setImmediate(() => tell(goneListeners));
      },
    };
    reader.open = mine;
    const isThere = (): boolean => reader.open === mine;
    return {
      info: reader.info,
      async capture(asked) {
        if (!isThere()) return fail('reader_unplugged');
        if (busy) return fail('reader_busy');
        busy = true;
        try {
          return await capture(reader, isThere, asked);
        } finally {
          busy = false;
        }
      },
      onGone: (listener) => void goneListeners.add(listener),
      async close() {
        if (isThere()) reader.open = null;
        tell(placeListeners);
      },
    };
  }

  async function capture(
    reader: Simulated,
    isThere: () => boolean,
    { signal, waitMs, progress }: CaptureOptions,
  ): Promise<Result<FingerImage>> {
    const until = performance.now() + waitMs;
    if (!reader.placed) progress({ step: 'place_finger' });
    for (;;) {
      if (signal.aborted) return fail('capture_cancelled');
      if (!isThere()) return fail('reader_unplugged');
      if (reader.placed) break;
      if (!(await nextPlacing(until - performance.now(), signal))) {
        if (signal.aborted) return fail('capture_cancelled');
        return fail('finger_timeout');
      }
    }
    const { personSeed, finger, touch } = reader.placed;
    const steps = 4;
    for (let step = 1; step <= steps; step++) {
      await nextPlacing(readingMs / steps, signal);
      if (signal.aborted) return fail('capture_cancelled');
      if (!isThere()) return fail('reader_unplugged');
      progress({ step: 'reading', done: step / steps });
    }
    const image = await draw(personSeed, finger, reader.impressions);
    spoil(image, touch);
    return ok(image);
  }

  /** True when a finger was placed or lifted or a cable pulled; false when the time was over or the person cancelled. */
  async function nextPlacing(ms: number, signal: AbortSignal): Promise<boolean> {
    const { promise, resolve } = Promise.withResolvers<boolean>();
    const happened = (): void => resolve(true);
    const over = (): void => resolve(false);
    placeListeners.add(happened);
    signal.addEventListener('abort', over);
    const timer = setTimeout(over, Math.max(0, ms));
    const answer = await promise;
    clearTimeout(timer);
    signal.removeEventListener('abort', over);
    placeListeners.delete(happened);
    return answer;
  }
}

const tell = (listeners: ReadonlySet<() => void>): void => {
  for (const listener of [...listeners]) listener();
};

const light = 235;
const dark = 60;

/** Makes of a good picture what the reader would have seen; the same picture and touch give the same bytes. */
function spoil({ width, height, pixels }: FingerImage, touch: Touch): void {
  if (touch === 'good') return;
  for (const [at, grey] of pixels.entries()) {
    const [x, y] = [at % width, Math.floor(at / width)];
    pixels[at] = spoiled[touch](grey, x / width, y / height, speckle(x, y));
  }
}

/** grey, place 0…1 from the left and from the top, and a number 0…1 of the place's own. */
const spoiled: Readonly<
  Record<Exclude<Touch, 'good'>, (grey: number, x: number, y: number, own: number) => number>
> = {
  // ridges fall apart into dots
  dry: (grey, _x, _y, own) => (grey < 128 && own < 0.55 ? light : grey),
  // valleys fill with sweat
  wet: (grey, x, y, own) => (grey >= 128 && Math.hypot(x - 0.5, y - 0.5) < 0.47 && own < 0.83 ? dark : grey),
  // a fingertip at the edge
  partial: (grey, x, y) => (x > 0.56 && y > 0.54 ? grey : light),
  blank: () => light,
};

/** The same for the same place; neighbours in blocks of 3 × 3 pixels share it, as skin does. */
function speckle(x: number, y: number): number {
  const hash = Math.imul((Math.floor(x / 3) * 73_856_093) ^ (Math.floor(y / 3) * 19_349_663), 0x9e3779b1);
  return (hash >>> 8) / 0x1000000;
}
