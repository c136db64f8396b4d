// What both tests of CAdES need: containers made by this program from the world's keys, and what OpenSSL says of them.
import { addTimeStamp, signCades } from '../../../../electron/signing/cms/index.ts';
import { timeStamper } from '../../../../electron/signing/tsp/index.ts';
import type { SignatureAlgorithm } from '../../../../electron/signing/types.ts';
import { stampUrl, type World } from './openssl-world.ts';

/** Who signs with what, and how it is shown. */
export const kinds: readonly (readonly [string, SignatureAlgorithm, string])[] = [
  ['doctor', 'rsa-pkcs1-sha256', 'RSASSA-PKCS1-v1_5 SHA-256'],
  ['doctor', 'rsa-pss-sha256', 'RSASSA-PSS SHA-256'],
  ['head', 'ecdsa-p256-sha256', 'ECDSA SHA-256'],
  ['director', 'ecdsa-p384-sha384', 'ECDSA SHA-384'],
];

export async function signedBy(
  world: World,
  content: Uint8Array,
  name = 'doctor',
  algorithm: SignatureAlgorithm = 'rsa-pkcs1-sha256',
  more: { detached?: boolean; at?: number | null } = {},
): Promise<Buffer> {
  const made = await signCades({ content, key: world.key(name), algorithm, at: Date.now(), ...more });
  if (!made.ok) throw new Error(made.error.code);
  return made.value;
}

export async function stampedBy(world: World, container: Uint8Array): Promise<Buffer> {
  const made = await addTimeStamp(container, timeStamper({ url: stampUrl, fetch: world.fetch }));
  if (!made.ok) throw new Error(made.error.code);
  return made.value;
}

/** `openssl cms -verify -cades`; `over` null: the container has its content inside. */
export function opensslSays(
  world: World,
  container: Uint8Array,
  over: Uint8Array | null,
  ...more: readonly string[]
): { code: number; said: string } {
  const trusted = more.includes('-CAfile') ? [] : ['-CAfile', 'root.pem'];
  world.write('signed.p7s', container);
  if (over) world.write('content.bin', over);
  return world.tries([
    ...['cms', '-verify', '-cades', '-binary', '-inform', 'DER', '-in', 'signed.p7s', ...trusted],
    ...(over ? ['-content', 'content.bin'] : []),
    ...['-out', 'out.bin', '-purpose', 'any', ...more],
  ]);
}

/** A root nobody trusts: `NAME.pem` and `NAME.key`. */
export const strangeRoot = (world: World, name: string): void =>
  void world.openssl([
    ...['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-keyout', `${name}.key`, '-out', `${name}.pem`],
    ...['-subj', `/CN=${name}`, '-days', '10'],
  ]);
