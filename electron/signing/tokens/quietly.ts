// A module that crashes takes its process's memory with it, and a PIN may be in that memory: no dump is written of it,
// no box about it is shown, and on Linux the helper dies with the program whatever a module is doing.

export async function dieQuietly(): Promise<void> {
  const koffi = await import('koffi');
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
