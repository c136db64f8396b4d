// What a printed copy must say in its boxes because the PDF does not show it: signatures over the content alone, and what a
// patient or a relative confirmed.
import type { SignaturePlace } from '../../../shared/model/document-body.ts';
import { documentConfirm } from '../../../shared/model/documents.ts';
import type { DocumentNeeds } from './needs.ts';
import { ofKind } from './projection.ts';
import { provenVersion } from './proven.ts';
import { rowOf } from './rows.ts';
import { headsOf } from './shown.ts';

export interface MarkOnPaper {
  readonly box: SignaturePlace;
  readonly how: 'token' | 'finger' | 'paper';
  readonly by: string;
  readonly relation: string | null;
  /** ms since 1970 UTC. */
  readonly at: number;
  readonly state: 'valid' | 'undetermined' | 'invalid' | null;
}

/** Of the version that stands; an older one is printed as it was frozen. */
export async function marksOf(
  deps: DocumentNeeds,
  documentId: string,
  content: string,
): Promise<MarkOnPaper[]> {
  const { store } = deps;
  const row = rowOf(store.sql, documentId);
  if (!row || row.content !== content) return [];
  const bytes = await deps.blobs().get(content);
  if (!bytes) return [];
  const proven = provenVersion(row, content, bytes);
  if (!proven.ok) return [];
  const { pdf } = proven.value;
  const ways = new Map(
    ofKind(store.changesOf('document', documentId), documentConfirm)
      .filter(({ body }) => body.content === content)
      .map(({ body }) => [body.step, body.way]),
  );
  const [head] = headsOf(store.sql, [row], deps);
  return (head?.steps ?? []).flatMap(({ step, kind, state, by, relation, at, signature }): MarkOnPaper[] => {
    const box = pdf.boxes.find((one) => one.step === step);
    const inPdf = row.signed_pdf === 1 && kind !== 'person';
    if (!box || inPdf || state !== 'done' || by === null || at === null) return [];
    const how = kind === 'person' ? (ways.get(step) ?? 'paper') : 'token';
    return [{ box, how, by, relation, at, state: signature?.state ?? null }];
  });
}
