// What a person looks like. The JPEG is a file beside the log, as papers are; the record holds its name. A photo is
// written, taken away and undone like any field, and read only if it is what a photo may be, wherever it came from.
import { fail, ok, type Result } from '../../../shared/api/contract.ts';
import { patientPhoto } from '../../../shared/model/patients.ts';
import type { Blobs } from '../../store/blobs.ts';
import type { Context, Deps, HandlersOf } from '../../store/room.ts';
import { statement } from '../../store/statement.ts';
import type { Tx } from '../../store/types.ts';
import type { NamedFiles } from '../keep-files-coming.ts';
import { readJpeg } from './jpeg.ts';
import { patientById } from './queries.ts';

export interface PhotoNeeds {
  blobs(): Pick<Blobs, 'put' | 'get' | 'manifest' | 'isComplete'>;
}

/** Ours: some 30 kB of a face are enough to tell a person, and go through a weak line in seconds. */
export const mostBytes = 80_000;
/** Pixels; the page draws it no larger. */
export const mostWide = 480;
export const mostHigh = 640;

export function photos(deps: Deps & PhotoNeeds): HandlersOf<'patients.setPhoto' | 'patients.photo'> {
  const { store } = deps;
  return {
    'patients.setPhoto': async ({ patientId, jpeg, reason = '' }, ctx) => {
      if (!patientById(store.sql).get(patientId)) return fail('not_found');
      if (jpeg === null && reason === '')
        return fail('reason_required', { fields: { reason: 'error.reason_required' } });
      const kept = jpeg === null ? ok(null) : await keep(Buffer.from(jpeg, 'base64'));
      if (!kept.ok) return kept;
      const photo = kept.value;
      return store.write(ctx.caller, (tx) => {
        const row = patientById(tx.sql).get(patientId);
        if (!row) return fail('not_found');
        if (row.photo === photo) return ok({});
        write(tx, patientId, photo, reason || null);
        return ok({ undo: ctx.undo((c) => takeBack(c, patientId, photo, row.photo)) });
      });
    },

    'patients.photo': async ({ patientId }) => {
      const row = patientById(store.sql).get(patientId);
      if (!row) return fail('not_found');
      if (row.photo === null) return ok({ jpeg: null, waiting: false });
      const blobs = deps.blobs();
      if (!(await blobs.isComplete(row.photo))) return ok({ jpeg: null, waiting: true });
      // another station named it, and named whatever it wanted: not even read into memory when it is no photo
      const manifest = await blobs.manifest(row.photo);
      const bytes = manifest && manifest.bytes <= mostBytes ? await blobs.get(row.photo) : null;
      const shown = bytes && faultOf(bytes) === null ? bytes.toString('base64') : null;
      return ok({ jpeg: shown, waiting: false });
    },
  };

  async function keep(bytes: Buffer): Promise<Result<string>> {
    const fault = faultOf(bytes);
    return fault === null ? deps.blobs().put(bytes) : fail('bad_input', { fields: { jpeg: fault } });
  }

  /** Only while nobody has written another since. */
  function takeBack(ctx: Context, patientId: string, written: string | null, before: string | null) {
    return store.write(ctx.caller, (tx) => {
      if (patientById(tx.sql).get(patientId)?.photo !== written) return fail('stale');
      write(tx, patientId, before, null);
      return ok({});
    });
  }
}

function write(tx: Tx, patientId: string, photo: string | null, reason: string | null): void {
  tx.append(patientPhoto, {
    id: patientId,
    patient: patientId,
    refs: [`patient:${patientId}`],
    body: { photo, reason },
  });
}

/** I18n key of what is wrong with it as a photo; null when nothing is. */
export function faultOf(bytes: Uint8Array): string | null {
  if (bytes.length > mostBytes) return 'field.photo_too_heavy';
  const frame = readJpeg(bytes);
  if (!frame) return 'field.photo_not_jpeg';
  if (frame.width > mostWide || frame.height > mostHigh) return 'field.photo_too_large';
  return frame.tellsMore ? 'field.photo_tells_more' : null;
}

/** Photos that the record names: behind papers, which somebody may have to sign. */
export const photoFiles: NamedFiles = {
  subject: 'patient',
  later: true,
  missing: (sql) => allPhotosToFetch(sql).all(),
  missingOf: (sql, patients) => photosToFetch(sql).all(JSON.stringify(patients)),
  isNamed: 'EXISTS (SELECT 1 FROM patient p WHERE p.photo = m.hash)',
};

/** Not among the files here, and not asked for yet. */
export const photosToFetch = statement<[patients: string], { hash: string }>(
  `SELECT p.photo AS hash FROM json_each(?) j JOIN patient p ON p.id = j.value
   WHERE p.photo IS NOT NULL AND NOT EXISTS (SELECT 1 FROM blob b WHERE b.hash = unhex(p.photo))`,
);
/** The same for everybody: once, when the store is opened. */
export const allPhotosToFetch = statement<[], { hash: string }>(
  `SELECT p.photo AS hash FROM patient p
   WHERE p.photo IS NOT NULL AND NOT EXISTS (SELECT 1 FROM blob b WHERE b.hash = unhex(p.photo))`,
);
