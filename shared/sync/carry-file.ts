// The file that carries changes on a memory stick: readable only by those it is for, and proven to be from a PC that
// is trusted, piece by piece, so that a stick pulled out too early or a bad sector costs only what lies behind it.
// Pure: cryptography comes from the place (shared/sync/port.ts tells the same of storage). Layout: docs/protocol.md.
import { decode, encode } from 'cborg';
import * as z from 'zod';
import type { Head } from './port.ts';

/** `TRAMCAR` and the version of the layout. */
const magic = Uint8Array.of(0x54, 0x52, 0x41, 0x4d, 0x43, 0x41, 0x52, 1);
export const CARRY_ENDING = '.tram';

/** outbox: what the receiver lacks · all: everything · answer: what the sender of an outbox now holds. */
export const carryKinds = ['outbox', 'all', 'answer'] as const;
export type CarryKind = (typeof carryKinds)[number];

export interface CarryHeader {
  readonly kind: CarryKind;
  /** Id of the center whose record this is. */
  readonly center: string;
  /** Station that wrote the file, 32 hex digits; the province has one too. */
  readonly from: string;
  /** ms since 1970 UTC, the writer's clock. */
  readonly created: number;
  /** Program version. */
  readonly app: string;
  /** Version of the frames inside, as in Hello. */
  readonly protocol: number;
}

export interface Recipient {
  /** SHA-256 of its certificate, 32 bytes. */
  readonly fingerprint: Uint8Array;
  /** Uncompressed point of its P-256 key, 65 bytes. */
  readonly point: Uint8Array;
}

/** SHA-256, HMAC-SHA-256, AES-256-GCM and ECDH over P-256, as the place has them. */
export interface CarryCrypto {
  sha256(bytes: Uint8Array): Uint8Array;
  hmac(key: Uint8Array, bytes: Uint8Array): Uint8Array;
  random(length: number): Uint8Array;
  /** 12 bytes nonce, ciphertext, 16 bytes tag. */
  seal(key: Uint8Array, plain: Uint8Array, context: string): Uint8Array;
  /** Null: another key or context, or a byte was changed. */
  unseal(key: Uint8Array, sealed: Uint8Array, context: string): Uint8Array | null;
  /** A key pair for one file. */
  oneTimeKey(): { readonly point: Uint8Array; agree(point: Uint8Array): Uint8Array };
}

// --- writing ---

export interface CarryWriter {
  /** Begins the file. */
  readonly head: Uint8Array;
  /** The next piece: a CHANGES frame. */
  frame(frame: Uint8Array): Uint8Array;
  /** The next piece: heads the writer durably holds. */
  holdings(heads: readonly Head[]): Uint8Array;
  /** The last piece: says that nothing is missing. */
  end(): Uint8Array;
}

/** `sign`: ECDSA P-256 with SHA-256 by the key of `header.from`, DER. */
export function writeCarry(
  crypto: CarryCrypto,
  header: CarryHeader,
  recipients: readonly Recipient[],
  sign: (bytes: Uint8Array) => Uint8Array,
): CarryWriter {
  const contentKey = crypto.random(32);
  const once = crypto.oneTimeKey();
  let hash = crypto.sha256(magic);
  const section = (type: number, content: Uint8Array): Uint8Array => {
    const body = sectionBody(type, content);
    hash = crypto.sha256(concat(hash, body));
    const signature = sign(hash);
    return concat(body, concat(Uint8Array.of(signature.length), signature));
  };
  const sealed = (type: number, plain: Uint8Array): Uint8Array =>
    section(type, crypto.seal(contentKey, plain, hex(hash)));

  const wraps = recipients.map(({ fingerprint, point }) => {
    const lock = lockOf(crypto, once.agree(point), once.point, fingerprint);
    return [fingerprint, crypto.seal(lock, contentKey, hex(fingerprint))];
  });
  const { kind, center, from, created, app, protocol } = header;
  const head = section(
    sections.header,
    encode([carryKinds.indexOf(kind), center, unhex(from), created, app, protocol, once.point, wraps]),
  );
  return {
    head: concat(magic, head),
    frame: (frame) => sealed(sections.frame, frame),
    holdings: (heads) =>
      sealed(
        sections.holdings,
        encode(heads.map((h) => [unhex(h.station), h.incarnation, h.lane, h.seq, unhex(h.hash)])),
      ),
    end: () => section(sections.end, new Uint8Array(0)),
  };
}

