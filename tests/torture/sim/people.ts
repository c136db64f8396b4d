// People at the simulated stations: what they do, seen from their screen, and what the oracle writes down about it.
// Before each deed the screen is compared with what the oracle says this store must show.
import { isDeepStrictEqual } from 'node:util';
import type { Random } from '../../../electron/training/random.ts';
import { randomUuid } from '../../../electron/training/random.ts';
import { type Change, type ChangeKind, versionOf } from '../../../shared/model/change.ts';
import { hlcMs } from '../../../shared/time/hlc.ts';
import { append } from './log-writes.ts';
import { shownIn } from './memory-log.ts';
import { type Action, type Deed, expectedItem, headsOf } from './oracle.ts';
import { type Bug, grew, type Place, wallOf } from './place.ts';
import {
  type Item,
  itemCount,
  itemDrop,
  itemEdit,
  itemFact,
  itemMove,
  itemNote,
  itemOf,
  itemOpen,
  itemScan,
  itemTag,
  legal,
  type MoveTo,
  newProgram,
  type OnScreen,
  oldProgram,
} from './record.ts';
import type { World } from './world.ts';

export interface Ledger {
  /** By number. */
  readonly actions: Map<number, Action>;
  /** Hash of the change → number. */
  readonly byHash: Map<string, number>;
  /** Went under with the only store that held them, or were planted: may be there, but need not. */
  readonly optional: Set<number>;
  next: number;
}

export const newLedger = (): Ledger => ({
  actions: new Map(),
  byHash: new Map(),
  optional: new Set(),
  next: 1,
});

export const programOf = (place: Place) => (place.updated ? newProgram : oldProgram);

/** One deed of one person: numbers in [0, 1) say which. */
export interface Whim {
  readonly pick: number;
  readonly deed: number;
  readonly value: number;
}

export function doSomething(
  world: World,
  ledger: Ledger,
  place: Place,
  whim: Whim,
  random: Random,
  bug: Bug | null,
): void {
  if (!place.running || place.pausedUntil > world.now() || place.deliverOnly || place.diskFull) return;
  const shown = shownIn(place.log, programOf(place));
  const screens: [string, OnScreen][] = [];
  for (const [id, changes] of [...shown].sort(([a], [b]) => (a < b ? -1 : 1))) {
    const screen = itemOf(changes);
    if (screen && !screen.item.dropped) screens.push([id, screen]);
  }
  const chosen = screens[Math.floor(whim.pick * screens.length)];
  if (!chosen || (screens.length < world.plan.items && whim.deed < 0.2)) {
    const subject = randomUuid(random.fork(`item ${ledger.next}`));
    write(
      world,
      ledger,
      place,
      subject,
      [],
      itemOpen,
      { kind: 'open', dose: whim.value, phone: whim.value },
      { dose: whim.value, phone: whim.value },
      bug,
    );
    return;
  }
  const [subject, screen] = chosen;
  const changes = shown.get(subject) ?? [];
  compareScreen(world, ledger, place, subject, changes, screen);
  const [kind, deed, body] = deedOf(screen, whim, place);
  write(world, ledger, place, subject, changes, kind, deed, body, bug);
}

function deedOf(
  screen: OnScreen,
  { deed, value }: Whim,
  place: Place,
): [ChangeKind, Deed, Record<string, unknown>] {
  const turn = Math.floor(deed * 100);
  if (turn < 30) {
    const field = turn < 22 ? 'dose' : 'phone';
    const heads = screen.heads[field];
    const settles = heads !== undefined && turn % 2 === 0;
    const saw = settles ? heads.join(',') : (screen.versions[field] ?? '');
    return [
      itemEdit,
      { kind: 'edit', field, value, settles },
      { set: { [field]: value }, saw: { [field]: saw }, drops: screen.seenDrops },
    ];
  }
  if (turn < 45) return [itemCount, { kind: 'count', delta: value + 1 }, { delta: value + 1 }];
  if (turn < 60) {
    const on = turn < 55 || !screen.added.has(value);
    return [
      itemTag,
      { kind: 'tag', element: value, on },
      { element: value, on, saw: on ? [] : (screen.added.get(value) ?? []) },
    ];
  }
  if (turn < 75) {
    const next: readonly MoveTo[] = legal[screen.item.status];
    const to = next[value % Math.max(1, next.length)];
    if (to) return [itemMove, { kind: 'move', to }, { to, saw: screen.seenMoves }];
  }
  if (turn < 78) return [itemDrop, { kind: 'drop' }, { saw: screen.seenEdits }];
  if (turn < 86) return [itemNote, { kind: 'note' }, { text: `ghi chú ${value}` }];
  if (turn < 90 && place.updated) return [itemScan, { kind: 'scan' }, { text: 'phim' }];
  return [itemFact, { kind: 'fact' }, { text: `mạch ${value}` }];
}

