// What administrators do and see. Every command is one transaction with its line in the audit table.
import { fail, ok } from '../shared/api/contract.ts';
import { stationRevoke } from '../shared/model/station.ts';
import { feedKey } from '../shared/sync/port.ts';
import { bytesOf, hexOf } from './bytes.ts';
import type { Database, Row, Sql } from './database/types.ts';
import { lockCenter } from './log/append.ts';
import { makeCenter } from './log/centers.ts';
import { newLogs } from './log/log-id.ts';
import { writeOwn } from './log/own-feed.ts';
import { release } from './log/sealed.ts';
import { changePassword, createAdmin, disableAdmin, login, setRights } from './trust/administrators.ts';
import { heldHashes } from './trust/authors.ts';
import { newCode } from './trust/codes.ts';
import { markOf, SEEN_ACTION, seenDetail } from './trust/seen-authors.ts';
import type { Authors } from './trust/watch-authors.ts';
import type {
  Admin,
  AdminRight,
  AuditEntry,
  CenterFacts,
  OpenCode,
  QuarantinedChange,
  SealedDelivery,
  StationFacts,
} from './types.ts';

export interface AdminParts {
  readonly db: Database;
  readonly provinceId: string;
  /** PKCS#8 PEM */
  readonly key: string;
  readonly app: string;
  readonly training: boolean;
  now(): number;
  grew(center: number, end: number): void;
  trustChanged(center: number): void;
  /** Who has signed what of a center's log. */
  readonly authors: Pick<Authors, 'of' | 'latest' | 'lookAt'>;
}

