// `tram proof`: a signed paper out of the encrypted record, and what its README tells others to do with it really done.
import { execSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import type { Input } from '../../../shared/api/index.ts';
import { staffPassword } from '../../unit/support/open-test-core.ts';
import {
  dischargeValues,
  frozenPaper,
  openToken,
  paperCenter,
  read,
  signed,
} from '../../unit/support/paper-center.ts';
import { tram } from './support.ts';

it('writes what proves a paper, which OpenSSL finds good, to whoever may read the chart', async () => {
  const center = await paperCenter();
  const paper = await frozenPaper(center, 'giay-ra-vien', dischargeValues);
  await openToken(center, 'bacsi');
  await read(center, 'bacsi', paper);
  await signed(center, 'bacsi', [{ ...paper, step: 'nguoi_hanh_nghe' }]);
  const asked = { documentId: paper.documentId, packed: true } as Input<'signing.proof'>;
  const given = await center.ok('bacsi', 'signing.proof', asked);
  const root = center.ca.root;
  await center.core.close();

  const folder = join(mkdtempSync(join(tmpdir(), 'tram-proof-')), 'giấy ra viện');
  const run = (...args: string[]) =>
    tram(['proof', ...args, '--data', center.dataDir, '--user', 'bacsi'], { secrets: [staffPassword] });
  const code = paper.content.slice(0, 16);
  expect(run(code, folder)).toMatchObject({ code: 0, err: '' });
  const names = readdirSync(folder).sort();
  expect(names).toEqual([
    ...['01-nguoi_hanh_nghe.p7s', 'README.txt', 'content.json', 'paper-signed.pdf', 'paper.pdf'],
  ]);
  const sum = createHash('sha256')
    .update(readFileSync(join(folder, 'content.json')))
    .digest('hex');
  expect(sum).toBe(paper.content);

  // by the id too, and nothing is written over
  expect(run(paper.documentId, folder)).toMatchObject({ code: 1, out: '' });

  const pem = root.toString('base64').replaceAll(/.{64}/g, '$&\n');
  writeFileSync(
    join(folder, 'roots.pem'),
    `-----BEGIN CERTIFICATE-----\n${pem}\n-----END CERTIFICATE-----\n`,
  );
  const command = readFileSync(join(folder, 'README.txt'), 'utf8')
    .split('\n')
    .find((line) => line.includes('openssl cms'));
  if (!command) throw new Error('the README has no command');
  execSync(`${command.trim()} 2>&1`, { cwd: folder });
  writeFileSync(join(folder, 'content.json'), '{}');
  expect(() => execSync(`${command.trim()} 2>&1`, { cwd: folder })).toThrow();

  // the page saves the same in one file
  expect(given.files.map(({ name }) => name)).toEqual([`chung-cu-${code}.zip`]);
  const zip = Buffer.from(given.files[0]?.bytes ?? '', 'base64');
  for (const name of names) expect(zip.includes(name)).toBe(true);
  expect(zip.includes(readFileSync(join(folder, '01-nguoi_hanh_nghe.p7s')))).toBe(true);
});
