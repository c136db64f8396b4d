// Everything that happened in the stay, newest first, with who wrote it on which PC.
import { useAnswer } from '../../app/api.ts';
import { clock, day } from '../../i18n/format.ts';
import { useText } from '../../i18n/index.ts';
import { Empty } from '../../parts/Empty.tsx';
import { ErrorNotice } from '../../parts/ErrorNotice.tsx';
import { Loading } from '../../parts/Loading.tsx';
import { Tag } from '../../parts/Tag.tsx';
import styles from './Chart.module.css';

export function TimelineTab({
  patientId,
  admissionId,
}: {
  readonly patientId: string;
  readonly admissionId: string;
}) {
  const t = useText();
  const items = useAnswer('patients.timeline', { patientId, admissionId });
  if (items.error) return <ErrorNotice failure={items.error} onRetry={() => void items.refetch()} />;
  if (!items.data) return <Loading />;
  if (items.data.length === 0) return <Empty title={t('timeline.empty')} />;
  const days = Map.groupBy(items.data, (item) => day(item.at));
  return [...days].map(([date, ofDay]) => (
    <section key={date} className={styles.panel}>
      <h2>{date}</h2>
      <ul className={styles.list}>
        {ofDay.map((item) => (
          <li key={item.id}>
            <span className={styles.time}>{clock(item.at)}</span>
            <span className={styles.kind}>
              <Tag tone={item.kind === 'voided' ? 'warn' : 'quiet'}>{t(`timeline.kind.${item.kind}`)}</Tag>
            </span>
            <span className={`${styles.grow} ${styles.pre}`}>
              {t.of(item.summaryKey, item.params)}
              {item.text !== null && item.text !== '' && ` — ${item.text}`}
            </span>
            <span className={styles.quiet}>
              {t('timeline.writtenBy', { by: item.by, station: item.station })}
              {Math.abs(item.writtenAt - item.at) > 60_000 &&
                ` · ${t('timeline.writtenAt', { time: `${clock(item.writtenAt)} ${day(item.writtenAt)}` })}`}
            </span>
          </li>
        ))}
      </ul>
    </section>
  ));
}
