// Old and new schools put the tone mark on different vowels (hòa, hoà). Both are right, so what was typed
// is kept; this gives one spelling of each to tell whether two names are the same but for the school.
import { canonical } from './fold.ts';

/** The spelling with the mark on the first vowel of an open oa, oe, uy: `hoà` → `hòa`; `quý` stays. */
export function normaliseTones(text: string): string {
  return canonical(text).replace(/\p{L}+/gu, moveMark);
}

/** Same letters, accents and tones, whatever school, case and spacing. */
export const readsSame = (a: string, b: string): boolean => comparable(a) === comparable(b);

const comparable = (text: string): string => normaliseTones(text).toLowerCase().replace(/\s+/g, ' ').trim();

const tones = '\u0300\u0301\u0303\u0309\u0323';
const openPair = new RegExp(`^(.*?)([oO])([aAeE])([${tones}])$|^(.*?)([uU])([yY])([${tones}])$`, 'u');

function moveMark(word: string): string {
  const match = openPair.exec(word.normalize('NFD'));
  if (!match) return word;
  const [, headO, o, ae, toneO, headU, u, y, toneU] = match;
  const head = headO ?? headU ?? '';
  // in "qu" the u belongs to the consonant
  if (/q$/i.test(head)) return word;
  // a third vowel before the pair (khuỷu, ngoéo) means the pair is not the whole rhyme
  if (/[aeiouy]$/i.test(head)) return word;
  return `${head}${o ?? u ?? ''}${toneO ?? toneU ?? ''}${ae ?? y ?? ''}`.normalize('NFC');
}
