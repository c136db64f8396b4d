// A photo drawn anew on a canvas: small enough for a weak line, and without anything a camera or phone wrote into its file
// (where it was taken, when, with what).
import { fitted, mostBytes, portraitOf, type Size } from './rules.ts';

export interface Drawn extends Size {
  /** Of the JPEG. */
  readonly base64: string;
}

/** What the frame on the screen shows just now; null while the camera has sent nothing. */
export async function drawnFrom(video: HTMLVideoElement): Promise<Drawn | null> {
  const whole = { width: video.videoWidth, height: video.videoHeight };
  if (whole.width === 0 || whole.height === 0) return null;
  const { x, y, width, height } = portraitOf(whole);
  return jpegOf(fitted({ width, height }), (context, to) =>
    context.drawImage(video, x, y, width, height, 0, 0, to.width, to.height),
  );
}

/** A picture somebody chose, turned the way it was held; null when it is none that this browser can read. */
export async function drawnFromFile(file: Blob): Promise<Drawn | null> {
  const picture = await createImageBitmap(file).catch(() => null);
  if (!picture) return null;
  const drawn = await jpegOf(fitted(picture), (context, to) => {
    // what is transparent would turn black
    context.fillStyle = '#fff';
    context.fillRect(0, 0, to.width, to.height);
    context.drawImage(picture, 0, 0, to.width, to.height);
  });
  picture.close();
  return drawn;
}

/** From good to just good enough to know somebody; nearly every face fits at the first. */
const qualities = [0.85, 0.75, 0.65, 0.5, 0.35, 0.2, 0.05] as const;

async function jpegOf(
  size: Size,
  draw: (context: CanvasRenderingContext2D, size: Size) => void,
): Promise<Drawn | null> {
  const canvas = document.createElement('canvas');
  canvas.width = size.width;
  canvas.height = size.height;
  const context = canvas.getContext('2d');
  if (!context) return null;
  context.imageSmoothingQuality = 'high';
  draw(context, size);
  for (const quality of qualities) {
    const jpeg = await new Promise<Blob | null>((done) => canvas.toBlob(done, 'image/jpeg', quality));
    if (!jpeg) return null;
    if (jpeg.size <= mostBytes) return { ...size, base64: await base64Of(jpeg) };
  }
  return null;
}

async function base64Of(jpeg: Blob): Promise<string> {
  let text = '';
  for (const byte of new Uint8Array(await jpeg.arrayBuffer())) text += String.fromCharCode(byte);
  return btoa(text);
}
