// The PDF with the signatures so far in it. Any PC's change may name a file as that, so one is taken only from a signature
// that counts at its step, and only if it begins with the frozen bytes, nothing in it is invalid and exactly those who
// have signed so far have signed it; else the last file of which that is true.
import { documentEvidence, documentFreeze, documentSign } from '../../../shared/model/documents.ts';
import { sha256Hex } from '../../store/crypto.ts';
import type { Store } from '../../store/types.ts';
import type { DocumentNeeds } from './needs.ts';
import { ofKind } from './projection.ts';
import { type DocumentRow, frozenIn, signaturesOf, stepsIn } from './rows.ts';

/** A signature of staff or of the facility that counts at its step. */
interface Counting {
  readonly container: string;
  /** SHA-256 of the certificate. */
  readonly certificate: string;
  /** Names of files said to have this signature as the last in them, those with a time-stamp over the whole first. */
  readonly files: readonly string[];
}

export interface SignedPdf {
  /** The frozen PDF itself while no signature is in one. Null: not here. */
  readonly bytes: Buffer | null;
  readonly name: string | null;
  /** The last signature in it; null where there is none. */
  readonly container: string | null;
  /**
   * content_missing: a file is not on this PC yet · signed_apart: a signature that counts is not in it, because two signed
   * without seeing each other; each has a file of these pages with signers of this version only · not_whole_file: somebody
   * put another file in its place.
   */
  readonly fault: 'content_missing' | 'signed_apart' | 'not_whole_file' | null;
}

type Needs = Pick<DocumentNeeds, 'store' | 'blobs' | 'signersIn'>;

/** Of a version of a form whose PDF is signed. */
export async function signedPdfOf(deps: Needs, row: DocumentRow, content: string): Promise<SignedPdf> {
  const frozen = frozenIn(row).find((one) => one.content === content);
  const start = frozen ? await deps.blobs().get(frozen.pdf) : null;
  if (!frozen || !start) return { bytes: null, name: null, container: null, fault: 'content_missing' };
  const counting = countingOf(deps.store, row, content);
  let best: Omit<SignedPdf, 'fault'> = { bytes: start, name: frozen.pdf, container: null };
  let signers: readonly string[] = [];
  let missing = false;
  let spoilt = false;
  const all = counting.map(({ certificate }) => certificate);
  const last = counting.at(-1);
  // nearly always the last file has them all, and those before it need no look
  const whole = last && (await goodOf(last, all));
  if (last && whole?.found) return { ...whole.found, container: last.container, fault: null };
  for (const one of counting) {
    const { found, gone } = await goodOf(one, [...signers, one.certificate]);
    if (!found) {
      missing ||= gone;
      spoilt ||= !gone && !(await isApart(one));
      continue;
    }
    best = { ...found, container: one.container };
    signers = [...signers, one.certificate];
  }
  if (signers.length === counting.length) return { ...best, fault: null };
  return { ...best, fault: missing ? 'content_missing' : spoilt ? 'not_whole_file' : 'signed_apart' };

  async function goodOf({ files }: Counting, expected: readonly string[]) {
    let gone = false;
    for (const name of files) {
      const bytes = await deps.blobs().get(name);
      if (!bytes) gone = true;
      else if (start && beginsWith(bytes, start) && same(await deps.signersIn(bytes), expected))
        return { found: { bytes, name }, gone };
    }
    return { found: null, gone };
  }

  /** Theirs, on these pages, beside others who have signed this version; only not on what those before had signed. */
  async function isApart({ files, certificate }: Counting): Promise<boolean> {
    const known = new Set(
      (signaturesOf(deps.store.sql, [row.id]).get(row.id) ?? [])
        .filter((one) => one.adds_up === 1 && one.over === 'content' && one.content === content)
        .map((one) => one.certificate),
    );
    for (const name of files) {
      const bytes = await deps.blobs().get(name);
      const inFile = bytes && start && beginsWith(bytes, start) ? await deps.signersIn(bytes) : null;
      if (inFile?.includes(certificate) && inFile.every((one) => known.has(one))) return true;
    }
    return false;
  }
}

/**
 * Changes whenever another file could be the one to sign: what was signed beside it is lost from the file otherwise. Null
 * where the form's PDF is not signed.
 */
export const baseOf = (store: Store, row: DocumentRow): string | null =>
  row.signed_pdf === 1 && row.content !== null
    ? sha256Hex(JSON.stringify([row.pdf, countingOf(store, row, row.content)]))
    : null;

/** In canonical order. */
function countingOf(store: Store, row: DocumentRow, content: string): Counting[] {
  const changes = store.changesOf('document', row.id);
  const signs = ofKind(changes, documentSign)
    .filter(({ body }) => body.content === content && body.over === 'content')
    .map(({ body }) => ({ ...body, name: sha256Hex(body.container) }));
  const later = ofKind(changes, documentEvidence);
  return [...new Set(signs.map(({ name }) => name))].filter(counts).flatMap((container): Counting[] => {
    const same = signs.filter(({ name }) => name === container);
    const [first] = same;
    if (!first) return [];
    const stamped = later
      .filter(({ body }) => body.container === container)
      .map(({ body }) => body.signedPdf);
    const files = [...stamped.reverse(), ...same.map(({ signedPdf }) => signedPdf)];
    const named = new Set(files.filter((file) => file !== null));
    return [{ container, certificate: first.certificate, files: [...named] }];
  });

  function counts(container: string): boolean {
    if (content === row.content)
      return stepsIn(row).some((step) => step.kind !== 'person' && step.done?.container === container);
    // of a version that stands no more the first at each step counted
    const steps = ofKind(changes, documentFreeze).find(({ body }) => body.content === content)?.body.steps;
    return (steps ?? []).some(
      (step) => step.kind !== 'person' && signs.find((one) => one.step === step.id)?.name === container,
    );
  }
}

const beginsWith = (bytes: Buffer, start: Buffer): boolean => bytes.subarray(0, start.length).equals(start);

/** One person may have signed at two steps. */
const same = (found: readonly string[] | null, expected: readonly string[]): boolean =>
  found !== null && found.toSorted().join() === expected.toSorted().join();
