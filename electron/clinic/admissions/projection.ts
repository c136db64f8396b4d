// Stays as tables, and the two rules that reach beyond one stay: one bed one patient, one patient one open stay.

import { admissionKinds } from '../../../shared/model/admissions.ts';
import type { Change } from '../../../shared/model/change.ts';
import { compare } from '../../../shared/model/change.ts';
import { statement } from '../../store/statement.ts';
import type { AreaModel, ConflictRow, Detector, ProjectContext, Projection } from '../../store/types.ts';
import { foldStay } from './stay.ts';

export const stayProjection: Projection = {
  subject: 'admission',
  tables: ['admission', 'admission_move', 'admission_settlement'],
  // 2: what answers to a clock that runs ahead stands after it
  version: 2,
  project(ctx, id, changes) {
    clear(ctx, id);
    const stay = foldStay(changes);
    if (!stay) return {};
    insertAdmission(ctx.sql).run({
      id,
      number: stay.number,
      patient: stay.patient,
      status: stay.status,
      careType: stay.careType,
      ward: stay.place.ward,
      bed: stay.place.bed,
      admittedAt: stay.admittedAt,
      reason: stay.reason,
      diagnosis: stay.diagnosis,
      icd: stay.icd,
      dischargedAt: stay.discharge?.at ?? null,
      dischargeType: stay.discharge?.type ?? null,
      outcome: stay.discharge?.outcome ?? null,
      dischargeDiagnosis: stay.discharge?.diagnosis ?? null,
      dischargeIcd: stay.discharge?.icd ?? null,
      advice: stay.discharge?.advice ?? null,
      destination: stay.discharge?.destination ?? null,
      admitChange: stay.admitChange,
      placeChange: stay.placeChange,
      versions: JSON.stringify(stay.versions),
    });
    for (const { written, kind, voided } of stay.moves) {
      insertMove(ctx.sql).run({
        change: written.id,
        admission: id,
        kind,
        at: written.at,
        version: written.version,
        hlc: written.change.hlc,
        wall: written.change.wall,
        author: written.change.author,
        station: written.change.station,
        ward: written.place?.ward ?? null,
        bed: written.place?.bed ?? null,
        reason: written.reason,
        voided: voided ? 1 : 0,
      });
    }
    for (const { body, change } of stay.settlements) {
      insertSettlement(ctx.sql).run({
        admission: id,
        sides: body.sides.join(','),
        kind: body.kind,
        about: body.about,
        choice: body.choice,
        decision: body.decision,
        hlc: change.hlc,
        wall: change.wall,
        author: change.author,
        reason: body.reason,
      });
    }
    return { conflicts: stay.conflicts, keys: keysOf(stay.patient, changes) };
  },
};

/** Every bed the stay ever touched, so that a bed it left is looked at again. */
function keysOf(patient: string, changes: readonly Change[]): string[] {
  const beds = changes.flatMap((c) => (typeof c.body.bed === 'string' ? [`bed:${c.body.bed}`] : []));
  return [`patient:${patient}`, ...new Set(beds)];
}

function clear(ctx: ProjectContext, id: string): void {
  deleteAdmission(ctx.sql).run(id);
  deleteMoves(ctx.sql).run(id);
  deleteSettlements(ctx.sql).run(id);
}

const deleteAdmission = statement<[string]>('DELETE FROM admission WHERE id = ?');
const deleteMoves = statement<[string]>('DELETE FROM admission_move WHERE admission_id = ?');
const deleteSettlements = statement<[string]>('DELETE FROM admission_settlement WHERE admission_id = ?');

const insertAdmission = statement<[Record<string, string | number | null>]>(`
  INSERT INTO admission (id, number, patient_id, status, care_type, ward_id, bed_id, admitted_at, reason, diagnosis,
    icd_code, discharged_at, discharge_type, outcome, discharge_diagnosis, discharge_icd, advice, destination,
    admit_change, place_change, versions)
  VALUES (@id, @number, @patient, @status, @careType, @ward, @bed, @admittedAt, @reason, @diagnosis,
    @icd, @dischargedAt, @dischargeType, @outcome, @dischargeDiagnosis, @dischargeIcd, @advice, @destination,
    @admitChange, @placeChange, @versions)`);

const insertMove = statement<[Record<string, string | number | null>]>(`
  INSERT INTO admission_move (change_id, admission_id, kind, at, version, hlc, wall, author, station, ward_id, bed_id,
    reason, voided)
  VALUES (@change, @admission, @kind, @at, @version, @hlc, @wall, @author, @station, @ward, @bed, @reason, @voided)`);

const insertSettlement = statement<[Record<string, string | number | null>]>(`
  INSERT INTO admission_settlement (admission_id, sides_key, kind, about, choice, decision, hlc, wall, author, reason)
  VALUES (@admission, @sides, @kind, @about, @choice, @decision, @hlc, @wall, @author, @reason)`);

// ── between stays ───────────────────────────────────────────────────────────

