// The program's version, read from its package.json so that there is one place to raise it.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { programRoot } from './places.ts';

export function appVersion(root: string = programRoot()): string {
  const manifest: unknown = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const version =
    typeof manifest === 'object' && manifest !== null && 'version' in manifest ? manifest.version : null;
  if (typeof version !== 'string') throw new Error('package.json has no version');
  return version;
}
