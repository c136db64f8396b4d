// What a scanner read: an identity card's QR, an insurance card's QR, or a bare number. A wedge scanner types
// through whatever Vietnamese input method is on, which rewrites letters (aa → â, ddd → đd); hex survives that
// and is repaired, names do not, so a card that cannot be trusted is refused with a reason to scan again.

import { canonical } from '../text/fold.ts';
import { vietnamYear } from '../time/vietnam.ts';
import { readBhyt } from './bhyt.ts';
import { decodeHexName } from './hex-name.ts';
import { parsePartialDate } from './partial-date.ts';

export type DamageReason =
  /** `Nam` or `Nữ` came out as something else: an input method was on. */
  | 'input_method'
  /** The string stopped before its end. */
  | 'cut_short'
  /** Hex that is no text even after repair. */
  | 'unreadable_text'
  /** Shaped like a card but the number in it is none. */
  | 'bad_number'
  | 'bad_date';

export type Scan =
  | {
      readonly kind: 'cccd';
      readonly cccd: string;
      readonly cmnd: string | null;
      readonly fullName: string;
      readonly sex: '1' | '2';
      /** Partial. */
      readonly birthDate: string;
      readonly address: string;
      readonly issuedOn: string | null;
      /** Cards from 07/2024 carry four more fields; their order is not published, so they are not read. */
      readonly layout: '2021' | '2024';
    }
  | {
      readonly kind: 'bhyt';
      /** 15 characters, 10 or 12 digits. */
      readonly card: string;
      readonly fullName: string;
      readonly sex: '1' | '2' | null;
      readonly birthDate: string | null;
      readonly address: string;
      /** First-registration facility, `PPFFF`. */
      readonly facilityCode: string | null;
      readonly validFrom: string | null;
      readonly validTo: string | null;
      readonly issuedOn: string | null;
      readonly agencyCode: string | null;
      readonly parentName: string | null;
      readonly livingArea: 'K1' | 'K2' | 'K3' | null;
      readonly fiveYearsFrom: string | null;
      /** True when an input method had damaged the hex and it was put back. */
      readonly repaired: boolean;
    }
  | { readonly kind: 'number'; readonly type: 'cccd' | 'cmnd' | 'bhyt' | 'record'; readonly value: string }
  /** i18n key `scan.damaged.<reason>`: says what to do, which is to scan again. */
  | { readonly kind: 'damaged'; readonly of: 'cccd' | 'bhyt'; readonly reason: DamageReason }
  | { readonly kind: 'unknown'; readonly text: string };

/** `todayYear` reads two-digit years. Never throws, whatever comes. */
export function parseScan(raw: string, todayYear: number = vietnamYear(Date.now())): Scan {
  // scanners send CR, LF, Tab, STX/ETX and group separators
  const text = canonical(raw)
    .replace(/[\p{Cc}\ufeff]+/gu, ' ')
    .trim();
  if (!text.includes('|')) return bareNumber(text);
  const fields = text.split('|').map((f) => f.trim());
  const first = fields[0] ?? '';
  if (fields.length >= 9 && couldBeInsurance(first, fields)) return insuranceCard(fields, todayYear);
  if (/^\d/.test(first)) return identityCard(fields, todayYear);
  if (/^\p{L}{2}[1-5]\d/u.test(first)) return { kind: 'damaged', of: 'bhyt', reason: 'cut_short' };
  return { kind: 'unknown', text };
}

/** Our own record numbers: year, station, incarnation letter(s), five digits or more. */
export const recordNumberShape = /^\d{4}[A-Z]{1,2}\d{5,7}$/;

function bareNumber(text: string): Scan {
  const compact = text.replace(/[\s.-]/g, '').toUpperCase();
  if (/^\d{12}$/.test(compact)) return { kind: 'number', type: 'cccd', value: compact };
  if (/^\d{9}$/.test(compact)) return { kind: 'number', type: 'cmnd', value: compact };
  if (recordNumberShape.test(compact)) return { kind: 'number', type: 'record', value: compact };
  // ten digits that start like a phone are still taken as insurance: nobody prints a barcode of a phone
  if (readBhyt(compact)) return { kind: 'number', type: 'bhyt', value: compact };
  return { kind: 'unknown', text };
}

