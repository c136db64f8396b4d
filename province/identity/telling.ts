// Which changes of a center's log tell who its patients are and what a look-up answers of them. Everything of that
// travels in lane 0, so vital signs, notes and audit are never even read.

import type { Change } from '../../shared/model/change.ts';
import { CodecError, decodeForeign } from '../../shared/sync/codec.ts';
import { CARRY, carriedIn, carriesTruly } from '../../shared/sync/forks.ts';
import { sha256 } from '../bytes.ts';
import { fieldNames, flagOf } from '../log/kinds.ts';
import { accepts, type Relevant, relevantKinds } from './relevant.ts';

export type PoisonReason = 'unreadable' | 'not_understood' | 'no_patient' | 'untrue_carrier';

export interface Telling {
  /** Patient id, or `ward:<id>`. */
  readonly owner: string;
  readonly hash: Buffer;
  readonly change: Change;
  /** Of who the patient is; else of what is known of them. */
  readonly isIdentity: boolean;
}

export type Told = { readonly telling: Telling } | { readonly poison: PoisonReason };

/** Kinds to be read from the log, carriers among them. */
export const kindsRead: readonly string[] = [...relevantKinds.keys(), CARRY.kind];
/** Of these, the ones a patient's identity is made of. */
export const identityKindsRead: readonly string[] = [
  ...[...relevantKinds].filter(([, { isIdentity }]) => isIdentity).map(([kind]) => kind),
  CARRY.kind,
];

/** Null: a carrier of something else. */
export function tellingOf(stored: Uint8Array): Told | null {
  const outer = read(stored);
  if (!outer) return { poison: 'unreadable' };
  if (flagOf(outer.change) !== null) return { poison: 'not_understood' };
  const inner = carriedIn(outer.change);
  if (inner === null) return toldBy(outer);
  const carried = read(inner);
  if (!carried) return { poison: 'unreadable' };
  if (!carriesTruly(outer.change, carried.change)) return { poison: 'untrue_carrier' };
  if (!relevantKinds.has(carried.change.kind)) return null;
  return flagOf(carried.change) === null ? toldBy(carried) : { poison: 'not_understood' };
}

interface Read {
  readonly change: Change;
  readonly hash: Buffer;
}

function toldBy({ change, hash }: Read): Told | null {
  const relevant = relevantKinds.get(change.kind);
  if (!relevant) return null;
  const owner = ownerOf(change, relevant);
  return owner === null || !accepts(owner)
    ? { poison: 'no_patient' }
    : { telling: { owner, hash, change, isIdentity: relevant.isIdentity } };
}

function ownerOf({ subject, patient }: Change, { owner }: Relevant): string | null {
  if (owner === 'subject') return subject.id;
  return owner === 'ward' ? wardOwner(subject.id) : patient;
}

export const wardOwner = (wardId: string): string => `ward:${wardId}`;

function read(stored: Uint8Array): Read | null {
  const hash = sha256(stored);
  try {
    return { change: decodeForeign(stored, hash.toString('hex'), fieldNames), hash };
  } catch (error) {
    // decoders of dates and clocks throw RangeError on nonsense
    if (error instanceof CodecError || error instanceof RangeError) return null;
    throw error;
  }
}
