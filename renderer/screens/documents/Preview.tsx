// How the paper would look now, beside the fields. Drawn when asked, not at every key: it takes a second on an old PC.
import { Button } from '@mantine/core';
import { useEffect, useRef, useState } from 'react';
import type { Failure } from '../../../shared/api/contract.ts';
import { call } from '../../app/api.ts';
import { clock } from '../../i18n/format.ts';
import { useText } from '../../i18n/index.ts';
import { ErrorNotice } from '../../parts/ErrorNotice.tsx';
import { Loading } from '../../parts/Loading.tsx';
import { PdfPages } from '../../parts/pdf/PdfPages.tsx';
import styles from './Documents.module.css';
import { draftOf } from './draft-values.ts';
import type { Template, Values } from './paper-types.ts';

interface Props {
  /** Raised each time somebody wants to see it. */
  readonly asked: number;
  readonly template: Template;
  readonly patientId: string;
  readonly admissionId: string | null;
  readonly values: Values;
  readonly onAgain: () => void;
  readonly onClose: () => void;
}

export function Preview({ asked, template, patientId, admissionId, values, onAgain, onClose }: Props) {
  const t = useText();
  const [shown, setShown] = useState<{ pdf: string; of: string; at: number } | null>(null);
  const [failure, setFailure] = useState<Failure | null>(null);
  const [running, setRunning] = useState(false);
  const now = useRef(values);
  now.current = values;

  // biome-ignore lint/correctness/useExhaustiveDependencies: drawn when asked for, with what is typed by then
  useEffect(() => {
    let current = true;
    setRunning(true);
    setFailure(null);
    const of = draftOf(now.current);
    void call('documents.preview', {
      form: template.id,
      patientId,
      admissionId,
      values: now.current,
    }).then((result) => {
      if (!current) return;
      setRunning(false);
      if (result.ok) setShown({ pdf: result.value.pdf, of, at: Date.now() });
      else setFailure(result.error);
    });
    return () => {
      current = false;
    };
  }, [asked, template.id, patientId, admissionId]);

  const old = shown !== null && shown.of !== draftOf(values);
  return (
    <aside className={styles.preview} aria-label={t('documents.preview')}>
      <div className={styles.previewHead}>
        <span role="status">
          {running
            ? t('documents.drawing')
            : shown && t(old ? 'documents.previewOld' : 'documents.previewOf', { time: clock(shown.at) })}
        </span>
        <Button variant="default" size="compact-md" disabled={running || !old} onClick={onAgain}>
          {t('documents.previewAgain')}
        </Button>
        <Button variant="default" size="compact-md" onClick={onClose}>
          {t('documents.previewClose')}
        </Button>
      </div>
      {failure && <ErrorNotice failure={failure} onRetry={onAgain} />}
      {shown ? (
        <PdfPages pdf={shown.pdf} label={t('documents.previewTitle', { title: template.title })} />
      ) : (
        !failure && <Loading label={t('documents.drawing')} />
      )}
    </aside>
  );
}
