// The store cannot be opened: one page per reason, with steps a nurse on duty can follow and what must not be done.
import { Button } from '@mantine/core';
import type { Output } from '../../../shared/api/index.ts';
import { useText } from '../../i18n/index.ts';
import styles from './Login.module.css';

interface Props {
  readonly status: Output<'station.status'>;
  readonly onRetry: () => void;
}

/** Steps are numbered keys `login.problem.<code>.1…`; a code without its own steps uses the general ones. */
const mostSteps = 4;

export function StoreProblem({ status, onRetry }: Props) {
  const t = useText();
  const code = status.problem ?? 'internal';
  const own = t.has(`login.problem.${code}.1`) ? code : 'other';
  const steps = Array.from({ length: mostSteps }, (_, i) => `login.problem.${own}.${i + 1}`).filter(t.has);
  return (
    <main className={styles.problem}>
      <h1>
        <span aria-hidden="true">⚠</span> {t.of(`login.problem.${own}`)}
      </h1>
      <p className={styles.problemWhat}>{t.of(`error.${code}`)}</p>
      <h2>{t('login.problemSteps')}</h2>
      <ol>
        {steps.map((key) => (
          <li key={key}>{t.of(key)}</li>
        ))}
      </ol>
      <p className={styles.never}>{t('login.problemNever')}</p>
      <Button size="lg" onClick={onRetry}>
        {t('common.tryAgain')}
      </Button>
      <p className={styles.version}>
        {t('login.version', { version: status.version })} · {code}
      </p>
    </main>
  );
}
