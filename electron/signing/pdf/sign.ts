// Signs a PDF (PAdES-B-B, with a stamper B-T; ETSI EN 319 142-1) and seals it with a document time-stamp, each as an
// incremental update: what earlier signatures cover stays as it is, byte for byte. The signature's time-stamp is fetched
// at once, because nothing may be added to a signature that a later one covers.
import { fail, ok, type Result } from '../../../shared/api/contract.ts';
import { VIETNAM_OFFSET_MS } from '../../../shared/time/vietnam.ts';
import { addTimeStamp, signCades } from '../cms/sign.ts';
import { publicKeyOf } from '../crypto.ts';
import type { SignatureAlgorithm, SigningKey, TimeStamper } from '../types.ts';
import { readCertificate } from '../x509/certificate.ts';
import { addAppearance, addEmptyAppearance, type BoxText } from './box.ts';
import { signatureFields } from './fields.ts';
import { as, type PdfFile, readPdf } from './file.ts';
import { type Page, pagesOf } from './pages.ts';
import { allowedAfter, allowedByBoth, unrestricted } from './permissions.ts';
import { type Update, updateOf } from './update.ts';
import {
  array,
  dict,
  name,
  number,
  type PdfDict,
  PdfFault,
  type PdfRef,
  type PdfValue,
  ref,
  textString,
  withEntries,
  written,
} from './values.ts';

export interface PdfToSign {
  readonly pdf: Uint8Array;
  readonly key: SigningKey;
  /** One of the key's. */
  readonly algorithm: SignatureAlgorithm;
  /** Points from the page's lower left corner, pages from 0; null: nothing is shown. */
  readonly box: {
    readonly page: number;
    readonly x: number;
    readonly y: number;
    readonly width: number;
    readonly height: number;
  } | null;
  /** As the certificate has it. */
  readonly name: string;
  readonly role?: string | null;
  /** In the dictionary only; the box has no room for it. */
  readonly reason: string | null;
  /** The signer's own clock, ms since 1970 UTC: the dictionary's M, and shown. */
  readonly at: number;
  readonly stamper?: TimeStamper | null;
  /**
   * When there is no time-stamp to be had: 'refuse' (the default), or 'sign' without one, so that the key is asked only
   * once; a document time-stamp can come later.
   */
  readonly unstamped?: 'refuse' | 'sign';
}

/**
 * The signed file. Codes: signature_unreadable (no PDF we can read, encrypted, or certified against further signatures),
 * those of signCades and of the stamper.
 */
export async function signPdf(what: PdfToSign): Promise<Result<Buffer>> {
  const { key, algorithm, at, stamper = null } = what;
  const file = readable(what.pdf);
  if (!file || !isOpenTo(file, what.box !== null)) return fail('signature_unreadable');
  const certificate = readCertificate(key.certificate);
  if (certificate === null) return fail('certificate_unfit');
  const container = async (content: Uint8Array): Promise<Result<Buffer>> => {
    const signed = await signCades({ content, key, algorithm });
    if (!signed.ok || !stamper) return signed;
    const stamped = await addTimeStamp(signed.value, stamper);
    return stamped.ok || what.unstamped !== 'sign' ? stamped : signed;
  };
  const probe = await signCades({
    content: Buffer.alloc(0),
    key: unsigned(key, certificate.spki),
    algorithm,
  });
  if (!probe.ok) return probe;
  return sealed(
    file,
    { ...what, role: what.role ?? null },
    {
      Type: name('Sig'),
      Filter: name('Adobe.PPKLite'),
      SubFilter: name('ETSI.CAdES.detached'),
      M: { kind: 'text', text: `(${pdfDate(at)})` },
      Name: textString(what.name),
      Reason: what.reason ? textString(what.reason) : undefined,
    },
    probe.value.length + (stamper ? STAMP_ROOM : 0),
    container,
  );
}

