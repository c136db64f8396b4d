// The printed recovery key opens the store and gives one account a new password. Rare, and never in a hurry.
import { Button, Group, Text, TextInput } from '@mantine/core';
import { useState } from 'react';
import type { Failure } from '../../../shared/api/contract.ts';
import type { Output } from '../../../shared/api/index.ts';
import { useOrder } from '../../app/api.ts';
import { useText } from '../../i18n/index.ts';
import { ErrorNotice } from '../../parts/ErrorNotice.tsx';
import { enterMovesOn } from '../../parts/enter-moves-on.ts';
import { SecretField } from '../../parts/SecretField.tsx';
import styles from './Login.module.css';

export function Recover({
  status,
  onDone,
}: {
  readonly status: Output<'station.status'>;
  readonly onDone: () => void;
}) {
  const t = useText();
  const [recoveryKey, setKey] = useState('');
  const [username, setUsername] = useState(status.users[0]?.username ?? '');
  const [password, setPassword] = useState('');
  const [again, setAgain] = useState('');
  const [failure, setFailure] = useState<Failure | null>(null);
  const recover = useOrder('station.recover');
  const differ = again !== '' && again !== password;
  const submit = async () => {
    if (differ || password === '' || recoveryKey === '') return;
    const result = await recover.run({ recoveryKey, username, newPassword: password });
    if (result.ok) onDone();
    else setFailure(result.error);
  };
  return (
    <form
      className={styles.form}
      onKeyDown={(event) => enterMovesOn(event, () => void submit())}
      onSubmit={(event) => event.preventDefault()}
    >
      <h2>{t('login.recoverTitle')}</h2>
      <Text>{t('login.recoverHint')}</Text>
      <TextInput
        label={t('login.recoveryKey')}
        autoFocus
        autoComplete="off"
        spellCheck={false}
        value={recoveryKey}
        onChange={(event) => setKey(event.currentTarget.value)}
      />
      <TextInput
        label={t('login.username')}
        autoComplete="off"
        value={username}
        onChange={(event) => setUsername(event.currentTarget.value)}
      />
      <SecretField
        label={t('login.newPassword')}
        description={t('login.passwordRule')}
        autoComplete="new-password"
        value={password}
        onChange={(event) => setPassword(event.currentTarget.value)}
      />
      <SecretField
        label={t('login.passwordAgain')}
        autoComplete="new-password"
        value={again}
        error={differ ? t('login.passwordsDiffer') : undefined}
        onChange={(event) => setAgain(event.currentTarget.value)}
      />
      {failure && <ErrorNotice failure={failure} />}
      <Group justify="space-between">
        <Button variant="default" onClick={onDone}>
          {t('common.back')}
        </Button>
        <Button loading={recover.running} onClick={() => void submit()}>
          {t('login.recover')}
        </Button>
      </Group>
    </form>
  );
}
