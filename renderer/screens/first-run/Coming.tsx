// The center's record on its way to this PC: how much, how long still, and that a cut does no harm. Goes on by itself.
import { Button, Group } from '@mantine/core';
import { useEffect, useRef, useState } from 'react';
import type { Output } from '../../../shared/api/index.ts';
import { useAnswer } from '../../app/api.ts';
import { bytes, number } from '../../i18n/format.ts';
import { type Text, useText } from '../../i18n/index.ts';
import { say } from '../../i18n/say.ts';
import { Loading } from '../../parts/Loading.tsx';
import styles from './FirstRun.module.css';
import { roughly, type Sample, timeLeft } from './time-left.ts';

type Joining = Output<'sync.joining'>;

const askEveryMs = 1_000;

interface Props {
  readonly onReady: () => void;
  /** Address and code have to be typed again. */
  readonly onAgain: () => void;
}

export function Coming({ onReady, onAgain }: Props) {
  const t = useText();
  const answer = useAnswer('sync.joining', {}, { everyMs: askEveryMs });
  const left = useTimeLeft(answer.data, answer.receivedAt);
  const { data } = answer;
  if (!data) return <Loading />;
  const { state, doneBytes, totalBytes } = data;
  const coming = state === 'snapshot' || state === 'changes';
  return (
    <main className={styles.wizard}>
      <header className={styles.head}>
        <h1>{t('first-run.comingTitle')}</h1>
      </header>
      <div className={styles.body}>
        <h2 role={state === 'failed' ? 'alert' : 'status'}>{wordsOf(t, data)}</h2>
        {state === 'snapshot' && totalBytes !== null && (
          <>
            <progress
              className={styles.bar}
              value={doneBytes}
              max={Math.max(1, totalBytes)}
              aria-label={t('first-run.comingTitle')}
            />
            <p className={styles.amount}>
              {[
                t('first-run.comingPercent', {
                  n: Math.floor((100 * doneBytes) / Math.max(1, totalBytes)),
                }),
                t('first-run.comingOf', { done: bytes(t, doneBytes), total: bytes(t, totalBytes) }),
                ...(left === null ? [] : [t('first-run.left', { time: leftWords(t, left) })]),
              ].join(' · ')}
            </p>
          </>
        )}
        {state === 'snapshot' && totalBytes === null && doneBytes > 0 && (
          <p className={styles.amount}>{t('first-run.comingDone', { done: bytes(t, doneBytes) })}</p>
        )}
        {data.changes > 0 && state === 'changes' && (
          <p className={styles.amount}>{t('first-run.coming.changes', { n: number(t, data.changes) })}</p>
        )}
        {coming && <p className={styles.hint}>{t('first-run.comingCut')}</p>}
        <Group mt="lg">
          {state === 'ready' && (
            <Button size="lg" autoFocus onClick={onReady}>
              {t('first-run.comingLogIn')}
            </Button>
          )}
          {state === 'failed' && <Button onClick={onAgain}>{t('first-run.comingAgain')}</Button>}
        </Group>
      </div>
    </main>
  );
}

function wordsOf(t: Text, { state, sentence }: Joining): string {
  if (sentence) return say(t, sentence, Date.now());
  return state === 'changes' ? t('sync.join.changes') : t(`first-run.coming.${state}`);
}

/** From the first answer seen to the newest; null while nothing can be said. */
function useTimeLeft(joining: Joining | undefined, receivedAt: number): number | null {
  const first = useRef<Sample | null>(null);
  const [left, setLeft] = useState<number | null>(null);
  const doneBytes = joining?.doneBytes ?? 0;
  const totalBytes = joining?.totalBytes ?? null;
  useEffect(() => {
    if (receivedAt === 0) return;
    const now: Sample = { at: receivedAt, doneBytes };
    first.current ??= now;
    setLeft(timeLeft(first.current, now, totalBytes));
  }, [receivedAt, doneBytes, totalBytes]);
  return left;
}

function leftWords(t: Text, ms: number): string {
  const left = roughly(ms);
  if (left.unit === 'seconds') return t('first-run.leftSeconds');
  return t(left.unit === 'minutes' ? 'first-run.leftMinutes' : 'first-run.leftHours', { n: left.n });
}