// --- reading ---

/**
 * not_carry: another file · newer: a layout this program does not know · not_for_us: sealed to others, or from
 * somebody we do not know · revoked: from a PC whose trust was taken back · damaged: from here on nothing is believed.
 */
export type CarryProblem = 'not_carry' | 'newer' | 'not_for_us' | 'revoked' | 'damaged';

export type CarryPart =
  | { readonly type: 'header'; readonly header: CarryHeader }
  | { readonly type: 'frame'; readonly frame: Uint8Array }
  | { readonly type: 'holdings'; readonly heads: readonly Head[] };

export interface CarryReader {
  /** Takes the next bytes of the file and answers what they complete; every part is proven when answered. */
  push(bytes: Uint8Array): CarryPart[];
  /** Once set nothing more is answered. */
  problem(): CarryProblem | null;
  /** The end was there: nothing is missing. */
  complete(): boolean;
}

export interface CarryTrust {
  /** Fingerprint of our own certificate. */
  readonly fingerprint: Uint8Array;
  /** ECDH of our own key with a point. */
  agree(point: Uint8Array): Uint8Array;
  /** Checks signatures of this sender; why its files are not taken instead. */
  sender(
    header: CarryHeader,
  ): ((bytes: Uint8Array, signature: Uint8Array) => boolean) | 'not_for_us' | 'revoked';
}

/** A frame is at most 8 MiB before it is sealed. */
const MAX_SECTION_BYTES = 9 * 1024 * 1024;

export function readCarry(crypto: CarryCrypto, trust: CarryTrust): CarryReader {
  let waiting: Uint8Array = new Uint8Array(0);
  let hash: Uint8Array | null = null;
  let opened: { key: Uint8Array; verify(bytes: Uint8Array, signature: Uint8Array): boolean } | null = null;
  let problem: CarryProblem | null = null;
  let complete = false;

  return {
    problem: () => problem,
    complete: () => complete,
    push(bytes) {
      if (problem || complete) return [];
      waiting = waiting.length === 0 ? bytes : concat(waiting, bytes);
      const parts: CarryPart[] = [];
      if (!hash) {
        const begun = readMagic();
        if (!begun) return [];
        hash = begun;
      }
      for (let body = nextSection(); body && !problem && !complete; body = nextSection()) {
        const part = readSection(body.bytes, body.signature, hash);
        hash = crypto.sha256(concat(hash, body.bytes));
        if (part) parts.push(part);
      }
      return parts;
    },
  };

  function readMagic(): Uint8Array | null {
    const seen = waiting.subarray(0, magic.length);
    const same = (length: number): boolean => seen.subarray(0, length).every((byte, i) => byte === magic[i]);
    if (!same(Math.min(seen.length, magic.length - 1))) problem = 'not_carry';
    else if (seen.length === magic.length && !same(magic.length)) problem = 'newer';
    if (problem || seen.length < magic.length) return null;
    waiting = waiting.subarray(magic.length);
    return crypto.sha256(magic);
  }

  function nextSection(): { bytes: Uint8Array; signature: Uint8Array } | null {
    if (waiting.length < 5) return null;
    const length = 4 + new DataView(waiting.buffer, waiting.byteOffset).getUint32(0);
    if (length < 5 || length > MAX_SECTION_BYTES) {
      problem = 'damaged';
      return null;
    }
    const end = length + 1 + (waiting[length] ?? 0);
    if (waiting.length < length + 1 || waiting.length < end) return null;
    const section = { bytes: waiting.subarray(0, length), signature: waiting.subarray(length + 1, end) };
    waiting = waiting.subarray(end);
    return section;
  }

  function readSection(body: Uint8Array, signature: Uint8Array, before: Uint8Array): CarryPart | null {
    const type = body[4];
    const content = body.subarray(5);
    const signed = (verify: (bytes: Uint8Array, signature: Uint8Array) => boolean): boolean =>
      verify(crypto.sha256(concat(before, body)), signature);
    if (!opened) return type === sections.header ? readHeader(content, signed) : damaged();
    if (!signed(opened.verify)) return damaged();
    if (type === sections.end) {
      complete = true;
      return null;
    }
    const plain = crypto.unseal(opened.key, content, hex(before));
    if (!plain) return damaged();
    if (type === sections.frame) return { type: 'frame', frame: plain };
    if (type !== sections.holdings) return null; // a later program's addition, signed: nothing we need
    const heads = parsed(plain, Holdings);
    return heads ? { type: 'holdings', heads } : damaged();
  }

  function readHeader(
    content: Uint8Array,
    signed: (verify: (bytes: Uint8Array, signature: Uint8Array) => boolean) => boolean,
  ): CarryPart | null {
    const found = parsed(content, Header);
    if (!found) return damaged();
    const { header, point, wraps } = found;
    const verify = trust.sender(header);
    if (typeof verify === 'string') return stop(verify);
    if (!signed(verify)) return damaged();
    const mine = hex(trust.fingerprint);
    const wrap = wraps.find(([fingerprint]) => hex(fingerprint) === mine);
    if (!wrap) return stop('not_for_us');
    const lock = lockOf(crypto, trust.agree(point), point, trust.fingerprint);
    const key = crypto.unseal(lock, wrap[1], mine);
    if (!key) return damaged();
    opened = { key, verify };
    return { type: 'header', header };
  }

  function damaged(): null {
    return stop('damaged');
  }
  function stop(why: CarryProblem): null {
    problem = why;
    return null;
  }
}

