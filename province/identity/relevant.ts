// The kinds of changes that are read for people across centers, and whom each of them tells of.
import { admissionKinds } from '../../shared/model/admissions.ts';
import * as allergies from '../../shared/model/allergies.ts';
import { wardCreate, wardEdit } from '../../shared/model/beds.ts';
import type { ChangeKind } from '../../shared/model/change.ts';
import {
  identifierAdd,
  identifierEnd,
  identifierResume,
  patientIdentify,
  patientRegister,
  patientUpdate,
} from '../../shared/model/patients.ts';

/**
 * Raise it when another kind is read, or when the same changes shall give other rows: every center's log is then
 * read again from its beginning. A test knows which kinds belong to which number.
 */
export const rules = 1;

export interface Relevant {
  /** subject: the change is about the patient itself · patient: its patient · ward */
  readonly owner: 'subject' | 'patient' | 'ward';
  readonly isIdentity: boolean;
}

export const relevantKinds: ReadonlyMap<string, Relevant> = new Map([
  ...named([patientRegister, patientUpdate, patientIdentify], { owner: 'subject', isIdentity: true }),
  ...named([identifierAdd, identifierEnd, identifierResume], { owner: 'patient', isIdentity: true }),
  ...named(
    [allergies.allergyAdd, allergies.allergyUpdate, allergies.allergyRefute, allergies.allergyRestore],
    { owner: 'patient', isIdentity: false },
  ),
  ...named(admissionKinds, { owner: 'patient', isIdentity: false }),
  ...named([wardCreate, wardEdit], { owner: 'ward', isIdentity: false }),
]);

/** Ids are UUIDs everywhere; anything else would only fill the tables. */
export const accepts = (owner: string): boolean => /^[\w:.-]{1,80}$/.test(owner);

function named(kinds: readonly ChangeKind[], relevant: Relevant): [string, Relevant][] {
  return kinds.map(({ kind }) => [kind, relevant]);
}
