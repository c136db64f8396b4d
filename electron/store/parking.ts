// Decides whether a logged change can be shown yet. What cannot is parked with its reason and looked at
// again when the thing it waits for arrives; it is never refused and never blocks what comes behind it.
import type { Database } from 'better-sqlite3';
import type { Change } from '../../shared/model/change.ts';
import type { KindRegistry } from '../../shared/model/registry.ts';
import type { ChangeLog, Logged } from './log.ts';

export type ParkReason = 'unknown_kind' | 'unknown_version' | 'missing_ref' | 'rejected';

export interface Obstacle {
  readonly reason: ParkReason;
  readonly waitingFor?: string;
  readonly detail?: string;
}

export interface Parking {
  /**
   * Parks the change, or lets it in and with it everything that waited for it; answers all let in.
   * `upTo`: only changes that arrived until then count as being there (a rebuild walks the log again).
   */
  admit(logged: Logged, upTo?: number): Change[];
  /** What keeps a change from being shown, or null. */
  obstacle(change: Change, upTo?: number): Obstacle | null;
  counts(): { reason: ParkReason; count: number }[];
  empty(): void;
}

export function parkingOf(sql: Database, log: ChangeLog, registry: KindRegistry): Parking {
  const park = sql.prepare(
    `insert into parked (arrival, reason, waiting_for, detail) values (?, ?, ?, ?)
     on conflict (arrival) do update set reason = excluded.reason, waiting_for = excluded.waiting_for, detail = excluded.detail`,
  );
  const unpark = sql.prepare('delete from parked where arrival = ?');
  const waiting = sql
    .prepare<[string], number>('select arrival from parked where waiting_for = ? order by arrival')
    .pluck();
  const counts = sql.prepare<[], { reason: ParkReason; count: number }>(
    'select reason, count(*) as count from parked group by reason order by reason',
  );

  const obstacle = (change: Change, upTo?: number): Obstacle | null => {
    const kind = registry.find(change.kind, change.v);
    if (!kind) return { reason: registry.knows(change.kind) ? 'unknown_version' : 'unknown_kind' };
    if (kind.subject !== change.subject.type)
      return { reason: 'rejected', detail: 'subject of another type' };
    if (kind.lane !== change.lane) return { reason: 'rejected', detail: 'lane of another kind' };
    const body = kind.body.safeParse(change.body);
    if (!body.success)
      return {
        reason: 'rejected',
        // where, never what: the value may be about a patient
        detail: body.error.issues
          .map((i) => `${i.path.join('.')}: ${i.code}`)
          .join('; ')
          .slice(0, 400),
      };
    const needs: string[] = [...change.refs];
    if (!kind.creates) needs.unshift(`${change.subject.type}:${change.subject.id}`);
    for (const ref of needs) {
      const colon = ref.indexOf(':');
      const type = ref.slice(0, colon);
      // a type nothing known creates cannot be waited for; the change shows without it
      if (registry.isCreated(type) && !log.exists(type, ref.slice(colon + 1), upTo))
        return { reason: 'missing_ref', waitingFor: ref };
    }
    return null;
  };

  return {
    obstacle,
    admit(logged, upTo) {
      const admitted: Change[] = [];
      const queue: Logged[] = [logged];
      for (let next = queue.shift(); next; next = queue.shift()) {
        const { arrival, change } = next;
        const found = obstacle(change, upTo);
        if (found) {
          park.run(arrival, found.reason, found.waitingFor ?? null, found.detail ?? null);
          continue;
        }
        unpark.run(arrival);
        admitted.push(change);
        if (!registry.find(change.kind, change.v)?.creates) continue;
        for (const waiter of waiting.all(`${change.subject.type}:${change.subject.id}`)) {
          const again = log.atArrival(waiter);
          if (again) queue.push(again);
        }
      }
      return admitted;
    },
    counts: () => counts.all(),
    empty() {
      sql.exec('delete from parked');
    },
  };
}
