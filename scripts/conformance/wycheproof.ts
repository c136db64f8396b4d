// Wycheproof's files of signatures (C2SP/wycheproof, testvectors_v1 and the older form) put to the one `verify` that
// everything here uses. What is no signature, or one of a kind the policy has not, is refused and called outside policy.
import * as z from 'zod';
import type { Hash, PublicKey, Scheme } from '../../electron/signing/crypto.ts';
import { ecdsaToDer, publicKeyOf, verify } from '../../electron/signing/crypto.ts';
import type { Outcome } from './outcome.ts';
import { outcomeOf } from './outcome.ts';

const Hex = z
  .string()
  .regex(/^(?:[0-9a-f]{2})*$/i)
  .transform((hex) => Buffer.from(hex, 'hex'));
const Group = z.object({
  type: z.string(),
  publicKeyDer: Hex.optional(),
  keyDer: Hex.optional(),
  sha: z.string().optional(),
  mgf: z.string().optional(),
  mgfSha: z.string().optional(),
  sLen: z.number().int().nonnegative().optional(),
});
type Group = z.infer<typeof Group>;
const Test = z.object({ msg: Hex, sig: Hex });
/** As much as every file of Wycheproof has, of signatures or not. */
const File = z.object({
  testGroups: z.array(
    z
      .object({
        tests: z.array(
          z
            .object({
              tcId: z.union([z.number(), z.string()]).default('?'),
              comment: z.string().default(''),
              result: z.string(),
              flags: z.array(z.string()).default([]),
            })
            .loose(),
        ),
      })
      .loose(),
  ),
});

/** Throws when it is no file of Wycheproof's. */
export function judgeWycheproof(file: unknown): Outcome[] {
  return File.parse(file).testGroups.flatMap((value) => {
    const { type = 'without type' } = value;
    const how = methodOf(value);
    return value.tests.map((test) => {
      const { tcId, comment, result, flags } = test;
      const id = `${String(type)} ${tcId}${comment === '' ? '' : ` ${comment}`}${flags.length > 0 ? ` [${flags.join()}]` : ''}`;
      const expected = result === 'valid' ? 'accept' : result === 'invalid' ? 'refuse' : 'either';
      const read = Test.safeParse(test);
      if (typeof how === 'string') return outcomeOf(id, expected, how, true);
      if (!read.success) return outcomeOf(id, expected, 'no message and signature', true);
      return outcomeOf(id, expected, how(read.data.msg, read.data.sig) ? null : 'does not add up');
    });
  });
}

type Method = (message: Buffer, signature: Buffer) => boolean;

/** How the group's signatures are verified; in words when the policy has no such algorithm or no such key. */
function methodOf(value: unknown): Method | string {
  const read = Group.safeParse(value);
  if (!read.success)
    return `${read.error.issues.map((issue) => issue.path.join('.')).join(', ')} not understood`;
  const group = read.data;
  const scheme = schemeOf(group);
  if (typeof scheme === 'string') return scheme;
  const der = group.publicKeyDer ?? group.keyDer;
  if (der === undefined) return `${group.type} without a key`;
  const key = publicKeyOf(der);
  if (key?.kind === 'other') return `key of kind ${key.algorithm}`;
  const isRaw = group.type.includes('P1363');
  return (message, signature) => verify(scheme, der, message, isRaw ? derOf(key, signature) : signature);
}

/** Group types by what their signatures are; every other type is something else. */
const kindOfType: Readonly<Record<string, Scheme['kind']>> = {
  EcdsaVerify: 'ecdsa',
  EcdsaP1363Verify: 'ecdsa',
  RsassaPkcs1Verify: 'rsa-pkcs1',
  RsassaPkcs1Generate: 'rsa-pkcs1',
  RsassaPssVerify: 'rsa-pss',
  RsassaPssWithParametersVerify: 'rsa-pss',
};
const hashes: Readonly<Record<string, Hash>> = {
  'SHA-256': 'sha256',
  'SHA-384': 'sha384',
  'SHA-512': 'sha512',
};

function schemeOf({ type, sha = '', mgf = 'MGF1', mgfSha = sha, sLen }: Group): Scheme | string {
  const kind = kindOfType[type];
  if (kind === undefined) return `${type}: no kind of signature we believe`;
  const hash = hashes[sha];
  if (hash === undefined) return `${type} with ${sha || 'no hash named'}`;
  if (kind !== 'rsa-pss') return { kind, hash };
  if (sLen === undefined) return `${type} without length of salt`;
  return mgf === 'MGF1' && mgfSha === sha
    ? { kind, hash, saltLength: sLen }
    : `PSS with ${mgf} of ${mgfSha} over ${sha}`;
}

/** r‖s of the IEEE P1363 files becomes DER, as from a token. */
const derOf = (key: PublicKey | null, signature: Buffer): Buffer =>
  (key?.kind === 'ec' ? ecdsaToDer(signature, key.curve) : null) ?? Buffer.alloc(0);
