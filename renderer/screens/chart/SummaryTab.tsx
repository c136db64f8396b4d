// The first look: the last vital signs against the set before, the last entry, and what is to be done.
import { Link } from 'wouter';
import { vitalText } from '../../../shared/codes/vital-typing.ts';
import { type NumericVital, vitalSpecs } from '../../../shared/codes/vitals.ts';
import { useAnswer } from '../../app/api.ts';
import { to } from '../../app/routes.tsx';
import { useSession } from '../../app/session.tsx';
import { ago, moment, shortMoment } from '../../i18n/format.ts';
import { type TextKey, useText } from '../../i18n/index.ts';
import { ErrorNotice } from '../../parts/ErrorNotice.tsx';
import { Loading } from '../../parts/Loading.tsx';
import { News2Badge } from '../../parts/News2Badge.tsx';
import { NewTask } from '../../parts/NewTask.tsx';
import { TaskList } from '../../parts/TaskList.tsx';
import { pressureText } from '../../parts/vital-set.ts';
import styles from './Chart.module.css';
import type { Observation } from './chart-geometry.ts';
import type { ChartStay } from './chart-types.ts';

interface Props {
  readonly patientId: string;
  readonly admission: ChartStay;
}

export function SummaryTab({ patientId, admission }: Props) {
  const { can } = useSession();
  return (
    <>
      <LatestVitals patientId={patientId} admissionId={admission.admissionId} />
      <div className={styles.two}>
        <LastEntry patientId={patientId} admissionId={admission.admissionId} />
        {admission.status === 'admitted' && can('board.read') && (
          <Tasks wardId={admission.wardId} admissionId={admission.admissionId} patientId={patientId} />
        )}
        {admission.status === 'discharged' && <Discharged admissionId={admission.admissionId} />}
      </div>
    </>
  );
}

const shown = [
  'pulse',
  'temperature',
  'systolic',
  'respiration',
  'spo2',
  'oxygen',
  'weight',
  'pain',
] as const;

function LatestVitals({
  patientId,
  admissionId,
}: {
  readonly patientId: string;
  readonly admissionId: string;
}) {
  const t = useText();
  const sets = useAnswer('observations.list', { admissionId });
  if (sets.error) return <ErrorNotice failure={sets.error} onRetry={() => void sets.refetch()} />;
  if (!sets.data) return <Loading />;
  const newestFirst = sets.data.filter((o) => !o.voided).toSorted((a, b) => b.at - a.at);
  const last = newestFirst[0];
  return (
    <section className={styles.panel}>
      <div className={styles.row}>
        <h2>{t('chart.latestVitals')}</h2>
        {last && (
          <>
            <span>
              {t('chart.measured', {
                time: shortMoment(last.at, Date.now()),
                ago: ago(t, last.at, Date.now()),
                by: last.by,
              })}
            </span>
            <News2Badge news2={last.news2} />
            {last.values.consciousness !== null && (
              <span>{t(`vitals.level.${last.values.consciousness}`)}</span>
            )}
          </>
        )}
        <Link href={to.chart(patientId, 'vitals')} className={styles.end ?? ''}>
          {t('chart.allVitals')}
        </Link>
      </div>
      {last ? (
        <dl className={styles.trend}>
          {shown.map((vital) => (
            <Trend key={vital} vital={vital} sets={newestFirst} />
          ))}
        </dl>
      ) : (
        <p>{t('vitals.none')}</p>
      )}
    </section>
  );
}

/** The last value of one sign and where it came from: up, down or steady in words, and the value before. */
function Trend({ vital, sets }: { readonly vital: NumericVital; readonly sets: readonly Observation[] }) {
  const t = useText();
  const [now, before] = sets.filter((o) => o.values[vital] !== null);
  const value = now?.values[vital] ?? null;
  const earlier = before?.values[vital] ?? null;
  if (!now || value === null) return null;
  const print = (o: Observation) =>
    vital === 'systolic' ? pressureText(o.values) : vitalText(o.values[vital] ?? 0, vital);
  const change = earlier === null || value === earlier ? 'steady' : value > earlier ? 'up' : 'down';
  return (
    <div>
      <dt>{t(vital === 'systolic' ? 'vitals.pressure' : `vitals.${vital}`)}</dt>
      <dd>
        {print(now)} <small>{t.of(vitalSpecs[vital].unitKey)}</small>
        {before && (
          <div>
            <small>
              {t(`chart.trend.${change}`, { value: print(before), time: shortMoment(before.at, Date.now()) })}
            </small>
          </div>
        )}
      </dd>
    </div>
  );
}

