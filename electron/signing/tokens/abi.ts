// How a module's structures lie in memory. The standard leaves it to the platform: Windows packs to single bytes and
// counts in 4, everybody else aligns naturally and counts in a C `unsigned long`.

export interface Abi {
  /** Bytes of CK_ULONG. */
  readonly ulong: 4 | 8;
  readonly pointer: 4 | 8;
  /** No gaps between members. */
  readonly packed: boolean;
}

export function abiOf(platform: string, arch: string): Abi {
  const pointer = arch === 'ia32' || arch === 'arm' ? 4 : 8;
  return platform === 'win32'
    ? { ulong: 4, pointer, packed: true }
    : { ulong: pointer, pointer, packed: false };
}

/** A number of CK_ULONG's size, or a pointer's; handles are kept as bigint because they may fill 64 bits. */
export interface Ulongs {
  readonly bytes: Buffer;
  get(index?: number): bigint;
}

export function ulongs({ ulong }: Abi, values: readonly (number | bigint)[]): Ulongs {
  const bytes = Buffer.alloc(ulong * values.length);
  for (const [index, value] of values.entries()) writeNumber(bytes, index * ulong, ulong, value);
  return { bytes, get: (index = 0) => readNumber(bytes, index * ulong, ulong) };
}

/** CK_ATTRIBUTE: type, where its value is, how long that may be; after the call, how long it is. */
export interface Template {
  readonly bytes: Buffer;
  readonly count: number;
  /** Null: the module says that there is none, or that it may not be told. */
  length(index: number): number | null;
}

export function template(
  abi: Abi,
  entries: readonly { readonly type: number; readonly value: Buffer }[],
  addressOf: (value: Buffer) => bigint,
): Template {
  const layout = layoutOf(abi, ['ulong', 'pointer', 'ulong']);
  const bytes = Buffer.alloc(layout.size * entries.length);
  for (const [index, { type, value }] of entries.entries()) {
    const at = index * layout.size;
    writeNumber(bytes, at, abi.ulong, type);
    writeNumber(bytes, at + layout.offset(1), abi.pointer, addressOf(value));
    writeNumber(bytes, at + layout.offset(2), abi.ulong, value.length);
  }
  const none = (1n << BigInt(abi.ulong * 8)) - 1n;
  return {
    bytes,
    count: entries.length,
    length(index) {
      const length = readNumber(bytes, index * layout.size + layout.offset(2), abi.ulong);
      return length === none ? null : Number(length);
    },
  };
}

/** CK_MECHANISM, and behind it what it points to. */
export function mechanismBytes(
  abi: Abi,
  kind: number,
  parameter: Buffer | null,
  addressOf: (value: Buffer) => bigint,
): Buffer {
  const layout = layoutOf(abi, ['ulong', 'pointer', 'ulong']);
  const bytes = Buffer.alloc(layout.size);
  writeNumber(bytes, 0, abi.ulong, kind);
  if (parameter) {
    writeNumber(bytes, layout.offset(1), abi.pointer, addressOf(parameter));
    writeNumber(bytes, layout.offset(2), abi.ulong, parameter.length);
  }
  return bytes;
}

/** CK_TOKEN_INFO. */
export interface TokenInfo {
  readonly label: string;
  readonly maker: string;
  readonly serial: string;
  readonly flags: number;
  readonly pinLength: { readonly min: number; readonly max: number };
}

/** More than any platform's CK_TOKEN_INFO. */
export const tokenInfoBytes = 512;

export function readTokenInfo({ ulong }: Abi, bytes: Buffer): TokenInfo {
  // label[32], manufacturer[32], model[16], serial[16], flags, four session counts, longest and shortest PIN
  const number = (index: number): number => Number(readNumber(bytes, 96 + index * ulong, ulong));
  return {
    label: padded(bytes.subarray(0, 32)),
    maker: padded(bytes.subarray(32, 64)),
    serial: padded(bytes.subarray(80, 96)),
    flags: number(0) & 0xffff_ffff,
    pinLength: plausibleLength(number(6), number(5)),
  };
}

/** Makers who don't fill it in leave zeroes or all ones. */
function plausibleLength(min: number, max: number): { min: number; max: number } {
  const sane = Number.isSafeInteger(max) && max >= 4 && max <= 255 && min <= max;
  return sane ? { min: Math.max(min, 1), max } : { min: 4, max: 64 };
}

/** Blank-padded by the standard, zero-padded by some makers; UTF-8 by the standard, Latin-1 by some makers. */
function padded(bytes: Buffer): string {
  const end = bytes.indexOf(0);
  return (end < 0 ? bytes : bytes.subarray(0, end)).toString('utf8').replaceAll('�', '?').trim();
}

/** Bytes from the beginning of CK_FUNCTION_LIST to the function with this number, counted from C_Initialize. */
export function functionOffset({ pointer, packed }: Abi, index: number): number {
  // first its version, two bytes
  return (packed ? 2 : pointer) + index * pointer;
}

type Member = 'ulong' | 'pointer';

function layoutOf(abi: Abi, members: readonly Member[]): { size: number; offset(index: number): number } {
  const offsets: number[] = [];
  let at = 0;
  let widest = 1;
  for (const member of members) {
    const size = abi[member];
    if (!abi.packed) {
      at = Math.ceil(at / size) * size;
      widest = Math.max(widest, size);
    }
    offsets.push(at);
    at += size;
  }
  return { size: Math.ceil(at / widest) * widest, offset: (index) => offsets[index] ?? 0 };
}

function writeNumber(bytes: Buffer, at: number, size: 4 | 8, value: number | bigint): void {
  if (size === 8) bytes.writeBigUInt64LE(BigInt(value), at);
  else bytes.writeUInt32LE(Number(value), at);
}

export function readNumber(bytes: Buffer, at: number, size: 4 | 8): bigint {
  return size === 8 ? bytes.readBigUInt64LE(at) : BigInt(bytes.readUInt32LE(at));
}
