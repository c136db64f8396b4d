// Every certificate and revocation list that a container carries must be somebody's: outside the signature, a changed
// byte in one that was not needed would otherwise go unnoticed.
import { verify } from '../crypto.ts';
import { fieldsOf, octetsOfBits, parsed, readDer, tags } from '../der/read.ts';
import { schemeOf } from '../policy.ts';
import type { VerdictReason } from '../types.ts';
import { type Certificate, readCertificate } from '../x509/certificate.ts';
import { sameName } from '../x509/names.ts';
import type { SignedData } from './signed-data.ts';

/** `paths`: certificates that the judge has found good, DER. */
export function strangersIn(
  { certificates, crls, otherForms }: Pick<SignedData, 'certificates' | 'crls' | 'otherForms'>,
  paths: readonly Buffer[],
): VerdictReason[] {
  const known = new Set(paths.map((der) => der.toString('latin1')));
  const others = certificates.filter((der) => !known.has(der.toString('latin1')));
  if (others.length === 0 && crls.length === 0) return otherForms ? ['constraint_unknown'] : [];
  const read = [...paths, ...certificates].map((der) => readCertificate(der));
  const issuers = read.filter((certificate) => certificate !== null);
  return [
    ...(otherForms ? (['constraint_unknown'] as const) : []),
    ...others.flatMap((der) => faultOf(readCertificate(der), issuers) ?? []),
    ...crls.flatMap((der) =>
      issuers.some((issuer) => isListOf(der, issuer)) ? [] : (['issuer_unknown'] as const),
    ),
  ];
}

function faultOf(certificate: Certificate | null, issuers: readonly Certificate[]): VerdictReason | null {
  if (certificate === null) return 'certificate_malformed';
  return issuers.some((issuer) => isIssuedBy(certificate, issuer)) ? null : 'issuer_unknown';
}

function isIssuedBy(certificate: Certificate, issuer: Certificate): boolean {
  const { signatureAlgorithm, innerSignatureAlgorithm, signedBytes, signature } = certificate;
  if (!sameName(certificate.issuer, issuer.subject)) return false;
  if (!signatureAlgorithm.bytes.equals(innerSignatureAlgorithm.bytes)) return false;
  const scheme = schemeOf(signatureAlgorithm);
  return typeof scheme !== 'string' && verify(scheme, issuer.spki, signedBytes, signature);
}

/** A list that adds up under this key; whether it is fresh and says anything is for the judge. */
const isListOf = (list: Buffer, issuer: Certificate): boolean =>
  parsed(() => {
    const fields = fieldsOf(readDer(list));
    const signed = fields.take(tags.sequence);
    const algorithm = fields.take(tags.sequence);
    const signature = octetsOfBits(fields.take());
    fields.end();
    const scheme = schemeOf(algorithm);
    const inner = fieldsOf(signed);
    inner.maybe(tags.integer);
    return (
      inner.take(tags.sequence).bytes.equals(algorithm.bytes) &&
      typeof scheme !== 'string' &&
      verify(scheme, issuer.spki, signed.bytes, signature)
    );
  }) ?? false;
