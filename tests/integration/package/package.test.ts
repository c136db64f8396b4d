// The desktop package, built around a placeholder for Electron: what is in it, that nothing else is,
// that its fuses are flipped, and that its core runs from it. A file forgotten in the package fails here.
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { listPackage } from '@electron/asar';
import { FuseState, FuseV1Options, getCurrentFuseWire } from '@electron/fuses';
import { beforeAll, describe, expect, it } from 'vitest';
import { forkHelper } from '../../../electron/fingerprint/readers/vendor/index.ts';
import type { FromCore } from '../../../electron/shells/core-protocol.ts';
import type { FromProvince, ProvinceStart, ToProvince } from '../../../electron/shells/training-place.ts';
import { asking, buildStubs, openBench } from '../fingerprint-vendor/support.ts';
import {
  cleanUp,
  makeCenter,
  makeSoftToken,
  openBench as openTokenBench,
  softHsm,
  softHsmStore,
} from '../signing/tokens/support.ts';
import { archive, buildPackage, filesOf, program, unpack, unpackedDir } from './support.ts';

let folder: string;
beforeAll(() => {
  buildPackage();
  folder = unpack();
});

/** Our own files; everything else in the package is a native module, or training's database. */
const ours =
  /^(?:package\.json|resources\/icons\/tram\.png|out\/(?:browser|cli|desktop)\.mjs|out\/(?:core-worker|upkeep-worker|training-province|fingerprint-worker|fingerprint-helper|token-helper|preload)\.cjs|out\/renderer\/(?:index|pin)\.html|out\/renderer\/assets\/[\w.-]+\.(?:js|mjs|css|woff2|woff|svg|png))$/;

/** What the bundles load from node_modules, and what those load. */
const modules = [
  '@electric-sql/pglite',
  '@node-rs/argon2',
  '@serialport/',
  'better-sqlite3',
  'serialport',
  'usb',
  'koffi',
  '@koromix/',
  'bindings',
  'debug',
  'file-uri-to-path',
  'ms',
  'node-addon-api',
  'node-gyp-build',
  '@types/w3c-web-usb',
];

describe('the package', () => {
  it('holds our bundles, the page, one picture and native modules, and nothing else', () => {
    const strangers = filesOf(folder).filter(
      (file) => !ours.test(file) && !modules.some((name) => file.startsWith(`node_modules/${name}`)),
    );
    expect(strangers).toEqual([]);
  });

  it.each([
    'out/desktop.mjs',
    'out/preload.cjs',
    'out/core-worker.cjs',
    'out/upkeep-worker.cjs',
    'out/training-province.cjs',
    'out/fingerprint-worker.cjs',
    'out/fingerprint-helper.cjs',
    'out/token-helper.cjs',
    'out/renderer/index.html',
    'package.json',
  ])('holds %s', (file) => expect(filesOf(folder)).toContain(file));

  it('holds no sources, source maps, tests or notes', () => {
    expect(
      filesOf(folder).filter((file) =>
        /\.(?:ts|tsx|map|md|c|cc|cpp|h|hh|inc|S|asm|gyp)$|(?:^|\/)tests?\//.test(file),
      ),
    ).toEqual([]);
    for (const file of filesOf(folder).filter(
      (name) => name.startsWith('out/') && /\.(?:mjs|cjs|js|css)$/.test(name),
    ))
      expect(readFileSync(join(folder, file), 'utf8')).not.toContain('sourceMappingURL=');
  });

  it('keeps native modules outside the archive, where the system can load them, and nothing else', () => {
    const outside = filesOf(join(unpackedDir, 'resources', 'app.asar.unpacked'));
    expect(outside.length).toBeGreaterThan(0);
    expect(outside.filter((file) => !file.endsWith('.node'))).toEqual([]);
  });

  it('brings native code for the platforms we ship to only', () => {
    const native = filesOf(folder).filter((file) => file.endsWith('.node'));
    expect(native.filter((file) => !/(?:linux|win32)-x64/.test(file))).toEqual([]);
    expect(
      native.filter((file) => /better-sqlite3/.test(file)).map((file) => file.split('/').at(-1)),
    ).toEqual(['linux-x64.node', 'win32-x64.node']);
  });

  it('brings no second runtime', () => {
    expect(
      listPackage(archive, { isPack: false }).filter((file) => /node-(?:linux|win)-x64/.test(file)),
    ).toEqual([]);
  });

  it('brings of training’s database what it needs to run, and nothing for other uses of it', () => {
    expect(filesOf(join(folder, 'node_modules', '@electric-sql', 'pglite'))).toEqual([
      'dist/index.cjs',
      'dist/initdb.wasm',
      'dist/pglite.data',
      'dist/pglite.wasm',
      'package.json',
    ]);
  });

  it('stays small', () => {
    // 16 MB of it is the database of training's province; we accept that for one package for work and training.
    // 6 MB are papers and signatures: fonts that make a sheet the same anywhere, the viewer that shows the frozen bytes
    expect(statSync(archive).size).toBeLessThan(33 * 1024 * 1024);
  });
});

