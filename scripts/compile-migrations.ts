// Turns the SQL that drizzle-kit wrote into drizzle/client.gen.ts, because a packaged program has no
// files to read at run time. Adds STRICT to every table and refuses ON DELETE CASCADE (patient rows must
// never vanish as a side effect).
//   --check    fail when the compiled file is not what the SQL says
//   --restart  before the first release only: forget the one initial migration so it is generated anew
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..');
const folder = join(root, 'drizzle', 'client');
const target = join(root, 'drizzle', 'client.gen.ts');

if (process.argv.includes('--restart')) restart();
else if (process.argv.includes('--check')) check();
else writeFileSync(target, compile());

function compile(): string {
  const entries = journal().map((tag, i) => {
    const written = readFileSync(join(folder, `${tag}.sql`), 'utf8');
    const sql = strict(i === 0 ? `${written}\n--> statement-breakpoint\n${virtualTables()}` : written, tag);
    const statements = sql.split('--> statement-breakpoint').map((s) => s.trim());
    const sha256 = createHash('sha256').update(statements.join('\n')).digest('hex');
    const list = statements.map((s) => `      ${JSON.stringify(s)},`).join('\n');
    return `  {\n    tag: ${JSON.stringify(tag)},\n    sha256: '${sha256}',\n    statements: [\n${list}\n    ],\n  },`;
  });
  return [
    '// Made by scripts/compile-migrations.ts from drizzle/client; do not edit.',
    'export const migrations: readonly {',
    '  readonly tag: string;',
    '  readonly sha256: string;',
    '  readonly statements: readonly string[];',
    '}[] = [',
    ...entries,
    '];',
    '',
  ].join('\n');
}

/** Part of the first migration that drizzle-kit has no words for. */
function virtualTables(): string {
  return readFileSync(join(root, 'drizzle', 'virtual.sql'), 'utf8');
}

/** Every CREATE TABLE statement made STRICT. Throws on what patient data must not have. */
function strict(sql: string, tag: string): string {
  if (/ON DELETE CASCADE/i.test(sql)) throw new Error(`${tag}: ON DELETE CASCADE is not allowed`);
  return sql
    .split('--> statement-breakpoint')
    .map((s) => (/^\s*CREATE TABLE/i.test(s) ? s.replace(/\)\s*;?\s*$/, ') STRICT;\n') : s))
    .join('--> statement-breakpoint');
}

/** Tags in the order they must be applied. */
function journal(): string[] {
  const file = join(folder, 'meta', '_journal.json');
  const parsed: { entries: { tag: string }[] } = JSON.parse(readFileSync(file, 'utf8'));
  return parsed.entries.map((e) => e.tag);
}

function check(): void {
  if (existsSync(target) && readFileSync(target, 'utf8') === compile()) return;
  console.error('drizzle/client.gen.ts is not what drizzle/client says: run npm run db:generate');
  process.exit(1);
}

function restart(): void {
  if (!existsSync(folder)) return;
  const files = readdirSync(folder).filter((f) => f.endsWith('.sql'));
  if (files.length > 1) throw new Error('more than one migration exists: they may be in use, add a new one');
  rmSync(folder, { recursive: true });
}
