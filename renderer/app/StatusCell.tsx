// The bottom line says in words whether the work is safe. Never a bare number, never the state of the network card:
// what counts is what has been saved, and when.
import { Link } from 'wouter';
import { shortMoment } from '../i18n/format.ts';
import { useText } from '../i18n/index.ts';
import { useAnswer } from './api.ts';
import { to } from './routes.tsx';
import styles from './StatusCell.module.css';
import { useSession } from './session.tsx';

/** Also asked without any change, to notice a core that has gone away. */
const askEveryMs = 15_000;

export function StatusCell() {
  const t = useText();
  const { can } = useSession();
  const sync = useAnswer('station.syncStatus', {}, { everyMs: askEveryMs });
  const away = sync.error ?? sync.stale;
  return (
    <footer className={styles.line} data-away={away !== null}>
      <div role="status" className={styles.words}>
        {away ? (
          <>
            <span aria-hidden="true">■</span> {t('frame.coreAway')}
          </>
        ) : (
          <>
            <span aria-hidden="true" className={styles.mark}>
              ●
            </span>{' '}
            {t('frame.standalone')}
          </>
        )}
      </div>
      {sync.data && (
        <div className={styles.saved}>
          {sync.data.lastSavedAt === null
            ? t('frame.nothingSaved')
            : t('frame.lastSaved', { when: shortMoment(sync.data.lastSavedAt, Date.now()) })}
        </div>
      )}
      {can('station.read') && (
        <Link href={to.station} className={styles.link ?? ''}>
          {t('frame.station')}
        </Link>
      )}
    </footer>
  );
}
