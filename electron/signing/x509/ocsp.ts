// Questions to and answers of OCSP responders (RFC 6960), with a nonce (RFC 9654). An answer counts when it was signed by
// the certificate's own issuer, or by a responder to which that very issuer gave the job.
import { digest, randomOctets, sha1ForIds } from '../crypto.ts';
import type { Der } from '../der/read.ts';
import {
  DerFault,
  fieldsOf,
  insideOf,
  integerOf,
  membersOf,
  octetsOf,
  octetsOfBits,
  oidOf,
  parsed,
  readDer,
  smallIntegerOf,
  tags,
  timeOf,
} from '../der/read.ts';
import { algorithmIdentifier, ctx, int, octets, oid, seq } from '../der/write.ts';
import type { Certificate } from './certificate.ts';
import { certificateOf } from './certificate.ts';
import type { Revocation } from './crl.ts';
import type { Extension } from './extensions.ts';
import { ekus, extensionListOf } from './extensions.ts';
import type { Name } from './names.ts';
import { nameOf, sameName } from './names.ts';
import { faultOf, isSignedBy } from './rules.ts';

const names = {
  basic: '1.3.6.1.5.5.7.48.1.1',
  nonce: '1.3.6.1.5.5.7.48.1.2',
  archiveCutoff: '1.3.6.1.5.5.7.48.1.6',
  sha1: '1.3.14.3.2.26',
  sha256: '2.16.840.1.101.3.4.2.1',
} as const;

export interface OcspQuestion {
  readonly der: Buffer;
  readonly nonce: Buffer;
}

/** Asks about one certificate. SHA-1 in the CertID, because responders know certificates by it (RFC 5019, 2.1.1). */
export function askOcsp(certificate: Certificate, issuer: Certificate): OcspQuestion {
  const nonce = randomOctets(32);
  const id = seq(
    algorithmIdentifier(names.sha1, 'null'),
    octets(sha1ForIds(issuer.subject.der)),
    octets(sha1ForIds(issuer.publicKeyOctets)),
    int(certificate.serial),
  );
  const extension = seq(oid(names.nonce), octets(octets(nonce)));
  return { der: seq(seq(seq(seq(id)), ctx(2, seq(extension)))), nonce };
}

export interface OcspAnswers {
  readonly der: Buffer;
  readonly producedAt: number;
  readonly nonce: Buffer | null;
  readonly responder: { readonly name: Name } | { readonly keyHash: Buffer };
  readonly single: readonly Single[];
  readonly certificates: readonly Certificate[];
  readonly signatureAlgorithm: Der;
  readonly signedBytes: Buffer;
  readonly signature: Buffer;
}

interface Single {
  readonly hash: string;
  readonly issuerName: Buffer;
  readonly issuerKey: Buffer;
  readonly serial: bigint;
  readonly status: 'good' | 'unknown' | Revocation;
  readonly thisUpdate: number;
  readonly nextUpdate: number | null;
  readonly archiveCutoff: number | null;
}

/** Null: malformed, or the responder's refusal (tryLater, unauthorized…), which is no answer either. */
export const readOcsp = (der: Uint8Array): OcspAnswers | null =>
  parsed(() => answersOf(readDer(der, { anySetOrder: true })));

export type OcspAnswer =
  | {
      readonly status: 'good' | 'unknown' | 'revoked';
      readonly revocation: Revocation | null;
      readonly thisUpdate: number;
      readonly nextUpdate: number | null;
      readonly producedAt: number;
      readonly archiveCutoff: number | null;
      /** Who signed it, when it was not the issuer itself. */
      readonly responder: Certificate | null;
    }
  | { readonly status: 'unusable'; readonly why: string };

/** What the answers say about a certificate. Freshness, and the responder's own revocation, are asked elsewhere. */
export function answerOf(
  answers: OcspAnswers,
  certificate: Certificate,
  issuer: Certificate,
  nonce: Buffer | null,
): OcspAnswer {
  const unusable = (why: string): OcspAnswer => ({ status: 'unusable', why });
  const single = answers.single.find((s) => isAbout(s, certificate, issuer));
  if (single === undefined) return unusable('about another certificate');
  if (nonce !== null && answers.nonce !== null && !answers.nonce.equals(nonce))
    return unusable('to another question');
  const signer = [issuer, ...answers.certificates].find((c) => isResponder(answers, c));
  if (signer === undefined) return unusable('its signer is not known');
  const delegated = signer.sha256 === issuer.sha256 || signer.spki.equals(issuer.spki) ? null : signer;
  const why = delegated === null ? null : whyNotDelegated(delegated, issuer, answers.producedAt);
  if (why !== null) return unusable(why);
  if (!isSignedBy(answers, signer.spki)) return unusable('its signature is wrong');
  const { status, thisUpdate, nextUpdate, archiveCutoff } = single;
  const { producedAt } = answers;
  return {
    status: typeof status === 'string' ? status : 'revoked',
    revocation: typeof status === 'string' ? null : status,
    thisUpdate,
    nextUpdate,
    producedAt,
    archiveCutoff,
    responder: delegated,
  };
}

