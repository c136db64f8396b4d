// Whether a file is a PKCS#11 module that this program could load: decided by reading its headers, because loading a
// library runs it. Formats: Microsoft's PE/COFF specification; the System V ABI's ELF.
import { closeSync, fstatSync, openSync, readSync, statSync } from 'node:fs';
import { posix, win32 } from 'node:path';

/** Sentences `module.<code>`. */
export const moduleFaults = [
  /** Built for 32-bit programs; this one is not. */
  'module_32bit',
  'module_other_processor',
  /** No library at all, or one without C_GetFunctionList. */
  'module_not_pkcs11',
  'module_missing',
  'module_unreadable',
  /** Everybody may write it, or beside it. */
  'module_writable',
  /** Outside the folders that are an administrator's: its SHA-256 has to be named too; or it is another file than named. */
  'module_pin_needed',
  'module_pin_wrong',
  'module_path_not_full',
  /** Another PC's, or no file of a folder: to look at it already asks somebody. */
  'module_path_elsewhere',
  /** It was loaded and would not start. */
  'module_failed',
  'module_hangs',
  'module_crashed',
] as const;
export type ModuleFault = (typeof moduleFaults)[number];

export interface Machine {
  readonly platform: string;
  readonly arch: string;
}

/**
 * What can be said of the path alone, before anything is asked of the file system: on Windows a look at \\server\share
 * logs in there with this person's account. Null: it may be looked at.
 */
