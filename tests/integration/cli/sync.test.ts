// `tram sync` and `tram enrol` against real stores, through the launcher.
import { mkdtempSync, readdirSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { openCore } from '../../../electron/core.ts';
import { admin, setUpCenter, tram } from './support.ts';

const secrets = [admin.password];
let dataDir: string;
const on = (...args: string[]) => [...args, '--data', dataDir, '--user', admin.username];
const stick = () => mkdtempSync(join(tmpdir(), 'tram-stick-'));

beforeAll(async () => {
  ({ dataDir } = await setUpCenter());
});

describe('tram sync status', () => {
  it('says in a sentence how far the record has come, and whether the PC may be switched off', () => {
    const ran = tram(on('sync', 'status'), { secrets });
    expect(ran).toMatchObject({ code: 0, err: '' });
    expect(ran.out.split('\n').slice(0, 2)).toEqual([
      'Chưa nối với tỉnh hay máy khác — mọi thứ đã lưu trên máy này',
      'Tắt máy không mất gì, nhưng hồ sơ chỉ có ở đây',
    ]);
    expect(tram(on('sync', 'status', '--lang', 'en'), { secrets }).out).toContain(
      'everything is saved on this PC',
    );
  });

  it('tells a program everything the sync page shows', () => {
    const page = JSON.parse(tram(on('sync', 'status', '--json'), { secrets }).out);
    expect(page).toMatchObject({ status: { state: 'standalone' }, province: null, refused: [] });
    expect(page.stations).toMatchObject([{ name: 'Máy hành chính', code: '01', thisPc: true }]);
  });
});

describe('tram sync now', () => {
  it('says that there is nobody to send to', () => {
    const ran = tram(on('sync', 'now'), { secrets });
    expect(ran.code).toBe(1);
    expect(ran.out).toContain('Chưa nối với tỉnh hay máy khác');
  });
});

describe('tram sync export and import', () => {
  it('writes one file that shows nothing, and takes it in as known', () => {
    const folder = stick();
    const wrote = tram(on('sync', 'export', folder, '--all'), { secrets });
    expect(wrote).toMatchObject({ code: 0, err: '' });
    const [name] = readdirSync(folder);
    expect(name).toMatch(/^tram-01-\d{8}-\d{4}-all\.tram$/);
    expect(wrote.out).toMatch(
      new RegExp(`Đã ghi \\d+ việc \\([\\d.]+ [KM]?B\\) vào ${join(folder, name ?? '')}`),
    );
    expect(readFileSync(join(folder, name ?? '')).includes('Quản Trị')).toBe(false);

    const read = tram(on('sync', 'import', join(folder, name ?? '')), { secrets });
    expect(read).toMatchObject({ code: 0, err: '' });
    expect(read.out).toMatch(/Đã nhận 0 việc mới; \d+ việc máy này đã có từ trước/);
    expect(tram(on('sync', 'import', folder, '--json'), { secrets }).out).toContain('"complete":true');
  });

  it('tells a cut file, a damaged one, one of another center and none at all apart', async () => {
    const folder = stick();
    const { path, bytes } = JSON.parse(
      tram(on('sync', 'export', folder, '--all', '--json'), { secrets }).out,
    );
    const whole = readFileSync(path);
    truncateSync(path, bytes - 40);
    const cut = tram(on('sync', 'import', path), { secrets });
    expect(cut.code).toBe(1);
    expect(cut.out).toContain('Tệp bị cụt ở cuối');

    const spoilt = Buffer.from(whole);
    spoilt[Math.floor(bytes / 2)] = (spoilt[Math.floor(bytes / 2)] ?? 0) ^ 0xff;
    writeFileSync(path, spoilt);
    const damaged = tram(on('sync', 'import', path), { secrets });
    expect(damaged).toMatchObject({ code: 1, out: '' });
    expect(damaged.err).toContain('Tệp bị hỏng');

    writeFileSync(path, whole);
    const other = await setUpCenter();
    const there = tram(['sync', 'import', path, '--data', other.dataDir, '--user', admin.username], {
      secrets,
    });
    expect(there).toMatchObject({ code: 1, out: '' });
    expect(there.err).toContain('không phải cho máy này');

    expect(tram(on('sync', 'import', join(folder, 'khong-co.tram')), { secrets })).toMatchObject({ code: 1 });
    const nowhere = tram(on('sync', 'export', join(folder, 'khong-co')), { secrets });
    expect(nowhere.code).toBe(1);
    expect(nowhere.err).toContain('Không có thư mục');
  });
});

describe('tram enrol', () => {
  it('asks for what is missing before it asks for a password', () => {
    expect(tram(['enrol', 'ABCD-EFGH'])).toMatchObject({ code: 64, out: '' });
    expect(tram(['enrol', '--address', 'tinh.example.vn']).err).toContain('tram enrol MÃ --address');
  });

  it('says that nobody answers, and leaves the center as it was', () => {
    const ran = tram(on('enrol', '7K2M-9QXA-0000-0000-0000', '--address', '127.0.0.1:9'), { secrets });
    expect(ran.code).toBe(1);
    expect(ran.err).not.toBe('');
    const page = JSON.parse(tram(on('sync', 'status', '--json'), { secrets }).out);
    expect(page.province).toBeNull();
  });
});

describe('while the program is running', () => {
  it('says where in its window the same is done', async () => {
    const core = await openCore({ dataDir, mode: 'real', appVersion: '0.0.0', log: () => {} });
    try {
      await core.invoke('c', 'access.login', { username: admin.username, password: admin.password });
      const ran = tram(on('sync', 'status'), { secrets });
      expect(ran).toMatchObject({ code: 3, out: '' });
      expect(ran.err).toContain('trang “Gửi và nhận” trong cửa sổ Trạm');
    } finally {
      await core.close();
    }
  });
});

it('does not understand half a command', () => {
  for (const args of [
    ['sync', 'export'],
    ['sync', 'later'],
  ])
    expect(tram(on(...args), { secrets })).toMatchObject({ code: 64, out: '' });
});
