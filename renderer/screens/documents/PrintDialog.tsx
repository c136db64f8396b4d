// Printing a paper that stands: how many, on which printer, and what this PC still has to print. A copy that was signed
// can be kept as a file too.
import { Button, Modal, NativeSelect } from '@mantine/core';
import { useState } from 'react';
import type { Failure } from '../../../shared/api/contract.ts';
import { call, useAnswer, useOrder } from '../../app/api.ts';
import { KeyLayer } from '../../app/keys.tsx';
import { shortMoment } from '../../i18n/format.ts';
import { type Text, useText } from '../../i18n/index.ts';
import { ErrorNotice } from '../../parts/ErrorNotice.tsx';
import { KeyButton } from '../../parts/KeyButton.tsx';
import { NumberField } from '../../parts/NumberField.tsx';
import { showDone, showFailure } from '../../parts/notices.ts';
import { Tag } from '../../parts/Tag.tsx';
import styles from './Documents.module.css';
import type { Paper } from './paper-types.ts';
import { saveFile } from './save-file.ts';

interface Props {
  readonly paper: Paper;
  readonly content: string;
  readonly onClose: () => void;
}

export function PrintDialog({ paper, content, onClose }: Props) {
  const t = useText();
  return (
    <Modal
      opened
      onClose={onClose}
      title={t('documents.printTitle', { title: paper.title })}
      size="40rem"
      closeButtonProps={{ 'aria-label': t('common.close') }}
    >
      <KeyLayer>
        <Print paper={paper} content={content} onClose={onClose} />
      </KeyLayer>
    </Modal>
  );
}

/** A printer switched on meanwhile shows after this long. */
const askEveryMs = 3_000;
const mostCopies = 20;

function Print({ paper, content, onClose }: Props) {
  const t = useText();
  const queue = useAnswer('print.queue', {}, { everyMs: askEveryMs });
  const order = useOrder('print.add');
  const [copies, setCopies] = useState<number | null>(1);
  const [chosen, setChosen] = useState<string | null>(null);
  const [failure, setFailure] = useState<Failure | null>(null);
  const printers = queue.data?.printers ?? [];
  const printer = chosen ?? printers.find(({ isDefault }) => isDefault)?.name ?? printers[0]?.name ?? null;
  const wrong = copies === null || copies < 1 || copies > mostCopies;

  async function print(): Promise<void> {
    if (wrong) return;
    setFailure(null);
    const result = await order.run({ documentId: paper.documentId, content, copies, printer });
    if (!result.ok) return setFailure(result.error);
    showDone(t('documents.printing'));
    onClose();
  }
  async function keepFile(): Promise<void> {
    const result = await call('documents.pdf', { documentId: paper.documentId, content, signed: true });
    if (result.ok) saveFile(result.value.pdf, `${paper.title} - ${paper.patientName}.pdf`);
    else setFailure(result.error);
  }

  return (
    <>
      {queue.error && <ErrorNotice failure={queue.error} onRetry={() => void queue.refetch()} />}
      {queue.data && printers.length === 0 && <p className={styles.warning}>{t('error.printer_missing')}</p>}
      <div className={styles.pair}>
        <NumberField
          label={t('documents.copies')}
          decimals={0}
          data-autofocus
          value={copies}
          error={wrong ? t('documents.copiesWrong') : undefined}
          onChange={setCopies}
        />
        {printers.length > 0 && (
          <NativeSelect
            label={t('documents.printer')}
            value={printer ?? ''}
            data={printers.map(({ name }) => name)}
            onChange={(event) => setChosen(event.currentTarget.value)}
          />
        )}
      </div>
      {failure && <ErrorNotice failure={failure} />}
      <div className={styles.foot}>
        <Button variant="default" onClick={() => void keepFile()}>
          {t('documents.keepFile')}
        </Button>
        <Button variant="default" onClick={onClose}>
          {t('common.close')}
        </Button>
        <KeyButton
          keyName="Ctrl+P"
          disabled={printers.length === 0}
          loading={order.running}
          onPress={() => void print()}
        >
          {t('documents.printNow')}
        </KeyButton>
      </div>
      {queue.data && queue.data.jobs.length > 0 && <Jobs jobs={queue.data.jobs} />}
    </>
  );
}

/** Handed over, a paper is drawn already: then it is the printer that did not take it. */
const jobFault = (t: Text, code: string): string =>
  code === 'print_failed' ? t('documents.printerRefused') : t.of(`error.${code}`);

type Job = NonNullable<ReturnType<typeof useAnswer<'print.queue'>>['data']>['jobs'][number];
const tones = { waiting: 'quiet', printing: 'accent', printed: 'good', failed: 'danger' } as const;

function Jobs({ jobs }: { readonly jobs: readonly Job[] }) {
  const t = useText();
  const again = useOrder('print.again');
  const drop = useOrder('print.drop');
  const now = Date.now();
  async function told(sent: ReturnType<typeof again.run>): Promise<void> {
    const result = await sent;
    if (!result.ok) showFailure(result.error);
  }
  return (
    <section className={styles.jobs} aria-label={t('documents.jobs')}>
      <h3>{t('documents.jobs')}</h3>
      <ul className={styles.plain}>
        {jobs.map((job) => (
          <li key={job.jobId}>
            <span>
              {job.title} · {t('documents.copiesOf', { n: job.copies })} · {shortMoment(job.at, now)}
            </span>{' '}
            <Tag tone={tones[job.state]}>{t(`documents.job.${job.state}`)}</Tag>
            {job.state === 'failed' && job.code !== null && (
              <span className={styles.refused}>{jobFault(t, job.code)}</span>
            )}
            {job.state === 'failed' && (
              <Button
                variant="default"
                size="compact-md"
                aria-label={`${t('documents.printAgain')}: ${job.title}`}
                onClick={() => void told(again.run({ jobId: job.jobId }))}
              >
                {t('documents.printAgain')}
              </Button>
            )}
            {job.state !== 'printing' && (
              <Button
                variant="default"
                size="compact-md"
                aria-label={`${t('documents.dropJob')}: ${job.title}`}
                onClick={() => void told(drop.run({ jobId: job.jobId }))}
              >
                {t('documents.dropJob')}
              </Button>
            )}
          </li>
        ))}
      </ul>
    </section>
  );
}
