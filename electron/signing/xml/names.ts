// Names that XML signatures are made of: namespaces, algorithms believed, transforms expected. What is not here is not
// understood, and what is not understood is never valid.
import type { Scheme } from '../crypto.ts';
import type { SignatureAlgorithm } from '../types.ts';

export const DSIG = 'http://www.w3.org/2000/09/xmldsig#';
export const XADES = 'http://uri.etsi.org/01903/v1.3.2#';
export const SIGNED_PROPERTIES = 'http://uri.etsi.org/01903#SignedProperties';

export const ENVELOPED = `${DSIG}enveloped-signature`;
export const INCLUSIVE = 'http://www.w3.org/TR/2001/REC-xml-c14n-20010315';
export const EXCLUSIVE = 'http://www.w3.org/2001/10/xml-exc-c14n#';
export const canonicalizations: ReadonlySet<string> = new Set([INCLUSIVE, EXCLUSIVE]);

export const SHA256 = 'http://www.w3.org/2001/04/xmlenc#sha256';
export const digests: Readonly<Record<string, Scheme['hash']>> = {
  [SHA256]: 'sha256',
  'http://www.w3.org/2001/04/xmldsig-more#sha384': 'sha384',
  'http://www.w3.org/2001/04/xmlenc#sha512': 'sha512',
};

const more = 'http://www.w3.org/2001/04/xmldsig-more#';
export const schemes: Readonly<Record<string, Scheme>> = {
  [`${more}rsa-sha256`]: { kind: 'rsa-pkcs1', hash: 'sha256' },
  [`${more}rsa-sha384`]: { kind: 'rsa-pkcs1', hash: 'sha384' },
  [`${more}rsa-sha512`]: { kind: 'rsa-pkcs1', hash: 'sha512' },
  'http://www.w3.org/2007/05/xmldsig-more#sha256-rsa-MGF1': {
    kind: 'rsa-pss',
    hash: 'sha256',
    saltLength: 32,
  },
  [`${more}ecdsa-sha256`]: { kind: 'ecdsa', hash: 'sha256' },
  [`${more}ecdsa-sha384`]: { kind: 'ecdsa', hash: 'sha384' },
  [`${more}ecdsa-sha512`]: { kind: 'ecdsa', hash: 'sha512' },
};

/** Known to be too weak. */
export const weak: ReadonlySet<string> = new Set([
  `${DSIG}rsa-sha1`,
  `${DSIG}dsa-sha1`,
  `${DSIG}hmac-sha1`,
  `${DSIG}sha1`,
  `${more}rsa-md5`,
  `${more}md5`,
  `${more}ecdsa-sha1`,
]);

/** Without PSS: the insurance fund's tools and xmlsec of the day do not know it. */
export const methodOf: Readonly<Partial<Record<SignatureAlgorithm, string>>> = {
  'rsa-pkcs1-sha256': `${more}rsa-sha256`,
  'ecdsa-p256-sha256': `${more}ecdsa-sha256`,
  'ecdsa-p384-sha384': `${more}ecdsa-sha384`,
};

/**
 * Id of our reference to the whole file. It is signed, and says that the file is in the one spelling of spelling.ts:
 * then a verifier that knows it takes no other, and not one blank can be changed.
 */
export const ONE_SPELLING = 'one-spelling';

/** Ours: 16 MiB; a day's envelope of a district center has some hundred kilobytes. */
export const MOST_BYTES = 16 * 1024 * 1024;
