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
  return worst === 'undetermined'
    ? { tone: 'good', text: t('documents.state.signedUnproven') }
    : { tone: 'good', text: t('documents.state.signed') };
}

/** Whom it waits for: the one asked by name, else the role on the paper. */
export const waitingWords = (t: Text, step: Step): string =>
  step.kind === 'person'
    ? t('documents.waitsForPerson', { who: step.label })
    : t('documents.waitsFor', { who: step.delegatedTo ?? step.label });

function worstOf(steps: readonly Step[]): 'valid' | 'undetermined' | 'invalid' {
  const states = steps.flatMap(({ signature }) => (signature ? [signature.state] : []));
  return states.includes('invalid') ? 'invalid' : states.includes('undetermined') ? 'undetermined' : 'valid';
}
