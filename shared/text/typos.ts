// How far apart two folded words are, in slips of a finger: a letter wrong, missing, too many, or two swapped.

/** Slips forgiven in a word of this length. Two letters leave no room for a slip: `an` and `anh` are both names. */
export const slipsAllowed = (length: number): number => (length < 3 ? 0 : length < 8 ? 1 : 2);

/**
 * Optimal string alignment distance (Damerau-Levenshtein without edits inside a swap), or null when more
 * than `most`. Folded words only, so a code unit is a letter.
 */
export function slipsBetween(a: string, b: string, most: number): number | null {
  if (a === b) return 0;
  if (Math.abs(a.length - b.length) > most) return null;
  let beforeLast: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    let best = i;
    for (let j = 1; j <= b.length; j++) {
      const same = a.charCodeAt(i - 1) === b.charCodeAt(j - 1);
      let cost = Math.min(at(last, j) + 1, at(row, j - 1) + 1, at(last, j - 1) + (same ? 0 : 1));
      const swapped =
        i > 1 &&
        j > 1 &&
        a.charCodeAt(i - 1) === b.charCodeAt(j - 2) &&
        a.charCodeAt(i - 2) === b.charCodeAt(j - 1);
      if (swapped) cost = Math.min(cost, at(beforeLast, j - 2) + 1);
      row.push(cost);
      if (cost < best) best = cost;
    }
    if (best > most) return null;
    beforeLast = last;
    last = row;
  }
  const slips = at(last, b.length);
  return slips <= most ? slips : null;
}

/** True when the folded words of two names pair up with at most one slipped word. */
export function namesWithinOneTypo(a: readonly string[], b: readonly string[]): boolean {
  if (a.length !== b.length) return false;
  let slipped = 0;
  for (const [i, word] of a.entries()) {
    const other = b[i] ?? '';
    if (word === other) continue;
    if (++slipped > 1) return false;
    const most = slipsAllowed(Math.min(word.length, other.length));
    if (most === 0 || slipsBetween(word, other, most) === null) return false;
  }
  return true;
}

const at = (row: readonly number[], i: number): number => row[i] ?? Number.POSITIVE_INFINITY;
