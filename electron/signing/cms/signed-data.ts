// Reads CMS SignedData (RFC 5652) into what it says, strictly: exactly the members the standard names, versions as it
// counts them, sets sorted where they are hashed. Versions and identifiers outside the signature are held to one
// spelling, so that no byte of a container can change without being noticed.
import {
  type Der,
  DerFault,
  fieldsOf,
  insideOf,
  integerOf,
  membersOf,
  octetsOf,
  oidOf,
  readDer,
  retagged,
  smallIntegerOf,
  tags,
} from '../der/read.ts';
import { closed } from './ber.ts';
import { cmsOids } from './oids.ts';

export interface SignedData {
  readonly contentType: string;
  /** Null: detached. */
  readonly content: Buffer | null;
  /** Object identifiers, in the order given. */
  readonly digestAlgorithms: readonly string[];
  /** DER, as they stand in the container. */
  readonly certificates: readonly Buffer[];
  readonly crls: readonly Buffer[];
  /** It carries attribute certificates or revocation answers in forms that are not read here. */
  readonly otherForms: boolean;
  readonly signers: readonly SignerInfo[];
}

export interface SignerInfo {
  /** As it stands in the container. */
  readonly bytes: Buffer;
  readonly signer: SignerName;
  /** Object identifier. */
  readonly digestAlgorithm: string;
  /** Empty when there are none: then the signature is over the content itself. */
  readonly signedAttributes: readonly Attribute[];
  /** What the signature is over when there are signed attributes: the SET, in DER. */
  readonly signedBytes: Buffer | null;
  readonly signatureAlgorithm: Der;
  readonly signature: Buffer;
  readonly unsignedAttributes: readonly Attribute[];
}

export type SignerName =
  /** Issuer's name as its DER element. */
  | { readonly by: 'serial'; readonly issuer: Buffer; readonly serial: bigint }
  | { readonly by: 'key'; readonly keyId: Buffer };

export interface Attribute {
  readonly type: string;
  /** At least one. */
  readonly values: readonly Der[];
}

/** Throws DerFault when it is no SignedData or not a strict one. BER only around a container whose length is open. */
export function readSignedData(bytes: Uint8Array): SignedData {
  const info = fieldsOf(readDer(closed(bytes), { anySetOrder: true }));
  if (oidOf(info.take()) !== cmsOids.signedData) throw new DerFault('not SignedData');
  const fields = fieldsOf(insideOf(info.take(0xa0)));
  info.end();

  const version = smallIntegerOf(fields.take());
  const digestAlgorithms = membersOf(fields.take(tags.set), tags.set).map(digestAlgorithmOf);
  const content = fieldsOf(fields.take(tags.sequence));
  const contentType = oidOf(content.take());
  const inside = content.maybe(0xa0);
  content.end();
  const certificates = fields.maybe(0xa0)?.children ?? [];
  const crls = fields.maybe(0xa1)?.children ?? [];
  const signers = membersOf(fields.take(tags.set), tags.set).map(readSigner);
  fields.end();

  if (version !== versionFor(contentType, certificates, crls, signers))
    throw new DerFault('not the version of its contents');
  return {
    contentType,
    content: inside === null ? null : octetsOf(insideOf(inside)),
    digestAlgorithms,
    certificates: plain(certificates),
    crls: plain(crls),
    otherForms: [...certificates, ...crls].some(({ tag }) => tag !== tags.sequence),
    signers,
  };
}

/** An attribute that may be there once, with one value; null when it is not there. Throws DerFault. */
export function oneValue(attributes: readonly Attribute[], type: string): Der | null {
  const [attribute, ...again] = attributes.filter((a) => a.type === type);
  if (attribute === undefined) return null;
  const [value, ...more] = attribute.values;
  if (value === undefined || more.length > 0 || again.length > 0)
    throw new DerFault('an attribute that is not single');
  return value;
}

function digestAlgorithmOf(identifier: Der): string {
  const fields = fieldsOf(identifier);
  const name = oidOf(fields.take());
  if (fields.left > 0) fields.take(tags.nul);
  fields.end();
  return name;
}

const plain = (choices: readonly Der[]): Buffer[] =>
  choices.filter(({ tag }) => tag === tags.sequence).map(({ bytes }) => bytes);

/** RFC 5652, 5.1. */
function versionFor(
  contentType: string,
  certificates: readonly Der[],
  crls: readonly Der[],
  signers: readonly SignerInfo[],
): number {
  const has = (choices: readonly Der[], tag: number): boolean => choices.some((choice) => choice.tag === tag);
  if (has(certificates, 0xa3) || has(crls, 0xa1)) return 5;
  if (has(certificates, 0xa2)) return 4;
  const simple = contentType === cmsOids.data && signers.every(({ signer }) => signer.by === 'serial');
  return simple && !has(certificates, 0xa1) ? 1 : 3;
}

function readSigner(der: Der): SignerInfo {
  const fields = fieldsOf(der);
  const version = smallIntegerOf(fields.take());
  const signer = signerName(fields.take());
  if (version !== (signer.by === 'serial' ? 1 : 3)) throw new DerFault('not the version of its signer');
  const digestAlgorithm = digestAlgorithmOf(fields.take(tags.sequence));
  const signed = fields.maybe(0xa0);
  const signatureAlgorithm = fields.take(tags.sequence);
  const signature = octetsOf(fields.take());
  const unsigned = fields.maybe(0xa1);
  fields.end();
  // an IMPLICIT [0] SET OF is hashed as a SET OF, and that only sorted
  const signedSet = signed === null ? null : retagged(signed, tags.set);
  return {
    bytes: der.bytes,
    signer,
    digestAlgorithm,
    signedAttributes: signedSet === null ? [] : attributesIn(signedSet),
    signedBytes: signedSet?.bytes ?? null,
    signatureAlgorithm,
    signature,
    unsignedAttributes: unsigned === null ? [] : attributesIn(unsigned),
  };
}

function signerName(der: Der): SignerName {
  if (der.tag === 0x80) return { by: 'key', keyId: der.contents };
  const fields = fieldsOf(der);
  const issuer = fields.take(tags.sequence);
  const serial = fields.take(tags.integer);
  fields.end();
  return { by: 'serial', issuer: issuer.bytes, serial: integerOf(serial) };
}

function attributesIn(der: Der): Attribute[] {
  const attributes = membersOf(der, der.tag, 1).map((attribute) => {
    const fields = fieldsOf(attribute);
    const type = oidOf(fields.take());
    const values = membersOf(fields.take(tags.set), tags.set, 1);
    fields.end();
    return { type, values };
  });
  // RFC 5652, 11: an attribute is there once, with all its values
  if (new Set(attributes.map(({ type }) => type)).size !== attributes.length)
    throw new DerFault('an attribute twice');
  return attributes;
}
