// Every certificate and revocation list that a container carries must be somebody's: outside the signature, a changed
// byte in one that was not needed would otherwise go unnoticed.
import type { VerdictReason } from '../types.ts';
import { type Certificate, readCertificate } from '../x509/certificate.ts';
import { readCrl } from '../x509/crl.ts';
import { sameName } from '../x509/names.ts';
import { isSignedBy } from '../x509/rules.ts';
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
    ...crls.flatMap((der) => (isListOf(der, issuers) ? [] : (['issuer_unknown'] as const))),
  ];
}

function faultOf(certificate: Certificate | null, issuers: readonly Certificate[]): VerdictReason | null {
  if (certificate === null) return 'certificate_malformed';
  return issuers.some(
    (issuer) => sameName(certificate.issuer, issuer.subject) && isSignedBy(certificate, issuer.spki),
  )
    ? null
    : 'issuer_unknown';
}

/** A list that adds up under one of these keys; whether it is fresh and says anything is for the judge. */
function isListOf(der: Buffer, issuers: readonly Certificate[]): boolean {
  const crl = readCrl(der);
  return crl !== null && issuers.some((issuer) => isSignedBy(crl, issuer.spki));
}
