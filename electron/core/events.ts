// What the pages are told: which areas changed, that a session locked, that a scan came in.
import type { Area, EventMessage } from '../../shared/api/index.ts';

export type Listener = (client: string | null, message: EventMessage) => void;

export interface Events {
  /** `client: null` is for every page. */
  emit(client: string | null, message: EventMessage): void;
  subscribe(listener: Listener): () => void;
}

export function openEvents(): Events {
  const listeners = new Set<Listener>();
  return {
    emit(client, message) {
      for (const listener of listeners) listener(client, message);
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

/** Subject type of a change → the area whose answers it makes stale. */
const areaOfSubject: Readonly<Record<string, Area>> = {
  center: 'station',
  station: 'station',
  user: 'access',
  audit: 'access',
  vouch: 'sync',
  vouch_seen: 'sync',
  patient: 'patients',
  identifier: 'patients',
  relative: 'patients',
  admission: 'admissions',
  ward: 'beds',
  room: 'beds',
  bed: 'beds',
  observation: 'observations',
  news2_scale: 'observations',
  allergy: 'allergies',
  allergy_declaration: 'allergies',
  note: 'notes',
  task: 'tasks',
  biometric_person: 'fingerprints',
  fingerprint_unable: 'fingerprints',
  fingerprint_check: 'fingerprints',
  fingerprint_search: 'fingerprints',
  fingerprint_evidence: 'fingerprints',
  document: 'documents',
  signer: 'signing',
  signing_rules: 'signing',
};

/** Any change of the record may open or settle a conflict; which one only the store knows. */
const withoutConflicts: ReadonlySet<Area> = new Set<Area>([
  'station',
  'access',
  'tasks',
  'sync',
  'fingerprints',
  'signing',
]);

export function changedAreas(types: ReadonlySet<string>): Area[] {
  const areas = new Set([...types].flatMap((type) => areaOfSubject[type] ?? []));
  if ([...areas].some((area) => !withoutConflicts.has(area))) areas.add('conflicts');
  return [...areas];
}
