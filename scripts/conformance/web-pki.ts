// What the web asks of TLS certificates beyond RFC 5280 (CA/Browser Forum Baseline Requirements 2.0, chapter 7), as far
// as the test vectors look at it. Papers are signed by other rules: this stays with the vectors.
import { domainToUnicode } from 'node:url';
import { publicKeyOf } from '../../electron/signing/crypto.ts';
import type { Certificate } from '../../electron/signing/x509/certificate.ts';
import { isSelfIssued } from '../../electron/signing/x509/certificate.ts';
import { isDnsPattern } from '../../electron/signing/x509/constraints.ts';
import type { KeyUsage } from '../../electron/signing/x509/extensions.ts';
import { ekus, extensionTypes } from '../../electron/signing/x509/extensions.ts';
import type { GeneralName } from '../../electron/signing/x509/names.ts';
import { attributes, isEmptyName, valuesOf } from '../../electron/signing/x509/names.ts';
import type { Rule } from '../../electron/signing/x509/rules.ts';
import { isCritical } from '../../electron/signing/x509/rules.ts';
import { textOfAddress } from './peer-names.ts';

const malformed = 'certificate_malformed';

export const webPkiRules: readonly Rule[] = [
  {
    reason: malformed,
    says: 'has alternative names (7.1.2.7.12)',
    breaks: (c, role) => role === 'leaf' && c.subjectAltName === null,
  },
  {
    reason: malformed,
    says: 'marks alternative names critical only without a subject (7.1.2.7.12)',
    breaks: (c) => isCritical(c, extensionTypes.subjectAltName) && !isEmptyName(c.subject),
  },
  {
    reason: malformed,
    says: 'has alternative names that make sense (7.1.2.7.12)',
    breaks: (c) => (c.subjectAltName ?? []).some((name) => !isSensible(name)),
  },
  {
    reason: malformed,
    says: 'has no star right below a public suffix (3.2.2.6)',
    breaks: (c) => (c.subjectAltName ?? []).some((name) => name.kind === 'dns' && isStarOfSuffix(name.value)),
  },
  {
    reason: 'not_for_signing',
    says: 'has uncritical usages without “any” (7.1.2.7.10)',
    breaks: (c, role) =>
      role === 'leaf' &&
      (c.extendedKeyUsage?.includes(ekus.any) === true || isCritical(c, extensionTypes.extendedKeyUsage)),
  },
  {
    reason: 'not_for_issuing',
    says: 'limits no extended usages at the root (7.1.2.1)',
    breaks: (c, role) => role === 'anchor' && c.extendedKeyUsage !== null,
  },
  {
    reason: malformed,
    says: 'identifies issuers’ keys by key identifier only (7.1.2.11.1)',
    breaks: ({ authorityKeyId: a }) =>
      a !== null && (a.keyId === null || a.issuer !== null || a.serial !== null),
  },
  {
    reason: malformed,
    says: 'identifies its own key at the root (7.1.2.1.3)',
    breaks: (c, role) =>
      role === 'anchor' &&
      isSelfIssued(c) &&
      c.authorityKeyId?.keyId != null &&
      c.subjectKeyId?.equals(c.authorityKeyId.keyId) === false,
  },
  {
    reason: 'algorithm_weak',
    says: 'has an RSA key of whole octets (6.1.5)',
    breaks: (c) => {
      const key = publicKeyOf(c.spki);
      return key?.kind === 'rsa' && key.bits % 8 !== 0;
    },
  },
  {
    reason: 'algorithm_unknown',
    says: 'has an RSA key that is not for PSS only (7.1.3.1.1)',
    breaks: (c) => {
      const key = publicKeyOf(c.spki);
      return key?.kind === 'rsa' && key.pssOnly !== null;
    },
  },
];

/**
 * Asked only of the cases of chapter `webpki::`, which are about the Baseline Requirements; those about RFC 5280 name
 * their subjects freely.
 */
