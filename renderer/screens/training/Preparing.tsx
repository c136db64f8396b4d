// The first start of training mode: the center is being made, which takes seconds, on an old PC half a minute.
// It counts them, so that nobody takes the window for dead, and goes on by itself.
import { useEffect } from 'react';
import type { Output } from '../../../shared/api/index.ts';
import { useText } from '../../i18n/index.ts';
import { useNow } from '../../parts/use-now.ts';
import styles from './Preparing.module.css';

/** The core tells when it is done; asking as well costs nothing and survives a lost message. */
const askAgainMs = 2_000;
const openedAt = Date.now();

interface Props {
  readonly status: Output<'station.status'>;
  readonly onAskAgain: () => void;
}

export function Preparing({ status, onAskAgain }: Props) {
  const t = useText();
  const now = useNow(1_000);
  useEffect(() => {
    const timer = setInterval(onAskAgain, askAgainMs);
    return () => clearInterval(timer);
  }, [onAskAgain]);
  return (
    <main className={styles.waiting}>
      <section className={styles.card}>
        <p className={styles.product}>{t('frame.product')}</p>
        <p className={styles.training}>
          <b>{t('frame.training')}</b> {t('frame.trainingNote')}
        </p>
        <h1 role="status">{t('training.preparing')}</h1>
        <p>{t('training.preparingWhat')}</p>
        <p>{t('training.preparingNext')}</p>
        <p className={styles.elapsed}>
          {t('training.preparingFor', { n: Math.max(0, Math.floor((now - openedAt) / 1_000)) })}
        </p>
        <p className={styles.quiet}>{t('login.version', { version: status.version })}</p>
      </section>
    </main>
  );
}
