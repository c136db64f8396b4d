// The step from writing to signing, asked for once in plain words: what happens, and who signs after it.
import { Button, Modal, Textarea } from '@mantine/core';
import { useState } from 'react';
import type { Failure } from '../../../shared/api/contract.ts';
import { useOrder } from '../../app/api.ts';
import { KeyLayer } from '../../app/keys.tsx';
import { useText } from '../../i18n/index.ts';
import { EnterButton } from '../../parts/EnterButton.tsx';
import { KeyButton } from '../../parts/KeyButton.tsx';
import styles from './Documents.module.css';
import type { Template } from './paper-types.ts';

interface Props {
  readonly template: Template;
  /** An earlier version stands already. */
  readonly needsReason: boolean;
  /** Puts what was typed into the record first; null when that failed. */
  readonly save: () => Promise<string | null>;
  readonly onFrozen: (documentId: string) => void;
  readonly onRefused: (failure: Failure) => void;
  readonly onClose: () => void;
}

export function FreezeDialog({ template, needsReason, save, onFrozen, onRefused, onClose }: Props) {
  const t = useText();
  const order = useOrder('documents.freeze');
  const [reason, setReason] = useState('');
  const [tried, setTried] = useState(false);
  const [running, setRunning] = useState(false);
  const missing = needsReason && reason.trim() === '';

  async function freeze(): Promise<void> {
    setTried(true);
    if (missing || running) return;
    setRunning(true);
    const documentId = await save();
    if (documentId === null) return onClose();
    const result = await order.run({ documentId, reason: needsReason ? reason.trim() : null });
    setRunning(false);
    if (result.ok) onFrozen(documentId);
    else onRefused(result.error);
  }

  return (
    <Modal
      opened
      onClose={onClose}
      title={t('documents.freezeTitle', { title: template.title })}
      size="40rem"
      closeOnClickOutside={false}
      closeButtonProps={{ 'aria-label': t('common.close') }}
    >
      <KeyLayer>
        <p className={styles.say}>{t(needsReason ? 'documents.freezeAgainText' : 'documents.freezeText')}</p>
        <p className={styles.say}>
          <b>{t('documents.whoSigns')}</b>
        </p>
        <ol className={styles.plain}>
          {template.steps.map((step) => (
            <li key={step.id}>
              {step.label}{' '}
              {step.optional && <span className={styles.quiet}>{t('documents.optionalStep')}</span>}
            </li>
          ))}
        </ol>
        {needsReason && (
          <Textarea
            label={t('documents.whyNew')}
            description={t('documents.whyNewHint')}
            required
            data-autofocus
            maxLength={300}
            value={reason}
            error={tried && missing ? t('error.reason_required') : undefined}
            onChange={(event) => setReason(event.currentTarget.value)}
          />
        )}
        <p role="status" className={styles.quiet}>
          {running && t('documents.freezing')}
        </p>
        <div className={styles.foot}>
          <Button variant="default" size={needsReason ? 'md' : 'lg'} disabled={running} onClick={onClose}>
            {t('documents.goOnWriting')}
          </Button>
          {needsReason ? (
            <KeyButton keyName="Ctrl+S" loading={running} onPress={() => void freeze()}>
              {t('documents.freeze')}
            </KeyButton>
          ) : (
            <EnterButton loading={running} onPress={() => void freeze()}>
              {t('documents.freeze')}
            </EnterButton>
          )}
        </div>
      </KeyLayer>
    </Modal>
  );
}
