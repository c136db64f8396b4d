// Health insurance numbers: cards of fifteen characters, newer ones of the last ten digits only, and the
// personal number in their stead. One box takes all three.

export type BhytNumber =
  | {
      readonly form: 'card';
      readonly objectCode: string;
      readonly benefit: string;
      readonly provinceCode: string;
      readonly insuranceNumber: string;
      readonly newborn: boolean;
    }
  | { readonly form: 'insurance_number'; readonly insuranceNumber: string }
  | { readonly form: 'cccd'; readonly cccd: string };

/** Spaces and dashes may stand between groups, letters in any case; null when it is none of the three. */
export function readBhyt(typed: string): BhytNumber | null {
  const number = compactNumber(typed);
  if (/^\d{12}$/.test(number)) return { form: 'cccd', cccd: number };
  if (/^\d{10}$/.test(number)) return { form: 'insurance_number', insuranceNumber: number };
  const card = /^([A-Z]{2})([1-5])(\d{2})(\d{10})$/.exec(number);
  if (!card) return null;
  const [, objectCode = '', benefit = '', provinceCode = '', insuranceNumber = ''] = card;
  return {
    form: 'card',
    objectCode,
    benefit,
    provinceCode,
    insuranceNumber,
    newborn: objectCode === 'TE' && benefit === '1',
  };
}

/** What two cards of one person share whatever is printed: ten digits, or twelve when only the personal number is known. */
export function bhytKey(typed: string): string | null {
  const read = readBhyt(typed);
  if (!read) return null;
  return read.form === 'cccd' ? read.cccd : read.insuranceNumber;
}

/** Army, police and cryptography cards are checked on paper: the portal answers 001 or 002 for them. */
export const paperCheckedObjects = ['QN', 'CY', 'CA', 'HC', 'LS', 'XK'] as const;

/** Letters and digits only, upper case: the form numbers are compared in. */
export const compactNumber = (typed: string): string =>
  typed
    .normalize('NFKC')
    .toUpperCase()
    .replace(/[^\p{L}\p{N}]/gu, '');
