// Zstandard of frames, on the thread pool: the highest level takes 40 ms for a frame, and somebody may be typing.
import { promisify } from 'node:util';
import { constants, zstdCompress, zstdDecompress } from 'node:zlib';
import type { Codec } from '../../shared/sync/frames.ts';

const compress = promisify(zstdCompress);
const decompress = promisify(zstdDecompress);
/** 8 MiB: a whole frame's plaintext. */
const windowLog = 23;

export const zstd: Codec = {
  compress: (plain, dictionary, level) =>
    compress(plain, {
      ...(dictionary && { dictionary }),
      params: {
        [constants.ZSTD_c_compressionLevel]: level,
        [constants.ZSTD_c_checksumFlag]: 1,
        [constants.ZSTD_c_dictIDFlag]: 0,
        [constants.ZSTD_c_windowLog]: windowLog,
      },
    }),
  decompress: (bytes, dictionary, maxOutput) =>
    decompress(bytes, {
      ...(dictionary && { dictionary }),
      maxOutputLength: maxOutput,
      params: { [constants.ZSTD_d_windowLogMax]: windowLog },
    }),
};
