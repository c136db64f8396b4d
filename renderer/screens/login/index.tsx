// The door: which center and PC this is, who you are, and a way in when every password is forgotten.
import { Button, Text } from '@mantine/core';
import { useState } from 'react';
import type { Output } from '../../../shared/api/index.ts';
import { StatusLine } from '../../app/StatusCell.tsx';
import { useText } from '../../i18n/index.ts';
import { Accounts } from '../training/Accounts.tsx';
import styles from './Login.module.css';
import { LoginForm } from './LoginForm.tsx';
import { Recover } from './Recover.tsx';

export function Login({ status }: { readonly status: Output<'station.status'> }) {
  const t = useText();
  const [recovering, setRecovering] = useState(false);
  const training = status.mode === 'training';
  return (
    <div className={styles.whole}>
      <main className={styles.door}>
        <section className={styles.place}>
          <p className={styles.product}>{t('frame.product')}</p>
          <h1>{status.centerName ?? t('login.title')}</h1>
          {status.stationName !== undefined && <p>{t('login.station', { name: status.stationName })}</p>}
          {training && (
            <p className={styles.training}>
              <b>{t('frame.training')}</b> {t('frame.trainingNote')}
            </p>
          )}
          <p className={styles.promise}>{t('login.promise')}</p>
          <p className={styles.version}>{t('login.version', { version: status.version })}</p>
        </section>
        <section className={styles.panel}>
          {recovering ? (
            <Recover status={status} onDone={() => setRecovering(false)} />
          ) : (
            <>
              <LoginForm status={status} />
              <Button variant="subtle" mt="sm" onClick={() => setRecovering(true)}>
                {t('login.forgotten')}
              </Button>
              {training && status.trainingAccounts && (
                <details className={styles.accounts} open>
                  <summary>{t('login.trainingAccounts')}</summary>
                  <Text size="sm" c="dimmed">
                    {t('login.trainingAccountsHint')}
                  </Text>
                  <Accounts accounts={status.trainingAccounts} />
                </details>
              )}
            </>
          )}
        </section>
      </main>
      <StatusLine />
    </div>
  );
}
