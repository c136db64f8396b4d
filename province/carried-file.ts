// A file that somebody brought to the province on a memory stick, and the answer that goes back on the same stick:
// by it a station whose line never works learns that its changes have arrived.
import {
  createCipheriv,
  createDecipheriv,
  createECDH,
  createHmac,
  createPrivateKey,
  randomBytes,
  sign,
  verify,
  X509Certificate,
} from 'node:crypto';
import {
  type CarryCrypto,
  type CarryHeader,
  type CarryProblem,
  peekCarry,
  type Recipient,
  readCarry,
  writeCarry,
} from '../shared/sync/carry-file.ts';
import { type CarriedIn, carryIn } from '../shared/sync/carry-in.ts';
import { createFrames } from '../shared/sync/frames.ts';
import { PROTOCOL } from '../shared/sync/hello.ts';
import type { ChangeStore } from '../shared/sync/port.ts';
import { bytesOf, sha256 } from './bytes.ts';
import type { Database, Row } from './database/types.ts';
import { sha256Of, zstd } from './doors/line.ts';
import { sealedStoreOf } from './log/sealed.ts';
import { openIdentity } from './trust/identity.ts';
import { version } from './version.ts';

export interface CarriedFile {
  /** The center's number; null when the file is of none that is known here. */
  readonly center: number | null;
  readonly from: string | null;
  readonly result: CarriedIn;
  /** To be written back to the stick as `…-answer.tram`; null when nothing was taken in, or it was only sealed. */
  readonly answer: Uint8Array | null;
}

export interface CarriedFileParts {
  readonly db: Database;
  storeOf(center: number): ChangeStore;
  now(): number;
}

/** A file is read from memory: a center's backlog of weeks is a few megabytes. */
export async function takeCarriedFile(parts: CarriedFileParts, file: Uint8Array): Promise<CarriedFile> {
  const { db } = parts;
  const header = peekCarry(file);
  const writer = header && (await writerOf(db, header));
  if (!header || !writer) return unknown(header);
  const identity = await openIdentity(db, '', parts.now());
  const store = parts.storeOf(writer.center);
  // what a revoked station brings waits for a person's word; it is not lost
  const revoked = writer.status === 'revoked';
  const changes = revoked ? sealedStoreOf(db, writer.center, store, parts.now, header.from) : store;
  const reader = readCarry(carryCrypto, {
    fingerprint: bytesOf(identity.fingerprint),
    agree: (point) => agree(identity.key, point),
    sender: () => (bytes, signature) => verified(writer.certificate, bytes, signature),
  });
  const result = await carryIn({
    reader,
    pieces: inPieces(file),
    changes,
    frames: createFrames({ codec: zstd, dictionary: null, sha256: sha256Of }),
    protocol: PROTOCOL,
    // a station's word on what it holds moves nothing here
    holdings: async () => {},
    breathe: () => new Promise((resolve) => setImmediate(resolve)),
  });
  const taken = result.header !== null && !revoked;
  const recipient = taken ? recipientOf(writer.certificate) : null;
  if (!recipient) return { center: writer.center, from: header.from, result, answer: null };
  const answer = writeCarry(
    carryCrypto,
    {
      kind: 'answer',
      center: header.center,
      from: identity.id,
      created: parts.now(),
      app: version,
      protocol: PROTOCOL,
    },
    [recipient],
    (bytes) => sign('sha256', bytes, identity.key),
  );
  const heads = await store.heads();
  return {
    center: writer.center,
    from: header.from,
    result,
    answer: Buffer.concat([answer.head, answer.holdings(heads), answer.end()]),
  };
}

interface WriterRow extends Row {
  readonly center: number;
  readonly certificate: string;
  readonly status: 'active' | 'revoked';
}

/** Null: a station or a center nobody enrolled here, or the one does not belong to the other. */
async function writerOf(db: Database, { from, center }: CarryHeader): Promise<WriterRow | null> {
  const [row] = await db.query<WriterRow>(
    `select s.center, s.certificate, s.status from station s join center c on c.number = s.center
     where s.id = $1 and c.center_id = $2`,
    [bytesOf(from), center],
  );
  return row ?? null;
}

function unknown(header: CarryHeader | null): CarriedFile {
  const problem: CarryProblem = header ? 'not_for_us' : 'not_carry';
  const none = { accepted: 0, duplicates: 0, refused: 0, complete: false };
  return { center: null, from: header?.from ?? null, result: { ...none, problem, header }, answer: null };
}

const pieceBytes = 256 * 1024;
async function* inPieces(file: Uint8Array): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < file.length; at += pieceBytes) yield file.subarray(at, at + pieceBytes);
}

function verified(certificate: string, bytes: Uint8Array, signature: Uint8Array): boolean {
  try {
    return verify('sha256', bytes, certificate, signature);
  } catch {
    return false;
  }
}

/** Null: an old certificate of another sort, whose station has to be told over a line. */
function recipientOf(certificate: string): Recipient | null {
  const { raw, publicKey } = new X509Certificate(certificate);
  const { kty, crv, x, y } = publicKey.export({ format: 'jwk' });
  if (kty !== 'EC' || crv !== 'P-256' || !x || !y) return null;
  const point = Buffer.concat([Buffer.of(4), Buffer.from(x, 'base64url'), Buffer.from(y, 'base64url')]);
  return { fingerprint: sha256(raw), point };
}

function agree(keyPem: string, point: Uint8Array): Uint8Array {
  const { d } = createPrivateKey(keyPem).export({ format: 'jwk' });
  const pair = createECDH('prime256v1');
  pair.setPrivateKey(Buffer.from(d ?? '', 'base64url'));
  return pair.computeSecret(point);
}

const carryCrypto: CarryCrypto = {
  sha256: (bytes) => sha256(bytes),
  hmac: (key, bytes) => createHmac('sha256', key).update(bytes).digest(),
  random: randomBytes,
  seal(key, plain, context) {
    const nonce = randomBytes(12);
    const cipher = createCipheriv('aes-256-gcm', key, nonce);
    cipher.setAAD(Buffer.from(context));
    return Buffer.concat([nonce, cipher.update(plain), cipher.final(), cipher.getAuthTag()]);
  },
  unseal(key, sealed, context) {
    if (sealed.length < 28) return null;
    try {
      const cipher = createDecipheriv('aes-256-gcm', key, sealed.subarray(0, 12), { authTagLength: 16 });
      cipher.setAAD(Buffer.from(context));
      cipher.setAuthTag(sealed.subarray(-16));
      return Buffer.concat([cipher.update(sealed.subarray(12, -16)), cipher.final()]);
    } catch {
      return null;
    }
  },
  oneTimeKey() {
    const pair = createECDH('prime256v1');
    return { point: pair.generateKeys(), agree: (point) => pair.computeSecret(point) };
  },
};
