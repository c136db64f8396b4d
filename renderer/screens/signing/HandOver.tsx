// Not signing: back to the writer with a reason, or somebody else is asked to sign instead.
import { Button, Modal, Textarea } from '@mantine/core';
import { useState } from 'react';
import type { Failure } from '../../../shared/api/contract.ts';
import { roleName } from '../../../shared/codes/roles.ts';
import { useAnswer, useOrder } from '../../app/api.ts';
import { KeyLayer } from '../../app/keys.tsx';
import { useText } from '../../i18n/index.ts';
import { ErrorNotice } from '../../parts/ErrorNotice.tsx';
import { KeyButton } from '../../parts/KeyButton.tsx';
import { showDone, showFailure } from '../../parts/notices.ts';
import { PickField } from '../../parts/PickField.tsx';
import { ReasonDialog } from '../../parts/ReasonDialog.tsx';
import styles from './Signing.module.css';
import type { QueueItem } from './signing-types.ts';

interface Props {
  readonly item: QueueItem;
  readonly onClose: () => void;
}

export function RefuseDialog({ item, onClose }: Props) {
  const t = useText();
  const order = useOrder('signing.refuse');
  async function refuse(reason: string): Promise<void> {
    const { document, content, step } = item;
    const result = await order.run({ documentId: document.documentId, content, step, reason });
    onClose();
    if (result.ok) showDone(t('signing.refused', { title: document.title }));
    else showFailure(result.error);
  }
  return (
    <ReasonDialog
      opened
      title={t('signing.refuseTitle', { title: item.document.title })}
      confirmLabel={t('signing.refuse')}
      danger
      running={order.running}
      suggestions={[t('signing.refuseIncomplete'), t('signing.refuseWrong'), t('signing.refuseNotMine')]}
      onConfirm={(reason) => void refuse(reason)}
      onClose={onClose}
    >
      {t('signing.refuseText', { who: item.document.createdBy })}
    </ReasonDialog>
  );
}

export function DelegateDialog({ item, onClose }: Props) {
  const t = useText();
  return (
    <Modal
      opened
      onClose={onClose}
      title={t('signing.delegateTitle', { title: item.document.title })}
      size="40rem"
      closeButtonProps={{ 'aria-label': t('common.close') }}
    >
      <KeyLayer>
        <Delegate item={item} onClose={onClose} />
      </KeyLayer>
    </Modal>
  );
}

function Delegate({ item, onClose }: Props) {
  const t = useText();
  const { document, content, step } = item;
  const people = useAnswer('documents.signersFor', { documentId: document.documentId, step });
  const order = useOrder('signing.delegate');
  const [to, setTo] = useState<string | null>(null);
  const [reason, setReason] = useState('');
  const [tried, setTried] = useState(false);
  const [failure, setFailure] = useState<Failure | null>(null);
  const noReason = reason.trim() === '';

  async function save(): Promise<void> {
    setTried(true);
    setFailure(null);
    if (to === null || noReason) return;
    const result = await order.run({
      documentId: document.documentId,
      content,
      step,
      to,
      reason: reason.trim(),
    });
    if (!result.ok) return setFailure(result.error);
    const name = people.data?.people.find(({ userId }) => userId === to)?.name ?? '';
    showDone(t('signing.delegated', { name }));
    onClose();
  }

  return (
    <div className={styles.stack}>
      {people.error && <ErrorNotice failure={people.error} onRetry={() => void people.refetch()} />}
      {people.data?.people.length === 0 && <p>{t('signing.nobodyElse')}</p>}
      <PickField
        label={t('signing.delegateTo')}
        required
        autofocus
        rows={people.data?.people.map(({ userId, name, role }) => ({
          code: userId,
          name: `${name} – ${roleName(role, t.language)}`,
        }))}
        value={to}
        error={tried && to === null ? t('field.required') : undefined}
        onPick={setTo}
      />
      <Textarea
        label={t('common.reason')}
        required
        maxLength={300}
        value={reason}
        error={tried && noReason ? t('error.reason_required') : undefined}
        onChange={(event) => setReason(event.currentTarget.value)}
      />
      {failure && <ErrorNotice failure={failure} />}
      <div className={styles.foot}>
        <Button variant="default" onClick={onClose}>
          {t('common.cancel')}
        </Button>
        <KeyButton keyName="Ctrl+S" loading={order.running} onPress={() => void save()}>
          {t('signing.delegate')}
        </KeyButton>
      </div>
    </div>
  );
}
