// The record the simulated stations keep: small, but with every way of merging the real one has, built on the real
// merge and causality rules. A subject's state is a pure function of the set of its changes.
import * as z from 'zod';
import { type Change, canonicalOrder, defineKind, versionOf } from '../../../shared/model/change.ts';
import { type KindRegistry, kindRegistry } from '../../../shared/model/registry.ts';
import { concurrent, concurrentTips, type Stamped, saw, seenOf } from '../../../shared/sync/causality.ts';
import { mergeWrites, type Write } from '../../../shared/sync/merge.ts';

/** Number of the user action that wrote the change: what the oracle knows it by. */
const act = z.int().min(0);
const seen = z.array(z.string());

export const itemOpen = defineKind('item.open', {
  lane: 0,
  subject: 'item',
  creates: true,
  body: z.object({ act, dose: z.int(), phone: z.int() }),
});
/** Dose is guarded, phone is plain. */
export const itemEdit = defineKind('item.edit', {
  lane: 0,
  subject: 'item',
  body: z.object({
    act,
    set: z.record(z.string(), z.int()),
    saw: z.record(z.string(), z.string()),
    /** Whoever goes on editing what was dropped and is contested has seen that. */
    drops: seen,
  }),
});
export const itemTag = defineKind('item.tag', {
  lane: 0,
  subject: 'item',
  body: z.object({ act, element: z.int(), on: z.boolean(), saw: seen }),
});
export const itemCount = defineKind('item.count', {
  lane: 1,
  subject: 'item',
  body: z.object({ act, delta: z.int() }),
});
export const itemFact = defineKind('item.fact', {
  lane: 1,
  subject: 'item',
  body: z.object({ act, text: z.string().max(200_000) }),
});
export const itemMove = defineKind('item.move', {
  lane: 1,
  subject: 'item',
  body: z.object({ act, to: z.enum(['active', 'paused', 'done']), saw: seen }),
});
/** In the lane of what it may stand against: two copies of a station that each write in one lane only fork nowhere. */
export const itemDrop = defineKind('item.drop', {
  lane: 0,
  subject: 'item',
  body: z.object({ act, saw: seen }),
});
export const itemNote = defineKind('item.note', {
  lane: 2,
  subject: 'item',
  body: z.object({ act, text: z.string().max(200_000) }),
});
/** Stations that were not updated yet do not know it. */
export const itemScan = defineKind('item.scan', {
  lane: 1,
  subject: 'item',
  body: z.object({ act, text: z.string() }),
});

const oldKinds = [itemOpen, itemEdit, itemTag, itemCount, itemFact, itemMove, itemDrop, itemNote];
export const oldProgram: KindRegistry = kindRegistry(oldKinds);
export const newProgram: KindRegistry = kindRegistry([...oldKinds, itemScan]);

export type MoveTo = z.output<typeof itemMove.body>['to'];
export type ItemStatus = 'new' | MoveTo;
/** From → to. `done` is the end. */
export const legal: Readonly<Record<ItemStatus, readonly MoveTo[]>> = {
  new: ['active'],
  active: ['paused', 'done'],
  paused: ['active', 'done'],
  done: [],
};

/** What a screen shows of an item. Lists of action numbers ascend. */
export interface Item {
  readonly fields: Readonly<Record<string, number>>;
  /** Guarded field → actions whose values stand against each other. */
  readonly conflicts: Readonly<Record<string, readonly number[]>>;
  readonly count: number;
  readonly facts: readonly number[];
  readonly notes: readonly number[];
  readonly tags: readonly number[];
  readonly status: ItemStatus;
  readonly illegal: readonly number[];
  /** Moves made without seeing each other. */
  readonly rival: readonly (readonly [number, number])[];
  readonly dropped: boolean;
  /** Dropped while somebody else went on editing. */
  readonly contested: boolean;
}

/** What goes to the screen beside the item and comes back with the next write. */
export interface OnScreen {
  readonly item: Item;
  /** Field → version shown. */
  readonly versions: Readonly<Record<string, string>>;
  /** Field → versions of all values in conflict. */
  readonly heads: Readonly<Record<string, readonly string[]>>;
  /** Element → versions of its additions. */
  readonly added: ReadonlyMap<number, readonly string[]>;
  readonly seenMoves: readonly string[];
  readonly seenEdits: readonly string[];
  readonly seenDrops: readonly string[];
}