export function adminOf(parts: AdminParts): Admin {
  const { db, now } = parts;
  const noted = (
    tx: Sql,
    by: string,
    action: string,
    subject: string | number,
    detail: string | null = null,
  ) =>
    tx.query('insert into audit (at, by, action, subject, detail) values ($1, $2, $3, $4, $5)', [
      now(),
      by,
      action,
      String(subject),
      detail,
    ]);

  return {
    async centers() {
      const centers: CenterFacts[] = [];
      for (const one of await centersOf(db)) {
        const concerns = (await parts.authors.latest(one.center)).flatMap(({ concern, isSeen }) =>
          concern === null || isSeen ? [] : concern,
        );
        const contradicted = concerns.filter((concern) => concern === 'contradicted').length;
        centers.push({ ...one, contradicted, unsigned: concerns.length - contradicted });
      }
      return centers;
    },
    async stations(center) {
      const authors = new Map((await parts.authors.of(center)).map((one) => [one.station, one]));
      const stations: StationFacts[] = [];
      for (const one of await stationsOf(db, center)) {
        const author = authors.get(one.station);
        const look = author?.isSeen ? await parts.authors.lookAt(one.station) : null;
        stations.push({
          ...one,
          concern: author?.concern ?? null,
          unsigned: author?.count ?? 0,
          seen: look && { at: look.at, by: look.by },
          mark: author ? markOf(author) : '',
        });
      }
      return stations;
    },

    async sawAuthor(by, station, mark) {
      const [row] = await db.query<{ center: number }>('select center from station where id = $1', [
        bytesOf(station),
      ]);
      const author =
        row &&
        (await parts.authors.of(row.center)).find((one) => one.station === station && one.odd.length > 0);
      if (!row || !author) return fail('not_found');
      if (markOf(author) !== mark) return fail('stale');
      const hashes = await heldHashes(db, row.center, author.odd);
      const detail = seenDetail(author, (feed, seq) => hashes.get(`${feedKey(feed)}.${seq}`));
      await db.transaction((tx) => noted(tx, by, SEEN_ACTION, station, detail));
      return ok(null);
    },

    quarantined: (center, limit) => quarantinedOf(db, center, limit),
    sealed: (center) => sealedOf(db, center),
    codes: (center) => codesOf(db, center),
    audit: (limit) => auditOf(db, limit),

    async createCenter(by, center) {
      const number = await db.transaction(async (tx) => {
        const made = await makeCenter(tx, center, now());
        await noted(tx, by, 'center.create', made, center.name);
        return made;
      });
      return ok({ center: number });
    },

    async createCode(by, center) {
      return await db.transaction(async (tx) => {
        const [there] = await tx.query<Row>('select number from center where number = $1', [center]);
        if (!there) return fail('not_found');
        const made = await newCode(tx, center, by, now(), parts.training);
        await noted(tx, by, 'code.create', center, made.code.slice(0, 4));
        return ok(made);
      });
    },

    async withdrawCode(by, codeId) {
      return await db.transaction(async (tx) => {
        const rows = await tx.query<Row>(
          `update enrol_code set withdrawn_at = $2 where id = $1 and used_at is null and withdrawn_at is null
           returning id`,
          [codeId, now()],
        );
        if (rows.length === 0) return fail('not_found');
        await noted(tx, by, 'code.withdraw', codeId);
        return ok(null);
      });
    },

    async revokeStation(by, station, reason) {
      const done = await db.transaction(async (tx) => {
        const [row] = await tx.query<{ center: number; status: string; center_id: string | null }>(
          `select s.center, s.status, c.center_id from station s join center c on c.number = s.center where s.id = $1`,
          [bytesOf(station)],
        );
        if (!row || row.status === 'revoked') return null;
        // first, as everybody does who writes in a log and then about its stations
        await lockCenter(tx, row.center);
        await tx.query(
          `update station set status = 'revoked', revoked_at = $2, revoked_reason = $3 where id = $1`,
          [bytesOf(station), now(), reason],
        );
        await noted(tx, by, 'station.revoke', station, reason);
        // without a first station there is no log and nobody to tell
        if (row.center_id === null) return { center: row.center, end: null };
        const { end } = await writeOwn(
          tx,
          row.center,
          parts,
          { kind: stationRevoke, subjectId: station, body: { reason } },
          now(),
        );
        return { center: row.center, end };
      });
      if (!done) return fail('not_found');
      if (done.end !== null) parts.grew(done.center, done.end);
      parts.trustChanged(done.center);
      return ok(null);
    },

    async releaseSealed(by, station) {
      const done = await db.transaction(async (tx) => {
        const [row] = await tx.query<{ center: number }>('select center from sealed where via = $1 limit 1', [
          bytesOf(station),
        ]);
        if (!row) return null;
        const { appended, trust } = await release(tx, row.center, station, now());
        const refused = appended.refused.length;
        await noted(tx, by, 'sealed.release', station, `${appended.accepted} taken in, ${refused} set aside`);
        return { center: row.center, appended, trust };
      });
      if (!done) return fail('not_found');
      const { accepted, refused, end } = done.appended;
      if (accepted > 0) parts.grew(done.center, end);
      if (done.trust) parts.trustChanged(done.center);
      return ok({ accepted, refused: refused.length });
    },

    async newLog(by) {
      const centers = await db.transaction(async (tx) => {
        const count = await newLogs(tx);
        await noted(tx, by, 'log.renew', 'all');
        return count;
      });
      for (const { center } of await centersOf(db)) parts.trustChanged(center);
      return { centers };
    },

    login: (name, password) => login(db, name, password, now()),
    changePassword: (name, old, next) => changePassword(db, name, old, next, now()),
    async createAdmin(by, name, password, rights = ['stations']) {
      const made = await createAdmin(db, name, password, now(), rights);
      if (made.ok) await noted(db, by, 'admin.create', name, rights.join(' '));
      return made;
    },
    async setRights(by, name, rights) {
      const done = await setRights(db, name, rights);
      if (done.ok) await noted(db, by, 'admin.rights', name, rights.join(' '));
      return done;
    },
    async disableAdmin(by, name) {
      const done = await disableAdmin(db, name);
      if (done.ok) await noted(db, by, 'admin.disable', name);
      return done;
    },
    async admins() {
      const rows = await db.query<{
        name: string;
        disabled: boolean;
        last_login_at: number | null;
        rights: AdminRight[];
      }>('select name, disabled, last_login_at, rights from admin order by name');
      return rows.map(({ last_login_at, ...row }) => ({ ...row, lastLoginAt: last_login_at }));
    },
  };
}

async function centersOf(sql: Sql): Promise<Omit<CenterFacts, 'contradicted' | 'unsigned'>[]> {
  const rows = await sql.query<{
    number: number;
    center_id: string | null;
    name: string;
    facility_code: string | null;
    province_code: string;
    log_id: Uint8Array;
    last_no: number;
    last_change_at: number | null;
    clock_errors: number;
    stations: number;
    versions: string[] | null;
    revoked: number;
    last_contact_at: number | null;
    backlog: number;
    quarantined: number;
    sealed: number;
    differ: boolean;
  }>(`
    select c.number, c.center_id, c.name, c.facility_code, c.province_code, c.log_id, c.last_no, c.last_change_at,
      c.clock_errors, coalesce(s.stations, 0)::int4 as stations, coalesce(s.revoked, 0)::int4 as revoked,
      s.versions, s.last_contact_at, coalesce(s.backlog, 0)::int8 as backlog, coalesce(q.n, 0)::int4 as quarantined,
      coalesce(e.n, 0)::int4 as sealed, coalesce(d.differ, false) as differ
    from center c
    left join (select center, count(*) filter (where status = 'active') as stations,
        array_agg(distinct app order by app) filter (where status = 'active' and app is not null) as versions,
        count(*) filter (where status = 'revoked') as revoked, max(last_contact_at) as last_contact_at,
        sum(backlog) as backlog from station group by center) s on s.center = c.number
    left join (select center, count(*) as n from quarantine group by center) q on q.center = c.number
    left join (select center, count(*) as n from sealed group by center) e on e.center = c.number
    left join (select center, true as differ from (
        select center from station where state_digest is not null and status = 'active'
        group by center, vector, projections having count(distinct state_digest) > 1) x group by center) d
      on d.center = c.number
    order by c.number`);
  return rows.map((row) => ({
    center: row.number,
    centerId: row.center_id,
    name: row.name,
    facilityCode: row.facility_code,
    provinceCode: row.province_code,
    logId: hexOf(row.log_id),
    changes: row.last_no,
    stations: row.stations,
    versions: row.versions ?? [],
    revoked: row.revoked,
    lastContactAt: row.last_contact_at,
    lastChangeAt: row.last_change_at,
    backlog: row.backlog,
    quarantined: row.quarantined,
    sealed: row.sealed,
    clockErrors: row.clock_errors,
    statesDiffer: row.differ,
  }));
}

