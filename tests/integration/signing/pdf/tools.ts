// What independent programs say of a signed PDF: Poppler's pdfsig over NSS (its exit code lies, so its text is read),
// qpdf, and OpenSSL's cms over exactly the bytes each ByteRange names.
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { as, readPdf } from '../../../../electron/signing/pdf/file.ts';
import { signPdf } from '../../../../electron/signing/pdf/index.ts';
import { pagesOf } from '../../../../electron/signing/pdf/pages.ts';
import { updateOf } from '../../../../electron/signing/pdf/update.ts';
import {
  array,
  dict,
  name,
  number,
  ref,
  textString,
  withEntries,
} from '../../../../electron/signing/pdf/values.ts';
import type { SignatureAlgorithm, TimeStamper } from '../../../../electron/signing/types.ts';
import { fail, ok } from '../../../../shared/api/contract.ts';
import type { World } from '../../../unit/signing/cms/openssl-world.ts';
import { type WorldJudge, worldJudge } from '../../../unit/signing/cms/world-judge.ts';

export const root = join(import.meta.dirname, '..', '..', '..', '..');
export const paper = (): Buffer => readFileSync(join(root, 'tests', 'fixtures', 'pdf', 'paper-a5.pdf'));

/** The paper in the forms other programs write. */
export function qpdf(world: World, options: readonly string[], input = paper()): Buffer {
  const from = world.write('qpdf-in.pdf', input);
  execFileSync('qpdf', [...options, from, world.path('qpdf-out.pdf')]);
  return readFileSync(world.path('qpdf-out.pdf'));
}

/**
 * A hybrid file: a table for old readers, in which the page’s font is not, and beside it a stream
 * that says in which object stream the font is.
 */
export function hybrid(): Buffer {
  const parts: Buffer[] = [Buffer.from('%PDF-1.5\n')];
  const offsets: number[] = [];
  const length = (): number => parts.reduce((sum, part) => sum + part.length, 0);
  const push = (n: number, body: string): void => {
    offsets[n] = length();
    parts.push(Buffer.from(`${n} 0 obj\n${body}\nendobj\n`, 'latin1'));
  };
  push(1, '<</Type/Catalog/Pages 2 0 R>>');
  push(2, '<</Type/Pages/Kids[3 0 R]/Count 1>>');
  push(3, '<</Type/Page/Parent 2 0 R/MediaBox[0 0 420 595]/Resources<</Font<</F1 7 0 R>>>>/Contents 4 0 R>>');
  const content = 'BT /F1 14 Tf 40 500 Td (Giay ra vien) Tj ET';
  push(4, `<</Length ${content.length}>>\nstream\n${content}\nendstream`);
  const held = '7 0 <</Type/Font/Subtype/Type1/BaseFont/Helvetica>>';
  push(5, `<</Type/ObjStm/N 1/First 4/Length ${held.length}>>\nstream\n${held}\nendstream`);
  const row = '\x02\x00\x05\x00';
  push(6, `<</Type/XRef/Size 8/W[1 2 1]/Index[7 1]/Root 1 0 R/Length 4>>\nstream\n${row}\nendstream`);
  const start = length();
  const rows = [1, 2, 3, 4, 5, 6].map((n) => `${String(offsets[n]).padStart(10, '0')} 00000 n \n`).join('');
  parts.push(
    Buffer.from(
      `xref\n0 7\n0000000000 65535 f \n${rows}trailer\n<</Size 8/Root 1 0 R/XRefStm ${offsets[6]}>>\nstartxref\n${start}\n%%EOF\n`,
    ),
  );
  return Buffer.concat(parts);
}

export interface Signing {
  readonly who: string;
  readonly algorithm: SignatureAlgorithm;
  readonly stamper?: TimeStamper;
  readonly box?: Parameters<typeof signPdf>[0]['box'];
}

