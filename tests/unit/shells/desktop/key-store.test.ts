// Opening the store by the operating system's key store: a stand-in for Electron's part, the real core.
// Whoever wants to see anything must still log in.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, expect, it, onTestFinished } from 'vitest';
import { startCore } from '../../../../electron/shells/core-client.ts';
import { openKeyStore } from '../../../../electron/shells/desktop/key-store.ts';
import { adminPassword, foundedFolder, openTestCore } from '../../support/open-test-core.ts';
import { keyring } from './fake-electron.ts';

const pin = '264193';
let dataDir: string;

beforeEach(async () => {
  Object.assign(keyring, { available: true, backend: 'gnome_libsecret', broken: false });
  ({ dataDir } = await foundedFolder());
});

/** As the desktop program's core; with `lends: false` that of the browser shell, on the same folder. */
const start = ({ lends = true } = {}) =>
  openTestCore({ dataDir, ...(lends && { keyStore: openKeyStore('linux') }) });

const login = { username: 'quantri', password: adminPassword };

it('opens the store at the next start without anyone, shows nobody anything, and lets a PIN in at once', async () => {
  const first = await start();
  await first.ok('p', 'access.login', login);
  await first.ok('p', 'access.setPin', { password: adminPassword, pin });
  const before = await first.ok('p', 'station.settings', {});
  expect(before).toMatchObject({ openWithoutPassword: false, keyStore: 'ready' });
  await first.ok('p', 'station.saveSettings', { openWithoutPassword: true });

  const second = await first.restart();
  expect(await second.ok('p', 'station.status', {})).toMatchObject({ phase: 'open' });
  expect(await second.ok('p', 'access.session', {})).toEqual({ session: null });
  expect((await second.refused('p', 'beds.board', {})).code).toBe('not_logged_in');
  await second.ok('p', 'access.loginWithPin', { username: 'quantri', pin });
  const after = await second.ok('p', 'station.settings', {});
  expect(after).toMatchObject({ openWithoutPassword: true, keyStore: 'ready' });
});

it('does so from the shell’s main thread, by messages, while the core opens in its own', async () => {
  const first = await start();
  await first.ok('p', 'access.login', login);
  await first.ok('p', 'station.saveSettings', { openWithoutPassword: true });
  await first.core.close();
  const asked: string[] = [];
  const keyStore = openKeyStore('linux');
  const core = startCore({
    dataDir,
    mode: 'real',
    appVersion: '0',
    workerFile: join(import.meta.dirname, '../../../../electron/shells/core-worker.ts'),
    log: () => {},
    keyStore: {
      state: () => keyStore.state(),
      seal: () => Promise.reject(new Error('nothing to seal now')),
      unseal(sealed) {
        asked.push('unseal');
        return keyStore.unseal(sealed);
      },
    },
  });
  onTestFinished(() => core.close());
  expect(await core.invoke('page', 'station.status', {})).toMatchObject({ value: { phase: 'open' } });
  expect(asked).toEqual(['unseal']);
});

it('keeps the key on disk only as the operating system sealed it', async () => {
  const station = await start();
  await station.ok('p', 'access.login', login);
  await station.ok('p', 'station.saveSettings', { openWithoutPassword: true });
  const ring = JSON.parse(readFileSync(join(dataDir, 'keyring.json'), 'utf8'));
  const sealed = Buffer.from(ring.system, 'base64').toString();
  // The stand-in seals by turning the text round: what lies there is its work and holds a 32-byte key.
  expect(Buffer.from([...sealed].reverse().join(''), 'base64')).toHaveLength(32);
});

it('asks for the password again once it is switched off', async () => {
  const first = await start();
  await first.ok('p', 'access.login', login);
  await first.ok('p', 'station.saveSettings', { openWithoutPassword: true });
  await first.ok('p', 'station.saveSettings', { openWithoutPassword: false });
  const second = await first.restart();
  expect(await second.ok('p', 'station.status', {})).toMatchObject({ phase: 'closed' });
});

it('asks for the password when the key store will not open, says so, and takes a new key', async () => {
  const first = await start();
  await first.ok('p', 'access.login', login);
  await first.ok('p', 'station.saveSettings', { openWithoutPassword: true });
  keyring.broken = true;
  const second = await first.restart();
  expect(await second.ok('p', 'station.status', {})).toMatchObject({ phase: 'closed' });
  await second.ok('p', 'access.login', login);
  expect(await second.ok('p', 'station.settings', {})).toMatchObject({
    openWithoutPassword: true,
    keyStore: 'refused',
  });
  keyring.broken = false;
  await second.ok('p', 'station.saveSettings', { openWithoutPassword: false });
  await second.ok('p', 'station.saveSettings', { openWithoutPassword: true });
  const third = await second.restart();
  expect(await third.ok('p', 'station.status', {})).toMatchObject({ phase: 'open' });
});

it('cannot be switched on where the key store protects nothing', async () => {
  keyring.backend = 'basic_text';
  const station = await start();
  await station.ok('p', 'access.login', login);
  expect(await station.ok('p', 'station.settings', {})).toMatchObject({ keyStore: 'unprotected' });
  expect(await station.refused('p', 'station.saveSettings', { openWithoutPassword: true })).toMatchObject({
    code: 'bad_input',
    fields: { openWithoutPassword: 'field.no_key_store' },
  });
  const again = await station.restart();
  expect(await again.ok('p', 'station.status', {})).toMatchObject({ phase: 'closed' });
});

it('opens nothing in the browser shell, which reaches no key store', async () => {
  const first = await start();
  await first.ok('p', 'access.login', login);
  await first.ok('p', 'station.saveSettings', { openWithoutPassword: true });
  await first.core.close();
  const browser = await start({ lends: false });
  expect(await browser.ok('p', 'station.status', {})).toMatchObject({ phase: 'closed' });
  await browser.ok('p', 'access.login', login);
  expect(await browser.ok('p', 'station.settings', {})).toMatchObject({ keyStore: 'none' });
});
