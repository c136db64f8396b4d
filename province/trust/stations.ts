// Who knocks: the station a pinned certificate belongs to, and what is noted about it.
import { bytesOf, hexOf } from '../bytes.ts';
import type { Row, Sql } from '../database/types.ts';

export interface KnownStation {
  /** 32 hex digits */
  readonly id: string;
  readonly center: number;
  readonly status: 'active' | 'revoked';
}

interface StationRow extends Row {
  readonly id: Uint8Array;
  readonly center: number;
  readonly status: 'active' | 'revoked';
}

export async function stationByFingerprint(sql: Sql, fingerprint: Uint8Array): Promise<KnownStation | null> {
  const [row] = await sql.query<StationRow>('select id, center, status from station where fingerprint = $1', [
    fingerprint,
  ]);
  return row ? { id: hexOf(row.id), center: row.center, status: row.status } : null;
}

export async function stationById(sql: Sql, id: string): Promise<KnownStation | null> {
  const [row] = await sql.query<StationRow>('select id, center, status from station where id = $1', [
    bytesOf(id),
  ]);
  return row ? { id, center: row.center, status: row.status } : null;
}

export interface Contact {
  readonly at: number;
  readonly app?: string;
  /** Changes of its own it has that had not come in. */
  readonly backlog?: number;
  readonly clockOffsetMs?: number;
}

export async function noteContact(sql: Sql, station: string, contact: Contact): Promise<void> {
  await sql.query(
    `update station set last_contact_at = $2, app = coalesce($3, app), backlog = coalesce($4::int8, backlog),
       clock_offset_ms = coalesce($5::int4, clock_offset_ms) where id = $1`,
    [
      bytesOf(station),
      contact.at,
      contact.app ?? null,
      contact.backlog ?? null,
      contact.clockOffsetMs === undefined ? null : clamp(contact.clockOffsetMs),
    ],
  );
}

/** A clock at 1970 is further off than an int4 of ms can say; "24 days" is enough for anybody. */
const clamp = (ms: number): number => Math.max(-0x7fff_ffff, Math.min(0x7fff_ffff, Math.round(ms)));

/**
 * Keeps what a station holds and shows; answers stations of its center that hold the same, run the same projections
 * and yet show something else.
 */
export async function noteDigest(
  sql: Sql,
  station: KnownStation,
  said: { readonly vector: string; readonly fingerprint: string; readonly digest: string },
  now: number,
): Promise<string[]> {
  await sql.query(
    'update station set vector = $2, projections = $3, state_digest = $4, reported_at = $5 where id = $1',
    [bytesOf(station.id), bytesOf(said.vector), said.fingerprint, bytesOf(said.digest), now],
  );
  const rows = await sql.query<{ id: Uint8Array }>(
    `select id from station where center = $1 and id <> $2 and vector = $3 and projections = $4
       and state_digest <> $5`,
    [station.center, bytesOf(station.id), bytesOf(said.vector), said.fingerprint, bytesOf(said.digest)],
  );
  return rows.map((row) => hexOf(row.id));
}