/** Two people in a bed that was not declared shared. */
export const doubleBed: Detector = {
  prefix: 'bed',
  detect(ctx, bedId) {
    const inBed = doubleBedQuery(ctx.sql).all(bedId);
    const shared = isShared(ctx.sql).get(bedId)?.shared === 1;
    const open = inBed.length > 1 && !shared ? [clashRow('double_bed', null, inBed)] : [];
    return withSettled(ctx, `bed:${bedId}`, 'double_bed', open);
  },
};

/** One patient with two open stays. */
export const twoStays: Detector = {
  prefix: 'patient',
  detect(ctx, patientId) {
    const stays = twoStaysQuery(ctx.sql).all(patientId);
    const open = stays.length > 1 ? [clashRow('two_stays', patientId, stays)] : [];
    return withSettled(ctx, `patient:${patientId}`, 'two_stays', open);
  },
};

/** `patient` and `admission` let the inbox name the person and the settling find the stay. */
export interface StaySide {
  readonly act: string;
  readonly patient: string;
  readonly admission: string;
  readonly number: string;
  readonly at: number;
  readonly ward: string | null;
  readonly bed: string | null;
}

interface StayRow extends Omit<StaySide, 'act'> {
  readonly kind: string;
  readonly change: string;
  readonly hlc: string;
  readonly wall: number;
  readonly author: string | null;
  readonly station: string;
}

const sideColumns = `
  a.patient_id AS patient, a.id AS admission, a.number, m.kind, m.at, m.ward_id AS ward, m.bed_id AS bed,
  m.change_id AS change, m.hlc, m.wall, m.author, m.station`;

export const doubleBedQuery = statement<[string], StayRow>(`
  SELECT ${sideColumns} FROM admission a JOIN admission_move m ON m.change_id = a.place_change
  WHERE a.bed_id = ? AND a.status = 'admitted'`);

export const twoStaysQuery = statement<[string], StayRow>(`
  SELECT ${sideColumns} FROM admission a JOIN admission_move m ON m.change_id = a.admit_change
  WHERE a.patient_id = ? AND a.status = 'admitted'`);

const moveQuery = statement<[string], StayRow>(`
  SELECT ${sideColumns} FROM admission_move m JOIN admission a ON a.id = m.admission_id WHERE m.change_id = ?`);

const isShared = statement<[string], { shared: number }>('SELECT shared FROM bed WHERE id = ?');

/** Who came first keeps the bed or the stay for now; the order of writing decides, equal on every store. */
function clashRow(kind: ConflictRow['kind'], patient: string | null, stays: readonly StayRow[]): ConflictRow {
  const sorted = [...stays].sort((a, b) => compare(a.hlc, b.hlc) || compare(a.change, b.change));
  return {
    kind,
    key: sorted
      .map((s) => s.change)
      .sort(compare)
      .join(','),
    patient,
    subjectKey: `conflict.${kind}`,
    sides: sorted.map((s, i) => side(s, i === 0)),
    settled: null,
  };
}

function side(s: StayRow, current: boolean): ConflictRow['sides'][number] {
  const { patient, admission, number, at, ward, bed } = s;
  const value: StaySide = { act: s.kind, patient, admission, number, at, ward, bed };
  return { choice: s.change, value, hlc: s.hlc, wall: s.wall, author: s.author, station: s.station, current };
}

/** What was settled about this bed or patient, unless the same sides collide anew. */
function withSettled(
  ctx: ProjectContext,
  about: string,
  kind: ConflictRow['kind'],
  open: readonly ConflictRow[],
): ConflictRow[] {
  const settlements = settledQuery(ctx.sql).all(about, kind);
  const latest = new Map<string, Settlement>();
  for (const s of settlements) latest.set(s.sides, s);
  const keys = new Set(open.map((r) => r.key));
  const settled = [...latest.values()]
    .filter((s) => !keys.has(s.sides))
    .flatMap((s) => settledRow(ctx, kind, about, s));
  return [...open, ...settled];
}

interface Settlement {
  readonly sides: string;
  readonly choice: string;
  readonly hlc: string;
  readonly wall: number;
  readonly author: string | null;
  readonly reason: string | null;
}

/** The same decision stands on every stay it is about; the earliest copy of the last decision speaks for it. */
export const settledQuery = statement<[string, string], Settlement>(`
  SELECT sides_key AS sides, choice, hlc, wall, author, reason FROM admission_settlement
  WHERE about = ? AND kind = ? ORDER BY decision, hlc DESC, admission_id`);

function settledRow(
  ctx: ProjectContext,
  kind: ConflictRow['kind'],
  about: string,
  s: Settlement,
): ConflictRow[] {
  const sides = s.sides.split(',').flatMap((id) => moveQuery(ctx.sql).all(id));
  if (sides.length === 0) return [];
  const patient = about.startsWith('patient:') ? about.slice('patient:'.length) : null;
  const made = clashRow(kind, patient, sides);
  const { hlc, wall, author, choice, reason } = s;
  return [
    {
      ...made,
      key: s.sides,
      sides: made.sides.map((x) => ({ ...x, current: x.choice === choice })),
      settled: { hlc, wall, author, choice, reason },
    },
  ];
}

export const model: AreaModel = {
  kinds: admissionKinds,
  projections: [stayProjection],
  detectors: [doubleBed, twoStays],
};
