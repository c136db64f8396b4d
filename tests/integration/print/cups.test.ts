// Printing through a real CUPS: a print system of the test's own on a socket of its own, whose printer writes what reaches
// it into a folder. Only paper is missing.
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { systemPrinters } from '../../../electron/print/index.ts';

const home = mkdtempSync(join(tmpdir(), 'tram-cups-'));
const printed = join(home, 'printed');
const printers = systemPrinters('linux');
let daemon: ChildProcess;
const pdf = Buffer.concat([
  Buffer.from('%PDF-1.7\n'),
  Buffer.from('Nguyễn Thị Hoài Thương'),
  Buffer.alloc(300_000, 'x'),
]);
const admin = (...args: string[]): string =>
  execFileSync('/usr/sbin/lpadmin', args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });

beforeAll(async () => {
  makePrintSystem();
  daemon = spawn('/usr/sbin/cupsd', ['-f', '-c', join(home, 'cupsd.conf'), '-s', join(home, 'files.conf')], {
    stdio: 'ignore',
  });
  vi.stubEnv('CUPS_SERVER', join(home, 'cups.sock'));
  await vi.waitFor(() => expect(existsSync(join(home, 'cups.sock'))).toBe(true), 10_000);
  for (const name of ['LBP2900', 'HP_Tang_2']) admin('-p', name, '-E', '-v', `tram:/${name}`, '-m', 'raw');
  admin('-d', 'HP_Tang_2');
});
afterAll(async () => {
  const gone = new Promise((resolve) => daemon.once('exit', resolve));
  daemon.kill();
  await gone;
  vi.unstubAllEnvs();
  rmSync(home, { recursive: true });
});

/** What reached the printers, by job. */
const reached = (): { by: string; title: string; copies: string; bytes: Buffer }[] =>
  readdirSync(printed)
    .filter((name) => name.endsWith('.job'))
    .sort()
    .map((name) => {
      const [by = '', title = '', copies = ''] = readFileSync(join(printed, name), 'utf8').trim().split('|');
      return { by, title, copies, bytes: readFileSync(join(printed, name.replace('.job', '.data'))) };
    });

it('knows the printers and the usual one', async () => {
  expect((await printers.list()).sort((a, b) => (a.name < b.name ? -1 : 1))).toEqual([
    { name: 'HP_Tang_2', isDefault: true },
    { name: 'LBP2900', isDefault: false },
  ]);
});

it('brings every byte to the printer asked for, once, saying how many copies', async () => {
  const sent = await printers.send({ pdf, printer: 'LBP2900', copies: 3, title: 'Tram abcd1234' });
  if (!sent.ok) throw new Error(sent.error.code);
  expect(sent.value.systemJob).toMatch(/^LBP2900-\d+$/);
  await vi.waitFor(async () => expect(await printers.has(sent.value.systemJob!)).toBe(false), 15_000);
  const [job, ...others] = reached();
  expect(others).toEqual([]);
  expect(job).toMatchObject({ by: 'tram:/LBP2900', title: 'Tram abcd1234', copies: '3' });
  expect(job!.bytes.length).toBe(pdf.length);
  expect(job!.bytes.equals(pdf)).toBe(true);
});

it('goes to the usual printer when none is named', async () => {
  const sent = await printers.send({ pdf, printer: null, copies: 1, title: 'Tram usual' });
  expect(sent).toMatchObject({ ok: true });
  await vi.waitFor(
    () => expect(reached().find(({ title }) => title === 'Tram usual')?.by).toBe('tram:/HP_Tang_2'),
    15_000,
  );
});

it('keeps what a stopped printer has not printed, and can take it back', async () => {
  execFileSync('/usr/sbin/cupsdisable', ['LBP2900']);
  const sent = await printers.send({ pdf, printer: 'LBP2900', copies: 1, title: 'Tram stopped' });
  if (!sent.ok || sent.value.systemJob === null) throw new Error('not sent');
  expect(await printers.has(sent.value.systemJob)).toBe(true);
  await printers.cancel(sent.value.systemJob);
  expect(await printers.has(sent.value.systemJob)).toBe(false);
  execFileSync('/usr/sbin/cupsenable', ['LBP2900']);
  expect(reached().some(({ title }) => title === 'Tram stopped')).toBe(false);
});

it('says that a printer is not there, and that the print system is not', async () => {
  const job = { pdf, printer: 'Khác', copies: 1, title: 'x' };
  expect(await printers.send(job)).toMatchObject({ error: { code: 'printer_missing' } });
  vi.stubEnv('CUPS_SERVER', join(home, 'nothing.sock'));
  expect(await printers.list()).toEqual([]);
  expect(await printers.send({ ...job, printer: 'LBP2900' })).toMatchObject({
    error: { code: 'printer_missing' },
  });
  vi.stubEnv('CUPS_SERVER', join(home, 'cups.sock'));
});

function makePrintSystem(): void {
  chmodSync(home, 0o755);
  for (const name of ['etc', 'spool', 'tmp', 'cache', 'state', 'log', 'bin', 'bin/backend', 'printed'])
    mkdirSync(join(home, name));
  chmodSync(printed, 0o777);
  for (const name of readdirSync('/usr/lib/cups').filter((one) => one !== 'backend'))
    symlinkSync(join('/usr/lib/cups', name), join(home, 'bin', name));
  const backend = join(home, 'bin', 'backend', 'tram');
  // called with: job, user, title, copies, options; without any it says what it can print to
  writeFileSync(
    backend,
    `#!/bin/sh\nif [ $# -eq 0 ]; then exit 0; fi\ncat "\${6:--}" > '${printed}'/$1.data\nprintf '%s|%s|%s' "$DEVICE_URI" "$3" "$4" > '${printed}'/$1.job\n`,
  );
  chmodSync(backend, 0o755);
  writeFileSync(
    join(home, 'cupsd.conf'),
    `Listen ${home}/cups.sock\nDefaultAuthType None\nWebInterface No\nBrowsing Off\n<Location />\nOrder allow,deny\nAllow all\n</Location>\n<Policy default>\n<Limit All>\nOrder deny,allow\n</Limit>\n</Policy>\n`,
  );
  writeFileSync(
    join(home, 'files.conf'),
    [
      `ServerRoot ${home}/etc`,
      `ServerBin ${home}/bin`,
      `RequestRoot ${home}/spool`,
      `TempDir ${home}/tmp`,
      `CacheDir ${home}/cache`,
      `StateDir ${home}/state`,
      ...['Error', 'Access', 'Page'].map((log) => `${log}Log ${home}/log/${log}`),
      'SystemGroup root',
      '',
    ].join('\n'),
  );
}
