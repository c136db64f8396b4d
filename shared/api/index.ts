// The whole contract as one flat typed map, and what a shell implements to carry it.
import type * as z from 'zod';
import { access } from './access.ts';
import { admissions } from './admissions.ts';
import { allergies } from './allergies.ts';
import { beds } from './beds.ts';
import { catalogues } from './catalogues.ts';
import { conflicts } from './conflicts.ts';
import type { Result } from './contract.ts';
import { documents } from './documents.ts';
import { type CaptureNews, fingerprints } from './fingerprints.ts';
import { notes } from './notes.ts';
import { observations } from './observations.ts';
import { patients } from './patients.ts';
import { type SigningNews, signing } from './signing.ts';
import { station } from './station.ts';
import { sync } from './sync.ts';
import { tasks } from './tasks.ts';

export const contract = {
  ...station,
  ...access,
  ...catalogues,
  ...patients,
  ...admissions,
  ...beds,
  ...observations,
  ...allergies,
  ...notes,
  ...tasks,
  ...conflicts,
  ...sync,
  ...fingerprints,
  ...documents,
  ...signing,
};

export type Contract = typeof contract;
export type Method = keyof Contract;
/** What a caller writes (defaults may be left out). */
export type Input<M extends Method> = z.input<Contract[M]['input']>;
/** What a handler receives: parsed, defaults filled. */
export type ParsedInput<M extends Method> = z.output<Contract[M]['input']>;
export type Output<M extends Method> = z.output<Contract[M]['output']>;

/** Core to page. `changed` names the areas whose queries are stale; the page refetches what it shows. */
export interface Events {
  changed: { areas: readonly Area[]; patientId?: string };
  session: { reason: 'locked' | 'ended' | 'switched' };
  scan: { raw: string };
  capture: CaptureNews;
  signing: SigningNews;
}
export type Area =
  | 'station'
  | 'access'
  | 'patients'
  | 'admissions'
  | 'beds'
  | 'observations'
  | 'allergies'
  | 'notes'
  | 'tasks'
  | 'conflicts'
  | 'drafts'
  | 'sync'
  | 'fingerprints'
  | 'documents'
  | 'signing';
export type EventMessage = { [E in keyof Events]: { event: E; payload: Events[E] } }[keyof Events];

/** All that a shell gives the page. */
export interface Bridge {
  invoke<M extends Method>(method: M, input: Input<M>): Promise<Result<Output<M>>>;
  subscribe(listener: (message: EventMessage) => void): () => void;
}
