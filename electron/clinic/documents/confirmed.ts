// Confirmations of a version that wait for their seal. A change may come from any PC and a seal is made blindly with the
// signature after it, so only what is proven to be a confirmation of these very pages by this very patient's side is
// handed to a token.

import { readDocumentEvidence } from '../../../shared/model/document-evidence.ts';
import { documentConfirm } from '../../../shared/model/documents.ts';
import { sha256Hex } from '../../store/crypto.ts';
import type { Store } from '../../store/types.ts';
import { ofKind } from './projection.ts';
import { type DocumentRow, signaturesOf, stepsIn } from './rows.ts';

/** Something the patient or a relative confirmed and nobody has sealed yet. */
export interface OpenEvidence {
  readonly step: string;
  readonly bytes: Buffer;
  readonly digest: string;
}

/** Of the version that stands: of each person's step the confirmation that counts there, where no signature covers it. */
export function openEvidence(store: Store, row: DocumentRow): OpenEvidence[] {
  const sealed = new Set(
    (signaturesOf(store.sql, [row.id]).get(row.id) ?? [])
      .filter((one) => one.over === 'evidence' && one.content === row.content)
      .map((one) => one.digest),
  );
  const confirms = ofKind(store.changesOf('document', row.id), documentConfirm);
  return stepsIn(row).flatMap(({ id, kind, done }): OpenEvidence[] => {
    const digest = kind === 'person' ? done?.evidence : null;
    if (!digest || sealed.has(digest)) return [];
    const counts = confirms.find(
      ({ body }) => body.content === row.content && body.step === id && sha256Hex(body.evidence) === digest,
    );
    if (!counts || !isOf(counts.body.evidence, row, id)) return [];
    return [{ step: id, bytes: Buffer.from(counts.body.evidence), digest }];
  });
}

/** Over the PDF that was frozen, by somebody of this paper's patient. */
function isOf(
  evidence: string,
  row: Pick<DocumentRow, 'content' | 'pdf' | 'patient_id'>,
  step: string,
): boolean {
  const said = readDocumentEvidence(evidence);
  if (!said || said.document.sha256 !== row.pdf || said.patient.id !== row.patient_id) return false;
  // the finger's package is made by a room that knows pages, not papers
  return said.type !== 'tram.paper.evidence' || (said.content === row.content && said.step === step);
}