function LastEntry({ patientId, admissionId }: { readonly patientId: string; readonly admissionId: string }) {
  const t = useText();
  const entries = useAnswer('notes.list', { admissionId });
  if (entries.error) return <ErrorNotice failure={entries.error} onRetry={() => void entries.refetch()} />;
  if (!entries.data) return <Loading />;
  const last = entries.data.filter((e) => e.withdrawn === null).toSorted((a, b) => b.eventAt - a.eventAt)[0];
  return (
    <section className={styles.panel}>
      <div className={styles.row}>
        <h2>{t('chart.lastEntry')}</h2>
        <Link href={to.chart(patientId, 'sheet')} className={styles.end ?? ''}>
          {t('chart.allEntries')}
        </Link>
      </div>
      {last ? (
        <>
          <p className={styles.quiet}>
            {shortMoment(last.eventAt, Date.now())} · {last.author}
          </p>
          {last.content.progress !== '' && <p className={styles.pre}>{last.content.progress}</p>}
          {last.content.orders !== '' && (
            <p className={styles.pre}>
              <b>{t('notes.orders')}:</b>
              {`\n${last.content.orders}`}
            </p>
          )}
        </>
      ) : (
        <p>{t('notes.none')}</p>
      )}
    </section>
  );
}

function Tasks({
  wardId,
  admissionId,
  patientId,
}: {
  readonly wardId: string;
  readonly admissionId: string;
  readonly patientId: string;
}) {
  const t = useText();
  const tasks = useAnswer('tasks.list', { wardId });
  if (tasks.error) return <ErrorNotice failure={tasks.error} onRetry={() => void tasks.refetch()} />;
  if (!tasks.data) return <Loading />;
  const mine = tasks.data.filter((task) => task.patientId === patientId);
  return (
    <section className={styles.panel}>
      <h2>{t('chart.tasks')}</h2>
      {mine.length === 0 ? <p>✓ {t('chart.noTasks')}</p> : <TaskList tasks={mine} inChart />}
      <NewTask wardId={wardId} admissionId={admissionId} />
    </section>
  );
}

/** How the stay ended, in the words and order of the discharge paper. */
function Discharged({ admissionId }: { readonly admissionId: string }) {
  const t = useText();
  const stay = useAnswer('admissions.get', { admissionId });
  if (stay.error) return <ErrorNotice failure={stay.error} onRetry={() => void stay.refetch()} />;
  if (!stay.data) return <Loading />;
  const { dischargedAt, dischargeType, outcome, dischargeDiagnosis, dischargeIcd, destination, advice } =
    stay.data;
  const lines: [TextKey, string | null][] = [
    ['admission.dischargeAt', dischargedAt === null ? null : moment(dischargedAt)],
    ['admission.dischargeType', dischargeType && t(`admission.dischargeType${dischargeType}`)],
    ['admission.outcome', outcome && t(`admission.outcome${outcome}`)],
    ['admission.dischargeDiagnosis', [dischargeIcd, dischargeDiagnosis].filter(Boolean).join(' – ') || null],
    ['admission.destination', destination],
    ['admission.advice', advice],
  ];
  return (
    <section className={styles.panel}>
      <h2>{t('chart.dischargedTitle')}</h2>
      <dl className={styles.ending}>
        {lines.map(
          ([key, value]) =>
            value !== null && (
              <div key={key}>
                <dt>{t(key)}</dt>
                <dd className={styles.pre}>{value}</dd>
              </div>
            ),
        )}
      </dl>
    </section>
  );
}
