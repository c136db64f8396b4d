// Where a maker's library lies, and whether this program could load it at all: decided by looking at files only.
// Libraries are loaded by full path from folders that only an administrator can write, or one IT has named.
import { closeSync, existsSync, openSync, readSync, statSync } from 'node:fs';
import { posix, win32 } from 'node:path';
import type { Vendor } from './vendor.ts';

export interface Places {
  readonly platform: 'win32' | 'linux';
  readonly arch: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** A folder named by whoever looks after this PC; looked into first. */
  readonly folder: string | null;
}

export type FoundLibrary =
  | { readonly found: true; readonly file: string }
  /** `why` is for the log. */
  | { readonly found: false; readonly why: string };

/** The system's own folders; makers' installers put their libraries here more often than anywhere. */
const systemFolders = {
  win32: ['%SystemRoot%\\System32'],
  linux: ['/usr/lib', '/usr/lib/x86_64-linux-gnu', '/usr/lib64', '/usr/local/lib', '/usr/local/lib64'],
} as const;

export function findLibrary(vendor: Vendor, places: Places): FoundLibrary {
  const path = places.platform === 'win32' ? win32 : posix;
  const refused: string[] = [];
  for (const folder of foldersOf(vendor, places)) {
    if (!path.isAbsolute(folder)) {
      refused.push(`${folder} is not a full path`);
      continue;
    }
    for (const name of vendor.files[places.platform]) {
      const file = path.join(folder, name);
      if (!existsSync(file)) continue;
      const why = unusable(file, places);
      if (!why) return { found: true, file };
      refused.push(`${file} ${why}`);
    }
  }
  return { found: false, why: refused.join('; ') || `no ${vendor.files[places.platform].join(' or ')}` };
}

function foldersOf(vendor: Vendor, { platform, env, folder }: Places): string[] {
  const listed = [...systemFolders[platform], ...vendor.folders[platform]].map((name) =>
    name.replaceAll(/%([^%]+)%/g, (_, variable: string) => env[variable] ?? ''),
  );
  return folder ? [folder, ...listed] : listed;
}

function unusable(file: string, { platform, arch }: Places): string | null {
  try {
    // a file everybody may change could be anything
    if (platform === 'linux' && (statSync(file).mode & 0o002) !== 0) return 'may be changed by everybody';
    const built = builtFor(headOf(file));
    if (built === null) return 'is not a library';
    return built === arch ? null : `is built for ${built}, this program for ${arch}`;
  } catch (error) {
    return `cannot be read (${error instanceof Error && 'code' in error ? String(error.code) : 'unknown'})`;
  }
}

const headBytes = 4_096;

function headOf(file: string): Buffer {
  const head = Buffer.alloc(headBytes);
  const descriptor = openSync(file, 'r');
  try {
    return head.subarray(0, readSync(descriptor, head, 0, headBytes, 0));
  } finally {
    closeSync(descriptor);
  }
}

const elfMachines: Readonly<Record<number, string>> = { 3: 'ia32', 40: 'arm', 62: 'x64', 183: 'arm64' };
const peMachines: Readonly<Record<number, string>> = {
  332: 'ia32',
  452: 'arm',
  34404: 'x64',
  43620: 'arm64',
};

/** Of a library's first bytes: the processor as Node names it; null when it is neither ELF nor PE. */
export function builtFor(head: Buffer): string | null {
  if (head.length >= 20 && head.readUInt32BE(0) === 0x7f454c46) {
    const machine = head.readUInt16LE(18);
    return elfMachines[machine] ?? `machine ${machine}`;
  }
  if (head.length < 64 || head.readUInt16BE(0) !== 0x4d5a) return null;
  const pe = head.readUInt32LE(60);
  if (pe + 6 > head.length || head.readUInt32BE(pe) !== 0x50450000) return null;
  const machine = head.readUInt16LE(pe + 4);
  return peMachines[machine] ?? `machine ${machine}`;
}
