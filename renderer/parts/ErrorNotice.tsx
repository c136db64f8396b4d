// A failure in the words of the person at the screen: what happened, what to do next, and a way to try again.
import { Button } from '@mantine/core';
import type { Failure } from '../../shared/api/contract.ts';
import { useText } from '../i18n/index.ts';
import styles from './States.module.css';

interface Props {
  readonly failure: Failure;
  readonly onRetry?: () => void;
}

export function ErrorNotice({ failure, onRetry }: Props) {
  const t = useText();
  const fields = [...new Set(Object.values(failure.fields ?? {}))];
  return (
    <div className={styles.error} role="alert">
      <strong>{t.failure(failure)}</strong>
      {fields.length > 0 && (
        <ul>
          {fields.map((key) => (
            <li key={key}>{t.of(key)}</li>
          ))}
        </ul>
      )}
      {onRetry && (
        <Button variant="default" onClick={onRetry}>
          {t('common.tryAgain')}
        </Button>
      )}
    </div>
  );
}
