// What a person at this PC decided about the LAN, in the store's local settings.
import * as z from 'zod';
import { MAX_WALL } from '../../shared/sync/wire.ts';
import type { OpenStore } from '../store/types.ts';

const shapes = {
  /** This PC serves the others. */
  syncServing: z.boolean(),
  /** Addresses of hubs typed by hand. */
  syncAddresses: z.array(z.string()),
  /** PEM: a PC that joined knows its own certificate before the record does. */
  syncCertificate: z.string().nullable(),
  /** Its name, as typed when it joined. */
  syncName: z.string().nullable(),
  /** Copy of the province's log that is believed, and what the province itself called it last; see province-word.ts. */
  syncProvinceLog: z
    .object({ id: z.string(), since: z.number().max(MAX_WALL), named: z.string().nullable() })
    .nullable(),
};
type Shapes = typeof shapes;
type Value<N extends keyof Shapes> = z.output<Shapes[N]>;

const standard: { readonly [N in keyof Shapes]: Value<N> } = {
  syncServing: false,
  syncAddresses: [],
  syncCertificate: null,
  syncName: null,
  syncProvinceLog: null,
};

export function readSetting<N extends keyof Shapes>(store: OpenStore, name: N): Value<N> {
  const text = store.sql
    .prepare<[string], string>('SELECT value FROM local_setting WHERE name = ?')
    .pluck()
    .get(name);
  if (text === undefined) return standard[name];
  const parsed = shapes[name].safeParse(JSON.parse(text));
  return parsed.success ? (parsed.data as Value<N>) : standard[name];
}

export function writeSetting<N extends keyof Shapes>(store: OpenStore, name: N, value: Value<N>): void {
  store.local((sql) =>
    sql
      .prepare(
        `INSERT INTO local_setting (name, value) VALUES (?, ?)
         ON CONFLICT (name) DO UPDATE SET value = excluded.value`,
      )
      .run(name, JSON.stringify(value)),
  );
}
