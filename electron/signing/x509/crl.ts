// Revocation lists (RFC 5280, 5). A list that we don't wholly understand proves that a certificate in it is revoked, never
// that one that is not in it is good: so delta, indirect, partial lists and unknown critical extensions say nothing good.

import {
  type Der,
  DerFault,
  expectTag,
  fieldsOf,
  integerOf,
  octetsOfBits,
  parsed,
  readDer,
  retagged,
  type Span,
  smallIntegerOf,
  spansIn,
  tags,
  timeAt,
  timeOf,
} from '../der/read.ts';
import type { Certificate } from './certificate.ts';
import { endOfUtcTime } from './certificate.ts';
import type { Extension } from './extensions.ts';
import { defaultFalse, distributionPointNameOf, extensionListOf } from './extensions.ts';
import type { GeneralName, Name } from './names.ts';
import { nameOf, sameName } from './names.ts';
import { isSignedBy } from './rules.ts';

export interface Crl {
  readonly der: Buffer;
  readonly issuer: Name;
  /** ms since 1970 UTC. */
  readonly thisUpdate: number;
  readonly nextUpdate: number | null;
  readonly authorityKeyId: Buffer | null;
  readonly scope: Scope;
  /** Old entries stay after their certificates expired, from this time on (X.509, 9.5.2.8); null: they may be dropped. */
  readonly keepsExpiredSince: number | null;
  /** Why absence from it says nothing; null when it does. */
  readonly unusable: string | null;
  /** By the octets of the serial number, as hex digits. */
  readonly revoked: ReadonlyMap<string, Revocation>;
  readonly signatureAlgorithm: Der;
  readonly signedBytes: Buffer;
  readonly signature: Buffer;
}

export interface Revocation {
  /** ms. */
  readonly at: number;
  /** CRLReason; 0 unspecified, 1 keyCompromise, 2 cACompromise, 6 certificateHold… */
  readonly reason: number;
  /** The key was bad already then: what the holder knows or suspects. */
  readonly invalidSince: number | null;
}

interface Scope {
  readonly names: readonly GeneralName[];
  readonly users: boolean;
  readonly authorities: boolean;
  readonly allReasons: boolean;
}

export type CrlAnswer =
  | { readonly status: 'revoked'; readonly revocation: Revocation }
  | { readonly status: 'not-listed' }
  | { readonly status: 'unusable'; readonly why: string };

export const readCrl = (der: Uint8Array): Crl | null => parsed(() => crlOf(readDer(der)));

/**
 * What the list says about a certificate of `issuer`, which must be the issuer's certificate in a validated path. Whether
 * the list is fresh is asked elsewhere.
 */
export function askCrl(crl: Crl, certificate: Certificate, issuer: Certificate): CrlAnswer {
  const foreign = whyForeign(crl, issuer);
  if (foreign !== null) return { status: 'unusable', why: foreign };
  const revocation = crl.revoked.get(certificate.serialOctets.toString('hex'));
  if (revocation !== undefined && sameName(crl.issuer, certificate.issuer) && !isIndirect(crl))
    return { status: 'revoked', revocation };
  const why = crl.unusable ?? whyOutOfScope(crl.scope, certificate);
  return why === null ? { status: 'not-listed' } : { status: 'unusable', why };
}

/** Whether `issuer` made the list, and may. */
export function whyForeign(crl: Crl, issuer: Certificate): string | null {
  if (!sameName(crl.issuer, issuer.subject)) return 'of another issuer';
  if (crl.authorityKeyId === null) return 'names no issuer’s key';
  if (issuer.subjectKeyId !== null && !issuer.subjectKeyId.equals(crl.authorityKeyId))
    return 'of another key';
  if (issuer.keyUsage?.has('cRLSign') !== true) return 'its issuer may not sign lists';
  return isSignedBy(crl, issuer.spki) ? null : 'its signature is wrong';
}

const indirect = 'indirect';
const isIndirect = (crl: Crl): boolean => crl.unusable === indirect;

