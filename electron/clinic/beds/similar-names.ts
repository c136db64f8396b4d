// Who on a ward could be taken for whom: names that read alike without their accents.
// Our own rule, no circular sets one: the same letters, or one letter more, less, other or two swapped.

/** Takes key → folded name; answers the keys whose name reads like another's. */
export function similarNames(names: ReadonlyMap<string, string>): Set<string> {
  const found = new Set<string>();
  const all = [...names].filter(([, name]) => name !== '');
  for (const [i, [a, nameA]] of all.entries()) {
    for (const [b, nameB] of all.slice(i + 1)) {
      if (!readAlike(nameA, nameB)) continue;
      found.add(a);
      found.add(b);
    }
  }
  return found;
}

function readAlike(a: string, b: string): boolean {
  if (a === b) return true;
  if (Math.abs(a.length - b.length) > 1) return false;
  const short = a.length <= b.length ? a : b;
  const long = a.length <= b.length ? b : a;
  let i = 0;
  while (i < short.length && short[i] === long[i]) i++;
  const rest = (text: string, from: number) => text.slice(from);
  if (short.length < long.length) return rest(short, i) === rest(long, i + 1);
  if (rest(short, i + 1) === rest(long, i + 1)) return true;
  return short[i] === long[i + 1] && short[i + 1] === long[i] && rest(short, i + 2) === rest(long, i + 2);
}
