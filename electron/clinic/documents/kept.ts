// Signatures with everything a verdict on them rests on: bytes from the files, evidence that came later, and what the
// paper says of who may have given them.
import { documentConfirm, documentEvidence, documentSign } from '../../../shared/model/documents.ts';
import { sha256Hex } from '../../store/crypto.ts';
import type { DocumentNeeds } from './needs.ts';
import { ofKind } from './of-kind.ts';
import { provenVersion } from './proven.ts';
import { frozenIn, rowOf, type SignatureRow, signaturesOf } from './rows.ts';

/** A signature as it stands in the log, for looking at it anew. */
export interface KeptSignature {
  readonly documentId: string;
  /** What a verdict on it is kept under. */
  readonly act: string;
  readonly step: string;
  readonly over: 'content' | 'evidence';
  /** SHA-256 of the container as first written: its name. */
  readonly name: string;
  /** SHA-256 of the certificate and the holder's name, as the change says. */
  readonly certificate: string;
  readonly signer: string;
  /** The account that wrote it, by whichever PC's word. */
  readonly author: string | null;
  /** The PC that wrote it, and its clock. */
  readonly station: string;
  readonly at: number;
  /** With the time-stamp in it, where one has come since. */
  readonly container: Buffer;
  /** As first written. */
  readonly original: Buffer;
  readonly stamped: boolean;
  readonly content: string;
  readonly digest: string;
  /** The bytes it covers; null while they are not on this PC. */
  readonly covers: Buffer | null;
  /** The version is what its content says; null while the content is not on this PC. */
  readonly proven: boolean | null;
  /** What the version says of the step; null when it has no such step for staff or the facility. */
  readonly place: { readonly kind: 'staff' | 'facility'; readonly roles: readonly string[] } | null;
  /** Its author was asked to sign at this step. */
  readonly asked: boolean;
  readonly ocsp: readonly Buffer[];
  /** Revocation lists, as far as they are here. */
  readonly crls: readonly Buffer[];
}

/** Each signature of a paper, in the order of its changes. */
export async function keptSignatures(
  { store, blobs }: Pick<DocumentNeeds, 'store' | 'blobs'>,
  documentId: string,
): Promise<KeptSignature[]> {
  const row = rowOf(store.sql, documentId);
  if (!row) return [];
  const versions = frozenIn(row);
  const changes = store.changesOf('document', documentId);
  const rows = signaturesOf(store.sql, [documentId]).get(documentId) ?? [];
  const signs = ofKind(changes, documentSign);
  const later = ofKind(changes, documentEvidence);
  const evidences = new Map(
    ofKind(changes, documentConfirm).map(({ body }) => [
      `${body.content}/${sha256Hex(body.evidence)}`,
      Buffer.from(body.evidence),
    ]),
  );
  const contents = new Map<string, Buffer | null>();
  for (const { content } of rows)
    if (!contents.has(content)) contents.set(content, await blobs().get(content));
  const all: KeptSignature[] = [];
  for (const one of rows) {
    const sign = signs[one.n];
    if (sign) all.push(await keptOf(one, sign));
  }
  return all;

  async function keptOf(one: SignatureRow, { change, body }: (typeof signs)[number]): Promise<KeptSignature> {
    const came = later.filter((each) => each.body.container === one.container).map((each) => each.body);
    const stamped = came.find((each) => each.stamped && sha256Hex(each.stamped) === one.judged)?.stamped;
    const bytes = contents.get(one.content) ?? null;
    return {
      documentId,
      ...placeOf(one),
      act: one.act,
      name: one.container,
      certificate: one.certificate,
      signer: one.signer,
      author: one.author,
      station: change.station,
      at: change.wall,
      container: Buffer.from(stamped ?? body.container),
      original: Buffer.from(body.container),
      stamped: one.stamped === 1,
      content: one.content,
      digest: one.digest,
      covers: one.over === 'content' ? bytes : (evidences.get(`${one.content}/${one.digest}`) ?? null),
      proven: bytes && row ? provenVersion(row, one.content, bytes).ok : null,
      asked: one.asked === 1,
      ocsp: came.flatMap((each) => each.ocsp.map((answer) => Buffer.from(answer))),
      crls: await filesNamed(came.flatMap((each) => each.crl)),
    };
  }

  function placeOf({
    content,
    step: name,
    over,
  }: SignatureRow): Pick<KeptSignature, 'step' | 'over' | 'place'> {
    const step = versions.find((one) => one.content === content)?.steps.find((each) => each.id === name);
    const place = step && step.kind !== 'person' ? { kind: step.kind, roles: step.roles } : null;
    return { step: name, over, place };
  }

  async function filesNamed(names: readonly string[]): Promise<Buffer[]> {
    const files: Buffer[] = [];
    for (const name of new Set(names)) {
      const bytes = await blobs().get(name);
      if (bytes) files.push(bytes);
    }
    return files;
  }
}
