// Extensions of certificates (RFC 5280, 4.2) read into values. Strict: one that we know and cannot read makes the whole
// certificate malformed, whether it is critical or not.

import type { Der } from '../der/read.ts';
import {
  booleanOf,
  DerFault,
  expectTag,
  fieldsOf,
  integerOf,
  membersOf,
  namedBitsOf,
  octetsOf,
  oidOf,
  readDer,
  retagged,
  smallIntegerOf,
  tags,
} from '../der/read.ts';
import type { GeneralName } from './names.ts';
import { generalNameOf, generalNamesOf } from './names.ts';

export interface Extension {
  /** Dotted. */
  readonly type: string;
  readonly critical: boolean;
  readonly value: Buffer;
}

export const keyUsages = [
  'digitalSignature',
  'contentCommitment',
  'keyEncipherment',
  'dataEncipherment',
  'keyAgreement',
  'keyCertSign',
  'cRLSign',
  'encipherOnly',
  'decipherOnly',
] as const;
export type KeyUsage = (typeof keyUsages)[number];

export const ekus = {
  any: '2.5.29.37.0',
  serverAuth: '1.3.6.1.5.5.7.3.1',
  clientAuth: '1.3.6.1.5.5.7.3.2',
  codeSigning: '1.3.6.1.5.5.7.3.3',
  emailProtection: '1.3.6.1.5.5.7.3.4',
  timeStamping: '1.3.6.1.5.5.7.3.8',
  ocspSigning: '1.3.6.1.5.5.7.3.9',
  /** RFC 9336. */
  documentSigning: '1.3.6.1.5.5.7.3.36',
} as const;

export const extensionTypes = {
  subjectKeyId: '2.5.29.14',
  keyUsage: '2.5.29.15',
  subjectAltName: '2.5.29.17',
  basicConstraints: '2.5.29.19',
  nameConstraints: '2.5.29.30',
  crlDistributionPoints: '2.5.29.31',
  certificatePolicies: '2.5.29.32',
  policyMappings: '2.5.29.33',
  authorityKeyId: '2.5.29.35',
  policyConstraints: '2.5.29.36',
  extendedKeyUsage: '2.5.29.37',
  freshestCrl: '2.5.29.46',
  inhibitAnyPolicy: '2.5.29.54',
  authorityInfoAccess: '1.3.6.1.5.5.7.1.1',
  subjectInfoAccess: '1.3.6.1.5.5.7.1.11',
  ocspNoCheck: '1.3.6.1.5.5.7.48.1.5',
} as const;

export const anyPolicy = '2.5.29.32.0';

export interface AuthorityKeyId {
  readonly keyId: Buffer | null;
  readonly issuer: readonly GeneralName[] | null;
  readonly serial: bigint | null;
}

export interface NameConstraints {
  readonly permitted: readonly GeneralName[];
  readonly excluded: readonly GeneralName[];
}

export interface DistributionPoint {
  /** Full names; empty when it is named relative to the issuer or only by `crlIssuer`. */
  readonly names: readonly GeneralName[];
  readonly relative: boolean;
  /** Bits of ReasonFlags; null: all reasons. */
  readonly reasons: ReadonlySet<number> | null;
  /** Somebody else issues the list: an indirect CRL. */
  readonly crlIssuer: readonly GeneralName[] | null;
}

/** What the known extensions say; null: absent. */
export interface Extensions {
  readonly basicConstraints: { readonly ca: boolean; readonly pathLength: number | null } | null;
  readonly keyUsage: ReadonlySet<KeyUsage> | null;
  readonly extendedKeyUsage: readonly string[] | null;
  readonly subjectKeyId: Buffer | null;
  readonly authorityKeyId: AuthorityKeyId | null;
  readonly subjectAltName: readonly GeneralName[] | null;
  readonly nameConstraints: NameConstraints | null;
  readonly policies: readonly string[] | null;
  readonly policyMappings: readonly { readonly issuer: string; readonly subject: string }[] | null;
  readonly policyConstraints: {
    readonly requireExplicit: number | null;
    readonly inhibitMapping: number | null;
  } | null;
  readonly inhibitAnyPolicy: number | null;
  readonly crlDistributionPoints: readonly DistributionPoint[] | null;
  readonly authorityInfoAccess: {
    readonly ocsp: readonly string[];
    readonly issuers: readonly string[];
  } | null;
  readonly ocspNoCheck: boolean;
}