describe('the fuses', () => {
  it('are flipped: no Node mode, no inspector, only our own verified archive', async () => {
    const wire = await getCurrentFuseWire(program);
    const off = [
      FuseV1Options.RunAsNode,
      FuseV1Options.EnableNodeOptionsEnvironmentVariable,
      FuseV1Options.EnableNodeCliInspectArguments,
      FuseV1Options.LoadBrowserProcessSpecificV8Snapshot,
      FuseV1Options.GrantFileProtocolExtraPrivileges,
    ];
    const on = [
      FuseV1Options.EnableCookieEncryption,
      FuseV1Options.EnableEmbeddedAsarIntegrityValidation,
      FuseV1Options.OnlyLoadAppFromAsar,
    ];
    expect(off.map((fuse) => wire[fuse])).toEqual(off.map(() => FuseState.DISABLE));
    expect(on.map((fuse) => wire[fuse])).toEqual(on.map(() => FuseState.ENABLE));
  });
});

describe('the packaged core', () => {
  it('starts in its worker and answers the first question of the page', async () => {
    const dataDir = mkdtempSync(join(tmpdir(), 'tram-packaged-'));
    const worker = new Worker(join(folder, 'out', 'core-worker.cjs'), {
      workerData: { dataDir, mode: 'real', appVersion: '0.0.0' },
    });
    const { promise, resolve, reject } = Promise.withResolvers<unknown>();
    worker.on('error', reject);
    worker.on('message', (message: FromCore) => {
      if (message.type === 'ready')
        worker.postMessage({ type: 'invoke', id: 1, client: 'c', method: 'station.status', input: {} });
      if (message.type === 'answer') resolve(message.result);
    });
    expect(await promise).toMatchObject({ ok: true, value: { phase: 'first_run', mode: 'real' } });
    worker.postMessage({ type: 'close' });
    await new Promise((done) => worker.on('exit', done));
  });

  it('starts training’s province in its thread, with a database and a code for the center', async () => {
    const dataDir = mkdtempSync(join(tmpdir(), 'tram-packaged-'));
    const worker = new Worker(join(folder, 'out', 'training-province.cjs'), {
      workerData: { dataDir, line: 'good' } satisfies ProvinceStart,
    });
    const ended = new Promise((done) => worker.on('exit', done));
    const { promise, resolve, reject } = Promise.withResolvers<string>();
    worker.on('error', reject);
    worker.on('exit', () => reject(new Error('it ended')));
    const say = (message: ToProvince): void => worker.postMessage(message);
    worker.on('message', (message: FromProvince) => {
      if (message.type === 'ready') say({ type: 'code' });
      if (message.type === 'code') resolve(message.code);
    });
    expect(await promise).toMatch(/^(?:[0-9A-Z]{4}-){4}[0-9A-Z]{4}$/);
    say({ type: 'close' });
    expect(await ended).toBe(0);
  });

  it('takes a picture through the packaged helper and its koffi (a stub library, ABI only)', async () => {
    const stub = buildStubs()('zkteco');
    stub.behave({ finger: 1 });
    const { family } = openBench(stub, {}, join(folder, 'out', 'fingerprint-helper.cjs'));
    try {
      const [info] = await family.discover();
      const reader = await family.open(info!);
      if (!reader.ok) throw new Error(reader.error.code);
      expect(await reader.value.capture(asking())).toMatchObject({ ok: true, value: { width: 300 } });
    } finally {
      await family.close();
    }
  });

  it('signs with a token of SoftHSM through the packaged helper and its koffi', async () => {
    const [center, store] = [makeCenter(), softHsmStore()];
    const who = center.person('Nguyễn Thị Lan');
    makeSoftToken(store.folder, 'Lan', '135792468', [{ who, keyId: 'a1' }]);
    const start = forkHelper(join(folder, 'out', 'token-helper.cjs'));
    const { desk, seal, tokenWith } = openTokenBench([softHsm], { start });
    try {
      const { tokenId } = await tokenWith(who.id);
      const opened = await desk.unlock(tokenId, who.id, await seal('135792468'));
      if (!opened.ok) throw new Error(opened.error.code);
      const key = desk.key(opened.value.session);
      expect(await key?.sign(Buffer.from('x'), 'rsa-pkcs1-sha256')).toMatchObject({ ok: true });
    } finally {
      await desk.close();
      cleanUp(center.folder, store.folder);
    }
  });

  it('serves its own page through the packaged browser shell', async () => {
    const dataDir = mkdtempSync(join(tmpdir(), 'tram-packaged-'));
    const child = spawn(
      process.execPath,
      [join(folder, 'out', 'browser.mjs'), '--no-open', '--data', dataDir],
      {
        stdio: ['ignore', 'pipe', 'inherit'],
      },
    );
    const address = await new Promise<string>((resolve) => {
      let text = '';
      child.stdout.on('data', (chunk) => {
        text += chunk;
        const found = /http:\/\/127\.0\.0\.1:\d+\/open\?ticket=[\w-]+/.exec(text)?.[0];
        if (found) resolve(found);
      });
    });
    const ended = new Promise((resolve) => child.on('exit', resolve));
    try {
      const opened = await fetch(address, { redirect: 'manual' });
      const cookie = String(opened.headers.get('set-cookie')).split(';')[0] ?? '';
      const page = await fetch(new URL('/', address), { headers: { cookie } });
      expect(page.status).toBe(200);
      const script = /src="(\/assets\/[^"]+\.js)"/.exec(await page.text())?.[1];
      expect((await fetch(new URL(script!, address), { headers: { cookie } })).status).toBe(200);
    } finally {
      child.kill('SIGTERM');
    }
    expect(await ended).toBe(0);
  });
});
