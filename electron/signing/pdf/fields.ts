// Signature fields and the signatures in them: found through the form of the catalog, and what a signature dictionary
// says. The writer needs the names taken, the verifier everything.
import { as, isName, need, type PdfFile } from './file.ts';
import { type PdfDict, PdfFault, type PdfString, type PdfValue } from './values.ts';

export interface SignatureField {
  /** Of the field; 0 when it stands directly in another object. */
  readonly number: number;
  readonly dict: PdfDict;
  readonly name: string;
  /** The object with the signature dictionary; null while nobody has signed. */
  readonly signature: { readonly number: number; readonly dict: PdfDict } | null;
}

const DEEPEST = 16;
const MOST_FIELDS = 10_000;

/** All fields of type Sig, in the form's order. Throws PdfFault. */
export function signatureFields(file: PdfFile): readonly SignatureField[] {
  const found: SignatureField[] = [];
  const form = as(file.follow(file.root.entries.get('AcroForm')), 'dict');
  if (!form) return found;
  const seen = new Set<number>();
  let count = 0;
  const walk = (value: PdfValue, inherited: PdfValue, prefix: string, depth: number): void => {
    const number = as(value, 'ref')?.number ?? 0;
    count += 1;
    if ((number !== 0 && seen.has(number)) || depth > DEEPEST || count > MOST_FIELDS)
      throw new PdfFault('fields go round');
    seen.add(number);
    const dict = as(file.follow(value), 'dict');
    if (!dict) return;
    const type = dict.entries.has('FT') ? file.follow(dict.entries.get('FT')) : inherited;
    const own = as(file.follow(dict.entries.get('T')), 'string');
    const name = own ? [prefix, textOf(own)].filter((part) => part !== '').join('.') : prefix;
    if (isName(type, 'Sig') && dict.entries.has('V'))
      found.push({ number, dict, name, signature: signatureOf(file, dict.entries.get('V')) });
    else if (isName(type, 'Sig') && !hasFieldKids(file, dict))
      found.push({ number, dict, name, signature: null });
    for (const kid of as(file.follow(dict.entries.get('Kids')), 'array')?.items ?? [])
      walk(kid, type, name, depth + 1);
  };
  for (const field of need(file.follow(form.entries.get('Fields')) ?? { kind: 'array', items: [] }, 'array')
    .items)
    walk(field, null, '', 0);
  return found;
}

function signatureOf(file: PdfFile, value: PdfValue | undefined): SignatureField['signature'] {
  const dict = as(file.follow(value), 'dict');
  return dict ? { number: as(value, 'ref')?.number ?? 0, dict } : null;
}

/** A kid with a name of its own is a field; one without is only a place on a page. */
const hasFieldKids = (file: PdfFile, field: PdfDict): boolean =>
  (as(file.follow(field.entries.get('Kids')), 'array')?.items ?? []).some((kid) =>
    as(file.follow(kid), 'dict')?.entries.has('T'),
  );

/** A text string: UTF-16 or UTF-8 by its mark, else one byte per letter. */
export function textOf({ bytes }: PdfString): string {
  if (bytes[0] === 0xfe && bytes[1] === 0xff && bytes.length % 2 === 0)
    return Buffer.from(bytes.subarray(2)).swap16().toString('utf16le');
  if (bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf) return bytes.toString('utf8', 3);
  return bytes.toString('latin1');
}

/** `D:20261122180509+07'00'` and its shorter forms, in ms since 1970 UTC; null when it is not a date. */
export function dateOf(text: string): number | null {
  const found =
    /^D:(\d{4})(\d\d)?(\d\d)?(\d\d)?(\d\d)?(\d\d)?(?:Z(?:00'?00'?)?|([+-])(\d\d)'?(\d\d)?'?)?$/.exec(text);
  if (!found) return null;
  const [, year, month = '01', day = '01', hour = '00', minute = '00', second = '00', sign, zh, zm] = found;
  const at = Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
  if (Number.isNaN(at)) return null;
  const zone = (Number(zh ?? 0) * 60 + Number(zm ?? 0)) * 60_000;
  return sign === '-' ? at + zone : at - zone;
}