const sexes: Readonly<Record<string, '1' | '2'>> = { nam: '1', nữ: '2' };

function identityCard(fields: readonly string[], todayYear: number): Scan {
  const damaged = (reason: DamageReason): Scan => ({ kind: 'damaged', of: 'cccd', reason });
  const [cccd = '', cmnd = '', name = '', birth = '', sex = '', address = '', issued = ''] = fields;
  if (fields.length < 7) return damaged('cut_short');
  if (!/^\d{12}$/.test(cccd) || (cmnd !== '' && !/^\d{9}$/.test(cmnd))) return damaged('bad_number');
  const sexCode = sexes[sex.toLowerCase()];
  // the only word with a known spelling: when it is wrong, the name and address may be wrong too
  if (!sexCode || !looksTyped(name)) return damaged('input_method');
  const birthDate = parsePartialDate(birth, todayYear);
  const issuedOn = issued === '' ? null : parsePartialDate(issued, todayYear);
  if (birthDate === null || (issued !== '' && issuedOn?.length !== 10)) return damaged('bad_date');
  return {
    kind: 'cccd',
    cccd,
    cmnd: cmnd === '' ? null : cmnd,
    fullName: name,
    sex: sexCode,
    birthDate,
    address,
    issuedOn,
    layout: fields.length >= 11 ? '2024' : '2021',
  };
}

/** A name holds letters and no digits or symbols; VNI leaves digits behind, Telex leaves them inside words. */
const looksTyped = (name: string): boolean => /\p{L}/u.test(name) && !/[\d|<>{}[\]\\^~=]/.test(name);

/** Twelve digits in front could be either card; the fourth field is then 1 or 2 only on insurance cards. */
const couldBeInsurance = (first: string, fields: readonly string[]): boolean =>
  readBhyt(first) !== null &&
  (/^\p{L}/u.test(first) || /^[12]$/.test(fields[3] ?? '') || fields.length >= 12);

function insuranceCard(fields: readonly string[], todayYear: number): Scan {
  const [
    card = '',
    name = '',
    birth = '',
    sex = '',
    address = '',
    facility = '',
    from = '',
    to = '',
    issued = '',
  ] = fields;
  const [agency = '', parent = '', area = '', fiveYears = ''] = fields.slice(9);
  const decodedName = decodeHexName(name);
  const decodedAddress = decodeHexName(address);
  const decodedParent = decodeHexName(blank(parent));
  if (!decodedName || !looksTyped(decodedName.text) || !decodedAddress || !decodedParent)
    return { kind: 'damaged', of: 'bhyt', reason: 'unreadable_text' };
  const date = (typed: string): string | null =>
    blank(typed) === '' ? null : parsePartialDate(typed, todayYear);
  const birthDate = date(birth);
  if (blank(birth) !== '' && birthDate === null) return { kind: 'damaged', of: 'bhyt', reason: 'bad_date' };
  const facilityCode = facility.replace(/\D/g, '');
  return {
    kind: 'bhyt',
    card: card.toUpperCase(),
    fullName: decodedName.text,
    sex: sex === '1' || sex === '2' ? sex : null,
    birthDate,
    address: decodedAddress.text,
    facilityCode: facilityCode.length === 5 ? facilityCode : null,
    validFrom: date(from),
    validTo: date(to),
    issuedOn: date(issued),
    agencyCode: blank(agency) || null,
    parentName: decodedParent.text || null,
    livingArea: area === 'K1' || area === 'K2' || area === 'K3' ? area : null,
    fiveYearsFrom: date(fiveYears),
    repaired: decodedName.repaired || decodedAddress.repaired || decodedParent.repaired,
  };
}

/** Cards print a dash for nothing. */
const blank = (field: string): string => (field === '-' ? '' : field);
