// What the clerk types, as typed, and how it becomes the contract's input. Nothing is rewritten while typing:
// values are read here, on leaving a field and on saving.
import type { Input } from '../../../shared/api/index.ts';
import { readBhyt } from '../../../shared/identity/bhyt.ts';
import { checkCccd, readCccd } from '../../../shared/identity/cccd.ts';
import { normalisePhone } from '../../../shared/identity/phone.ts';
import { properName } from '../../../shared/text/names.ts';
import { vietnamDate, vietnamYear } from '../../../shared/time/vietnam.ts';
import { parseDate } from '../../parts/parse-date.ts';

export type Registration = Input<'patients.register'>;
export type Sex = '1' | '2' | '3';
/** MA_GIOI_TINH, in the order they are offered. */
export const sexes = ['1', '2', '3'] as const satisfies readonly Sex[];
export type Relation = NonNullable<Registration['relatives']>[number]['relation'];
type Identifier = NonNullable<Registration['identifiers']>[number];

export interface RelativeForm {
  readonly fullName: string;
  readonly relation: Relation;
  readonly phone: string;
  readonly isGuardian: boolean;
}

export interface RegistrationForm {
  readonly unidentified: boolean;
  readonly unidentifiedNote: string;
  readonly fullName: string;
  readonly sex: Sex | '';
  readonly birth: string;
  readonly cccd: string;
  readonly cccdIssued: string;
  readonly cmnd: string;
  readonly bhyt: string;
  readonly bhytFrom: string;
  readonly bhytTo: string;
  readonly bhytFacility: string;
  readonly phone: string;
  readonly ethnicCode: string | null;
  readonly nationality: string;
  readonly occupationCode: string | null;
  readonly workplace: string;
  readonly provinceCode: string | null;
  readonly communeCode: string | null;
  /** As the lists name them, for the address line kept with the record. */
  readonly provinceName: string;
  readonly communeName: string;
  readonly street: string;
  readonly relatives: readonly RelativeForm[];
}

export const emptyForm: RegistrationForm = {
  unidentified: false,
  unidentifiedNote: '',
  fullName: '',
  sex: '',
  birth: '',
  cccd: '',
  cccdIssued: '',
  cmnd: '',
  bhyt: '',
  bhytFrom: '',
  bhytTo: '',
  bhytFacility: '',
  phone: '',
  /** Kinh (QĐ 121-TCTK: code 01), the usual answer; changed where it isn't. */
  ethnicCode: '01',
  nationality: 'Việt Nam',
  occupationCode: null,
  workplace: '',
  provinceCode: null,
  communeCode: null,
  provinceName: '',
  communeName: '',
  street: '',
  relatives: [],
};

/** Codes are ours (shared/api/patients.ts); the page may not load the contract's schemas. */
export const relationCodes = [
  'father',
  'mother',
  'spouse',
  'child',
  'sibling',
  'grandparent',
  'grandchild',
  'guardian',
  'caregiver',
  'other',
] as const satisfies readonly Relation[];

export const emptyRelative: RelativeForm = {
  fullName: '',
  relation: 'mother',
  phone: '',
  isGuardian: false,
};

export type FormField = keyof RegistrationForm;
/** Field → i18n key. */
export type FieldNotes = Partial<Record<FormField, string>>;

/** What stops saving: only what the record cannot be made without. */
export function problems(form: RegistrationForm, now: number): FieldNotes {
  const found: FieldNotes = {};
  if (form.sex === '') found.sex = 'registration.needSex';
  if (form.unidentified) return found;
  if (form.fullName.trim() === '') found.fullName = 'registration.needName';
  if (form.birth.trim() !== '' && birthOf(form.birth, now) === null) found.birth = 'registration.badBirth';
  for (const field of ['bhytFrom', 'bhytTo', 'cccdIssued'] as const)
    if (form[field].trim() !== '' && fullDate(form[field]) === null) found[field] = 'registration.badDate';
  return found;
}

/** What a person should look at again; never blocks (numbers are replaced, cards are mistyped). */
export function warnings(form: RegistrationForm, now: number): FieldNotes {
  const found: FieldNotes = {};
  const birth = birthOf(form.birth, now);
  const cccd = spaceless(form.cccd);
  if (cccd !== '' && !readCccd(cccd)) found.cccd = 'registration.cccdOddLength';
  const doubt = checkCccd(cccd, { sex: form.sex, birthDate: birth }, vietnamYear(now))[0];
  if (doubt) found.cccd = `cccd.${doubt}`;
  if (form.bhyt.trim() !== '' && !readBhyt(form.bhyt)) found.bhyt = 'registration.bhytOdd';
  const until = fullDate(form.bhytTo);
  if (until && until < vietnamDate(now)) found.bhytTo = 'registration.bhytExpired';
  if (form.phone.trim() !== '' && !normalisePhone(form.phone)) found.phone = 'registration.phoneOdd';
  if (!form.unidentified && form.birth.trim() === '') found.birth = 'registration.birthMissing';
  if (isUnder(6, birth, now) && !hasGuardian(form.relatives)) found.relatives = 'registration.needGuardian';
  return found;
}

