// The frame of every dialog about fingers: wide enough for the steps and the picture beside them.
import { Modal } from '@mantine/core';
import type { ReactNode } from 'react';
import { KeyLayer } from '../../app/keys.tsx';
import { useText } from '../../i18n/index.ts';

interface Props {
  readonly title: string;
  readonly onClose: () => void;
  readonly children: ReactNode;
}

export function FingerDialog({ title, onClose, children }: Props) {
  const t = useText();
  return (
    <Modal
      opened
      onClose={onClose}
      title={title}
      size="58rem"
      closeOnClickOutside={false}
      closeButtonProps={{ 'aria-label': t('common.close') }}
    >
      <KeyLayer>{children}</KeyLayer>
    </Modal>
  );
}
