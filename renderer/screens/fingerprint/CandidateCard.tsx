// Somebody the finger may belong to: what a clerk can ask and see, how like it is in words, and the way to make sure.
import { Button } from '@mantine/core';
import type { Output } from '../../../shared/api/index.ts';
import { age, birth, number } from '../../i18n/format.ts';
import { useText } from '../../i18n/index.ts';
import { EnterButton } from '../../parts/EnterButton.tsx';
import { fingerNames } from '../../parts/fingers/fingers.ts';
import { PatientPhoto } from '../../parts/photo/PatientPhoto.tsx';
import { Tag } from '../../parts/Tag.tsx';
import styles from './Fingerprint.module.css';

export type FoundPerson = Output<'fingerprint.search'>['candidates'][number];

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
        {person.kind === 'relative' && <p>{t('fingerprint.relativeOf', { name: person.patientName })}</p>}
        <p>
          {[
            person.sex === null ? null : t.of(`common.sex${person.sex}`),
            person.birthDate === null
              ? null
              : `${birth(person.birthDate)} (${age(t, person.birthDate, Date.now())})`,
            person.recordNumber === null ? null : `${t('common.recordNumber')} ${person.recordNumber}`,
          ]
            .filter((part) => part !== null)
            .join(' · ')}
        </p>
        {person.address !== null && <p>{person.address}</p>}
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
