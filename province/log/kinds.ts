// Every kind of change this program knows, to tell what it understands from what it only keeps and passes on.
import { accessKinds } from '../../shared/model/access.ts';
import { admissionKinds } from '../../shared/model/admissions.ts';
import * as allergies from '../../shared/model/allergies.ts';
import { bedKinds } from '../../shared/model/beds.ts';
import type { Change, ChangeKind } from '../../shared/model/change.ts';
import { documentKinds } from '../../shared/model/documents.ts';
import * as notes from '../../shared/model/notes.ts';
import * as observations from '../../shared/model/observations.ts';
import { patientKinds } from '../../shared/model/patients.ts';
import { kindRegistry } from '../../shared/model/registry.ts';
import { signingKinds } from '../../shared/model/signing.ts';
import { stationKinds } from '../../shared/model/station.ts';
import * as tasks from '../../shared/model/tasks.ts';
import { CARRY, carriedIn } from '../../shared/sync/forks.ts';

export const kinds = kindRegistry([
  ...accessKinds,
  ...admissionKinds,
  ...bedKinds,
  ...patientKinds,
  ...stationKinds,
  ...documentKinds,
  ...signingKinds,
  ...[allergies, notes, observations, tasks].flatMap(kindsIn),
]);

/** Field names for the codec; a carrier is no kind of the record's model but has names too. */
export const fieldNames = (kind: string, v: number): Pick<ChangeKind, 'fields'> | undefined =>
  kind === CARRY.kind && v === CARRY.v ? CARRY : kinds.find(kind, v);

export type Flag = 'unknown_kind' | 'invalid_body';

/** Why a change is kept without being understood. It is passed on all the same: others may know better. */
export function flagOf(change: Change): Flag | null {
  if (change.kind === CARRY.kind) return carriedIn(change) ? null : 'invalid_body';
  const kind = kinds.find(change.kind, change.v);
  if (!kind) return 'unknown_kind';
  return kind.body.safeParse(change.body).success && kind.lane === change.lane ? null : 'invalid_body';
}

function kindsIn(module: object): ChangeKind[] {
  return Object.values(module).filter(
    (value: unknown): value is ChangeKind =>
      typeof value === 'object' && value !== null && 'kind' in value && 'fields' in value && 'body' in value,
  );
}