export function faultOfPath(file: string, platform: string): ModuleFault | null {
  const path = platform === 'win32' ? win32 : posix;
  if (!path.isAbsolute(file)) return 'module_path_not_full';
  const elsewhere =
    file.includes('\0') || (platform === 'win32' ? isElsewhere(file) : /^\/+(?:dev|proc)\//.test(file));
  return elsewhere ? 'module_path_elsewhere' : null;
}

/** \\server\share, \\?\, \\.\, \??\, however the slashes lean; streams behind a colon; NUL, COM1 and their like. */
function isElsewhere(file: string): boolean {
  const [, ...parts] = file.replaceAll('/', '\\').split('\\');
  const within = file.replace(/^[A-Za-z]:/, '');
  return (
    /^[\\/](?:[\\/]|\?\?)/.test(file) ||
    /[:*?"<>|]/.test(within) ||
    parts.some((part) => /^(?:con|prn|aux|nul|conin\$|conout\$|(?:com|lpt)[0-9¹²³])\s*(?:\.|$)/i.test(part))
  );
}

/** Null: it may be loaded. */
export function faultOfFile(file: string, { platform, arch }: Machine): ModuleFault | null {
  const path = platform === 'win32' ? win32 : posix;
  const elsewhere = faultOfPath(file, platform);
  if (elsewhere) return elsewhere;
  let descriptor: number;
  try {
    // a pipe would be waited for
    if (!statSync(file).isFile()) return 'module_not_pkcs11';
    descriptor = openSync(file, 'r');
  } catch (error) {
    const missing = error instanceof Error && 'code' in error && error.code === 'ENOENT';
    return missing ? 'module_missing' : 'module_unreadable';
  }
  try {
    const { mode, size } = fstatSync(descriptor);
    // a file everybody may change could be anything
    if (platform !== 'win32' && ((mode | statSync(path.dirname(file)).mode) & 0o002) !== 0)
      return 'module_writable';
    return faultOfLibrary(readerOf(descriptor, size), { platform, arch });
  } catch (error) {
    if (error instanceof Cut) return 'module_not_pkcs11';
    return 'module_unreadable';
  } finally {
    closeSync(descriptor);
  }
}

/** Bytes of a file at a place; throws Cut where it ends. */
type ReadAt = (at: number, length: number) => Buffer;
class Cut extends Error {}

const entry = 'C_GetFunctionList';
const mostTable = 1 << 20;

function readerOf(descriptor: number, size: number): ReadAt {
  return (at, length) => {
    if (!Number.isSafeInteger(at) || at < 0 || length < 0 || length > mostTable || at + length > size)
      throw new Cut();
    const bytes = Buffer.alloc(length);
    if (readSync(descriptor, bytes, 0, length, at) !== length) throw new Cut();
    return bytes;
  };
}

function faultOfLibrary(read: ReadAt, { platform, arch }: Machine): ModuleFault | null {
  const magic = read(0, 4);
  const library =
    magic.readUInt32BE(0) === 0x7f454c46 ? elf(read) : magic.readUInt16BE(0) === 0x4d5a ? pe(read) : null;
  if (!library || library.platform !== (platform === 'win32' ? 'win32' : 'unix')) return 'module_not_pkcs11';
  if (library.arch !== arch)
    return library.arch === 'ia32' && arch === 'x64' ? 'module_32bit' : 'module_other_processor';
  return library.exports() ? null : 'module_not_pkcs11';
}

interface Library {
  readonly platform: 'win32' | 'unix';
  /** The processor as Node names it. */
  readonly arch: string;
  /** Whether it exports the one function every module has. */
  exports(): boolean;
}

const elfMachines: Readonly<Record<number, string>> = { 3: 'ia32', 40: 'arm', 62: 'x64', 183: 'arm64' };
const peMachines: Readonly<Record<number, string>> = {
  332: 'ia32',
  452: 'arm',
  34404: 'x64',
  43620: 'arm64',
};

function elf(read: ReadAt): Library {
  const is64 = read(4, 1)[0] === 2;
  const machine = read(18, 2).readUInt16LE();
  const number = (bytes: Buffer, at: number): number =>
    is64 ? Number(bytes.readBigUInt64LE(at)) : bytes.readUInt32LE(at);
  return {
    platform: 'unix',
    arch: elfMachines[machine] ?? `machine ${machine}`,
    exports() {
      const head = read(0, is64 ? 64 : 52);
      const sectionsAt = number(head, is64 ? 40 : 32);
      const [entrySize, count] = [head.readUInt16LE(is64 ? 58 : 46), head.readUInt16LE(is64 ? 60 : 48)];
      const sections = Array.from({ length: count }, (_, index) => {
        const bytes = read(sectionsAt + index * entrySize, entrySize);
        return {
          type: bytes.readUInt32LE(4),
          at: number(bytes, is64 ? 24 : 16),
          size: number(bytes, is64 ? 32 : 20),
          link: bytes.readUInt32LE(is64 ? 40 : 24),
        };
      });
      const symbols = sections.find(({ type }) => type === dynamicSymbols);
      const names = symbols && sections[symbols.link];
      if (!symbols || !names) return false;
      return definedSymbol(read(symbols.at, symbols.size), read(names.at, names.size), is64);
    },
  };
}

const dynamicSymbols = 11;

/** Defined there, and not only wanted from another library. */
function definedSymbol(symbols: Buffer, names: Buffer, is64: boolean): boolean {
  const size = is64 ? 24 : 16;
  for (let at = 0; at + size <= symbols.length; at += size) {
    const section = symbols.readUInt16LE(at + (is64 ? 6 : 14));
    if (section !== 0 && textAt(names, symbols.readUInt32LE(at)) === entry) return true;
  }
  return false;
}

function pe(read: ReadAt): Library {
  const at = read(60, 4).readUInt32LE();
  const head = read(at, 24);
  if (head.readUInt32BE() !== 0x50450000) throw new Cut();
  const machine = head.readUInt16LE(4);
  return {
    platform: 'win32',
    arch: peMachines[machine] ?? `machine ${machine}`,
    exports() {
      const [sectionCount, optionalSize] = [head.readUInt16LE(6), head.readUInt16LE(20)];
      const optional = read(at + 24, optionalSize);
      const is64 = optional.readUInt16LE() === 0x20b;
      const directory = is64 ? 112 : 96;
      if (optional.length < directory + 8) return false;
      const exportsAt = optional.readUInt32LE(directory);
      if (exportsAt === 0) return false;
      const sections = Array.from({ length: sectionCount }, (_, index) => {
        const bytes = read(at + 24 + optionalSize + index * 40, 40);
        return { virtual: bytes.readUInt32LE(12), size: bytes.readUInt32LE(16), raw: bytes.readUInt32LE(20) };
      });
      const fileOffset = (address: number): number => {
        const home = sections.find(({ virtual, size }) => address >= virtual && address < virtual + size);
        if (!home) throw new Cut();
        return home.raw + (address - home.virtual);
      };
      const table = read(fileOffset(exportsAt), 40);
      const names = read(fileOffset(table.readUInt32LE(32)), table.readUInt32LE(24) * 4);
      for (let name = 0; name < names.length; name += 4) {
        const place = fileOffset(names.readUInt32LE(name));
        // a last name may end with its section, and the file with that
        if (startsAt(read, place)) return true;
      }
      return false;
    },
  };
}

function startsAt(read: ReadAt, at: number): boolean {
  try {
    return read(at, entry.length + 1).toString('latin1') === `${entry}\0`;
  } catch (error) {
    if (error instanceof Cut) return false;
    throw error;
  }
}

function textAt(names: Buffer, at: number): string {
  const end = names.indexOf(0, at);
  return names.toString('latin1', at, end < 0 ? names.length : end);
}
