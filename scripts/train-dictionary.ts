// Makes the dictionary that frames are compressed with: node scripts/train-dictionary.ts [--check]
// A dictionary contains what it was made from, so it is made from structure and public lists only: one invented
// change of every kind, its texts empty, and names of diseases from the published catalogue. Never from a record.
// The same sources give the same bytes; a change of them needs a new number, because peers know it by its content.
import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';
import * as access from '../shared/model/access.ts';
import * as admissions from '../shared/model/admissions.ts';
import * as allergies from '../shared/model/allergies.ts';
import * as beds from '../shared/model/beds.ts';
import type { ChangeKind } from '../shared/model/change.ts';
import * as notes from '../shared/model/notes.ts';
import * as observations from '../shared/model/observations.ts';
import * as patients from '../shared/model/patients.ts';
import * as station from '../shared/model/station.ts';
import * as tasks from '../shared/model/tasks.ts';
import { encodeChange } from '../shared/sync/codec.ts';
import { packRuns } from '../shared/sync/pack.ts';
import { makeHlc } from '../shared/time/hlc.ts';

const root = join(import.meta.dirname, '..');
const NUMBER = 1;
const SIZE = 32 * 1024;
const file = join(root, 'resources', 'sync', `dictionary-${NUMBER}`);
const moduleFile = join(root, 'shared', 'sync', `dictionary-${NUMBER}.gen.ts`);
const INVENTED = '00000000-0000-4000-8000-000000000000';
const STAMP = Date.UTC(2026, 0, 1);

const sha256 = (bytes: Uint8Array): Uint8Array => createHash('sha256').update(bytes).digest();

/** What lies at the end is nearest to the frame and cheapest to refer to: structure, commonest kinds last. */
export function makeDictionary(): Uint8Array {
  const structure = joined(kinds().map(sampleOf));
  const text = diseaseNames(SIZE - structure.length);
  const whole = joined([text, structure]);
  return whole.subarray(Math.max(0, whole.length - SIZE));
}

/** Kinds in the order in which they are met in a day, rarest first. */
function kinds(): ChangeKind[] {
  const isKind = (value: unknown): value is ChangeKind =>
    typeof value === 'object' && value !== null && 'kind' in value && 'fields' in value && 'body' in value;
  const rank = [
    'station',
    'center',
    'account',
    'ward',
    'room',
    'bed',
    'audit',
    'task',
    'allergy',
    'identifier',
  ];
  const late = ['patient', 'admission', 'note', 'observation'];
  const place = ({ kind }: ChangeKind): number => {
    const area = kind.split('.')[0] ?? '';
    return late.includes(area) ? 100 + late.indexOf(area) : rank.indexOf(area);
  };
  return [access, admissions, allergies, beds, notes, observations, patients, station, tasks]
    .flatMap((module) => Object.values(module).filter(isKind))
    .sort((a, b) => place(a) - place(b) || (a.kind < b.kind ? -1 : a.kind > b.kind ? 1 : a.v - b.v));
}

/** As it stands inside a frame: packed alone, without the run's own header of numbers and hashes. */
function sampleOf(kind: ChangeKind): Uint8Array {
  const schema = z.toJSONSchema(kind.body, { unrepresentable: 'any', io: 'input' });
  const body = sampleValue(schema, '', 0);
  const stored = encodeChange(
    {
      station: '0'.repeat(32),
      incarnation: 1,
      lane: kind.lane,
      seq: 1,
      prev: '0'.repeat(64),
      hlc: makeHlc(STAMP, 0),
      wall: STAMP,
      author: INVENTED,
      session: INVENTED,
      app: '0.2.0',
      kind: kind.kind,
      v: kind.v,
      subject: { type: kind.subject, id: INVENTED },
      patient: INVENTED,
      refs: [`patient:${INVENTED}`],
      body: typeof body === 'object' && body !== null ? { ...body } : {},
    },
    kind,
  );
  const run = {
    feed: { station: '0'.repeat(32), incarnation: 1, lane: kind.lane },
    firstSeq: 1,
    before: null,
  };
  const { plain } = packRuns([{ ...run, stored: [stored] }], sha256);
  const afterRunHeader = 1 + 1 + 16 + 1 + 1 + 1 + 16;
  return plain.subarray(afterRunHeader);
}

