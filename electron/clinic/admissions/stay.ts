// Folds a stay out of all that was written about it. Pure and blind to order of arrival, so every store
// shows the same stay; acts written without knowing of each other are never lost: the later one holds for
// now and the pair becomes a conflict that a person settles.

import type { Change } from '../../../shared/model/change.ts';
import { compare } from '../../../shared/model/change.ts';
import { concurrent, concurrentTips, saw } from '../../../shared/sync/causality.ts';
import type { ConflictRow } from '../../store/types.ts';
import {
  type ActWritten,
  type DiagnosisWritten,
  type Discharge,
  type Place,
  type Reading,
  readStay,
  type SettleWritten,
  type VoidWritten,
  type Written,
} from './acts.ts';
import { clashes, type Status, transitions } from './transitions.ts';

export interface FoldedMove {
  readonly written: ActWritten;
  readonly kind: 'admit' | 'transfer' | 'bed' | 'swap' | 'discharge' | 'reopen';
  readonly voided: boolean;
}

export interface FoldedStay {
  readonly number: string;
  readonly patient: string;
  readonly careType: string;
  readonly status: Status;
  readonly place: Place;
  readonly admittedAt: number;
  readonly reason: string;
  readonly diagnosis: string | null;
  readonly icd: string | null;
  readonly discharge: Discharge | null;
  readonly admitChange: string;
  readonly placeChange: string;
  readonly versions: { status: string; place: string; diagnosis: string };
  readonly moves: readonly FoldedMove[];
  readonly settlements: readonly SettleWritten[];
  readonly conflicts: readonly ConflictRow[];
}

/** Null while the admission itself is not there. Changes must be in canonical order. */
export function foldStay(changes: readonly Change[]): FoldedStay | null {
  const read = readStay(changes);
  if (!read.admit) return null;
  const decided = latestDecisions(read.settles);
  const settledAway = new Set(decided.flatMap((d) => d.body.voids));
  const walk = walkUncontested(read, settledAway, decided);
  const { body, written } = read.admit;
  const diagnosis = walk.diagnoses.at(-1) ?? read.diagnoses[0];
  return {
    number: body.number,
    patient: body.patient,
    careType: body.careType,
    status: walk.status,
    place: walk.place,
    admittedAt: body.at,
    reason: body.reason,
    diagnosis: diagnosis?.diagnosis ?? null,
    icd: diagnosis?.icd ?? null,
    discharge: walk.discharge,
    admitChange: written.id,
    placeChange: walk.placeChange,
    versions: {
      status: walk.statusVersion,
      place: walk.placeVersion,
      diagnosis: diagnosis?.version ?? written.version,
    },
    moves: walk.moves,
    settlements: decided,
    conflicts: conflictsOf(read, walk, decided),
  };
}

/** What settling in favour of `choice` takes back: the loser, and what its branch wrote before without knowing of the choice. */
export function losingBranch(changes: readonly Change[], choice: string, loser: string): string[] {
  const read = readStay(changes);
  const all: Written[] = [...read.acts, ...read.voids];
  const won = all.find((w) => w.id === choice);
  const lost = all.find((w) => w.id === loser);
  if (!won || !lost) return [loser];
  const before = all.filter((w) => concurrent(w, won) && saw(lost, w));
  return [...before.map((w) => w.id), loser];
}

// ── walking the acts ────────────────────────────────────────────────────────

interface Walk {
  status: Status;
  statusVersion: string;
  place: Place;
  placeChange: string;
  placeVersion: string;
  discharge: Discharge | null;
  readonly live: readonly ActWritten[];
  readonly diagnoses: readonly DiagnosisWritten[];
  readonly moves: FoldedMove[];
  /** Acts that found the stay in a state they do not fit, and the act that had put it there. */
  readonly blocked: { act: ActWritten; after: ActWritten | null }[];
  /** Takings-back that do not hold because somebody had built on what they take back. */
  readonly contested: readonly VoidWritten[];
}

/**
 * A taking-back holds unless somebody, not knowing of it, acted on what it takes away: a delete never
 * swallows an edit. Such takings-back are set aside one after the other and end up as conflicts.
 */
function walkUncontested(read: Reading, settledAway: Set<string>, decided: readonly SettleWritten[]): Walk {
  const contested: VoidWritten[] = [];
  for (;;) {
    const holding = read.voids.filter((v) => !settledAway.has(v.id) && !contested.includes(v));
    const dead = new Set([...settledAway, ...holding.map((v) => v.target)]);
    const walk = walkActs(read, dead, decided, contested);
    const found = walk.blocked.flatMap(({ act }) => contesting(read, holding, act));
    if (found.length === 0) return walk;
    contested.push(...new Set(found));
  }
}

function contesting(read: Reading, holding: readonly VoidWritten[], act: ActWritten): VoidWritten[] {
  return holding.filter((v) => {
    const target = read.acts.find((a) => a.id === v.target);
    return target !== undefined && saw(act, target) && concurrent(v, act);
  });
}

