// Fingers in files, for the person who looks after the PCs: what a picture gives, how alike two are, how good the
// matching is over a folder, and a picture in place of a reader. No template leaves these functions.
import { readFileSync } from 'node:fs';
import { fail, ok, type Result } from '../../shared/api/contract.ts';
import { oneInAt } from '../fingerprint/chances.ts';
import { extract } from '../fingerprint/extraction/index.ts';
import { createComparer } from '../fingerprint/matching/comparer.ts';
import { thresholds } from '../fingerprint/matching/thresholds.ts';
import { readPng } from '../fingerprint/png.ts';
import { LEAST_CYLINDERS } from '../fingerprint/template.ts';
import type { FingerImage, Quality, Reader, ReaderFamily, Template } from '../fingerprint/types.ts';

export { benchFolder } from '../fingerprint/bench.ts';

/** PNG. no_such_folder when there is no such file · image_*. */
export function readFingerFile(path: string): Result<FingerImage> {
  let bytes: Buffer;
  try {
    bytes = readFileSync(path);
  } catch {
    return fail('no_such_folder');
  }
  return readPng(bytes);
}

export interface FileFacts extends Quality {
  readonly width: number;
  readonly height: number;
  readonly dpi: number;
  readonly algorithm: number;
  /** False: too little of a finger to be compared. */
  readonly usable: boolean;
}

export function factsOfFile(path: string): Result<FileFacts> {
  const image = readFingerFile(path);
  if (!image.ok) return image;
  const taken = extract(image.value);
  if (!taken.ok) return taken;
  const { width, height, dpi } = image.value;
  const { quality, template } = taken.value;
  return ok({
    width,
    height,
    dpi,
    algorithm: template.algorithm,
    usable: quality.cylinders >= LEAST_CYLINDERS,
    ...quality,
  });
}

export interface FilesAlike {
  readonly score: number;
  /** Of how many wrong fingers one comes this near. */
  readonly oneIn: number;
  readonly matched: boolean;
}

export function compareFiles(one: string, other: string): Result<FilesAlike> {
  const a = templateOf(one);
  if (!a.ok) return a;
  const b = templateOf(other);
  if (!b.ok) return b;
  const comparer = createComparer();
  const score = comparer.score(comparer.prepare(a.value), comparer.prepare(b.value));
  return ok({ score, oneIn: oneInAt(score), matched: score >= thresholds.verify });
}

function templateOf(path: string): Result<Template> {
  const image = readFingerFile(path);
  if (!image.ok) return image;
  const taken = extract(image.value);
  if (!taken.ok) return taken;
  return taken.value.quality.cylinders < LEAST_CYLINDERS
    ? fail('template_too_weak')
    : ok(taken.value.template);
}

/** A reader on which this picture lies, whatever is plugged in. */
export function pictureReader(image: FingerImage, mode: 'real' | 'training'): ReaderFamily {
  const info = {
    id: 'picture',
    kind: mode === 'training' ? ('simulated' as const) : ('vendor' as const),
    model: 'PNG',
    place: '',
  };
  const reader: Reader = {
    info,
    async capture({ signal }) {
      if (signal.aborted) return fail('capture_cancelled');
      // whoever gets a picture wipes it
      return ok({ ...image, pixels: image.pixels.slice() });
    },
    onGone: () => {},
    close: async () => {},
  };
  return {
    kind: info.kind,
    discover: async () => [info],
    open: async () => ok(reader),
    close: async () => {},
  };
}
