// Names on insurance cards are hex of UTF-8, on some of UTF-16 (little end first), on some plain text.
// A Telex input method turns pairs of hex letters into one Vietnamese letter; that is undone first.

/** Null when it is hex of nothing readable. Empty text stays empty. */
export function decodeHexName(field: string): { text: string; repaired: boolean } | null {
  const undone = undoTelex(field);
  const isHex = undone.length > 0 && undone.length % 2 === 0 && /^[0-9a-f]+$/i.test(undone);
  // a short plain word can be hex by chance (`Ba`, `Đạc`): real hex of a name has digits in it
  if (!isHex || !/\d/.test(undone)) {
    return /^[0-9a-fâêôđăơư]{8,}$/i.test(field) && /\d/.test(field)
      ? null
      : { text: clean(field), repaired: false };
  }
  const bytes = Uint8Array.from(undone.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
  const text = readable(decode(bytes, 'utf-8')) ?? readable(decode(bytes, 'utf-16le'));
  return text === null ? null : { text, repaired: undone !== field };
}

/** Letters that Telex makes of hex pairs; it also drops tone marks on them for the keys f, s, r, x, j, of which hex has f. */
const telexPairs: readonly (readonly [RegExp, string])[] = [
  [/â/gi, 'aa'],
  [/ê/gi, 'ee'],
  [/đ/gi, 'dd'],
];

function undoTelex(field: string): string {
  // `f` is the falling tone: it moves onto an earlier vowel, so it can only be put back where it stood alone
  return telexPairs.reduce((text, [made, keys]) => text.replace(made, keys), field.normalize('NFC'));
}

function decode(bytes: Uint8Array, encoding: 'utf-8' | 'utf-16le'): string | null {
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(bytes);
  } catch {
    return null;
  }
}

/** Letters of Latin script, digits and the punctuation of names and addresses; anything else was not this encoding. */
function readable(text: string | null): string | null {
  if (text === null) return null;
  const tidy = clean(text);
  return tidy !== '' && /^[\p{Script=Latin}\p{M}\d\s.,;:'’()/\-–&+#"]+$/u.test(tidy) ? tidy : null;
}

const clean = (text: string): string =>
  text.normalize('NFC').replaceAll('Ð', 'Đ').replaceAll('\u0000', '').replace(/\s+/g, ' ').trim();
