// A person as one line of a result list: who they are, their numbers, where they lie.
import type { Database } from 'better-sqlite3';
import type * as z from 'zod';
import { AdmissionId, PatientId } from '../../../shared/api/ids.ts';
import type { PatientHit } from '../../../shared/api/patients.ts';
import type { StayFacts } from '../needs.ts';
import { readAddress } from './projection.ts';
import { identifiersInUse, patientsByIds } from './queries.ts';

export interface PlaceNeeds {
  openStaysOf(sql: Database, patientIds: readonly string[]): ReadonlyMap<string, StayFacts>;
  /** Patients with an open stay, in the whole center. */
  openPatientIds(sql: Database): readonly string[];
}

export type Hit = z.output<typeof PatientHit>;

/** In the order given; ids that are gone are left out. */
export function hitsOf(
  sql: Database,
  found: readonly { patientId: string; matched: Hit['matched'] }[],
  places: PlaceNeeds,
): Hit[] {
  const idList = found.map((f) => f.patientId);
  const ids = JSON.stringify(idList);
  const rows = new Map(
    patientsByIds(sql)
      .all(ids)
      .map((row) => [row.id, row]),
  );
  const numbers = Map.groupBy(identifiersInUse(sql).all(ids), (n) => n.patientId);
  const stays = places.openStaysOf(sql, idList);
  return found.flatMap(({ patientId, matched }) => {
    const row = rows.get(patientId);
    if (!row) return [];
    const stay = stays.get(patientId);
    return [
      {
        patientId: PatientId.parse(row.id),
        recordNumber: row.record_number,
        fullName: row.full_name,
        sex: row.sex,
        birthDate: row.birth_date,
        phone: row.phone,
        addressText: readAddress(row.address)?.text || null,
        identifiers: (numbers.get(patientId) ?? []).map(({ type, value }) => ({ type, value })),
        unidentified: row.unidentified === 1,
        matched,
        admission: stay
          ? {
              admissionId: AdmissionId.parse(stay.admissionId),
              wardName: stay.wardName,
              bedLabel: stay.bedLabel,
            }
          : null,
      },
    ];
  });
}
