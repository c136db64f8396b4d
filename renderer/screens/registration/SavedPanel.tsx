// What was made, and the steps that usually follow.
import { useLocation } from 'wouter';
import { useText } from '../../i18n/index.ts';
import { KeyButton } from '../../parts/KeyButton.tsx';
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
  return (
    <section className={styles.saved} role="status">
      <h2>✓ {t('registration.saved', { name: saved.name || t('registration.unnamed') })}</h2>
      <p>
        {t('registration.recordNumber')} <span className={styles.number}>{saved.recordNumber}</span>
      </p>
      <div className={styles.buttons}>
        {canAdmit && (
          <KeyButton keyName="F4" onPress={onAdmit} data-autofocus>
            {t('registration.admitNow')}
          </KeyButton>
        )}
        <KeyButton variant="default" keyName="Ctrl+N" onPress={onNext}>
          {t('registration.next')}
        </KeyButton>
        <KeyButton variant="default" keyName="Ctrl+E" onPress={() => go(`/patient/${saved.patientId}`)}>
          {t('registration.openPatient')}
        </KeyButton>
      </div>
    </section>
  );
}