export const webPkiChapterRules: readonly Rule[] = [
  {
    reason: malformed,
    says: 'repeats an alternative name as its common name (7.1.4.3)',
    breaks: (c, role) =>
      role === 'leaf' &&
      !commonNameIsListed(c.subjectAltName ?? [], valuesOf(c.subject, attributes.commonName)),
  },
];

/** Turned on by a case that says it is about it (`features`): other cases ask for the opposite. */
export const rulesByFeature: Readonly<Record<string, readonly Rule[]>> = {
  'pedantic-webpki-subscriber-key': [
    {
      reason: 'not_for_signing',
      says: 'has the key usages of its kind of key only (7.1.2.7.11)',
      breaks: (c, role) => role === 'leaf' && !hasUsagesOfKey(c),
    },
  ],
  'pedantic-webpki-eku': [
    {
      reason: 'not_for_signing',
      says: 'has an extended key usage (7.1.2.7.6)',
      breaks: (c, role) => role === 'leaf' && c.extendedKeyUsage === null,
    },
    {
      reason: 'not_for_issuing',
      says: 'issues for some extended usages, not for any (7.1.2.10.6)',
      breaks: (c, role) => role === 'intermediate' && c.extendedKeyUsage?.includes(ekus.any) === true,
    },
  ],
  'rfc5280-incompatible-with-webpki': [
    {
      reason: malformed,
      says: 'constrains names critically (RFC 5280, 4.2.1.10)',
      breaks: (c) => c.nameConstraints !== null && !isCritical(c, extensionTypes.nameConstraints),
    },
  ],
};

function hasUsagesOfKey({ keyUsage, spki }: Certificate): boolean {
  const key = publicKeyOf(spki);
  const usages = key === null || key.kind === 'other' ? undefined : usagesOf[key.kind];
  return usages !== undefined && [...(keyUsage ?? [])].every((usage) => usages.includes(usage));
}
const usagesOf: Readonly<Record<'rsa' | 'ec', readonly KeyUsage[]>> = {
  rsa: ['digitalSignature', 'keyEncipherment', 'dataEncipherment'],
  ec: ['digitalSignature', 'keyAgreement'],
};

function isSensible(name: GeneralName): boolean {
  if (name.kind === 'dns') return isDnsPattern(name.value) && !isOddHost(name.value);
  if (name.kind === 'ip') return name.bytes.length === 4 || name.bytes.length === 16;
  return name.kind !== 'email' || /^[^\s@]+@[^\s@]+$/.test(name.value);
}

/** An address written as a host; a label reserved for encodings to come (RFC 5890, 2.3.1), or one encoded wrongly. */
function isOddHost(host: string): boolean {
  const labels = host.toLowerCase().replace(/^\*\./, '').split('.');
  const isOdd = (label: string): boolean =>
    label.startsWith('xn--') ? [label, ''].includes(domainToUnicode(label)) : label.slice(2, 4) === '--';
  return /^\d+$/.test(labels.at(-1) ?? '') || labels.some(isOdd);
}

function commonNameIsListed(names: readonly GeneralName[], commonNames: readonly string[]): boolean {
  const listed = names.flatMap((name) =>
    name.kind === 'ip' ? textOfAddress(name.bytes) : 'value' in name ? name.value.toString() : [],
  );
  return commonNames.length === 0 || (commonNames.length === 1 && listed.includes(commonNames[0] ?? ''));
}

/** Top-level domains, and the second levels that many countries have; the public suffix list is longer. */
function isStarOfSuffix(name: string): boolean {
  if (!name.startsWith('*.')) return false;
  const labels = name.slice(2).split('.');
  return (
    labels.length < 2 || (labels.length === 2 && secondLevels.has(labels[0] ?? '') && labels[1]?.length === 2)
  );
}
const secondLevels = new Set(['ac', 'co', 'com', 'edu', 'gov', 'go', 'mil', 'ne', 'net', 'or', 'org']);