export const three: readonly Signing[] = [
  { who: 'nurse', algorithm: 'rsa-pkcs1-sha256' },
  { who: 'doctor', algorithm: 'rsa-pss-sha256' },
  { who: 'head', algorithm: 'ecdsa-p256-sha256' },
];

/** Signed one after another, each in a box of its own. */
export async function signedBy(world: World, pdf: Buffer, signers: readonly Signing[]): Promise<Buffer> {
  let signed = pdf;
  for (const [at, { who, algorithm, stamper, box }] of signers.entries()) {
    const result = await signPdf({
      pdf: signed,
      key: world.key(who),
      algorithm,
      box: box === undefined ? { page: 0, x: 30 + at * 120, y: 40, width: 112, height: 60 } : box,
      name: `Nguyễn Thị ${who}`,
      role: 'Bác sĩ điều trị',
      reason: null,
      at: Date.now(),
      stamper,
    });
    if (!result.ok) throw new Error(result.error.code);
    signed = result.value;
  }
  return signed;
}

export interface PdfsigSays {
  readonly valid: boolean;
  readonly trusted: boolean;
  readonly whole: boolean;
  readonly text: string;
}

/** A certificate database of NSS that trusts the world's root. */
export function nssOf(world: World): string {
  const folder = world.path('nss');
  mkdirSync(folder, { recursive: true });
  const certutil = (...args: string[]): void =>
    void execFileSync('certutil', ['-d', `sql:${folder}`, ...args], { stdio: 'ignore' });
  certutil('-N', '--empty-password');
  certutil('-A', '-n', 'root', '-t', 'CT,C,C', '-i', world.path('root.pem'));
  certutil('-A', '-n', 'ca', '-t', ',,', '-i', world.path('ca.pem'));
  return folder;
}

/**
 * A signature of Poppler's own, made from the person's key in the NSS database: in a new field (adbe.pkcs7.detached, all
 * it can do there) or in one that was left empty (ETSI.CAdES.detached).
 */
export function signedByPoppler(
  world: World,
  nss: string,
  pdf: Buffer,
  who: string,
  emptyField?: string,
): Buffer {
  world.openssl([
    ...['pkcs12', '-export', '-in', `${who}.pem`, '-inkey', `${who}.key`, '-name', who],
    ...['-passout', 'pass:x', '-out', 'key.p12'],
  ]);
  execFileSync('pk12util', ['-i', world.path('key.p12'), '-d', `sql:${nss}`, '-W', 'x', '-K', ''], {
    stdio: 'ignore',
  });
  const from = world.write('poppler-in.pdf', pdf);
  const to = world.path('poppler-out.pdf');
  rmSync(to, { force: true });
  const how = emptyField === undefined ? ['-add-signature'] : ['-etsi', '-sign', emptyField];
  execFileSync('pdfsig', ['-nssdir', `sql:${nss}`, '-nick', who, ...how, from, to], { stdio: 'pipe' });
  return readFileSync(to);
}

/** The paper with a signature field nobody has signed yet, as makers of forms leave them. */
export function withEmptyField(pdf: Buffer, fieldName: string, width = 120): Buffer {
  const file = readPdf(pdf);
  const update = updateOf(file);
  const page = pagesOf(file)[0]!;
  const at = ref(page.number);
  const field = update.add(
    dict({
      Type: name('Annot'),
      Subtype: name('Widget'),
      FT: name('Sig'),
      T: textString(fieldName),
      F: number(4),
      P: at,
      Rect: array(...[10, 120, 10 + width, 120 + width / 2 + (width > 200 ? 100 : 0)].map(number)),
    }),
  );
  const notes = file.follow(page.dict.entries.get('Annots'));
  update.put(at, withEntries(page.dict, { Annots: array(...(as(notes, 'array')?.items ?? []), field) }));
  update.put(
    ref(file.rootNumber),
    withEntries(file.root, { AcroForm: update.add(dict({ Fields: array(field) })) }),
  );
  return update.finish().bytes;
}

