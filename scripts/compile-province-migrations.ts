// Turns drizzle/province/*.sql into drizzle/province.gen.ts: a bundled server has no files to read at run time.
//   --check    fail when the compiled file is not what the SQL says
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..');
const folder = join(root, 'drizzle', 'province');
const target = join(root, 'drizzle', 'province.gen.ts');

if (!process.argv.includes('--check')) writeFileSync(target, compile());
else if (readFileSync(target, 'utf8') !== compile()) {
  console.error('drizzle/province.gen.ts is not what drizzle/province says: run npm run db:compile-province');
  process.exit(1);
}

function compile(): string {
  const entries = readdirSync(folder)
    .filter((file) => file.endsWith('.sql'))
    .sort()
    .map((file) => {
      const sql = readFileSync(join(folder, file), 'utf8');
      if (/on delete cascade/i.test(sql)) throw new Error(`${file}: on delete cascade is not allowed`);
      const sha256 = createHash('sha256').update(sql).digest('hex');
      const text = JSON.stringify(sql.split('\n'), null, 2).replaceAll('\n', '\n    ');
      return `  {\n    tag: ${JSON.stringify(file.replace(/\.sql$/, ''))},\n    sha256: '${sha256}',\n    sql: ${text}.join('\\n'),\n  },`;
    });
  return [
    '// Made by scripts/compile-province-migrations.ts from drizzle/province; do not edit.',
    'export const migrations: readonly { readonly tag: string; readonly sha256: string; readonly sql: string }[] = [',
    ...entries,
    '];',
    '',
  ].join('\n');
}
