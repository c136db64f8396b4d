// SecuGen Hamster Plus, IV, Pro 20 through sgfplib of the FDx SDK Pro.
// Functions and numbers: sgfplib.h as published. Unproven: how long GetImageEx really waits, and whether one
// library object per reader is enough for two readers at once.
import { canBePicture, faultOf, isFault, type Meanings, type ReaderFault, type Vendor } from '../vendor.ts';

/** Whatever reader is plugged in. */
const anyDevice = 0xff;
/** ms GetImageEx waits for a finger. */
const lookMs = 500;
/** 0…100, the least GetImageEx is content with; low, because we judge pictures ourselves. */
const leastQuality = 30;

const meanings: Meanings = {
  // a reader unplugged while it takes a picture is reported as a plain failure
  2: 'reader_unplugged',
  5: 'reader_software_missing',
  6: 'reader_software_missing',
  7: 'reader_software_missing',
  51: 'reader_software_missing',
  53: 'reader_line_bad',
  55: 'reader_unplugged',
  56: 'reader_software_missing',
  58: 'reader_line_bad',
  59: 'reader_busy',
  61: 'reader_software_missing',
  501: 'reader_software_missing',
  502: 'reader_software_missing',
  503: 'reader_software_missing',
  504: 'reader_software_missing',
};
const done = 0;
const notFound = 55;
/** Time out; not a finger; not a living finger. */
const noFinger: ReadonlySet<number> = new Set([54, 57, 62]);
const serialBytes = 16;

export const secugen: Vendor = {
  name: 'secugen',
  maker: 'SecuGen',
  usb: [0x1162],
  files: { win32: ['sgfplib.dll'], linux: ['libsgfplib.so'] },
  folders: {
    win32: ['%ProgramFiles%\\SecuGen\\Drivers', '%ProgramFiles%\\SecuGen\\FDx SDK Pro'],
    linux: ['/usr/local/lib/secugen', '/opt/secugen/lib'],
  },
  functions: {
    SGFPM_Create: 'unsigned long __stdcall SGFPM_Create(void *handle)',
    SGFPM_Terminate: 'unsigned long __stdcall SGFPM_Terminate(void *handle)',
    SGFPM_Init: 'unsigned long __stdcall SGFPM_Init(void *handle, unsigned long name)',
    SGFPM_EnumerateDevice:
      'unsigned long __stdcall SGFPM_EnumerateDevice(void *handle, void *count, void *list)',
    SGFPM_OpenDevice: 'unsigned long __stdcall SGFPM_OpenDevice(void *handle, unsigned long id)',
    SGFPM_CloseDevice: 'unsigned long __stdcall SGFPM_CloseDevice(void *handle)',
    SGFPM_GetDeviceInfo: 'unsigned long __stdcall SGFPM_GetDeviceInfo(void *handle, void *info)',
    SGFPM_GetImageEx:
      'unsigned long __stdcall SGFPM_GetImageEx(void *handle, void *image, unsigned long ms, void *window, unsigned long quality)',
  },
  ridges: 'dark',
  pauseMs: 20,
  ready(calls) {
    return {
      count() {
        const sdk = create();
        if (sdk === 'none') return 0;
        if (isFault(sdk)) return sdk;
        const count = dwords(1);
        const status = calls.number('SGFPM_EnumerateDevice', sdk, count, new BigUint64Array(1));
        calls.number('SGFPM_Terminate', sdk);
        return status === done ? dword(count, 0) : faultOf(meanings, 'SGFPM_EnumerateDevice', status);
      },
      open(index) {
        const sdk = create();
        if (sdk === 'none') return { code: 'reader_missing', detail: 'SGFPM_Init found no reader' };
        if (isFault(sdk)) return sdk;
        const status = calls.number('SGFPM_OpenDevice', sdk, index);
        if (status !== done) {
          calls.number('SGFPM_Terminate', sdk);
          return faultOf(meanings, 'SGFPM_OpenDevice', status);
        }
        const size = sizeOf(sdk);
        if (isFault(size)) {
          close(sdk);
          return size;
        }
        const pixels = new Uint8Array(size.width * size.height);
        return {
          look() {
            const looked = calls.number('SGFPM_GetImageEx', sdk, pixels, lookMs, null, leastQuality);
            if (looked === done) return { ...size, pixels };
            return noFinger.has(looked) ? 'nothing' : faultOf(meanings, 'SGFPM_GetImageEx', looked);
          },
          wipe: () => void pixels.fill(0),
          // an unplugged reader fails its next look
          plugged: () => true,
          close: () => close(sdk),
        };
      },
      end() {},
    };

    function create(): bigint | 'none' | ReaderFault {
      const handle = new BigUint64Array(1);
      const made = calls.number('SGFPM_Create', handle);
      const sdk = handle[0];
      if (made !== done || !sdk) return faultOf(meanings, 'SGFPM_Create', made);
      const ready = calls.number('SGFPM_Init', sdk, anyDevice);
      if (ready === done) return sdk;
      calls.number('SGFPM_Terminate', sdk);
      return ready === notFound ? 'none' : faultOf(meanings, 'SGFPM_Init', ready);
    }

    function close(sdk: bigint): void {
      calls.number('SGFPM_CloseDevice', sdk);
      calls.number('SGFPM_Terminate', sdk);
    }

    /** SGDeviceInfoParam: DWORD id, 16 bytes serial, then nine DWORD; width is the third of them, dpi the eighth. */
    function sizeOf(sdk: bigint): { width: number; height: number; dpi: number } | ReaderFault {
      const bytes = new Uint8Array(calls.longBytes * 10 + serialBytes);
      const status = calls.number('SGFPM_GetDeviceInfo', sdk, bytes);
      if (status !== done) return faultOf(meanings, 'SGFPM_GetDeviceInfo', status);
      const rest = bytes.subarray(calls.longBytes + serialBytes);
      const size = { width: dword(rest, 2), height: dword(rest, 3), dpi: dword(rest, 7) };
      return canBePicture(size.width, size.height)
        ? size
        : { code: 'reader_failed', detail: `a picture of ${size.width} × ${size.height}` };
    }

    function dwords(many: number): Uint8Array {
      return new Uint8Array(many * calls.longBytes);
    }

    /** Little-endian; none of these numbers needs more than 32 bits. */
    function dword(bytes: Uint8Array, index: number): number {
      return new DataView(bytes.buffer, bytes.byteOffset).getUint32(index * calls.longBytes, true);
    }
  },
};
