// The treatment sheet on paper: oldest first as it was written, what was withdrawn struck out and never left out, and
// the writer's name where they sign.
import { clock, day, moment } from '../../i18n/format.ts';
import { useText } from '../../i18n/index.ts';
import { ChartPaper } from './ChartPaper.tsx';
import type { ChartHead, ChartStay, Entry } from './chart-types.ts';
import { Orders, Progress } from './EntryText.tsx';
import styles from './SheetPaper.module.css';

interface Props {
  readonly head: ChartHead;
  readonly admission: ChartStay;
  readonly entries: readonly Entry[];
}

export function SheetPaper({ head, admission, entries }: Props) {
  const t = useText();
  return (
    <ChartPaper title={t('notes.paperTitle')} head={head} admission={admission}>
      <table className={styles.sheet}>
        <colgroup>
          <col className={styles.when} />
          <col />
          <col />
        </colgroup>
        <thead>
          <tr>
            <th scope="colgroup" colSpan={3} className={styles.who}>
              {head.fullName} – {head.recordNumber} – {admission.admissionNumber}
            </th>
          </tr>
          <tr className={styles.columns}>
            <th scope="col">{t('notes.when')}</th>
            <th scope="col">{t('notes.progress')}</th>
            <th scope="col">{t('notes.orders')}</th>
          </tr>
        </thead>
        <tbody>
          {entries
            .toSorted((a, b) => a.eventAt - b.eventAt)
            .map((entry) => (
              <Line key={entry.entryId} entry={entry} />
            ))}
        </tbody>
      </table>
    </ChartPaper>
  );
}

function Line({ entry }: { readonly entry: Entry }) {
  const t = useText();
  const { withdrawn } = entry;
  return (
    <>
      <tr className={styles.entry} data-withdrawn={withdrawn !== null || undefined}>
        <th scope="row">
          {day(entry.eventAt)}
          <br />
          {clock(entry.eventAt)}
        </th>
        <Progress content={entry.content} />
        <Orders content={entry.content} />
      </tr>
      <tr className={styles.signed}>
        <td />
        <td>
          {withdrawn &&
            t('notes.withdrawnLine', {
              by: withdrawn.by,
              time: moment(withdrawn.at),
              reason: withdrawn.reason,
            })}
          {!withdrawn && entry.amended && t('notes.amendedTag')}
        </td>
        <td>{[entry.authorTitle, entry.author].filter(Boolean).join(' ')}</td>
      </tr>
    </>
  );
}
