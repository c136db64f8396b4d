// Which file is loaded as a maker's library, decided by looking at files.
import { chmodSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { builtFor, findLibrary } from '../../../electron/fingerprint/readers/vendor/library-file.ts';
import { vendors } from '../../../electron/fingerprint/readers/vendor/makers/index.ts';
import { parseFromHelper } from '../../../electron/fingerprint/readers/vendor/protocol.ts';
import { vendorNames } from '../../../electron/fingerprint/readers/vendor/vendor.ts';

const elf = (machine: number): Buffer => {
  const head = Buffer.alloc(64);
  head.writeUInt32BE(0x7f454c46, 0);
  head.writeUInt16LE(machine, 18);
  return head;
};
const pe = (machine: number): Buffer => {
  const head = Buffer.alloc(256);
  head.write('MZ');
  head.writeUInt32LE(128, 60);
  head.write('PE\0\0', 128);
  head.writeUInt16LE(machine, 132);
  return head;
};

describe('the processor a library is built for', () => {
  it.each([
    [elf(62), 'x64'],
    [elf(3), 'ia32'],
    [elf(183), 'arm64'],
    [elf(8), 'machine 8'],
    [pe(0x8664), 'x64'],
    [pe(0x14c), 'ia32'],
    [pe(0xaa64), 'arm64'],
    [Buffer.alloc(0), null],
    [Buffer.from('MZ'), null],
    [Buffer.from('#!/bin/sh\necho hello, this is no library at all, but long enough to be read\n'), null],
  ])('is read from its first bytes (%#)', (head, arch) => expect(builtFor(head)).toBe(arch));

  it('is unknown when the header points beyond the file', () => {
    const head = pe(0x8664);
    head.writeUInt32LE(0xfffffff0, 60);
    expect(builtFor(head)).toBeNull();
  });
});

describe('finding a library', () => {
  const places = { platform: 'linux', arch: 'x64', env: {}, folder: null } as const;
  const folderWith = (name: string, bytes: Buffer): string => {
    const folder = mkdtempSync(join(tmpdir(), 'tram-library-'));
    writeFileSync(join(folder, name), bytes, { mode: 0o644 });
    return folder;
  };

  it('takes it from the named folder', () => {
    const folder = folderWith('libzkfp.so', elf(62));
    expect(findLibrary(vendors.zkteco, { ...places, folder })).toEqual({
      found: true,
      file: join(folder, 'libzkfp.so'),
    });
  });

  it.each([
    ['of another word size', elf(3), 'is built for ia32, this program for x64'],
    ['that is no library', Buffer.from('hello'), 'is not a library'],
  ])('refuses a file %s and says why', (_, bytes, why) => {
    const folder = folderWith('libzkfp.so', bytes);
    expect(findLibrary(vendors.zkteco, { ...places, folder })).toEqual({
      found: false,
      why: `${join(folder, 'libzkfp.so')} ${why}`,
    });
  });

  it('refuses a file that everybody may change', () => {
    const folder = folderWith('libzkfp.so', elf(62));
    chmodSync(join(folder, 'libzkfp.so'), 0o666);
    expect(findLibrary(vendors.zkteco, { ...places, folder })).toMatchObject({ found: false });
  });

  it('never looks in a folder that depends on where the program was started', () => {
    expect(findLibrary(vendors.zkteco, { ...places, folder: 'libraries' })).toEqual({
      found: false,
      why: 'libraries is not a full path',
    });
    // an environment without SystemRoot must not make `\\System32` of it
    const bare = findLibrary(vendors.zkteco, { ...places, platform: 'win32' });
    expect(bare).toMatchObject({ found: false });
  });

  it.each(vendorNames)('every function of %s is a C prototype of its own name', (name) => {
    for (const [symbol, prototype] of Object.entries(vendors[name].functions))
      expect(prototype).toMatch(new RegExp(`^[\\w *]+ ?\\*?__stdcall ${symbol}\\([^)]*\\)$`));
    expect(vendors[name].files.win32.every((file) => /^\w+\.dll$/.test(file))).toBe(true);
    expect(vendors[name].files.linux.every((file) => /^lib\w+\.so$/.test(file))).toBe(true);
  });
});

describe('a message from the helper', () => {
  it.each([
    null,
    7,
    {},
    { type: 'done' },
    { type: 'done', id: '1' },
    { type: 'counted', id: 1, count: 1.5 },
    { type: 'picture', id: 1, width: 1, height: 1, dpi: 500, pixels: 'no' },
    { type: 'fault', id: 1, fault: { code: 'internal', detail: '' } },
    { type: 'fault', id: 1, fault: null },
    { type: 'else', id: 1 },
  ])('of no known shape is not heard (%#)', (message) => expect(parseFromHelper(message)).toBeNull());

  it('has a detail short enough for the log', () => {
    const fault = { code: 'reader_failed', detail: 'x'.repeat(9_999) };
    const heard = parseFromHelper({ type: 'fault', id: 1, fault });
    expect(heard?.type === 'fault' && heard.fault.detail.length).toBe(200);
  });
});
