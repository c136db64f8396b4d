// Settings of this PC and center that staff may need to change, and a new recovery key.
import { Button, Checkbox, Group, Modal, Stack, Text, TextInput } from '@mantine/core';
import { useState } from 'react';
import type { Failure } from '../../../shared/api/contract.ts';
import type { Output } from '../../../shared/api/index.ts';
import { useAnswer, useOrder } from '../../app/api.ts';
import { KeyLayer } from '../../app/keys.tsx';
import { useText } from '../../i18n/index.ts';
import { ErrorNotice } from '../../parts/ErrorNotice.tsx';
import { enterMovesOn } from '../../parts/enter-moves-on.ts';
import { KeyButton } from '../../parts/KeyButton.tsx';
import { NumberField } from '../../parts/NumberField.tsx';
import { showDone } from '../../parts/notices.ts';
import { SecretField } from '../../parts/SecretField.tsx';
import { RecoveryKey } from '../first-run/RecoveryKey.tsx';
import styles from './Station.module.css';

export function SettingsPanel() {
  const t = useText();
  const settings = useAnswer('station.settings', {});
  const [newKey, setNewKey] = useState(false);
  return (
    <section className={styles.panel}>
      <h2>{t('station.settings')}</h2>
      {settings.error && <ErrorNotice failure={settings.error} />}
      {settings.data && <Fields key={JSON.stringify(settings.data)} settings={settings.data} />}
      <Button variant="subtle" mt="md" px={0} onClick={() => setNewKey(true)}>
        {t('station.newKey')}
      </Button>
      <NewKey opened={newKey} onClose={() => setNewKey(false)} />
    </section>
  );
}

function Fields({ settings }: { readonly settings: Output<'station.settings'> }) {
  const t = useText();
  const order = useOrder('station.saveSettings');
  const [autoLockMinutes, setAutoLock] = useState<number | null>(settings.autoLockMinutes);
  const [overdueVitalsHours, setOverdue] = useState<number | null>(settings.overdueVitalsHours);
  const [folder, setFolder] = useState(settings.backupFolder ?? '');
  const [port, setPort] = useState(settings.scannerPort ?? '');
  const [openWithoutPassword, setOpenWithoutPassword] = useState(settings.openWithoutPassword);
  const [failure, setFailure] = useState<Failure | null>(null);
  // What is on can always be switched off, also where it could not be switched on.
  const keyStoreUsable = settings.keyStore === 'ready' || settings.openWithoutPassword;
  const orNull = (text: string) => (text.trim() === '' ? null : text.trim());
  const save = async () => {
    if (autoLockMinutes === null || overdueVitalsHours === null) return;
    const result = await order.run({
      autoLockMinutes,
      overdueVitalsHours,
      backupFolder: orNull(folder),
      scannerPort: orNull(port),
      openWithoutPassword,
    });
    setFailure(result.ok ? null : result.error);
    if (result.ok) showDone(t('common.saved'));
  };
  return (
    <Stack gap="sm" onKeyDown={(event) => enterMovesOn(event, () => void save())}>
      <Group grow>
        <NumberField
          label={t('station.autoLock')}
          decimals={0}
          value={autoLockMinutes}
          onChange={setAutoLock}
        />
        <NumberField
          label={t('station.overdueHours')}
          decimals={0}
          value={overdueVitalsHours}
          onChange={setOverdue}
        />
      </Group>
      <TextInput
        label={t('station.folder')}
        description={t('station.folderHint')}
        value={folder}
        onChange={(event) => setFolder(event.currentTarget.value)}
      />
      <TextInput
        label={t('station.scannerPort')}
        description={t('station.scannerPortHint')}
        value={port}
        onChange={(event) => setPort(event.currentTarget.value)}
      />
      <Checkbox
        label={t('station.openWithoutPassword')}
        description={t(`station.keyStore.${settings.keyStore}`)}
        disabled={!keyStoreUsable}
        checked={openWithoutPassword}
        onChange={(event) => setOpenWithoutPassword(event.currentTarget.checked)}
      />
      {failure && <ErrorNotice failure={failure} />}
      <Group>
        <KeyButton keyName="Ctrl+S" loading={order.running} onPress={() => void save()}>
          {t('common.save')}
        </KeyButton>
      </Group>
    </Stack>
  );
}

function NewKey({ opened, onClose }: { readonly opened: boolean; readonly onClose: () => void }) {
  const t = useText();
  const status = useAnswer('station.status', {});
  const order = useOrder('station.newRecoveryKey');
  const [password, setPassword] = useState('');
  const [key, setKey] = useState<string | null>(null);
  const [failure, setFailure] = useState<Failure | null>(null);
  const close = () => {
    setKey(null);
    setPassword('');
    setFailure(null);
    onClose();
  };
  const run = async () => {
    const result = await order.run({ password });
    if (result.ok) setKey(result.value.recoveryKey);
    else setFailure(result.error);
  };
  return (
    <Modal
      opened={opened}
      onClose={close}
      size="50rem"
      title={t('station.newKey')}
      withCloseButton={key === null}
      closeOnEscape={key === null}
      closeOnClickOutside={false}
      closeButtonProps={{ 'aria-label': t('common.close') }}
    >
      <KeyLayer>
        {key === null ? (
          <Stack>
            <Text>{t('station.newKeyHint')}</Text>
            <SecretField
              label={t('login.currentPassword')}
              data-autofocus
              value={password}
              onChange={(event) => setPassword(event.currentTarget.value)}
            />
            {failure && <ErrorNotice failure={failure} />}
            <Button loading={order.running} disabled={password === ''} onClick={() => void run()}>
              {t('station.newKey')}
            </Button>
          </Stack>
        ) : (
          <RecoveryKey
            recoveryKey={key}
            centerName={status.data?.centerName ?? ''}
            stationName={status.data?.stationName ?? ''}
            onKept={close}
          />
        )}
      </KeyLayer>
    </Modal>
  );
}
