// Certificates as they lie on tokens: read before anybody has given a PIN, kept byte for byte, judged elsewhere.
import { publicKeyOf, sha256Hex } from '../crypto.ts';
import { fieldsOf, parsed, readDer, tags } from '../der/read.ts';
import type { Handle, Module } from './module.ts';
import { attribute, isFault, objectClass, type TokenFault } from './numbers.ts';

export interface TokenCertificate {
  readonly der: Buffer;
  /** SHA-256 of the DER, 64 hex digits. */
  readonly id: string;
  /** CKA_ID: what its key is found by; may be empty. */
  readonly keyId: Buffer;
}

export function certificatesOn(module: Module, session: Handle): TokenCertificate[] | TokenFault {
  const objects = module.find(session, [{ type: attribute.class, value: objectClass.certificate }]);
  if (isFault(objects)) return objects;
  const found = new Map<string, TokenCertificate>();
  for (const object of objects) {
    const der = derOf(module, session, object);
    if (isFault(der)) return der;
    const keyId = der && module.attribute(session, object, attribute.id, idBytes);
    if (isFault(keyId)) return keyId;
    if (!der || publicKeyOf(namesOf(der)?.spki ?? Buffer.alloc(0)) === null) continue;
    const id = sha256Hex(der);
    if (!found.has(id)) found.set(id, { der, id, keyId: keyId ?? Buffer.alloc(0) });
  }
  return [...found.values()];
}

/** What links certificates with each other and with keys, each a whole element. */
export interface CertificateNames {
  readonly issuer: Buffer;
  readonly subject: Buffer;
  readonly spki: Buffer;
}

/** Null: not a certificate. Only as far as names and key: the rest is the judge's to read. */
export function namesOf(certificate: Uint8Array): CertificateNames | null {
  return parsed(() => {
    const fields = fieldsOf(fieldsOf(readDer(certificate)).take());
    fields.maybe(versionTag);
    fields.take(tags.integer);
    fields.take();
    const issuer = fields.take();
    fields.take();
    const subject = fields.take();
    const spki = fields.take();
    return { issuer: issuer.bytes, subject: subject.bytes, spki: spki.bytes };
  });
}

/** Issuers among the others, the leaf's own first. */
export function chainOf(leaf: Uint8Array, others: readonly Buffer[]): Buffer[] {
  const chain: Buffer[] = [];
  let below = namesOf(leaf);
  while (below && !below.issuer.equals(below.subject) && chain.length < longestChain) {
    const wanted = below.issuer;
    const issuer = others.find((der) => !chain.includes(der) && namesOf(der)?.subject.equals(wanted));
    if (!issuer) break;
    chain.push(issuer);
    below = namesOf(issuer);
  }
  return chain;
}

const longestChain = 6;
const versionTag = 0xa0;
const idBytes = 256;
/** A certificate has 1 to 2 kB; one with a picture in it more. */
const certificateBytes = [4_096, 32_768];

/** Null: there is none, or none we can read (government tokens may keep them compressed). */
function derOf(module: Module, session: Handle, object: Handle): Buffer | null | TokenFault {
  for (const most of certificateBytes) {
    const value = module.attribute(session, object, attribute.value, most);
    if (isFault(value)) return value;
    const der = value && trimmed(value);
    if (der) return der;
  }
  return null;
}

/** Some drivers answer the buffer's length instead of the value's. */
function trimmed(value: Buffer): Buffer | null {
  // a certificate's length takes two octets
  if (value.length < 4 || value[0] !== tags.sequence || value[1] !== 0x82) return null;
  const length = 4 + value.readUInt16BE(2);
  return length <= value.length ? Buffer.from(value.subarray(0, length)) : null;
}
