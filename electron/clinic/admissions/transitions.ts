// What may follow what in a stay, as data: commands refuse by it, the projection folds by it, and it says
// which two acts contradict each other when neither writer knew of the other.
import type { ErrorCode } from '../../../shared/api/errors.ts';
import type { ConflictRow } from '../../store/types.ts';

export type Status = 'admitted' | 'discharged' | 'voided';
export type Act = 'admit' | 'move' | 'discharge' | 'reopen';

/** Act → the status it needs (null: no stay yet), the one it leads to, and what to answer when it is refused. */
export const transitions: Record<Act, { from: Status | null; to: Status; refusal: ErrorCode }> = {
  admit: { from: null, to: 'admitted', refusal: 'illegal_transition' },
  move: { from: 'admitted', to: 'admitted', refusal: 'not_admitted' },
  discharge: { from: 'admitted', to: 'discharged', refusal: 'not_admitted' },
  reopen: { from: 'discharged', to: 'admitted', refusal: 'illegal_transition' },
};

/** Same-named facts decide whether a clash is one: two people who wrote the same do not contradict each other. */
interface Clash {
  readonly kind: ConflictRow['kind'];
  readonly over: 'place' | 'discharge' | 'always';
}
const placeClash: Clash = { kind: 'field', over: 'place' };
const outAndIn: Clash = { kind: 'illegal_transition', over: 'always' };

export const clashes: Record<Act, Partial<Record<Act, Clash>>> = {
  admit: {},
  move: { move: placeClash, reopen: placeClash, discharge: outAndIn },
  reopen: { move: placeClash, reopen: placeClash, discharge: outAndIn },
  discharge: {
    move: outAndIn,
    reopen: outAndIn,
    discharge: { kind: 'two_discharges', over: 'discharge' },
  },
};
