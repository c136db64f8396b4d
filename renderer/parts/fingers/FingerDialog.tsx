// The frame of every dialog about fingers: wide enough for the steps and the picture beside them.
import { Modal } from '@mantine/core';
import { type ReactNode, type RefObject, useEffect, useRef, useState } from 'react';
import { KeyLayer } from '../../app/keys.tsx';
import { useText } from '../../i18n/index.ts';
import { openerOn } from './opener.ts';

interface Props {
  readonly title: string;
  readonly onClose: () => void;
  readonly children: ReactNode;
}

export function FingerDialog({ title, onClose, children }: Props) {
  const t = useText();
  useReturnedFocus();
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

/** For what comes into the dialog later: its first field takes the focus, also when the clerk comes back to it. */
export function useFirstField<E extends HTMLElement>(): RefObject<E | null> {
  const fields = useRef<E>(null);
  useEffect(() => fields.current?.querySelector<HTMLElement>('[data-autofocus]')?.focus(), []);
  return fields;
}

/** What the first of these dialogs was opened from; one may follow another. */
let opener: Element | null = null;

/** Keys lead on from where they were: these dialogs are gone at once, which Mantine's own way back does not see. */
function useReturnedFocus(): void {
  useState(() => {
    opener = openerOn(document, opener);
  });
  useEffect(
    () => () =>
      void setTimeout(() => {
        if (document.activeElement !== document.body) return;
        if (opener instanceof HTMLElement && opener.isConnected) opener.focus({ preventScroll: true });
        else document.getElementById('main')?.focus({ preventScroll: true });
      }),
    [],
  );
}
