// The sets of the stay: the curve as on the paper sheet, and each set in full with its corrections.
import { Button } from '@mantine/core';
import { Fragment, useMemo, useState } from 'react';
import { vitalText } from '../../../shared/codes/vital-typing.ts';
import { useAnswer, useOrder } from '../../app/api.ts';
import { useSession } from '../../app/session.tsx';
import { moment, shortMoment } from '../../i18n/format.ts';
import { useText } from '../../i18n/index.ts';
import { Empty } from '../../parts/Empty.tsx';
import { ErrorNotice } from '../../parts/ErrorNotice.tsx';
import { KeyButton } from '../../parts/KeyButton.tsx';
import { Loading } from '../../parts/Loading.tsx';
import { News2Badge } from '../../parts/News2Badge.tsx';
import { usePrinting } from '../../parts/PaperForm.tsx';
import { PlaceMark } from '../../parts/PlaceMark.tsx';
import { ReasonDialog } from '../../parts/ReasonDialog.tsx';
import { Tag } from '../../parts/Tag.tsx';
import { showFailure, showUndo } from '../../parts/UndoToast.tsx';
import { usePlaces } from '../../parts/use-places.ts';
import { pressureText } from '../../parts/vital-set.ts';
import styles from './Chart.module.css';
import { ChartPaper } from './ChartPaper.tsx';
import { type Observation, sheetCount } from './chart-geometry.ts';
import type { ChartHead, ChartStay } from './chart-types.ts';
import { VitalsChart } from './VitalsChart.tsx';
import { VitalsForm } from './VitalsForm.tsx';

interface Props {
  readonly head: ChartHead;
  readonly admission: ChartStay;
  readonly adding: boolean;
  readonly onClose: () => void;
}

export function VitalsTab({ head, admission, adding, onClose }: Props) {
  const t = useText();
  const { can } = useSession();
  const { admissionId, admittedAt } = admission;
  const sets = useAnswer('observations.list', { admissionId });
  const [correcting, setCorrecting] = useState<Observation | null>(null);
  const [voiding, setVoiding] = useState<Observation | null>(null);
  const strike = useOrder('observations.void');
  const last = sheetCount(admittedAt, admission.dischargedAt ?? Date.now()) - 1;
  const [page, setPage] = useState(last);
  const printing = usePrinting();

  async function voidSet(reason: string): Promise<void> {
    if (!voiding) return;
    const result = await strike.run({ observationId: voiding.observationId, reason });
    setVoiding(null);
    if (result.ok) showUndo(result.value.undo, t('vitals.voided'));
    else showFailure(result.error);
  }

  if (sets.error) return <ErrorNotice failure={sets.error} onRetry={() => void sets.refetch()} />;
  return (
    <>
      {correcting ? (
        <VitalsForm
          key={correcting.observationId}
          admissionId={admissionId}
          patientId={head.patientId}
          correcting={correcting}
          onClose={() => setCorrecting(null)}
        />
      ) : (
        adding && <VitalsForm admissionId={admissionId} patientId={head.patientId} onClose={onClose} />
      )}
      {!sets.data ? (
        <Loading />
      ) : sets.data.length === 0 ? (
        <Empty title={t('vitals.none')} hint={t('vitals.noneHint')} />
      ) : (
        <>
          <div className={styles.panel}>
            <div className={styles.row}>
              <Button variant="default" disabled={page === 0} onClick={() => setPage(page - 1)}>
                ← {t('vitals.earlier')}
              </Button>
              <span>{t('vitals.sheetOf', { n: page + 1, of: last + 1 })}</span>
              <Button variant="default" disabled={page >= last} onClick={() => setPage(page + 1)}>
                {t('vitals.later')} →
              </Button>
              <div className={styles.end}>
                <KeyButton keyName="Ctrl+P" variant="default" onPress={() => window.print()}>
                  {t('common.print')}
                </KeyButton>
              </div>
            </div>
            {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by key (WCAG 2.1.1) */}
            <section className={styles.scroll} tabIndex={0} aria-label={t('vitals.chartScroll')}>
              <VitalsChart
                sets={sets.data}
                admittedAt={admittedAt}
                page={page}
                title={t('vitals.chartTitle', { name: head.fullName, number: head.recordNumber })}
              />
            </section>
          </div>
          <Sets
            sets={sets.data}
            admissionId={admissionId}
            mayWrite={can('vitals.write')}
            onCorrect={setCorrecting}
            onVoid={setVoiding}
          />
          {printing && (
            <ChartPaper
              title={t('vitals.paperTitle')}
              sheet={t('chart.paper.sheetNumber', { n: page + 1 })}
              landscape
              head={head}
              admission={admission}
            >
              <VitalsChart
                sets={sets.data}
                admittedAt={admittedAt}
                page={page}
                title={t('vitals.paperTitle')}
                onPaper
              />
            </ChartPaper>
          )}
        </>
      )}
      <ReasonDialog
        opened={voiding !== null}
        title={t('vitals.voidTitle')}
        confirmLabel={t('vitals.voidDo')}
        danger
        running={strike.running}
        suggestions={[t('vitals.voidWrongPatient'), t('vitals.voidWrongTime')]}
        onConfirm={(reason) => void voidSet(reason)}
        onClose={() => setVoiding(null)}
      >
        {t('vitals.voidText', { time: voiding ? moment(voiding.at) : '' })}
      </ReasonDialog>
    </>
  );
}

