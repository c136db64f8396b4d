// Phone numbers of Vietnam and of elsewhere, in the one form they are stored and looked for.

export type PhoneKind = 'mobile' | 'landline' | 'short' | 'foreign';

/**
 * `+84 912.345.678` → `0912345678`. Null when it is no number in use: mobiles are 0[35789] and 8 digits since
 * the eleven-digit ones ended in 2018, landlines 02 and 8–9 digits, service numbers 3–4 digits or 1800/1900;
 * numbers of other countries need their +.
 */
export function normalisePhone(typed: string): { number: string; kind: PhoneKind } | null {
  const bare = typed.replace(/[\s.()\-\u2010-\u2015]/g, '');
  const number = bare.replace(/^(?:\+84|0084|84(?=\d{9,10}$))0?/, '0');
  const kind = kinds.find(([, shape]) => shape.test(number))?.[0];
  return kind ? { number, kind } : null;
}

const kinds: readonly (readonly [PhoneKind, RegExp])[] = [
  ['mobile', /^0[35789]\d{8}$/],
  ['landline', /^02\d{8,9}$/],
  ['short', /^(?:1[0-9]{2}|1[0-9]{3}|1[89]00\d{4,6})$/],
  ['foreign', /^\+(?!84)[1-9]\d{6,14}$/],
];
