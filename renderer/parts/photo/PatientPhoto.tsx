// What a person looks like, or plainly that nobody has taken a photo yet: never an invented face.
import { useEffect } from 'react';
import { useAnswer } from '../../app/api.ts';
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
  const { data, refetch } = useAnswer(
    'patients.photo',
    { patientId: patientId ?? '' },
    { enabled: patientId !== null },
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
  // not answered yet, or not for this person to see: the place is kept, and nothing is said that may not be true
  const unknown = patientId !== null && data === undefined;
  return (
    <span className={styles.none} data-size={size}>
      <span className={styles.letters} aria-hidden="true">
        {initials(name)}
      </span>
      <span>{unknown ? '' : t(waiting ? 'photo.waiting' : 'photo.none')}</span>
    </span>
  );
}
