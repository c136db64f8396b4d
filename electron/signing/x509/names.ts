// Distinguished and general names of certificates (RFC 5280, 4.1.2.4, 4.2.1.6): read to Unicode, compared as RFC 5280,
// 7.1 says, so that a name written as PrintableString by one and UTF8String by another is the same name.

import type { Der } from '../der/read.ts';
import { DerFault, fieldsOf, insideOf, membersOf, oidOf, retagged, tags, textOf } from '../der/read.ts';

export interface Attribute {
  /** Dotted. */
  readonly type: string;
  readonly text: string;
  /** Kind of string it was written as. */
  readonly tag: number;
}

export interface Name {
  readonly der: Buffer;
  /** As written: country first. */
  readonly rdns: readonly (readonly Attribute[])[];
  /** One string per RDN; equal for names that RFC 5280 calls the same. */
  readonly keys: readonly string[];
}

export type GeneralName =
  | { readonly kind: 'email' | 'dns' | 'uri'; readonly value: string }
  /** An address; in name constraints followed by its mask. */
  | { readonly kind: 'ip'; readonly bytes: Buffer }
  | { readonly kind: 'directory'; readonly name: Name }
  | { readonly kind: 'other'; readonly type: string; readonly value: Buffer }
  | { readonly kind: 'x400' | 'edi' | 'registered'; readonly value: Buffer };

export function nameOf(der: Der): Name {
  const rdns = membersOf(der).map((rdn) => membersOf(rdn, tags.set, 1).map(attributeOf));
  return { der: der.bytes, rdns, keys: rdns.map(keyOfRdn) };
}

function attributeOf(der: Der): Attribute {
  const fields = fieldsOf(der);
  const type = oidOf(fields.take());
  const value = fields.take();
  fields.end();
  // postal addresses and unique identifiers are structures; they are compared by their bytes
  const text = isText(value.tag) ? textOf(value) : `#${value.bytes.toString('hex')}`;
  if (isText(value.tag) && !isShowable(value.tag, text)) throw new DerFault('letters that stand for nothing');
  return { type, text, tag: value.tag };
}

const isText = (tag: number): boolean => [0x0c, 0x12, 0x13, 0x14, 0x16, 0x1a, 0x1c, 0x1e].includes(tag);

/** No control characters, which hide what follows them; seven bits where the kind of string has only those. */
const isShowable = (tag: number, text: string): boolean =>
  !hasControls(text) && (![0x12, 0x13, 0x16, 0x1a].includes(tag) || /^[\x20-\x7e]*$/.test(text));
const hasControls = (text: string): boolean => /\p{Cc}/u.test(text);

const keyOfRdn = (rdn: readonly Attribute[]): string =>
  JSON.stringify(
    rdn.map(({ type, text }) => [type, folded(text)]).sort((a, b) => (a.join() < b.join() ? -1 : 1)),
  );

/** Case and runs of spaces don't tell names apart (RFC 4518, by its core). */
const folded = (text: string): string => text.normalize('NFKC').toLowerCase().trim().replaceAll(/\s+/g, ' ');

export const isEmptyName = (name: Name): boolean => name.rdns.length === 0;
export const sameName = (a: Name, b: Name): boolean =>
  a.keys.length === b.keys.length && a.keys.every((key, i) => key === b.keys[i]);
/** `name` is in the subtree of directory names below `base`. */
export const isBelow = (name: Name, base: Name): boolean => base.keys.every((key, i) => key === name.keys[i]);

/** Attribute types by which people and offices are told apart. */
export const attributes = {
  commonName: '2.5.4.3',
  surname: '2.5.4.4',
  serialNumber: '2.5.4.5',
  country: '2.5.4.6',
  locality: '2.5.4.7',
  state: '2.5.4.8',
  organization: '2.5.4.10',
  organizationalUnit: '2.5.4.11',
  title: '2.5.4.12',
  givenName: '2.5.4.42',
  userId: '0.9.2342.19200300.100.1.1',
  email: '1.2.840.113549.1.9.1',
} as const;

/** All values of an attribute, in order. */
export const valuesOf = (name: Name, type: string): string[] =>
  name.rdns.flatMap((rdn) => rdn.filter((attribute) => attribute.type === type).map(({ text }) => text));

/** What to call the holder: common name, else organisation, else the name written out. */
export const readableName = (name: Name): string =>
  valuesOf(name, attributes.commonName).at(-1) ??
  valuesOf(name, attributes.organization).at(-1) ??
  nameText(name);

const shortTypes: Readonly<Record<string, string>> = {
  [attributes.commonName]: 'CN',
  [attributes.surname]: 'SN',
  [attributes.serialNumber]: 'serialNumber',
  [attributes.country]: 'C',
  [attributes.locality]: 'L',
  [attributes.state]: 'ST',
  [attributes.organization]: 'O',
  [attributes.organizationalUnit]: 'OU',
  [attributes.title]: 'title',
  [attributes.givenName]: 'GN',
  [attributes.userId]: 'UID',
  [attributes.email]: 'emailAddress',
};

/** RFC 4514: most particular first, `CN=Nguyễn Văn An,O=…,C=VN`. As XML signatures name an issuer, too. */
export const nameText = (name: Name): string =>
  name.rdns
    .toReversed()
    .map((rdn) => rdn.map(({ type, text }) => `${shortTypes[type] ?? type}=${escaped(text)}`).join('+'))
    .join(',');

const escaped = (text: string): string =>
  text
    .replaceAll(/[,+"\\<>;]/g, '\\$&')
    .replaceAll(/^[ #]| $/g, '\\$&')
    .replaceAll('\0', '\\00');

export const generalNamesOf = (der: Der, tag: number = tags.sequence): GeneralName[] =>
  membersOf(der, tag, 1).map(generalNameOf);

export function generalNameOf(der: Der): GeneralName {
  switch (der.tag) {
    case 0xa0: {
      const fields = fieldsOf(der, 0xa0);
      const type = oidOf(fields.take());
      const value = insideOf(fields.take(0xa0)).bytes;
      fields.end();
      return { kind: 'other', type, value };
    }
    case 0x81:
      return { kind: 'email', value: asciiOf(der) };
    case 0x82:
      return { kind: 'dns', value: asciiOf(der) };
    case 0x86:
      return { kind: 'uri', value: asciiOf(der) };
    case 0x87:
      return { kind: 'ip', bytes: der.contents };
    case 0xa4:
      return { kind: 'directory', name: nameOf(insideOf(der)) };
    case 0xa3:
      return { kind: 'x400', value: der.contents };
    case 0xa5:
      return { kind: 'edi', value: der.contents };
    case 0x88:
      oidOf(retagged(der, tags.oid));
      return { kind: 'registered', value: der.contents };
    default:
      throw new DerFault('no such kind of name');
  }
}

/** IA5String: seven bits, and no control characters, which is how one name is shown and another one compared. */
function asciiOf(der: Der): string {
  if (der.contents.some((byte) => byte < 0x20 || byte > 0x7e)) throw new DerFault('not printable ASCII');
  return der.contents.toString('latin1');
}
