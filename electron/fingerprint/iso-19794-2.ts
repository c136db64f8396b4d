// ISO/IEC 19794-2:2005 finger minutiae records: what other systems and readers exchange. Big-endian, 24 bytes of head,
// then views; we write one view and read the first. Angles have 256 steps here, so a record is a little coarser than
// our own bytes, and it carries no word on which of our algorithms made it.
import { fail, ok, type Result } from '../../shared/api/contract.ts';
import { LONGEST_SIDE, MOST_MINUTIAE, roundAngle } from './template.ts';
import type { Minutia, Template } from './types.ts';

const MAGIC = [0x46, 0x4d, 0x52, 0x00, 0x20, 0x32, 0x30, 0x00];
const HEAD = 24;
const VIEW = 4;
const MINUTIA = 6;
/** Pixels a centimetre of our templates: 500 dpi. */
const RESOLUTION = 197;
const types = ['other', 'ending', 'bifurcation'] as const;

/** Finger positions of the standard, table 2: 0 unknown, 1 right thumb … 5 right little, 6 left thumb … 10 left little. */
export interface IsoFinger {
  readonly position: number;
  /** 0…100 of the whole impression. */
  readonly quality: number;
}

export interface IsoRecord extends IsoFinger {
  readonly template: Template;
}

/** One finger, one view. Impression type 0: live-scan, plain. */
export function writeIso(template: Template, { position, quality }: IsoFinger): Uint8Array {
  const { width, height } = template;
  const minutiae = template.minutiae.slice(0, 255);
  const bytes = new Uint8Array(HEAD + VIEW + minutiae.length * MINUTIA + 2);
  const view = new DataView(bytes.buffer);
  bytes.set(MAGIC);
  view.setUint32(8, bytes.length);
  view.setUint16(14, width);
  view.setUint16(16, height);
  view.setUint16(18, RESOLUTION);
  view.setUint16(20, RESOLUTION);
  bytes[22] = 1;
  bytes.set([position, 0, quality, minutiae.length], HEAD);
  minutiae.forEach((minutia, i) => {
    const at = HEAD + VIEW + i * MINUTIA;
    view.setUint16(at, (types.indexOf(minutia.type) << 14) | minutia.x);
    view.setUint16(at + 2, minutia.y);
    bytes[at + 4] = Math.round((minutia.angle * 128) / Math.PI) & 255;
    bytes[at + 5] = minutia.quality;
  });
  return bytes;
}

/**
 * The first view of a record, scaled to 500 dpi, the surest minutiae first. `algorithm` is 0: made by somebody else.
 * Errors: `template_unreadable`.
 */
export function readIso(bytes: Uint8Array): Result<IsoRecord> {
  if (bytes.length < HEAD + VIEW + 2 || MAGIC.some((byte, i) => bytes[i] !== byte)) {
    return fail('template_unreadable');
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (view.getUint32(8) !== bytes.length) return fail('template_unreadable');
  const scaleX = RESOLUTION / view.getUint16(18);
  const scaleY = RESOLUTION / view.getUint16(20);
  // 100 to 1,000 dpi: outside nobody scans fingers
  if (!(scaleX > 0.49 && scaleX < 5 && scaleY > 0.49 && scaleY < 5)) return fail('template_unreadable');
  const sourceWidth = view.getUint16(14);
  const sourceHeight = view.getUint16(16);
  const width = scaled(sourceWidth, scaleX);
  const height = scaled(sourceHeight, scaleY);
  if (width < 1 || height < 1 || width > LONGEST_SIDE || height > LONGEST_SIDE) {
    return fail('template_unreadable');
  }
  const views = view.getUint8(22);
  const position = view.getUint8(HEAD);
  const quality = view.getUint8(HEAD + 2);
  if (views === 0 || position > 10 || quality > 100 || !wholeViews(view, views)) {
    return fail('template_unreadable');
  }
  const count = view.getUint8(HEAD + 3);
  const minutiae: Minutia[] = [];
  for (let i = 0; i < count; i++) {
    const at = HEAD + VIEW + i * MINUTIA;
    const type = types[view.getUint16(at) >> 14];
    const x = view.getUint16(at) & 0x3fff;
    const y = view.getUint16(at + 2) & 0x3fff;
    const sure = view.getUint8(at + 5);
    if (type === undefined || x >= sourceWidth || y >= sourceHeight || sure > 100) {
      return fail('template_unreadable');
    }
    minutiae.push({
      x: Math.min(width - 1, scaled(x, scaleX)),
      y: Math.min(height - 1, scaled(y, scaleY)),
      angle: roundAngle((view.getUint8(at + 4) * Math.PI) / 128),
      type,
      quality: sure,
    });
  }
  minutiae.sort((a, b) => b.quality - a.quality);
  const template = { algorithm: 0, width, height, minutiae: minutiae.slice(0, MOST_MINUTIAE) };
  return ok({ template, position, quality });
}

const scaled = (value: number, by: number): number =>
  Math.abs(by - 1) < 0.01 ? value : Math.round(value * by);

/** Whether the views fill the record to its last byte, extensions included. */
function wholeViews(view: DataView, views: number): boolean {
  let at = HEAD;
  for (let i = 0; i < views; i++) {
    if (at + VIEW > view.byteLength) return false;
    at += VIEW + view.getUint8(at + 3) * MINUTIA;
    if (at + 2 > view.byteLength) return false;
    at += 2 + view.getUint16(at);
  }
  return at === view.byteLength;
}
