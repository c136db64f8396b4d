// A maker's library by its functions' names, through koffi. Loaded in the helper process only.
// A library that is not there, is built for another word size or lacks a function says so as a fault.
import type { Calls, ReaderFault, Vendor } from './vendor.ts';

export async function loadLibrary(vendor: Vendor, file: string): Promise<Calls | ReaderFault> {
  const koffi = await loadKoffi();
  if ('code' in koffi) return koffi;
  try {
    const library = koffi.load(file);
    const functions = new Map(
      Object.entries(vendor.functions).map(([name, prototype]) => [name, library.func(prototype)]),
    );
    const call = (name: string, args: readonly unknown[]): unknown => {
      const found = functions.get(name);
      if (!found) throw new Error(`${name} is not in the table of ${vendor.name}`);
      return found(...args);
    };
    return {
      number(name, ...args) {
        // a C long comes as a bigint when it is too large to be a number
        const answer = call(name, args);
        return typeof answer === 'bigint' ? Number(answer) : typeof answer === 'number' ? answer : 0;
      },
      handle(name, ...args) {
        const answer = call(name, args);
        return typeof answer === 'bigint' && answer !== 0n ? answer : null;
      },
      longBytes: koffi.sizeof('long') === 4 ? 4 : 8,
    };
  } catch (error) {
    return missing(error);
  }
}

/**
 * A library that crashes takes its memory with it, and a picture may be in that memory: no dump is written of it,
 * no box about it is shown, and on Linux the helper dies with the program whatever its library is doing.
 */
export async function dieQuietly(): Promise<void> {
  const koffi = await loadKoffi();
  if ('code' in koffi) return;
  if (process.platform === 'linux') {
    const libc = koffi.load('libc.so.6');
    const prctl = libc.func(
      'int prctl(int option, unsigned long a, unsigned long b, unsigned long c, unsigned long d)',
    );
    const [killWithParent, sigkill, setDumpable] = [1, 9, 4];
    prctl(killWithParent, sigkill, 0, 0, 0);
    prctl(setDumpable, 0, 0, 0, 0);
  }
  if (process.platform === 'win32') {
    const kernel = koffi.load('kernel32.dll');
    const [noCriticalBox, noFaultBox, noOpenBox] = [0x0001, 0x0002, 0x8000];
    kernel.func('uint32_t __stdcall SetErrorMode(uint32_t mode)')(noCriticalBox | noFaultBox | noOpenBox);
    const [noHeap, noReport] = [0x0001, 0x0020];
    kernel.func('int32_t __stdcall WerSetFlags(uint32_t flags)')(noHeap | noReport);
  }
}

async function loadKoffi(): Promise<typeof import('koffi') | ReaderFault> {
  try {
    return await import('koffi');
  } catch (error) {
    return missing(error);
  }
}

const missing = (error: unknown): ReaderFault => ({
  code: 'reader_software_missing',
  detail: error instanceof Error ? error.message.slice(0, 200) : 'unknown',
});
