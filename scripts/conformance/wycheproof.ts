// Wycheproof's files of signatures (C2SP/wycheproof, testvectors_v1) put to the one `verify` that everything here uses.
import * as z from 'zod';
import type { Hash, PublicKey, Scheme } from '../../electron/signing/crypto.ts';
import { ecdsaToDer, publicKeyOf, verify } from '../../electron/signing/crypto.ts';
import type { Outcome } from './outcome.ts';
import { outcomeOf } from './outcome.ts';

const Hex = z.string().transform((hex) => Buffer.from(hex, 'hex'));
const Group = z.object({
  type: z.string(),
  publicKeyDer: z.string().optional(),
  keyDer: z.string().optional(),
  publicKey: z.object({ curve: z.string().optional() }).loose().or(z.string()).optional(),
  sha: z.string().optional(),
  mgf: z.string().optional(),
  mgfSha: z.string().optional(),
  sLen: z.number().optional(),
  tests: z.array(
    z.object({
      tcId: z.number(),
      comment: z.string(),
      msg: Hex,
      sig: Hex,
      result: z.enum(['valid', 'invalid', 'acceptable']),
      flags: z.array(z.string()).default([]),
    }),
  ),
});
const File = z.object({ testGroups: z.array(Group) });
type Group = z.infer<typeof Group>;

/** Throws when it is no file of signatures. */
export function judgeWycheproof(file: unknown): Outcome[] {
  return File.parse(file).testGroups.flatMap((group) => {
    const der = Buffer.from(group.publicKeyDer ?? group.keyDer ?? '', 'hex');
    const key = publicKeyOf(der);
    const how = schemeOf(group);
    const outside =
      typeof how === 'string' ? how : key?.kind === 'other' ? `key of kind ${key.algorithm}` : null;
    return group.tests.map(({ tcId, comment, msg, sig, result, flags }) => {
      const id = `${group.type} ${tcId}${comment === '' ? '' : ` ${comment}`}${flags.length > 0 ? ` [${flags.join()}]` : ''}`;
      const expected = result === 'valid' ? 'accept' : result === 'invalid' ? 'refuse' : 'either';
      const why =
        outside ??
        (typeof how !== 'string' && verify(how, der, msg, signatureOf(group.type, key, sig))
          ? null
          : 'does not add up');
      return outcomeOf(id, expected, why, outside !== null);
    });
  });
}

/** What the group's signatures are; in words when the policy has no such algorithm. */
function schemeOf({ type, sha = '', mgf = 'MGF1', mgfSha = sha, sLen = 0 }: Group): Scheme | string {
  const hash = hashes[sha];
  if (hash === undefined) return `${type} with ${sha || 'no hash named'}`;
  if (type.startsWith('Ecdsa')) return { kind: 'ecdsa', hash };
  if (type.startsWith('RsassaPkcs1')) return { kind: 'rsa-pkcs1', hash };
  if (!type.startsWith('RsassaPss')) return type;
  return mgf === 'MGF1' && mgfSha === sha
    ? { kind: 'rsa-pss', hash, saltLength: sLen }
    : `PSS with ${mgf} of ${mgfSha} over ${sha}`;
}
const hashes: Readonly<Record<string, Hash>> = {
  'SHA-256': 'sha256',
  'SHA-384': 'sha384',
  'SHA-512': 'sha512',
};

/** r‖s of the IEEE P1363 files becomes DER, as from a token. */
function signatureOf(type: string, key: PublicKey | null, signature: Buffer): Buffer {
  if (!type.includes('P1363')) return signature;
  return (key?.kind === 'ec' ? ecdsaToDer(signature, key.curve) : null) ?? Buffer.alloc(0);
}