function walkActs(
  read: Reading,
  dead: ReadonlySet<string>,
  decided: readonly SettleWritten[],
  contested: readonly VoidWritten[],
): Walk {
  const live = read.acts.filter((a) => !dead.has(a.id));
  const unbeds = new Map(decided.flatMap((d) => d.body.unbeds.map((id) => [id, d.version] as const)));
  const first = read.admit?.written;
  const walk: Walk = {
    status: 'voided',
    statusVersion: first?.version ?? '',
    place: first?.place ?? { ward: '', bed: null },
    placeChange: first?.id ?? '',
    placeVersion: first?.version ?? '',
    discharge: null,
    live,
    diagnoses: read.diagnoses.filter((d) => d.id === first?.id || !dead.has(d.id)),
    moves: [],
    blocked: [],
    contested,
  };
  const passed: ActWritten[] = [];
  let begun = false;
  let lastApplied: ActWritten | null = null;
  for (const act of read.acts) {
    const isDead = dead.has(act.id);
    const fits = (begun ? walk.status : null) === transitions[act.act].from;
    const overrides = begun && passed.some((a) => concurrent(a, act));
    const applies = !isDead && (fits || overrides);
    const ignored = !applies && !isDead && isGroundless(read, dead, act);
    walk.moves.push({ written: act, kind: moveKind(act, walk.place), voided: isDead || ignored });
    if (!isDead) passed.push(act);
    if (!applies) {
      if (!isDead) walk.blocked.push({ act, after: lastApplied });
      continue;
    }
    begun = true;
    lastApplied = act;
    apply(walk, act, unbeds.get(act.id) ?? null);
  }
  return walk;
}

function apply(walk: Walk, act: ActWritten, unbeddedBy: string | null): void {
  const { to } = transitions[act.act];
  if (act.act !== 'move' || walk.status !== to) walk.statusVersion = act.version;
  walk.status = to;
  walk.discharge = act.discharge;
  if (!act.place) return;
  walk.place = unbeddedBy === null ? act.place : { ...act.place, bed: null };
  walk.placeChange = act.id;
  walk.placeVersion = unbeddedBy ?? act.version;
}

const moveKind = (act: ActWritten, from: Place): FoldedMove['kind'] =>
  act.kind === 'transfer' && act.place?.ward === from.ward ? 'bed' : act.kind;

/** True when an act stands on something not there: taken back or settled away before, or not yet arrived. */
const isGroundless = (read: Reading, dead: ReadonlySet<string>, act: ActWritten): boolean =>
  act.saw.some((version) => !read.versions.has(version)) ||
  read.acts.some((a) => dead.has(a.id) && saw(act, a));

// ── conflicts ───────────────────────────────────────────────────────────────

function conflictsOf(read: Reading, walk: Walk, decided: readonly SettleWritten[]): ConflictRow[] {
  const rows = [
    ...actConflicts(read, walk),
    ...voidConflicts(read, walk),
    ...blockedConflicts(read, walk),
    ...diagnosisConflicts(read, walk),
  ];
  const settled = decided.flatMap((d) => settledRow(read, d));
  const settledKeys = new Set(settled.map((r) => r.key));
  return [...settled, ...rows.filter((r) => !settledKeys.has(r.key))].sort(
    (a, b) => compare(a.kind, b.kind) || compare(a.key, b.key),
  );
}

function actConflicts(read: Reading, walk: Walk): ConflictRow[] {
  return concurrentTips(walk.live).flatMap(([x, y]) => {
    const clash = clashes[x.act][y.act];
    if (!clash || (clash.over === 'place' && samePlace(x, y))) return [];
    if (clash.over === 'discharge' && sameDischarge(x.discharge, y.discharge)) return [];
    return [row(read, clash.kind, subjectOf[clash.kind], [x, y], y.id, by(decider(walk.live, x, y)))];
  });
}

/** A taking-back and the last act of each branch that went on without knowing of it. */
function voidConflicts(read: Reading, walk: Walk): ConflictRow[] {
  return walk.contested.flatMap((v) => {
    const target = read.acts.find((a) => a.id === v.target);
    const built = walk.live.filter((a) => target !== undefined && saw(a, target) && concurrent(a, v));
    const tips = built.filter((a) => !built.some((b) => saw(b, a)));
    return tips.map((a) =>
      row(
        read,
        'illegal_transition',
        subjectOf.illegal_transition,
        [v, a],
        a.id,
        by(decider(walk.live, v, a)),
      ),
    );
  });
}

/** What does not fit though its writer knew the whole stay: nothing here writes such a thing, but it is shown, not dropped. */
function blockedConflicts(read: Reading, walk: Walk): ConflictRow[] {
  const ignored = new Set(walk.moves.filter((m) => m.voided).map((m) => m.written.id));
  return walk.blocked
    .filter(({ act }) => !ignored.has(act.id))
    .map(({ act, after }) =>
      row(
        read,
        'illegal_transition',
        subjectOf.illegal_transition,
        after ? [after, act] : [act],
        after?.id ?? '',
        null,
      ),
    );
}

