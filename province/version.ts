// The program's version, from its package.json so that there is one place to raise it. The same path from here and
// from the bundle in out/.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';

const manifest = readFileSync(join(import.meta.dirname, '..', 'package.json'), 'utf8');
export const version: string = z.object({ version: z.string() }).parse(JSON.parse(manifest)).version;