async function stationsOf(
  sql: Sql,
  center: number,
): Promise<Omit<StationFacts, 'concern' | 'unsigned' | 'seen' | 'mark'>[]> {
  const rows = await sql.query<{
    id: Uint8Array;
    name: string;
    code: string;
    fingerprint: Uint8Array;
    status: 'active' | 'revoked';
    enrolled_at: number;
    revoked_at: number | null;
    revoked_reason: string | null;
    last_contact_at: number | null;
    app: string | null;
    clock_offset_ms: number | null;
    backlog: number | null;
    clock_errors: number;
    quarantined: number;
  }>(
    `select s.id, s.name, s.code, s.fingerprint, s.status, s.enrolled_at, s.revoked_at, s.revoked_reason,
       s.last_contact_at, s.app, s.clock_offset_ms, s.backlog, s.clock_errors,
       (select count(*) from quarantine q where q.center = $1 and q.station = s.id)::int4 as quarantined
     from station s where s.center = $1 order by s.code, s.name`,
    [center],
  );
  return rows.map((row) => ({
    station: hexOf(row.id),
    center,
    name: row.name,
    code: row.code,
    fingerprint: hexOf(row.fingerprint),
    status: row.status,
    enrolledAt: row.enrolled_at,
    revokedAt: row.revoked_at,
    revokedReason: row.revoked_reason,
    lastContactAt: row.last_contact_at,
    version: row.app,
    clockOffsetMs: row.clock_offset_ms,
    backlog: row.backlog,
    quarantined: row.quarantined,
    clockErrors: row.clock_errors,
  }));
}

async function quarantinedOf(sql: Sql, center: number, limit: number): Promise<QuarantinedChange[]> {
  const rows = await sql.query<{
    station: Uint8Array;
    incarnation: number;
    lane: number;
    seq: number;
    reason: QuarantinedChange['reason'];
    detail: string | null;
    via: Uint8Array;
    at: number;
  }>(
    `select station, incarnation, lane, seq, reason, detail, via, at from quarantine where center = $1
     order by id desc limit $2`,
    [center, limit],
  );
  return rows.map((row) => ({ ...row, station: hexOf(row.station), via: hexOf(row.via) }));
}

async function sealedOf(sql: Sql, center: number): Promise<SealedDelivery[]> {
  const rows = await sql.query<{ via: Uint8Array; n: number; first: number; last: number }>(
    `select via, count(*)::int4 as n, min(at) as first, max(at) as last from sealed where center = $1
     group by via order by max(at) desc`,
    [center],
  );
  return rows.map((row) => ({
    station: hexOf(row.via),
    changes: row.n,
    firstAt: row.first,
    lastAt: row.last,
  }));
}

async function codesOf(sql: Sql, center: number): Promise<OpenCode[]> {
  const rows = await sql.query<{
    id: string;
    made_at: number;
    expires_at: number;
    used_at: number | null;
    wrong_tries: number;
  }>(
    `select id, made_at, expires_at, used_at, wrong_tries from enrol_code
     where center = $1 and withdrawn_at is null order by made_at desc`,
    [center],
  );
  return rows.map((row) => ({
    codeId: row.id,
    createdAt: row.made_at,
    expiresAt: row.expires_at,
    usedAt: row.used_at,
    wrongTries: row.wrong_tries,
  }));
}

async function auditOf(sql: Sql, limit: number): Promise<AuditEntry[]> {
  return await sql.query<AuditEntry & Row>(
    'select at, by, action, subject, detail from audit order by id desc limit $1',
    [limit],
  );
}
