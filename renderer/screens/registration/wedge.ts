// Tells a barcode scanner that types like a keyboard from a person who types.
// Pure: keys and times in, a verdict out. A scanner sends its keys some milliseconds apart and ends with Enter
// or Tab; an input method (Unikey, Telex) sits in between and may turn "aa" into "â" by sending Backspace.

export interface Keystroke {
  /** KeyboardEvent.key */
  readonly key: string;
  /** Milliseconds, any origin. */
  readonly at: number;
  readonly composing: boolean;
}

export type WedgeVerdict =
  /** First key of what may become a scan: remember the field as it is now. */
  | { readonly kind: 'begins' }
  | { readonly kind: 'typing' }
  /** `mangled`: an input method took part, so letters may be wrong. */
  | { readonly kind: 'scan'; readonly raw: string; readonly mangled: boolean };

/** Slower than this between two keys and it is a person. */
const scannerGapMs = 35;
/** A pause this long ends whatever was being collected. */
const pauseMs = 150;
const fewestKeys = 6;
/** One slow key is a busy PC; more than one in five is a person with a fast input method. */
const slowShare = 0.2;
/** Scanners set to send no end key: only a long burst counts, so that a fast typist's word never does. */
const fewestKeysWithoutEnd = 12;

export interface Wedge {
  press(stroke: Keystroke): WedgeVerdict;
  /** Ask after `pauseMs` without a key: a scanner may be set to send no Enter. */
  idle(): WedgeVerdict;
  readonly pauseMs: number;
}

export function createWedge(): Wedge {
  let burst = emptyBurst();
  return {
    pauseMs,
    press(stroke) {
      if (isEndKey(stroke.key) && !stroke.composing) {
        const done = burst;
        burst = emptyBurst();
        const tooLate = stroke.at - done.lastAt > pauseMs;
        return !tooLate && looksScanned(done, fewestKeys) ? scanOf(done) : { kind: 'typing' };
      }
      if (!isText(stroke)) return { kind: 'typing' };
      const begins = burst.keys === 0 || stroke.at - burst.lastAt > pauseMs;
      if (begins) burst = emptyBurst();
      add(burst, stroke);
      return { kind: begins ? 'begins' : 'typing' };
    },
    idle() {
      const done = burst;
      burst = emptyBurst();
      return looksScanned(done, fewestKeysWithoutEnd) ? scanOf(done) : { kind: 'typing' };
    },
  };
}

interface Burst {
  keys: number;
  fastGaps: number;
  lastAt: number;
  text: string;
  mangled: boolean;
}

const emptyBurst = (): Burst => ({ keys: 0, fastGaps: 0, lastAt: 0, text: '', mangled: false });

function add(burst: Burst, { key, at, composing }: Keystroke): void {
  if (burst.keys > 0 && at - burst.lastAt < scannerGapMs) burst.fastGaps += 1;
  burst.keys += 1;
  burst.lastAt = at;
  if (composing || key === 'Process' || key === 'Backspace') burst.mangled = true;
  if (key === 'Backspace') burst.text = [...burst.text].slice(0, -1).join('');
  else if ([...key].length === 1) burst.text += key;
}

const isEndKey = (key: string) => key === 'Enter' || key === 'Tab';
const isText = ({ key, composing }: Keystroke) =>
  composing || key === 'Process' || key === 'Backspace' || [...key].length === 1;

const looksScanned = (burst: Burst, fewest: number) =>
  burst.keys >= fewest && burst.fastGaps >= (burst.keys - 1) * (1 - slowShare) && /\d/.test(burst.text);

const scanOf = (burst: Burst): WedgeVerdict => ({ kind: 'scan', raw: burst.text, mangled: burst.mangled });
