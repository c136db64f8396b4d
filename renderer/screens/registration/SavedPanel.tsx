// What was made, and the steps that usually follow: a photo while the person still stands there, then admission.
import { useState } from 'react';
import { useLocation } from 'wouter';
import { useText } from '../../i18n/index.ts';
import { KeyButton } from '../../parts/KeyButton.tsx';
import { PatientPhoto } from '../../parts/photo/PatientPhoto.tsx';
import { PhotoDialog } from '../../parts/photo/PhotoDialog.tsx';
import styles from './Registration.module.css';

interface Props {
  readonly saved: { readonly patientId: string; readonly recordNumber: string; readonly name: string };
  readonly canAdmit: boolean;
  readonly onAdmit: () => void;
  readonly onNext: () => void;
}

export function SavedPanel({ saved, canAdmit, onAdmit, onNext }: Props) {
  const t = useText();
  const [, go] = useLocation();
  const [taking, setTaking] = useState(false);
  const name = saved.name || t('registration.unnamed');
  return (
    <section className={styles.saved}>
      <div className={styles.savedHead}>
        <PatientPhoto patientId={saved.patientId} name={name} size="medium" />
        <div role="status">
          <h2>✓ {t('registration.saved', { name })}</h2>
          <p>
            {t('registration.recordNumber')} <span className={styles.number}>{saved.recordNumber}</span>
          </p>
        </div>
      </div>
      <div className={styles.buttons}>
        {canAdmit && (
          <KeyButton keyName="F4" onPress={onAdmit} data-autofocus>
            {t('registration.admitNow')}
          </KeyButton>
        )}
        <KeyButton variant="default" keyName="F8" onPress={() => setTaking(true)}>
          {t('photo.takeOne')}
        </KeyButton>
        <KeyButton variant="default" keyName="Ctrl+N" onPress={onNext}>
          {t('registration.next')}
        </KeyButton>
        <KeyButton variant="default" keyName="Ctrl+E" onPress={() => go(`/patient/${saved.patientId}`)}>
          {t('registration.openPatient')}
        </KeyButton>
      </div>
      {taking && <PhotoDialog patientId={saved.patientId} name={name} onClose={() => setTaking(false)} />}
    </section>
  );
}
