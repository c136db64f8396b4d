// What a signature element must look like before anybody computes anything: exactly the parts expected, each once, with
// nothing beside them. Signature wrapping lives in what a verifier does not look at, so all of it is looked at.
import type { Scheme } from '../crypto.ts';
import type { VerdictReason } from '../types.ts';
import { attributeNames, base64, child, children, elements, ownText, shaped } from './dom.ts';
import {
  canonicalizations,
  DSIG,
  digests,
  ENVELOPED,
  ONE_SPELLING,
  SIGNED_PROPERTIES,
  schemes,
  weak,
  XADES,
} from './names.ts';

export interface Shape {
  readonly signature: Element;
  readonly method: string;
  readonly scheme: Scheme;
  readonly signatureValue: Buffer;
  /** DER, in the order given. */
  readonly certificates: readonly Buffer[];
  /** XAdES: what the signature says of itself. */
  readonly properties: {
    /** ms since 1970 UTC. */
    readonly claimedAt: number | null;
    /** Of the signer's certificate; empty: it names none. */
    readonly digests: readonly { readonly hash: Scheme['hash']; readonly value: Buffer }[];
  } | null;
  readonly references: number;
  /** The signer says that the file is in one spelling (names.ts). */
  readonly oneSpelling: boolean;
  /** Of parts that are allowed but not understood. */
  readonly reasons: readonly VerdictReason[];
}

/** The reason when it is not so. */
export function shapeOf(document: Document): Shape | VerdictReason {
  const [signature, ...more] = elements(document, DSIG, 'Signature');
  if (!signature) return 'no_signature';
  const infos = elements(document, '*', 'SignedInfo');
  if (more.length > 0 || infos.length !== 1 || !idsAreUnique(document)) return 'references_unexpected';
  const root = document.documentElement;
  if (signature === root) return 'references_unexpected';

  const [info, value, keyInfo, ...objects] = children(signature);
  const ordered = ['SignedInfo', 'SignatureValue', 'KeyInfo', 'Object'].slice(0, 3 + objects.length);
  if (!shaped(signature, DSIG, ordered) || !info || !value || !keyInfo) return 'signature_malformed';
  const [canonicalization, signatureMethod, ...references] = children(info);
  if (!canonicalization || !signatureMethod || info !== infos[0]) return 'signature_malformed';
  const names = ['CanonicalizationMethod', 'SignatureMethod', ...references.map(() => 'Reference')];
  if (!shaped(info, DSIG, names)) return 'signature_malformed';
  if (
    !canonicalizations.has(canonicalization.getAttribute('Algorithm') ?? '') ||
    children(canonicalization).length > 0
  )
    return 'algorithm_unknown';
  const method = signatureMethod.getAttribute('Algorithm') ?? '';
  const scheme = schemes[method];
  if (!scheme || children(signatureMethod).length > 0)
    return weak.has(method) ? 'algorithm_weak' : 'algorithm_unknown';

  const properties = propertiesOf(signature, objects[0] ?? null);
  if (typeof properties === 'string') return properties;
  const fault = referencesFault(references, properties?.id ?? null);
  if (fault) return fault;
  const oneSpelling = references[0]?.getAttribute('Id') === ONE_SPELLING;
  const signatureValue = base64(ownText(value), !oneSpelling);
  const certificates = certificatesOf(keyInfo, oneSpelling);
  if (oneSpelling && properties && !properties.tight) return 'signature_malformed';
  if (!signatureValue || !certificates || !plain(signature, value, keyInfo, oneSpelling))
    return 'signature_malformed';
  return {
    signature,
    method,
    scheme,
    signatureValue,
    certificates,
    properties: properties && { claimedAt: properties.claimedAt, digests: properties.digests },
    references: references.length,
    oneSpelling,
    reasons: properties?.reasons ?? [],
  };
}

/** First the whole document without the signature, then (XAdES) the signed properties; no others. */
function referencesFault(references: readonly Element[], propertiesId: string | null): VerdictReason | null {
  if (references.length !== (propertiesId === null ? 1 : 2)) return 'references_unexpected';
  for (const [at, reference] of references.entries()) {
    const parts = child(reference, 'Transforms') ? ['Transforms'] : [];
    if (!shaped(reference, DSIG, [...parts, 'DigestMethod', 'DigestValue'])) return 'signature_malformed';
    const transforms = child(reference, 'Transforms');
    const steps = transforms ? children(transforms) : [];
    if (
      transforms &&
      !shaped(
        transforms,
        DSIG,
        steps.map(() => 'Transform'),
      )
    )
      return 'signature_malformed';
    // InclusiveNamespaces and the like are not expected
    if (steps.some((step) => children(step).length > 0)) return 'references_unexpected';
    const names = steps.map((step) => step.getAttribute('Algorithm') ?? '');
    const uri = reference.hasAttribute('URI') ? reference.getAttribute('URI') : null;
    const last = at === 0 && names[0] === ENVELOPED ? names.slice(1) : names;
    if (at === 0 && (uri !== '' || names[0] !== ENVELOPED)) return 'references_unexpected';
    if (at === 1 && (uri !== `#${propertiesId}` || reference.getAttribute('Type') !== SIGNED_PROPERTIES))
      return 'references_unexpected';
    if (last.length > 1 || last.some((name) => !canonicalizations.has(name))) return 'references_unexpected';
    const digest = child(reference, 'DigestMethod')?.getAttribute('Algorithm') ?? '';
    if (!digests[digest]) return weak.has(digest) ? 'algorithm_weak' : 'algorithm_unknown';
  }
  return null;
}

