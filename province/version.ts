// The program's version, from the package.json above this file, source and bundle alike.
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import * as z from 'zod';

export const version: string = z
  .object({ version: z.string() })
  .parse(JSON.parse(readFileSync(join(root(import.meta.dirname), 'package.json'), 'utf8'))).version;

function root(folder: string): string {
  if (existsSync(join(folder, 'package.json'))) return folder;
  const up = dirname(folder);
  if (up === folder) throw new Error('no package.json above the program');
  return root(up);
}
