// Tờ điều trị as on paper: date and time, progress, orders; each entry with who wrote it and both times.
import { Button } from '@mantine/core';
import { Fragment, useMemo, useState } from 'react';
import { useAnswer, useOrder } from '../../app/api.ts';
import { useSession } from '../../app/session.tsx';
import { clock, day, moment } from '../../i18n/format.ts';
import { useText } from '../../i18n/index.ts';
import { Empty } from '../../parts/Empty.tsx';
import { ErrorNotice } from '../../parts/ErrorNotice.tsx';
import { KeyButton } from '../../parts/KeyButton.tsx';
import { Loading } from '../../parts/Loading.tsx';
import { usePrinting } from '../../parts/PaperForm.tsx';
import { PlaceMark } from '../../parts/PlaceMark.tsx';
import { ReasonDialog } from '../../parts/ReasonDialog.tsx';
import { Tag } from '../../parts/Tag.tsx';
import { showDone, showFailure } from '../../parts/UndoToast.tsx';
import { type Places, usePlaces } from '../../parts/use-places.ts';
import styles from './Chart.module.css';
import type { ChartHead, ChartStay, Entry } from './chart-types.ts';
import { EntryEditor } from './EntryEditor.tsx';
import { Orders, Progress } from './EntryText.tsx';
import sheet from './Sheet.module.css';
import { SheetPaper } from './SheetPaper.tsx';

interface Props {
  readonly head: ChartHead;
  readonly admission: ChartStay;
  readonly writing: boolean;
  readonly onClose: () => void;
}

export function SheetTab({ head, admission, writing, onClose }: Props) {
  const t = useText();
  const { can } = useSession();
  const { admissionId } = admission;
  const entries = useAnswer('notes.list', { admissionId });
  const withdraw = useOrder('notes.withdraw');
  const [amending, setAmending] = useState<Entry | null>(null);
  const [withdrawing, setWithdrawing] = useState<Entry | null>(null);
  const printing = usePrinting();
  const newestFirst = useMemo(() => entries.data?.toSorted((a, b) => b.eventAt - a.eventAt), [entries.data]);
  const ids = useMemo(() => newestFirst?.map(({ entryId }) => entryId), [newestFirst]);
  const places = usePlaces('note', ids);

  async function takeOut(reason: string): Promise<void> {
    if (!withdrawing) return;
    const result = await withdraw.run({ entryId: withdrawing.entryId, reason });
    setWithdrawing(null);
    if (result.ok) showDone(t('notes.withdrawn'));
    else showFailure(result.error);
  }

  if (entries.error) return <ErrorNotice failure={entries.error} onRetry={() => void entries.refetch()} />;
  if (!entries.data || !newestFirst) return <Loading />;
  return (
    <>
      {amending ? (
        <EntryEditor
          key={amending.entryId}
          head={head}
          admissionId={admissionId}
          entries={entries.data}
          amending={amending}
          onClose={() => setAmending(null)}
        />
      ) : (
        writing && (
          <EntryEditor head={head} admissionId={admissionId} entries={entries.data} onClose={onClose} />
        )
      )}
      {entries.data.length === 0 ? (
        !writing && <Empty title={t('notes.none')} hint={t('notes.noneHint')} />
      ) : (
        <>
          <div className={styles.row}>
            <div className={styles.end}>
              <KeyButton keyName="Ctrl+P" variant="default" onPress={() => window.print()}>
                {t('common.print')}
              </KeyButton>
            </div>
          </div>
          <table className={sheet.sheet}>
            <caption className={styles.caption}>{t('notes.caption', { n: entries.data.length })}</caption>
            <thead>
              <tr>
                <th scope="col">{t('notes.when')}</th>
                <th scope="col">{t('notes.progress')}</th>
                <th scope="col">{t('notes.orders')}</th>
              </tr>
            </thead>
            <tbody>
              {newestFirst.map((entry) => (
                <EntryRow
                  key={entry.entryId}
                  entry={entry}
                  places={places}
                  elsewhere={entry.admissionId !== admissionId}
                  mayWrite={can('notes.write') && entry.mayAmend}
                  onAmend={() => setAmending(entry)}
                  onWithdraw={() => setWithdrawing(entry)}
                />
              ))}
            </tbody>
          </table>
          {printing && <SheetPaper head={head} admission={admission} entries={entries.data} />}
        </>
      )}
      <ReasonDialog
        opened={withdrawing !== null}
        title={t('notes.withdrawTitle')}
        confirmLabel={t('notes.withdraw')}
        danger
        running={withdraw.running}
        suggestions={[t('notes.withdrawWrongPatient'), t('notes.withdrawTwice')]}
        onConfirm={(reason) => void takeOut(reason)}
        onClose={() => setWithdrawing(null)}
      >
        {t('notes.withdrawText', { time: withdrawing ? moment(withdrawing.eventAt) : '' })}
      </ReasonDialog>
    </>
  );
}

