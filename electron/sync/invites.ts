// The hub's side of joining: one-time codes, and what happens when a new PC shows one. The code itself is never
// kept, only the key both proofs are made with.
import * as z from 'zod';
import { fail, ok, type Result } from '../../shared/api/contract.ts';
import { stationEnrol } from '../../shared/model/station.ts';
import { derOf } from '../../shared/sync/certificate.ts';
import {
  CODE_BYTES,
  CODE_LIFE_MS,
  codeId,
  type EnrolAnswer,
  EnrolRequest,
  keyInput,
  MAX_WRONG_TRIES,
  makeCode,
  proofInput,
  readCode,
} from '../../shared/sync/enrolment.ts';
import { hmacSha256, randomKey, sameSecret, sha256, sha256Hex } from '../store/crypto.ts';
import type { OpenStore } from '../store/types.ts';
import type { KnownStation } from './types.ts';

export interface InviteNeeds {
  readonly store: OpenStore;
  stations(): readonly KnownStation[];
  center(): EnrolAnswer['center'] | null;
  /** PEM */
  ownCertificate(): string;
  readonly training: boolean;
  now(): number;
}

interface Invite {
  readonly key: string;
  readonly expiresAt: number;
  readonly wrongTries: number;
  readonly usedBy: string | null;
}

export function invite(needs: Pick<InviteNeeds, 'store' | 'training' | 'now'>): {
  code: string;
  expiresAt: number;
} {
  const now = Math.floor(needs.now());
  const expiresAt = now + CODE_LIFE_MS.hub;
  for (;;) {
    const code = makeCode(randomKey(CODE_BYTES));
    const plain = readCode(code) ?? '';
    const added = needs.store.local((sql) => {
      sql.prepare('DELETE FROM sync_invite WHERE expires_at < ?').run(now - CODE_LIFE_MS.hub);
      return sql
        .prepare(
          `INSERT INTO sync_invite (id, key, expires_at, wrong_tries) VALUES (?, ?, ?, 0)
           ON CONFLICT (id) DO NOTHING`,
        )
        .run(codeId(plain), sha256Hex(keyInput(plain, needs.training)), expiresAt).changes;
    });
    if (added > 0) return { code, expiresAt };
  }
}

/** `shown`: the certificate of the connection it came over, DER. code_wrong · code_used · wrong_center … */
export function answerEnrol(needs: InviteNeeds, body: unknown, shown: Uint8Array): Result<EnrolAnswer> {
  const request = EnrolRequest.safeParse(body);
  if (!request.success) return fail('code_wrong');
  const { data } = request;
  if ((data.training ?? false) !== needs.training) return fail('training_apart');
  const certificate = derOf(data.certificate);
  if (!certificate || !sameSecret(certificate, shown)) return fail('code_wrong');
  const known = openInvite(needs, data.code);
  if (!known.ok) return known;
  const key = Buffer.from(known.value.key, 'hex');
  const own = derOf(needs.ownCertificate());
  if (!own) return fail('internal');
  const prints = { station: sha256(shown), responder: sha256(own) };
  if (!sameSecret(Buffer.from(data.proof, 'hex'), hmacSha256(key, proofInput('station', prints)))) {
    needs.store.local((sql) =>
      sql.prepare('UPDATE sync_invite SET wrong_tries = wrong_tries + 1 WHERE id = ?').run(data.code),
    );
    return fail('code_wrong');
  }
  if (known.value.usedBy !== null && known.value.usedBy !== data.station) return fail('code_used');
  const center = needs.center();
  if (!center) return fail('not_found');
  if (data.center !== null && data.center.id !== center.id) return fail('wrong_center');
  const stationCode = enter(needs, data, shown);
  if (!stationCode.ok) return stationCode;
  const me = needs.stations().find((one) => one.id === needs.store.station.id);
  return ok({
    v: 1,
    kind: 'hub',
    name: me?.name ?? center.name,
    station: needs.store.station.id,
    center,
    stationCode: stationCode.value,
    proof: hmacSha256(key, proofInput('responder', prints)).toString('hex'),
  });
}

function openInvite(needs: InviteNeeds, id: string): Result<Invite> {
  const row = needs.store.sql
    .prepare<[string], Invite>(
      `SELECT key, expires_at AS expiresAt, wrong_tries AS wrongTries, used_by AS usedBy
         FROM sync_invite WHERE id = ?`,
    )
    .get(id);
  return row && row.wrongTries < MAX_WRONG_TRIES && needs.now() <= row.expiresAt
    ? ok(row)
    : fail('code_wrong');
}

/** Names the new PC in the record and uses the code up, both or neither. The same PC asking again changes nothing. */
function enter(needs: InviteNeeds, request: EnrolRequest, shown: Uint8Array): Result<string> {
  const { store } = needs;
  const known = needs.stations().find((one) => one.id === request.station);
  if (known && (known.revokedAt !== null || !sameSecret(derOf(known.certificate) ?? Buffer.alloc(0), shown)))
    return fail('station_revoked');
  const codes = z
    .array(z.object({ id: z.string(), code: z.string() }))
    .parse(store.sql.prepare('SELECT id, code FROM station_pc').all());
  const own = codes.find((one) => one.id === request.station);
  const code = own?.code ?? freeCode(codes.map((one) => one.code));
  return store.write({ userId: null, sessionId: null }, (tx) => {
    if (!known)
      tx.append(stationEnrol, {
        id: request.station,
        body: { name: request.stationName, code, certificate: request.certificate },
      });
    tx.sql
      .prepare('UPDATE sync_invite SET used_at = ?, used_by = ? WHERE id = ?')
      .run(Math.floor(needs.now()), request.station, request.code);
    return ok(code);
  });
}

/** Lowest two digits no PC of the center has; a center has some dozens of PCs. */
export function freeCode(taken: readonly string[]): string {
  for (let n = 1; n < 100; n++) {
    const code = String(n).padStart(2, '0');
    if (!taken.includes(code)) return code;
  }
  return '99';
}