function whyOutOfScope(scope: Scope, certificate: Certificate): string | null {
  const isCa = certificate.basicConstraints?.ca === true;
  if (isCa ? !scope.authorities : !scope.users) return 'for other certificates';
  if (!scope.allReasons) return 'for some reasons only';
  if (scope.names.length === 0) return null;
  const points = certificate.crlDistributionPoints ?? [];
  const named = points
    .filter(({ crlIssuer, reasons }) => crlIssuer === null && reasons === null)
    .flatMap(({ names }) => names);
  const matches = named.some((a) => scope.names.some((b) => sameGeneralName(a, b)));
  return matches ? null : 'of another distribution point';
}

function sameGeneralName(a: GeneralName, b: GeneralName): boolean {
  if (a.kind === 'directory' && b.kind === 'directory') return sameName(a.name, b.name);
  return a.kind === 'uri' && b.kind === 'uri' && a.value === b.value;
}

function crlOf(der: Der): Crl {
  const outer = fieldsOf(der);
  const tbs = outer.take(tags.sequence);
  const signatureAlgorithm = outer.take(tags.sequence);
  const signature = octetsOfBits(outer.take());
  outer.end();

  const fields = fieldsOf(tbs);
  const version = fields.maybe(tags.integer);
  if (version === null || smallIntegerOf(version) !== 1) throw new DerFault('not a list of version 2');
  if (!fields.take(tags.sequence).bytes.equals(signatureAlgorithm.bytes))
    throw new DerFault('two signature algorithms');
  const issuer = nameOf(fields.take());
  const since = fields.take();
  const next = fields.maybe(tags.utcTime, tags.generalizedTime);
  const entries = fields.maybe(tags.sequence);
  const extensionField = fields.maybe(0xa0);
  fields.end();
  const extensions = extensionField === null ? [] : extensionListOf(only(extensionField));
  const { revoked, entryFault } = entriesOf(entries);
  const scope = scopeOf(extensions);
  return {
    der: der.bytes,
    issuer,
    thisUpdate: timeOf(since),
    nextUpdate: next === null ? null : timeOf(next),
    authorityKeyId: extensionValue(extensions, crlExtensions.authorityKeyId, (value) => {
      return fieldsOf(value).maybe(0x80)?.contents ?? null;
    }),
    scope: scope ?? everything,
    keepsExpiredSince: extensionValue(extensions, crlExtensions.expiredCertsOnCrl, (value) => timeOf(value)),
    unusable: whyUnusable(extensions) ?? whyOddTimes(since, next) ?? entryFault,
    revoked,
    signatureAlgorithm,
    signedBytes: tbs.bytes,
    signature,
  };
}

const crlExtensions = {
  crlNumber: '2.5.29.20',
  deltaIndicator: '2.5.29.27',
  issuingDistributionPoint: '2.5.29.28',
  authorityKeyId: '2.5.29.35',
  expiredCertsOnCrl: '2.5.29.60',
} as const;
const entryExtensions = { reason: '2.5.29.21', invalidityDate: '2.5.29.24' } as const;

const everything: Scope = { names: [], users: true, authorities: true, allReasons: true };

function only(der: Der): Der {
  const [child, ...more] = der.children;
  if (child === undefined || more.length > 0) throw new DerFault('one member expected');
  return child;
}

function extensionValue<T>(extensions: readonly Extension[], type: string, read: (der: Der) => T): T | null {
  const found = extensions.find((e) => e.type === type);
  return found === undefined ? null : read(readDer(found.value));
}

function whyUnusable(extensions: readonly Extension[]): string | null {
  const find = (type: string) => extensions.find((e) => e.type === type);
  const number = find(crlExtensions.crlNumber);
  if (number === undefined) return 'has no number';
  // RFC 5280, 5.2.3: not critical, not negative, at most 20 octets
  const value = integerOf(readDer(number.value));
  if (number.critical || value < 0n || number.value.length > 22) return 'has a number of a wrong form';
  if (find(crlExtensions.deltaIndicator) !== undefined) return 'says only what changed';
  const point = find(crlExtensions.issuingDistributionPoint);
  if (point !== undefined && !point.critical) return 'limits itself uncritically';
  if (extensionValue(extensions, crlExtensions.issuingDistributionPoint, isIndirectPoint) === true)
    return indirect;
  const unknown = extensions.some(
    ({ type, critical }) => critical && type !== crlExtensions.issuingDistributionPoint,
  );
  return unknown ? 'has a critical extension that we don’t know' : null;
}

