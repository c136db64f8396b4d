// A certificate (X.509 v3, RFC 5280) read from strict DER into values. Reading believes nothing: signature, path and
// revocation are asked elsewhere (path.ts, judge/).
import { sha256Hex } from '../crypto.ts';
import type { Der } from '../der/read.ts';
import {
  DerFault,
  fieldsOf,
  integerOf,
  octetsOfBits,
  parsed,
  readDer,
  smallIntegerOf,
  tags,
  timeOf,
} from '../der/read.ts';
import type { Extension, Extensions, KeyUsage } from './extensions.ts';
import { extensionListOf, readExtensions } from './extensions.ts';
import type { Name } from './names.ts';
import { attributes, isEmptyName, nameOf, readableName, sameName, valuesOf } from './names.ts';

export interface Certificate extends Extensions {
  readonly der: Buffer;
  /** Of the DER, 64 hex digits. */
  readonly sha256: string;
  readonly version: number;
  readonly serial: bigint;
  readonly serialOctets: Buffer;
  /** What was signed: the TBSCertificate whole. */
  readonly signedBytes: Buffer;
  readonly signature: Buffer;
  /** AlgorithmIdentifier outside and inside; they must be the same. */
  readonly signatureAlgorithm: Der;
  readonly innerSignatureAlgorithm: Der;
  readonly issuer: Name;
  readonly subject: Name;
  /** ms since 1970 UTC, both inclusive. */
  readonly validFrom: number;
  readonly validTo: number;
  /** A time was written in the other of the two forms than RFC 5280, 4.1.2.5 wants for its year. */
  readonly timeFormWrong: boolean;
  /** SubjectPublicKeyInfo, DER. */
  readonly spki: Buffer;
  /** Contents of its BIT STRING: what key identifiers are hashed from. */
  readonly publicKeyOctets: Buffer;
  readonly extensions: readonly Extension[];
  readonly hasUniqueIds: boolean;
}

/** Null when it is not a certificate in strict DER, or a known extension in it is malformed. */
export const readCertificate = (der: Uint8Array): Certificate | null =>
  parsed(() => certificateOf(readDer(der)));

/** As `readCertificate`, of an element already read. Throws DerFault. */
export function certificateOf(der: Der): Certificate {
  const outer = fieldsOf(der);
  const tbs = outer.take(tags.sequence);
  const signatureAlgorithm = outer.take(tags.sequence);
  const signature = octetsOfBits(outer.take());
  outer.end();

  const fields = fieldsOf(tbs);
  const versionField = fields.maybe(0xa0);
  const version = versionField === null ? 1 : versionOf(versionField);
  const serial = fields.take(tags.integer);
  const innerSignatureAlgorithm = fields.take(tags.sequence);
  const issuer = nameOf(fields.take());
  const validity = fieldsOf(fields.take());
  const [from, to] = [validity.take(), validity.take()];
  validity.end();
  const subject = nameOf(fields.take());
  const spki = fields.take(tags.sequence);
  const uniqueIds = [fields.maybe(0x81), fields.maybe(0x82)];
  const extensionField = fields.maybe(0xa3);
  fields.end();
  if (extensionField !== null && version !== 3) throw new DerFault('extensions before version 3');

  const extensions = extensionField === null ? [] : extensionListOf(onlyChild(extensionField));
  return {
    der: der.bytes,
    sha256: sha256Hex(der.bytes),
    version,
    serial: integerOf(serial),
    serialOctets: serial.contents,
    signedBytes: tbs.bytes,
    signature,
    signatureAlgorithm,
    innerSignatureAlgorithm,
    issuer,
    subject,
    validFrom: timeOf(from),
    validTo: timeOf(to),
    timeFormWrong: [from, to].some((t) => t.tag === tags.generalizedTime && timeOf(t) < endOfUtcTime),
    spki: spki.bytes,
    publicKeyOctets: publicKeyOctetsOf(spki),
    extensions,
    hasUniqueIds: uniqueIds.some((id) => id !== null),
    ...readExtensions(extensions),
  };
}

/** 2050-01-01: from then on GeneralizedTime. */
export const endOfUtcTime = Date.UTC(2050, 0, 1);

function versionOf(field: Der): number {
  const version = smallIntegerOf(onlyChild(field)) + 1;
  // v1 is the default, which DER leaves out
  if (version !== 2 && version !== 3) throw new DerFault('no such version');
  return version;
}

function onlyChild(der: Der): Der {
  const [child, ...more] = der.children;
  if (child === undefined || more.length > 0) throw new DerFault('one member expected');
  return child;
}

function publicKeyOctetsOf(spki: Der): Buffer {
  const fields = fieldsOf(spki);
  fields.take(tags.sequence);
  const octets = octetsOfBits(fields.take());
  fields.end();
  return octets;
}

/** Subject and issuer are the same name: a root, or a CA's new key. */
export const isSelfIssued = (certificate: Certificate): boolean =>
  sameName(certificate.subject, certificate.issuer);

/** A usage is allowed when the extension names it, or is absent (RFC 5280, 4.2.1.3). */
export const maySign = ({ keyUsage }: Certificate, ...usages: readonly KeyUsage[]): boolean =>
  keyUsage === null || usages.some((usage) => keyUsage.has(usage));

/** Who signed, as a person reads it. */
export const holderOf = (certificate: Certificate): string =>
  isEmptyName(certificate.subject) ? '' : readableName(certificate.subject);
export const issuerOf = (certificate: Certificate): string =>
  isEmptyName(certificate.issuer) ? '' : readableName(certificate.issuer);

/**
 * The citizen number (12 digits; 9 of an old identity card) in the subject. Vietnamese CAs write it to UID or serialNumber
 * as `CCCD:012345678901`, some with `CMND:`, `CC:`, `PNO…-` or bare; seen second-hand, unconfirmed.
 */
export function personNumberOf(certificate: Certificate): string | null {
  const values = [attributes.userId, attributes.serialNumber].flatMap((type) =>
    valuesOf(certificate.subject, type),
  );
  const numbers = values.flatMap((value) => personNumber.exec(value.trim())?.[1] ?? []);
  return numbers.find((number) => number.length === 12) ?? numbers[0] ?? null;
}
const personNumber = /^(?:(?:CCCD|CMND|CMTND|CC|CĂN CƯỚC|ĐDCN|IDCVN-|PNOVN-)[:\s]*)?(\d{12}|\d{9})$/iu;

/** The tax number of an office in the subject: `MST:0123456789`. */
export const taxNumberOf = (certificate: Certificate): string | null =>
  [attributes.userId, attributes.serialNumber]
    .flatMap((type) => valuesOf(certificate.subject, type))
    .flatMap((value) => /^MST[:\s]*(\d{10}(?:-\d{3})?)$/i.exec(value.trim())?.[1] ?? [])[0] ?? null;

/** Certificates in PEM text, in order; anything else in it is passed over. */
export function derOfPem(text: string, label = 'CERTIFICATE'): Buffer[] {
  const blocks = text.matchAll(
    new RegExp(`-----BEGIN ${label}-----([A-Za-z0-9+/=\\s]*)-----END ${label}-----`, 'g'),
  );
  return [...blocks].map(([, base64 = '']) => Buffer.from(base64, 'base64'));
}
export const pemOf = (der: Uint8Array, label = 'CERTIFICATE'): string =>
  `-----BEGIN ${label}-----\n${Buffer.from(der)
    .toString('base64')
    .replaceAll(/.{64}(?=.)/g, '$&\n')}\n-----END ${label}-----\n`;
