// What is said of somebody a finger may belong to. Of a relative only the name and whose relative is known: the
// patient's age and sex beside it would be taken for theirs.
import type { Output } from '../../../shared/api/index.ts';
import { age, birth } from '../../i18n/format.ts';
import type { Text } from '../../i18n/index.ts';
import { midSentence } from '../../parts/fingers/fingers.ts';

export type FoundPerson = Output<'fingerprint.search'>['candidates'][number];
type Known = Pick<
  FoundPerson,
  'kind' | 'relation' | 'patientName' | 'sex' | 'birthDate' | 'recordNumber' | 'address'
>;

/** Lines below the name. `now`: ms since 1970 UTC. */
export const whoItIs = (t: Text, person: Known, now: number): readonly string[] =>
  (person.kind === 'relative' ? ofRelative(t, person) : ofPatient(t, person, now)).filter(
    (line) => line !== '',
  );

function ofRelative(t: Text, { relation, patientName: name, recordNumber }: Known): string[] {
  return [
    relation === null || relation === 'other'
      ? t('fingerprint.someRelativeOf', { name })
      : t('fingerprint.relativeOf', { name, relation: midSentence(t, t.of(`patient.relation.${relation}`)) }),
    numbered(t, recordNumber),
  ];
}

function ofPatient(t: Text, { sex, birthDate, recordNumber, address }: Known, now: number): string[] {
  return [
    [
      sex === null ? '' : t.of(`common.sex${sex}`),
      birthDate === null ? '' : `${birth(birthDate)} (${age(t, birthDate, now)})`,
      numbered(t, recordNumber),
    ]
      .filter((part) => part !== '')
      .join(' · '),
    address ?? '',
  ];
}

/** In whose record the finger is kept: the patient's number, also of a relative. */
const numbered = (t: Text, recordNumber: string | null): string =>
  recordNumber === null ? '' : `${t('common.recordNumber')} ${recordNumber}`;