export function toRegistration(
  form: RegistrationForm,
  addressListVersion: string,
  notDuplicates: readonly string[],
  now: number,
): Registration {
  const birthDate = birthOf(form.birth, now);
  return {
    unidentified: form.unidentified,
    unidentifiedNote: form.unidentified ? textOrNull(form.unidentifiedNote) : null,
    demographics: {
      ...(textOrNull(form.fullName) ? { fullName: properName(form.fullName) } : {}),
      sex: form.sex === '' ? '3' : form.sex,
      birthDate,
      phone: textOrNull(form.phone),
      ethnicCode: form.unidentified ? null : form.ethnicCode,
      nationality: form.unidentified ? null : textOrNull(form.nationality),
      occupationCode: form.occupationCode,
      workplace: textOrNull(form.workplace),
      address: addressOf(form, addressListVersion),
    },
    identifiers: identifiersOf(form),
    relatives: form.relatives
      .filter((r) => r.fullName.trim() !== '')
      .map((r) => ({ ...r, fullName: properName(r.fullName), phone: textOrNull(r.phone) })),
    notDuplicates: [...notDuplicates],
  };
}

export function identifiersOf(form: RegistrationForm): Identifier[] {
  const list: Identifier[] = [];
  const cccd = spaceless(form.cccd);
  if (cccd !== '') list.push({ type: 'cccd', value: cccd, issuedOn: fullDate(form.cccdIssued) });
  const cmnd = spaceless(form.cmnd);
  if (cmnd !== '') list.push({ type: 'cmnd', value: cmnd });
  const bhyt = spaceless(form.bhyt).toUpperCase();
  if (bhyt !== '')
    list.push({
      type: 'bhyt',
      value: bhyt,
      validFrom: fullDate(form.bhytFrom),
      validTo: fullDate(form.bhytTo),
      facilityCode: textOrNull(spaceless(form.bhytFacility)),
    });
  return list;
}

export function addressOf(
  form: Pick<RegistrationForm, 'street' | 'provinceCode' | 'communeCode' | 'provinceName' | 'communeName'>,
  listVersion: string,
): Registration['demographics']['address'] {
  const street = form.street.trim();
  if (street === '' && form.provinceCode === null) return null;
  return {
    listVersion,
    provinceCode: form.provinceCode,
    communeCode: form.communeCode,
    street,
    text: [street, form.communeName, form.provinceName].filter((part) => part !== '').join(', '),
  };
}

/** A birth typed to the day, month or year; null when it is no date or lies in the future. */
export const birthOf = (typed: string, now: number): string | null =>
  parseDate(typed, { partial: true, latest: now }, now);

/** Card dates: to the day, and two digits of a year mean this century (cards run out in the future). */
export function fullDate(typed: string): string | null {
  const short = /^(\d{1,2}[/\-. ]\d{1,2}[/\-. ])(\d{2})$/.exec(typed.trim());
  return parseDate(short ? `${short[1]}20${short[2]}` : typed);
}

/** Younger than `years`; false when unknown. A birth known only to the year is compared from January. */
export function isUnder(years: number, birth: string | null, now: number): boolean {
  const [year, month = 1, day = 1] = birth?.split('-').map(Number) ?? [];
  if (year === undefined) return false;
  const birthday = [year + years, month, day].map((part) => String(part).padStart(2, '0')).join('-');
  return vietnamDate(now) < birthday;
}

export const hasGuardian = (relatives: readonly RelativeForm[]) =>
  relatives.some((r) => r.isGuardian && r.fullName.trim() !== '');

const textOrNull = (typed: string) => (typed.trim() === '' ? null : typed.trim());
const spaceless = (typed: string) => typed.replace(/[\s.]/g, '');

/** A stored draft, or null when it is not (or no longer) a registration form. */
export function formFromDraft(content: string): RegistrationForm | null {
  const draft: unknown = JSON.parse(content);
  if (typeof draft !== 'object' || draft === null) return null;
  const kept = Object.entries(draft).filter(
    ([field, value]) =>
      field in emptyForm &&
      (Array.isArray(value) ? field === 'relatives' : typeof value !== 'object' || value === null),
  );
  return { ...emptyForm, ...Object.fromEntries(kept) };
}

export const isPristine = (form: RegistrationForm): boolean =>
  JSON.stringify(form) === JSON.stringify(emptyForm);
