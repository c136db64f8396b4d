// Signed files from elsewhere on their way to be checked. They come in parts, because a call carries a megabyte at most;
// they are in memory only, belong to the session that brings them, and are gone once looked at.
import { fail, ok, type Result } from '../../../shared/api/contract.ts';
import { mostFileBytes } from '../../../shared/codes/file-limits.ts';

export interface FilePart {
  /** The page's own name for the file. */
  readonly file: string;
  /** Where this part begins, and how many bytes the whole file has. */
  readonly at: number;
  readonly of: number;
  readonly bytes: Buffer;
}

export interface ReceivedFiles {
  /** Parts come in order; the first makes the file anew. Codes: too_large, bad_input (no part that is due). */
  take(sessionId: string, part: FilePart): Result<null>;
  /** The whole file, once. Codes: not_found (none of that name, not all of it, or dropped since). */
  give(sessionId: string, file: string): Result<Buffer>;
  sweep(isAtWork: (sessionId: string) => boolean): void;
}

/** A signature and what it covers. */
const filesOfSession = 2;
/** Nobody brings the rest of a file after that. */
const idleMs = 120_000;

export function openReceivedFiles(now: () => number): ReceivedFiles {
  interface Coming {
    readonly sessionId: string;
    readonly file: string;
    readonly whole: Buffer;
    filled: number;
    touchedAt: number;
  }
  /** Oldest first. */
  let coming: readonly Coming[] = [];
  const of = (sessionId: string, file: string) =>
    coming.find((one) => one.sessionId === sessionId && one.file === file);
  const drop = (gone: Coming | undefined): void => {
    coming = coming.filter((one) => one !== gone);
  };

  return {
    take(sessionId, { file, at, of: size, bytes }) {
      if (size > mostFileBytes) return fail('too_large');
      if (at === 0) {
        drop(of(sessionId, file));
        const others = coming.filter((one) => one.sessionId === sessionId);
        if (others.length === filesOfSession) drop(others[0]);
        coming = [...coming, { sessionId, file, whole: Buffer.alloc(size), filled: 0, touchedAt: now() }];
      }
      const one = of(sessionId, file);
      if (!one || at !== one.filled || size !== one.whole.length || at + bytes.length > size)
        return fail('bad_input');
      bytes.copy(one.whole, at);
      one.filled += bytes.length;
      one.touchedAt = now();
      return ok(null);
    },

    give(sessionId, file) {
      const one = of(sessionId, file);
      if (!one || one.filled < one.whole.length) return fail('not_found', { messageKey: 'signing.fileLost' });
      drop(one);
      return ok(one.whole);
    },

    sweep(isAtWork) {
      coming = coming.filter(({ sessionId, touchedAt }) => isAtWork(sessionId) && now() - touchedAt < idleMs);
    },
  };
}
