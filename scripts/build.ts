// Builds everything that runs from out/: the page, the three shells, the worker threads and the desktop preload.
// Plain Vite for all of it; native modules stay outside the bundles because they are loaded from node_modules.
import { rm } from 'node:fs/promises';
import { builtinModules } from 'node:module';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { build, type InlineConfig } from 'vite';

const root = join(import.meta.dirname, '..');
const out = join(root, 'out');

interface Program {
  readonly name: string;
  readonly entry: string;
  /** A worker inside app.asar and a sandboxed preload can only be one CommonJS file. */
  readonly format: 'es' | 'cjs';
}

const programs: readonly Program[] = [
  { name: 'browser', entry: 'electron/shells/browser/main.ts', format: 'es' },
  { name: 'desktop', entry: 'electron/shells/desktop/main.ts', format: 'es' },
  { name: 'cli', entry: 'electron/shells/cli/main.ts', format: 'es' },
  { name: 'province', entry: 'province/main.ts', format: 'es' },
  { name: 'core-worker', entry: 'electron/shells/core-worker.ts', format: 'cjs' },
  { name: 'upkeep-worker', entry: 'electron/store/upkeep-worker.ts', format: 'cjs' },
  { name: 'fingerprint-worker', entry: 'electron/fingerprint/matching-worker.ts', format: 'cjs' },
  { name: 'fingerprint-helper', entry: 'electron/fingerprint/readers/vendor/helper.ts', format: 'cjs' },
  { name: 'token-helper', entry: 'electron/signing/tokens/helper.ts', format: 'cjs' },
  { name: 'training-province', entry: 'electron/shells/training-province.ts', format: 'cjs' },
  { name: 'preload', entry: 'electron/shells/desktop/preload.ts', format: 'cjs' },
];

/** Loaded from node_modules at run time: package.json's `dependencies`. */
const nativeModules =
  /^(?:better-sqlite3|@node-rs\/argon2|@electric-sql\/pglite|pg-native|serialport|@serialport\/[^/]+|usb|koffi|@koromix\/[^/]+)(?:\/|$)/;

const started = performance.now();
// `node scripts/build.ts browser core-worker` builds only those; `page` is the page.
const wanted = process.argv.slice(2);
const chosen = (name: string): boolean => wanted.length === 0 || wanted.includes(name);
if (wanted.length === 0) await rm(out, { recursive: true, force: true });
await Promise.all([
  chosen('page') ? build({ configFile: join(root, 'vite.config.ts'), logLevel: 'warn' }) : null,
  ...programs.filter(({ name }) => chosen(name)).map((program) => build(configOf(program))),
]);
console.log(`Đã dựng out/ trong ${((performance.now() - started) / 1000).toFixed(1)} s`);

function configOf({ name, entry, format }: Program): InlineConfig {
  return {
    configFile: false,
    root,
    publicDir: false,
    logLevel: 'warn',
    ssr: { noExternal: true, target: 'node' },
    build: {
      ssr: join(root, entry),
      outDir: out,
      emptyOutDir: false,
      target: 'node24',
      sourcemap: false,
      minify: false,
      rolldownOptions: {
        external: [nativeModules, 'electron', ...builtinModules, /^node:/],
        output: {
          format,
          entryFileNames: `${name}.${format === 'es' ? 'mjs' : 'cjs'}`,
          codeSplitting: false,
        },
      },
    },
  };
}
