// What is kept of a finger, as bytes: 7 bytes of head and 6 a minutia, at most 607. The numbers a template holds are
// already rounded to what the bytes can say, so a template compares the same before and after it was stored.
import { fail, ok, type Result } from '../../shared/api/contract.ts';
import type { Minutia, Template } from './types.ts';

/** Of the extraction code as it is now. Raised with every change that moves or drops minutiae. */
export const ALGORITHM = 1;
/** More minutiae add time and noise, not certainty (ours, as in the papers on minutia cylinders). */
export const MOST_MINUTIAE = 100;
/** Usable cylinders below which a template is refused: a smaller one can look like anybody's. */
export const LEAST_CYLINDERS = 12;
/** Pixels a side at 500 dpi: 5 cm, and what 14 bits of a coordinate leave room for. */
export const LONGEST_SIDE = 1000;

const FORMAT = 0xf1;
const HEAD = 7;
const MINUTIA = 6;
/** Steps of a full turn. */
const TURN = 1024;
const types = ['other', 'ending', 'bifurcation'] as const;

/** A direction as the bytes keep it. */
export const roundAngle = (angle: number): number => (stepsOf(angle) * 2 * Math.PI) / TURN;

const stepsOf = (angle: number): number =>
  ((Math.round((angle * TURN) / (2 * Math.PI)) % TURN) + TURN) % TURN;

/** Layout: format, algorithm, width u16, height u16, count; then type:2 x:14, angle low bits:2 y:14, angle high byte, quality. */
export function encodeTemplate({ algorithm, width, height, minutiae }: Template): Uint8Array {
  const bytes = new Uint8Array(HEAD + minutiae.length * MINUTIA);
  const view = new DataView(bytes.buffer);
  bytes[0] = FORMAT;
  bytes[1] = algorithm;
  view.setUint16(2, width);
  view.setUint16(4, height);
  bytes[6] = minutiae.length;
  minutiae.forEach(({ x, y, angle, type, quality }, i) => {
    const at = HEAD + i * MINUTIA;
    const steps = stepsOf(angle);
    view.setUint16(at, (types.indexOf(type) << 14) | x);
    view.setUint16(at + 2, ((steps & 3) << 14) | y);
    bytes[at + 4] = steps >> 2;
    bytes[at + 5] = quality;
  });
  return bytes;
}

/** Errors: `template_unreadable`, for bytes that `encodeTemplate` cannot have made. */
export function decodeTemplate(bytes: Uint8Array): Result<Template> {
  const [format, algorithm = 0] = bytes;
  if (bytes.length < HEAD || format !== FORMAT || algorithm === 0) return fail('template_unreadable');
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const width = view.getUint16(2);
  const height = view.getUint16(4);
  const count = view.getUint8(6);
  if (count > MOST_MINUTIAE || bytes.length !== HEAD + count * MINUTIA) return fail('template_unreadable');
  if (width === 0 || height === 0 || width > LONGEST_SIDE || height > LONGEST_SIDE) {
    return fail('template_unreadable');
  }
  const minutiae: Minutia[] = [];
  for (let at = HEAD; at < bytes.length; at += MINUTIA) {
    const place = view.getUint16(at);
    const type = types[place >> 14];
    const x = place & 0x3fff;
    const y = view.getUint16(at + 2) & 0x3fff;
    const steps = (view.getUint8(at + 4) << 2) | (view.getUint16(at + 2) >> 14);
    const quality = view.getUint8(at + 5);
    if (type === undefined || x >= width || y >= height || quality > 100) return fail('template_unreadable');
    minutiae.push({ x, y, angle: (steps * 2 * Math.PI) / TURN, type, quality });
  }
  return ok({ algorithm, width, height, minutiae });
}
