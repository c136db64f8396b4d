// Which papers are ticked for signing. Only what was read can be, and of one paper only one step at a time: whoever may
// sign twice on it signs the second after the first.

/** Paper → step. */
export type Ticks = ReadonlyMap<string, string>;

interface Item {
  readonly document: { readonly documentId: string };
  readonly content: string;
  readonly step: string;
}

export const itemKey = ({ document, content, step }: Item): string =>
  `${document.documentId} ${content} ${step}`;

export const isTicked = (ticks: Ticks, { document, step }: Item): boolean =>
  ticks.get(document.documentId) === step;

export function toggle(ticks: Ticks, item: Item): Ticks {
  const next = new Map(ticks);
  if (isTicked(ticks, item)) next.delete(item.document.documentId);
  else next.set(item.document.documentId, item.step);
  return next;
}

/** Of what still waits, what is ticked and was read: the queue changes under the ticks. */
export const tickedOf = <I extends Item>(
  items: readonly I[],
  ticks: Ticks,
  wasRead: (item: I) => boolean,
): I[] => items.filter((item) => isTicked(ticks, item) && wasRead(item));

/** Every paper that was read, each at the first step that waits. */
export function tickAllRead<I extends Item>(items: readonly I[], wasRead: (item: I) => boolean): Ticks {
  const next = new Map<string, string>();
  for (const item of items)
    if (wasRead(item) && !next.has(item.document.documentId)) next.set(item.document.documentId, item.step);
  return next;
}
