// The first administrator: creates the other accounts; has no clinical reading by itself.
import { TextInput } from '@mantine/core';
import { useText } from '../../i18n/index.ts';
import { SecretField } from '../../parts/SecretField.tsx';
import { CapsLockHint, useCapsLock } from '../login/CapsLock.tsx';
import type { StepProps } from './NewCenter.tsx';

export function Admin({ plan, change, errorOf }: StepProps) {
  const t = useText();
  const caps = useCapsLock();
  return (
    <>
      <TextInput
        label={t('first-run.adminName')}
        autoFocus
        required
        maxLength={80}
        value={plan.fullName}
        error={errorOf('fullName')}
        onChange={(event) => change({ fullName: event.currentTarget.value })}
      />
      <TextInput
        label={t('login.username')}
        description={t('field.bad_username')}
        required
        autoComplete="off"
        spellCheck={false}
        maxLength={60}
        value={plan.username}
        error={errorOf('username')}
        onChange={(event) => change({ username: event.currentTarget.value })}
      />
      <SecretField
        label={t('login.password')}
        description={t('login.passwordRule')}
        required
        autoComplete="new-password"
        value={plan.password}
        error={errorOf('password')}
        onChange={(event) => change({ password: event.currentTarget.value })}
        {...caps.watch}
      />
      <SecretField
        label={t('login.passwordAgain')}
        required
        autoComplete="new-password"
        value={plan.again}
        error={errorOf('again')}
        onChange={(event) => change({ again: event.currentTarget.value })}
        {...caps.watch}
      />
      <CapsLockHint on={caps.on} />
    </>
  );
}
