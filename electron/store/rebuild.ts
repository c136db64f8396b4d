// Refills the projected tables from the log: all of them on demand, or those that a new program version
// fills differently when a store is opened.
import type { Database } from 'better-sqlite3';
import type { Subject } from '../../shared/model/change.ts';
import type { KindRegistry } from '../../shared/model/registry.ts';
import { sha256Hex } from './crypto.ts';
import type { ChangeLog } from './log.ts';
import type { Meta } from './meta.ts';
import type { Parking } from './parking.ts';
import type { Projections } from './projections.ts';
import type { AreaModel, StoreLog } from './types.ts';

export interface RebuildParts {
  readonly sql: Database;
  readonly areas: readonly AreaModel[];
  readonly registry: KindRegistry;
  readonly log: ChangeLog;
  readonly parking: Parking;
  readonly projections: Projections;
  readonly meta: Meta;
  /** Program version */
  readonly app: string;
  readonly state: { flush(): void };
  readonly report: StoreLog;
}

/** Changes after which the subjects met so far are written. */
const SLICE = 5_000;

/** Inside a transaction. Goes through the log once, decides anew what is parked and refills every table. */
export function rebuildTables(parts: RebuildParts): { changes: number } {
  const { parking, log, projections } = parts;
  parking.empty();
  projections.empty();
  const lastArrivals = log.lastArrivals();
  const lastOf = (s: Subject) => lastArrivals.get(`${s.type}:${s.id}`);
  let changes = 0;
  projections.defer();
  for (const logged of log.inOrder()) {
    const { arrival, subject } = logged;
    const admitted = parking.admit(logged, { upTo: arrival });
    // a subject is written once, when its last change is met, or later when a parked one is let in
    for (const shown of admitted) {
      const last = lastOf(shown.subject);
      if (last === undefined || last <= arrival) projections.touch(shown, last === undefined);
    }
    if (admitted.length === 0 && lastOf(subject) === arrival) projections.touchSubject(subject);
    changes += 1;
    if (changes % SLICE === 0) {
      projections.flush();
      projections.defer();
    }
  }
  projections.flush();
  noteFingerprints(parts, fingerprints(parts.areas));
  return { changes };
}

/** On opening: what this program version knows or shows differently is let in and refilled. */
export function refreshTables(parts: RebuildParts): void {
  const wanted = fingerprints(parts.areas);
  const changed = new Set(
    [...wanted]
      .filter(([type, print]) => parts.meta.get(`projection:${type}`) !== print)
      .map(([type]) => type),
  );
  const { sql, parking, log, projections, meta, app } = parts;
  // a program of another version may show what this one's predecessor could not, whatever its tables are called
  const again = meta.get('unshowable_tried') === app ? [] : parking.subjectsUnshowable();
  if (meta.get('unshowable_tried') !== app) meta.set('unshowable_tried', app);
  if (changed.size === 0 && again.length === 0) return;
  sql
    .transaction(() => {
      const unknown = sql
        .prepare<[], number>(
          "select arrival from parked where reason not in ('missing_ref', 'unshowable') order by arrival",
        )
        .pluck()
        .all();
      for (const arrival of unknown) {
        const logged = log.atArrival(arrival);
        for (const c of logged ? parking.admit(logged) : []) changed.add(c.subject.type);
      }
      projections.refill(changed);
      projections.defer();
      for (const subject of again) projections.touchSubject(subject);
      projections.flush();
      noteFingerprints(parts, wanted);
      parts.state.flush();
    })
    .immediate();
  parts.report('info', 'tables refilled for this program version', { types: [...changed].join(' ') });
}

function noteFingerprints({ meta }: RebuildParts, prints: ReadonlyMap<string, string>): void {
  for (const [type, print] of prints) meta.set(`projection:${type}`, print);
}

/** Subject type → what its rows depend on besides the log. */
export function fingerprints(areas: readonly AreaModel[]): Map<string, string> {
  const kinds = areas.flatMap((a) => a.kinds);
  const projections = areas.flatMap((a) => a.projections);
  const types = new Set([...kinds.map((k) => k.subject), ...projections.map((p) => p.subject)]);
  return new Map(
    [...types].sort().map((type) => {
      const facts = [
        kinds.filter((k) => k.subject === type).map((k) => [k.kind, k.v, k.creates, k.fields]),
        projections.filter((p) => p.subject === type).map((p) => [p.tables, p.version ?? 1]),
      ];
      return [type, sha256Hex(JSON.stringify(facts))];
    }),
  );
}
