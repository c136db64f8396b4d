// The question and answer of a time-stamping authority (RFC 3161) as bytes.
import { type Hash, hashIdentifierOf, oidOfHash } from '../crypto.ts';
import {
  booleanOf,
  DerFault,
  fieldsOf,
  integerOf,
  octetsOf,
  oidOf,
  readDer,
  smallIntegerOf,
  tags,
  timeOf,
} from '../der/read.ts';
import { algorithmIdentifier, bool, int, octets, oid, seq } from '../der/write.ts';

export interface StampRequest {
  readonly hash: Hash;
  readonly imprint: Uint8Array;
  /** The authority's policy that is asked for; null: its own choice. */
  readonly policy: string | null;
  /** Positive. */
  readonly nonce: bigint;
}

export const stampRequest = ({ hash, imprint, policy, nonce }: StampRequest): Buffer =>
  seq(
    int(1),
    seq(algorithmIdentifier(oidOfHash[hash], 'null'), octets(imprint)),
    ...(policy === null ? [] : [oid(policy)]),
    int(nonce),
    // its certificate comes along: without it nobody can check the stamp in ten years
    bool(true),
  );

/** The token's raw bytes, or null when the authority refused. Throws DerFault. */
export function tokenOfResponse(response: Uint8Array): Buffer | null {
  const fields = fieldsOf(readDer(response, { anySetOrder: true }));
  const status = smallIntegerOf(fieldsOf(fields.take(tags.sequence)).take());
  const token = fields.maybe(tags.sequence);
  fields.end();
  // granted, or granted with changes, which are looked at like everything else
  return status <= 1 && token !== null ? Buffer.from(token.bytes) : null;
}

/** What a time-stamp says: TSTInfo. */
export interface StampFacts {
  readonly policy: string;
  /** Null: a digest we don't use. */
  readonly hash: Hash | null;
  readonly imprint: Buffer;
  readonly serial: bigint;
  /** ms since 1970 UTC. */
  readonly at: number;
  readonly nonce: bigint | null;
  /** It carries extensions that must be understood. */
  readonly criticalExtension: boolean;
}

/** Throws DerFault. */
export function readStampFacts(content: Uint8Array): StampFacts {
  const fields = fieldsOf(readDer(content));
  if (smallIntegerOf(fields.take()) !== 1) throw new DerFault('not TSTInfo of version 1');
  const policy = oidOf(fields.take());
  const imprint = fieldsOf(fields.take(tags.sequence));
  const hash = hashIdentifierOf(imprint.take(tags.sequence));
  const hashed = octetsOf(imprint.take());
  imprint.end();
  const serial = integerOf(fields.take());
  const at = timeOf(fields.take(tags.generalizedTime), { fraction: true });
  fields.maybe(tags.sequence); // accuracy
  const ordering = fields.maybe(tags.boolean);
  if (ordering !== null && !booleanOf(ordering)) throw new DerFault('a default is left out');
  const nonce = fields.maybe(tags.integer);
  fields.maybe(0xa0); // the authority's name, a hint
  const extensions = fields.maybe(0xa1);
  fields.end();
  return {
    policy,
    hash,
    imprint: hashed,
    serial,
    at,
    nonce: nonce === null ? null : integerOf(nonce),
    criticalExtension: (extensions?.children ?? []).some((extension) => {
      const members = fieldsOf(extension);
      members.take(tags.oid);
      const critical = members.maybe(tags.boolean);
      return critical !== null && booleanOf(critical);
    }),
  };
}
