// The `tram` command against real stores, through its launcher.
import { spawnSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { admin, passwordFile, root, setUpCenter, spoilSearchIndex, tram } from './support.ts';

const secrets = [admin.password];
let dataDir: string;
let recoveryKey: string;
const on = (...args: string[]) => [...args, '--data', dataDir, '--user', admin.username];

beforeEach(async () => {
  ({ dataDir, recoveryKey } = await setUpCenter());
});

describe('the launcher', () => {
  it('runs under an older Node by going over to the pinned one', () => {
    const older = ['/usr/bin/node', '/usr/local/bin/node'].find(existsSync) ?? process.execPath;
    const ran = tram(['doctor', '--data', dataDir], { node: older });
    expect(ran.out).toContain('Node 24.');
  });

  it('gives on exit codes and what is typed', () => {
    expect(tram(['--help'])).toMatchObject({ code: 0, err: '' });
    expect(tram(['--help']).out).toContain('tram doctor');
    expect(tram(['--help', '--lang', 'en']).out).toContain('back up now');
    expect(tram(['--version']).out).toMatch(/^\d+\.\d+\.\d+\n$/);
    expect(tram(['nonsense'])).toMatchObject({ code: 64, out: '' });
    expect(tram(['doctor', '--nonsense']).code).toBe(64);
  });

  it.skipIf(process.platform === 'win32')('is what `npx tram` runs in a checkout', () => {
    const { stdout } = spawnSync('npx', ['--no', 'tram', '--', '--version'], { cwd: root, encoding: 'utf8' });
    expect(stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
  });
});

describe('tram doctor', () => {
  it('finds a folder without a store well: the PC is only not set up yet', () => {
    const empty = mkdtempSync(join(tmpdir(), 'tram-empty-'));
    const ran = tram(['doctor', '--data', join(empty, 'none')]);
    expect(ran.out).toContain('chưa có: máy này chưa được cài đặt lần đầu');
    // Looking must not make anything.
    expect(readdirSync(empty)).toEqual([]);
  });

  it('names a missing keyring without asking for a password', () => {
    rmSync(join(dataDir, 'keyring.json'));
    const ran = tram(['doctor', '--data', dataDir]);
    expect(ran.code).toBe(1);
    expect(ran.out).toContain('THIẾU keyring.json');
  });

  it('names an emptied store', () => {
    truncateSync(join(dataDir, 'record.db'));
    const findings = JSON.parse(tram(['doctor', '--data', dataDir, '--json', '--lang', 'en']).out);
    expect(findings.find(({ what }: { what: string }) => what === 'Record store')).toMatchObject({
      ok: false,
    });
  });

  it('says when only the search index is damaged, and that a rebuild mends it', async () => {
    await spoilSearchIndex(dataDir);
    const found = tram(on('doctor', '--open'), { secrets });
    expect(found.code).toBe(1);
    expect(found.out).toContain('Chỉ chỉ mục tìm kiếm bị hỏng');
    expect(tram(on('rebuild'), { secrets }).code).toBe(0);
    expect(tram(on('doctor', '--open'), { secrets }).out).not.toContain('Chỉ chỉ mục tìm kiếm bị hỏng');
  });

  it('opens the store and checks what is in it', () => {
    const ran = tram(on('doctor', '--open', '--lang', 'en'), { secrets });
    expect(ran.out).toMatch(/✓ File and chain integrity +\d+ checked/);
  });
});

describe('a password', () => {
  it('can come from a file', () => {
    const { status } = spawnSync(process.execPath, [join(root, 'bin', 'tram.mjs'), ...on('verify-log')], {
      env: { ...process.env, TRAM_PASSWORD_FILE: passwordFile(dataDir) },
    });
    expect(status).toBe(0);
  });

  it('that is wrong opens nothing, and says so', () => {
    const ran = tram(on('verify-log'), { secrets: ['sai-mat-khau-roi'] });
    expect(ran).toMatchObject({ code: 3, out: '' });
    expect(ran.err).toContain('Sai tên đăng nhập hoặc mật khẩu');
  });

  it('is never shown', () => {
    const { out, err } = tram(on('verify-log'), { secrets });
    expect(out + err).not.toContain(admin.password);
  });
});

describe('tram verify-log', () => {
  it('finds a sound store sound', () => {
    expect(tram(on('verify-log'), { secrets })).toMatchObject({ code: 0, err: '' });
  });

  it('does not take a damaged store for a sound one', () => {
    const file = join(dataDir, 'record.db');
    const middle = Math.floor(statSync(file).size / 2);
    spawnSync(process.execPath, [
      '-e',
      `const fs=require('fs');const f=fs.openSync(${JSON.stringify(file)},'r+');fs.writeSync(f,Buffer.alloc(64,0x5a),0,64,${middle})`,
    ]);
    expect(tram(on('verify-log'), { secrets }).code).not.toBe(0);
  });
});

describe('tram rebuild', () => {
  it('refills the tables and leaves accounts and wards as they were', () => {
    const before = tram(on('users', '--json'), { secrets }).out;
    const ran = tram(on('rebuild'), { secrets });
    expect(ran.code).toBe(0);
    expect(ran.out).toMatch(/Đã dựng lại các bảng từ \d+ thay đổi/);
    const named = (text: string) =>
      JSON.parse(text).map(({ username, roles }: { username: string; roles: string[] }) => ({
        username,
        roles,
      }));
    expect(named(tram(on('users', '--json'), { secrets }).out)).toEqual(named(before));
  });

  it('opens with the printed recovery key too', () => {
    expect(tram(['rebuild', '--recovery', '--data', dataDir], { secrets: [recoveryKey] }).code).toBe(0);
    expect(tram(['rebuild', '--recovery', '--data', dataDir], { secrets: ['AAAAA-BBBBB'] }).code).toBe(3);
  });
});

describe('tram backup and restore', () => {
  const backUp = () => {
    const to = mkdtempSync(join(tmpdir(), 'tram-usb-'));
    const ran = tram(on('backup', '--to', to, '--json'), { secrets });
    expect(ran.err).toBe('');
    return JSON.parse(ran.out) as { path: string; verified: boolean; sizeBytes: number };
  };

  it('makes a verified copy where it is told to', () => {
    const made = backUp();
    expect(made.verified).toBe(true);
    expect(statSync(made.path).size).toBe(made.sizeBytes);
  });

  it('puts a copy back with the passwords of that day, and keeps what it replaced', () => {
    const { path } = backUp();
    tram(['users', 'reset', admin.username, '--data', dataDir], {
      secrets: [recoveryKey, 'Sau-ban-sao-9-ngay', 'Sau-ban-sao-9-ngay'],
    });
    const ran = tram(on('restore', path, '--json'), { secrets });
    expect(ran.code).toBe(0);
    expect(existsSync(JSON.parse(ran.out).kept)).toBe(true);
    expect(tram(on('verify-log'), { secrets }).code).toBe(0);
  });

  it('brings a store back on a new PC from the copy alone', () => {
    const { path } = backUp();
    const fresh = mkdtempSync(join(tmpdir(), 'tram-new-pc-'));
    expect(tram(['restore', path, '--data', fresh, '--user', admin.username], { secrets }).code).toBe(0);
    expect(tram(['users', '--data', fresh, '--user', admin.username], { secrets }).out).toContain(
      admin.fullName,
    );
  });

  it('refuses a damaged copy and leaves the store as it is', () => {
    const { path } = backUp();
    writeFileSync(path, 'not a backup');
    const before = statSync(join(dataDir, 'record.db')).mtimeMs;
    expect(tram(on('restore', path), { secrets }).code).toBe(3);
    expect(statSync(join(dataDir, 'record.db')).mtimeMs).toBe(before);
    expect(tram(on('verify-log'), { secrets }).code).toBe(0);
  });
});

describe('tram users', () => {
  it('lists who has an account', () => {
    expect(tram(on('users'), { secrets }).out).toContain('quantri  Nguyễn Quản Trị');
  });

  it('sets a new password with the recovery key', () => {
    const next = 'Trau-an-co-tren-doi-2';
    expect(
      tram(['users', 'reset', admin.username, '--data', dataDir], { secrets: [recoveryKey, next, next] })
        .code,
    ).toBe(0);
    expect(tram(on('users'), { secrets }).code).toBe(3);
    expect(tram(on('users'), { secrets: [next] }).code).toBe(0);
  });

  it('does nothing when the new password was not typed twice the same', () => {
    const typed = [recoveryKey, 'Trau-an-co-tren-doi-2', 'Trau-an-co-tren-doi-3'];
    expect(tram(['users', 'reset', admin.username, '--data', dataDir], { secrets: typed }).code).toBe(64);
    expect(tram(on('users'), { secrets }).code).toBe(0);
  });
});

describe('two programs', () => {
  it('never open one store together', async () => {
    const copy = join(mkdtempSync(join(tmpdir(), 'tram-two-')), 'data');
    mkdirSync(copy);
    cpSync(dataDir, copy, { recursive: true });
    const { openCore } = await import('../../../electron/core.ts');
    const core = await openCore({ dataDir: copy, mode: 'real', appVersion: '0.0.0', log: () => {} });
    await core.invoke('c', 'access.login', { username: admin.username, password: admin.password });
    const ran = tram(['verify-log', '--data', copy, '--user', admin.username], { secrets });
    await core.close();
    expect(ran.code).toBe(3);
    expect(ran.err).toContain('Kho đang mở trong một cửa sổ Trạm');
  });
});
