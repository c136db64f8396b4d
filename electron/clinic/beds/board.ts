// The ward board: who lies where and who needs looking at. A fixed number of statements whatever the ward's
// size, because this is the home screen and is read again after every change.
import type { Database } from 'better-sqlite3';
import { AdmissionId, BedId, PatientId, RoomId, WardId } from '../../../shared/api/ids.ts';
import type { Output } from '../../../shared/api/index.ts';
import { dayOfStay, dayStart } from '../../../shared/time/vietnam.ts';
import type { BoardNeeds, BoardStay, Occupancy } from './needs.ts';
import { type Bed, bedsOfWard, roomsOfWard, type Ward } from './queries.ts';
import { similarNames } from './similar-names.ts';

type Board = Output<'beds.board'>;
type BoardPatient = Board['withoutBed'][number];

export function boardOf(
  sql: Database,
  ward: Ward,
  needs: BoardNeeds & Occupancy,
  view: { now: number; clinical: boolean },
): Board {
  const stays = needs.openStaysOfWard(sql, ward.wardId);
  const patients = patientsOf(sql, stays, needs, view);
  const beds = bedsOfWard(sql, ward.wardId).filter((b) => !b.retired || patients.inBed.has(b.bedId));
  const known = new Set(beds.map((b) => b.bedId));
  const rooms = roomsOfWard(sql, ward.wardId).map((room) => ({
    roomId: RoomId.parse(room.roomId),
    retired: room.retired,
    name: room.name,
    beds: beds
      .filter((b) => b.roomId === room.roomId)
      .map((b) => bedOnBoard(b, patients.inBed.get(b.bedId) ?? [])),
  }));
  const all = [...patients.inBed.values(), patients.withoutBed].flat();
  return {
    wardId: WardId.parse(ward.wardId),
    wardName: ward.name,
    rooms: rooms.flatMap(({ retired, ...room }) => (retired && room.beds.length === 0 ? [] : [room])),
    // a bed this PC has not heard of yet must not hide who lies in it
    withoutBed: [
      ...patients.withoutBed,
      ...[...patients.inBed].flatMap(([bedId, those]) => (known.has(bedId) ? [] : those)),
    ],
    counts: {
      beds: beds.filter((b) => !b.retired).length,
      free: beds.filter((b) => isFree(b, patients.inBed.get(b.bedId)?.length ?? 0)).length,
      patients: all.length,
      cleaning: beds.filter((b) => b.state === 'cleaning').length,
      overdue: all.filter((p) => p.clinical?.vitalsOverdue).length,
      urgent: all.filter((p) => isUrgent(p)).length,
    },
  };
}

/** Nobody in it and ready; a shared bed with one person is not counted as free. */
export const isFree = (bed: Bed, occupants: number): boolean =>
  bed.state === 'ready' && !bed.retired && occupants === 0;

/**
 * NEWS2 of 5 and more asks for urgent response (Royal College of Physicians 2017). A set with a sign left out that
 * reaches 5 already counts: the missing one can only add to it.
 */
const isUrgent = (p: BoardPatient): boolean => (p.clinical?.news2?.atLeast ?? 0) >= 5;

function patientsOf(
  sql: Database,
  stays: readonly BoardStay[],
  needs: BoardNeeds,
  view: { now: number; clinical: boolean },
): { inBed: Map<string, BoardPatient[]>; withoutBed: BoardPatient[] } {
  const patientIds = stays.map((s) => s.patientId);
  const identities = needs.identitiesOf(sql, patientIds);
  const alike = similarNames(new Map(patientIds.map((id) => [id, identities.get(id)?.foldedName ?? ''])));
  const inConflict = needs.patientsInConflict(sql);
  const clinicalOf = view.clinical ? clinicalFacts(sql, stays, needs, view.now) : () => null;
  const inBed = new Map<string, BoardPatient[]>();
  const withoutBed: BoardPatient[] = [];
  for (const stay of stays) {
    const who = identities.get(stay.patientId);
    const patient: BoardPatient = {
      patientId: PatientId.parse(stay.patientId),
      admissionId: AdmissionId.parse(stay.admissionId),
      fullName: who?.fullName ?? '',
      sex: who?.sex ?? '3',
      birthDate: who?.birthDate ?? null,
      recordNumber: who?.recordNumber ?? '',
      unidentified: who?.unidentified ?? true,
      dayOfStay: dayOfStay(stay.admittedAt, view.now),
      admittedAt: stay.admittedAt,
      diagnosis: view.clinical ? stay.diagnosis : null,
      clinical: clinicalOf(stay),
      similarName: alike.has(stay.patientId),
      conflict: inConflict.has(stay.patientId),
      versions: { ...stay.versions },
    };
    if (stay.bedId === null) withoutBed.push(patient);
    else inBed.set(stay.bedId, [...(inBed.get(stay.bedId) ?? []), patient]);
  }
  return { inBed, withoutBed };
}

function clinicalFacts(
  sql: Database,
  stays: readonly BoardStay[],
  needs: BoardNeeds,
  now: number,
): (stay: BoardStay) => BoardPatient['clinical'] {
  const admissionIds = stays.map((s) => s.admissionId);
  const vitals = needs.latestOf(sql, admissionIds, {
    now,
    overdueHours: needs.overdueHours(),
    admittedAt: new Map(stays.map((stay) => [stay.admissionId, stay.admittedAt])),
  });
  const allergies = needs.allergyStatusOf(
    sql,
    stays.map((s) => s.patientId),
  );
  const entries = needs.entriesSince(sql, admissionIds, dayStart(now));
  return ({ admissionId, patientId }) => {
    const latest = vitals.get(admissionId);
    const allergy = allergies.get(patientId);
    return {
      news2: latest?.news2 ?? null,
      lastVitalsAt: latest?.at ?? null,
      vitalsDueAt: latest?.dueAt ?? null,
      vitalsOverdue: latest?.overdue ?? false,
      allergyStatus: allergy?.status ?? 'not_asked',
      allergies: allergy?.items.map((i) => i.substance) ?? [],
      entryToday: (entries.get(admissionId) ?? 0) > 0,
    };
  };
}

const bedOnBoard = (bed: Bed, patients: BoardPatient[]) => ({
  bedId: BedId.parse(bed.bedId),
  name: bed.name,
  state: bed.state,
  stateReason: bed.stateReason,
  shared: bed.shared,
  patients,
});
