// What training mode is, who to log in as, and a first hour of exercises in the order of a shift.
import { useAnswer } from '../../app/api.ts';
import { useText } from '../../i18n/index.ts';
import { Loading } from '../../parts/Loading.tsx';
import { Screen } from '../../parts/Screen.tsx';
import { Accounts } from './Accounts.tsx';
import { LineLesson } from './LineLesson.tsx';
import { ReaderLesson } from './ReaderLesson.tsx';
import styles from './Training.module.css';

const exercises = [
  'training.try1',
  'training.try2',
  'training.try3',
  'training.try4',
  'training.try5',
  'training.try6',
  'training.try7',
  'training.try8',
] as const;

export default function Training() {
  const t = useText();
  const status = useAnswer('station.status', {});
  if (!status.data) return <Loading />;
  return (
    <Screen title={t('training.title')} note={t('training.note')} width="page">
      <p className={styles.lead}>{t('training.lead')}</p>
      <h2 className={styles.heading}>{t('training.tryTitle')}</h2>
      <ol className={styles.exercises}>
        {exercises.map((key) => (
          <li key={key}>{t(key)}</li>
        ))}
      </ol>
      <LineLesson />
      <ReaderLesson />
      {status.data.trainingAccounts && (
        <>
          <h2 className={styles.heading}>{t('training.accountsTitle')}</h2>
          <Accounts accounts={status.data.trainingAccounts} />
        </>
      )}
    </Screen>
  );
}
