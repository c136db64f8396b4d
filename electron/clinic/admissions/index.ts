// Stays: the one door of this area.

import { CareType, DischargeType, Outcome } from '../../../shared/api/admissions.ts';
import { fail, ok, type Result } from '../../../shared/api/contract.ts';
import { AdmissionId, BedId, PatientId, WardId } from '../../../shared/api/ids.ts';
import type { Output } from '../../../shared/api/index.ts';
import type { Context, Deps, HandlersOf } from '../../store/room.ts';
import type { Tx } from '../../store/types.ts';
import { bedsById, undoableWrite, wardsById } from '../beds/index.ts';
import {
  admit,
  type CommandNeeds,
  type Done,
  discharge,
  reopen,
  swapBeds,
  takeBack,
  transfer,
  updateDiagnosis,
} from './commands.ts';
import { movesOf, type Stay, stayOf, staysOfPatient } from './queries.ts';

export { admissionDiagnosis } from './acts.ts';
export { model } from './projection.ts';
export {
  bedClashes,
  movesOf,
  occupancyOfWards,
  occupantsOf,
  openPatientIds,
  openStaysOf,
  openStaysOfWard,
  type Stay,
  type StoredMove,
  stayOf,
  staysOfPatient,
  withVoidedFor,
} from './queries.ts';
export { settle } from './settle.ts';

type Methods =
  | 'admissions.admit'
  | 'admissions.transfer'
  | 'admissions.swapBeds'
  | 'admissions.discharge'
  | 'admissions.reopen'
  | 'admissions.updateDiagnosis'
  | 'admissions.get'
  | 'admissions.ofPatient';

export function handlers(deps: Deps & CommandNeeds): HandlersOf<Methods> {
  const { store } = deps;

  const run = <D extends Done>(ctx: Context, work: (tx: Tx) => Result<D>) =>
    undoableWrite(store, ctx, work, (done, tx) => takeBack(tx, done, deps));
  const undoOf = (ran: Result<{ undo: string }>): Result<{ undo: string }> =>
    ran.ok ? ok({ undo: ran.value.undo }) : ran;

  return {
    'admissions.admit'(input, ctx) {
      const ran = run(ctx, (tx) => admit(tx, input, ctx, deps));
      if (!ran.ok) return ran;
      const { done, undo } = ran.value;
      return ok({
        admissionId: AdmissionId.parse(done.admissionId),
        admissionNumber: done.admissionNumber,
        undo,
      });
    },
    'admissions.transfer': (input, ctx) => undoOf(run(ctx, (tx) => transfer(tx, input, ctx, deps))),
    'admissions.swapBeds': (input, ctx) => undoOf(run(ctx, (tx) => swapBeds(tx, input, ctx, deps))),
    'admissions.discharge': (input, ctx) => undoOf(run(ctx, (tx) => discharge(tx, input, ctx, deps))),
    'admissions.reopen': (input, ctx) => undoOf(run(ctx, (tx) => reopen(tx, input, ctx, deps))),
    'admissions.updateDiagnosis': (input, ctx) =>
      undoOf(run(ctx, (tx) => updateDiagnosis(tx, input, ctx, deps))),

    'admissions.get'({ admissionId }) {
      const stay = stayOf(store.sql, admissionId);
      return stay ? ok(admissionOf(deps, stay)) : fail('not_found');
    },
    'admissions.ofPatient'({ patientId }) {
      return ok(
        staysOfPatient(store.sql, patientId).map((stay) => ({
          admissionId: AdmissionId.parse(stay.admissionId),
          admissionNumber: stay.admissionNumber,
          status: stay.status,
          wardName: stay.wardName,
          bedName: stay.bedName,
          admittedAt: stay.admittedAt,
          dischargedAt: stay.dischargedAt,
        })),
      );
    },
  };
}

function admissionOf({ store, people }: Deps, stay: Stay): Output<'admissions.get'> {
  const moves = movesOf(store.sql, stay.admissionId);
  const wards = wardsById(store.sql);
  const beds = bedsById(
    store.sql,
    moves.flatMap((m) => m.bedId ?? []),
  );
  return {
    admissionId: AdmissionId.parse(stay.admissionId),
    patientId: PatientId.parse(stay.patientId),
    admissionNumber: stay.admissionNumber,
    status: stay.status,
    careType: CareType.parse(stay.careType),
    wardId: WardId.parse(stay.wardId),
    wardName: stay.wardName,
    bedId: stay.bedId === null ? null : BedId.parse(stay.bedId),
    bedName: stay.bedName,
    admittedAt: stay.admittedAt,
    reason: stay.reason,
    diagnosis: stay.diagnosis,
    icdCode: stay.icdCode,
    dischargedAt: stay.dischargedAt,
    dischargeType: stay.dischargeType === null ? null : DischargeType.parse(stay.dischargeType),
    outcome: stay.outcome === null ? null : Outcome.parse(stay.outcome),
    dischargeDiagnosis: stay.dischargeDiagnosis,
    dischargeIcd: stay.dischargeIcd,
    advice: stay.advice,
    destination: stay.destination,
    moves: moves.map((m) => ({
      id: m.changeId,
      kind: m.kind,
      at: m.at,
      writtenAt: m.wall,
      by: people.nameOf(m.author),
      wardName: m.wardId === null ? null : (wards.get(m.wardId)?.name ?? null),
      bedName: m.bedId === null ? null : (beds.get(m.bedId)?.name ?? null),
      reason: m.reason,
      voided: m.voided,
    })),
    versions: { ...stay.versions },
  };
}
