// Learning fingerprints without a reader: pretend fingers of invented people, and what to try with them.
import { useText } from '../../i18n/index.ts';
import styles from './Training.module.css';

export function ReaderLesson() {
  const t = useText();
  return (
    <section className={styles.lesson} aria-labelledby="reader-lesson">
      <h2 className={styles.heading} id="reader-lesson">
        {t('fingerprint.title')}
      </h2>
      <p>{t('fingerprint.deskWhat')}</p>
      <ol className={styles.exercises}>
        <li>{t('fingerprint.deskTry1')}</li>
        <li>{t('fingerprint.deskTry2')}</li>
        <li>{t('fingerprint.deskTry3')}</li>
        <li>{t('fingerprint.deskTry4')}</li>
      </ol>
    </section>
  );
}
