// What proves a signed paper, saved as one file for whoever has to check it without this program.
import { useState } from 'react';
import { call } from '../../app/api.ts';
import { useText } from '../../i18n/index.ts';
import { KeyButton } from '../../parts/KeyButton.tsx';
import { showDone, showFailure } from '../../parts/notices.ts';
import type { Paper } from './paper-types.ts';
import { saveFile } from './save-file.ts';

export function ProofButton({ paper }: { readonly paper: Paper }) {
  const t = useText();
  const [running, setRunning] = useState(false);
  async function take(): Promise<void> {
    setRunning(true);
    const result = await call('signing.proof', { documentId: paper.documentId, packed: true });
    setRunning(false);
    const [file] = result.ok ? result.value.files : [];
    if (!result.ok) return showFailure(result.error);
    if (!file) return;
    saveFile(file.bytes, file.name, 'application/zip');
    showDone(t('documents.proofSaved', { name: file.name }));
  }
  return (
    <KeyButton variant="default" loading={running} onPress={() => void take()}>
      {t('documents.proof')}
    </KeyButton>
  );
}
