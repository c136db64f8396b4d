// The words a patient is indexed under, and the key forms numbers are looked up in.
import { compactNumber } from '../../../shared/identity/bhyt.ts';
import { fold } from '../../../shared/text/fold.ts';
import { shortName } from '../../../shared/text/names.ts';

/**
 * Folded name, year of birth, and the name as typed in a hurry behind a `0` that no word of a name begins with:
 * `nguyen van an 1985 0nvan`.
 */
export function searchWords(fullName: string, birthDate: string | null): string {
  const short = shortName(fullName);
  return [fold(fullName), birthDate?.slice(0, 4), short && `0${short}`].filter(Boolean).join(' ');
}

export const nameWords = (words: string): string[] => words.split(' ').filter((w) => !/^\d/.test(w));

/** Last digits first, so that an index finds a number by its end. */
export const backwards = (text: string): string => [...text].reverse().join('');

export const phoneTail = (phone: string | null): string | null => {
  const digits = phone === null ? '' : phone.replace(/\D/g, '');
  return digits === '' ? null : backwards(digits);
};

export const numberKey = compactNumber;
