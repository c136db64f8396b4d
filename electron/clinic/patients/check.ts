// What of a person's data is refused. Little is: someone at the door is not sent away because a digit of their
// card is unreadable, so doubts about numbers are warnings of the page. What is refused could never be right.
import type * as z from 'zod';
import type { Demographics, Identifier, Relative } from '../../../shared/api/patients.ts';
import { codeSet } from '../../../shared/codes/code.ts';
import { ethnicGroups } from '../../../shared/codes/ethnic-groups.ts';
import { occupations } from '../../../shared/codes/occupations.ts';
import { isRealDate } from '../../../shared/identity/partial-date.ts';
import { normalisePhone } from '../../../shared/identity/phone.ts';
import { canonical } from '../../../shared/text/fold.ts';
import { vietnamDate } from '../../../shared/time/vietnam.ts';
import { numberKey } from './words.ts';

type DemographicsInput = Partial<z.output<typeof Demographics>>;
type IdentifierInput = z.output<typeof Identifier>;
type RelativeInput = Partial<z.output<typeof Relative>>;

/** Input field path → i18n key. */
export type Wrong = Record<string, string>;

export function checkDemographics(d: DemographicsInput, nowMs: number, path = 'demographics'): Wrong {
  const wrong: Wrong = {};
  const refuse = (field: keyof DemographicsInput, key: string): void => {
    wrong[`${path}.${field}`] = key;
  };
  const today = vietnamDate(nowMs);
  if (d.fullName !== undefined && !/\p{L}/u.test(d.fullName)) refuse('fullName', 'field.bad_name');
  if (d.birthDate) {
    if (!isRealDate(d.birthDate)) refuse('birthDate', 'field.bad_date');
    else if (d.birthDate > today) refuse('birthDate', 'field.date_in_future');
    // the oldest person ever reached 122
    else if (Number(d.birthDate.slice(0, 4)) < Number(today.slice(0, 4)) - 130)
      refuse('birthDate', 'field.date_too_early');
  }
  if (d.deceasedAt != null) {
    if (d.deceasedAt > nowMs) refuse('deceasedAt', 'field.date_in_future');
    else if (d.birthDate && vietnamDate(d.deceasedAt) < d.birthDate)
      refuse('deceasedAt', 'field.before_birth');
  }
  if (d.ethnicCode && !ethnicCodes.has(d.ethnicCode)) refuse('ethnicCode', 'field.unknown_code');
  // five-character codes come from other systems' exports; their first two are this list's
  if (d.occupationCode && !occupationCodes.has(d.occupationCode.slice(0, 2)))
    refuse('occupationCode', 'field.unknown_code');
  return wrong;
}

const ethnicCodes = codeSet(ethnicGroups);
const occupationCodes = codeSet(occupations);

export function checkIdentifier(n: IdentifierInput, path: string): Wrong {
  const wrong: Wrong = {};
  if (numberKey(n.value) === '') wrong[`${path}.value`] = 'field.no_number';
  if (n.validFrom && n.validTo && n.validFrom > n.validTo) wrong[`${path}.validTo`] = 'field.dates_reversed';
  return wrong;
}

/** The same number twice in one form. */
export function checkIdentifiers(numbers: readonly IdentifierInput[]): Wrong {
  const wrong: Wrong = {};
  const seen = new Set<string>();
  for (const [i, n] of numbers.entries()) {
    Object.assign(wrong, checkIdentifier(n, `identifiers.${i}`));
    const key = `${n.type} ${numberKey(n.value)}`;
    if (seen.has(key)) wrong[`identifiers.${i}.value`] = 'field.repeated';
    seen.add(key);
  }
  return wrong;
}

export function checkRelative(r: RelativeInput, path: string): Wrong {
  return r.fullName !== undefined && !/\p{L}/u.test(r.fullName)
    ? { [`${path}.fullName`]: 'field.bad_name' }
    : {};
}

export const nothingWrong = (wrong: Wrong): boolean => Object.keys(wrong).length === 0;

/** As stored: Đ, single spaces, phones in one form where they are recognised, empty text as nothing. */
export function tidyDemographics(d: DemographicsInput): DemographicsInput {
  const tidy: DemographicsInput = { ...d };
  if (d.fullName !== undefined) tidy.fullName = oneLine(d.fullName);
  if (d.phone !== undefined) tidy.phone = tidyPhone(d.phone);
  for (const field of ['nationality', 'workplace', 'occupationCode', 'ethnicCode'] as const)
    if (d[field] !== undefined) tidy[field] = d[field] || null;
  return tidy;
}

export function tidyRelative<R extends RelativeInput>(r: R): R {
  const tidy = { ...r };
  if (r.fullName !== undefined) tidy.fullName = oneLine(r.fullName);
  if (r.phone !== undefined) tidy.phone = tidyPhone(r.phone);
  for (const field of ['cccd', 'address', 'note'] as const)
    if (r[field] !== undefined) tidy[field] = r[field] || null;
  return tidy;
}

const tidyPhone = (phone: string | null): string | null =>
  phone ? (normalisePhone(phone)?.number ?? phone) : null;
const oneLine = (text: string): string => canonical(text).replace(/\s+/g, ' ').trim();
