// Editing who somebody is: which fields were changed, which of them want a reason, and the versions the screen had.
import type { Input, Output } from '../../../shared/api/index.ts';

type Demographics = Output<'patients.get'>['demographics'];
export type DemographicsSet = Input<'patients.update'>['set'];
type Field = keyof Demographics;

/** Guarded fields: a wrong value here harms; the core keeps every concurrent write of them and asks. */
const wantsReason: ReadonlySet<Field> = new Set<Field>([
  'fullName',
  'sex',
  'birthDate',
  'bloodGroup',
  'rhesus',
  'deceasedAt',
]);

export interface IdentityEdit {
  readonly set: DemographicsSet;
  readonly saw: Record<string, string>;
  readonly needsReason: boolean;
}

export function identityEdit(
  before: Demographics,
  now: Demographics,
  versions: Readonly<Record<string, string>>,
): IdentityEdit {
  const changed = fieldsOf(now).filter(
    (field) => JSON.stringify(before[field]) !== JSON.stringify(now[field]),
  );
  return {
    set: Object.fromEntries(changed.map((field) => [field, now[field]])),
    saw: Object.fromEntries(
      changed.flatMap((field) => {
        const version = versions[field];
        return version === undefined ? [] : [[field, version]];
      }),
    ),
    needsReason: changed.some((field) => wantsReason.has(field)),
  };
}

const fieldNames: Readonly<Record<Field, true>> = {
  fullName: true,
  sex: true,
  birthDate: true,
  phone: true,
  ethnicCode: true,
  nationality: true,
  occupationCode: true,
  address: true,
  workplace: true,
  bloodGroup: true,
  rhesus: true,
  pregnant: true,
  deceasedAt: true,
};

const isField = (name: string): name is Field => Object.hasOwn(fieldNames, name);
const fieldsOf = (demographics: Demographics): Field[] => Object.keys(demographics).filter(isField);
