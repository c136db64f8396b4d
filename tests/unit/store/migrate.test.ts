import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { connect } from '../../../electron/store/connection.ts';
import { appliedMigrations, type Migration, migrate } from '../../../electron/store/migrate.ts';
import { openStore } from '../../../electron/store/open.ts';
import { sampleArea, sampleMigrations } from './sample-area.ts';

const key = Buffer.alloc(32, 5);
const first: Migration = {
  tag: '0000_first',
  sha256: 'a',
  statements: [
    'create table parent (id integer primary key, name text) strict;',
    'create table child (id integer primary key, parent integer not null references parent (id)) strict;',
  ],
};
/** What drizzle-kit writes when a column becomes NOT NULL: the table is made anew. */
const rebuildsParent: Migration = {
  tag: '0001_name_required',
  sha256: 'b',
  statements: [
    'PRAGMA foreign_keys=OFF;',
    'create table __new_parent (id integer primary key, name text not null) strict;',
    'insert into __new_parent select id, name from parent;',
    'drop table parent;',
    'alter table __new_parent rename to parent;',
    'PRAGMA foreign_keys=ON;',
  ],
};

let folder: string;
let path: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tram-migrate-'));
  path = join(folder, 'record.db');
});
afterEach(() => rmSync(folder, { recursive: true }));
const opened = <T>(work: (sql: ReturnType<typeof connect>) => T): T => {
  const sql = connect(path, key);
  try {
    return work(sql);
  } finally {
    sql.close();
  }
};
const rows = (table: string) => opened((sql) => sql.prepare(`select * from ${table}`).all());
const tags = () => opened((sql) => appliedMigrations(sql).map((m) => m.tag));
const filled = () =>
  opened((sql) => {
    migrate(sql, [first]);
    sql.exec("insert into parent values (1, 'Hoa'); insert into child values (10, 1), (11, 1);");
  });

describe('migrations', () => {
  it('keep the child rows of a table that is made anew', () => {
    filled();
    expect(opened((sql) => migrate(sql, [first, rebuildsParent]))).toEqual({
      ok: true,
      value: ['0001_name_required'],
    });
    expect(rows('child')).toHaveLength(2);
    expect(opened((sql) => sql.pragma('foreign_keys', { simple: true }))).toBe(1);
  });

  it('take back everything when rows would be left without the row they refer to', () => {
    filled();
    const careless = {
      tag: '0001_careless',
      sha256: 'c',
      statements: ['delete from parent;', 'create table other (id integer) strict;'],
    };
    expect(() => opened((sql) => migrate(sql, [first, careless]))).toThrow(/2 rows/);
    expect([tags(), rows('parent').length, rows('child').length]).toEqual([['0000_first'], 1, 2]);
    expect(() => rows('other')).toThrow(/no such table/);
  });

  it('take back everything when a later one of several fails', () => {
    filled();
    const wrong = {
      tag: '0002_wrong',
      sha256: 'd',
      statements: ['create table half (id integer) strict;', 'no sql at all'],
    };
    expect(() => opened((sql) => migrate(sql, [first, rebuildsParent, wrong]))).toThrow(/syntax/);
    expect(tags()).toEqual(['0000_first']);
  });

  it('apply one that was put in before the newest applied one', () => {
    opened((sql) => migrate(sql, [first, { tag: '0002_late', sha256: 'e', statements: [] }]));
    const between = {
      tag: '0001_between',
      sha256: 'f',
      statements: ['create table between_two (id integer) strict;'],
    };
    opened((sql) => migrate(sql, [first, between, { tag: '0002_late', sha256: 'e', statements: [] }]));
    expect(rows('between_two')).toEqual([]);
  });

  it('refuse a store in which one of them was another when it was applied', () => {
    filled();
    expect(opened((sql) => migrate(sql, [{ ...first, sha256: 'edited' }, rebuildsParent]))).toMatchObject({
      ok: false,
      error: { code: 'store_mismatch' },
    });
    expect([tags(), rows('parent').length, rows('child').length]).toEqual([['0000_first'], 1, 2]);
  });

  it('refuse a store that went another way after the same beginning', () => {
    opened((sql) => migrate(sql, [first, rebuildsParent]));
    const ours = { tag: '0001_ours', sha256: 'o', statements: [] };
    expect(opened((sql) => migrate(sql, [first, ours]))).toMatchObject({
      ok: false,
      error: { code: 'store_mismatch' },
    });
  });

  it('refuse a store with one they do not know', () => {
    opened((sql) => migrate(sql, [first, rebuildsParent]));
    expect(opened((sql) => migrate(sql, [first]))).toMatchObject({
      ok: false,
      error: { code: 'store_newer' },
    });
  });

  it('leave the old version when the program is killed in the middle', () => {
    filled();
    const script = `
      import { connect } from ${JSON.stringify(join(import.meta.dirname, '../../../electron/store/connection.ts'))};
      import { migrate } from ${JSON.stringify(join(import.meta.dirname, '../../../electron/store/migrate.ts'))};
      const sql = connect(process.argv[1], Buffer.alloc(32, 5));
      sql.function('die', () => process.kill(process.pid, 'SIGKILL'));
      const [first, second] = JSON.parse(process.argv[2]);
      migrate(sql, [first, { ...second, statements: [...second.statements, 'select die();'] }]);`;
    expect(() =>
      execFileSync(
        process.execPath,
        ['--input-type=module', '-e', script, path, JSON.stringify([first, rebuildsParent])],
        { stdio: 'ignore' },
      ),
    ).toThrow(expect.objectContaining({ signal: 'SIGKILL' }));
    expect([tags(), rows('parent').length, rows('child').length]).toEqual([['0000_first'], 1, 2]);
  });

  it('put a copy aside before they change a store that holds something', () => {
    const options = { path, key, areas: [sampleArea] };
    const made = openStore({ ...options, create: true, migrations: sampleMigrations });
    if (made.ok) made.value.close();
    expect(readdirSync(folder).filter((f) => f.includes('.before-'))).toEqual([]);
    const again = openStore({
      ...options,
      migrations: [...sampleMigrations, { tag: '9999_z', sha256: 'z', statements: [] }],
    });
    if (again.ok) again.value.close();
    const [copy] = readdirSync(folder).filter((f) => f.includes('.before-'));
    const old = connect(join(folder, copy ?? ''), key, { readonly: true });
    expect(appliedMigrations(old).map((m) => m.tag)).toEqual(sampleMigrations.map((m) => m.tag));
    old.close();
  });

  it('compiled into the program are what the SQL files say', () => {
    const script = join(import.meta.dirname, '../../../scripts/compile-migrations.ts');
    execFileSync(process.execPath, [script, '--check'], { stdio: 'pipe' });
    expect(readFileSync(join(import.meta.dirname, '../../../drizzle/client.gen.ts'), 'utf8')).not.toMatch(
      /ON DELETE CASCADE/i,
    );
  });
});
