// One-time codes on paper, and what happens when a station shows one. Only a key derived from the code is kept; it
// proves the code in both directions, so nobody in between can take part (shared/sync/enrolment.ts).
import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import {
  CODE_BYTES,
  CODE_LIFE_MS,
  codeId,
  type EnrolAnswer,
  type EnrolRefusal,
  type EnrolRequest,
  keyInput,
  MAX_WRONG_TRIES,
  makeCode,
  proofInput,
  readCode,
} from '../../shared/sync/enrolment.ts';
import { bytesOf, hexOf, sha256 } from '../bytes.ts';
import type { Database, Row, Sql } from '../database/types.ts';
import type { Identity } from './identity.ts';
import { fingerprintOf } from './pins.ts';

/** A used or dead code's row stays so long, so that its four letters do not come up again soon. */
const keptMs = 90 * 86_400_000;

/** Inside a transaction. */
export async function newCode(
  tx: Sql,
  center: number,
  by: string,
  now: number,
  training: boolean,
): Promise<{ code: string; expiresAt: number }> {
  const expiresAt = now + CODE_LIFE_MS.province;
  await tx.query('delete from enrol_code where expires_at < $1', [now - keptMs]);
  for (;;) {
    const spokenCode = makeCode(randomBytes(CODE_BYTES));
    const code = readCode(spokenCode);
    if (code === null) throw new Error('a code that cannot be read was made');
    const made = await tx.query<Row>(
      `insert into enrol_code (id, center, proof_key, made_at, made_by, expires_at) values ($1, $2, $3, $4, $5, $6)
       on conflict do nothing returning id`,
      [codeId(code), center, sha256(keyInput(code, training)), now, by, expiresAt],
    );
    if (made.length > 0) return { code: spokenCode, expiresAt };
  }
}

interface CodeRow extends Row {
  readonly center: number;
  readonly proof_key: Uint8Array;
  readonly expires_at: number;
  readonly wrong_tries: number;
  readonly used_at: number | null;
  readonly used_by: Uint8Array | null;
  readonly withdrawn_at: number | null;
  readonly center_id: string | null;
  readonly name: string;
  readonly facility_code: string | null;
  readonly province_code: string;
}

export type Enrolled =
  | { readonly ok: true; readonly answer: EnrolAnswer; readonly center: number; readonly isNew: boolean }
  | { readonly ok: false; readonly refusal: EnrolRefusal['error'] };

/**
 * `fingerprint` is of the certificate the connection was made with; the request must name the same one. A station
 * whose answer got lost may show its used code again.
 */
export async function enrol(
  db: Database,
  identity: Identity,
  request: EnrolRequest,
  fingerprint: Buffer,
  now: number,
  training: boolean,
): Promise<Enrolled> {
  if ((request.training ?? false) !== training) return { ok: false, refusal: 'training_apart' };
  const named = fingerprintOf(request.certificate);
  if (!named?.equals(fingerprint)) return { ok: false, refusal: 'code_wrong' };
  return await db.transaction(async (tx): Promise<Enrolled> => {
    const [code] = await tx.query<CodeRow>(
      `select e.center, e.proof_key, e.expires_at, e.wrong_tries, e.used_at, e.used_by, e.withdrawn_at,
         c.center_id, c.name, c.facility_code, c.province_code
       from enrol_code e join center c on c.number = e.center where e.id = $1 for update`,
      [request.code],
    );
    // a code that never was and one that is worn out answer alike
    if (!code || code.wrong_tries >= MAX_WRONG_TRIES || code.withdrawn_at !== null)
      return { ok: false, refusal: 'code_wrong' };
    const key = Buffer.from(code.proof_key);
    const prints = { station: fingerprint, responder: bytesOf(identity.fingerprint) };
    if (!timingSafeEqual(proof(key, 'station', prints), bytesOf(request.proof))) {
      await tx.query('update enrol_code set wrong_tries = wrong_tries + 1 where id = $1', [request.code]);
      return { ok: false, refusal: 'code_wrong' };
    }
    const again = code.used_by !== null && hexOf(code.used_by) === request.station;
    if ((code.used_at !== null && !again) || code.expires_at < now)
      return { ok: false, refusal: 'code_used' };
    const centerId = await bindCenter(tx, code, request);
    if (centerId === null) return { ok: false, refusal: 'wrong_center' };
    const pinned = await pin(tx, code.center, request, fingerprint, now);
    if (pinned !== 'new' && pinned !== 'there') return { ok: false, refusal: pinned };
    await tx.query('update enrol_code set used_at = coalesce(used_at, $2), used_by = $3 where id = $1', [
      request.code,
      now,
      bytesOf(request.station),
    ]);
    return {
      ok: true,
      center: code.center,
      isNew: pinned === 'new',
      answer: {
        v: 1,
        kind: 'province',
        name: identity.name,
        station: identity.id,
        center: {
          id: centerId,
          name: request.center?.name ?? code.name,
          facilityCode: code.facility_code,
          provinceCode: code.province_code,
        },
        stationCode: null,
        proof: proof(key, 'responder', prints).toString('hex'),
      },
    };
  });
}

const proof = (
  key: Buffer,
  who: 'station' | 'responder',
  prints: { station: Uint8Array; responder: Uint8Array },
): Buffer => createHmac('sha256', key).update(proofInput(who, prints)).digest();

/** The first station tells which record the center is; all later ones must be of the same. Null: they are not. */
async function bindCenter(tx: Sql, code: CodeRow, request: EnrolRequest): Promise<string | null> {
  if (!request.center) return code.center_id;
  if (code.center_id !== null) return code.center_id === request.center.id ? code.center_id : null;
  const [other] = await tx.query<Row>('select number from center where center_id = $1', [request.center.id]);
  if (other) return null;
  await tx.query('update center set center_id = $2 where number = $1 and center_id is null', [
    code.center,
    request.center.id,
  ]);
  return request.center.id;
}

async function pin(
  tx: Sql,
  center: number,
  request: EnrolRequest,
  fingerprint: Buffer,
  now: number,
): Promise<'new' | 'there' | 'station_revoked' | 'wrong_center'> {
  const rows = await tx.query<{ id: Uint8Array; center: number; fingerprint: Uint8Array; status: string }>(
    'select id, center, fingerprint, status from station where id = $1 or fingerprint = $2',
    [bytesOf(request.station), fingerprint],
  );
  const [there, ...more] = rows;
  if (!there) {
    await tx.query(
      `insert into station (id, center, name, code, certificate, fingerprint, status, source, enrolled_at)
       values ($1, $2, $3, '', $4, $5, 'active', 'code', $6)`,
      [bytesOf(request.station), center, request.stationName, request.certificate, fingerprint, now],
    );
    return 'new';
  }
  // a station's place is never given to another key, nor a key's to another station
  const same =
    more.length === 0 && hexOf(there.id) === request.station && fingerprint.equals(there.fingerprint);
  if (!same || there.center !== center) return 'wrong_center';
  return there.status === 'revoked' ? 'station_revoked' : 'there';
}