type Properties = NonNullable<Shape['properties']> & {
  readonly id: string;
  /** Nothing beside the signed properties, blanks neither. */
  readonly tight: boolean;
  readonly reasons: readonly VerdictReason[];
};

function propertiesOf(signature: Element, object: Element | null): Properties | null | VerdictReason {
  if (!object) return null;
  const [qualifying, ...others] = children(object);
  if (!qualifying || others.length > 0 || !shaped(object, XADES, ['QualifyingProperties']))
    return 'references_unexpected';
  if (ownText(object).trim() !== '' || attributeNames(object).length > 0) return 'signature_malformed';
  const id = signature.getAttribute('Id') ?? '';
  if (id === '' || qualifying.getAttribute('Target') !== `#${id}`) return 'references_unexpected';
  const signed = child(qualifying, 'SignedProperties', XADES);
  const propertiesId = signed?.getAttribute('Id') ?? '';
  if (!signed || propertiesId === '') return 'references_unexpected';
  if (ownText(qualifying).trim() !== '') return 'signature_malformed';
  // unsigned properties: time-stamps and evidence that are not read here
  const unsigned = children(qualifying).length > 1;
  const own = child(signed, 'SignedSignatureProperties', XADES);
  const time = own && child(own, 'SigningTime', XADES);
  const claimedAt = time ? Date.parse(ownText(time)) : Number.NaN;
  return {
    id: propertiesId,
    claimedAt: Number.isNaN(claimedAt) ? null : claimedAt,
    digests: own ? certificateDigests(own) : [],
    tight: ownText(object) + ownText(qualifying) === '' && attributeNames(qualifying).length === 1,
    reasons: unsigned || !areUnderstood(signed) ? ['constraint_unknown'] : [],
  };
}

/**
 * What may be said of a signature without binding whoever verifies it: as with CMS, a policy, a commitment or anything else
 * that nobody here understands keeps it from being valid.
 */
const UNDERSTOOD: Readonly<Record<string, readonly string[]>> = {
  SignedSignatureProperties: [
    'SigningTime',
    'SigningCertificate',
    'SigningCertificateV2',
    'SignatureProductionPlace',
    'SignatureProductionPlaceV2',
    'SignerRole',
    'SignerRoleV2',
  ],
  SignedDataObjectProperties: ['DataObjectFormat'],
};

function areUnderstood(signed: Element): boolean {
  const groups = children(signed);
  return (
    new Set(groups.map(({ localName }) => localName)).size === groups.length &&
    groups.every((group) => {
      const inside = children(group);
      const names = inside.map(({ localName }) => localName);
      // only data objects may have several formats
      const once = group.localName === 'SignedDataObjectProperties' || new Set(names).size === names.length;
      const known = [group, ...inside].every(({ namespaceURI }) => namespaceURI === XADES);
      return once && known && names.every((name) => UNDERSTOOD[group.localName]?.includes(name) === true);
    })
  );
}

function certificateDigests(own: Element): NonNullable<Shape['properties']>['digests'] {
  const list = child(own, 'SigningCertificateV2', XADES) ?? child(own, 'SigningCertificate', XADES);
  const first = list && child(list, 'Cert', XADES);
  const digest = first && child(first, 'CertDigest', XADES);
  const hash = digests[(digest && child(digest, 'DigestMethod')?.getAttribute('Algorithm')) ?? ''];
  const stated = digest && child(digest, 'DigestValue');
  const value = stated ? base64(ownText(stated), true) : null;
  return hash && value ? [{ hash, value }] : [];
}

/** Null when there is none, or something in our own that is not a certificate. */
function certificatesOf(keyInfo: Element, oneSpelling: boolean): Buffer[] | null {
  const certificates: Buffer[] = [];
  for (const data of children(keyInfo)) {
    if (data.namespaceURI !== DSIG || data.localName !== 'X509Data') {
      // a bare key is a hint that nobody here follows
      if (oneSpelling) return null;
      continue;
    }
    for (const item of children(data)) {
      const isCertificate = item.namespaceURI === DSIG && item.localName === 'X509Certificate';
      if (!isCertificate && oneSpelling) return null;
      if (!isCertificate) continue;
      const der = base64(ownText(item), !oneSpelling);
      if (!der || attributeNames(item).length > 0) return null;
      certificates.push(der);
    }
    if (ownText(data).trim() !== '' || (oneSpelling && ownText(data) !== '')) return null;
  }
  return certificates.length > 0 ? certificates : null;
}

/** Parts outside of what is signed have nothing in them that could be another way unseen. */
function plain(signature: Element, value: Element, keyInfo: Element, oneSpelling: boolean): boolean {
  const texts = [ownText(signature), ownText(keyInfo)];
  if (texts.some((text) => text.trim() !== '')) return false;
  if (!oneSpelling) return true;
  const allowed = [...attributeNames(value), ...attributeNames(keyInfo)].length === 0;
  return (
    allowed && texts.every((text) => text === '') && attributeNames(signature).every((name) => name === 'Id')
  );
}

/** Whatever is called an id, in whatever spelling, is the only one of its value. */
function idsAreUnique(document: Document): boolean {
  const seen = new Set<string>();
  for (const element of Array.from(document.getElementsByTagName('*')))
    for (const attribute of Array.from(element.attributes)) {
      if (attribute.localName?.toLowerCase() !== 'id' && attribute.name.toLowerCase() !== 'id') continue;
      if (seen.has(attribute.value)) return false;
      seen.add(attribute.value);
    }
  return true;
}
