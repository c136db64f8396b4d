// Giấy tờ: the papers of this stay, each with how it stands in words, and the way to a new one.
import { Checkbox } from '@mantine/core';
import { useMemo, useState } from 'react';
import { Link, useLocation } from 'wouter';
import { useAnswer } from '../../app/api.ts';
import { to } from '../../app/routes.tsx';
import { useSession } from '../../app/session.tsx';
import { shortMoment } from '../../i18n/format.ts';
import { useText } from '../../i18n/index.ts';
import { Empty } from '../../parts/Empty.tsx';
import { ErrorNotice } from '../../parts/ErrorNotice.tsx';
import { KeyButton } from '../../parts/KeyButton.tsx';
import { Loading } from '../../parts/Loading.tsx';
import { PlaceMark } from '../../parts/PlaceMark.tsx';
import { Tag } from '../../parts/Tag.tsx';
import { usePlaces } from '../../parts/use-places.ts';
import styles from './Documents.module.css';
import { NewPaper } from './NewPaper.tsx';
import type { PaperHead } from './paper-types.ts';
import { stateWords } from './state-words.ts';

interface Props {
  readonly patientId: string;
  /** Null for somebody who never lay here: papers of the patient only. */
  readonly admissionId: string | null;
}

export function DocumentsTab({ patientId, admissionId }: Props) {
  const t = useText();
  const { can } = useSession();
  const [, go] = useLocation();
  const papers = useAnswer('documents.ofPatient', { patientId, admissionId });
  const [choosing, setChoosing] = useState(false);
  const [withVoid, setWithVoid] = useState(false);
  const newestFirst = useMemo(
    () => papers.data?.documents.toSorted((a, b) => b.createdAt - a.createdAt),
    [papers.data],
  );
  const shown = newestFirst?.filter(({ state }) => withVoid || state !== 'void');
  const voided = newestFirst?.filter(({ state }) => state === 'void').length ?? 0;
  const mayWrite = can('notes.write') || can('orders.write') || can('vitals.write');
  if (papers.error) return <ErrorNotice failure={papers.error} onRetry={() => void papers.refetch()} />;
  if (!shown) return <Loading />;
  return (
    <>
      <div className={styles.row}>
        {mayWrite && (
          <KeyButton keyName="Alt+N" onPress={() => setChoosing(true)}>
            {t('documents.new')}
          </KeyButton>
        )}
        {voided > 0 && (
          <Checkbox
            label={t('documents.showVoid', { n: voided })}
            checked={withVoid}
            onChange={(event) => setWithVoid(event.currentTarget.checked)}
          />
        )}
        <Link href={to.forms()} className={styles.end ?? ''}>
          {t('documents.seeForms')}
        </Link>
      </div>
      {shown.length === 0 ? (
        <Empty title={t('documents.none')} hint={t(mayWrite ? 'documents.noneHint' : 'documents.noneRead')} />
      ) : (
        <PaperTable papers={shown} />
      )}
      <NewPaper
        opened={choosing}
        inStay={admissionId !== null}
        onClose={() => setChoosing(false)}
        onPick={(form) => go(to.newPaper(patientId, form, admissionId))}
      />
    </>
  );
}

function PaperTable({ papers }: { readonly papers: readonly PaperHead[] }) {
  const t = useText();
  const ids = useMemo(() => papers.map(({ documentId }) => documentId), [papers]);
  const places = usePlaces('document', ids);
  const now = Date.now();
  return (
    <table className={styles.table}>
      <caption className={styles.caption}>{t('documents.caption', { n: papers.length })}</caption>
      <thead>
        <tr>
          <th scope="col">{t('documents.paper')}</th>
          <th scope="col">{t('documents.standing')}</th>
          <th scope="col">{t('documents.writer')}</th>
          <th scope="col">{t('documents.lastChange')}</th>
        </tr>
      </thead>
      <tbody>
        {papers.map((paper) => {
          const { tone, text } = stateWords(t, paper);
          const open = paper.content === null;
          return (
            <tr key={paper.documentId} data-off={paper.state === 'void' || undefined}>
              <th scope="row">
                <Link href={open ? to.writePaper(paper) : to.paper(paper.documentId)}>{paper.title}</Link>{' '}
                <PlaceMark places={places} type="document" id={paper.documentId} />
              </th>
              <td>
                <Tag tone={tone}>{text}</Tag>
                {paper.changedSince && <div className={styles.quiet}>{t('documents.changedSince')}</div>}
              </td>
              <td>{paper.createdBy}</td>
              <td>{shortMoment(paper.changedAt, now)}</td>
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}
