// The province's schema: what is compiled is what is written, and a database that is not ours is left alone.
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Migration, migrate, SchemaError } from '../../../province/database/migrate.ts';
import { openTestDatabase, type TestDatabase } from './support.ts';

const root = join(import.meta.dirname, '..', '..', '..');

describe('migrations of the province', () => {
  let test: TestDatabase;
  beforeAll(async () => {
    test = await openTestDatabase();
  }, 60_000);
  afterAll(() => test.close());

  it('are compiled as they are written', () => {
    execFileSync(process.execPath, [join(root, 'scripts', 'compile-province-migrations.ts'), '--check']);
  });

  it('are applied once, in order, all or none', async () => {
    expect(await migrate(test.db)).toEqual([]);
    const applied = await test.db.query<{ tag: string; sha256: string }>('select tag, sha256 from migration');
    const known: Migration[] = applied.map((row) => ({ ...row, sql: '' }));
    const next = {
      tag: '9998_next',
      sha256: 'a',
      sql: 'create table next (a int);\ninsert into next values (1);',
    };
    const bad = {
      tag: '9999_bad',
      sha256: 'b',
      sql: 'create table more (a int);\ncreate table next (a int);',
    };
    await expect(migrate(test.db, [...known, next, bad])).rejects.toThrow();
    expect(await test.db.query(`select 1 from pg_tables where tablename = 'next'`)).toEqual([]);
    expect(await migrate(test.db, [...known, next])).toEqual(['9998_next']);
    expect(await test.db.query('select a from next')).toEqual([{ a: 1 }]);
    await test.db.query('drop table next');
    await test.db.query(`delete from migration where tag = '9998_next'`);
  });

  it('refuse a database of a newer program, and one whose history reads otherwise', async () => {
    await expect(migrate(test.db, [])).rejects.toThrow(SchemaError);
    await expect(migrate(test.db, [{ tag: '0000_initial', sha256: 'other', sql: '' }])).rejects.toThrow(
      /another program/,
    );
  });
});
