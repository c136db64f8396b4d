// Whose key may knock: certificates the province enrolled itself, and those a trusted station's log names.
// A certificate is believed for its key only; no authority stands behind any of them.
import { X509Certificate } from 'node:crypto';
import type { Change } from '../../shared/model/change.ts';
import { stationEnrol, stationRevoke } from '../../shared/model/station.ts';
import { CodecError, decodeForeign } from '../../shared/sync/codec.ts';
import { carriedIn } from '../../shared/sync/forks.ts';
import { bytesOf, sha256, stationIdOf } from '../bytes.ts';
import type { Row, Sql } from '../database/types.ts';
import { fieldNames } from '../log/kinds.ts';
import type { ReadChange } from '../log/read.ts';

/** SHA-256 of the DER form; null when it is no certificate. */
export function fingerprintOf(pem: string): Buffer | null {
  try {
    return sha256(new X509Certificate(pem).raw);
  } catch {
    return null;
  }
}

/** Inside the transaction that took the changes in. Answers whether trust in anybody changed. */
export async function pinFromLog(
  tx: Sql,
  center: number,
  added: readonly ReadChange[],
  now: number,
): Promise<boolean> {
  let changed = false;
  for (const { change: outer } of added) {
    const change = unwrapped(outer);
    const station = change.subject.type === 'station' ? stationIdOf(change.subject.id) : null;
    if (station === null) continue;
    if (change.kind === stationEnrol.kind) changed = (await pin(tx, center, station, change, now)) || changed;
    if (change.kind === stationRevoke.kind)
      changed = (await revoke(tx, center, station, change, now)) || changed;
  }
  return changed;
}

/** A change whose feed was set aside after a fork travels on inside a carrier. */
function unwrapped(change: Change): Change {
  const inner = carriedIn(change);
  if (inner === null) return change;
  try {
    return decodeForeign(inner, sha256(inner).toString('hex'), fieldNames);
  } catch (error) {
    if (error instanceof CodecError || error instanceof RangeError) return change;
    throw error;
  }
}

/** The first certificate named for a station stays: a log cannot give a station's place to another key. */
async function pin(tx: Sql, center: number, station: string, change: Change, now: number): Promise<boolean> {
  const body = stationEnrol.body.safeParse(change.body);
  if (!body.success) return false;
  const fingerprint = fingerprintOf(body.data.certificate);
  if (fingerprint === null) return false;
  await tx.query(
    `update station set name = $3, code = $4 where id = $1 and center = $2 and fingerprint = $5`,
    [bytesOf(station), center, body.data.name, body.data.code, fingerprint],
  );
  const made = await tx.query<Row>(
    `insert into station (id, center, name, code, certificate, fingerprint, status, source, enrolled_at)
     values ($1, $2, $3, $4, $5, $6, 'active', 'log', $7) on conflict do nothing returning id`,
    [bytesOf(station), center, body.data.name, body.data.code, body.data.certificate, fingerprint, now],
  );
  return made.length > 0;
}

async function revoke(
  tx: Sql,
  center: number,
  station: string,
  change: Change,
  now: number,
): Promise<boolean> {
  const body = stationRevoke.body.safeParse(change.body);
  const rows = await tx.query<Row>(
    `update station set status = 'revoked', revoked_at = $3, revoked_reason = $4
     where id = $1 and center = $2 and status = 'active' returning id`,
    [bytesOf(station), center, now, body.success ? body.data.reason : ''],
  );
  return rows.length > 0;
}