/** Two weeks at three rounds a day: rows beyond cost a weak PC more than they are looked at. */
const setsShown = 42;

const columns = [
  'pulse',
  'temperature',
  'pressure',
  'respiration',
  'spo2',
  'oxygen',
  'consciousness',
  'weight',
  'pain',
  'urine',
] as const;

function cell(o: { readonly values: Observation['values'] }, column: (typeof columns)[number]): string {
  if (column === 'pressure') return pressureText(o.values);
  if (column === 'consciousness') return o.values.consciousness ?? '';
  const value = o.values[column];
  return value === null ? '' : vitalText(value, column);
}

function Sets({
  sets,
  admissionId,
  mayWrite,
  onCorrect,
  onVoid,
}: {
  readonly sets: readonly Observation[];
  readonly admissionId: string;
  readonly mayWrite: boolean;
  readonly onCorrect: (set: Observation) => void;
  readonly onVoid: (set: Observation) => void;
}) {
  const t = useText();
  const [unfolded, setUnfolded] = useState<string | null>(null);
  const [all, setAll] = useState(false);
  const newestFirst = useMemo(
    () => sets.toSorted((a, b) => b.at - a.at).slice(0, all ? sets.length : setsShown),
    [sets, all],
  );
  const ids = useMemo(() => newestFirst.map(({ observationId }) => observationId), [newestFirst]);
  const places = usePlaces('observation', ids);
  const hidden = sets.length - newestFirst.length;
  return (
    <div className={styles.scroll}>
      <table className={styles.table}>
        <caption className={styles.caption}>{t('vitals.setsCaption', { n: sets.length })}</caption>
        <thead>
          <tr>
            <th scope="col">{t('vitals.time')}</th>
            {columns.map((c) => (
              <th key={c} scope="col">
                {t(`vitals.short.${c}`)}
              </th>
            ))}
            <th scope="col">NEWS2</th>
            <th scope="col">{t('vitals.by')}</th>
            <th scope="col">{t('vitals.actions')}</th>
          </tr>
        </thead>
        <tbody>
          {newestFirst.map((o) => (
            <Fragment key={o.observationId}>
              <tr data-off={o.voided || undefined}>
                <th scope="row">{shortMoment(o.at, Date.now())}</th>
                {columns.map((c) => (
                  <td key={c}>{cell(o, c)}</td>
                ))}
                <td>{o.voided ? '' : <News2Badge news2={o.news2} />}</td>
                <td data-plain>
                  {o.by} <PlaceMark places={places} type="observation" id={o.observationId} />
                  {o.voided && <div>{t('vitals.voidedBecause', { reason: o.voidReason ?? '' })}</div>}
                  {o.reason !== null && <div>{t('vitals.correctedBecause', { reason: o.reason })}</div>}
                  {o.note && <div>{o.note}</div>}
                  {o.admissionId !== admissionId && <Tag tone="warn">{t('chart.voidedStay')}</Tag>}
                </td>
                <td data-plain>
                  <div className={styles.row}>
                    {mayWrite && !o.voided && (
                      <>
                        <Button size="compact-md" variant="default" onClick={() => onCorrect(o)}>
                          {t('common.edit')}
                        </Button>
                        <Button size="compact-md" variant="default" onClick={() => onVoid(o)}>
                          {t('vitals.void')}
                        </Button>
                      </>
                    )}
                    {o.history.length > 0 && (
                      <Button
                        size="compact-md"
                        variant="default"
                        aria-expanded={unfolded === o.observationId}
                        onClick={() => setUnfolded(unfolded === o.observationId ? null : o.observationId)}
                      >
                        {t('vitals.history', { n: o.history.length })}
                      </Button>
                    )}
                  </div>
                </td>
              </tr>
              {unfolded === o.observationId &&
                o.history.map((h) => (
                  <tr key={h.writtenAt}>
                    <td>{shortMoment(h.at, Date.now())}</td>
                    {columns.map((c) => (
                      <td key={c} className={styles.quiet}>
                        {cell(h, c)}
                      </td>
                    ))}
                    <td colSpan={3}>
                      {t('vitals.historyLine', { time: moment(h.writtenAt), by: h.by })}
                      {h.reason && ` — ${h.reason}`}
                    </td>
                  </tr>
                ))}
            </Fragment>
          ))}
        </tbody>
      </table>
      {hidden > 0 && (
        <Button variant="default" my="sm" onClick={() => setAll(true)}>
          {t('vitals.showEarlier', { n: hidden })}
        </Button>
      )}
    </div>
  );
}