function write(
  world: World,
  ledger: Ledger,
  place: Place,
  subject: string,
  changes: readonly Change[],
  kind: ChangeKind,
  deed: Deed,
  body: Record<string, unknown>,
  bug: Bug | null,
): void {
  const act = ledger.next++;
  const wall = wallOf(place, world.now());
  const entry = append(
    place.log,
    wall,
    {
      lane: kind.lane,
      kind: kind.kind,
      v: 1,
      subject: { type: 'item', id: subject },
      refs: [],
      author: null,
      body: { act, ...body },
    },
    bug === 'clock behind',
  );
  const visible = new Set(changes.map((c) => Number(c.body.act)));
  const seen = changes.flatMap((c) => ledger.actions.get(Number(c.body.act)) ?? []);
  const heads = deed.kind === 'edit' ? headsOf(seen, deed.field) : [];
  const action: Action = {
    act,
    subject,
    deed,
    writer: `${entry.feed.station}.${entry.feed.incarnation}`,
    version: versionOf(entry.shown),
    visible,
    replaces: deed.kind === 'edit' ? (deed.settles ? heads : heads.slice(0, 1)).map((h) => h.act) : [],
  };
  for (const other of ledger.actions.values())
    if (other.writer !== action.writer && hlcOf(other) === hlcOf(action)) world.count('equal stamps');
  ledger.actions.set(act, action);
  ledger.byHash.set(entry.hash, act);
  for (const c of changes)
    if (entry.shown.hlc <= c.hlc && hlcMs(c.hlc) - wall <= 5 * 60_000)
      world.fail(`${place.name}: the stamp of action ${act} is behind one it had seen`);
  world.count('action');
  if (!world.around.crashes(place, 'write committed')) grew(place);
}

const hlcOf = (action: Action): string => action.version.slice(0, 16);

/** What the store shows must follow from what it holds. */
export function compareScreen(
  world: World,
  ledger: Ledger,
  place: Place,
  subject: string,
  changes: readonly Change[],
  screen: OnScreen | null,
): void {
  const acts = changes.map((c) => Number(c.body.act));
  if (new Set(acts).size !== acts.length)
    world.fail(`${place.name}: an action has its effect twice on ${subject}`);
  const expected = expectedItem(acts.flatMap((act) => ledger.actions.get(act) ?? []));
  const exact = !changes.some((c) => c.carried);
  if (isDeepStrictEqual(screen?.item ?? null, expected)) return;
  if (!exact && screen && expected && isCautious(screen.item, expected)) return;
  world.fail(
    `${place.name} shows ${JSON.stringify(screen?.item)}\nwhere the oracle has ${JSON.stringify(expected)}\nof actions ${acts.join(' ')}`,
  );
}

/**
 * Of two branches of one feed a store cannot always tell what the writer of one had seen of the other: then it may set
 * more against each other than need be, but never less, and shows the same values.
 */
function isCautious(shown: Item, expected: Item): boolean {
  const pairs = (item: Item): string[] => item.rival.map((pair) => pair.join(' '));
  return (
    isDeepStrictEqual(
      { ...shown, conflicts: {}, rival: [], contested: true, dropped: false },
      { ...expected, conflicts: {}, rival: [], contested: true, dropped: false },
    ) &&
    (expected.dropped || !shown.dropped) &&
    Object.entries(expected.conflicts).every(([field, heads]) =>
      heads.every((act) => shown.conflicts[field]?.includes(act)),
    ) &&
    pairs(expected).every((pair) => pairs(shown).includes(pair)) &&
    (shown.contested || !expected.contested)
  );
}
