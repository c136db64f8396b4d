// Object identifiers of CMS (RFC 5652), its signature attributes (RFC 5035, ETSI EN 319 122-1) and time-stamps (RFC 3161).

export const cmsOids = {
  data: '1.2.840.113549.1.7.1',
  signedData: '1.2.840.113549.1.7.2',
  tstInfo: '1.2.840.113549.1.9.16.1.4',

  contentType: '1.2.840.113549.1.9.3',
  messageDigest: '1.2.840.113549.1.9.4',
  signingTime: '1.2.840.113549.1.9.5',
  signingCertificate: '1.2.840.113549.1.9.16.2.12',
  signingCertificateV2: '1.2.840.113549.1.9.16.2.47',
  algorithmProtection: '1.2.840.113549.1.9.52',

  signatureTimeStamp: '1.2.840.113549.1.9.16.2.14',
} as const;

/**
 * Signed attributes of other programs that say nothing a verifier must act on. Any other one we don't know may be a
 * condition of the signature (a policy, a commitment), so a signature with it is never called valid.
 */
export const harmlessSignedAttributes: ReadonlySet<string> = new Set([
  // S/MIME capabilities
  '1.2.840.113549.1.9.15',
  // content hints, MIME type, signer's location, signer's claimed role
  '1.2.840.113549.1.9.16.2.4',
  '0.4.0.1733.2.1',
  '1.2.840.113549.1.9.16.2.17',
  '1.2.840.113549.1.9.16.2.18',
  // Adobe's revocation information: the judge asks for its own
  '1.2.840.113583.1.1.8',
]);
