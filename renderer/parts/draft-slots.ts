// Where a form's unfinished typing lies. Typing that was found and not yet answered for keeps its place: whoever types
// on without answering writes beside it, so that nothing is ever written over unseen.

/** Of the drafts of a form: the ones to be offered, in the order given, and a place that none of them has. */
export function slotsOf<D extends { readonly key: string }>(
  key: string,
  drafts: readonly D[],
): { readonly found: readonly D[]; readonly free: string } {
  const found = drafts.filter((d) => d.key === key || d.key.startsWith(`${key}~`));
  const taken = new Set(found.map((d) => d.key));
  let free = key;
  for (let n = 2; taken.has(free); n++) free = `${key}~${n}`;
  return { found, free };
}
