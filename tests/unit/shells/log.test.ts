import { mkdirSync, mkdtempSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { openLog } from '../../../electron/shells/log.ts';

it('writes one JSON line per event, readable by this person only, and keeps two weeks', () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'tram-log-'));
  const folder = join(dataDir, 'log');
  mkdirSync(folder);
  for (const day of ['2026-11-01', '2026-11-08', '2026-11-21'])
    writeFileSync(join(folder, `tram-${day}.log`), '');
  writeFileSync(join(folder, 'notes.txt'), 'somebody else wrote this');

  const log = openLog(dataDir, () => Date.UTC(2026, 10, 22, 8));
  log('info', 'opened', { code: 'ok', bug: new Error('broken') });
  log('warn', 'again');

  expect(readdirSync(folder).sort()).toEqual([
    'notes.txt',
    'tram-2026-11-08.log',
    'tram-2026-11-21.log',
    'tram-2026-11-22.log',
  ]);
  const file = join(folder, 'tram-2026-11-22.log');
  const lines = readFileSync(file, 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  expect(lines).toHaveLength(2);
  expect(lines[0]).toMatchObject({
    level: 'info',
    message: 'opened',
    detail: { code: 'ok', bug: { message: 'broken' } },
  });
  expect(statSync(file).mode & 0o777).toBe(0o600);
});

it('never stops the work when it cannot write', () => {
  const file = join(mkdtempSync(join(tmpdir(), 'tram-log-')), 'a-file');
  writeFileSync(file, '');
  expect(() => openLog(file)('info', 'opened')).not.toThrow();
});
