// Frames of the simulation are the real ones. Most histories leave them uncompressed, so that one takes milliseconds
// and damage must be caught by the hashes alone; some use zstd as it is.
import { hash as digestOf } from 'node:crypto';
import { constants, zstdCompressSync, zstdDecompressSync } from 'node:zlib';
import type { FrameMaker } from '../../../shared/sync/drive.ts';
import { type Codec, createFrames } from '../../../shared/sync/frames.ts';

export const sha256 = (bytes: Uint8Array): Uint8Array => digestOf('sha256', bytes, 'buffer');

export const framesOf = (compressed: boolean): FrameMaker =>
  createFrames({ codec: compressed ? zstd : asItIs, dictionary: null, sha256 });

/** Never shorter than the plaintext, so it is never used. */
const asItIs: Codec = {
  compress: async (plain) => plain,
  decompress: async () => {
    throw new Error('nothing here is compressed');
  },
};

const zstd: Codec = {
  compress: async (plain, dictionary) =>
    zstdCompressSync(plain, {
      params: { [constants.ZSTD_c_compressionLevel]: 1, [constants.ZSTD_c_checksumFlag]: 1 },
      ...(dictionary ? { dictionary: Buffer.from(dictionary) } : {}),
    }),
  decompress: async (bytes, dictionary, maxOutputLength) =>
    zstdDecompressSync(bytes, {
      maxOutputLength,
      ...(dictionary ? { dictionary: Buffer.from(dictionary) } : {}),
    }),
};
