// What can be said of a photo without a camera or a canvas: its size, its letters when there is none, and what a browser's
// refusal means to the person at the desk.

/** Pixels, and bytes of the JPEG; the core takes no larger picture and a little more bytes. */
export const mostWide = 480;
export const mostHigh = 640;
export const mostBytes = 60_000;

export interface Size {
  readonly width: number;
  readonly height: number;
}

/** As large as it may be with its own shape, never larger than it is. */
export function fitted({ width, height }: Size): Size {
  const scale = Math.min(1, mostWide / width, mostHigh / height);
  return { width: Math.max(1, Math.round(width * scale)), height: Math.max(1, Math.round(height * scale)) };
}

/** The middle of a camera's wide picture, in the shape of a portrait: what the frame on the screen shows of it. */
export function portraitOf({ width, height }: Size): Size & { readonly x: number; readonly y: number } {
  const shape = mostWide / mostHigh;
  const cut =
    width / height > shape
      ? { width: Math.round(height * shape), height }
      : { width, height: Math.round(width / shape) };
  return { ...cut, x: Math.round((width - cut.width) / 2), y: Math.round((height - cut.height) / 2) };
}

/** Of the family name and the given name, which stand at the two ends: "Lò Thị Mơ" gives "LM". */
export function initials(name: string): string {
  const words = name.split(/\s+/u).flatMap((word) => word.match(/\p{L}/u)?.[0] ?? []);
  const [first = ''] = words;
  const last = words.length > 1 ? (words.at(-1) ?? '') : '';
  return `${first}${last}`.toLocaleUpperCase('vi');
}

/**
 * missing: there is none, or it went · busy: another program has it · refused: the person, the browser or the system
 * says no · silent: it is there and sends no picture.
 */
export type CameraFault = 'missing' | 'busy' | 'refused' | 'silent';

/** By the name of the error that getUserMedia rejects with (W3C Media Capture and Streams, 10.2). */
export function cameraFault(errorName: string): CameraFault {
  if (errorName === 'NotAllowedError' || errorName === 'SecurityError') return 'refused';
  if (errorName === 'NotReadableError' || errorName === 'AbortError') return 'busy';
  return 'missing';
}
