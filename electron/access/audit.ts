// Who looked at and wrote what. Writes need no trail of their own: the change log is one. Reads and opened glass are
// changes too, so they reach every PC and cannot be taken back.
import { randomUUID } from 'node:crypto';
import { fail, ok } from '../../shared/api/contract.ts';
import type { Method, Output } from '../../shared/api/index.ts';
import { auditBreakGlass, auditRead } from '../../shared/model/access.ts';
import type { Caller, HandlersOf, Log, People } from '../store/room.ts';
import type { Store } from '../store/types.ts';
import type { Accounts } from './accounts.ts';
import { roleNames } from './staff.ts';

const glassMs = 30 * 60_000;
/** One line per person, patient and this long; a chart screen asks for its parts separately. */
const coalesceMs = 10 * 60_000;

type AuditMethod = 'access.breakGlass' | 'access.auditOfPatient' | 'access.audit';
type Entry = Output<'access.audit'>[number];

export interface Audit {
  readonly handlers: HandlersOf<AuditMethod>;
  glassBroken(caller: Caller, patientId: string): boolean;
  /** `patientId` null: people of other centers, of whom the record here knows nothing; each reading has a line. */
  logRead(caller: Caller, method: Method, patientId: string | null, breakGlass: boolean): void;
}

interface Row {
  at: number;
  hlc: string;
  kind: string;
  author: string | null;
  patient: string | null;
  station: string;
  action: string | null;
  what: string | null;
  reason: string | null;
}

const columns = `
  SELECT c.wall AS at, c.hlc, c.kind, c.author, c.patient, f.station, a.action, a.what, a.reason
    FROM change_log c JOIN feed f ON f.id = c.feed
    LEFT JOIN audit_event a ON c.subject_type = 'audit' AND a.id = c.subject_id`;
/** Hot and history queries of this room; tests/unit/access checks that each finds its index. */
export const auditQueries = {
  ofPatient: `${columns} WHERE c.patient = ? AND c.hlc < ? ORDER BY c.hlc DESC LIMIT ?`,
  ofAuthor: `${columns} WHERE c.author = ? AND c.hlc < ? ORDER BY c.hlc DESC LIMIT ?`,
  // a PC confirms its own work all day long: no act of anybody
  ofAll: `${columns} WHERE c.hlc < ? AND c.subject_type <> 'vouch' ORDER BY c.hlc DESC LIMIT ?`,
  openGlass: `SELECT max(until) FROM audit_event
               WHERE author = ? AND action = 'break_glass' AND at > ? AND patient = ?`,
};

export function openAudit(deps: {
  store: Store;
  accounts: Accounts;
  people: People;
  languageOf(userId: string): 'vi' | 'en';
  patientNames(patientIds: readonly string[]): ReadonlyMap<string, string>;
  now(): number;
  log: Log;
}): Audit {
  const { store } = deps;
  const ofPatient = store.sql.prepare<[string, string, number], Row>(auditQueries.ofPatient);
  const ofAuthor = store.sql.prepare<[string, string, number], Row>(auditQueries.ofAuthor);
  const ofAll = store.sql.prepare<[string, number], Row>(auditQueries.ofAll);
  const openGlass = store.sql
    .prepare<[string, number, string], number | null>(auditQueries.openGlass)
    .pluck();
  const lastRead = new Map<string, number>();

  return {
    handlers: {
      'access.breakGlass': ({ patientId, reason }, ctx) => {
        if (reason.length < 10)
          return fail('reason_required', { fields: { reason: 'field.reason_too_short' } });
        if (!deps.patientNames([patientId]).has(patientId)) return fail('not_found');
        const until = deps.now() + glassMs;
        return store.write(ctx.caller, (tx) => {
          tx.append(auditBreakGlass, { id: randomUUID(), patient: patientId, body: { reason, until } });
          return ok({ until });
        });
      },
      'access.auditOfPatient': ({ patientId, before, limit }, ctx) =>
        ok(entriesOf(ofPatient.all(patientId, before ?? latest, limit), ctx.caller)),
      'access.audit': ({ userId, before, limit }, ctx) => {
        const stamp = before ?? latest;
        const rows = userId ? ofAuthor.all(userId, stamp, limit) : ofAll.all(stamp, limit);
        return ok(entriesOf(rows, ctx.caller));
      },
    },

    glassBroken(caller, patientId) {
      const now = deps.now();
      const until = openGlass.get(caller.userId, now - glassMs, patientId);
      return typeof until === 'number' && until > now;
    },

    logRead(caller, method, patientId, breakGlass) {
      const now = deps.now();
      const key = `${caller.userId} ${patientId} ${breakGlass}`;
      const last = patientId === null ? undefined : lastRead.get(key);
      if (last !== undefined && now >= last && now - last < coalesceMs) return;
      if (lastRead.size > 5000) lastRead.clear();
      const written = store.write(caller, (tx) => {
        tx.append(auditRead, { id: randomUUID(), patient: patientId, body: { method, breakGlass } });
        return ok(null);
      });
      // a full or read-only disk must not hide a chart from whoever treats the person
      if (written.ok) lastRead.set(key, now);
      else deps.log('error', 'a read could not be recorded', { method, code: written.error.code });
    },
  };

  function entriesOf(rows: readonly Row[], reader: Caller): Entry[] {
    const names = deps.patientNames([...new Set(rows.flatMap((r) => r.patient ?? []))]);
    const language = deps.languageOf(reader.userId);
    return rows.map((row) => ({
      at: row.at,
      stamp: row.hlc,
      userName: row.author === null ? deps.people.stationName(row.station) : deps.people.nameOf(row.author),
      roleNames: roleNames(deps.accounts.byId(row.author ?? '')?.roles ?? [], language),
      stationName: deps.people.stationName(row.station),
      action: row.action === 'read' || row.action === 'break_glass' ? row.action : 'write',
      what: whatOf(row),
      // trust inside: ids in the store were made by us
      patientId: row.patient as Entry['patientId'],
      patientName: row.patient === null ? null : (names.get(row.patient) ?? null),
      reason: row.reason,
    }));
  }
}

/** The method of a read; the kind of a write, where a login by the recovery key is a thing of its own. */
function whatOf({ action, what, kind }: Row): string {
  if (action === 'read') return what ?? kind;
  return action === 'login' && what === 'recovery' ? 'audit.recovery' : kind;
}

/** After every stamp of 16 hex digits. */
const latest = 'g';
