// What beds ask of the areas that know people and their stays; given by core, because those areas in turn
// ask this one for wards and beds.
import type { Database } from 'better-sqlite3';
import type * as z from 'zod';
import type { News2Result } from '../../../shared/api/beds.ts';

export interface Occupancy {
  /** Bed → how many lie in it; beds with nobody are left out. */
  occupantsOf(sql: Database, bedIds: readonly string[]): ReadonlyMap<string, number>;
  occupancyOfWards(
    sql: Database,
  ): ReadonlyMap<string, { readonly patients: number; readonly beds: ReadonlySet<string> }>;
  openStaysOfWard(sql: Database, wardId: string): readonly BoardStay[];
}

export interface BoardStay {
  readonly admissionId: string;
  readonly patientId: string;
  readonly bedId: string | null;
  readonly admittedAt: number;
  readonly diagnosis: string | null;
  readonly versions: { readonly status: string; readonly place: string; readonly diagnosis: string };
}

export interface BoardNeeds {
  identitiesOf(sql: Database, patientIds: readonly string[]): ReadonlyMap<string, BoardIdentity>;
  latestOf(
    sql: Database,
    admissionIds: readonly string[],
    at: { now: number; overdueHours: number; admittedAt: ReadonlyMap<string, number> },
  ): ReadonlyMap<string, BoardVitals>;
  allergyStatusOf(sql: Database, patientIds: readonly string[]): ReadonlyMap<string, BoardAllergies>;
  /** Treatment sheet entries per stay since an instant; stays with none may be left out. */
  entriesSince(sql: Database, admissionIds: readonly string[], sinceMs: number): ReadonlyMap<string, number>;
  /** Patients with an open conflict. */
  patientsInConflict(sql: Database): ReadonlySet<string>;
  overdueHours(): number;
}

export interface BoardIdentity {
  readonly fullName: string;
  readonly foldedName: string;
  readonly sex: '1' | '2' | '3';
  readonly birthDate: string | null;
  readonly recordNumber: string;
  readonly unidentified: boolean;
}

export interface BoardVitals {
  /** Null when none were taken in this stay. */
  readonly at: number | null;
  readonly news2: z.output<typeof News2Result> | null;
  readonly dueAt: number | null;
  readonly overdue: boolean;
}

export interface BoardAllergies {
  readonly status: 'not_asked' | 'none_known' | 'has';
  readonly items: readonly { readonly substance: string }[];
}
