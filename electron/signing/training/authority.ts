// Training's certificate authority. Its key is no secret: it is worked out from a phrase in this file, so that every PC
// of every training center has the same one without anything being kept, and anybody may make such certificates. Each
// says what it is in its names, and no real center believes its root.
import { createECDH, sign } from 'node:crypto';
import root from '../../../resources/signing/training-root.json' with { type: 'json' };
import { randomOctets, sha1ForIds, sha256 } from '../crypto.ts';
import { fieldsOf, octetsOfBits, readDer } from '../der/read.ts';
import {
  algorithmIdentifier,
  bits,
  bool,
  ctx,
  ctxPrimitive,
  int,
  octets,
  oid,
  printable,
  seq,
  set,
  time,
  utf8,
} from '../der/write.ts';
import { trainingOrganization } from '../judge/training-mark.ts';
import { extensionTypes } from '../x509/extensions.ts';
import { attributes } from '../x509/names.ts';

/** The root's certificate, DER: an anchor in training mode, and the sign of training everywhere else. */
export const trainingRoot = (): Buffer => Buffer.from(root.certificate, 'base64');

export interface TrainingSubject {
  readonly name: string;
  /** Twelve digits; no citizen's. */
  readonly number: string;
  /** SubjectPublicKeyInfo, DER. */
  readonly spki: Buffer;
}

/** A certificate for signing papers, DER; valid from yesterday for two years. `at`: ms since 1970 UTC. */
export function issueTraining({ name, number, spki }: TrainingSubject, at: number): Buffer {
  return certificate({
    serial: Buffer.concat([Buffer.from([0x41]), randomOctets(15)]),
    subject: nameOf([
      [attributes.country, printable('VN')],
      [attributes.organization, utf8(trainingOrganization)],
      [attributes.commonName, utf8(name)],
      [attributes.userId, utf8(`CCCD:${number}`)],
    ]),
    spki,
    from: at - day,
    to: at + 2 * 365 * day,
    extensions: [
      extension(extensionTypes.keyUsage, true, usageBits(0xc0, 6)),
      extension(extensionTypes.subjectKeyId, false, octets(keyIdOf(spki))),
      extension(extensionTypes.authorityKeyId, false, seq(ctxPrimitive(0, keyIdOf(own.spki)))),
      extension(extensionTypes.crlDistributionPoints, false, seq(seq(ctx(0, ctx(0, uri(revocationUrl)))))),
    ],
  });
}

/** Where training's certificates say that their revocation list is; no such place exists (RFC 6761). */
export const revocationUrl = 'http://tap-huan.tram.invalid/danh-sach.crl';

/** Nobody is revoked; good for a day from now. DER. */
export function trainingRevocations(at: number): Buffer {
  const list = seq(
    int(1),
    signatureAlgorithm,
    rootName,
    time(at - 60_000),
    time(at + day),
    ctx(
      0,
      seq(
        extension(extensionTypes.authorityKeyId, false, seq(ctxPrimitive(0, keyIdOf(own.spki)))),
        extension('2.5.29.20', false, int(Math.floor(at / 1_000))),
      ),
    ),
  );
  return signed(list);
}

/** The root itself, made once for resources/signing/training-root.json. */
export const makeTrainingRoot = (): Buffer =>
  certificate({
    serial: Buffer.from([1]),
    subject: rootName,
    spki: own.spki,
    from: Date.UTC(2026, 0, 1),
    to: Date.UTC(2046, 0, 1),
    extensions: [
      extension(extensionTypes.basicConstraints, true, seq(bool(true), int(0))),
      extension(extensionTypes.keyUsage, true, usageBits(0x06, 1)),
      extension(extensionTypes.subjectKeyId, false, octets(keyIdOf(own.spki))),
    ],
  });

const day = 86_400_000;
const ecdsaSha256 = '1.2.840.10045.4.3.2';
const signatureAlgorithm = algorithmIdentifier(ecdsaSha256, null);
const rootName = nameOf([
  [attributes.country, printable('VN')],
  [attributes.organization, utf8(trainingOrganization)],
  [attributes.commonName, utf8('CA tập huấn của Trạm')],
]);
const own = keyOfPhrase('Khóa này công khai: chỉ để tập huấn ký số trên phần mềm Trạm.');

function certificate(parts: {
  readonly serial: Buffer;
  readonly subject: Buffer;
  readonly spki: Buffer;
  readonly from: number;
  readonly to: number;
  readonly extensions: readonly Buffer[];
}): Buffer {
  const body = seq(
    ctx(0, int(2)),
    int(parts.serial),
    signatureAlgorithm,
    rootName,
    seq(time(parts.from), time(parts.to)),
    parts.subject,
    parts.spki,
    ctx(3, seq(...parts.extensions)),
  );
  return signed(body);
}

function signed(body: Buffer): Buffer {
  return seq(body, signatureAlgorithm, bits(sign('sha256', body, own.pem)));
}

function nameOf(parts: readonly (readonly [type: string, value: Buffer])[]): Buffer {
  return seq(...parts.map(([type, value]) => set(seq(oid(type), value))));
}

function extension(type: string, critical: boolean, value: Buffer): Buffer {
  return seq(oid(type), ...(critical ? [bool(true)] : []), octets(value));
}

/** KeyUsage; `unused`: bits at the end that don't count. */
function usageBits(octet: number, unused: number): Buffer {
  return bits(Buffer.from([octet]), unused);
}

/** GeneralName of kind URI. */
function uri(address: string): Buffer {
  return ctxPrimitive(6, Buffer.from(address, 'latin1'));
}

/** RFC 5280, 4.2.1.2 (1). */
function keyIdOf(spki: Buffer): Buffer {
  const fields = fieldsOf(readDer(spki));
  fields.take();
  return sha1ForIds(octetsOfBits(fields.take()));
}

/** P-256: the phrase's SHA-256 is the private number. */
function keyOfPhrase(phrase: string): { readonly pem: string; readonly spki: Buffer } {
  const curve = '1.2.840.10045.3.1.7';
  const secret = sha256(Buffer.from(phrase));
  const pair = createECDH('prime256v1');
  pair.setPrivateKey(secret);
  const point = pair.getPublicKey();
  // ECPrivateKey (RFC 5915)
  const der = seq(int(1), octets(secret), ctx(0, oid(curve)), ctx(1, bits(point)));
  const spki = seq(seq(oid('1.2.840.10045.2.1'), oid(curve)), bits(point));
  return {
    pem: `-----BEGIN EC PRIVATE KEY-----\n${der.toString('base64')}\n-----END EC PRIVATE KEY-----\n`,
    spki,
  };
}
