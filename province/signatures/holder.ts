// Whose a certificate is, by Node's own reader of certificates, which is OpenSSL's.
import { X509Certificate } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { sha256 } from '../bytes.ts';

export interface Holder {
  /** SHA-256 of the certificate, hex. */
  readonly certificate: string;
  readonly name: string;
  /** Citizen number; null: an office's, or one that names none. */
  readonly number: string | null;
}

/** Of the one certificate in a PEM file; null: none, several, or of nobody. */
export async function holderOf(file: string): Promise<Holder | null> {
  const text = await readFile(file, 'utf8').catch(() => '');
  const [pem, ...more] = text.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? [];
  if (pem === undefined || more.length > 0) return null;
  const certificate = new X509Certificate(pem);
  const subject = certificate.toLegacyObject().subject as unknown as
    | Readonly<Record<string, string | string[] | undefined>>
    | undefined;
  if (subject === undefined) return null;
  const all = (type: string): string[] => [subject[type] ?? []].flat();
  const numbers = ['UID', 'serialNumber']
    .flatMap(all)
    .flatMap((value) => citizen.exec(value.trim())?.[1] ?? []);
  return {
    certificate: sha256(certificate.raw).toString('hex'),
    name: all('CN').at(-1) ?? all('O').at(-1) ?? '',
    number: numbers.find((number) => number.length === 12) ?? numbers[0] ?? null,
  };
}

/** As Vietnamese CAs write it, seen second-hand: `CCCD:012345678901`, older cards with nine digits. */
const citizen = /^(?:(?:CCCD|CMND|CMTND|CC|CĂN CƯỚC|ĐDCN|IDCVN-|PNOVN-)[:\s]*)?(\d{12}|\d{9})$/iu;