/** RFC 6960, 4.2.2.2: issued by the very CA, for this job, and not expired when it answered. */
function whyNotDelegated(responder: Certificate, issuer: Certificate, at: number): string | null {
  if (!sameName(responder.issuer, issuer.subject) || !isSignedBy(responder, issuer.spki))
    return 'its signer is of another issuer';
  if (responder.extendedKeyUsage?.includes(ekus.ocspSigning) !== true) return 'its signer has not this job';
  if (responder.keyUsage !== null && !responder.keyUsage.has('digitalSignature'))
    return 'its signer may not sign';
  const fault = faultOf(responder, 'leaf');
  if (fault !== null) return `its signer is unfit: ${fault.says}`;
  return at >= responder.validFrom && at <= responder.validTo ? null : 'its signer was not valid then';
}

function isResponder({ responder }: OcspAnswers, certificate: Certificate): boolean {
  return 'name' in responder
    ? sameName(responder.name, certificate.subject)
    : responder.keyHash.equals(sha1ForIds(certificate.publicKeyOctets));
}

function isAbout(single: Single, certificate: Certificate, issuer: Certificate): boolean {
  const hash = hashes[single.hash];
  return (
    hash !== undefined &&
    single.serial === certificate.serial &&
    sameName(certificate.issuer, issuer.subject) &&
    single.issuerName.equals(hash(issuer.subject.der)) &&
    single.issuerKey.equals(hash(issuer.publicKeyOctets))
  );
}
const hashes: Readonly<Record<string, (bytes: Uint8Array) => Buffer>> = {
  [names.sha1]: sha1ForIds,
  [names.sha256]: (bytes) => digest('sha256', bytes),
};

function answersOf(der: Der): OcspAnswers {
  const outer = fieldsOf(der);
  if (smallIntegerOf(outer.take(), tags.enumerated) !== 0) throw new DerFault('no answer');
  const bytes = fieldsOf(insideOf(outer.take(0xa0)));
  outer.end();
  if (oidOf(bytes.take()) !== names.basic) throw new DerFault('another kind of answer');
  const basic = fieldsOf(readDer(octetsOf(bytes.take()), { anySetOrder: true }));
  bytes.end();
  const tbs = basic.take(tags.sequence);
  const signatureAlgorithm = basic.take(tags.sequence);
  const signature = octetsOfBits(basic.take());
  const certificateField = basic.maybe(0xa0);
  basic.end();

  const fields = fieldsOf(tbs);
  // version 1 is the default
  if (fields.maybe(0xa0) !== null) throw new DerFault('another version');
  const responder = responderOf(fields.take());
  const producedAt = timeOf(fields.take(), { fraction: true });
  const single = membersOf(fields.take(), tags.sequence, 1).map(singleOf);
  const extensions = explicitExtensions(fields.maybe(0xa1));
  fields.end();
  refuseCritical(extensions, [names.nonce]);
  const nonce = extensions.find(({ type }) => type === names.nonce);
  return {
    der: der.bytes,
    producedAt,
    nonce: nonce === undefined ? null : octetsOf(readDer(nonce.value)),
    responder,
    single,
    certificates: certificateField === null ? [] : membersOf(insideOf(certificateField)).map(certificateOf),
    signatureAlgorithm,
    signedBytes: tbs.bytes,
    signature,
  };
}

function responderOf(der: Der): OcspAnswers['responder'] {
  if (der.tag === 0xa1) return { name: nameOf(insideOf(der)) };
  if (der.tag === 0xa2) return { keyHash: octetsOf(insideOf(der)) };
  throw new DerFault('no responder');
}

function singleOf(der: Der): Single {
  const fields = fieldsOf(der);
  const id = fieldsOf(fields.take());
  const algorithm = fieldsOf(id.take());
  const [issuerName, issuerKey] = [octetsOf(id.take()), octetsOf(id.take())];
  const serial = integerOf(id.take());
  id.end();
  const status = statusOf(fields.take());
  const thisUpdate = timeOf(fields.take(), { fraction: true });
  const next = fields.maybe(0xa0);
  const extensions = explicitExtensions(fields.maybe(0xa1));
  fields.end();
  refuseCritical(extensions, [names.archiveCutoff]);
  const cutoff = extensions.find(({ type }) => type === names.archiveCutoff);
  return {
    hash: oidOf(algorithm.take()),
    issuerName,
    issuerKey,
    serial,
    status,
    thisUpdate,
    nextUpdate: next === null ? null : timeOf(insideOf(next), { fraction: true }),
    archiveCutoff: cutoff === undefined ? null : timeOf(readDer(cutoff.value), { fraction: true }),
  };
}

function statusOf(der: Der): Single['status'] {
  if (der.tag === 0x80 && der.contents.length === 0) return 'good';
  if (der.tag === 0x82 && der.contents.length === 0) return 'unknown';
  const fields = fieldsOf(der, 0xa1);
  const at = timeOf(fields.take(), { fraction: true });
  const reason = fields.maybe(0xa0);
  fields.end();
  return {
    at,
    reason: reason === null ? 0 : smallIntegerOf(insideOf(reason), tags.enumerated),
    invalidSince: null,
  };
}

const explicitExtensions = (der: Der | null): Extension[] =>
  der === null ? [] : extensionListOf(insideOf(der));

function refuseCritical(extensions: readonly Extension[], known: readonly string[]): void {
  if (extensions.some(({ type, critical }) => critical && !known.includes(type)))
    throw new DerFault('a critical extension that we don’t know');
}
