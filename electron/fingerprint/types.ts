// What the parts of this room say to each other: a picture of a finger, the features taken from it, and a reader.
import type { Result } from '../../shared/api/contract.ts';

/** A grey picture, one byte a pixel, row by row from the top left; ridges dark, valleys light. */
export interface FingerImage {
  readonly width: number;
  readonly height: number;
  /** Pixels per inch, as the reader or the file says; 500 when neither does. */
  readonly dpi: number;
  /** width × height bytes. Wiped with `fill(0)` by whoever used it last; never written to a disk. */
  readonly pixels: Uint8Array;
}

/** How a reader is plugged in, and how it is spoken to. */
export type ReaderKind = 'serial' | 'usb' | 'vendor' | 'simulated';

/** A reader that could be opened. */
export interface ReaderInfo {
  /** Stays the same for the same reader at the same plug, across restarts: `serial:/dev/ttyUSB0`, `usb:05ba:000a:1-10`. */
  readonly id: string;
  readonly kind: ReaderKind;
  /** As printed on it, for people: `HID U.are.U 4500`. */
  readonly model: string;
  /** Where it is plugged in, for people: `COM3`, `USB 1-10`. */
  readonly place: string;
}

/** What goes on during a capture; the page turns each into words. */
export type CaptureProgress =
  | { readonly step: 'place_finger' }
  /** The picture is on its way: 0 to 1. A serial reader takes 7 s. */
  | { readonly step: 'reading'; readonly done: number }
  | { readonly step: 'lift_finger' }
  /** Not good enough yet, what to do better; the capture goes on. `preview`: a small picture, where there is one. */
  | { readonly step: 'adjust'; readonly hint: CaptureHint };

/** What a person can do better; each has a sentence in the page's dictionaries. */
export const captureHints = [
  'place_finger',
  'press_harder',
  'press_lighter',
  'dry_finger',
  'moisten_finger',
  'centre_finger',
  'hold_still',
  'lift_finger',
  'clean_reader',
  'larger_area',
] as const;
export type CaptureHint = (typeof captureHints)[number];

export interface CaptureOptions {
  /** Ends the capture with `capture_cancelled`. */
  readonly signal: AbortSignal;
  /** ms the person has to put the finger on; then `finger_timeout`. */
  readonly waitMs: number;
  progress(now: CaptureProgress): void;
}

/** An open reader. One capture at a time: a second one answers `reader_busy`. */
export interface Reader {
  readonly info: ReaderInfo;
  /** Errors are values: codes `reader_*`, `capture_*`, `finger_*` of shared/api/errors.ts. */
  capture(options: CaptureOptions): Promise<Result<FingerImage>>;
  /** Called once, when the reader is gone; a capture under way has answered `reader_unplugged`. */
  onGone(listener: () => void): void;
  close(): Promise<void>;
}

/** One way readers are plugged in. A family that cannot work on this PC finds nothing and says why in the log. */
export interface ReaderFamily {
  readonly kind: ReaderKind;
  discover(): Promise<readonly ReaderInfo[]>;
  open(reader: ReaderInfo): Promise<Result<Reader>>;
  /** Something may have been plugged in or out: worth discovering anew. Answers how to stop listening. */
  onPlug?(listener: () => void): () => void;
  close(): Promise<void>;
}

/** One ridge ending or bifurcation, at 500 dpi. */
export interface Minutia {
  /** Pixels from the left and from the top. */
  readonly x: number;
  readonly y: number;
  /** Where the ridge goes, radians 0…2π, counter-clockwise from +x with y upwards (ISO/IEC 19794-2:2005, 6.2). */
  readonly angle: number;
  readonly type: 'ending' | 'bifurcation' | 'other';
  /** 1…100, how sure; 0 unknown. */
  readonly quality: number;
}

/** What is kept of a picture. */
export interface Template {
  /** Of the code that took it: a newer one may be told from an older one. */
  readonly algorithm: number;
  /** Of the picture at 500 dpi. */
  readonly width: number;
  readonly height: number;
  /** Best first; 100 at most. */
  readonly minutiae: readonly Minutia[];
}

export interface Quality {
  /** 0…100 */
  readonly score: number;
  readonly hints: readonly CaptureHint[];
  /** Share of the picture with ridges, 0…1. */
  readonly area: number;
  readonly minutiae: number;
  /** Places a comparison can lean on; below the least of `template.ts` a template is refused. */
  readonly cylinders: number;
}
