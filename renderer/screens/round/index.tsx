// The vital signs of a whole ward in one grid: the nurse walks the beds and types with Enter and Tab only. Rows stand
// alone: a mistake stays on its row, the others are saved.
import { SegmentedControl } from '@mantine/core';
import { useCallback, useEffect, useState } from 'react';
import { Link, useParams } from 'wouter';
import type { Failure } from '../../../shared/api/contract.ts';
import { useAnswer, useOrder } from '../../app/api.ts';
import { to } from '../../app/routes.tsx';
import { useText } from '../../i18n/index.ts';
import { DraftLine } from '../../parts/DraftLine.tsx';
import { Empty } from '../../parts/Empty.tsx';
import { ErrorNotice } from '../../parts/ErrorNotice.tsx';
import { enterMovesOn } from '../../parts/enter-moves-on.ts';
import { KeyButton } from '../../parts/KeyButton.tsx';
import { Loading } from '../../parts/Loading.tsx';
import { RestoreOffer } from '../../parts/RestoreOffer.tsx';
import { Screen } from '../../parts/Screen.tsx';
import { TimeField } from '../../parts/TimeField.tsx';
import { showUndo } from '../../parts/UndoToast.tsx';
import { useDraft } from '../../parts/useDraft.ts';
import type { VitalBox } from '../../parts/vital-set.ts';
import styles from './Round.module.css';
import { RoundLine } from './RoundLine.tsx';
import {
  confirmationOf,
  inOrder,
  type Order,
  type RoundAnswer,
  roundBoxes,
  type Typed,
  toSend,
  typedFromDraft,
  typeInto,
  without,
} from './round.ts';

export default function RoundScreen() {
  const { wardId = '' } = useParams<{ wardId: string }>();
  return <Round key={wardId} wardId={wardId} />;
}

type RowError = NonNullable<RoundAnswer['error']>;

