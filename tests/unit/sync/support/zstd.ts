// Zstandard as Node has it, for tests of the protocol's plain part.
import { createHash } from 'node:crypto';
import { constants, zstdCompressSync, zstdDecompressSync } from 'node:zlib';
import type { Sha256 } from '../../../../shared/sync/bytes.ts';
import type { Codec } from '../../../../shared/sync/frames.ts';

export const sha256: Sha256 = (bytes) => createHash('sha256').update(bytes).digest();

export const zstd: Codec = {
  async compress(plain, dictionary, level) {
    return zstdCompressSync(plain, {
      ...(dictionary && { dictionary }),
      params: {
        [constants.ZSTD_c_compressionLevel]: level,
        [constants.ZSTD_c_checksumFlag]: 1,
        [constants.ZSTD_c_dictIDFlag]: 0,
        [constants.ZSTD_c_windowLog]: 23,
      },
    });
  },
  async decompress(bytes, dictionary, maxOutput) {
    return zstdDecompressSync(bytes, { ...(dictionary && { dictionary }), maxOutputLength: maxOutput });
  },
};
