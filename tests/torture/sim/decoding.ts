// Decoding of stored forms. Every place of a history decodes the same bytes: once is enough, because it is a pure
// function of them.
import type { Change } from '../../../shared/model/change.ts';
import { decodeChange, decodeForeign } from '../../../shared/sync/codec.ts';
import { CARRY } from '../../../shared/sync/forks.ts';
import { newProgram } from './record.ts';

const trusted = new Map<string, Change>();
const proven = new Set<string>();

/** `foreign`: also proves that these are the canonical bytes. Throws CodecError. */
export function decoded(stored: Uint8Array, hash: string, foreign: boolean): Change {
  const known = trusted.get(hash);
  if (known && (!foreign || proven.has(hash))) return known;
  const change = foreign ? decodeForeign(stored, hash, kindOf) : decodeChange(stored, hash, kindOf);
  trusted.set(hash, change);
  if (foreign) proven.add(hash);
  return change;
}

/** Between histories. */
export function forgetDecoded(): void {
  trusted.clear();
  proven.clear();
  sound.clear();
}

const sound = new Map<string, boolean>();
/** As its kind says; else it is parked for good. */
export function isSound(change: Change): boolean {
  const known = sound.get(change.hash);
  if (known !== undefined) return known;
  const kind = newProgram.find(change.kind, change.v);
  const answer =
    kind !== undefined &&
    kind.subject === change.subject.type &&
    kind.lane === change.lane &&
    kind.body.safeParse(change.body).success;
  sound.set(change.hash, answer);
  return answer;
}

/** Of the newest program, and of carriers. */
export const kindOf = (kind: string, v: number) =>
  newProgram.find(kind, v) ?? (kind === CARRY.kind ? CARRY : undefined);