/** Adds a time-stamp over the whole file (PAdES-B-LTA's DocTimeStamp). Codes: signature_unreadable, the stamper's. */
export async function addDocTimeStamp(pdf: Uint8Array, stamper: TimeStamper): Promise<Result<Buffer>> {
  const file = readable(pdf);
  if (!file) return fail('signature_unreadable');
  return sealed(
    file,
    null,
    { Type: name('DocTimeStamp'), Filter: name('Adobe.PPKLite'), SubFilter: name('ETSI.RFC3161') },
    STAMP_ROOM,
    stamper,
  );
}

/** A time-stamp token with its whole chain has about 5 kB (measured); a larger one makes the second try below. */
const STAMP_ROOM = 10_240;

type Shown = BoxText & { readonly box: PdfToSign['box'] };

/** Writes the update with room for the container, asks for it over the rest, and puts it in. */
async function sealed(
  file: PdfFile,
  shown: Shown | null,
  entries: Readonly<Record<string, PdfValue | undefined>>,
  room: number,
  container: (content: Uint8Array) => Promise<Result<Buffer>>,
): Promise<Result<Buffer>> {
  const prepared = withRoom(file, shown, entries, room);
  if (!prepared) return fail('signature_unreadable');
  const { bytes, from, to } = prepared;
  const made = await container(Buffer.concat([bytes.subarray(0, from), bytes.subarray(to)]));
  if (!made.ok) return made;
  // only a time-stamp can be larger than foreseen; its size is known now
  if (made.value.length > room) return sealed(file, shown, entries, made.value.length + 512, container);
  bytes.write(made.value.toString('hex').padEnd(room * 2, '0'), from + 1, 'latin1');
  return ok(bytes);
}

/** `from` and `to`: the Contents with its angle brackets, all that the signature does not cover. */
function withRoom(
  file: PdfFile,
  shown: Shown | null,
  entries: Readonly<Record<string, PdfValue | undefined>>,
  room: number,
): { bytes: Buffer; from: number; to: number } | null {
  try {
    const update = updateOf(file);
    const placeholder = `<${'0'.repeat(room * 2)}>`;
    const signature = update.add(
      dict({
        ...entries,
        ByteRange: { kind: 'text', text: BLANK_RANGE },
        Contents: { kind: 'text', text: placeholder },
      }),
    );
    addField(file, update, signature, shown);
    const { bytes, offsets } = update.finish();
    const start = offsets.get(signature.number) ?? 0;
    const from = bytes.indexOf(placeholder, start);
    const to = from + placeholder.length;
    const range = `[0 ${from} ${to} ${bytes.length - to}]`.padEnd(BLANK_RANGE.length, ' ');
    bytes.write(range, bytes.indexOf(BLANK_RANGE, start), 'latin1');
    return { bytes, from, to };
  } catch (fault) {
    if (fault instanceof PdfFault) return null;
    throw fault;
  }
}

const BLANK_RANGE = `[0 ${Array(3).fill('0'.repeat(10)).join(' ')}]`;

/** The field that is also its place on the page, in the form's fields and the page's annotations. */
function addField(file: PdfFile, update: Update, signature: PdfRef, shown: Shown | null): void {
  const pages = pagesOf(file);
  const box = shown?.box ?? null;
  const page = pages[box?.page ?? 0];
  if (!page) throw new PdfFault('no such page');
  const [left, bottom] = page.mediaBox;
  const [x, y] = [left + (box?.x ?? 0), bottom + (box?.y ?? 0)];
  const field = update.add(
    dict({
      Type: name('Annot'),
      Subtype: name('Widget'),
      FT: name('Sig'),
      T: textString(freeName(file)),
      V: signature,
      F: number(FLAGS_PRINT_AND_LOCKED),
      P: ref(page.number, generationOf(file, page.number)),
      Rect: box
        ? array(number(x), number(y), number(x + box.width), number(y + box.height))
        : array(number(0), number(0), number(0), number(0)),
      AP: dict({
        N: shown && box ? addAppearance(update, shown, box.width, box.height) : addEmptyAppearance(update),
      }),
    }),
  );
  putAnnotation(file, update, page, field);
  putInForm(file, update, field);
}

