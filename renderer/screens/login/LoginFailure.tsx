// What went wrong at the door, and when it makes sense to try again: a lockout counts down by itself.
import { useEffect, useState } from 'react';
import type { Failure } from '../../../shared/api/contract.ts';
import { useText } from '../../i18n/index.ts';
import styles from './Login.module.css';

export interface Lockout {
  readonly failure: Failure | null;
  readonly secondsLeft: number;
  readonly report: (failure: Failure | null) => void;
}

export function useLockout(): Lockout {
  const [failure, setFailure] = useState<Failure | null>(null);
  const [until, setUntil] = useState(0);
  const [now, setNow] = useState(Date.now());
  useEffect(() => {
    if (until === 0) return;
    const timer = setInterval(() => {
      setNow(Date.now());
      if (Date.now() < until) return;
      setUntil(0);
      setFailure(null);
    }, 1000);
    return () => clearInterval(timer);
  }, [until]);
  return {
    failure,
    secondsLeft: until === 0 ? 0 : Math.max(0, Math.ceil((until - now) / 1000)),
    report: (next) => {
      setFailure(next);
      const { seconds, minutes } = next?.params ?? {};
      const wait = Number(seconds ?? Number(minutes ?? 0) * 60);
      setNow(Date.now());
      setUntil(next?.code === 'account_locked' && wait > 0 ? Date.now() + wait * 1000 : 0);
    },
  };
}

export function LoginFailure({ lockout }: { readonly lockout: Lockout }) {
  const t = useText();
  const { failure, secondsLeft } = lockout;
  return (
    <div role="alert">
      {failure && (
        <p className={styles.failure}>
          {t.failure(failure)}
          {secondsLeft > 0 && (
            <b aria-live="off">
              {' '}
              {t('login.waitFor', {
                time: `${Math.floor(secondsLeft / 60)}:${String(secondsLeft % 60).padStart(2, '0')}`,
              })}
            </b>
          )}
        </p>
      )}
    </div>
  );
}
