// The messages between the program and the helper process that alone loads makers' libraries.
// The helper is trusted no more than the library inside it: what it sends is checked on arrival.
import type { ReaderFault, VendorName } from './vendor.ts';

export type ToHelper =
  /** First, once. */
  | { readonly type: 'begin'; readonly id: number; readonly vendor: VendorName; readonly file: string }
  | { readonly type: 'count'; readonly id: number }
  | { readonly type: 'open'; readonly id: number; readonly index: number }
  | { readonly type: 'capture'; readonly id: number; readonly index: number; readonly waitMs: number }
  /** The capture with this id answers `cancelled`. */
  | { readonly type: 'cancel'; readonly id: number }
  | { readonly type: 'close'; readonly id: number; readonly index: number };

export type Answer =
  | { readonly type: 'done'; readonly id: number }
  | { readonly type: 'counted'; readonly id: number; readonly count: number }
  | {
      readonly type: 'picture';
      readonly id: number;
      readonly width: number;
      readonly height: number;
      readonly dpi: number;
      readonly pixels: Uint8Array;
    }
  | { readonly type: 'cancelled'; readonly id: number }
  | { readonly type: 'timeout'; readonly id: number }
  | { readonly type: 'fault'; readonly id: number; readonly fault: ReaderFault };

export type FromHelper =
  | Answer
  /** Still looking for a finger. */
  | { readonly type: 'alive'; readonly id: number };

/** A message from the helper; null when it is none of ours. */
export function parseFromHelper(message: unknown): FromHelper | null {
  if (!isRecord(message) || typeof message.id !== 'number') return null;
  const { id } = message;
  switch (message.type) {
    case 'done':
    case 'cancelled':
    case 'timeout':
    case 'alive':
      return { type: message.type, id };
    case 'counted':
      return Number.isInteger(message.count) ? { type: 'counted', id, count: Number(message.count) } : null;
    case 'fault':
      return faultMessage(id, message.fault);
    case 'picture': {
      const { width, height, dpi, pixels } = message;
      if (typeof width !== 'number' || typeof height !== 'number' || typeof dpi !== 'number') return null;
      return pixels instanceof Uint8Array ? { type: 'picture', id, width, height, dpi, pixels } : null;
    }
    default:
      return null;
  }
}

function faultMessage(id: number, fault: unknown): FromHelper | null {
  if (!isRecord(fault) || typeof fault.detail !== 'string') return null;
  const code = faultCodes.find((known) => known === fault.code);
  return code ? { type: 'fault', id, fault: { code, detail: fault.detail.slice(0, 200) } } : null;
}

const faultCodes: readonly ReaderFault['code'][] = [
  'reader_missing',
  'reader_busy',
  'reader_unplugged',
  'reader_no_access',
  'reader_failed',
  'reader_line_bad',
  'reader_software_missing',
];

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null;