/** RFC 5280, 5.1.2.4 and 5.1.2.5: GeneralizedTime from 2050 on, and not before. */
const whyOddTimes = (...times: readonly (Der | null)[]): string | null =>
  times.some((time) => time?.tag === tags.generalizedTime && timeOf(time) < endOfUtcTime)
    ? 'writes a time in the wrong form'
    : null;

const isIndirectPoint = (der: Der): boolean => pointFieldsOf(der).indirect;

function scopeOf(extensions: readonly Extension[]): Scope | null {
  return extensionValue(extensions, crlExtensions.issuingDistributionPoint, (der) => {
    const { point, users, authorities, reasons, attributesOnly } = pointFieldsOf(der);
    const { names, relative } = distributionPointNameOf(point);
    if (relative) throw new DerFault('a name relative to the issuer');
    return {
      names,
      users: !authorities && !attributesOnly,
      authorities: !users && !attributesOnly,
      allReasons: reasons === null,
    };
  });
}

function pointFieldsOf(der: Der) {
  const fields = fieldsOf(der);
  const point = fields.maybe(0xa0);
  const flag = (tag: number): boolean => {
    const member = fields.maybe(tag);
    return defaultFalse(member === null ? null : retagged(member, tags.boolean));
  };
  const [users, authorities] = [flag(0x81), flag(0x82)];
  const reasons = fields.maybe(0x83);
  const [indirectList, attributesOnly] = [flag(0x84), flag(0x85)];
  fields.end();
  if ([users, authorities, attributesOnly].filter(Boolean).length > 1)
    throw new DerFault('limits that leave nothing');
  return { point, users, authorities, reasons, indirect: indirectList, attributesOnly };
}

function entriesOf(entries: Der | null): {
  revoked: Map<string, Revocation>;
  entryFault: string | null;
} {
  const revoked = new Map<string, Revocation>();
  if (entries === null) return { revoked, entryFault: null };
  const list = expectTag(entries, tags.sequence).contents;
  // RFC 5280, 5.1.2.6: absent rather than empty
  if (list.length === 0) throw new DerFault('a list of none');
  let entryFault: string | null = null;
  // a hundred thousand entries say the same few things
  const known = new Map<string, EntryFacts>();
  const factsAt = ({ from, end }: Span): EntryFacts => {
    const key = list.toString('latin1', from, end);
    const facts = known.get(key) ?? entryFactsOf(extensionListOf(readDer(list.subarray(from, end))));
    if (known.size < 1000) known.set(key, facts);
    return facts;
  };
  for (const entry of spansIn(list, 0, list.length)) {
    const [serial, time, extensions, ...more] = spansIn(list, entry.start, entry.end);
    if (entry.tag !== tags.sequence || serial?.tag !== tags.integer || time === undefined || more.length > 0)
      throw new DerFault('not an entry');
    const facts = extensions === undefined ? noFacts : factsAt(extensions);
    if (facts.unknown) entryFault = 'an entry has a critical extension that we don’t know';
    const { reason, invalidSince } = facts;
    const number = list.toString('hex', serial.start, serial.end);
    revoked.set(number, { at: timeAt(list, time), reason, invalidSince });
  }
  return { revoked, entryFault };
}

interface EntryFacts {
  readonly unknown: boolean;
  readonly reason: number;
  readonly invalidSince: number | null;
}
const noFacts: EntryFacts = { unknown: false, reason: 0, invalidSince: null };

function entryFactsOf(extensions: readonly Extension[]): EntryFacts {
  const understood: readonly string[] = [entryExtensions.reason, entryExtensions.invalidityDate];
  return {
    // also the entry's own issuer, which only indirect lists have
    unknown: extensions.some(({ type, critical }) => critical && !understood.includes(type)),
    reason: extensionValue(extensions, entryExtensions.reason, reasonOf) ?? 0,
    invalidSince: extensionValue(extensions, entryExtensions.invalidityDate, (der) => timeOf(der)),
  };
}

/** 7 was never given out; 8, removeFromCRL, stands in delta lists only. */
function reasonOf(der: Der): number {
  const reason = smallIntegerOf(der, tags.enumerated);
  if (reason > 10 || reason === 7 || reason === 8) throw new DerFault('no such reason');
  return reason;
}
