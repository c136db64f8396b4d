// What a finger can promise among as many as the center has: for the person in charge, in words.
import { useAnswer } from '../../app/api.ts';
import { bytes, number } from '../../i18n/format.ts';
import { useText } from '../../i18n/index.ts';
import { ErrorNotice } from '../../parts/ErrorNotice.tsx';
import { oneInWords } from '../fingerprint/chance-words.ts';
import styles from './Station.module.css';

export function GalleryPanel() {
  const t = useText();
  const { data, error, refetch } = useAnswer('fingerprint.gallery', {});
  return (
    <section className={styles.panel}>
      <h2>{t('fingerprint.gallery')}</h2>
      {error && <ErrorNotice failure={error} onRetry={() => void refetch()} />}
      {data?.fingers === 0 && <p>{t('fingerprint.galleryEmpty')}</p>}
      {data && data.fingers > 0 && (
        <>
          <dl className={styles.facts}>
            {(
              [
                ['fingerprint.galleryPeople', data.people],
                ['fingerprint.galleryFingers', data.fingers],
                ...(data.withoutKey > 0
                  ? ([['fingerprint.galleryWithoutKey', data.withoutKey]] as const)
                  : []),
                ...(data.old > 0 ? ([['fingerprint.galleryOld', data.old]] as const) : []),
              ] as const
            ).map(([word, count]) => (
              <div key={word}>
                <dt>{t(word)}</dt>
                <dd>{number(t, count)}</dd>
              </div>
            ))}
            <div>
              <dt>{t('fingerprint.galleryBytes')}</dt>
              <dd>{bytes(t, data.bytes)}</dd>
            </div>
          </dl>
          <p>{t('fingerprint.galleryOneToOne', { n: number(t, data.oneIn) })}</p>
          <p>
            {t('fingerprint.galleryOneFinger', {
              n: number(t, data.fingers),
              chance: oneInWords(t, data.falseAlarmOneFinger),
            })}
          </p>
          <p>
            {t('fingerprint.galleryTwoFingers', { chance: oneInWords(t, data.falseAlarmTwoFingers) })}{' '}
            {t('fingerprint.galleryWhy')}
          </p>
        </>
      )}
    </section>
  );
}
