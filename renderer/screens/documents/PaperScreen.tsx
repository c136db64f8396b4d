// One frozen paper: its pages as they are signed, who has signed and who is next, and what can be done with it now.
import { SegmentedControl } from '@mantine/core';
import { useState } from 'react';
import { useLocation, useParams } from 'wouter';
import { useAnswer, useOrder } from '../../app/api.ts';
import { to } from '../../app/routes.tsx';
import { useSession } from '../../app/session.tsx';
import { useText } from '../../i18n/index.ts';
import { ErrorNotice } from '../../parts/ErrorNotice.tsx';
import { KeyButton } from '../../parts/KeyButton.tsx';
import { Loading } from '../../parts/Loading.tsx';
import { showDone, showFailure } from '../../parts/notices.ts';
import { PdfPages } from '../../parts/pdf/PdfPages.tsx';
import { ReasonDialog } from '../../parts/ReasonDialog.tsx';
import { Screen } from '../../parts/Screen.tsx';
import { Tag } from '../../parts/Tag.tsx';
import { ChartBanner } from '../chart/ChartBanner.tsx';
import { NoAccess } from '../chart/NoAccess.tsx';
import { SignDialog } from '../signing/SignDialog.tsx';
import type { QueueItem } from '../signing/signing-types.ts';
import styles from './Documents.module.css';
import { PrintDialog } from './PrintDialog.tsx';
import { ProofButton } from './ProofButton.tsx';
import type { Paper } from './paper-types.ts';
import { Steps } from './Steps.tsx';
import { stateWords } from './state-words.ts';
import { useRead } from './use-read.ts';
import { Versions } from './Versions.tsx';

export default function PaperScreen() {
  const { documentId = '' } = useParams<{ documentId: string }>();
  return <PaperPage key={documentId} documentId={documentId} />;
}

function PaperPage({ documentId }: { readonly documentId: string }) {
  const t = useText();
  const paper = useAnswer('documents.open', { documentId });
  const patientId = paper.data?.patientId;
  const head = useAnswer(
    'patients.chartHead',
    {
      patientId: patientId ?? '',
      ...(paper.data?.admissionId == null ? {} : { admissionId: paper.data.admissionId }),
    },
    { enabled: patientId !== undefined },
  );
  if (paper.error)
    return (
      <Screen title={t('documents.title')} width="page">
        <ErrorNotice failure={paper.error} onRetry={() => void paper.refetch()} />
      </Screen>
    );
  if (head.error && patientId !== undefined)
    return <NoAccess patientId={patientId} failure={head.error} onRetry={head.refetch} />;
  if (!paper.data || !head.data) return <Loading />;
  return (
    <div className={styles.screen}>
      <ChartBanner head={head.data} />
      <PaperView paper={paper.data} />
    </div>
  );
}

type Asking = 'print' | 'void' | null;