function Round({ wardId }: { readonly wardId: string }) {
  const t = useText();
  const rows = useAnswer('observations.round', { wardId });
  const wards = useAnswer('beds.wards', {});
  const record = useOrder('observations.recordRound');
  const draft = useDraft(`round:${wardId}`);
  const [order, setOrder] = useState<Order>('overdue');
  const [at, setAt] = useState<number | null>(() => Date.now());
  const [typed, setTyped] = useState<Typed>({});
  const [confirmed, setConfirmed] = useState<ReadonlySet<string>>(new Set());
  const [asked, setAsked] = useState<readonly string[]>([]);
  const [blocked, setBlocked] = useState<readonly string[]>([]);
  const [errors, setErrors] = useState<ReadonlyMap<string, RowError>>(new Map());
  const [failure, setFailure] = useState<Failure | null>(null);
  /** Frozen while the screen is open: a saved row must not jump away under the nurse's hand. */
  const [placed, setPlaced] = useState<readonly string[] | null>(null);
  const { keep } = draft;
  useEffect(() => keep(Object.keys(typed).length === 0 ? null : JSON.stringify(typed)), [typed, keep]);

  const list = rows.data;
  const loaded = list !== undefined;
  // biome-ignore lint/correctness/useExhaustiveDependencies: a refreshed list keeps the order it was opened with
  useEffect(() => {
    if (list) setPlaced(inOrder(list, order).map((row) => row.admissionId));
  }, [order, loaded]);

  const type = useCallback(
    (admissionId: string, box: VitalBox, value: string) =>
      setTyped((all) => typeInto(all, admissionId, box, value)),
    [],
  );

  async function save(): Promise<void> {
    setFailure(null);
    if (at === null) return;
    const nowConfirmed = new Set(confirmed);
    for (const id of asked) {
      const row = typed[id];
      if (row) nowConfirmed.add(confirmationOf(id, row));
    }
    setConfirmed(nowConfirmed);
    const sending = toSend(typed, nowConfirmed);
    setBlocked(sending.blocked);
    setAsked(sending.asking);
    if (sending.rows.length === 0) return;
    const result = await record.run({ wardId, at, rows: sending.rows });
    if (!result.ok) {
      setFailure(result.error);
      return;
    }
    const answers = result.value.rows;
    setErrors(new Map(answers.flatMap((a) => (a.error ? [[String(a.admissionId), a.error] as const] : []))));
    setTyped((all) => without(all, answers));
    const saved = answers.filter((a) => a.error === null).length;
    if (saved > 0) showUndo(result.value.undo, t('vitals.roundSaved', { n: saved }));
  }

  const ward = wards.data?.find((w) => w.wardId === wardId);
  const waiting = Object.keys(typed).length;
  const byId = new Map((list ?? []).map((row) => [String(row.admissionId), row]));
  const shown = [
    ...(placed ?? []).flatMap((id) => byId.get(id) ?? []),
    ...(list ?? []).filter((row) => placed !== null && !placed.includes(row.admissionId)),
  ];

  return (
    <Screen
      title={t('vitals.roundTitle', { ward: ward?.name ?? '' })}
      note={list && t('vitals.roundNote', { n: list.length, overdue: list.filter((r) => r.overdue).length })}
      actions={
        <Link href={to.ward(wardId)} className={styles.back ?? ''}>
          {t('vitals.toBoard')}
        </Link>
      }
      head={
        <div className={styles.head}>
          <TimeField
            label={t('vitals.roundTime')}
            value={at}
            onChange={setAt}
            error={at === null && t('common.notATime')}
          />
          <div>
            <div className={styles.label}>{t('vitals.orderBy')}</div>
            <SegmentedControl
              size="md"
              value={order}
              onChange={(value) => setOrder(value === 'bed' ? 'bed' : 'overdue')}
              data={[
                { value: 'overdue', label: t('vitals.orderOverdue') },
                { value: 'bed', label: t('vitals.orderBed') },
              ]}
            />
          </div>
          <div className={styles.save}>
            <DraftLine draft={draft} />
            <KeyButton
              keyName="Ctrl+S"
              disabled={waiting === 0}
              loading={record.running}
              onPress={() => void save()}
            >
              {t('vitals.roundSave', { n: waiting })}
            </KeyButton>
          </div>
        </div>
      }
    >
      <RestoreOffer draft={draft} onRestore={(content) => setTyped(typedFromDraft(content))} />
      {failure && <ErrorNotice failure={failure} />}
      <div role="status">
        {blocked.length > 0 && (
          <p className={styles.blocked}>■ {t('vitals.roundBlocked', { n: blocked.length })}</p>
        )}
        {asked.length > 0 && <p className={styles.asked}>▲ {t('vitals.roundAsk', { n: asked.length })}</p>}
      </div>
      {rows.error ? (
        <ErrorNotice failure={rows.error} onRetry={() => void rows.refetch()} />
      ) : !list ? (
        <Loading />
      ) : list.length === 0 ? (
        <Empty title={t('vitals.roundEmpty')} hint={t('vitals.roundEmptyHint')} />
      ) : (
        // biome-ignore lint/a11y/noStaticElementInteractions: Enter moves through the grid's boxes
        <div className={styles.scroll} onKeyDown={enterMovesOn}>
          <table className={styles.grid}>
            <thead>
              <tr>
                <th scope="col">{t('vitals.patient')}</th>
                <th scope="col">{t('vitals.last')}</th>
                {roundBoxes.map((box) => (
                  <th key={box} scope="col">
                    {t(`vitals.short.${box}`)}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {shown.map((row) => (
                <RoundLine
                  key={row.admissionId}
                  row={row}
                  typed={typed[row.admissionId]}
                  asked={asked.includes(row.admissionId)}
                  error={errors.get(row.admissionId)}
                  onType={type}
                />
              ))}
            </tbody>
          </table>
        </div>
      )}
    </Screen>
  );
}
