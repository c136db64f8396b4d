// People: who they are, their numbers and relatives, finding them again.
import { fail, ok } from '../../../shared/api/contract.ts';
import { patientKinds } from '../../../shared/model/patients.ts';
import { vietnamDate } from '../../../shared/time/vietnam.ts';
import type { Deps, HandlersOf } from '../../store/room.ts';
import type { AreaModel } from '../../store/types.ts';
import { commands } from './commands.ts';
import { duplicatesOf } from './duplicates.ts';
import { hitsOf, type PlaceNeeds } from './hits.ts';
import { type PhotoNeeds, photos } from './photo.ts';
import { identifierProjection, patientProjection, relativeProjection } from './projection.ts';
import { patientOf } from './queries.ts';
import { type NumberNeeds, registration } from './register.ts';
import { search } from './search.ts';

export const model: AreaModel = {
  kinds: patientKinds,
  projections: [patientProjection, identifierProjection, relativeProjection],
  alongside: ['patient_search', 'patient_fts', 'name_word'],
};

export type PatientNeeds = NumberNeeds & PlaceNeeds & PhotoNeeds;
export type PatientMethods =
  | 'patients.search'
  | 'patients.duplicates'
  | 'patients.register'
  | 'patients.get'
  | 'patients.update'
  | 'patients.setPhoto'
  | 'patients.photo'
  | 'patients.addIdentifier'
  | 'patients.endIdentifier'
  | 'patients.addRelative'
  | 'patients.updateRelative'
  | 'patients.endRelative';

export function handlers(deps: Deps & PatientNeeds): HandlersOf<PatientMethods> {
  const { sql } = deps.store;
  const todayYear = (): number => Number(vietnamDate(deps.now()).slice(0, 4));
  return {
    ...registration(deps),
    ...commands(deps),
    ...photos(deps),
    'patients.search': (input) => {
      const admitted = new Set(deps.openPatientIds(sql));
      const { limit, admittedOnly } = input;
      const found = search(sql, input.text, { limit, admittedOnly, todayYear: todayYear(), admitted });
      return ok(hitsOf(sql, found, deps));
    },
    'patients.duplicates': (input) => {
      const suspects = duplicatesOf(sql, input.demographics, input.identifiers);
      const byId = new Map(suspects.map((s) => [s.patientId, s]));
      const found = suspects.map((s) => ({ patientId: s.patientId, matched: matchedBy(s.reasons[0]) }));
      return ok(
        hitsOf(sql, found, deps).flatMap((hit) => {
          const suspect = byId.get(hit.patientId);
          return suspect ? [{ ...hit, reasons: [...suspect.reasons], certainty: suspect.certainty }] : [];
        }),
      );
    },
    'patients.get': (input) => {
      const patient = patientOf(sql, input.patientId, deps.people);
      return patient ? ok(patient) : fail('not_found');
    },
  };
}

function matchedBy(reason: string | undefined): 'cccd' | 'bhyt' | 'other' | 'phone' | 'name' {
  if (reason === 'same_cccd') return 'cccd';
  if (reason === 'same_bhyt') return 'bhyt';
  if (reason === 'same_cmnd') return 'other';
  return reason === 'same_phone' ? 'phone' : 'name';
}

export { addressOf, nameOf, patientsLike, relativesOf } from './for-fingerprints.ts';
export { type PhotoNeeds, photoFiles } from './photo.ts';
export { type Identity, identitiesOf, openConflictsOf, patientOf } from './queries.ts';
export { isSearchIndexFault, rebuildSearchIndex } from './search-index.ts';
export { settlePatient } from './settle.ts';
