// The photo with what may be done to it: take one, take another, take it away and say why.
import { Button } from '@mantine/core';
import { useState } from 'react';
import { useAnswer, useOrder } from '../../app/api.ts';
import { useText } from '../../i18n/index.ts';
import { KeyButton } from '../KeyButton.tsx';
import { ReasonDialog } from '../ReasonDialog.tsx';
import { showFailure, showUndo } from '../UndoToast.tsx';
import { PatientPhoto } from './PatientPhoto.tsx';
import styles from './Photo.module.css';
import { PhotoDialog } from './PhotoDialog.tsx';

interface Props {
  readonly patientId: string;
  readonly name: string;
  readonly mayWrite: boolean;
}

const reasons = ['photo.whyWrong', 'photo.whyAsked', 'photo.whyPoor'] as const;

export function PhotoBox({ patientId, name, mayWrite }: Props) {
  const t = useText();
  const { data } = useAnswer('patients.photo', { patientId });
  const set = useOrder('patients.setPhoto');
  const [open, setOpen] = useState<'take' | 'remove' | null>(null);
  const has = data !== undefined && (data.jpeg !== null || data.waiting);

  async function remove(reason: string): Promise<void> {
    const result = await set.run({ patientId, jpeg: null, reason });
    setOpen(null);
    if (result.ok) showUndo(result.value.undo, t('photo.removed', { name }));
    else showFailure(result.error);
  }

  return (
    <div className={styles.box}>
      <PatientPhoto patientId={patientId} name={name} size="large" />
      {mayWrite && (
        <div className={styles.boxKeys}>
          <KeyButton keyName="F8" variant="default" onPress={() => setOpen('take')}>
            {t(has ? 'photo.change' : 'photo.takeOne')}
          </KeyButton>
          {has && (
            <Button variant="default" onClick={() => setOpen('remove')}>
              {t('photo.remove')}
            </Button>
          )}
        </div>
      )}
      {open === 'take' && <PhotoDialog patientId={patientId} name={name} onClose={() => setOpen(null)} />}
      <ReasonDialog
        opened={open === 'remove'}
        title={t('photo.removeTitle', { name })}
        confirmLabel={t('photo.remove')}
        suggestions={reasons.map((key) => t(key))}
        running={set.running}
        danger
        onConfirm={(reason) => void remove(reason)}
        onClose={() => setOpen(null)}
      >
        {t('photo.removeText')}
      </ReasonDialog>
    </div>
  );
}
