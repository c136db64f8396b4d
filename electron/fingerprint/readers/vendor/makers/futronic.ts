// Futronic FS80H, FS88H through ftrScanAPI. Functions and numbers: ftrScanAPI.h as published.
// Unproven: that an unplugged reader says "not ready", and that ridges come dark.
import { canBePicture, faultOf, type Meanings, type Vendor } from '../vendor.ts';

const mostInterfaces = 128;
const connected = 0;
/** The library does not say; every model sold here is 500 (data sheets). */
const dpi = 500;

/** Windows' own numbers, and the maker's from 0x20000000. */
const meanings: Meanings = {
  5: 'reader_no_access',
  21: 'reader_unplugged',
  31: 'reader_unplugged',
  32: 'reader_busy',
  170: 'reader_busy',
  259: 'reader_missing',
  1167: 'reader_unplugged',
  536870916: 'reader_software_missing',
  536870917: 'reader_software_missing',
};
/** Empty frame, time out, moving finger, no frame. */
const noFinger: ReadonlySet<number> = new Set([4306, 1460, 0x20000001, 0x20000002]);

export const futronic: Vendor = {
  name: 'futronic',
  maker: 'Futronic',
  usb: [0x1491],
  files: { win32: ['ftrScanAPI.dll'], linux: ['libScanAPI.so'] },
  folders: { win32: ['%ProgramFiles%\\Futronic'], linux: ['/opt/futronic', '/opt/futronic/lib'] },
  functions: {
    ftrScanGetInterfaces: 'int __stdcall ftrScanGetInterfaces(void *list)',
    ftrScanOpenDeviceOnInterface: 'void *__stdcall ftrScanOpenDeviceOnInterface(int number)',
    ftrScanCloseDevice: 'void __stdcall ftrScanCloseDevice(void *device)',
    ftrScanGetImageSize: 'int __stdcall ftrScanGetImageSize(void *device, void *size)',
    ftrScanIsFingerPresent: 'int __stdcall ftrScanIsFingerPresent(void *device, void *parameters)',
    ftrScanGetFrame: 'int __stdcall ftrScanGetFrame(void *device, void *image, void *parameters)',
    ftrScanGetLastError: 'uint32_t __stdcall ftrScanGetLastError()',
  },
  ridges: 'dark',
  pauseMs: 100,
  ready(calls) {
    const lastError = (name: string) => faultOf(meanings, name, calls.number('ftrScanGetLastError'));

    return {
      count: () => plugged().length,
      open(index) {
        const number = plugged()[index];
        if (number === undefined) return { code: 'reader_missing', detail: 'no such interface' };
        const device = calls.handle('ftrScanOpenDeviceOnInterface', number);
        if (device === null) return lastError('ftrScanOpenDeviceOnInterface');
        const size = new Int32Array(3);
        const said = calls.number('ftrScanGetImageSize', device, size) !== 0;
        const [width = 0, height = 0, bytes = 0] = size;
        if (!said || !canBePicture(width, height) || bytes > 2 * width * height) {
          const fault = said
            ? ({
                code: 'reader_failed',
                detail: `a picture of ${width} × ${height} in ${bytes} bytes`,
              } as const)
            : lastError('ftrScanGetImageSize');
          calls.number('ftrScanCloseDevice', device);
          return fault;
        }
        // the library writes as many bytes as it says, whatever they come to in pixels
        const frame = new Uint8Array(Math.max(bytes, width * height));
        const pixels = frame.subarray(0, width * height);
        return {
          look() {
            if (calls.number('ftrScanIsFingerPresent', device, null) !== 0) {
              if (calls.number('ftrScanGetFrame', device, frame, null) !== 0)
                return { width, height, dpi, pixels };
            }
            const status = calls.number('ftrScanGetLastError');
            return status === 0 || noFinger.has(status)
              ? 'nothing'
              : faultOf(meanings, 'ftrScanGetFrame', status);
          },
          wipe: () => void frame.fill(0),
          plugged: () => plugged().includes(number),
          close: () => void calls.number('ftrScanCloseDevice', device),
        };
      },
      end() {},
    };

    function plugged(): number[] {
      const list = new Int32Array(mostInterfaces).fill(1);
      if (calls.number('ftrScanGetInterfaces', list) === 0) return [];
      return [...list.keys()].filter((number) => list[number] === connected);
    }
  },
};
