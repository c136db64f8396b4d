// Which files are taken for modules by their headers alone: real libraries of this PC, and PE files made byte by byte.
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { faultOfFile, faultOfPath } from '../../../../electron/signing/tokens/module-file.ts';
import {
  faultOfPlace,
  isAdministrators,
  namedModule,
} from '../../../../electron/signing/tokens/module-place.ts';
import { findModules, moduleTable } from '../../../../electron/signing/tokens/module-table.ts';

const folder = mkdtempSync(join(tmpdir(), 'tram-modules-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const linux = { platform: 'linux', arch: 'x64' };
const windows = { platform: 'win32', arch: 'x64' };
const softHsm = '/usr/lib/softhsm/libsofthsm2.so';

function written(name: string, bytes: Uint8Array): string {
  const file = join(folder, name);
  writeFileSync(file, bytes);
  chmodSync(file, 0o644);
  return file;
}

/** A DLL of one section with these exports. */
function dll({ machine = 0x8664, names = ['C_Sign', 'C_GetFunctionList'] } = {}): Buffer {
  const is64 = machine !== 0x14c;
  const optionalBytes = is64 ? 240 : 224;
  const bytes = Buffer.alloc(2_048);
  bytes.write('MZ', 0, 'latin1');
  bytes.writeUInt32LE(0x80, 60);
  bytes.write('PE\0\0', 0x80, 'latin1');
  bytes.writeUInt16LE(machine, 0x84);
  bytes.writeUInt16LE(1, 0x86);
  bytes.writeUInt16LE(optionalBytes, 0x94);
  bytes.writeUInt16LE(is64 ? 0x20b : 0x10b, 0x98);
  // the section: 0x5000 in memory, 0x400 in the file
  const section = 0x98 + optionalBytes;
  bytes.writeUInt32LE(0x5000, section + 12);
  bytes.writeUInt32LE(0x400, section + 16);
  bytes.writeUInt32LE(0x400, section + 20);
  bytes.writeUInt32LE(0x5000, 0x98 + (is64 ? 112 : 96));
  bytes.writeUInt32LE(names.length, 0x400 + 24);
  bytes.writeUInt32LE(0x5040, 0x400 + 32);
  let at = 0x480;
  for (const [index, name] of names.entries()) {
    bytes.writeUInt32LE(0x5000 + (at - 0x400), 0x440 + index * 4);
    bytes.write(`${name}\0`, at, 'latin1');
    at += name.length + 1;
  }
  return bytes;
}

describe('on Windows', () => {
  const look = (bytes: Buffer, machine = windows) => {
    const file = written('module.dll', bytes);
    return faultOfFile(file, { ...machine, platform: 'win32' });
  };

  it('a library with C_GetFunctionList is a module', () => expect(look(dll())).toBe(null));
  it('one for 32-bit programs is told as that', () =>
    expect(look(dll({ machine: 0x14c }))).toBe('module_32bit'));
  it('one for another processor is told as that', () =>
    expect(look(dll({ machine: 0xaa64 }))).toBe('module_other_processor'));
  it('a program for 32-bit PCs takes 32-bit ones', () =>
    expect(look(dll({ machine: 0x14c }), { platform: 'win32', arch: 'ia32' })).toBe(null));
  it('any other library is not', () =>
    expect(look(dll({ names: ['DllMain', 'C_GetFunctionLists'] }))).toBe('module_not_pkcs11'));
  it('a library of Linux is not', () => expect(look(readFileSync(softHsm))).toBe('module_not_pkcs11'));
  it('nor is what was cut off anywhere', () => {
    const whole = dll();
    for (let length = 0; length < whole.length; length += 13)
      expect([null, 'module_not_pkcs11', 'module_32bit', 'module_other_processor']).toContain(
        look(whole.subarray(0, length)),
      );
    expect(look(whole.subarray(0, 0x490))).toBe('module_not_pkcs11');
  });
  it('nor one whose tables point elsewhere', () => {
    for (const at of [60, 0x98 + 112, 0x400 + 24, 0x400 + 32, 0x440, 0x444]) {
      const bent = dll();
      bent.writeUInt32LE(0xfffffff0, at);
      expect(look(bent)).not.toBe('module_unreadable');
    }
  });
});

describe('a path on Windows', () => {
  it.each([
    ...['\\\\server\\share\\p11.dll', '//server/share/p11.dll', '\\/server/share/p11.dll'],
    ...['\\\\?\\UNC\\server\\share\\p11.dll', '\\\\.\\pipe\\p11', '\\\\?\\C:\\p11.dll', '\\??\\C:\\p11.dll'],
    ...['C:\\p11\\NUL', 'C:\\con.dll', 'C:/com1', 'C:\\notes.txt:p11.dll', 'C:\\p11\0.dll'],
  ])('of another PC, a device or a stream is refused unseen: %s', (path) => {
    expect(faultOfPath(path, 'win32')).toBe('module_path_elsewhere');
    expect(faultOfFile(path, windows)).toBe('module_path_elsewhere');
  });
  it.each(['p11.dll', '.\\p11.dll', 'C:p11.dll'])('that is not full is told as that: %s', (path) =>
    expect(faultOfPath(path, 'win32')).toBe('module_path_not_full'),
  );
  it.each(['C:\\Windows\\System32\\p11.dll', 'd:/Program Files (x86)/Nul Tín/nulp11.dll'])(
    'of a disk may be looked at: %s',
    (path) => expect(faultOfPath(path, 'win32')).toBeNull(),
  );
});

describe('a place on Windows', () => {
  const env = {
    SystemRoot: 'C:\\Windows',
    ProgramFiles: 'C:\\Program Files',
    'ProgramFiles(x86)': 'D:\\Program Files (x86)\\',
  };
  it.each([
    ...['C:\\Windows\\System32\\p11.dll', 'c:/windows/SYSTEM32/p11.dll', 'C:\\Windows\\SysWOW64\\p11.dll'],
    ...['C:\\Program Files\\VNPT-CA\\v8\\p11.dll', 'd:\\program files (x86)\\p11.dll'],
    'C:\\Users\\..\\Program Files\\p11.dll',
  ])('that is an administrator’s needs nothing more: %s', (file) => {
    expect(isAdministrators(file, env)).toBe(true);
    expect(faultOfPlace(file, null, { platform: 'win32', env })).toBeNull();
  });
  it.each([
    ...['C:\\Users\\an\\p11.dll', 'C:\\p11.dll', 'C:\\Windows\\Temp\\p11.dll', 'C:\\Windows\\p11.dll'],
    'C:\\Windows\\System32\\spool\\drivers\\color\\p11.dll',
    ...['C:\\Program Files2\\p11.dll', 'E:\\Program Files\\p11.dll', 'D:\\Windows\\System32\\p11.dll'],
    'C:\\Program Files\\..\\Users\\Public\\p11.dll',
    ...['C:\\Program Files\\.. \\Users\\p11.dll', 'C:\\Program Files.\\p11.dll', 'C:\\PROGRA~1\\p11.dll'],
    ...['\\\\server\\Program Files\\p11.dll', 'p11.dll', ''],
  ])('anywhere else is not taken for one: %s', (file) => {
    expect(isAdministrators(file, env)).toBe(false);
    expect(faultOfPlace(file, null, { platform: 'win32', env })).toBe('module_pin_needed');
  });
  it('is nobody’s where Windows names none, or a drive alone', () => {
    for (const odd of [{}, { ProgramFiles: '' }, { ProgramFiles: 'C:\\' }, { SystemRoot: 'C:' }])
      for (const file of ['C:\\p11.dll', 'C:\\System32\\p11.dll'])
        expect(isAdministrators(file, odd)).toBe(false);
  });
  it('elsewhere takes the very file an administrator named by its SHA-256, and no other', () => {
    const file = written('own.dll', dll());
    const pin = createHash('sha256').update(dll()).digest('hex');
    const none = { ...moduleTable(), modules: [] };
    const faults = (entry: string) => findModules([entry], { ...windows, env }, none).map((one) => one.fault);
    expect(faults(file)).toEqual(['module_pin_needed']);
    expect(faults(`${file} sha256:${pin.toUpperCase()}`)).toEqual([null]);
    expect(faults(`${file} sha256:${'0'.repeat(64)}`)).toEqual(['module_pin_wrong']);
    written('own.dll', Buffer.concat([dll(), Buffer.from('x')]));
    expect(faults(`${file} sha256:${pin}`)).toEqual(['module_pin_wrong']);
    // a pin holds on other systems too
    expect(faultOfPlace(softHsm, pin, { platform: 'linux', env })).toBe('module_pin_wrong');
    expect(faultOfPlace(softHsm, null, { platform: 'linux', env })).toBeNull();
  });
  it('is told from its SHA-256 where a path has blanks', () => {
    const pin = 'ab'.repeat(32);
    expect(namedModule(`  C:\\Bút ký\\p 11.dll   sha256: ${pin} `)).toEqual({
      file: 'C:\\Bút ký\\p 11.dll',
      pin,
    });
    expect(namedModule('C:\\p11.dll sha256:abc')).toEqual({ file: 'C:\\p11.dll sha256:abc', pin: null });
  });
  it('of every file the table looks for is an administrator’s', () => {
    const { folders, modules } = moduleTable();
    const all = [...folders.win32, ...modules.flatMap((one) => one.folders?.win32 ?? [])];
    for (const folder of all)
      expect(
        isAdministrators(
          `${folder.replaceAll(/%([^%]+)%/g, (_, name: keyof typeof env) => env[name])}\\p11.dll`,
          env,
        ),
      ).toBe(true);
  });
});

describe('on Linux', () => {
  it('devices and pipes are not waited for', () => {
    for (const path of ['/dev/zero', '//dev/tty', '/proc/self/exe'])
      expect(faultOfFile(path, linux)).toBe('module_path_elsewhere');
    const pipe = join(folder, 'pipe.so');
    execFileSync('mkfifo', [pipe]);
    expect(faultOfFile(pipe, linux)).toBe('module_not_pkcs11');
  });
  it('SoftHSM’s and OpenSC’s are modules, also through a link', () => {
    expect(faultOfFile(softHsm, linux)).toBe(null);
    const link = join(folder, 'link.so');
    symlinkSync(softHsm, link);
    expect(faultOfFile(link, linux)).toBe(null);
  });
  it('the C library is none', () =>
    expect(faultOfFile('/usr/lib/x86_64-linux-gnu/libc.so.6', linux)).toBe('module_not_pkcs11'));
  it('one for 32-bit programs is told as that', () => {
    const bytes = readFileSync(softHsm);
    bytes[4] = 1;
    bytes.writeUInt16LE(3, 18);
    expect(faultOfFile(written('old.so', bytes), linux)).toBe('module_32bit');
  });
  it('what everybody may write is not loaded, nor what lies where everybody may', () => {
    const file = written('open.so', readFileSync(softHsm));
    expect(faultOfFile(file, linux)).toBe(null);
    chmodSync(file, 0o666);
    expect(faultOfFile(file, linux)).toBe('module_writable');
    chmodSync(file, 0o644);
    mkdirSync(join(folder, 'open'));
    chmodSync(join(folder, 'open'), 0o777);
    writeFileSync(join(folder, 'open', 'a.so'), readFileSync(softHsm));
    expect(faultOfFile(join(folder, 'open', 'a.so'), linux)).toBe('module_writable');
  });
  it('a path that is not full, or leads nowhere, is told as that', () => {
    expect(faultOfFile('libsofthsm2.so', linux)).toBe('module_path_not_full');
    expect(faultOfFile('/usr/lib/no-such.so', linux)).toBe('module_missing');
    expect(faultOfFile(folder, linux)).not.toBe(null);
  });
});

describe('the table of modules', () => {
  const table = moduleTable();
  const here = { ...linux, env: {} };
  const own = join(folder, 'own');
  beforeEach(() => rmSync(own, { recursive: true, force: true }));

  it('names the makers of Vietnam’s tokens, each file once', () => {
    for (const maker of ['VNPT-CA', 'Viettel-CA', 'FPT-CA', 'BKAV-CA', 'MISA-CA', 'VGCA', 'OpenSC'])
      expect(table.modules.map((each) => each.maker)).toContain(maker);
    for (const platform of ['win32', 'linux'] as const) {
      const files = table.modules.flatMap((each) => each[platform]).map((name) => name.toLowerCase());
      expect(new Set(files).size).toBe(files.length);
      expect(files.every((name) => !/[\\/]/.test(name))).toBe(true);
    }
  });

  it('is looked for in its folders only', () => {
    mkdirSync(own);
    writeFileSync(join(own, 'fptca_v4.so'), readFileSync(softHsm));
    const limited = { ...table, folders: { ...table.folders, linux: [own] } };
    expect(findModules([], here, limited)).toEqual([
      { name: 'fptca_v4', file: join(own, 'fptca_v4.so'), maker: 'FPT-CA', fault: null },
    ]);
    expect(findModules([], here, { ...limited, folders: { ...table.folders, linux: [folder] } })).toEqual([]);
  });

  it('gives way to paths an administrator named, missing ones included', () => {
    const none = { ...table, modules: [] };
    expect(findModules([softHsm, '/opt/none/gone.so'], here, none)).toEqual([
      { name: 'libsofthsm2', file: expect.stringContaining('libsofthsm2.so'), maker: '', fault: null },
      { name: 'gone', file: '/opt/none/gone.so', maker: '', fault: 'module_missing' },
    ]);
  });

  it('takes one file once, however it is reached', () => {
    const link = join(folder, 'again.so');
    symlinkSync(softHsm, link);
    expect(findModules([softHsm, link], here, { ...table, modules: [] })).toHaveLength(1);
  });

  it('keeps apart two files of one name', () => {
    mkdirSync(own);
    writeFileSync(join(own, 'libsofthsm2.so'), readFileSync(softHsm));
    const names = findModules([softHsm, join(own, 'libsofthsm2.so')], here, { ...table, modules: [] });
    expect(names.map(({ name }) => name)).toEqual(['libsofthsm2', 'libsofthsm2~2']);
  });
});
