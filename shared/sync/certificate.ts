// The self-signed certificate by which a PC or a province is known: its bytes, and nothing else. Peers pin the whole
// certificate, so there is no authority, no chain and no name to check, and 100 lines of DER do; keys and signing
// are the caller's.

export interface CertificateFacts {
  /** 32 hex digits */
  readonly id: string;
  readonly name: string;
  /** Of the center or the province. */
  readonly organization: string;
  /** `station` or `province`: part of the identifying URI. */
  readonly kind: 'station' | 'province';
  /** ms since 1970 UTC */
  readonly notBefore: number;
  readonly notAfter: number;
  /** 16 random bytes */
  readonly serial: Uint8Array;
  /** DER SubjectPublicKeyInfo of a P-256 key */
  readonly publicKey: Uint8Array;
  /** 20 bytes that name the key (RFC 7093: the first of its SHA-256) */
  readonly keyId: Uint8Array;
}

/** PC and province outlive their disks rarely; a new one is enrolled anew. */
export const CERTIFICATE_LIFE_MS = 10 * 365.25 * 86_400_000;

/** PEM. `sign` answers the DER ECDSA signature over SHA-256 of the bytes. */
export async function selfSigned(
  facts: CertificateFacts,
  sign: (bytes: Uint8Array) => Uint8Array | Promise<Uint8Array>,
): Promise<string> {
  const signed = toBeSigned(facts);
  return pemOf(sequence(signed, ecdsaWithSha256, bitString(await sign(signed))));
}

/** DER bytes of the first certificate in a PEM text; null when there is none. */
export function derOf(pem: string): Uint8Array | null {
  const found = /-----BEGIN CERTIFICATE-----([A-Za-z0-9+/=\s]+)-----END CERTIFICATE-----/.exec(pem);
  if (!found?.[1]) return null;
  try {
    return Uint8Array.from(atob(found[1].replace(/\s/g, '')), (letter) => letter.charCodeAt(0));
  } catch {
    return null;
  }
}

export function pemOf(der: Uint8Array): string {
  let text = '';
  for (const byte of der) text += String.fromCharCode(byte);
  const lines = btoa(text).match(/.{1,64}/g) ?? [];
  return `-----BEGIN CERTIFICATE-----\n${lines.join('\n')}\n-----END CERTIFICATE-----\n`;
}

/** RFC 5280 §4.1.2, in its order. */
function toBeSigned(facts: CertificateFacts): Uint8Array {
  const name = distinguishedName([
    [oid(2, 5, 4, 3), facts.name],
    [oid(2, 5, 4, 10), facts.organization],
    [oid(2, 5, 4, 5), facts.id],
  ]);
  const extensions = [
    extension(oid(2, 5, 29, 19), true, sequence()),
    // digital signature only
    extension(oid(2, 5, 29, 15), true, tlv(0x03, Uint8Array.of(7, 0x80))),
    // server and client: the same PC serves and connects
    extension(
      oid(2, 5, 29, 37),
      false,
      sequence(oid(1, 3, 6, 1, 5, 5, 7, 3, 1), oid(1, 3, 6, 1, 5, 5, 7, 3, 2)),
    ),
    extension(oid(2, 5, 29, 17), false, sequence(tlv(0x86, ascii(`urn:tram:${facts.kind}:${facts.id}`)))),
    extension(oid(2, 5, 29, 14), false, tlv(0x04, facts.keyId)),
  ];
  return sequence(
    tlv(0xa0, integer(Uint8Array.of(2))),
    integer(facts.serial),
    ecdsaWithSha256,
    name,
    sequence(time(facts.notBefore), time(facts.notAfter)),
    name,
    facts.publicKey,
    tlv(0xa3, sequence(...extensions)),
  );
}

/** Vietnamese names need UTF8String; empty parts are left out. RFC 5280 allows 64 characters each. */
function distinguishedName(parts: readonly (readonly [type: Uint8Array, value: string])[]): Uint8Array {
  return sequence(
    ...parts
      .filter(([, value]) => value !== '')
      .map(([type, value]) =>
        tlv(0x31, sequence(type, tlv(0x0c, new TextEncoder().encode([...value].slice(0, 64).join(''))))),
      ),
  );
}

const extension = (type: Uint8Array, critical: boolean, value: Uint8Array): Uint8Array =>
  critical
    ? sequence(type, tlv(0x01, Uint8Array.of(0xff)), tlv(0x04, value))
    : sequence(type, tlv(0x04, value));

/** UTCTime until 2049, then GeneralizedTime (RFC 5280 §4.1.2.5). */
function time(at: number): Uint8Array {
  const digits = `${new Date(at).toISOString().replace(/\D/g, '').slice(0, 14)}Z`;
  return digits < '2050' ? tlv(0x17, ascii(digits.slice(2))) : tlv(0x18, ascii(digits));
}

/** Positive, without needless zeros. */
function integer(bytes: Uint8Array): Uint8Array {
  let start = 0;
  while (start < bytes.length - 1 && bytes[start] === 0) start += 1;
  const digits = bytes.subarray(start);
  return tlv(0x02, (digits[0] ?? 0) & 0x80 ? join([Uint8Array.of(0), digits]) : digits);
}

const bitString = (bytes: Uint8Array): Uint8Array => tlv(0x03, join([Uint8Array.of(0), bytes]));
const sequence = (...parts: readonly Uint8Array[]): Uint8Array => tlv(0x30, join(parts));
const ascii = (text: string): Uint8Array => new TextEncoder().encode(text);

function oid(first: number, second: number, ...rest: readonly number[]): Uint8Array {
  const bytes = [first * 40 + second];
  for (const arc of rest) {
    const digits = [arc & 0x7f];
    for (let left = arc >> 7; left > 0; left >>= 7) digits.unshift((left & 0x7f) | 0x80);
    bytes.push(...digits);
  }
  return tlv(0x06, Uint8Array.from(bytes));
}

function tlv(tag: number, value: Uint8Array): Uint8Array {
  const { length } = value;
  const head =
    length < 0x80
      ? [tag, length]
      : length < 0x100
        ? [tag, 0x81, length]
        : [tag, 0x82, length >> 8, length & 0xff];
  return join([Uint8Array.from(head), value]);
}

function join(parts: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(parts.reduce((n, part) => n + part.length, 0));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}

const ecdsaWithSha256 = sequence(oid(1, 2, 840, 10045, 4, 3, 2));
