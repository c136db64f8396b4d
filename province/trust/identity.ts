// Who this province is: id, name, key and certificate, made at the first start and kept in the database, because
// every process must show stations the very certificate they pinned.
import { generateKeyPairSync, randomBytes, sign } from 'node:crypto';
import { CERTIFICATE_LIFE_MS, selfSigned } from '../../shared/sync/certificate.ts';
import { hexOf, sha256 } from '../bytes.ts';
import type { Database } from '../database/types.ts';
import { fingerprintOf } from './pins.ts';

export interface Identity {
  /** 32 hex digits */
  readonly id: string;
  readonly name: string;
  /** PEM */
  readonly certificate: string;
  /** PKCS#8 PEM */
  readonly key: string;
  /** 64 hex digits */
  readonly fingerprint: string;
}

/** `name` counts only when the province does not exist yet. */
export async function openIdentity(db: Database, name: string, now: number): Promise<Identity> {
  const there = await read(db);
  if (there) return there;
  const id = randomBytes(16);
  const made = await makeCertificate(id.toString('hex'), name, now);
  // two processes may get here at once: the first one's row stays
  await db.query(
    `insert into province (id, name, certificate, key, system_identifier, timeline, made_at)
     values ($1, $2, $3, $4, '', 0, $5) on conflict do nothing`,
    [id, name, made.certificate, made.key, now],
  );
  const kept = await read(db);
  if (!kept) throw new Error('the province was not made');
  return kept;
}

async function read(db: Database): Promise<Identity | null> {
  const [row] = await db.query<{ id: Uint8Array; name: string; certificate: string; key: string }>(
    'select id, name, certificate, key from province',
  );
  if (!row) return null;
  const fingerprint = fingerprintOf(row.certificate);
  if (!fingerprint) throw new Error("the province's certificate in the database is damaged");
  return { ...row, id: hexOf(row.id), fingerprint: fingerprint.toString('hex') };
}

async function makeCertificate(
  id: string,
  name: string,
  now: number,
): Promise<{ certificate: string; key: string }> {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const spki = publicKey.export({ type: 'spki', format: 'der' });
  const certificate = await selfSigned(
    {
      id,
      name,
      organization: name,
      kind: 'province',
      notBefore: now - 86_400_000,
      notAfter: now + CERTIFICATE_LIFE_MS,
      serial: randomBytes(16),
      publicKey: spki,
      keyId: sha256(spki).subarray(0, 20),
    },
    (bytes) => sign('sha256', bytes, privateKey),
  );
  return { certificate, key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString() };
}
