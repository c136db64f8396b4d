// A small area to test the store with: things that are created, edited with guarded fields, put in places
// (two in one place is a conflict) and referred to by notes. Its tables are made by a migration of its own.
import * as z from 'zod';
import { migrations } from '../../../drizzle/client.gen.ts';
import type { Migration } from '../../../electron/store/migrate.ts';
import type { AreaModel, ConflictRow, OpenStore } from '../../../electron/store/types.ts';
import { ok } from '../../../shared/api/contract.ts';
import { type Change, changeId, defineKind, versionOf } from '../../../shared/model/change.ts';
import { mergeWrites, type Write } from '../../../shared/sync/merge.ts';

export const nobody = { userId: null, sessionId: null };
const saw = z.record(z.string(), z.string()).default({});

export const thingOpen = defineKind('thing.open', {
  lane: 0,
  subject: 'thing',
  creates: true,
  body: z.object({ name: z.string().max(2000), place: z.string().nullable().default(null) }),
});
export const thingEdit = defineKind('thing.edit', {
  lane: 0,
  subject: 'thing',
  body: z.object({ set: z.record(z.string(), z.unknown()), saw }),
});
export const thingNote = defineKind('thing.note', {
  lane: 1,
  subject: 'note',
  creates: true,
  body: z.object({ text: z.string() }),
});

const tables = `
create table sample_thing (id text primary key, name text, colour text, weight real, place text, writes integer not null) strict;
create table sample_note (id text primary key, text text not null) strict;
`;
/** The program's migrations and one more with the sample's tables. */
export const sampleMigrations: readonly Migration[] = [
  ...migrations,
  { tag: '9999_sample', sha256: 'sample', statements: [tables] },
];

export const sampleArea: AreaModel = {
  kinds: [thingOpen, thingEdit, thingNote],
  projections: [
    {
      subject: 'thing',
      tables: ['sample_thing'],
      project({ sql }, id, changes) {
        sql.prepare('delete from sample_thing where id = ?').run(id);
        if (!changes.some((c) => c.kind === 'thing.open')) return {};
        const { values, conflicts } = mergeWrites(changes.map(writeOf), (f) =>
          f === 'colour' ? 'guarded' : 'plain',
        );
        const text = (v: unknown) => (typeof v === 'string' ? v : null);
        const weight = typeof values.weight === 'number' ? values.weight : null;
        const place = text(values.place);
        sql
          .prepare('insert into sample_thing values (?, ?, ?, ?, ?, ?)')
          .run(id, text(values.name), text(values.colour), weight, place, changes.length);
        return {
          conflicts: conflicts.map(
            (c): ConflictRow => ({
              kind: 'field',
              key: c.field,
              patient: null,
              subjectKey: `field.thing.${c.field}`,
              sides: c.heads.map((h, i) => sideOf(h, h.values[c.field], i === 0)),
            }),
          ),
          keys: place === null ? [] : [`place:${place}`],
        };
      },
    },
    {
      subject: 'note',
      tables: ['sample_note'],
      project({ sql }, id, changes) {
        sql.prepare('delete from sample_note where id = ?').run(id);
        for (const c of changes.slice(0, 1))
          sql.prepare('insert into sample_note values (?, ?)').run(id, String(c.body.text));
        return {};
      },
    },
  ],
  detectors: [
    {
      prefix: 'place',
      detect({ sql }, place) {
        const here = sql
          .prepare<[string], string>('select id from sample_thing where place = ? order by id')
          .pluck()
          .all(place);
        if (here.length < 2) return [];
        const sides = here.map((id) => ({
          choice: id,
          value: id,
          hlc: '0',
          wall: 0,
          author: null,
          station: '',
          current: true,
        }));
        return [{ kind: 'double_bed', key: place, patient: null, subjectKey: 'field.place', sides }];
      },
    },
  ],
};

export const projectedTables = ['sample_thing', 'sample_note', 'conflict', 'subject_key'];

function writeOf(c: Change): Write {
  const body = c.kind === 'thing.edit' ? c.body : { set: c.body, saw: {} };
  return {
    version: versionOf(c),
    changeId: changeId(c),
    writer: `${c.station}.${c.incarnation}`,
    values: z.record(z.string(), z.unknown()).parse(body.set),
    saw: saw.parse(body.saw),
  };
}

const sideOf = (w: Write, value: unknown, current: boolean) => ({
  choice: w.changeId,
  value: value ?? null,
  hlc: w.version.slice(0, 16),
  wall: 0,
  author: null,
  station: w.writer,
  current,
});

/** Writes one new thing in a transaction of its own; answers its id. */
export function writeThing(store: OpenStore, body: { name: string; place?: string }): string {
  const id = crypto.randomUUID();
  const r = store.write(nobody, (tx) => {
    tx.append(thingOpen, { id, body });
    return ok(null);
  });
  if (!r.ok) throw new Error(r.error.code);
  return id;
}
