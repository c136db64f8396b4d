// What must be true, from the history of what people did and were told is saved. It knows who had what on the screen
// when writing (sets of action numbers), never looks at stamps to say who saw what, and shares no merge code.
import { type Item, type ItemStatus, legal, type MoveTo } from './record.ts';

export type Deed =
  | { readonly kind: 'open'; readonly dose: number; readonly phone: number }
  | { readonly kind: 'edit'; readonly field: string; readonly value: number; readonly settles: boolean }
  | { readonly kind: 'tag'; readonly element: number; readonly on: boolean }
  | { readonly kind: 'count'; readonly delta: number }
  | { readonly kind: 'fact' | 'note' | 'scan' }
  | { readonly kind: 'move'; readonly to: MoveTo }
  | { readonly kind: 'drop' };

export interface Action {
  readonly act: number;
  readonly subject: string;
  readonly deed: Deed;
  /** `<station>.<incarnation>`: has always seen what it wrote before itself, as far as its store still had it. */
  readonly writer: string;
  /** `<hlc>-<station>.<incarnation>` the store gave it: the order among writes that did not see each other. */
  readonly version: string;
  /** Actions on this subject that the writer's store showed just before. */
  readonly visible: ReadonlySet<number>;
  /** Of an edit: the writes it took the place of. */
  readonly replaces: readonly number[];
}

/** What a store that holds exactly these actions on one item must show; null when the item was never opened. */
export function expectedItem(actions: readonly Action[]): Item | null {
  const of = <K extends Deed['kind']>(kind: K): (Action & { deed: Extract<Deed, { kind: K }> })[] =>
    actions.filter((a): a is Action & { deed: Extract<Deed, { kind: K }> } => a.deed.kind === kind);
  if (of('open').length === 0) return null;
  const fields: Record<string, number> = {};
  const conflicts: Record<string, number[]> = {};
  for (const field of ['dose', 'phone']) {
    const heads = headsOf(actions, field);
    const winner = heads[0];
    if (!winner) continue;
    fields[field] = written(winner, field);
    if (field === 'dose' && heads.some((h) => written(h, field) !== fields[field]))
      conflicts[field] = ascending(heads.map((h) => h.act));
  }
  const moves = of('move').sort(byVersion);
  let status: ItemStatus = 'new';
  const illegal: number[] = [];
  for (const { act, deed } of moves) {
    if (legal[status].includes(deed.to)) status = deed.to;
    else illegal.push(act);
  }
  const removed = new Set(
    of('tag')
      .filter((t) => !t.deed.on)
      .flatMap((t) =>
        of('tag').filter((a) => a.deed.on && a.deed.element === t.deed.element && t.visible.has(a.act)),
      )
      .map((a) => a.act),
  );
  const tags = new Set(
    of('tag')
      .filter((t) => t.deed.on && !removed.has(t.act))
      .map((t) => t.deed.element),
  );
  const edits = of('edit');
  return {
    fields,
    conflicts,
    count: of('count').reduce((sum, a) => sum + a.deed.delta, 0),
    facts: ascending([...of('fact'), ...of('scan')].map((a) => a.act)),
    notes: ascending(of('note').map((a) => a.act)),
    tags: ascending([...tags]),
    status,
    illegal: ascending(illegal),
    rival: rivals(moves),
    dropped: of('drop').some((d) => edits.every((e) => d.visible.has(e.act))),
    contested: of('drop').some((d) => edits.some((e) => apart(d, e))),
  };
}

/** Latest first. */
export function headsOf(actions: readonly Action[], field: string): Action[] {
  const writes = actions.filter((a) => writesTo(a, field));
  const replaced = new Set(writes.flatMap((w) => w.replaces));
  return writes
    .filter(
      (w) =>
        !replaced.has(w.act) &&
        !writes.some((later) => later.writer === w.writer && later.visible.has(w.act)),
    )
    .sort(byVersion)
    .reverse();
}

function rivals(moves: readonly Action[]): [number, number][] {
  const pairs: [number, number][] = [];
  for (const a of moves)
    for (const b of moves) {
      if (a.act >= b.act || !apart(a, b)) continue;
      const later = moves.some(
        (c) => (c.visible.has(a.act) && apart(c, b)) || (c.visible.has(b.act) && apart(c, a)),
      );
      if (!later) pairs.push([a.act, b.act]);
    }
  return pairs.sort(([a, b], [c, d]) => a - c || b - d);
}

/** Written without either having seen the other. */
const apart = (a: Action, b: Action): boolean =>
  a.act !== b.act && !a.visible.has(b.act) && !b.visible.has(a.act);

const writesTo = (a: Action, field: string): boolean =>
  a.deed.kind === 'open' || (a.deed.kind === 'edit' && a.deed.field === field);

const written = (a: Action, field: string): number =>
  a.deed.kind === 'edit'
    ? a.deed.value
    : a.deed.kind === 'open'
      ? field === 'dose'
        ? a.deed.dose
        : a.deed.phone
      : 0;

const byVersion = (a: Action, b: Action): number =>
  a.version < b.version ? -1 : a.version > b.version ? 1 : a.act - b.act;
const ascending = (numbers: readonly number[]): number[] => [...numbers].sort((a, b) => a - b);
