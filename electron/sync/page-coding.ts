// A snapshot on its way: its pages without their encryption, so that they can be compressed to a quarter, inside TLS
// between two PCs that trust each other. Put on again with the key and the vectors the pages carry, the encryption
// gives the very same file, byte for byte: on neither side's disk is anything readable, and the file's hash stays.
import { createCipheriv, createDecipheriv } from 'node:crypto';
import { Transform } from 'node:stream';
import { constants, createZstdCompress, createZstdDecompress } from 'node:zlib';

/** Value of `accept-encoding` and `content-encoding`. */
export const PAGE_CODING = 'tram-pages';

/** SQLCipher 4: content, then the vector (16 bytes) and the proof (64). The first 16 bytes of the file are its salt. */
export const PAGE_BYTES = 4096;
const CONTENT_END = PAGE_BYTES - 80;
const VECTOR_END = CONTENT_END + 16;
const SALT_BYTES = 16;

/** Level 3 takes twice the time, which a hub has other use for, and saves a tenth. */
const LEVEL = 1;

/** `from`: place in the file of the first byte, a multiple of PAGE_BYTES. */
export const openedPages = (key: Uint8Array, from: number): Transform =>
  pages(from, (vector) => createDecipheriv('aes-256-cbc', key, vector).setAutoPadding(false));

export const closedPages = (key: Uint8Array, from: number): Transform =>
  pages(from, (vector) => createCipheriv('aes-256-cbc', key, vector).setAutoPadding(false));

export const compressed = (): Transform =>
  createZstdCompress({ params: { [constants.ZSTD_c_compressionLevel]: LEVEL } });
export const decompressed = (): Transform => createZstdDecompress();

/** What is no whole page passes as it is. */
function pages(
  from: number,
  cipherFor: (vector: Uint8Array) => { update(part: Uint8Array): Buffer },
): Transform {
  let at = from;
  let rest: Buffer = Buffer.alloc(0);
  return new Transform({
    transform(part: Buffer, _encoding, done) {
      const all = rest.length === 0 ? part : Buffer.concat([rest, part]);
      const whole = all.length - (all.length % PAGE_BYTES);
      rest = all.subarray(whole);
      const turned = Buffer.from(all.subarray(0, whole));
      for (let page = 0; page < whole; page += PAGE_BYTES) {
        const begin = page + (at + page === 0 ? SALT_BYTES : 0);
        const cipher = cipherFor(turned.subarray(page + CONTENT_END, page + VECTOR_END));
        turned.set(cipher.update(turned.subarray(begin, page + CONTENT_END)), begin);
      }
      at += whole;
      done(null, turned);
    },
    flush(done) {
      done(null, rest);
    },
  });
}
