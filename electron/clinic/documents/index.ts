// Papers: the one door of this area.
import { documentKinds } from '../../../shared/model/documents.ts';
import type { HandlersOf } from '../../store/room.ts';
import type { AreaModel } from '../../store/types.ts';
import type { ContainerReader } from './acts.ts';
import { answers } from './answers.ts';
import { commands } from './commands.ts';
import type { DocumentNeeds } from './needs.ts';
import { documentProjection } from './projection.ts';
import { queries } from './queries.ts';
import { openSeenPapers } from './seen.ts';
import { openPapers, type Papers } from './signatures.ts';

export type { ContainerReader } from './acts.ts';
export { inConflict, type PaperInConflict } from './in-conflict.ts';
export type { ConfirmBytes, DocumentNeeds, Signer, Standing } from './needs.ts';
export { paperFiles, patientOfDocument } from './rows.ts';
export { sampleBody } from './sample.ts';
export { settleDocument } from './settle.ts';
export { type CenterOnPaper, fill } from './sources.ts';
export { templates } from './templates.ts';

export const model = (containers: ContainerReader): AreaModel => ({
  kinds: documentKinds,
  projections: [documentProjection(containers)],
});

type Methods =
  | 'documents.forms'
  | 'documents.ofPatient'
  | 'documents.ofCode'
  | 'documents.open'
  | 'documents.fill'
  | 'documents.save'
  | 'documents.freeze'
  | 'documents.pdf'
  | 'documents.preview'
  | 'documents.sample'
  | 'documents.void'
  | 'documents.signersFor'
  | 'signing.queue'
  | 'signing.seen'
  | 'signing.refuse'
  | 'signing.delegate'
  | 'signing.confirmByFinger'
  | 'signing.confirmOnPaper';

/** What the pages ask for, and what the signing room may do. */
export function openDocuments(needs: DocumentNeeds): {
  readonly handlers: HandlersOf<Methods>;
  readonly papers: Papers;
} {
  const deps = { ...needs, seen: openSeenPapers() };
  return { handlers: { ...queries(deps), ...commands(deps), ...answers(deps) }, papers: openPapers(deps) };
}
