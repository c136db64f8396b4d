// Do the signatures of this paper still hold? Looked at anew when somebody asks.
import { Button, Modal } from '@mantine/core';
import { useState } from 'react';
import type { Failure } from '../../../shared/api/contract.ts';
import { call } from '../../app/api.ts';
import { KeyLayer } from '../../app/keys.tsx';
import { useText } from '../../i18n/index.ts';
import { ErrorNotice } from '../../parts/ErrorNotice.tsx';
import type { Verdict } from './signing-types.ts';
import { VerdictView } from './VerdictView.tsx';

export function CheckNow({ documentId }: { readonly documentId: string }) {
  const t = useText();
  const [verdict, setVerdict] = useState<Verdict | null>(null);
  const [failure, setFailure] = useState<Failure | null>(null);
  const [running, setRunning] = useState(false);
  async function check(): Promise<void> {
    setRunning(true);
    setFailure(null);
    const result = await call('signing.verify', { documentId });
    setRunning(false);
    if (result.ok) setVerdict(result.value.verdict);
    else setFailure(result.error);
  }
  return (
    <div>
      <Button variant="default" loading={running} onClick={() => void check()}>
        {t('signing.checkNow')}
      </Button>
      {failure && <ErrorNotice failure={failure} />}
      <Modal
        opened={verdict !== null}
        onClose={() => setVerdict(null)}
        title={t('signing.checked')}
        size="48rem"
        closeButtonProps={{ 'aria-label': t('common.close') }}
      >
        <KeyLayer>{verdict && <VerdictView verdict={verdict} />}</KeyLayer>
      </Modal>
    </div>
  );
}
