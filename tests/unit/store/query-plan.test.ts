// What the store asks on every save finds its rows by an index, however many years the log holds.
import type { Database } from 'better-sqlite3';
import { expect, it } from 'vitest';
import { authorshipQueries } from '../../../electron/store/authorship.ts';
import { conflictsOf } from '../../../electron/store/conflicts.ts';
import { changeLogOf } from '../../../electron/store/log.ts';
import { logReadingOf } from '../../../electron/store/log-reading.ts';
import { storeMetaOf } from '../../../electron/store/meta.ts';
import { parkingOf } from '../../../electron/store/parking.ts';
import { projectionsOf } from '../../../electron/store/projections.ts';
import { kindRegistry } from '../../../shared/model/registry.ts';
import { openTestStore } from '../support/open-test-store.ts';
import { sampleArea, sampleMigrations } from './sample-area.ts';

/** Read whole on purpose: a handful of rows, or the whole log once for a rebuild. */
const readWhole = [
  /^select \* from feed order by/,
  /^select distinct waiting_for from parked/,
  /^select distinct l.subject_type as type/,
  /^select id, station, incarnation, lane, seq, head from feed where/,
  /^select seq from sqlite_sequence/,
  /^select reason, count\(\*\) as count from parked/,
  /max\(arrival\)/,
];

it('finds rows by an index in every statement but those that want them all', () => {
  const store = openTestStore([sampleArea], { migrations: sampleMigrations });
  const prepared: string[] = [];
  const watched = new Proxy(store.sql, {
    get(sql, name) {
      if (name === 'prepare')
        return (source: string) => {
          prepared.push(source);
          return sql.prepare(source);
        };
      const member: unknown = Reflect.get(sql, name);
      return typeof member === 'function' ? member.bind(sql) : member;
    },
  }) as Database;
  const registry = kindRegistry(sampleArea.kinds);
  const log = changeLogOf(watched, registry);
  const parking = parkingOf(watched, log, registry);
  logReadingOf(watched);
  conflictsOf(watched);
  projectionsOf(watched, store.db, log, parking, [sampleArea], () => {});
  storeMetaOf(watched);

  prepared.push(...Object.values(authorshipQueries));

  const asking = prepared.filter((source) => !/^insert/.test(source.trim()));
  expect(asking.length).toBeGreaterThan(15);
  const scans = asking.flatMap((source) => {
    const blanks = [...source.matchAll(/\?/g)].map(() => 1);
    return (
      store.sql
        .prepare<unknown[], { detail: string }>(`explain query plan ${source}`)
        .all(...blanks)
        // the table in parentheses is the subquery that stops counting early
        .filter(({ detail }) => /^SCAN (?!\(subquery)/.test(detail) || /TEMP B-TREE/.test(detail))
        .map(({ detail }) => ({ source, detail }))
    );
  });
  expect(scans.filter(({ source }) => !readWhole.some((whole) => whole.test(source.trim())))).toEqual([]);
  // the one pass over the log that a rebuild makes reads the index alone
  const rebuild = scans.filter(({ source }) => source.includes('max(arrival)'));
  expect(rebuild).toEqual([
    { source: expect.anything(), detail: 'SCAN change_log USING COVERING INDEX change_log_subject' },
  ]);
});
