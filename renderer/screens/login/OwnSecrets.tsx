// Changing one's own password, and the PIN for quick switching on a shared PC.
import { Group, Modal, Stack, Text } from '@mantine/core';
import { useState } from 'react';
import type { Failure } from '../../../shared/api/contract.ts';
import { useOrder } from '../../app/api.ts';
import { KeyLayer } from '../../app/keys.tsx';
import { useText } from '../../i18n/index.ts';
import { ErrorNotice } from '../../parts/ErrorNotice.tsx';
import { enterMovesOn } from '../../parts/enter-moves-on.ts';
import { KeyButton } from '../../parts/KeyButton.tsx';
import { SecretField } from '../../parts/SecretField.tsx';

interface Props {
  readonly opened: boolean;
  readonly onClose: () => void;
  readonly onSaved: () => void;
}

export function PinDialog({ opened, onClose, onSaved }: Props) {
  const t = useText();
  return (
    <Modal
      opened={opened}
      onClose={onClose}
      title={t('frame.setPin')}
      closeButtonProps={{ 'aria-label': t('common.close') }}
    >
      <KeyLayer>
        <Pin onClose={onClose} onSaved={onSaved} />
      </KeyLayer>
    </Modal>
  );
}

function Pin({ onClose, onSaved }: Omit<Props, 'opened'>) {
  const t = useText();
  const [password, setPassword] = useState('');
  const [pin, setPin] = useState('');
  const [failure, setFailure] = useState<Failure | null>(null);
  const order = useOrder('access.setPin');
  const wrong = pin !== '' && !/^\d{6,12}$/.test(pin);
  const save = async () => {
    if (wrong) return;
    const result = await order.run({ password, pin: pin === '' ? null : pin });
    if (!result.ok) return setFailure(result.error);
    onSaved();
    onClose();
  };
  return (
    <Stack onKeyDown={(event) => enterMovesOn(event, () => void save())}>
      <Text>{t('login.pinHint')}</Text>
      <SecretField
        label={t('login.currentPassword')}
        data-autofocus
        value={password}
        onChange={(event) => setPassword(event.currentTarget.value)}
      />
      <SecretField
        label={t('login.pin')}
        inputMode="numeric"
        value={pin}
        error={wrong ? t('field.bad_pin') : undefined}
        onChange={(event) => setPin(event.currentTarget.value)}
      />
      {failure && <ErrorNotice failure={failure} />}
      <Group justify="flex-end">
        <KeyButton keyName="Ctrl+S" loading={order.running} onPress={() => void save()}>
          {pin === '' ? t('login.removePin') : t('common.save')}
        </KeyButton>
      </Group>
    </Stack>
  );
}

/** `forced`: an administrator gave the password; it must be changed before work begins. */
export function PasswordDialog({ opened, forced, onClose, onSaved }: Props & { readonly forced: boolean }) {
  const t = useText();
  return (
    <Modal
      opened={opened}
      onClose={onClose}
      title={t('frame.changePassword')}
      withCloseButton={!forced}
      closeOnEscape={!forced}
      closeOnClickOutside={!forced}
      closeButtonProps={{ 'aria-label': t('common.close') }}
    >
      <KeyLayer>
        <Password forced={forced} onClose={onClose} onSaved={onSaved} />
      </KeyLayer>
    </Modal>
  );
}

function Password({ forced, onClose, onSaved }: Omit<Props, 'opened'> & { forced: boolean }) {
  const t = useText();
  const [current, setCurrent] = useState('');
  const [next, setNext] = useState('');
  const [again, setAgain] = useState('');
  const [failure, setFailure] = useState<Failure | null>(null);
  const order = useOrder('access.changePassword');
  const differ = again !== '' && again !== next;
  const save = async () => {
    if (next !== again) return;
    const result = await order.run({ current, next });
    if (!result.ok) return setFailure(result.error);
    onSaved();
    onClose();
  };
  return (
    <Stack onKeyDown={(event) => enterMovesOn(event, () => void save())}>
      {forced && <Text>{t('login.mustChange')}</Text>}
      <SecretField
        label={t('login.currentPassword')}
        data-autofocus
        value={current}
        onChange={(event) => setCurrent(event.currentTarget.value)}
      />
      <SecretField
        label={t('login.newPassword')}
        description={t('login.passwordRule')}
        value={next}
        onChange={(event) => setNext(event.currentTarget.value)}
      />
      <SecretField
        label={t('login.passwordAgain')}
        value={again}
        error={differ ? t('login.passwordsDiffer') : undefined}
        onChange={(event) => setAgain(event.currentTarget.value)}
      />
      {failure && <ErrorNotice failure={failure} />}
      <Group justify="flex-end">
        <KeyButton
          keyName="Ctrl+S"
          disabled={next === '' || next !== again}
          loading={order.running}
          onPress={() => void save()}
        >
          {t('common.save')}
        </KeyButton>
      </Group>
    </Stack>
  );
}
