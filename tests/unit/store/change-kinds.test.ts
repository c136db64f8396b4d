// Freezes the wire: the number of a field is its place in its kind, on every PC and in every year. A change
// kind may be added, a field may be added at the end; nothing may be renamed, moved or taken away.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import type { ChangeKind } from '../../../shared/model/change.ts';
import { kindRegistry } from '../../../shared/model/registry.ts';

const model = join(import.meta.dirname, '../../../shared/model');
const fixture = join(import.meta.dirname, '../../fixtures/change-kinds.json');
const Frozen = z.record(
  z.string(),
  z.object({ lane: z.number(), subject: z.string(), creates: z.boolean(), fields: z.array(z.string()) }),
);

async function kindsOfTheProgram(): Promise<ChangeKind[]> {
  const kinds: ChangeKind[] = [];
  for (const file of readdirSync(model).sort()) {
    const exported: Record<string, unknown> = await import(join(model, file));
    for (const value of Object.values(exported).flatMap((v) => (Array.isArray(v) ? v : [v])))
      if (isKind(value) && !kinds.includes(value)) kinds.push(value);
  }
  return kinds;
}
const isKind = (value: unknown): value is ChangeKind =>
  typeof value === 'object' &&
  value !== null &&
  'kind' in value &&
  'fields' in value &&
  'lane' in value &&
  'body' in value;

const described = (kinds: readonly ChangeKind[]) =>
  Object.fromEntries(
    kinds
      .map(
        (k) =>
          [
            `${k.kind}/${k.v}`,
            { lane: k.lane, subject: k.subject, creates: k.creates, fields: [...k.fields] },
          ] as const,
      )
      .sort(([a], [b]) => (a < b ? -1 : 1)),
  );

describe('change kinds', () => {
  it('keep the numbers they were given', async () => {
    const now = described(await kindsOfTheProgram());
    if (process.env.TRAM_FREEZE_KINDS) writeFileSync(fixture, `${JSON.stringify(now, null, 2)}\n`);
    const frozen = Frozen.parse(JSON.parse(readFileSync(fixture, 'utf8')));
    for (const [name, was] of Object.entries(frozen)) {
      const is = now[name];
      expect({ name, is: is && { ...is, fields: is.fields.slice(0, was.fields.length) } }).toEqual({
        name,
        is: was,
      });
    }
    // a new kind or field is frozen with: TRAM_FREEZE_KINDS=1 npm run unit -- change-kinds
    expect(
      Object.keys(now).filter((name) => now[name]?.fields.length !== frozen[name]?.fields.length),
    ).toEqual([]);
  });

  it('have names of their own', async () => {
    const kinds = await kindsOfTheProgram();
    expect(kinds.length).toBeGreaterThan(10);
    expect(kindRegistry(kinds).all).toHaveLength(kinds.length);
    for (const k of kinds) expect(k.kind).toMatch(/^[a-z]+\.[a-z][a-zA-Z_]*$/);
  });
});