/** `Extensions` as a list; two of one type are refused (RFC 5280, 4.2). */
export function extensionListOf(der: Der): Extension[] {
  const list = membersOf(der, tags.sequence, 1).map((member) => {
    const fields = fieldsOf(member);
    const type = oidOf(fields.take());
    const critical = defaultFalse(fields.maybe(tags.boolean));
    const value = octetsOf(fields.take());
    fields.end();
    return { type, critical, value };
  });
  if (new Set(list.map(({ type }) => type)).size < list.length) throw new DerFault('an extension twice');
  return list;
}

export function readExtensions(list: readonly Extension[]): Extensions {
  const read = <T>(type: string, parse: (der: Der) => T): T | null => {
    const extension = list.find((e) => e.type === type);
    return extension === undefined ? null : parse(readDer(extension.value));
  };
  const t = extensionTypes;
  // the issuer's other names are not read: nobody acts upon them, and the government's CAs wrote empty ones until 2020
  read(t.subjectInfoAccess, accessOf);
  read(t.freshestCrl, distributionPointsOf);
  return {
    basicConstraints: read(t.basicConstraints, basicConstraintsOf),
    keyUsage: read(t.keyUsage, keyUsageOf),
    extendedKeyUsage: read(t.extendedKeyUsage, (der) => membersOf(der, tags.sequence, 1).map(oidOf)),
    subjectKeyId: read(t.subjectKeyId, (der) => notEmpty(octetsOf(der))),
    authorityKeyId: read(t.authorityKeyId, authorityKeyIdOf),
    subjectAltName: read(t.subjectAltName, (der) => generalNamesOf(der)),
    nameConstraints: read(t.nameConstraints, nameConstraintsOf),
    policies: read(t.certificatePolicies, policiesOf),
    policyMappings: read(t.policyMappings, mappingsOf),
    policyConstraints: read(t.policyConstraints, policyConstraintsOf),
    inhibitAnyPolicy: read(t.inhibitAnyPolicy, (der) => smallIntegerOf(der)),
    crlDistributionPoints: read(t.crlDistributionPoints, distributionPointsOf),
    authorityInfoAccess: read(t.authorityInfoAccess, (der) => {
      const all = accessOf(der);
      const at = (method: string) => all.filter((a) => a.method === method).flatMap(({ url }) => url ?? []);
      return { ocsp: at('1.3.6.1.5.5.7.48.1'), issuers: at('1.3.6.1.5.5.7.48.2') };
    }),
    ocspNoCheck: read(t.ocspNoCheck, (der) => expectTag(der, tags.nul)) !== null,
  };
}

/** A BOOLEAN DEFAULT FALSE: DER leaves the default out. */
export function defaultFalse(der: Der | null): boolean {
  if (der !== null && !booleanOf(der)) throw new DerFault('a default is written out');
  return der !== null;
}

function notEmpty(bytes: Buffer): Buffer {
  if (bytes.length === 0) throw new DerFault('empty key identifier');
  return bytes;
}

function basicConstraintsOf(der: Der): Extensions['basicConstraints'] {
  const fields = fieldsOf(der);
  const ca = defaultFalse(fields.maybe(tags.boolean));
  const length = fields.maybe(tags.integer);
  fields.end();
  return { ca, pathLength: length === null ? null : smallIntegerOf(length) };
}

function keyUsageOf(der: Der): ReadonlySet<KeyUsage> {
  const bits = namedBitsOf(der);
  if (bits.size === 0) throw new DerFault('no key usage at all');
  return new Set(keyUsages.filter((_, bit) => bits.has(bit)));
}

function authorityKeyIdOf(der: Der): AuthorityKeyId {
  const fields = fieldsOf(der);
  const keyId = fields.maybe(0x80);
  const issuer = fields.maybe(0xa1);
  const serial = fields.maybe(0x82);
  fields.end();
  if ((issuer === null) !== (serial === null)) throw new DerFault('issuer and serial number go together');
  return {
    keyId: keyId === null ? null : notEmpty(keyId.contents),
    issuer: issuer === null ? null : generalNamesOf(issuer, 0xa1),
    serial: serial === null ? null : integerOf(retagged(serial, tags.integer)),
  };
}

