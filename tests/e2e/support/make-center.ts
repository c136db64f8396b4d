// Before all tests: the build must be there, and training centers are made the way training mode makes one.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { projectRoot, timeZone } from './settings.ts';

export default function makeCenter(): () => void {
  if (!existsSync(join(projectRoot, 'out', 'browser.mjs')))
    throw new Error('Nothing built yet: npm run build');
  const folder = mkdtempSync(join(tmpdir(), 'tram-e2e-center-'));
  process.env.TRAM_E2E_CENTER = folder;
  // A process of its own: the program's native modules and the test runner's loader have nothing to do with each other.
  execFileSync(process.execPath, [join(import.meta.dirname, 'write-center.ts'), folder], {
    env: { ...process.env, TZ: timeZone },
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  return () => rmSync(folder, { recursive: true, force: true });
}
