// Which reader this PC uses and what it must know of serial ones, in the store's local table: never synced, never part
// of the record.
import * as z from 'zod';
import type { OpenStore } from '../store/types.ts';

const shapes = {
  /** As readers/desk-choice.ts wrote it. */
  fingerprintReader: z.string().nullable(),
  fingerprintPorts: z.array(
    z.object({
      path: z.string(),
      baud: z.number().nullable(),
      address: z.number().nullable(),
      password: z.number().nullable(),
    }),
  ),
};
type Name = keyof typeof shapes;
export type NamedPort = z.output<(typeof shapes)['fingerprintPorts']>[number];

/** Null when nobody has chosen, or no store is open. */
export const rememberedReader = (store: OpenStore | null): string | null => read(store, 'fingerprintReader');
export const rememberReader = (store: OpenStore | null, value: string | null): void =>
  write(store, 'fingerprintReader', value);

export const namedPorts = (store: OpenStore | null): readonly NamedPort[] =>
  read(store, 'fingerprintPorts') ?? [];
export const namePorts = (store: OpenStore | null, ports: readonly NamedPort[]): void =>
  write(store, 'fingerprintPorts', ports);

function read<N extends Name>(store: OpenStore | null, name: N): z.output<(typeof shapes)[N]> | null {
  const text = store?.sql
    .prepare<[string], string>('SELECT value FROM local_setting WHERE name = ?')
    .pluck()
    .get(name);
  if (text === undefined) return null;
  const parsed = shapes[name].safeParse(JSON.parse(text));
  return parsed.success ? (parsed.data as z.output<(typeof shapes)[N]>) : null;
}

function write(store: OpenStore | null, name: Name, value: unknown): void {
  store?.local((sql) =>
    sql
      .prepare(
        `INSERT INTO local_setting (name, value) VALUES (?, ?)
         ON CONFLICT (name) DO UPDATE SET value = excluded.value`,
      )
      .run(name, JSON.stringify(value)),
  );
}