function nameConstraintsOf(der: Der): NameConstraints {
  const fields = fieldsOf(der);
  const [permitted, excluded] = [fields.maybe(0xa0), fields.maybe(0xa1)];
  fields.end();
  // RFC 5280, 4.2.1.10: not an empty sequence
  if (permitted === null && excluded === null) throw new DerFault('name constraints that constrain nothing');
  return {
    permitted: permitted === null ? [] : membersOf(permitted, 0xa0, 1).map(subtreeOf),
    excluded: excluded === null ? [] : membersOf(excluded, 0xa1, 1).map(subtreeOf),
  };
}

/** Minimum must be its default 0 and maximum absent (RFC 5280, 4.2.1.10). */
function subtreeOf(der: Der): GeneralName {
  const fields = fieldsOf(der);
  const base = fields.take();
  fields.end();
  return generalNameOf(base);
}

function policiesOf(der: Der): readonly string[] {
  const policies = membersOf(der, tags.sequence, 1).map((member) => {
    const fields = fieldsOf(member);
    const policy = oidOf(fields.take());
    const qualifiers = fields.maybe(tags.sequence);
    fields.end();
    if (qualifiers !== null)
      for (const one of membersOf(qualifiers, tags.sequence, 1)) oidOf(fieldsOf(one).take());
    return policy;
  });
  if (new Set(policies).size < policies.length) throw new DerFault('a policy twice');
  return policies;
}

const mappingsOf = (der: Der): { issuer: string; subject: string }[] =>
  membersOf(der, tags.sequence, 1).map((member) => {
    const fields = fieldsOf(member);
    const [issuer, subject] = [oidOf(fields.take()), oidOf(fields.take())];
    fields.end();
    if (issuer === anyPolicy || subject === anyPolicy) throw new DerFault('any policy is mapped');
    return { issuer, subject };
  });

function policyConstraintsOf(der: Der): Extensions['policyConstraints'] {
  const fields = fieldsOf(der);
  const [explicit, mapping] = [fields.maybe(0x80), fields.maybe(0x81)].map((member) =>
    member === null ? null : smallIntegerOf(retagged(member, tags.integer)),
  );
  fields.end();
  if (explicit == null && mapping == null) throw new DerFault('policy constraints that constrain nothing');
  return { requireExplicit: explicit ?? null, inhibitMapping: mapping ?? null };
}

export const distributionPointsOf = (der: Der): DistributionPoint[] =>
  membersOf(der, tags.sequence, 1).map((member) => {
    const fields = fieldsOf(member);
    const [point, reasons, issuer] = [fields.maybe(0xa0), fields.maybe(0x81), fields.maybe(0xa2)];
    fields.end();
    if (point === null && issuer === null) throw new DerFault('a distribution point that names nothing');
    return {
      ...distributionPointNameOf(point),
      reasons: reasons === null ? null : namedBitsOf(retagged(reasons, tags.bits)),
      crlIssuer: issuer === null ? null : generalNamesOf(issuer, 0xa2),
    };
  });

/** `[0] { [0] fullName | [1] nameRelativeToCRLIssuer }` */
export function distributionPointNameOf(point: Der | null): {
  names: readonly GeneralName[];
  relative: boolean;
} {
  if (point === null) return { names: [], relative: false };
  const fields = fieldsOf(point, point.tag);
  const full = fields.maybe(0xa0);
  if (full === null) fields.take(0xa1);
  fields.end();
  return { names: full === null ? [] : generalNamesOf(full, 0xa0), relative: full === null };
}

const accessOf = (der: Der): { method: string; url: string | null }[] =>
  membersOf(der, tags.sequence, 1).map((member) => {
    const fields = fieldsOf(member);
    const method = oidOf(fields.take());
    const place = generalNameOf(fields.take());
    fields.end();
    return { method, url: place.kind === 'uri' ? place.value : null };
  });
