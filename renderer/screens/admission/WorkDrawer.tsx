// The frame of every admission step: a panel at the right that leaves the board or chart visible beside it,
// Enter moving on, Ctrl+S doing the step, and the failure in words above the buttons.
import { Button, Drawer, Group } from '@mantine/core';
import { type ReactNode, useState } from 'react';
import type { Failure } from '../../../shared/api/contract.ts';
import { KeyLayer } from '../../app/keys.tsx';
import { useText } from '../../i18n/index.ts';
import { ConfirmDialog } from '../../parts/ConfirmDialog.tsx';
import { ErrorNotice } from '../../parts/ErrorNotice.tsx';
import { enterMovesOn } from '../../parts/enter-moves-on.ts';
import { KeyButton } from '../../parts/KeyButton.tsx';
import styles from './Drawers.module.css';

interface Props {
  readonly title: string;
  /** Who it is about: name and place, so that nobody is moved by mistake. */
  readonly about: ReactNode;
  readonly doLabel: string;
  readonly danger?: boolean;
  readonly running: boolean;
  readonly failure: Failure | null;
  readonly onDo: () => void;
  readonly onClose: () => void;
  readonly children: ReactNode;
}

export interface DrawerProps {
  readonly opened: boolean;
  readonly onClose: () => void;
}

export function WorkDrawer({
  title,
  about,
  doLabel,
  danger = false,
  running,
  failure,
  onDo,
  onClose,
  children,
}: Props) {
  const t = useText();
  const [typed, setTyped] = useState(false);
  const [asking, setAsking] = useState(false);
  // Esc and a click beside the drawer come by accident; the button says what it does and needs no question.
  // Asked when the key press is over, or the question would take the same Esc for its answer.
  const leave = () => (typed ? setTimeout(() => setAsking(true)) : onClose());
  return (
    <Drawer
      opened
      onClose={leave}
      closeOnEscape={!asking}
      title={<span className={styles.title}>{title}</span>}
      overlayProps={{ backgroundOpacity: 0.3 }}
      closeButtonProps={{ 'aria-label': t('common.close') }}
    >
      <KeyLayer>
        <form
          className={styles.form}
          noValidate
          onInput={() => setTyped(true)}
          onKeyDown={enterMovesOn}
          onSubmit={(event) => event.preventDefault()}
        >
          <div className={styles.about}>{about}</div>
          {children}
          {failure && <ErrorNotice failure={failure} />}
          <Group justify="flex-end" gap="sm">
            <Button variant="default" onClick={onClose}>
              {t('common.cancel')}
            </Button>
            <KeyButton keyName="Ctrl+S" color={danger ? 'red' : 'teal'} loading={running} onPress={onDo}>
              {doLabel}
            </KeyButton>
          </Group>
        </form>
        <ConfirmDialog
          opened={asking}
          title={t('common.dropTitle')}
          confirmLabel={t('common.drop')}
          cancelLabel={t('common.goOn')}
          danger
          onConfirm={onClose}
          onClose={() => setAsking(false)}
        >
          {t('common.dropText')}
        </ConfirmDialog>
      </KeyLayer>
    </Drawer>
  );
}
