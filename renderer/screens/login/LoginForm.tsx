// Choosing oneself from the people of this PC, then password or PIN. Used at the door and over a locked screen.
import { Button, TextInput } from '@mantine/core';
import { useEffect, useRef, useState } from 'react';
import type { Output } from '../../../shared/api/index.ts';
import { initials } from '../../../shared/text/names.ts';
import { queryClient, useOrder } from '../../app/api.ts';
import { rememberSession } from '../../app/session.tsx';
import { useText } from '../../i18n/index.ts';
import { SecretField } from '../../parts/SecretField.tsx';
import { CapsLockHint, useCapsLock } from './CapsLock.tsx';
import styles from './Login.module.css';
import { LoginFailure, useLockout } from './LoginFailure.tsx';

/** More than this many names and typing one's own is faster than looking. */
const namesShown = 8;

export function LoginForm({ status }: { readonly status: Output<'station.status'> }) {
  const t = useText();
  const [username, setUsername] = useState(status.users[0]?.username ?? '');
  const [secret, setSecret] = useState('');
  const withPassword = useOrder('access.login');
  const withPin = useOrder('access.loginWithPin');
  const lockout = useLockout();
  const caps = useCapsLock();
  const secretField = useRef<HTMLInputElement>(null);
  const nameField = useRef<HTMLInputElement>(null);
  const taught = status.trainingAccounts?.find((account) => account.username === username.trim());
  const running = withPassword.running || withPin.running;
  useEffect(() => {
    (status.users.length > 0 ? secretField : nameField).current?.focus();
  }, [status.users.length]);

  const submit = async () => {
    if (username.trim() === '') {
      nameField.current?.focus();
      return;
    }
    lockout.report(null);
    // Digits only may be a PIN; a password of digits is tried when the account has none.
    const pinLike = status.phase === 'open' && /^\d{6,12}$/.test(secret);
    let result = pinLike ? await withPin.run({ username, pin: secret }) : null;
    if (!result || (!result.ok && result.error.code !== 'account_locked')) {
      result = await withPassword.run({ username, password: secret });
    }
    setSecret('');
    if (result.ok) rememberSession(result.value.session);
    else {
      lockout.report(result.error);
      // a store that would not open has a page of its own
      if (/^(store_|disk_full)/.test(result.error.code))
        void queryClient.invalidateQueries({ queryKey: ['station.status'] });
      secretField.current?.focus();
    }
  };

  return (
    <form
      className={styles.form}
      onSubmit={(event) => {
        event.preventDefault();
        void submit();
      }}
    >
      {status.users.length > 0 && (
        <fieldset className={styles.people}>
          <legend>{t('login.who')}</legend>
          {status.users.slice(0, namesShown).map((user) => (
            <button
              key={user.username}
              type="button"
              className={styles.person}
              aria-pressed={user.username === username}
              onClick={() => {
                setUsername(user.username);
                lockout.report(null);
                secretField.current?.focus();
              }}
            >
              <span className={styles.initials} aria-hidden="true">
                {initials(user.fullName).slice(-2)}
              </span>
              <span>
                <b>{user.fullName}</b>
                <small>{user.username}</small>
              </span>
            </button>
          ))}
        </fieldset>
      )}
      <TextInput
        label={t('login.username')}
        ref={nameField}
        value={username}
        autoComplete="off"
        autoCapitalize="none"
        spellCheck={false}
        maxLength={60}
        onChange={(event) => {
          setUsername(event.currentTarget.value);
          lockout.report(null);
        }}
        onKeyDown={(event) => {
          if (event.key !== 'Enter' || event.nativeEvent.isComposing || event.keyCode === 229) return;
          event.preventDefault();
          secretField.current?.focus();
        }}
      />
      <SecretField
        label={status.phase === 'open' ? t('login.passwordOrPin') : t('login.password')}
        description={
          taught && t('login.trainingPassword', { name: taught.username, password: taught.password })
        }
        ref={secretField}
        value={secret}
        autoComplete="off"
        maxLength={200}
        onChange={(event) => setSecret(event.currentTarget.value)}
        {...caps.watch}
      />
      <CapsLockHint on={caps.on} />
      <LoginFailure lockout={lockout} />
      <Button type="submit" size="lg" loading={running} disabled={secret === '' || lockout.secondsLeft > 0}>
        {t('login.enter')}
      </Button>
    </form>
  );
}
