// What a person looks like, or plainly that nobody has taken a photo yet: never an invented face.
import { useEffect } from 'react';
import { useAnswer } from '../../app/api.ts';
import { useSession } from '../../app/session.tsx';
import { useText } from '../../i18n/index.ts';
import styles from './Photo.module.css';
import { initials } from './rules.ts';

interface Props {
  /** Null: of somebody who is no patient, and has none. */
  readonly patientId: string | null;
  readonly name: string;
  readonly size: 'small' | 'medium' | 'large';
}

/** Between two looks for a photo that is on its way: the sync room tells nobody that a file has come. */
const lookAgainMs = 15_000;

export function PatientPhoto({ patientId, name, size }: Props) {
  const t = useText();
  const { can } = useSession();
  const { data, refetch } = useAnswer(
    'patients.photo',
    { patientId: patientId ?? '' },
    { enabled: patientId !== null && can('patient.read') },
  );
  const waiting = data?.waiting ?? false;
  useEffect(() => {
    if (!waiting) return;
    const timer = setInterval(() => void refetch(), lookAgainMs);
    return () => clearInterval(timer);
  }, [waiting, refetch]);

  const jpeg = data?.jpeg ?? null;
  if (jpeg !== null)
    return (
      <img
        className={styles.photo}
        data-size={size}
        src={`data:image/jpeg;base64,${jpeg}`}
        alt={t('photo.of', { name })}
      />
    );
  // asked and not answered yet: the place is kept, and nothing is said that a moment later is not true
  const unknown = patientId !== null && can('patient.read') && data === undefined;
  return (
    <span className={styles.none} data-size={size}>
      <span className={styles.letters} aria-hidden="true">
        {initials(name)}
      </span>
      <span>{unknown ? '' : t(waiting ? 'photo.waiting' : 'photo.none')}</span>
    </span>
  );
}
