// Reads the frame of a JPEG without decoding it: is it one, whole and nothing behind its end, how large is the picture,
// and what does it carry beside the picture. A photo goes to every PC of a center, so nothing may hide in it.

export interface JpegFrame {
  /** Pixels. */
  readonly width: number;
  readonly height: number;
  /** Where, when and with what it was taken, or words somebody put in: EXIF, XMP, IPTC, comments. */
  readonly tellsMore: boolean;
}

/** Null: not a JPEG, cut short, or with something behind its end (ITU-T T.81, Annex B). */
export function readJpeg(bytes: Uint8Array): JpegFrame | null {
  if (u16(bytes, 0) !== START) return null;
  let size: { width: number; height: number } | null = null;
  let tellsMore = false;
  let scanned = false;
  let at = 2;
  for (;;) {
    const marker = u16(bytes, at);
    if (marker === null || marker < 0xff01) return null;
    at += 2;
    // padding before a marker
    if (marker === 0xffff) {
      at -= 1;
      continue;
    }
    if (marker === END) return at === bytes.length && size && scanned ? { ...size, tellsMore } : null;
    const length = u16(bytes, at);
    if (length === null || length < 2 || at + length > bytes.length) return null;
    if (frames.has(marker)) {
      const height = u16(bytes, at + 3);
      const width = u16(bytes, at + 5);
      // two frames, or a height told only behind the picture
      if (size || !width || !height) return null;
      size = { width, height };
    }
    if (isApplication(marker) && !isHarmless(bytes, marker, at + 2)) tellsMore = true;
    if (marker === COMMENT) tellsMore = true;
    at += length;
    if (marker !== SCAN) continue;
    if (!size) return null;
    scanned = true;
    at = endOfScan(bytes, at);
  }
}

const START = 0xffd8;
const END = 0xffd9;
const SCAN = 0xffda;
const COMMENT = 0xfffe;
/** Baseline, extended and progressive with Huffman coding: what browsers draw. */
const frames: ReadonlySet<number> = new Set([0xffc0, 0xffc1, 0xffc2]);

const isApplication = (marker: number): boolean => marker >= 0xffe0 && marker <= 0xffef;
/** How the picture is to be drawn, and nothing else: JFIF, a colour profile, Adobe's colour transform. */
const harmless: ReadonlyMap<number, string> = new Map([
  [0xffe0, 'JFIF\0'],
  [0xffe2, 'ICC_PROFILE\0'],
  [0xffee, 'Adobe'],
]);
function isHarmless(bytes: Uint8Array, marker: number, at: number): boolean {
  const name = harmless.get(marker);
  return name !== undefined && Buffer.from(bytes.subarray(at, at + name.length)).toString('latin1') === name;
}

/** Of the coded picture: the next marker that is neither a stuffed zero nor a restart. */
function endOfScan(bytes: Uint8Array, from: number): number {
  let at = from;
  for (; at + 1 < bytes.length; at++) {
    if (bytes[at] !== 0xff) continue;
    const next = bytes[at + 1] ?? 0;
    if (next !== 0 && (next < 0xd0 || next > 0xd7)) return at;
  }
  return at;
}

const u16 = (bytes: Uint8Array, at: number): number | null => {
  const [high, low] = [bytes[at], bytes[at + 1]];
  return high === undefined || low === undefined ? null : high * 256 + low;
};
