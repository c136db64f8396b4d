// What a maker's library is to us: where it lies, its functions in C, how they are used, what its numbers mean.
// One description per maker; everything else in this folder walks these tables and knows no maker by name.
import type { ErrorCode } from '../../../../shared/api/errors.ts';

/** Why a library or a reader would not do what it was asked. `detail` is for the log: functions and numbers only. */
export interface ReaderFault {
  readonly code: Extract<ErrorCode, `reader_${string}`>;
  readonly detail: string;
}

export const isFault = (answer: unknown): answer is ReaderFault =>
  typeof answer === 'object' && answer !== null && 'code' in answer && 'detail' in answer;

export const vendorNames = ['zkteco', 'secugen', 'futronic', 'suprema'] as const;
export type VendorName = (typeof vendorNames)[number];

/** A library's functions, called by name; arguments are numbers, handles, buffers or null. */
export interface Calls {
  /** A count, a status or a truth value. */
  number(name: string, ...args: readonly CallArgument[]): number;
  /** A handle; null when the library gave none. */
  handle(name: string, ...args: readonly CallArgument[]): Handle | null;
  /** Bytes of a C `long`: 8 on Linux, 4 on Windows, and makers who say DWORD mean it. */
  readonly longBytes: 4 | 8;
}
export type Handle = bigint;
export type CallArgument =
  | number
  | Handle
  | Uint8Array
  | Int32Array
  | Uint32Array
  | BigUint64Array
  | BigInt64Array
  | null;

/** A maker's library, loaded and made ready. */
export interface VendorLibrary {
  /** Readers plugged in now; looks anew each time. */
  count(): number | ReaderFault;
  open(index: number): OpenDevice | ReaderFault;
  /** Nothing is called after it. */
  end(): void;
}

export interface OpenDevice {
  /**
   * Looks at the glass once and comes back within a second, with or without a finger, so that a person can cancel.
   * The picture's bytes are the device's own: overwritten by the next look, wiped by `wipe`.
   */
  look(): Picture | 'nothing' | ReaderFault;
  wipe(): void;
  /** False when the reader is surely gone. */
  plugged(): boolean;
  close(): void;
}

export interface Picture {
  readonly width: number;
  readonly height: number;
  readonly dpi: number;
  readonly pixels: Uint8Array;
}

/** Pixels a side; a larger number was read where the library keeps something else. */
const mostSide = 4_000;

/** Whether there can be a picture of this size, so that room may be made for it. */
export const canBePicture = (width: number, height: number): boolean =>
  width > 0 && height > 0 && width <= mostSide && height <= mostSide;

export interface Vendor {
  readonly name: VendorName;
  /** As printed on the reader. */
  readonly maker: string;
  /** USB vendor ids: a reader that is plugged in while its library is missing can be named. */
  readonly usb: readonly number[];
  readonly files: { readonly win32: readonly string[]; readonly linux: readonly string[] };
  /** Beside the system's own folders; `%NAME%` is taken from the environment. */
  readonly folders: { readonly win32: readonly string[]; readonly linux: readonly string[] };
  /** Name → C prototype. All are required: a library without one of them is another library. */
  readonly functions: Readonly<Record<string, string>>;
  /** Are ridges dark, as our pictures have them, or light? */
  readonly ridges: 'dark' | 'light';
  /** Pause between two looks where a look does not wait by itself, ms. */
  readonly pauseMs: number;
  ready(calls: Calls): VendorLibrary | ReaderFault;
}

/** What a library's numbers mean; a number not listed is `reader_failed`. */
export type Meanings = Readonly<Record<number, ReaderFault['code']>>;

export const faultOf = (meanings: Meanings, name: string, status: number): ReaderFault => ({
  code: meanings[status] ?? 'reader_failed',
  detail: `${name} answered ${status}`,
});
