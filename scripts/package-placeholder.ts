// Builds the desktop package around a placeholder for Electron's own program, which can't be had everywhere.
// The placeholder is this PC's Node with a fuse wire like Electron's appended, so that packing, fuses and
// contents are the real ones; only starting the result is not. Usage: node scripts/package-placeholder.ts
import { appendFileSync, chmodSync, copyFileSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createPackage } from '@electron/asar';
import { electronVersion } from './electron-binary.ts';
import { node, root, tool } from './tools.ts';

/** Where Electron keeps its fuses: this text, version 1, their number, then one '0' or '1' each (@electron/fuses). */
const fuseSentinel = 'dL7pKGdnNz796PbbjQWNKmHXBZaB9tsX';
const fuseCount = 9;

const windows = process.platform === 'win32';
const placeholder = join(root, 'data', `placeholder-electron-${process.platform}`);

await buildPlaceholder();
const target = windows ? ['--win', 'dir'] : ['--linux', 'dir'];
const ran = await node(
  [tool('electron-builder'), ...target, '--x64', '--publish', 'never', `-c.electronDist=${placeholder}`],
  { show: true },
);
process.exitCode = ran.ok ? 0 : 1;

async function buildPlaceholder(): Promise<void> {
  rmSync(placeholder, { recursive: true, force: true });
  mkdirSync(join(placeholder, 'resources'), { recursive: true });
  mkdirSync(join(placeholder, 'locales'));

  const program = join(placeholder, windows ? 'electron.exe' : 'electron');
  copyFileSync(process.execPath, program);
  chmodSync(program, 0o755);
  appendFileSync(
    program,
    Buffer.concat([
      Buffer.from(fuseSentinel),
      Buffer.from([1, fuseCount]),
      Buffer.from('1'.repeat(fuseCount)),
    ]),
  );

  for (const locale of ['vi', 'en-US']) writeFileSync(join(placeholder, 'locales', `${locale}.pak`), '');
  writeFileSync(join(placeholder, 'version'), electronVersion());
  for (const name of ['LICENSE', 'LICENSES.chromium.html'])
    writeFileSync(join(placeholder, name), 'placeholder\n');
  await defaultApp();
}

/** Electron's own distribution has one, and the packer takes it out again. */
async function defaultApp(): Promise<void> {
  const folder = join(placeholder, 'default-app');
  mkdirSync(folder);
  writeFileSync(join(folder, 'main.js'), '');
  await createPackage(folder, join(placeholder, 'resources', 'default_app.asar'));
  rmSync(folder, { recursive: true });
}
