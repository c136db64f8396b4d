// How a paper stands, in one short sentence that says what happens next.
import type { Text } from '../../i18n/index.ts';
import type { PaperHead, Step } from './paper-types.ts';

export interface StateWords {
  readonly tone: 'quiet' | 'good' | 'warn' | 'danger' | 'accent';
  readonly text: string;
}

export function stateWords(t: Text, { state, steps }: Pick<PaperHead, 'state' | 'steps'>): StateWords {
  if (state === 'void') return { tone: 'quiet', text: t('documents.state.void') };
  if (state === 'draft') return { tone: 'accent', text: t('documents.state.draft') };
  if (state === 'refused') return { tone: 'danger', text: t('documents.state.refused') };
  const worst = worstOf(steps);
  if (worst === 'invalid') return { tone: 'danger', text: t('documents.state.invalid') };
  if (state === 'signing') {
    const waiting = steps.filter((step) => step.state === 'waiting' && !step.optional);
    const next = waiting[0] ?? steps.find((step) => step.state === 'waiting');
    return { tone: 'warn', text: next ? waitingWords(t, next) : t('documents.state.signing') };
  }
  if (worst === 'undetermined') return { tone: 'warn', text: t('documents.state.signedUndetermined') };
  if (steps.some(isUnsealed)) return { tone: 'warn', text: t('documents.state.notSealed') };
  return worst === 'waits'
    ? { tone: 'good', text: t('documents.state.signedUnproven') }
    : { tone: 'good', text: t('documents.state.signed') };
}

type Proof = 'valid' | 'waits' | 'undetermined' | 'invalid';

/**
 * What comes by waiting: a line, a time-stamp, a file from another PC; and what is said of training's in any state.
 * Anything else somebody has to see to.
 */
const COMES: ReadonlySet<string> = new Set([
  'time_unproven',
  'revocation_unknown',
  'revocation_old',
  'content_missing',
  'training_certificate',
]);

/** `waits`: undetermined, and nobody can or must do anything; also while nobody has looked yet. */
export const proofOf = ({
  state,
  reasons,
}: {
  readonly state: 'valid' | 'undetermined' | 'invalid';
  readonly reasons: readonly string[];
}): Proof => (state === 'undetermined' && reasons.every((reason) => COMES.has(reason)) ? 'waits' : state);

/** Confirmed, and no signature covers the confirmation. */
const isUnsealed = ({ kind, state, signature }: Step): boolean =>
  kind === 'person' && state === 'done' && signature === null;

/** Whom it waits for: the one asked by name, else the role on the paper. */
export const waitingWords = (t: Text, step: Step): string =>
  step.kind === 'person'
    ? t('documents.waitsForPerson', { who: step.label })
    : t('documents.waitsFor', { who: step.delegatedTo ?? step.label });

function worstOf(steps: readonly Step[]): Proof {
  const proofs = steps.flatMap(({ signature }) => (signature ? [proofOf(signature)] : []));
  return badToGood.find((proof) => proofs.includes(proof)) ?? 'valid';
}
const badToGood: readonly Proof[] = ['invalid', 'undetermined', 'waits'];
