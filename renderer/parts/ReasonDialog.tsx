// Asks why, where the law or the record wants a reason: voiding, correcting, closing a bed, breaking glass.
import { Button, Group, Modal, Text, Textarea } from '@mantine/core';
import { type ReactNode, useState } from 'react';
import { KeyLayer } from '../app/keys.tsx';
import { useText } from '../i18n/index.ts';
import { KeyButton } from './KeyButton.tsx';
import styles from './ReasonDialog.module.css';

interface Props {
  readonly opened: boolean;
  readonly title: string;
  readonly children?: ReactNode;
  readonly confirmLabel: string;
  /** Usual reasons, one press each. */
  readonly suggestions?: readonly string[];
  readonly required?: boolean;
  readonly running?: boolean;
  readonly danger?: boolean;
  readonly onConfirm: (reason: string) => void;
  readonly onClose: () => void;
}

export function ReasonDialog({ opened, onClose, title, ...rest }: Props) {
  const t = useText();
  return (
    <Modal
      opened={opened}
      onClose={onClose}
      title={title}
      closeButtonProps={{ 'aria-label': t('common.close') }}
    >
      <KeyLayer>
        <Reason {...rest} onClose={onClose} />
      </KeyLayer>
    </Modal>
  );
}

function Reason({
  children,
  confirmLabel,
  suggestions = [],
  required = true,
  running = false,
  danger = false,
  onConfirm,
  onClose,
}: Omit<Props, 'opened' | 'title'>) {
  const t = useText();
  const [reason, setReason] = useState('');
  const [asked, setAsked] = useState(false);
  const missing = required && reason.trim() === '';
  const confirm = () => {
    setAsked(true);
    if (!missing) onConfirm(reason.trim());
  };
  return (
    <>
      {typeof children === 'string' ? <Text mb="sm">{children}</Text> : children}
      <Textarea
        label={t('common.reason')}
        required={required}
        data-autofocus
        autosize
        minRows={2}
        maxRows={5}
        maxLength={300}
        value={reason}
        onChange={(event) => setReason(event.currentTarget.value)}
        error={asked && missing ? t('error.reason_required') : undefined}
      />
      {suggestions.length > 0 && (
        <div className={styles.suggestions}>
          {suggestions.map((text) => (
            <Button key={text} size="compact-md" variant="light" onClick={() => setReason(text)}>
              {text}
            </Button>
          ))}
        </div>
      )}
      <Group justify="flex-end" mt="lg">
        <Button variant="default" onClick={onClose}>
          {t('common.cancel')}
        </Button>
        <KeyButton keyName="Ctrl+S" color={danger ? 'red' : 'teal'} loading={running} onPress={confirm}>
          {confirmLabel}
        </KeyButton>
      </Group>
    </>
  );
}