function diagnosisConflicts(read: Reading, walk: Walk): ConflictRow[] {
  return concurrentTips(walk.diagnoses).flatMap(([x, y]) => {
    if (sameDiagnosis(x, y)) return [];
    const z = decider(walk.diagnoses, x, y);
    const chosen = z && [x, y].find((side) => sameDiagnosis(side, z));
    return [row(read, 'field', 'field.admission.diagnosis', [x, y], y.id, by(z, chosen?.id, z?.reason))];
  });
}

const sameDiagnosis = (x: DiagnosisWritten, y: DiagnosisWritten): boolean =>
  x.diagnosis === y.diagnosis && x.icd === y.icd;

const by = (z: Written | null, choice?: string, reason?: string | null): ConflictRow['settled'] =>
  z && { ...stamp(z), choice: choice ?? z.id, reason: reason ?? null };

/** The first who wrote with both on screen has decided, without the inbox. */
const decider = <T extends Written>(all: readonly T[], x: Written, y: Written): T | null =>
  all.find((z) => saw(z, x) && saw(z, y)) ?? null;

function settledRow(read: Reading, d: SettleWritten): ConflictRow[] {
  if (d.body.kind === 'double_bed' || d.body.kind === 'two_stays') return [];
  const all: Written[] = [...read.acts, ...read.voids, ...read.diagnoses];
  const sides = d.body.sides.flatMap((id) => all.find((w) => w.id === id) ?? []);
  if (sides.length === 0) return [];
  const settled = by(d, d.body.choice, d.body.reason);
  return [row(read, d.body.kind, subjectOf[d.body.kind], sides, d.body.choice, settled)];
}

const subjectOf: Record<ConflictRow['kind'], string> = {
  field: 'field.admission.place',
  illegal_transition: 'conflict.illegal_transition',
  two_discharges: 'conflict.two_discharges',
  two_stays: 'conflict.two_stays',
  double_bed: 'conflict.double_bed',
};

function row(
  read: Reading,
  kind: ConflictRow['kind'],
  subjectKey: string,
  sides: readonly Written[],
  current: string,
  settled: ConflictRow['settled'],
): ConflictRow {
  return {
    kind,
    key: sides
      .map((s) => s.id)
      .sort(compare)
      .join(','),
    patient: read.admit?.body.patient ?? null,
    subjectKey,
    sides: sides.map((s) => ({
      ...stamp(s),
      choice: s.id,
      value: sideValue(read, s),
      station: s.change.station,
      current: s.id === current,
    })),
    settled,
  };
}

const stamp = (w: Written) => ({ hlc: w.change.hlc, wall: w.change.wall, author: w.change.author });

/** What the inbox puts into words; the acts of a stay by their name, place and time. */
export interface SideValue {
  readonly act: 'admit' | 'transfer' | 'swap' | 'discharge' | 'reopen' | 'void' | 'diagnose';
  readonly at: number | null;
  readonly ward: string | null;
  readonly bed: string | null;
  readonly text: string | null;
  readonly type: string | null;
  readonly outcome: string | null;
}

function sideValue(read: Reading, w: Written): SideValue {
  const nothing = { at: null, ward: null, bed: null, text: null, type: null, outcome: null };
  const act = read.acts.find((a) => a.id === w.id);
  const diagnosis = read.diagnoses.find((d) => d.id === w.id);
  if (act?.discharge) {
    const { at, type, outcome, diagnosis: text } = act.discharge;
    return { ...nothing, act: 'discharge', at, type, outcome, text };
  }
  if (act && act.kind !== 'admit')
    return {
      ...nothing,
      act: act.kind,
      at: act.at,
      ward: act.place?.ward ?? null,
      bed: act.place?.bed ?? null,
    };
  if (diagnosis)
    return {
      ...nothing,
      act: 'diagnose',
      text: [diagnosis.icd, diagnosis.diagnosis].filter(Boolean).join(' '),
    };
  const target = read.acts.find((a) => read.voids.some((v) => v.id === w.id && v.target === a.id));
  return { ...nothing, act: 'void', at: target?.at ?? null, text: null };
}

const samePlace = (x: ActWritten, y: ActWritten): boolean =>
  x.place?.ward === y.place?.ward && x.place?.bed === y.place?.bed;

const sameDischarge = (a: Discharge | null, b: Discharge | null): boolean =>
  a !== null &&
  b !== null &&
  a.at === b.at &&
  a.type === b.type &&
  a.outcome === b.outcome &&
  a.diagnosis === b.diagnosis &&
  a.icd === b.icd &&
  a.advice === b.advice &&
  a.destination === b.destination;

/** Of several decisions about the same sides the highest holds. */
function latestDecisions(settles: readonly SettleWritten[]): SettleWritten[] {
  const latest = new Map<string, SettleWritten>();
  for (const s of settles) {
    const key = s.body.sides.join(',');
    const held = latest.get(key);
    if (!held || compare(s.body.decision, held.body.decision) > 0) latest.set(key, s);
  }
  return [...latest.values()];
}
