// A certification authority for tests: real keys, real signatures, and every way of getting a certificate, a list or an
// answer wrong.

import type { KeyObject } from 'node:crypto';
import { generateKeyPairSync, sign } from 'node:crypto';
import { sha1ForIds } from '../../../../electron/signing/crypto.ts';
import {
  algorithmIdentifier,
  bits,
  bool,
  ctx,
  ctxPrimitive,
  enumerated,
  generalizedTime,
  int,
  octets,
  oid,
  seq,
  set,
  time,
  utf8,
} from '../../../../electron/signing/der/write.ts';
import type { Certificate } from '../../../../electron/signing/x509/certificate.ts';
import { readCertificate } from '../../../../electron/signing/x509/certificate.ts';

export const day = 86_400_000;
/** Midnight of a day on which everything made here is valid. */
export const today = Date.UTC(2026, 10, 22);

export interface Holder {
  readonly certificate: Certificate;
  readonly privateKey: KeyObject;
}

export interface CertificateForm {
  readonly name?: string | Buffer;
  readonly ca?: boolean;
  readonly pathLength?: number;
  readonly from?: number;
  readonly to?: number;
  readonly serial?: number;
  /** Whole extensions; null leaves the usual one of that type out. */
  readonly extensions?: Readonly<Record<string, Buffer | null>>;
  readonly keys?: { publicKey: KeyObject; privateKey: KeyObject };
  readonly ocsp?: string;
  readonly crl?: string;
  readonly version?: Buffer;
}

let serials = 1000;
const ecdsa = algorithmIdentifier('1.2.840.10045.4.3.2', null);
export const newKeys = (curve = 'P-256') => generateKeyPairSync('ec', { namedCurve: curve });

export const nameDer = (common: string, organization: string | null = 'Bệnh viện thử'): Buffer =>
  seq(
    ...(organization === null ? [] : [set(seq(oid('2.5.4.10'), utf8(organization)))]),
    set(seq(oid('2.5.4.3'), utf8(common))),
  );

export const extension = (type: string, value: Buffer, critical = false): Buffer =>
  seq(oid(type), ...(critical ? [bool(true)] : []), octets(value));

/** Bits of KeyUsage, first to last: 0 digitalSignature, 5 keyCertSign, 6 cRLSign. */
export function keyUsage(...set: number[]): Buffer {
  const highest = Math.max(...set);
  const bytes = Buffer.alloc((highest >> 3) + 1);
  for (const bit of set) bytes[bit >> 3]! |= 0x80 >> (bit & 7);
  return extension('2.5.29.15', bits(bytes, 7 - (highest & 7)), true);
}
export const extendedUsage = (usages: string[], critical = false): Buffer =>
  extension('2.5.29.37', seq(...usages.map(oid)), critical);
export const uri = (address: string): Buffer => ctxPrimitive(6, Buffer.from(address));
export const dns = (name: string): Buffer => ctxPrimitive(2, Buffer.from(name));
export const alternativeNames = (...names: Buffer[]): Buffer => extension('2.5.29.17', seq(...names));
export const nameConstraints = (permitted: Buffer[], excluded: Buffer[] = []): Buffer =>
  extension(
    '2.5.29.30',
    seq(
      ...(permitted.length > 0 ? [ctx(0, ...permitted.map((base) => seq(base)))] : []),
      ...(excluded.length > 0 ? [ctx(1, ...excluded.map((base) => seq(base)))] : []),
    ),
    true,
  );

export const root = (form: CertificateForm = {}): Holder => issue(null, { name: 'Gốc', ca: true, ...form });

/** A certificate of `issuer`, or a root. */
export function issue(issuer: Holder | null, form: CertificateForm = {}): Holder {
  const keys = form.keys ?? newKeys();
  const der = certificateDer(issuer, keys, form);
  const certificate = readCertificate(der);
  if (certificate === null) throw new Error('the test made a malformed certificate');
  return { certificate, privateKey: keys.privateKey };
}

/** As `issue`, for certificates that cannot be read. */
export function certificateDer(
  issuer: Holder | null,
  keys: { publicKey: KeyObject; privateKey: KeyObject },
  form: CertificateForm,
): Buffer {
  const { name = 'Nguyễn Văn An', ca = false, from = today - 365 * day, to = today + 365 * day } = form;
  const spki = keys.publicKey.export({ type: 'spki', format: 'der' });
  const subject = typeof name === 'string' ? nameDer(name) : name;
  const tbs = seq(
    form.version ?? ctx(0, int(2)),
    int(form.serial ?? serials++),
    ecdsa,
    issuer?.certificate.subject.der ?? subject,
    seq(time(from), time(to)),
    subject,
    spki,
    ctx(3, seq(...extensionsOf(issuer, spki, { ...form, ca }))),
  );
  return signed(tbs, issuer?.privateKey ?? keys.privateKey);
}

const signed = (tbs: Buffer, key: KeyObject): Buffer => seq(tbs, ecdsa, bits(sign('sha256', tbs, key)));

export const keyIdOf = (spki: Buffer): Buffer => sha1ForIds(spki);