function EntryRow({
  entry,
  places,
  elsewhere,
  mayWrite,
  onAmend,
  onWithdraw,
}: {
  readonly entry: Entry;
  readonly places: Places;
  /** Written in a stay that was voided in favour of the one shown. */
  readonly elsewhere: boolean;
  readonly mayWrite: boolean;
  readonly onAmend: () => void;
  readonly onWithdraw: () => void;
}) {
  const t = useText();
  const [unfolded, setUnfolded] = useState(false);
  const { withdrawn } = entry;
  return (
    <Fragment>
      <tr data-withdrawn={withdrawn !== null || undefined}>
        <th scope="row">
          <When at={entry.eventAt} />
          {entry.author} <PlaceMark places={places} type="note" id={entry.entryId} />
          {entry.authorTitle !== null && <div className={sheet.sub}>{entry.authorTitle}</div>}
          <div className={sheet.sub}>{t('notes.writtenAt', { time: moment(entry.writtenAt) })}</div>
          {entry.wardName !== null && <div className={sheet.sub}>{entry.wardName}</div>}
          {elsewhere && <Tag tone="warn">{t('chart.voidedStay')}</Tag>}
          {withdrawn && <Tag tone="danger">{t('notes.withdrawnTag')}</Tag>}
          {entry.amended && <Tag tone="accent">{t('notes.amendedTag')}</Tag>}
          {entry.reason !== null && (
            <div className={sheet.sub}>{t('notes.amendedBecause', { reason: entry.reason })}</div>
          )}
          <div className={sheet.buttons}>
            {mayWrite && !withdrawn && (
              <>
                <Button size="compact-md" variant="default" onClick={onAmend}>
                  {t('notes.amend')}
                </Button>
                <Button size="compact-md" variant="default" onClick={onWithdraw}>
                  {t('notes.withdraw')}
                </Button>
              </>
            )}
            {entry.history.length > 0 && (
              <Button
                size="compact-md"
                variant="default"
                aria-expanded={unfolded}
                onClick={() => setUnfolded(!unfolded)}
              >
                {t('notes.history', { n: entry.history.length })}
              </Button>
            )}
          </div>
        </th>
        <Progress content={entry.content}>
          {withdrawn && (
            <div className={sheet.sub}>
              {t('notes.withdrawnLine', {
                by: withdrawn.by,
                time: moment(withdrawn.at),
                reason: withdrawn.reason,
              })}
            </div>
          )}
        </Progress>
        <Orders content={entry.content} />
      </tr>
      {unfolded &&
        entry.history.map((old) => (
          <tr key={old.writtenAt} className={sheet.old ?? ''}>
            <th scope="row">
              <When at={old.eventAt} />
              {t('notes.historyLine', { by: old.author, time: moment(old.writtenAt) })}
              {old.reason !== null && (
                <div className={sheet.sub}>{t('notes.historyReason', { reason: old.reason })}</div>
              )}
            </th>
            <Progress content={old.content} />
            <Orders content={old.content} />
          </tr>
        ))}
    </Fragment>
  );
}

function When({ at }: { readonly at: number }) {
  return (
    <time dateTime={new Date(at).toISOString()}>
      {day(at)} {clock(at)}
    </time>
  );
}
