// Over everything while locked: the same person goes on where they were, or someone else takes the PC.
import { Button } from '@mantine/core';
import { useState } from 'react';
import type { Output } from '../../shared/api/index.ts';
import { initials } from '../../shared/text/names.ts';
import { useText } from '../i18n/index.ts';
import { SecretField } from '../parts/SecretField.tsx';
import { CapsLockHint, useCapsLock } from '../screens/login/CapsLock.tsx';
import styles from '../screens/login/Login.module.css';
import { LoginFailure, useLockout } from '../screens/login/LoginFailure.tsx';
import { LoginForm } from '../screens/login/LoginForm.tsx';
import { queryClient, useOrder } from './api.ts';
import { KeyLayer } from './keys.tsx';
import { rememberSession, type Session } from './session.tsx';

interface Props {
  readonly status: Output<'station.status'>;
  readonly session: Session;
}

export function LockScreen({ status, session }: Props) {
  const t = useText();
  const [other, setOther] = useState(false);
  return (
    <KeyLayer>
      <div className={styles.cover} role="dialog" aria-modal="true" aria-label={t('frame.locked')}>
        <div className={styles.lockPanel}>
          {other ? (
            <>
              <LoginForm status={status} />
              <Button variant="subtle" mt="md" onClick={() => setOther(false)}>
                {t('common.back')}
              </Button>
            </>
          ) : (
            <Unlock session={session} onOther={() => setOther(true)} />
          )}
        </div>
      </div>
    </KeyLayer>
  );
}

function Unlock({ session, onOther }: { session: Session; onOther: () => void }) {
  const t = useText();
  const [secret, setSecret] = useState('');
  const unlock = useOrder('access.unlock');
  const lockout = useLockout();
  const caps = useCapsLock();
  const submit = async () => {
    const result = await unlock.run({ secret });
    setSecret('');
    if (!result.ok) {
      lockout.report(result.error);
      return;
    }
    rememberSession(result.value.session);
    void queryClient.invalidateQueries();
  };
  return (
    <form
      className={styles.form}
      onSubmit={(event) => {
        event.preventDefault();
        void submit();
      }}
    >
      <h1 className={styles.lockTitle}>{t('frame.locked')}</h1>
      <div className={styles.who}>
        <span className={styles.initials} aria-hidden="true">
          {initials(session.fullName).slice(-2)}
        </span>
        <b>{session.fullName}</b>
      </div>
      <p className={styles.quiet}>{t('frame.lockedKeeps')}</p>
      <SecretField
        label={t('frame.unlockSecret')}
        autoFocus
        autoComplete="off"
        value={secret}
        onChange={(event) => setSecret(event.currentTarget.value)}
        {...caps.watch}
      />
      <CapsLockHint on={caps.on} />
      <LoginFailure lockout={lockout} />
      <Button type="submit" loading={unlock.running} disabled={lockout.secondsLeft > 0}>
        {t('frame.unlock')}
      </Button>
      <Button variant="default" onClick={onOther}>
        {t('frame.otherPerson')}
      </Button>
    </form>
  );
}
