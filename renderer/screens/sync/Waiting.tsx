// What has not arrived yet, in the words of those who wrote it; what was handed back and why; what is kept unseen.
import { Link } from 'wouter';
import { to } from '../../app/routes.tsx';
import { useSession } from '../../app/session.tsx';
import { bytes, number, shortMoment } from '../../i18n/format.ts';
import { type Text, useText } from '../../i18n/index.ts';
import { say } from '../../i18n/say.ts';
import type { SyncPage } from './index.tsx';
import { Panel } from './Panel.tsx';
import styles from './Sync.module.css';

export function Waiting({ page, now }: { readonly page: SyncPage; readonly now: number }) {
  const t = useText();
  const { files } = page;
  // Where nobody is to receive, an empty queue proves nothing. PCs that call this one, the relay, receive as well.
  const receiver = page.province !== null || page.peers.some(({ state }) => state !== 'found');
  return (
    <Panel title={t('sync.lanes')}>
      <table className={styles.table}>
        <thead>
          <tr>
            <th scope="col">{t('sync.lane')}</th>
            <th scope="col">{t('sync.laneWaiting')}</th>
            <th scope="col">{t('sync.laneSince')}</th>
          </tr>
        </thead>
        <tbody>
          {page.lanes.map(({ lane, waiting, since }) => (
            <tr key={lane}>
              <th scope="row">
                {t(`sync.lane${lane}`)}
                <div className={styles.quiet}>{t(`sync.lane${lane}Hint`)}</div>
              </th>
              <td>{waiting === 0 || !receiver ? <Done really={receiver} /> : number(t, waiting)}</td>
              <td>{receiver && waiting > 0 && since !== null && shortMoment(since, now)}</td>
            </tr>
          ))}
          <tr>
            <th scope="row">
              {t('sync.files')}
              <div className={styles.quiet}>{t('sync.filesHint')}</div>
            </th>
            <td colSpan={2}>
              {files.waiting === 0 ? (
                <Done really={receiver} />
              ) : (
                t('sync.filesWaiting', { n: number(t, files.waiting), size: bytes(t, files.bytes) })
              )}
            </td>
          </tr>
        </tbody>
      </table>
      <p className={styles.quiet}>{t('sync.laneOrder')}</p>
    </Panel>
  );
}

function Done({ really }: { readonly really: boolean }) {
  const t = useText();
  if (!really) return <span className={styles.done}>{t('sync.laneNobody')}</span>;
  return (
    <span className={styles.done}>
      <span aria-hidden="true">✓</span> {t('sync.laneDone')}
    </span>
  );
}

export function Refused({ refused, now }: { readonly refused: SyncPage['refused']; readonly now: number }) {
  const t = useText();
  const { can } = useSession();
  const record = can('chart.read') ? to.chart : to.patient;
  return (
    <Panel title={t('sync.refused')} tone="danger">
      <p>{t('sync.refusedHint')}</p>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by key (WCAG 2.1.1) */}
      <section className={styles.scroll} tabIndex={0} aria-label={t('sync.refused')}>
        <table className={styles.table}>
          <thead>
            <tr>
              <th scope="col">{t('sync.refusedWhat')}</th>
              <th scope="col">{t('sync.refusedPatient')}</th>
              <th scope="col">{t('sync.refusedWho')}</th>
              <th scope="col">{t('sync.refusedWhen')}</th>
              <th scope="col">{t('sync.refusedWhy')}</th>
              <th scope="col">{t('sync.refusedWhere')}</th>
            </tr>
          </thead>
          <tbody>
            {refused.map((change) => (
              <tr key={change.id}>
                <th scope="row">{kindWords(t, change.what)}</th>
                <td>
                  {change.patientId !== null && can('patient.read') ? (
                    <Link href={record(change.patientId)}>{change.patientName ?? t('common.open')}</Link>
                  ) : (
                    change.patientName
                  )}
                </td>
                <td>
                  {change.by}
                  <div className={styles.quiet}>{change.station}</div>
                </td>
                <td>{shortMoment(change.at, now)}</td>
                <td>{say(t, change.reason, now)}</td>
                <td>{placeWords(t, change.where)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </section>
    </Panel>
  );
}

/** The audit trail has words for every kind of change already. */
function kindWords(t: Text, what: string): string {
  const key = what.replace(/^change\./, 'audit.what.');
  return t.has(key) ? t.of(key) : t('sync.refusedUnread');
}

const placeWords = (t: Text, where: string): string =>
  t.has(`sync.where.${where}`) ? t.of(`sync.where.${where}`) : where;

export function Parked({ parked, now }: { readonly parked: SyncPage['parked']; readonly now: number }) {
  const t = useText();
  return (
    <Panel title={t('sync.parked')}>
      <p className={styles.quiet}>{t('sync.parkedHint')}</p>
      <ul className={styles.list}>
        {parked.map(({ reason, count }) => (
          <li key={reason.key}>
            <b>{t('sync.parkedCount', { n: number(t, count) })}</b> {say(t, reason, now)}
          </li>
        ))}
      </ul>
    </Panel>
  );
}
