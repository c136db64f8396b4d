// A question before something that cannot be taken back with one key. The button says what it does, never "OK".
import { Button, Group, Modal, Text } from '@mantine/core';
import type { ReactNode } from 'react';
import { KeyLayer } from '../app/keys.tsx';
import { useText } from '../i18n/index.ts';

interface Props {
  readonly opened: boolean;
  readonly title: string;
  readonly children?: ReactNode;
  readonly confirmLabel: string;
  /** Named when staying is what people mostly want; it has the focus then. */
  readonly cancelLabel?: string;
  readonly danger?: boolean;
  readonly running?: boolean;
  readonly onConfirm: () => void;
  readonly onClose: () => void;
}

export function ConfirmDialog({
  opened,
  title,
  children,
  confirmLabel,
  cancelLabel,
  danger,
  running,
  onConfirm,
  onClose,
}: Props) {
  const t = useText();
  return (
    <Modal
      opened={opened}
      onClose={onClose}
      title={title}
      closeButtonProps={{ 'aria-label': t('common.close') }}
    >
      <KeyLayer>
        {typeof children === 'string' ? <Text>{children}</Text> : children}
        <Group justify="flex-end" mt="lg">
          <Button variant="default" onClick={onClose} data-autofocus={cancelLabel !== undefined || undefined}>
            {cancelLabel ?? t('common.cancel')}
          </Button>
          <Button
            color={danger ? 'red' : 'teal'}
            loading={running ?? false}
            onClick={onConfirm}
            data-autofocus={cancelLabel === undefined || undefined}
          >
            {confirmLabel}
          </Button>
        </Group>
      </KeyLayer>
    </Modal>
  );
}
