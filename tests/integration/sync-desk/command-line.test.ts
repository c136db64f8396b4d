// `tram enrol` and `tram sync` against a real province: the whole way of a PC at which nobody sits.
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { admin, type Ran, root, setUpCenter } from '../cli/support.ts';
import { provinceFor } from './support.ts';

/** Not as the other command-line tests do: the province answers from this process. */
function tram(dataDir: string, ...args: string[]): Promise<Ran> {
  const child = spawn(
    process.execPath,
    [join(root, 'bin', 'tram.mjs'), ...args, '--data', dataDir, '--user', admin.username],
    { env: { ...process.env, TRAM_PASSWORD_FILE: '' } },
  );
  const heard = { out: '', err: '' };
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    heard.out += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    heard.err += text;
  });
  child.stdin.end(`${admin.password}\n`);
  return new Promise((resolve) => child.on('close', (code) => resolve({ code, ...heard })));
}

it('enrols a center, sends it all, and afterwards knows it without asking', async () => {
  const { province, code, address } = await provinceFor('Trung tâm Y tế huyện Thử Nghiệm');
  const { dataDir } = await setUpCenter();
  const joined = await tram(dataDir, 'enrol', code.toLowerCase().replaceAll('-', ' '), '--address', address);
  expect(joined).toMatchObject({ code: 0, err: '' });
  expect(joined.out).toContain('Đã nối với Sở Y tế Thử Nghiệm');

  const sent = await tram(dataDir, 'sync', 'now');
  expect(sent).toMatchObject({ code: 0, err: '' });
  expect(sent.out).toContain('Tỉnh đã có đủ');
  expect(sent.out).toContain('Có thể tắt máy: tỉnh đã có đủ');
  const [center] = await province.admin.centers();
  expect(center?.changes).toBeGreaterThan(5);

  await province.close();
  const status = JSON.parse((await tram(dataDir, 'sync', 'status', '--json')).out);
  // the login of just now is the one thing the province cannot have
  expect(status.status.waiting.count).toBe(1);
  expect(status.province).toMatchObject({ name: 'Sở Y tế Thử Nghiệm', address });
});
