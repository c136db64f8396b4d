// Signature algorithms as x509-limbo's schema calls them.
import type { Der } from '../../electron/signing/der/read.ts';
import { oidOf } from '../../electron/signing/der/read.ts';

export const identifierName = (identifier: Der): string => {
  const [algorithm] = identifier.children;
  return (algorithm === undefined ? undefined : names[oidOf(algorithm)]) ?? 'another algorithm';
};

const names: Readonly<Record<string, string>> = {
  '1.2.840.113549.1.1.4': 'RSA_WITH_MD5',
  '1.2.840.113549.1.1.5': 'RSA_WITH_SHA1',
  '1.2.840.113549.1.1.14': 'RSA_WITH_SHA224',
  '1.2.840.113549.1.1.11': 'RSA_WITH_SHA256',
  '1.2.840.113549.1.1.12': 'RSA_WITH_SHA384',
  '1.2.840.113549.1.1.13': 'RSA_WITH_SHA512',
  '1.2.840.113549.1.1.10': 'RSASSA_PSS',
  '1.2.840.10045.4.1': 'ECDSA_WITH_SHA1',
  '1.2.840.10045.4.3.1': 'ECDSA_WITH_SHA224',
  '1.2.840.10045.4.3.2': 'ECDSA_WITH_SHA256',
  '1.2.840.10045.4.3.3': 'ECDSA_WITH_SHA384',
  '1.2.840.10045.4.3.4': 'ECDSA_WITH_SHA512',
  '1.3.101.112': 'ED25519',
  '1.3.101.113': 'ED448',
};
