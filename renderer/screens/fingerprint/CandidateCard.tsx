// Somebody the finger may belong to: what a clerk can ask and see, how like it is in words, and the way to make sure.
import { Button } from '@mantine/core';
import { number } from '../../i18n/format.ts';
import { useText } from '../../i18n/index.ts';
import { EnterButton } from '../../parts/EnterButton.tsx';
import { fingerNames } from '../../parts/fingers/fingers.ts';
import { PatientPhoto } from '../../parts/photo/PatientPhoto.tsx';
import { Tag } from '../../parts/Tag.tsx';
import { type FoundPerson, whoItIs } from './candidate-words.ts';
import styles from './Fingerprint.module.css';

const tones = { very: 'accent', fairly: 'warn', slightly: 'quiet' } as const;

interface Props {
  readonly person: FoundPerson;
  readonly first: boolean;
  readonly onSecond: () => void;
}

export function CandidateCard({ person, first, onSecond }: Props) {
  const t = useText();
  return (
    <li className={styles.card} data-likeness={person.likeness}>
      <PatientPhoto
        // the finger is a relative's, and the patient's face beside it would mislead
        patientId={person.kind === 'patient' ? person.patientId : null}
        name={person.name}
        size="medium"
      />
      <div>
        <h3>
          {person.name}
          <Tag tone={tones[person.likeness]}>{t(`fingerprint.likeness.${person.likeness}`)}</Tag>
        </h3>
        {whoItIs(t, person, Date.now()).map((line) => (
          <p key={line}>{line}</p>
        ))}
        <p className={styles.quiet}>
          {person.otherFingers.length === 0
            ? t('fingerprint.noOtherFingers')
            : t('fingerprint.otherFingers', { fingers: fingerNames(t, person.otherFingers) })}
          {' · '}
          {t('fingerprint.score', { n: number(t, person.score, 2) })}
        </p>
      </div>
      {person.otherFingers.length > 0 && (
        <div>
          {first ? (
            <EnterButton onPress={onSecond}>{t('fingerprint.secondFinger')}</EnterButton>
          ) : (
            <Button size="lg" variant="default" onClick={onSecond}>
              {t('fingerprint.secondFinger')}
            </Button>
          )}
        </div>
      )}
    </li>
  );
}