function PaperView({ paper }: { readonly paper: Paper }) {
  const t = useText();
  const { can } = useSession();
  const [, go] = useLocation();
  const queue = useAnswer('signing.queue', {});
  const voiding = useOrder('documents.void');
  const [asking, setAsking] = useState<Asking>(null);
  /** An earlier version somebody looks at; null: the one that stands. */
  const [old, setOld] = useState<string | null>(null);
  const [signed, setSigned] = useState(true);
  const content = old ?? paper.content;
  const current = old === null && paper.state !== 'void';
  const mine = (queue.data?.mine ?? []).filter(
    (item) => current && item.document.documentId === paper.documentId && item.content === paper.content,
  );
  // Where a doctor may sign at two steps, the one the paper can't do without comes first.
  const next =
    mine.find(({ step }) => paper.steps.some((each) => each.step === step && !each.optional)) ?? mine[0];
  const [signing, setSigning] = useState<QueueItem | null>(null);
  /** Versions this person has read to the end on this screen. */
  const [readHere, setReadHere] = useState<string | null>(null);
  const [seen, setSeen] = useState(0);
  const read = readHere === paper.content || (next?.seen ?? false);
  const awaitsPerson =
    current && paper.steps.some(({ kind, state }) => kind === 'person' && state === 'waiting');
  const anySigned = paper.steps.some(({ signature }) => signature !== null);
  const { tone, text } = stateWords(t, paper);
  const forms = useAnswer('documents.forms', {});
  const template = forms.data?.forms.find(
    ({ id, version }) => id === paper.form && version === paper.formVersion,
  );
  const mayWrite = template !== undefined && can(template.writtenBy);
  const edit = () => go(to.writePaper(paper));

  async function makeVoid(reason: string): Promise<void> {
    const result = await voiding.run({ documentId: paper.documentId, reason });
    setAsking(null);
    if (result.ok) showDone(t('documents.voided'));
    else showFailure(result.error);
  }

  return (
    <div className={styles.paperView}>
      <header className={styles.editorHead}>
        <div className={styles.titles}>
          <h2>{paper.title}</h2>
          <Tag tone={tone}>{text}</Tag>{' '}
          {paper.changedSince && <span className={styles.quiet}>{t('documents.changedSince')}</span>}
        </div>
        <div className={styles.actions}>
          <KeyButton variant="default" onPress={() => go(to.chart(paper.patientId, 'documents'))}>
            {t('documents.backToList')}
          </KeyButton>
          {paper.state !== 'void' && mayWrite && (
            <KeyButton variant="default" onPress={edit}>
              {t(paper.content === null ? 'documents.edit' : 'documents.newVersion')}
            </KeyButton>
          )}
          {paper.content !== null && (
            <KeyButton keyName="Ctrl+P" variant="default" onPress={() => setAsking('print')}>
              {t('common.print')}
            </KeyButton>
          )}
          {next && (
            <KeyButton keyName="Ctrl+Enter" disabled={!read} onPress={() => setSigning(next)}>
              {t('documents.sign')}
            </KeyButton>
          )}
        </div>
      </header>
      <div className={styles.sheetAndSteps}>
        <div className={styles.sheet}>
          {content === null ? (
            <p className={styles.say}>{t('documents.neverFrozen')}</p>
          ) : (
            <Pages
              paper={paper}
              content={content}
              // What is signed next are the bytes that were frozen, not the ones with others' signatures drawn in.
              signed={signed && anySigned && old === null && next === undefined}
              onSeen={setSeen}
              onRead={setReadHere}
            />
          )}
        </div>
        <div className={styles.side}>
          {old !== null && (
            <p className={styles.warning}>
              {t('documents.oldShown')}{' '}
              <KeyButton variant="default" size="compact-md" onPress={() => setOld(null)}>
                {t('documents.showCurrent')}
              </KeyButton>
            </p>
          )}
          {anySigned && old === null && next === undefined && (
            <SegmentedControl
              fullWidth
              aria-label={t('documents.whichPages')}
              value={signed ? 'signed' : 'plain'}
              onChange={(value) => setSigned(value === 'signed')}
              data={[
                { value: 'signed', label: t('documents.withSignatures') },
                { value: 'plain', label: t('documents.withoutSignatures') },
              ]}
            />
          )}
          {(next || awaitsPerson) && !read && (
            <p className={styles.warning} role="status">
              {t(next ? 'signing.readFirst' : 'documents.readFirst')}{' '}
              {t('signing.readSome', { n: seen, of: paper.pages ?? 1 })}
            </p>
          )}
          <Steps paper={paper} mine={mine} read={read} onSign={setSigning} onEdit={mayWrite ? edit : null} />
          <Versions paper={paper} shown={content} onShow={setOld} />
          {anySigned && <ProofButton paper={paper} />}
          {paper.state !== 'void' && mayWrite && (
            <KeyButton variant="subtle" color="red" onPress={() => setAsking('void')}>
              {t('documents.void')}
            </KeyButton>
          )}
        </div>
      </div>
      {asking === 'print' && content !== null && (
        <PrintDialog paper={paper} content={content} onClose={() => setAsking(null)} />
      )}
      {signing && (
        <SignDialog
          items={[{ ...signing, title: paper.title, patientName: paper.patientName }]}
          onClose={() => setSigning(null)}
        />
      )}
      <ReasonDialog
        opened={asking === 'void'}
        title={t('documents.voidTitle', { title: paper.title })}
        confirmLabel={t('documents.void')}
        danger
        running={voiding.running}
        suggestions={[t('documents.voidWrongPatient'), t('documents.voidTwice')]}
        onConfirm={(reason) => void makeVoid(reason)}
        onClose={() => setAsking(null)}
      >
        {t('documents.voidText')}
      </ReasonDialog>
    </div>
  );
}

function Pages({
  paper,
  content,
  signed,
  onSeen,
  onRead,
}: {
  readonly paper: Paper;
  readonly content: string;
  readonly signed: boolean;
  readonly onSeen: (pages: number) => void;
  readonly onRead: (content: string) => void;
}) {
  const t = useText();
  const pdf = useAnswer('documents.pdf', { documentId: paper.documentId, content, signed });
  const note = useRead(paper.documentId, content, onRead);
  if (pdf.error) return <ErrorNotice failure={pdf.error} onRetry={() => void pdf.refetch()} />;
  if (!pdf.data) return <Loading label={t('documents.opening')} />;
  return (
    <PdfPages
      pdf={pdf.data.pdf}
      label={t('documents.previewTitle', { title: paper.title })}
      focus
      onPageSeen={(page, count, of) => {
        onSeen(count);
        note(page, count, of);
      }}
    />
  );
}
