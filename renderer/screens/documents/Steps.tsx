// Who signs this paper, one under the other in their order: done by whom and when, waiting for whom, how the signature
// stands and why. What this person can do at a step stands at the step.
import { Button } from '@mantine/core';
import { useState } from 'react';
import { useSession } from '../../app/session.tsx';
import { moment, shortMoment } from '../../i18n/format.ts';
import { useText } from '../../i18n/index.ts';
import { Tag } from '../../parts/Tag.tsx';
import { CheckNow } from '../signing/CheckNow.tsx';
import { DelegateDialog, RefuseDialog } from '../signing/HandOver.tsx';
import type { QueueItem } from '../signing/signing-types.ts';
import { ConfirmFinger } from './ConfirmFinger.tsx';
import { ConfirmOnPaper } from './ConfirmOnPaper.tsx';
import styles from './Documents.module.css';
import type { Paper, Step } from './paper-types.ts';
import { proofOf } from './state-words.ts';

type Asking = { readonly what: 'finger' | 'paper' | 'refuse' | 'delegate'; readonly step: Step } | null;

interface Props {
  readonly paper: Paper;
  /** What waits for this person on it. */
  readonly mine: readonly QueueItem[];
  /** All pages were on the screen. */
  readonly read: boolean;
  readonly onSign: (item: QueueItem) => void;
  /** Null when this person does not write such papers. */
  readonly onEdit: (() => void) | null;
}

export function Steps({ paper, mine, read, onSign, onEdit }: Props) {
  const t = useText();
  const { can } = useSession();
  const [asking, setAsking] = useState<Asking>(null);
  const { content } = paper;
  const stands = content !== null && paper.state !== 'void';
  const close = () => setAsking(null);
  const mineAt = ({ step }: Step) => mine.find((item) => item.step === step);
  const asked = asking && mineAt(asking.step);
  return (
    <section className={styles.panel} aria-label={t('documents.steps')}>
      <h3>{t('documents.steps')}</h3>
      <ol className={styles.steps}>
        {paper.steps.map((step) => (
          <li key={step.step} data-state={step.state}>
            <StepLine step={step} />
            {stands && step.state === 'waiting' && step.kind === 'person' && can('notes.write') && (
              <div className={styles.buttons}>
                <Button disabled={!read} onClick={() => setAsking({ what: 'finger', step })}>
                  {t('documents.byFinger')}
                </Button>
                <Button variant="default" disabled={!read} onClick={() => setAsking({ what: 'paper', step })}>
                  {t('documents.onPaper')}
                </Button>
              </div>
            )}
            {stands && step.state === 'waiting' && mineAt(step) && (
              <div className={styles.buttons}>
                <Button
                  variant="default"
                  disabled={!read}
                  onClick={() => {
                    const item = mineAt(step);
                    if (item) onSign(item);
                  }}
                >
                  {t('signing.signHere')}
                </Button>
                <Button variant="default" onClick={() => setAsking({ what: 'refuse', step })}>
                  {t('signing.refuse')}
                </Button>
                <Button variant="default" onClick={() => setAsking({ what: 'delegate', step })}>
                  {t('signing.delegate')}
                </Button>
              </div>
            )}
            {paper.state === 'refused' && step.state === 'refused' && onEdit && (
              <div className={styles.buttons}>
                <Button onClick={onEdit}>{t('documents.correct')}</Button>
              </div>
            )}
          </li>
        ))}
      </ol>
      {paper.steps.some(({ signature }) => signature !== null) && <CheckNow documentId={paper.documentId} />}
      {asking && content !== null && asking.what === 'finger' && (
        <ConfirmFinger paper={paper} content={content} step={asking.step} onClose={close} />
      )}
      {asking && content !== null && asking.what === 'paper' && (
        <ConfirmOnPaper paper={paper} content={content} step={asking.step} onClose={close} />
      )}
      {asking?.what === 'refuse' && asked && <RefuseDialog item={asked} onClose={close} />}
      {asking?.what === 'delegate' && asked && <DelegateDialog item={asked} onClose={close} />}
    </section>
  );
}

const signs: Readonly<Record<Step['state'], string>> = {
  done: '✓',
  waiting: '▲',
  later: '○',
  refused: '✕',
};

function StepLine({ step }: { readonly step: Step }) {
  const t = useText();
  return (
    <>
      <div className={styles.stepHead}>
        <span aria-hidden="true">{signs[step.state]}</span>
        <span>
          <b>{step.label}</b>{' '}
          {step.optional && step.state !== 'done' && (
            <span className={styles.quiet}>{t('documents.optionalStep')}</span>
          )}
        </span>
      </div>
      {step.state === 'done' && step.by !== null && (
        <div>
          {step.relation === null
            ? step.by
            : t('documents.byRelation', { name: step.by, relation: relationWords(t, step.relation) })}
          {step.at !== null && <span className={styles.quiet}> · {moment(step.at)}</span>}
        </div>
      )}
      {step.state === 'waiting' && (
        <div className={styles.waiting}>
          {step.kind === 'person'
            ? t('documents.step.waitingPerson')
            : step.delegatedTo === null
              ? t('documents.step.waiting')
              : t('documents.step.waitingFor', { who: step.delegatedTo })}
        </div>
      )}
      {step.state === 'later' && <div className={styles.quiet}>{t('documents.step.later')}</div>}
      {step.state === 'refused' && (
        <div className={styles.refused}>
          {t('documents.step.refused', {
            by: step.by ?? '',
            when: step.at === null ? '' : shortMoment(step.at, Date.now()),
            reason: step.reason ?? '',
          })}
        </div>
      )}
      {step.state === 'done' && <SignatureLine step={step} />}
    </>
  );
}

const tones = { valid: 'good', undetermined: 'warn', invalid: 'danger' } as const;

function SignatureLine({ step }: { readonly step: Step }) {
  const t = useText();
  const { signature } = step;
  if (!signature)
    return step.kind === 'person' ? <div className={styles.quiet}>{t('documents.notSealed')}</div> : null;
  return (
    <>
      <div>
        <Tag tone={tones[signature.state]}>{t(`signing.state.${proofOf(signature)}`)}</Tag>
      </div>
      {signature.reasons.length > 0 && (
        <ul className={styles.reasons}>
          {signature.reasons.map((code) => (
            <li key={code}>{t.of(`verdict.${code}`)}</li>
          ))}
        </ul>
      )}
      {signature.stampedAt !== null && (
        <div className={styles.quiet}>{t('signing.stampedAt', { time: moment(signature.stampedAt) })}</div>
      )}
    </>
  );
}

/** A code of the registration's list, or words somebody typed. */
const relationWords = (t: ReturnType<typeof useText>, relation: string): string =>
  t.has(`patient.relation.${relation}`)
    ? t.of(`patient.relation.${relation}`).toLocaleLowerCase(t.language)
    : relation;
