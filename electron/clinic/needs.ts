// What the areas of the bedside ask of patients, admissions, beds and the station; given by core.
import type { Database } from 'better-sqlite3';

export interface StayFacts {
  readonly admissionId: string;
  readonly patientId: string;
  readonly status: 'admitted' | 'discharged' | 'voided';
  readonly wardId: string;
  readonly wardName: string;
  readonly bedId: string | null;
  readonly bedLabel: string | null;
  readonly admittedAt: number;
  readonly dischargedAt: number | null;
}

export interface IdentityFacts {
  readonly fullName: string;
  readonly recordNumber: string;
  /** `1985-03-02`, `1985-03`, `1985` */
  readonly birthDate: string | null;
  readonly pregnant: boolean;
}

export interface StayNeeds {
  stayOf(sql: Database, admissionId: string): StayFacts | null;
  openStaysOfWard(sql: Database, wardId: string): readonly StayFacts[];
}

export interface VoidedStayNeeds {
  /** The stay itself first, then those voided in its favour. */
  withVoidedFor(sql: Database, admissionId: string): readonly string[];
}

export interface IdentityNeeds {
  identitiesOf(sql: Database, patientIds: readonly string[]): ReadonlyMap<string, IdentityFacts>;
}

export interface FacilityNeeds {
  /** The center's own hours between two sets of vitals, where NEWS2 says nothing. */
  overdueHours(): number;
}

export interface BedNeeds {
  /** Beds of a ward that wait to be cleaned. */
  bedsToClean(sql: Database, wardId: string): readonly { bedId: string; bedLabel: string }[];
}

export interface DraftNeeds {
  /** Inside the transaction that finishes the text, so that it is never both kept and written, nor lost. */
  dropDraft(sql: Database, userId: string, key: string): void;
}

export interface WardNeeds {
  wardsById(sql: Database): { has(wardId: string): boolean };
}