/** `changes`: of one item, shown ones only, each once. Null until it was opened. */
export function itemOf(changes: readonly Change[]): OnScreen | null {
  const ordered = [...changes].sort(canonicalOrder);
  const sorted: { [K in keyof typeof bodies]: [Change, z.output<(typeof bodies)[K]>][] } = {
    open: [],
    edit: [],
    tag: [],
    count: [],
    fact: [],
    move: [],
    drop: [],
    note: [],
    scan: [],
  };
  for (const change of ordered) {
    const name = change.kind.slice('item.'.length) as keyof typeof bodies;
    sorted[name]?.push([change, change.body as never]);
  }
  if (sorted.open.length === 0) return null;
  const writes = [
    ...sorted.open.map(([c, b]) => writeOf(c, { dose: b.dose, phone: b.phone }, {})),
    ...sorted.edit.map(([c, b]) => writeOf(c, b.set, b.saw)),
  ];
  const merged = mergeWrites(writes, (field) => (field === 'dose' ? 'guarded' : 'plain'));
  const acts = new Map(ordered.map((c) => [changeKey(c), Number(c.body.act)]));
  const actOf = (w: Write): number => acts.get(w.changeId) ?? -1;

  const added = new Map<number, string[]>();
  const taken = new Set(sorted.tag.flatMap(([, b]) => (b.on ? [] : b.saw)));
  for (const [c, b] of sorted.tag)
    if (b.on && !taken.has(versionOf(c)))
      added.set(b.element, [...(added.get(b.element) ?? []), versionOf(c)]);

  let status: ItemStatus = 'new';
  const illegal: number[] = [];
  for (const [, b] of sorted.move) {
    if (legal[status].includes(b.to)) status = b.to;
    else illegal.push(b.act);
  }
  const moves = sorted.move.map(([c, b]) => ({ act: b.act, version: versionOf(c), saw: b.saw }));
  const edits: Stamped[] = sorted.edit.map(([c, b]) => ({ version: versionOf(c), saw: b.drops }));
  const drops: Stamped[] = sorted.drop.map(([c, b]) => ({ version: versionOf(c), saw: b.saw }));

  return {
    item: {
      fields: merged.values as Record<string, number>,
      conflicts: Object.fromEntries(
        merged.conflicts.map(({ field, heads }) => [field, ascending(heads.map(actOf))]),
      ),
      count: sorted.count.reduce((sum, [, b]) => sum + b.delta, 0),
      facts: ascending([...sorted.fact, ...sorted.scan].map(([, b]) => b.act)),
      notes: ascending(sorted.note.map(([, b]) => b.act)),
      tags: ascending([...added.keys()]),
      status,
      illegal: ascending(illegal),
      rival: concurrentTips(moves)
        .map(([a, b]) => [Math.min(a.act, b.act), Math.max(a.act, b.act)] as const)
        .sort(([a, b], [c, d]) => a - c || b - d),
      dropped: drops.some((d) => edits.every((e) => saw(d, e))),
      contested: drops.some((d) => edits.some((e) => concurrent(d, e))),
    },
    versions: merged.versions,
    heads: Object.fromEntries(
      merged.conflicts.map(({ field, heads }) => [field, heads.map((h) => h.version)]),
    ),
    added,
    seenMoves: seenOf(moves.map((m) => m.version)),
    seenDrops: seenOf(drops.map((d) => d.version)),
    seenEdits: seenOf([...sorted.open, ...sorted.edit].map(([c]) => versionOf(c))),
  };
}

const bodies = {
  open: itemOpen.body,
  edit: itemEdit.body,
  tag: itemTag.body,
  count: itemCount.body,
  fact: itemFact.body,
  move: itemMove.body,
  drop: itemDrop.body,
  note: itemNote.body,
  scan: itemScan.body,
} as const;

const ascending = (numbers: readonly number[]): number[] => [...numbers].sort((a, b) => a - b);

/** By hash: two branches of a feed have different changes under one number. */
const changeKey = (c: Change): string => c.hash;

const writeOf = (
  change: Change,
  values: Readonly<Record<string, number>>,
  sawFields: Readonly<Record<string, string>>,
): Write => ({
  version: versionOf(change),
  changeId: changeKey(change),
  writer: `${change.station}.${change.incarnation}`,
  values,
  saw: sawFields,
});
