// Settings of this PC alone, in the encrypted store's local table: never synced, never part of the record.
import * as z from 'zod';
import type { Store } from '../store/types.ts';

const shapes = {
  /** Second folder or USB disk for backups. */
  backupFolder: z.string().nullable(),
  /** Serial port of a barcode scanner, e.g. COM3 or /dev/ttyUSB0. */
  scannerPort: z.string().nullable(),
  /** PKCS#8 PEM of this PC's key; the certificate is in the record. */
  stationKey: z.string().nullable(),
  /** Station → PEM, as first seen in the record. */
  stationCertificates: z.record(z.string(), z.string()),
  lastBackupError: z.string().nullable(),
  /** ms since 1970 UTC */
  lastBackupTry: z.number().nullable(),
  lastCheck: z
    .object({ at: z.number(), ok: z.boolean(), detail: z.string().optional(), checked: z.number() })
    .nullable(),
};
type Shapes = typeof shapes;
export type LocalName = keyof Shapes;
type Value<N extends LocalName> = z.output<Shapes[N]>;

/** Null when never set, or written in a form this program can't read. */
export function readLocal<N extends LocalName>(store: Store, name: N): Value<N> | null {
  const text = store.sql
    .prepare<[string], string>('SELECT value FROM local_setting WHERE name = ?')
    .pluck()
    .get(name);
  if (text === undefined) return null;
  const parsed = shapes[name].safeParse(JSON.parse(text));
  return parsed.success ? (parsed.data as Value<N>) : null;
}

export function writeLocal<N extends LocalName>(store: Store, name: N, value: Value<N>): void {
  store.local((sql) =>
    sql
      .prepare(
        `INSERT INTO local_setting (name, value) VALUES (?, ?)
         ON CONFLICT (name) DO UPDATE SET value = excluded.value`,
      )
      .run(name, JSON.stringify(value)),
  );
}
