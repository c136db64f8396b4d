// Taking one impression, in three large steps that say what to do now; the ridges as the reader sees them beside it.
import { Button } from '@mantine/core';
import { type ReactNode, useEffect, useRef } from 'react';
import type { Capture } from '../../app/capture-view.ts';
import { type Text, useText } from '../../i18n/index.ts';
import { EnterButton } from '../EnterButton.tsx';
import { ErrorNotice } from '../ErrorNotice.tsx';
import styles from './FingerCapture.module.css';

const steps = [
  { key: 'place', word: 'fingerprint.stepPlace' },
  { key: 'hold', word: 'fingerprint.stepHold' },
  { key: 'lift', word: 'fingerprint.stepLift' },
] as const;

interface Props {
  readonly capture: Capture;
  /** Said while waiting for the finger: which one, or any of which. */
  readonly ask: string;
  /** Said when it is done; else that it is done. */
  readonly after?: string;
  readonly onStart: () => void;
  readonly onStop: () => void;
  /** Of the button that begins; left out, the dialog begins by itself. */
  readonly startLabel?: string;
  /** Below the sentence: dots of an enrolment. */
  readonly children?: ReactNode;
}

export function FingerCapture({ capture, ask, after, onStart, onStop, startLabel, children }: Props) {
  const t = useText();
  const running = !['idle', 'done', 'failed'].includes(capture.now);
  const at = stepOf(capture.now);
  return (
    <div className={styles.capture}>
      <div className={styles.doing}>
        <ol className={styles.steps} aria-label={t('fingerprint.steps')}>
          {steps.map(({ key, word }, index) => (
            <li
              key={key}
              data-now={at === index || undefined}
              data-past={at > index || undefined}
              aria-current={at === index ? 'step' : undefined}
            >
              <Pictogram step={key} />
              <span>
                <b>{index + 1}</b> {t(word)}
              </span>
            </li>
          ))}
        </ol>
        {capture.failure ? (
          <ErrorNotice failure={capture.failure} />
        ) : (
          <p className={styles.say} role="status" data-hint={capture.hint !== null || undefined}>
            {sentence(t, capture, ask, after)}
          </p>
        )}
        {capture.now === 'reading' && capture.share !== null && (
          <div className={styles.share}>
            <progress value={capture.share} max={1} aria-label={t('fingerprint.now.reading')} />
            <span>{t('fingerprint.reading', { n: Math.round(capture.share * 100) })}</span>
          </div>
        )}
        {children}
        <div className={styles.buttons}>
          {!running && capture.now !== 'done' && (
            <EnterButton onPress={onStart}>
              {capture.now === 'failed' ? t('common.tryAgain') : (startLabel ?? t('fingerprint.start'))}
            </EnterButton>
          )}
          {running && <StopButton onPress={onStop} />}
        </div>
      </div>
      <figure className={styles.seen}>
        {capture.picture === null ? (
          <div className={styles.blank}>{t('fingerprint.noPicture')}</div>
        ) : (
          <img src={capture.picture} alt={t('fingerprint.pictureOf')} />
        )}
        <figcaption>{t('fingerprint.picture')}</figcaption>
      </figure>
    </div>
  );
}

/** Which of the three steps is under way; -1 before and 3 after. */
function stepOf(now: Capture['now']): number {
  const at = { idle: -1, starting: -1, failed: -1, place: 0, reading: 1, judging: 1, lift: 2, done: 3 };
  return at[now];
}

function sentence(t: Text, { now, hint }: Capture, ask: string, after: string | undefined): string {
  if (hint !== null && t.has(`fingerprint.hint.${hint}`)) return t.of(`fingerprint.hint.${hint}`);
  switch (now) {
    case 'idle':
    case 'failed':
    case 'place':
      return ask;
    case 'starting':
      return t('fingerprint.now.starting');
    case 'reading':
      return t('fingerprint.now.reading');
    case 'judging':
      return t('fingerprint.now.judging');
    case 'lift':
      return t('fingerprint.now.lift');
    case 'done':
      return after ?? t('fingerprint.now.done');
  }
}

/** Has the focus while the finger is awaited: the button that began is gone, and keys must lead somewhere. */
function StopButton({ onPress }: { readonly onPress: () => void }) {
  const t = useText();
  const button = useRef<HTMLButtonElement>(null);
  useEffect(() => {
    if (document.activeElement === document.body) button.current?.focus();
  }, []);
  return (
    <Button variant="default" size="lg" ref={button} onClick={onPress}>
      {t('fingerprint.stop')}
    </Button>
  );
}

/** A fingertip over, on and above the glass. */
function Pictogram({ step }: { readonly step: (typeof steps)[number]['key'] }) {
  const lifted = { place: 10, hold: 22, lift: 4 }[step];
  return (
    <svg viewBox="0 0 72 72" className={styles.pictogram} aria-hidden="true">
      <rect x="8" y="54" width="56" height="12" rx="3" />
      <path d={`M24 ${lifted} v18 a12 12 0 0 0 24 0 v-18`} />
      {step === 'place' && <path d="M60 18 v22 m-6 -7 l6 7 l6 -7" />}
      {step === 'lift' && <path d="M60 42 v-22 m-6 7 l6 -7 l6 7" />}
      {step === 'hold' && <path d="M12 44 h6 m36 0 h6 M12 34 h4 m40 0 h4" />}
    </svg>
  );
}