/**
 * The header of a file from its first bytes, believed by nobody yet: for a place that must look up whom it is from
 * before it reads on. Null: no such file, or not enough of it.
 */
export function peekCarry(start: Uint8Array): CarryHeader | null {
  if (start.length < magic.length + 5 || !magic.every((byte, i) => start[i] === byte)) return null;
  const body = start.subarray(magic.length);
  const length = new DataView(body.buffer, body.byteOffset).getUint32(0);
  if (length < 1 || body.length < 4 + length || body[4] !== sections.header) return null;
  return parsed(body.subarray(5, 4 + length), Header)?.header ?? null;
}

// --- layout ---

const sections = { header: 1, frame: 2, holdings: 3, end: 4 } as const;

/** `[u32 big-endian: bytes that follow, without signature][type][content]` */
function sectionBody(type: number, content: Uint8Array): Uint8Array {
  const body = new Uint8Array(5 + content.length);
  new DataView(body.buffer).setUint32(0, 1 + content.length);
  body[4] = type;
  body.set(content, 5);
  return body;
}

/** What the content key is wrapped with for one recipient. */
function lockOf(
  crypto: CarryCrypto,
  secret: Uint8Array,
  point: Uint8Array,
  fingerprint: Uint8Array,
): Uint8Array {
  const label = new TextEncoder().encode('tram carry 1');
  return crypto.hmac(secret, concat(label, concat(point, fingerprint)));
}

const bytesOf = (length: number) => z.instanceof(Uint8Array).refine((bytes) => bytes.length === length);
const count = z.number().int().nonnegative();

const Header = z
  .tuple([
    z.union([z.literal(0), z.literal(1), z.literal(2)]),
    z.string().max(80),
    bytesOf(16),
    z.number().int(),
    z.string().max(80),
    count,
    bytesOf(65),
    z.array(z.tuple([bytesOf(32), bytesOf(60)])).max(1000),
  ])
  .rest(z.unknown())
  .transform(([kind, center, from, created, app, protocol, point, wraps]) => ({
    header: { kind: carryKinds[kind], center, from: hex(from), created, app, protocol } satisfies CarryHeader,
    point,
    wraps,
  }));

const Holdings = z.array(
  z
    .tuple([bytesOf(16), count, z.union([z.literal(0), z.literal(1), z.literal(2)]), count, bytesOf(32)])
    .transform(
      ([station, incarnation, lane, seq, hash]): Head => ({
        station: hex(station),
        incarnation,
        lane,
        seq,
        hash: hex(hash),
      }),
    ),
);

function parsed<S extends z.ZodType>(bytes: Uint8Array, schema: S): z.output<S> | null {
  try {
    const read = schema.safeParse(decode(bytes, { allowIndefinite: false, strict: true }));
    return read.success ? read.data : null;
  } catch {
    return null;
  }
}

function concat(a: Uint8Array, b: Uint8Array): Uint8Array {
  const both = new Uint8Array(a.length + b.length);
  both.set(a, 0);
  both.set(b, a.length);
  return both;
}

const hex = (bytes: Uint8Array): string =>
  Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
const unhex = (text: string): Uint8Array =>
  Uint8Array.from(text.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
