// Enrolling fingers of one person: choose a finger, put it on three times, the next one. Esc goes back one step.
import { Button } from '@mantine/core';
import { useRef, useState } from 'react';
import type { Failure } from '../../../shared/api/contract.ts';
import { useOrder } from '../../app/api.ts';
import { useCapture } from '../../app/captures.ts';
import { useText } from '../../i18n/index.ts';
import { EnterButton } from '../../parts/EnterButton.tsx';
import { ErrorNotice } from '../../parts/ErrorNotice.tsx';
import captureStyles from '../../parts/fingers/FingerCapture.module.css';
import { FingerCapture } from '../../parts/fingers/FingerCapture.tsx';
import styles from '../../parts/fingers/FingerDialog.module.css';
import { FingerDialog } from '../../parts/fingers/FingerDialog.tsx';
import { type Finger, fingerName, inSentence, nextFinger, qualityWord } from '../../parts/fingers/fingers.ts';
import { HandPicture } from '../../parts/fingers/HandPicture.tsx';
import { TrainingHand } from '../../parts/fingers/TrainingHand.tsx';
import { Verdict } from '../../parts/fingers/Verdict.tsx';

interface Props {
  readonly patientId: string;
  readonly personId: string;
  readonly name: string;
  readonly taken: readonly Finger[];
  /** Written down as not to be had: not proposed. */
  readonly unable: readonly Finger[];
  readonly onUnable: (finger: Finger) => void;
  readonly onClose: () => void;
}

/** As many as the contract wants of one finger. */
const impressions = [1, 2, 3] as const;

type Stage =
  | { readonly kind: 'choose' | 'capture' | 'comparing' }
  | { readonly kind: 'saved'; readonly quality: number }
  | { readonly kind: 'failed'; readonly failure: Failure };

export function TakeDialog({ patientId, personId, name, taken, unable, onUnable, onClose }: Props) {
  const t = useText();
  const enrol = useOrder('fingerprint.enrol');
  const [held, setHeld] = useState(taken);
  const [finger, setFinger] = useState<Finger>(() => nextFinger([...taken, ...unable]));
  const [stage, setStage] = useState<Stage>({ kind: 'choose' });
  const got = useRef<string[]>([]);
  const [count, setCount] = useState(0);
  const { capture, start, stop } = useCapture((captureId) => {
    got.current.push(captureId);
    setCount(got.current.length);
    void (got.current.length < impressions.length ? start() : save());
  });

  function begin(): void {
    got.current = [];
    setCount(0);
    setStage({ kind: 'capture' });
    void start();
  }
  function choose(next: Finger): void {
    stop();
    setFinger(next);
    setStage({ kind: 'choose' });
  }
  async function save(): Promise<void> {
    setStage({ kind: 'comparing' });
    const result = await enrol.run({
      patientId,
      personId,
      finger,
      captures: got.current,
      replace: held.includes(finger),
    });
    if (!result.ok) return setStage({ kind: 'failed', failure: result.error });
    setHeld((before) => [...before.filter((each) => each !== finger), finger]);
    setStage({ kind: 'saved', quality: result.value.quality });
  }
  const leave = () => (stage.kind === 'capture' ? choose(finger) : onClose());

  return (
    <FingerDialog title={t('fingerprint.takeTitle', { name })} onClose={leave}>
      {stage.kind === 'choose' && (
        <>
          <p className={styles.say}>
            <b>{t('fingerprint.whichFinger')}</b> {t('fingerprint.takeWhat')}
          </p>
          <HandPicture value={finger} taken={held} onPick={setFinger} />
          <p role="status">
            {t(held.includes(finger) ? 'fingerprint.chosenAgain' : 'fingerprint.chosen', {
              finger: fingerName(t, finger),
            })}
            {'. '}
            {t('fingerprint.handsHint')}
          </p>
          <div className={styles.end}>
            <Button variant="default" onClick={onClose}>
              {t(held.length > taken.length ? 'fingerprint.finish' : 'fingerprint.later')}
            </Button>
            <Button variant="default" onClick={() => onUnable(finger)}>
              {t('fingerprint.unable')}
            </Button>
            <EnterButton onPress={begin}>{t('fingerprint.takeThis')}</EnterButton>
          </div>
        </>
      )}
      {stage.kind !== 'choose' && (
        <p className={styles.say}>
          <b>{fingerName(t, finger)}</b>
        </p>
      )}
      {(stage.kind === 'capture' || stage.kind === 'comparing') && (
        <FingerCapture
          capture={capture}
          ask={
            count === 0
              ? t('fingerprint.now.placeFinger', { finger: inSentence(t, finger) })
              : t('fingerprint.now.next')
          }
          {...(stage.kind === 'comparing' ? { after: t('fingerprint.comparing') } : {})}
          onStart={() => void start()}
          onStop={() => choose(finger)}
        >
          <ol
            className={captureStyles.dots}
            aria-label={t('fingerprint.impressions', { n: count, of: impressions.length })}
          >
            {impressions.map((n) => (
              <li key={n} data-past={count >= n || undefined} data-now={count === n - 1 || undefined}>
                {count >= n && '✓ '}
                {t('fingerprint.impression', { n })}
              </li>
            ))}
          </ol>
        </FingerCapture>
      )}
      {stage.kind === 'saved' && (
        <>
          <Verdict right title={t('fingerprint.taken', { finger: inSentence(t, finger), name })}>
            {t('fingerprint.quality', { word: qualityWord(t, stage.quality) })}
          </Verdict>
          <div className={styles.end}>
            <Button variant="default" size="lg" onClick={() => choose(nextFinger([...held, ...unable]))}>
              {t('fingerprint.takeAnother')}
            </Button>
            <EnterButton onPress={onClose}>{t('fingerprint.finish')}</EnterButton>
          </div>
        </>
      )}
      {stage.kind === 'failed' && (
        <>
          <ErrorNotice failure={stage.failure} />
          <div className={styles.end}>
            <Button variant="default" onClick={() => onUnable(finger)}>
              {t('fingerprint.unable')}
            </Button>
            <Button variant="default" onClick={() => choose(finger)}>
              {t('fingerprint.otherFinger')}
            </Button>
            <EnterButton onPress={begin}>{t('fingerprint.again')}</EnterButton>
          </div>
        </>
      )}
      {stage.kind === 'capture' && <TrainingHand who={name} finger={finger} />}
    </FingerDialog>
  );
}
