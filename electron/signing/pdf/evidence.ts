// The document security store (DSS): certificates, OCSP answers and revocation lists kept beside signatures. Read for
// the judge; and what of it an update may change: lists grow, evidence once stored is never rewritten.
import { type Comparison, explainNew, explainOwn, onlyThese } from './comparison.ts';
import { as, need, type PdfFile } from './file.ts';
import { decoded } from './filters.ts';
import { type PdfDict, PdfFault, type PdfValue } from './values.ts';

export interface Evidence {
  readonly certificates: readonly Buffer[];
  readonly ocsp: readonly Buffer[];
  readonly crls: readonly Buffer[];
}

/** All DER. Throws PdfFault. */
export function evidenceOf(file: PdfFile): Evidence {
  const store = as(file.follow(file.root.entries.get('DSS')), 'dict');
  const kept = (key: string): Buffer[] =>
    (as(file.follow(store?.entries.get(key)), 'array')?.items ?? []).map((item) =>
      decoded(need(file.follow(item), 'stream')),
    );
  return { certificates: kept('Certs'), ocsp: kept('OCSPs'), crls: kept('CRLs') };
}

const LISTS = ['Certs', 'OCSPs', 'CRLs'];
const PER_SIGNATURE = ['Cert', 'OCSP', 'CRL'];

/** Throws PdfFault when something else than evidence was added or evidence was changed. */
export function evidenceChange(comparison: Comparison): void {
  const { before, after } = comparison;
  const value = after.root.entries.get('DSS');
  const store = as(after.follow(value), 'dict');
  if (!store) {
    if (as(before.follow(before.root.entries.get('DSS')), 'dict')) throw new PdfFault('evidence taken away');
    return;
  }
  const owners = [before.rootNumber, ...storeNumbers(before)];
  explainOwn(comparison, value, owners);
  onlyThese(null, store, ['Type', 'VRI', ...LISTS]);
  for (const key of LISTS) list(comparison, store.entries.get(key), owners);
  const perSignature = store.entries.get('VRI');
  explainOwn(comparison, perSignature, owners);
  for (const entry of as(after.follow(perSignature), 'dict')?.entries.values() ?? []) {
    explainOwn(comparison, entry, owners);
    const kept = need(after.follow(entry), 'dict');
    onlyThese(null, kept, ['Type', 'TU', 'TS', ...PER_SIGNATURE]);
    for (const key of PER_SIGNATURE) list(comparison, kept.entries.get(key), owners);
    explainNew(comparison, kept.entries.get('TS'));
  }
}

function list(comparison: Comparison, value: PdfValue | undefined, owners: readonly number[]): void {
  if (value === undefined) return;
  explainOwn(comparison, value, owners);
  // the streams themselves: only new ones are explained
  for (const item of need(comparison.after.follow(value), 'array').items) explainNew(comparison, item);
}

/** Dictionaries and lists the store was made of; not the evidence. */
function storeNumbers(file: PdfFile): readonly number[] {
  const numbers: number[] = [];
  const note = (value: PdfValue | undefined): PdfValue => {
    const number = as(value, 'ref')?.number;
    if (number !== undefined) numbers.push(number);
    return file.follow(value);
  };
  const lists = (of: PdfDict | null, keys: readonly string[]): void => {
    for (const key of keys) note(of?.entries.get(key));
  };
  const store = as(note(file.root.entries.get('DSS')), 'dict');
  lists(store, LISTS);
  for (const entry of as(note(store?.entries.get('VRI')), 'dict')?.entries.values() ?? [])
    lists(as(note(entry), 'dict'), PER_SIGNATURE);
  return numbers;
}
