// Fingers in files, for the person who looks after the PCs: what a picture gives, how alike two are, how good the
// matching is over a folder, and a picture in place of a reader. A template leaves these functions only as the ISO record
// that somebody asked for, made of a picture they have anyway.
import { readFileSync, writeFileSync } from 'node:fs';
import { fail, ok, type Result } from '../../shared/api/contract.ts';
import { oneInAt } from '../fingerprint/chances.ts';
import { extract } from '../fingerprint/extraction/index.ts';
import { readIso, writeIso } from '../fingerprint/iso-19794-2.ts';
import { createComparer, usableCylinders } from '../fingerprint/matching/comparer.ts';
import { thresholds } from '../fingerprint/matching/thresholds.ts';
import { readPng } from '../fingerprint/png.ts';
import { LEAST_CYLINDERS } from '../fingerprint/template.ts';
import type { FingerImage, Quality, Reader, ReaderFamily, Template } from '../fingerprint/types.ts';
import { failureOf } from '../store/faults.ts';

export { benchFolder } from '../fingerprint/bench.ts';

/** PNG. no_such_folder when there is no such file · image_*. */
export function readFingerFile(path: string): Result<FingerImage> {
  const bytes = bytesOf(path);
  return bytes.ok ? readPng(bytes.value) : bytes;
}

function bytesOf(path: string): Result<Buffer> {
  try {
    return ok(readFileSync(path));
  } catch {
    return fail('no_such_folder');
  }
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

/**
 * The finger of a picture as an ISO/IEC 19794-2:2005 record, for other programs, in a new file that its owner alone may
 * read. Which finger it is, a picture does not say. no_such_folder: not there, or
 * something is at `to` already · image_* · disk_full · store_read_only.
 */
export function writeIsoFile(picture: string, to: string): Result<null> {
  const image = readFingerFile(picture);
  if (!image.ok) return image;
  const taken = extract(image.value);
  if (!taken.ok) return taken;
  const { template, quality } = taken.value;
  try {
    writeFileSync(to, writeIso(template, { position: 0, quality: quality.score }), {
      flag: 'wx',
      mode: 0o600,
    });
    return ok(null);
  } catch (error) {
    const failure = failureOf(error);
    return failure ? { ok: false, error: failure } : fail('no_such_folder');
  }
}

export interface FilesAlike {
  readonly score: number;
  /** Of how many wrong fingers one comes this near. */
  readonly oneIn: number;
  readonly matched: boolean;
}

/** Pictures or ISO records, in any mixture. */
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
  const bytes = bytesOf(path);
  if (!bytes.ok) return bytes;
  const template = bytes.value.toString('latin1', 0, 3) === 'FMR' ? ofRecord(bytes.value) : ofPicture(path);
  if (!template.ok) return template;
  return usableCylinders(template.value) < LEAST_CYLINDERS ? fail('template_too_weak') : template;
}

function ofRecord(bytes: Buffer): Result<Template> {
  const record = readIso(bytes);
  return record.ok ? ok(record.value.template) : record;
}

function ofPicture(path: string): Result<Template> {
  const image = readFingerFile(path);
  if (!image.ok) return image;
  const taken = extract(image.value);
  return taken.ok ? ok(taken.value.template) : taken;
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
