// ZKTeco Live20R, ZK4500, ZK9500, SLK20R through libzkfp of the ZKFinger SDK 5.
// Functions and numbers: the SDK's C API guide and libzkfp.h/libzkfperrdef.h as published. Never run with a reader.
import { canBePicture, faultOf, isFault, type Meanings, type ReaderFault, type Vendor } from '../vendor.ts';

const parameter = { width: 1, height: 2, dpi: 3 } as const;

const meanings: Meanings = {
  [-1]: 'reader_software_missing', // the library under libzkfp
  [-2]: 'reader_software_missing',
  [-3]: 'reader_unplugged',
  [-6]: 'reader_busy',
  [-7]: 'reader_unplugged', // the handle of a reader that is gone
  [-12]: 'reader_busy',
  [-23]: 'reader_unplugged',
};
const done = 0;
const alreadyReady = 1;
const noReader = -3;
/** AcquireFingerprintImage looks for half a second and then says "capture failed". */
const noFinger: ReadonlySet<number> = new Set([-8, -12, -18, -28]);

export const zkteco: Vendor = {
  name: 'zkteco',
  maker: 'ZKTeco',
  usb: [0x1b55],
  files: { win32: ['libzkfp.dll'], linux: ['libzkfp.so'] },
  folders: {
    win32: ['%ProgramFiles%\\ZKTeco\\ZKFinger SDK', '%ProgramFiles%\\ZKFinger SDK'],
    linux: ['/opt/zkteco', '/opt/zkfinger/lib'],
  },
  functions: {
    ZKFPM_Init: 'int __stdcall ZKFPM_Init()',
    ZKFPM_Terminate: 'int __stdcall ZKFPM_Terminate()',
    ZKFPM_GetDeviceCount: 'int __stdcall ZKFPM_GetDeviceCount()',
    ZKFPM_OpenDevice: 'void *__stdcall ZKFPM_OpenDevice(int index)',
    ZKFPM_CloseDevice: 'int __stdcall ZKFPM_CloseDevice(void *device)',
    ZKFPM_GetParameters:
      'int __stdcall ZKFPM_GetParameters(void *device, int code, void *value, void *valueBytes)',
    ZKFPM_AcquireFingerprintImage:
      'int __stdcall ZKFPM_AcquireFingerprintImage(void *device, void *image, unsigned int imageBytes)',
  },
  ridges: 'dark',
  pauseMs: 20,
  ready(calls) {
    let open = 0;
    const first = init();
    if (isFault(first)) return first;

    return {
      count() {
        // a reader plugged in after Init is found by a new Init
        if (open === 0) {
          calls.number('ZKFPM_Terminate');
          const again = init();
          if (isFault(again)) return again;
        }
        return Math.max(0, calls.number('ZKFPM_GetDeviceCount'));
      },
      open(index) {
        const device = calls.handle('ZKFPM_OpenDevice', index);
        if (device === null) return notOpened(index);
        const width = ask(device, parameter.width);
        const height = ask(device, parameter.height);
        const dpi = ask(device, parameter.dpi);
        if (width === null || height === null || dpi === null || !canBePicture(width, height)) {
          calls.number('ZKFPM_CloseDevice', device);
          return { code: 'reader_failed', detail: 'ZKFPM_GetParameters gave no size' };
        }
        open++;
        const pixels = new Uint8Array(width * height);
        return {
          look() {
            const status = calls.number('ZKFPM_AcquireFingerprintImage', device, pixels, pixels.length);
            if (status === done) return { width, height, dpi, pixels };
            return noFinger.has(status)
              ? 'nothing'
              : faultOf(meanings, 'ZKFPM_AcquireFingerprintImage', status);
          },
          wipe: () => void pixels.fill(0),
          plugged: () => calls.number('ZKFPM_GetDeviceCount') > index,
          close() {
            open--;
            calls.number('ZKFPM_CloseDevice', device);
          },
        };
      },
      end: () => void calls.number('ZKFPM_Terminate'),
    };

    function init(): true | ReaderFault {
      const status = calls.number('ZKFPM_Init');
      // versions differ: some have nothing to prepare without a reader
      if (status === done || status === alreadyReady || status === noReader) return true;
      return faultOf(meanings, 'ZKFPM_Init', status);
    }

    function notOpened(index: number): ReaderFault {
      const there = calls.number('ZKFPM_GetDeviceCount') > index;
      return there
        ? { code: 'reader_busy', detail: 'ZKFPM_OpenDevice gave no handle' }
        : { code: 'reader_missing', detail: 'ZKFPM_OpenDevice: no such reader' };
    }

    function ask(device: bigint, code: number): number | null {
      const value = new Int32Array(1);
      const bytes = new Uint32Array([value.byteLength]);
      const status = calls.number('ZKFPM_GetParameters', device, code, value, bytes);
      return status === done ? (value[0] ?? null) : null;
    }
  },
};