function extensionsOf(issuer: Holder | null, spki: Buffer, form: CertificateForm): Buffer[] {
  const usual: Record<string, Buffer | null> = {
    '2.5.29.14': extension('2.5.29.14', octets(keyIdOf(spki))),
    '2.5.29.35':
      issuer === null
        ? null
        : extension('2.5.29.35', seq(ctxPrimitive(0, issuer.certificate.subjectKeyId ?? Buffer.from([1])))),
    '2.5.29.19': form.ca
      ? extension(
          '2.5.29.19',
          seq(bool(true), ...(form.pathLength === undefined ? [] : [int(form.pathLength)])),
          true,
        )
      : null,
    '2.5.29.15': form.ca ? keyUsage(5, 6) : keyUsage(0, 1),
    '1.3.6.1.5.5.7.1.1':
      form.ocsp === undefined
        ? null
        : extension('1.3.6.1.5.5.7.1.1', seq(seq(oid('1.3.6.1.5.5.7.48.1'), uri(form.ocsp)))),
    '2.5.29.31':
      form.crl === undefined ? null : extension('2.5.29.31', seq(seq(ctx(0, ctx(0, uri(form.crl)))))),
  };
  return Object.values({ ...usual, ...form.extensions }).filter((e) => e !== null);
}

export interface CrlForm {
  readonly revoked?: readonly {
    serial: bigint;
    at: number;
    reason?: number;
    invalidSince?: number;
    extra?: Buffer;
  }[];
  readonly thisUpdate?: number;
  readonly nextUpdate?: number | null;
  readonly number?: Buffer | null;
  readonly extensions?: readonly Buffer[];
  readonly signer?: KeyObject;
  readonly keyId?: Buffer | null;
}

export const crlNumber = (number: number, critical = false): Buffer =>
  extension('2.5.29.20', int(number), critical);
export const distributionPoint = (...members: Buffer[]): Buffer =>
  extension('2.5.29.28', seq(...members), true);

export function crlOf(issuer: Holder, form: CrlForm = {}): Buffer {
  const entries = (form.revoked ?? []).map(({ serial, at, reason, invalidSince, extra }) => {
    const extensions = [
      ...(reason === undefined ? [] : [extension('2.5.29.21', enumerated(reason))]),
      ...(invalidSince === undefined ? [] : [extension('2.5.29.24', generalizedTime(invalidSince))]),
      ...(extra === undefined ? [] : [extra]),
    ];
    return seq(int(serial), time(at), ...(extensions.length > 0 ? [seq(...extensions)] : []));
  });
  const { thisUpdate = today - day, nextUpdate = today + day, number = crlNumber(7) } = form;
  const keyId = form.keyId === undefined ? issuer.certificate.subjectKeyId : form.keyId;
  const tbs = seq(
    int(1),
    ecdsa,
    issuer.certificate.subject.der,
    time(thisUpdate),
    ...(nextUpdate === null ? [] : [time(nextUpdate)]),
    ...(entries.length > 0 ? [seq(Buffer.concat(entries))] : []),
    ctx(
      0,
      seq(
        ...(keyId === null ? [] : [extension('2.5.29.35', seq(ctxPrimitive(0, keyId)))]),
        ...(number === null ? [] : [number]),
        ...(form.extensions ?? []),
      ),
    ),
  );
  return signed(tbs, form.signer ?? issuer.privateKey);
}

export interface OcspForm {
  readonly status?: 'good' | 'unknown' | { at: number; reason?: number };
  readonly thisUpdate?: number;
  readonly nextUpdate?: number | null;
  readonly producedAt?: number;
  readonly nonce?: Buffer | null;
  /** Who signs; the issuer itself unless given. */
  readonly responder?: Holder;
  readonly enclosed?: readonly Certificate[];
  readonly serial?: bigint;
  readonly byKey?: boolean;
}

export function ocspOf(certificate: Certificate, issuer: Holder, form: OcspForm = {}): Buffer {
  const { status = 'good', thisUpdate = today - 3_600_000, nextUpdate = today + day } = form;
  const responder = form.responder ?? issuer;
  const id = seq(
    algorithmIdentifier('1.3.14.3.2.26', 'null'),
    octets(sha1ForIds(issuer.certificate.subject.der)),
    octets(sha1ForIds(issuer.certificate.publicKeyOctets)),
    int(form.serial ?? certificate.serial),
  );
  const said =
    status === 'good'
      ? ctxPrimitive(0, Buffer.alloc(0))
      : status === 'unknown'
        ? ctxPrimitive(2, Buffer.alloc(0))
        : ctx(
            1,
            generalizedTime(status.at),
            ...(status.reason === undefined ? [] : [ctx(0, enumerated(status.reason))]),
          );
  const single = seq(
    id,
    said,
    generalizedTime(thisUpdate),
    ...(nextUpdate === null ? [] : [ctx(0, generalizedTime(nextUpdate))]),
  );
  const tbs = seq(
    form.byKey === true
      ? ctx(2, octets(sha1ForIds(responder.certificate.publicKeyOctets)))
      : ctx(1, responder.certificate.subject.der),
    generalizedTime(form.producedAt ?? thisUpdate),
    seq(single),
    ...(form.nonce == null ? [] : [ctx(1, seq(extension('1.3.6.1.5.5.7.48.1.2', octets(form.nonce))))]),
  );
  const enclosed = form.enclosed ?? (responder === issuer ? [] : [responder.certificate]);
  const basic = seq(
    tbs,
    ecdsa,
    bits(sign('sha256', tbs, responder.privateKey)),
    ...(enclosed.length > 0 ? [ctx(0, seq(...enclosed.map((c) => c.der)))] : []),
  );
  return seq(enumerated(0), ctx(0, seq(oid('1.3.6.1.5.5.7.48.1.1'), octets(basic))));
}

/** The nonce in an OCSP request, by its place at the end. */
export const nonceOf = (request: Uint8Array): Buffer => Buffer.from(request.slice(-32));
