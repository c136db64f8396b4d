// Named values of this store itself: who it is, its clock, what its tables were filled by.
import type { Database } from 'better-sqlite3';

export type MetaName =
  | 'station'
  | 'incarnation'
  /** This copy of the log, 16 hex digits; see identity.ts. */
  | 'log_id'
  /** Where this file was last opened; see origin.ts. */
  | 'machine'
  | 'opening'
  | 'opening_next'
  | 'openings_strange'
  | 'clock'
  | 'last_wall'
  | `projection:${string}`
  /** Program version that last tried again what could not be shown. */
  | 'unshowable_tried'
  | 'last_check'
  /** Of feeds this PC has left; see left-heads.ts. */
  | 'left_heads'
  /** In a snapshot only: where it comes from; see snapshot.ts. */
  | 'snapshot';

export interface Meta {
  get(name: MetaName): string | null;
  set(name: MetaName, value: string): void;
  drop(name: MetaName): void;
}

export function storeMetaOf(sql: Database): Meta {
  const get = sql.prepare<[string], string>('select value from store_meta where name = ?').pluck();
  const set = sql.prepare(
    'insert into store_meta (name, value) values (?, ?) on conflict (name) do update set value = excluded.value',
  );
  const drop = sql.prepare('delete from store_meta where name = ?');
  return {
    get: (name) => get.get(name) ?? null,
    set: (name, value) => {
      set.run(name, value);
    },
    drop: (name) => {
      drop.run(name);
    },
  };
}
