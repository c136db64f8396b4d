// What a reason does to a verdict, and how verdicts add up: the worst wins, and nothing is valid that has not been
// looked at whole.
import type { SignatureVerdict, Verdict, VerdictReason, VerdictState } from './types.ts';

const stateOfReason: Readonly<Record<VerdictReason, VerdictState>> = {
  content_changed: 'invalid',
  signature_wrong: 'invalid',
  signature_malformed: 'invalid',
  certificate_mismatch: 'invalid',
  attribute_missing: 'invalid',
  changed_after_signing: 'invalid',
  not_whole_file: 'invalid',
  chain_wrong: 'invalid',
  certificate_malformed: 'invalid',
  not_for_signing: 'invalid',
  not_for_issuing: 'invalid',
  expired_at_signing: 'invalid',
  not_yet_valid_at_signing: 'invalid',
  revoked: 'invalid',
  algorithm_weak: 'invalid',
  time_stamp_wrong: 'invalid',
  references_unexpected: 'invalid',
  other_person: 'invalid',
  not_entitled: 'invalid',
  used_elsewhere: 'invalid',
  claim_contested: 'undetermined',
  signed_apart: 'undetermined',
  no_signature: 'undetermined',
  content_missing: 'undetermined',
  issuer_unknown: 'undetermined',
  revocation_unknown: 'undetermined',
  revocation_old: 'undetermined',
  time_unproven_expired: 'undetermined',
  algorithm_unknown: 'undetermined',
  constraint_unknown: 'undetermined',
  unreadable: 'undetermined',
  training_certificate: 'valid',
  time_unproven: 'valid',
};

const badness: Readonly<Record<VerdictState, number>> = { valid: 0, undetermined: 1, invalid: 2 };

export const worseOf = (a: VerdictState, b: VerdictState): VerdictState => (badness[b] > badness[a] ? b : a);

/** `state` is what somebody else, the judge say, has found already. */
export const stateOf = (reasons: Iterable<VerdictReason>, state: VerdictState = 'valid'): VerdictState =>
  [...reasons].reduce<VerdictState>((worst, reason) => worseOf(worst, stateOfReason[reason]), state);

/** The worst of its signatures, with each reason once; without one there is nothing to call valid. */
export function verdictOf(
  signatures: readonly SignatureVerdict[],
  more: readonly VerdictReason[] = [],
): Verdict {
  const reasons: readonly VerdictReason[] =
    signatures.length > 0 || more.length > 0 ? more : ['no_signature'];
  const all = new Set([...reasons, ...signatures.flatMap((s) => s.reasons)]);
  const state = signatures.reduce((worst, s) => worseOf(worst, s.state), stateOf(reasons));
  return {
    state: signatures.length > 0 ? state : worseOf(state, 'undetermined'),
    reasons: [...all],
    signatures,
  };
}
