// Plain documents as changes: patients, encounters, vitals, notes and prescriptions in the shape other sync engines
// are measured with, so that this program's store and protocol can be set beside theirs on the same content.
import type { Database, Statement } from 'better-sqlite3';
import * as z from 'zod';
import { migrations } from '../../drizzle/client.gen.ts';
import type { Migration } from '../../electron/store/migrate.ts';
import type { AreaModel, OpenStore, Tx } from '../../electron/store/types.ts';
import { ok } from '../../shared/api/contract.ts';
import { type Change, type ChangeKind, defineKind, type Lane } from '../../shared/model/change.ts';

export type Document = { readonly _id: string; readonly type: string } & Readonly<Record<string, unknown>>;
export interface Edit {
  readonly _id: string;
  readonly set: Readonly<Record<string, unknown>>;
}

const common = ['schema', 'facility', 'created_by', 'created_at', 'updated_at', 'device'];
/** Fields in the order of their numbers; lanes as the program's own kinds of the same meaning have them. */
const shapes: Readonly<Record<string, { lane: Lane; fields: readonly string[] }>> = {
  patient: {
    lane: 0,
    fields: [
      ...['code', 'full_name', 'sex', 'birth_date', 'national_id', 'insurance', 'phone', 'ethnicity'],
      ...['occupation', 'address', 'next_of_kin', 'allergies', 'blood_group'],
    ],
  },
  encounter: {
    lane: 0,
    fields: [
      ...[
        'patient_id',
        'number',
        'class',
        'department',
        'room',
        'started_at',
        'ended_at',
        'status',
        'reason',
      ],
      ...['priority', 'diagnoses', 'practitioner', 'insurance_used', 'route', 'outcome', 'cost'],
    ],
  },
  vitals: {
    lane: 1,
    fields: [
      ...['patient_id', 'encounter_id', 'measured_at', 'pulse', 'temp_c', 'bp_sys', 'bp_dia', 'resp', 'spo2'],
      ...['height_cm', 'weight_kg', 'bmi', 'pain', 'position', 'note'],
    ],
  },
  note: {
    lane: 1,
    fields: [
      ...['patient_id', 'encounter_id', 'kind', 'signed', 'version'],
      ...['subjective', 'objective', 'assessment', 'plan'],
    ],
  },
  prescription: {
    lane: 1,
    fields: ['patient_id', 'encounter_id', 'days', 'insurance', 'items', 'advice'],
  },
};
/** Kept as integers of milliseconds, as the program keeps every instant. */
const instants = new Set(['created_at', 'updated_at', 'measured_at', 'started_at', 'ended_at']);
/** `<type>:<uuid>`: kept as the identifier alone. */
const references: Readonly<Record<string, string>> = { patient_id: 'patient', encounter_id: 'encounter' };

type Loose = ChangeKind<z.ZodObject>;
const kindsOf = new Map<string, { put: Loose; edit: Loose }>(
  Object.entries(shapes).map(([type, { lane, fields }]) => {
    const shape = Object.fromEntries([...common, ...fields].map((f) => [f, z.unknown().optional()]));
    const put: Loose = defineKind(`${type}_document.put`, {
      lane,
      subject: `${type}_document`,
      creates: true,
      body: z.object(shape),
    });
    const edit: Loose = defineKind(`${type}_document.edit`, {
      lane,
      subject: `${type}_document`,
      body: z.object(shape),
    });
    return [type, { put, edit }];
  }),
);

export const documentMigrations: readonly Migration[] = [
  ...migrations,
  {
    tag: '9999_documents',
    sha256: 'documents',
    statements: ['create table bench_document (id text primary key, content text not null) strict;'],
  },
];

/** Prepared once, as those of the program's own areas are. */
const prepared = new WeakMap<Database, { drop: Statement; put: Statement }>();
function statementsOf(sql: Database): { drop: Statement; put: Statement } {
  const before = prepared.get(sql);
  if (before) return before;
  const statements = {
    drop: sql.prepare('delete from bench_document where id = ?'),
    put: sql.prepare('insert into bench_document values (?, ?)'),
  };
  prepared.set(sql, statements);
  return statements;
}

export const documentArea: AreaModel = {
  kinds: [...kindsOf.values()].flatMap(({ put, edit }) => [put, edit]),
  projections: [...kindsOf.keys()].map((type) => ({
    subject: `${type}_document`,
    tables: ['bench_document'],
    project({ sql }, id, changes) {
      const name = `${type}:${id}`;
      const { drop, put } = statementsOf(sql);
      drop.run(name);
      const content = changes.reduce((document, change) => Object.assign(document, fieldsOf(change)), {
        _id: name,
        type,
      });
      put.run(name, JSON.stringify(content));
      return {};
    },
  })),
};

/** One person at one PC wrote all of it, as one who enters a day's papers would. */
const author = {
  userId: '5f3c1c52-8a0e-4d61-9a2b-6f1f9d0a7b11',
  sessionId: 'c0a5b4de-2f7c-4f0f-8d7e-3a1be1d2f644',
};

export function putDocuments(store: OpenStore, documents: readonly Document[]): void {
  for (let from = 0; from < documents.length; from += 100)
    written(store, (tx) => {
      for (const { _id, type, ...fields } of documents.slice(from, from + 100))
        append(tx, 'put', _id, fields);
    });
}

/** One transaction each, as edits come in. */
export function editDocuments(store: OpenStore, edits: readonly Edit[]): void {
  for (const { _id, set } of edits) written(store, (tx) => append(tx, 'edit', _id, set));
}

export const documentsIn = (store: OpenStore): Document[] =>
  store.sql
    .prepare<[], string>('select content from bench_document')
    .pluck()
    .all()
    .map((content) => JSON.parse(content));

export const documentIn = (store: OpenStore, id: string): Document | null => {
  const content = store.sql
    .prepare<[string], string>('select content from bench_document where id = ?')
    .pluck()
    .get(id);
  return content === undefined ? null : JSON.parse(content);
};

function append(tx: Tx, what: 'put' | 'edit', name: string, fields: Readonly<Record<string, unknown>>): void {
  const [type = '', id = ''] = name.split(':');
  const kinds = kindsOf.get(type);
  if (!kinds) throw new Error(`no kind for ${type}`);
  const body = Object.fromEntries(
    Object.entries(fields).map(([field, value]) => [field, kept(field, value)]),
  );
  tx.append(kinds[what], { id, body });
}

function written(store: OpenStore, work: (tx: Tx) => void): void {
  const done = store.write(author, (tx) => {
    work(tx);
    return ok(null);
  });
  if (!done.ok) throw new Error(done.error.code);
}

function kept(field: string, value: unknown): unknown {
  if (typeof value !== 'string') return value;
  if (instants.has(field)) return Date.parse(value);
  const type = references[field];
  return type !== undefined ? value.slice(type.length + 1) : value;
}

function fieldsOf(change: Change): Record<string, unknown> {
  const entries = Object.entries(change.body).map(([field, value]): [string, unknown] => {
    if (typeof value === 'number' && instants.has(field)) return [field, new Date(value).toISOString()];
    const type = references[field];
    return type !== undefined && typeof value === 'string' ? [field, `${type}:${value}`] : [field, value];
  });
  return Object.fromEntries(entries.filter(([, value]) => value !== undefined));
}