const FLAGS_PRINT_AND_LOCKED = 4 + 128;
/** SignaturesExist and AppendOnly. */
const FLAGS_SIGNED = 3;

function putAnnotation(file: PdfFile, update: Update, page: Page, field: PdfRef): void {
  const listed = page.dict.entries.get('Annots');
  const longer = array(...(as(file.follow(listed), 'array')?.items ?? []), field);
  const elsewhere = as(listed, 'ref');
  if (elsewhere && as(file.follow(elsewhere), 'array')) update.put(elsewhere, longer);
  else
    update.put(ref(page.number, generationOf(file, page.number)), withEntries(page.dict, { Annots: longer }));
}

function putInForm(file: PdfFile, update: Update, field: PdfRef): void {
  const { root, rootNumber } = file;
  const rootRef = ref(rootNumber, generationOf(file, rootNumber));
  const listed = root.entries.get('AcroForm');
  const form = as(file.follow(listed), 'dict');
  if (!form) {
    const fresh = update.add(dict({ Fields: array(field), SigFlags: number(FLAGS_SIGNED) }));
    update.put(rootRef, withEntries(root, { AcroForm: fresh }));
    return;
  }
  const fields = form.entries.get('Fields');
  const longer = array(...(as(file.follow(fields), 'array')?.items ?? []), field);
  const fieldsElsewhere = as(fields, 'ref');
  if (fieldsElsewhere) update.put(fieldsElsewhere, longer);
  const flags = (as(file.follow(form.entries.get('SigFlags')), 'number')?.value ?? 0) | FLAGS_SIGNED;
  const changed: PdfDict = withEntries(form, {
    SigFlags: number(flags),
    Fields: fieldsElsewhere ?? longer,
  });
  const elsewhere = as(listed, 'ref');
  if (elsewhere) {
    if (!written(changed).equals(written(form))) update.put(elsewhere, changed);
  } else update.put(rootRef, withEntries(root, { AcroForm: changed }));
}

const generationOf = (file: PdfFile, n: number): number => {
  const place = file.places.get(n);
  return place?.in === 'file' ? place.generation : 0;
};

function freeName(file: PdfFile): string {
  const taken = new Set(signatureFields(file).map((field) => field.name));
  let at = taken.size + 1;
  while (taken.has(`Signature${at}`)) at += 1;
  return `Signature${at}`;
}

/** Whether those who signed before allow one more signature, in a field of its own. */
function isOpenTo(file: PdfFile, shown: boolean): boolean {
  const { level, locked } = signatureFields(file)
    .map((field) => allowedAfter(file, field))
    .reduce(allowedByBoth, unrestricted);
  return level !== 1 && (level !== 2 || !shown) && !locked(freeName(file));
}

function readable(pdf: Uint8Array): PdfFile | null {
  try {
    const file = readPdf(Buffer.from(pdf.buffer, pdf.byteOffset, pdf.byteLength));
    signatureFields(file);
    return file;
  } catch (fault) {
    if (fault instanceof PdfFault) return null;
    throw fault;
  }
}

/** The key with a signature as long as its longest, to learn how much room a container takes without the token. */
function unsigned(key: SigningKey, spki: Uint8Array): SigningKey {
  const publicKey = publicKeyOf(spki);
  const octets =
    publicKey?.kind === 'rsa'
      ? Math.ceil(publicKey.bits / 8)
      : // two integers in a sequence (RFC 3279)
        publicKey?.kind === 'ec'
        ? 2 * (Math.ceil(publicKey.bits / 8) + 3) + 4
        : 512;
  const { certificate, chain, algorithms } = key;
  return { certificate, chain, algorithms, sign: () => Promise.resolve(ok(Buffer.alloc(octets))) };
}

/** In Vietnam's time, whatever zone the PC is set to. */
const pdfDate = (at: number): string =>
  `D:${new Date(at + VIETNAM_OFFSET_MS).toISOString().slice(0, 19).replace(/[-:T]/g, '')}+07'00'`;