type Schema = z.core.JSONSchema.BaseSchema | boolean;

/** Empty texts, small numbers, the first of several choices: what every value of this shape has in common. */
function sampleValue(schema: Schema, name: string, depth: number): unknown {
  if (typeof schema === 'boolean' || depth > 6) return null;
  if (schema.const !== undefined) return schema.const;
  if (schema.enum) return schema.enum[0] ?? null;
  const choices = schema.anyOf ?? schema.oneOf;
  if (choices)
    return sampleValue(
      choices.find((one) => typeof one === 'object' && one.type !== 'null') ?? false,
      name,
      depth,
    );
  switch (schema.type) {
    case 'string':
      return schema.format === 'uuid' || schema.format === 'guid' ? INVENTED : '';
    case 'integer':
    case 'number':
      return /(^at|At|Ms)$/.test(name) ? STAMP - 60_000 : 1;
    case 'boolean':
      return false;
    case 'array': {
      const items = schema.items;
      return typeof items === 'object' && !Array.isArray(items) ? [sampleValue(items, name, depth + 1)] : [];
    }
    case 'object': {
      const fields = Object.entries(schema.properties ?? {}).map(
        ([key, value]) => [key, sampleValue(value, key, depth + 1)] as const,
      );
      return Object.fromEntries(fields.filter(([, value]) => value !== null));
    }
    case 'null':
    case undefined:
      return null;
  }
}

/** Names that bring the most words not there yet, a word counting as often as the catalogue has it. */
function diseaseNames(room: number): Uint8Array {
  const catalogue: { rows: string } = JSON.parse(
    readFileSync(join(root, 'resources', 'catalogues', 'icd10-qd4469.json'), 'utf8'),
  );
  const rows = catalogue.rows.split('\n').map((row) => {
    const [code = '', name = ''] = row.split('\t');
    return { code, name, words: name.split(/[^\p{L}]+/u).filter((word) => word.length > 1) };
  });
  const times = new Map<string, number>();
  for (const { words } of rows) for (const word of words) times.set(word, (times.get(word) ?? 0) + 1);
  const seen = new Set<string>();
  const gain = (words: readonly string[], length: number): number =>
    words.reduce((sum, word) => (seen.has(word) ? sum : sum + (times.get(word) ?? 0)), 0) / (length + 1);
  const picked: string[] = [];
  let left = rows.filter((row) => row.name.length > 0 && row.name.length < 80);
  let used = 0;
  while (left.length > 0 && used < room) {
    let best = left[0];
    let bestGain = -1;
    for (const row of left) {
      const worth = gain(row.words, row.name.length);
      if (worth > bestGain) [best, bestGain] = [row, worth];
    }
    if (!best || bestGain <= 0) break;
    const line = `${best.code}\t${best.name}\n`;
    picked.push(line);
    used += Buffer.byteLength(line);
    for (const word of best.words) seen.add(word);
    left = left.filter((row) => row !== best && row.words.some((word) => !seen.has(word)));
  }
  const bytes = Buffer.from(picked.reverse().join(''), 'utf8');
  return bytes.subarray(Math.max(0, bytes.length - room));
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  return new Uint8Array(Buffer.concat(parts));
}

function moduleText(bytes: Uint8Array): string {
  const hash = Buffer.from(sha256(bytes)).toString('hex');
  return `// Made by scripts/train-dictionary.ts from public sources; the bytes of resources/sync/dictionary-${NUMBER}.
export const dictionary${NUMBER} = {
  /** Of the bytes; its first 8 digits are the dictionary's name on the wire. */
  sha256: '${hash}',
  base64:
    '${Buffer.from(bytes).toString('base64')}',
} as const;
`;
}

if (import.meta.main) {
  const bytes = makeDictionary();
  if (process.argv.includes('--check')) {
    if (Buffer.compare(readFileSync(file), bytes) !== 0) {
      console.error(`resources/sync/dictionary-${NUMBER} is not what its sources give now`);
      process.exitCode = 1;
    }
  } else {
    writeFileSync(file, bytes);
    writeFileSync(moduleFile, moduleText(bytes));
    console.log(`${bytes.length} bytes, SHA-256 ${Buffer.from(sha256(bytes)).toString('hex')}`);
  }
}
