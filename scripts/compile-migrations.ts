// Turns the SQL that drizzle-kit wrote into drizzle/client.gen.ts, because a packaged program has no
// files to read at run time. Adds STRICT to every table and refuses ON DELETE CASCADE (patient rows must
// never vanish as a side effect).
//   --check            fail when the compiled file is not what the SQL says
//   --generate <name>  first let drizzle-kit write the migration from the released schema to the tables of today;
//                      migrations that exist are never written again
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..');
const folder = join(root, 'drizzle', 'client');
const target = join(root, 'drizzle', 'client.gen.ts');

const [task, name] = process.argv.slice(2);
if (task === '--check') check();
else {
  if (task === '--generate') generate(name);
  writeFileSync(target, compile());
}

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

function generate(tag: string | undefined): void {
  if (tag === undefined || !/^[a-z][a-z_]*$/.test(tag)) {
    console.error('name what changes, in lower case: npm run db:generate -- sync_origin');
    process.exit(1);
  }
  const kit = join(root, 'node_modules', 'drizzle-kit', 'bin.cjs');
  const options = ['generate', '--config', 'drizzle.client.config.ts', '--name', tag];
  const run = spawnSync(process.execPath, [kit, ...options], { cwd: root, stdio: 'inherit' });
  if (run.status !== 0) process.exit(run.status ?? 1);
}
