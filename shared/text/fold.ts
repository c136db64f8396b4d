// Makes text comparable however it was typed: with or without accents, composed or not, tone mark on
// either vowel. For finding only, never as a key: pairs of communes and of people differ by marks alone.

/** Lower case, unaccented words of letters and digits with one space between; safe on broken text. */
export function fold(text: string): string {
  return stripMarks(text)
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim();
}

export const foldedWords = (text: string): string[] => fold(text).split(' ').filter(Boolean);

/** NFC and the Vietnamese Đ (U+0110) where fonts and old programs put the Icelandic Ð (U+00D0). */
export const canonical = (text: string): string =>
  text.toWellFormed().normalize('NFC').replaceAll('Ð', 'Đ').replaceAll('ð', 'đ');

/**
 * Spellings that are read alike: a final i and y after a consonant are exchanged freely (Mỹ and Mĩ,
 * Lý and Lí, Quý and Quí). Takes and gives folded words; the first is the word itself.
 */
export function spellings(word: string): string[] {
  const match = /^(qu|[bcdghklmnprstvx]{1,2})([iy])$/.exec(word);
  if (!match) return [word];
  const [, head = '', vowel] = match;
  return [word, head + (vowel === 'i' ? 'y' : 'i')];
}

function stripMarks(text: string): string {
  return canonical(text)
    .toLowerCase()
    .replaceAll('đ', 'd')
    .normalize('NFD')
    .replace(/\p{M}+/gu, '');
}
