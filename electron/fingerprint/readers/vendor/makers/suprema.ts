// Suprema BioMini through UFScanner of the BioMini SDK. Functions and numbers: UFScanner.h as published.
// Unproven: that an unplugged scanner reports its sensor off, and that a time-out of half a second is heeded.
import { faultOf, type Meanings, type Vendor } from '../vendor.ts';

const timeoutParameter = 201;
/** ms CaptureSingleImage waits for a finger. */
const lookMs = 500;
/** UFS_MAX_IMAGE_BUFFER_LENGTH */
const mostBytes = 1_000_000;

const meanings: Meanings = {
  [-101]: 'reader_software_missing',
  [-102]: 'reader_software_missing',
  [-103]: 'reader_software_missing',
  [-111]: 'reader_software_missing',
  [-202]: 'reader_software_missing',
  [-203]: 'reader_missing',
  [-204]: 'reader_software_missing',
};
const done = 0;
const alreadyReady = -201;
/** Another capture still ends; no picture in time; not a living finger. */
const noFinger: ReadonlySet<number> = new Set([-211, -212, -221, -231]);

export const suprema: Vendor = {
  name: 'suprema',
  maker: 'Suprema BioMini',
  usb: [0x16d1],
  files: { win32: ['UFScanner.dll'], linux: ['libUFScanner.so'] },
  folders: {
    win32: [
      '%ProgramFiles%\\Suprema\\BioMini SDK\\bin',
      '%ProgramFiles%\\Suprema\\UniFinger Engine SDK\\bin',
    ],
    linux: ['/opt/suprema', '/opt/suprema/lib'],
  },
  functions: {
    UFS_Init: 'int __stdcall UFS_Init()',
    UFS_Update: 'int __stdcall UFS_Update()',
    UFS_Uninit: 'int __stdcall UFS_Uninit()',
    UFS_GetScannerNumber: 'int __stdcall UFS_GetScannerNumber(void *number)',
    UFS_GetScannerHandle: 'int __stdcall UFS_GetScannerHandle(int index, void *handle)',
    UFS_SetParameter: 'int __stdcall UFS_SetParameter(void *scanner, int parameter, void *value)',
    UFS_IsSensorOn: 'int __stdcall UFS_IsSensorOn(void *scanner, void *on)',
    UFS_CaptureSingleImage: 'int __stdcall UFS_CaptureSingleImage(void *scanner)',
    UFS_GetCaptureImageBufferInfo:
      'int __stdcall UFS_GetCaptureImageBufferInfo(void *scanner, void *width, void *height, void *dpi)',
    UFS_GetCaptureImageBuffer: 'int __stdcall UFS_GetCaptureImageBuffer(void *scanner, void *image)',
    UFS_ClearCaptureImageBuffer: 'int __stdcall UFS_ClearCaptureImageBuffer(void *scanner)',
  },
  ridges: 'dark',
  pauseMs: 20,
  ready(calls) {
    const status = calls.number('UFS_Init');
    if (status !== done && status !== alreadyReady) return faultOf(meanings, 'UFS_Init', status);
    let open = 0;

    return {
      count() {
        if (open === 0) calls.number('UFS_Update');
        const number = new Int32Array(1);
        const counted = calls.number('UFS_GetScannerNumber', number);
        return counted === done ? (number[0] ?? 0) : faultOf(meanings, 'UFS_GetScannerNumber', counted);
      },
      open(index) {
        const handle = new BigUint64Array(1);
        const got = calls.number('UFS_GetScannerHandle', index, handle);
        const scanner = handle[0];
        if (got !== done || !scanner) return faultOf(meanings, 'UFS_GetScannerHandle', got);
        calls.number('UFS_SetParameter', scanner, timeoutParameter, new Int32Array([lookMs]));
        open++;
        let pixels = new Uint8Array(0);
        return {
          look() {
            const looked = calls.number('UFS_CaptureSingleImage', scanner);
            if (looked !== done)
              return noFinger.has(looked) ? 'nothing' : faultOf(meanings, 'UFS_CaptureSingleImage', looked);
            const [width, height, dpi] = [new Int32Array(1), new Int32Array(1), new Int32Array(1)];
            const sized = calls.number('UFS_GetCaptureImageBufferInfo', scanner, width, height, dpi);
            if (sized !== done) return faultOf(meanings, 'UFS_GetCaptureImageBufferInfo', sized);
            const size = { width: width[0] ?? 0, height: height[0] ?? 0, dpi: dpi[0] ?? 0 };
            const bytes = size.width * size.height;
            if (bytes <= 0 || bytes > mostBytes)
              return { code: 'reader_failed', detail: `a picture of ${size.width} × ${size.height}` };
            if (pixels.length !== bytes) pixels = new Uint8Array(bytes);
            const copied = calls.number('UFS_GetCaptureImageBuffer', scanner, pixels);
            if (copied !== done) return faultOf(meanings, 'UFS_GetCaptureImageBuffer', copied);
            return { ...size, pixels };
          },
          wipe() {
            pixels.fill(0);
            calls.number('UFS_ClearCaptureImageBuffer', scanner);
          },
          plugged() {
            const on = new Int32Array([1]);
            return calls.number('UFS_IsSensorOn', scanner, on) !== done || on[0] !== 0;
          },
          close: () => void open--,
        };
      },
      end: () => void calls.number('UFS_Uninit'),
    };
  },
};