export function pdfsig(world: World, nss: string, pdf: Buffer): readonly PdfsigSays[] {
  const file = world.write('pdfsig.pdf', pdf);
  const { stdout } = spawnSync('pdfsig', ['-nssdir', `sql:${nss}`, '-no-ocsp', file], { encoding: 'utf8' });
  return stdout
    .split(/^Signature #\d+:$/m)
    .slice(1)
    .map((text) => ({
      valid: text.includes('Signature Validation: Signature is Valid.'),
      trusted: text.includes('Certificate Validation: Certificate is Trusted.'),
      whole: text.includes('- Total document signed'),
      text,
    }));
}

export function qpdfCheck(world: World, pdf: Buffer): { clean: boolean; text: string } {
  const { status, stdout, stderr } = spawnSync('qpdf', ['--check', world.write('check.pdf', pdf)], {
    encoding: 'utf8',
  });
  const text = `${stdout}${stderr}`;
  return { clean: status === 0 && /No syntax or stream encoding errors found/.test(text), text };
}

export interface Ranged {
  readonly content: Buffer;
  /** Contents with its padding. */
  readonly contents: Buffer;
  readonly end: number;
  readonly subFilter: string;
}

/** Found by text alone, without the program's reader. */
export function rangesOf(pdf: Buffer): readonly Ranged[] {
  const text = pdf.toString('latin1');
  return [...text.matchAll(/\/ByteRange\s*\[\s*(\d+) +(\d+) +(\d+) +(\d+) *\]/g)].map((match) => {
    const [a = 0, b = 0, c = 0, d = 0] = match.slice(1, 5).map(Number);
    const around = text.slice(Math.max(0, match.index - 400), match.index + 60);
    return {
      content: Buffer.concat([pdf.subarray(a, a + b), pdf.subarray(c, c + d)]),
      contents: Buffer.from(text.slice(b + 1, c - 1), 'hex'),
      end: c + d,
      subFilter: /\/SubFilter\s*\/([\w.]+)(?![\s\S]*\/SubFilter)/.exec(around)?.[1] ?? '',
    };
  });
}

/** Without the zeros behind the outermost element. */
export const der = (padded: Buffer): Buffer => padded.subarray(0, 4 + padded.readUInt16BE(2));

/** `openssl cms -verify -cades` with revocation lists, over the bytes the signature says it covers. */
export function opensslCades(world: World, { content, contents }: Ranged): { code: number; said: string } {
  world.write('ranged.cms', der(contents));
  world.write('ranged.bin', content);
  world.write(
    'anchors.pem',
    ['root.pem', 'ca.crl.pem', 'root.crl.pem'].map((name) => readFileSync(world.path(name), 'utf8')).join(''),
  );
  return world.tries([
    'cms',
    '-verify',
    '-cades',
    '-binary',
    '-inform',
    'DER',
    '-in',
    'ranged.cms',
    '-content',
    'ranged.bin',
    '-CAfile',
    'anchors.pem',
    '-crl_check_all',
    '-purpose',
    'any',
    '-out',
    'said.bin',
  ]);
}

/** OpenSSL's authority answers over the loopback of the test's own files. */
export const stamperOf =
  (world: World): TimeStamper =>
  async (bytes) => {
    world.write('stamped.bin', bytes);
    world.openssl(['ts', '-query', '-data', 'stamped.bin', '-sha256', '-cert', '-out', 'stamp.tsq']);
    world.stampResponse(readFileSync(world.path('stamp.tsq')));
    world.openssl(['ts', '-reply', '-in', 'answer.tsr', '-token_out', '-out', 'stamp.tst']);
    return ok(readFileSync(world.path('stamp.tst')));
  };
export const noStamper: TimeStamper = () => Promise.resolve(fail('stamp_unreachable'));

/** The program's own, with the world's root and revocation lists; the same question is looked at once. */
export const judgeOf = (world: World): WorldJudge => worldJudge(world, { remember: true });
