// From a list of papers to signatures: which token, one PIN for all of them, how far it has come, and in the end what is
// signed and what remains. Pulled out half way, the rest can be signed after it is plugged in again.
import { Modal } from '@mantine/core';
import { useState } from 'react';
import type { Failure } from '../../../shared/api/contract.ts';
import { useBatch } from '../../app/batches.ts';
import { KeyLayer } from '../../app/keys.tsx';
import { useText } from '../../i18n/index.ts';
import { OpenToken } from './OpenToken.tsx';
import { Outcome, Progress } from './Progress.tsx';
import type { QueueItem } from './signing-types.ts';

export interface ToSign extends Pick<QueueItem, 'content' | 'step'> {
  readonly document: Pick<QueueItem['document'], 'documentId'>;
  readonly title: string;
  readonly patientName: string;
}

interface Props {
  /** Each was read to its end. */
  readonly items: readonly ToSign[];
  readonly onClose: () => void;
}

export function SignDialog({ items, onClose }: Props) {
  const t = useText();
  const { batch, start, stop, forget } = useBatch();
  /** What is to be signed now: all of it, or what an earlier try left over. */
  const [due, setDue] = useState(items);
  const [refused, setRefused] = useState<Failure | null>(null);
  const running = batch !== null && !batch.ended;

  async function sign(): Promise<void> {
    setRefused(null);
    const result = await start(
      due.map(({ document, content, step }) => ({ documentId: document.documentId, content, step })),
    );
    if (!result.ok) setRefused(result.error);
  }
  const left = batch
    ? due.filter(
        ({ document }) => !batch.signed.has(document.documentId) && !batch.failed.has(document.documentId),
      )
    : due;

  return (
    <Modal
      opened
      onClose={onClose}
      title={t(running ? 'signing.running' : batch ? 'signing.outcome' : 'signing.signTitle', {
        n: due.length,
      })}
      size="48rem"
      withCloseButton={!running}
      closeOnEscape={!running}
      closeOnClickOutside={false}
      closeButtonProps={{ 'aria-label': t('common.close') }}
    >
      <KeyLayer>
        {batch === null ? (
          <OpenToken count={due.length} refused={refused} onOpen={sign} onClose={onClose} />
        ) : batch.ended ? (
          <Outcome
            batch={batch}
            items={due}
            left={left}
            onResume={() => {
              setDue(left);
              forget();
            }}
            onClose={onClose}
          />
        ) : (
          <Progress batch={batch} items={due} onStop={stop} />
        )}
      </KeyLayer>
    </Modal>
  );
}
