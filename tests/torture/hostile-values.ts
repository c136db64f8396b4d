// Makes inputs nobody sane would send: from a procedure's own schema, so that they get past the first check,
// then spoiled in one or more places with what breaks programs.
import type { Random } from '../../electron/training/random.ts';

/** JSON Schema as zod writes it, the parts used here; `format: 'bytes'` is ours, for what JSON has no word for. */
export interface Schema {
  readonly type?: string;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly items?: Schema;
  readonly anyOf?: readonly Schema[];
  readonly allOf?: readonly Schema[];
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly pattern?: string;
  readonly format?: string;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minItems?: number;
  readonly additionalProperties?: Schema | boolean;
  readonly propertyNames?: Schema;
}

const names = [
  "Robert'); DROP TABLE patient;--",
  '<script>alert(1)</script>',
  '"><img src=x onerror=alert(1)>',
  'Nguyễn Văn An',
  'NGUYỄN VĂN AN',
  'H’Mông Y Bĩnh',
  '‮gnol neyugN',
  '👩‍👩‍👧‍👦 Gia Đình',
  'a'.repeat(5_000),
  'ế'.repeat(300),
  'x'.repeat(200_000),
  '\ud800',
  'Trần\udc00Bình',
  'An\u0000Bình',
  '\u202e\u200b\ufeff',
  '%_%',
  '" OR 1=1 --',
  'NEAR(nguyen van)',
  'nguyen*',
  '^ : { } ( ) " \' -',
  '../../etc/passwd',
  '{{7*7}}',
  '',
  '   ',
  '\n\n\n',
];
const numbers = [
  0,
  -0,
  -1,
  1e308,
  -1e308,
  Number.MAX_SAFE_INTEGER,
  2 ** 53,
  0.1 + 0.2,
  1e-320,
  -273.15,
  999,
  37.5,
];
const instants = [
  0,
  Date.UTC(1900, 0, 1),
  Date.UTC(2999, 11, 31),
  Date.UTC(1969, 11, 31),
  8_640_000_000_000_001,
  -8_640_000_000_000_001,
  Date.now(),
  Date.now() + 60_000,
  Date.now() - 86_400_000,
  Date.now() + 400 * 86_400_000,
];
const dates = [
  '1900-01-01',
  '2999-12-31',
  '0000-00-00',
  '2026-02-30',
  '1985',
  '1985-13',
  '31/12/1999',
  '9999',
];
const odd: readonly unknown[] = [
  null,
  undefined,
  true,
  false,
  [],
  {},
  [[[[]]]],
  { toString: 'x' },
  { __proto__: null, length: -1 },
  'null',
  '1',
];

export function hostileInput(random: Random, schema: Schema, ids: readonly string[]): unknown {
  const fair = fromSchema(random, schema, ids, '');
  if (random.chance(0.15)) return fair;
  if (random.chance(0.06)) return random.pick([...odd, 'x'.repeat(2_000_000), deep(4_000)]);
  let spoiled = fair;
  for (let i = random.int(1, 2); i > 0; i -= 1) spoiled = spoil(random, spoiled);
  return spoiled;
}

function fromSchema(random: Random, schema: Schema, ids: readonly string[], key: string): unknown {
  if (schema.const !== undefined) return schema.const;
  if (schema.enum) return random.pick(schema.enum);
  if (schema.anyOf) return fromSchema(random, random.pick(schema.anyOf), ids, key);
  if (schema.allOf) return fromSchema(random, schema.allOf[0] ?? {}, ids, key);
  if (schema.type === undefined) return random.pick(odd);
  switch (schema.type) {
    case 'object':
      return objectFrom(random, schema, ids);
    case 'array':
      return Array.from({ length: random.int(schema.minItems ?? 0, Math.max(schema.minItems ?? 0, 3)) }, () =>
        fromSchema(random, schema.items ?? {}, ids, key),
      );
    case 'boolean':
      return random.chance(0.5);
    case 'null':
      return null;
    case 'integer':
      if (isInstant(schema)) return random.pick(instants);
      return random.int(Math.max(schema.minimum ?? 0, -1_000), Math.min(schema.maximum ?? 500, 1_000));
    case 'number':
      return random.chance(0.7) ? random.int(0, 400) / 2 : random.pick(numbers);
    case 'string':
      if (schema.format === 'bytes') return new Uint8Array(random.int(0, 40)).fill(random.int(0, 255));
      return stringFrom(random, schema, ids);
    default:
      return random.pick(odd);
  }
}

function objectFrom(random: Random, schema: Schema, ids: readonly string[]): Record<string, unknown> {
  const made: Record<string, unknown> = {};
  for (const [name, property] of Object.entries(schema.properties ?? {}))
    if (schema.required?.includes(name) || random.chance(0.7))
      made[name] = fromSchema(random, property, ids, name);
  if (!schema.properties && typeof schema.additionalProperties === 'object')
    made[random.pick(['fullName', 'status', 'place', '__proto__', 'x'])] = fromSchema(
      random,
      schema.additionalProperties,
      ids,
      '',
    );
  return made;
}

function stringFrom(random: Random, schema: Schema, ids: readonly string[]): string {
  if (schema.format === 'uuid' || schema.format === 'guid' || schema.pattern?.includes('[0-9a-fA-F]{8}'))
    return random.chance(0.8) ? random.pick(ids) : '00000000-0000-4000-8000-000000000000';
  // few, so that they meet again: a signature and the version it is over
  if (schema.pattern === '^[0-9a-f]{64}$') return random.pick(['a', 'b', 'c']).repeat(64);
  if (schema.format === 'date') return random.pick(['2026-01-31', '1900-01-01', '2999-12-31']);
  if (schema.pattern?.startsWith('^\\d{4}')) return random.pick(['1985-03-02', '1985', '1900', '2999-12-31']);
  if (schema.pattern === '^\\d{2}$') return random.pick(['40', '99', '00']);
  if (schema.pattern?.startsWith('^K')) return 'K03';
  return random.chance(0.5) ? random.pick(names) : `Từ ${random.int(1, 9_999)}`;
}

const isInstant = (schema: Schema): boolean => (schema.maximum ?? 0) > 1e12;

/** Replaces, removes, adds or retypes one thing somewhere inside. */
function spoil(random: Random, value: unknown): unknown {
  const bad = (): unknown => random.pick([...odd, ...names, ...numbers, ...instants, ...dates]);
  if (Array.isArray(value)) {
    if (value.length === 0 || random.chance(0.3))
      return random.chance(0.5) ? bad() : Array.from({ length: 3_000 }, bad);
    const copy: unknown[] = [...(value as unknown[])];
    const at = random.int(0, copy.length - 1);
    copy[at] = spoil(random, copy[at]);
    return copy;
  }
  if (value !== null && typeof value === 'object') {
    const entries = Object.entries(value);
    const entry = entries.length > 0 && random.chance(0.85) ? random.pick(entries) : null;
    if (!entry) return { ...value, [random.pick(['constructor', '__proto__', 'x', ''])]: bad() };
    const [name, inner] = entry;
    if (random.chance(0.12)) return Object.fromEntries(entries.filter(([n]) => n !== name));
    return { ...value, [name]: spoil(random, inner) };
  }
  return bad();
}

function deep(levels: number): unknown {
  let nested: unknown = 'bottom';
  for (let i = 0; i < levels; i += 1) nested = wrap(nested, i);
  return nested;
}
const wrap = (inner: unknown, i: number): unknown => (i % 2 === 0 ? { a: inner } : [inner]);
