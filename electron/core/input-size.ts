// Bounds what the router looks at: a page, or whatever speaks for it, may send anything, also cycles and deep nests.
import type { ErrorCode } from '../../shared/api/errors.ts';

/** Characters and nodes of one call; a whole round of vitals or a long note is under a tenth of it. */
const maxSize = 1_048_576;
const maxDepth = 32;

/** `too_large` beyond the size, `bad_input` beyond the depth, null when it may be parsed. */
export function tooLarge(input: unknown): ErrorCode | null {
  let size = 0;
  let level: unknown[] = [input];
  for (let depth = 0; level.length > 0; depth++) {
    if (depth > maxDepth) return 'bad_input';
    const next: unknown[] = [];
    for (const value of level) {
      size += typeof value === 'string' ? value.length : 8;
      if (size > maxSize) return 'too_large';
      if (typeof value !== 'object' || value === null) continue;
      if (ArrayBuffer.isView(value)) {
        size += value.byteLength;
        continue;
      }
      for (const [key, member] of Object.entries(value)) {
        size += key.length;
        next.push(member);
      }
      if (size + next.length * 8 > maxSize) return 'too_large';
    }
    level = next;
  }
  return null;
}
