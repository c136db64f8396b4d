// The paper under the eyes: its pages, how many were seen, and what can be done instead of signing.
import { Button } from '@mantine/core';
import { type Ref, useState } from 'react';
import { Link } from 'wouter';
import { useAnswer } from '../../app/api.ts';
import { to } from '../../app/routes.tsx';
import { useText } from '../../i18n/index.ts';
import { ErrorNotice } from '../../parts/ErrorNotice.tsx';
import key from '../../parts/KeyButton.module.css';
import { Loading } from '../../parts/Loading.tsx';
import { PdfPages, type PdfPagesHandle } from '../../parts/pdf/PdfPages.tsx';
import { useRead } from '../documents/use-read.ts';
import { DelegateDialog, RefuseDialog } from './HandOver.tsx';
import styles from './Signing.module.css';
import type { QueueItem } from './signing-types.ts';

interface Props {
  readonly item: QueueItem;
  readonly read: boolean;
  readonly ticked: boolean;
  readonly onRead: (content: string) => void;
  readonly onTick: () => void;
  readonly ref: Ref<PdfPagesHandle>;
}

export function QueuePaper({ item, read, ticked, onRead, onTick, ref }: Props) {
  const t = useText();
  const { document, content } = item;
  const pdf = useAnswer('documents.pdf', { documentId: document.documentId, content, signed: false });
  const note = useRead(document.documentId, content, onRead);
  const [seen, setSeen] = useState(0);
  const [asking, setAsking] = useState<'refuse' | 'delegate' | null>(null);
  const close = () => setAsking(null);
  const of = pdf.data?.pages ?? document.pages ?? 1;
  return (
    <section className={styles.right} aria-label={document.title}>
      <div className={styles.rightHead}>
        <div className={styles.rightTitle}>
          <h2>
            <Link href={to.chart(document.patientId, 'documents')}>{document.patientName}</Link> ·{' '}
            <Link href={to.paper(document.documentId)}>{document.title}</Link>
          </h2>
          <span className={styles.quiet}>{t('signing.writtenBy', { name: document.createdBy })}</span>
        </div>
        <div className={styles.actions}>
          <Button variant="default" size="compact-md" onClick={() => setAsking('refuse')}>
            {t('signing.refuse')}
          </Button>
          <Button variant="default" size="compact-md" onClick={() => setAsking('delegate')}>
            {t('signing.delegate')}
          </Button>
        </div>
      </div>
      <div className={styles.rightHead}>
        <Button
          variant={read && !ticked ? 'filled' : 'default'}
          disabled={!read}
          aria-keyshortcuts="Space"
          onClick={onTick}
        >
          {t(ticked ? 'signing.untick' : 'signing.tick')}
          <span className={key.key} aria-hidden="true">
            {t('signing.space')}
          </span>
        </Button>
        <span role="status" className={read ? styles.good : styles.quiet}>
          {read
            ? `✓ ${t('signing.readAll')}`
            : `${t('signing.readSome', { n: seen, of })} ${t('signing.spaceReads')}`}
        </span>
      </div>
      {pdf.error && <ErrorNotice failure={pdf.error} onRetry={() => void pdf.refetch()} />}
      {pdf.isLoading && <Loading label={t('documents.opening')} />}
      {pdf.data && (
        <div className={styles.pages} data-pages="">
          <PdfPages
            ref={ref}
            pdf={pdf.data.pdf}
            label={t('documents.previewTitle', { title: document.title })}
            onPageSeen={(page, count, all) => {
              setSeen(count);
              note(page, count, all);
            }}
          />
        </div>
      )}
      {asking === 'refuse' && <RefuseDialog item={item} onClose={close} />}
      {asking === 'delegate' && <DelegateDialog item={item} onClose={close} />}
    </section>
  );
}
