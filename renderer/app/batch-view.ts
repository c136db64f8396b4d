// What a batch of signatures looks like on the screen after each thing the core tells about it.
import type { ErrorCode } from '../../shared/api/errors.ts';
import type { SigningNews } from '../../shared/api/signing.ts';

export interface Batch {
  /** Signed and failed together. */
  readonly done: number;
  readonly of: number;
  /** Under the token now. */
  readonly current: string | null;
  readonly signed: ReadonlySet<string>;
  /** Document → why not. */
  readonly failed: ReadonlyMap<string, ErrorCode>;
  readonly ended: boolean;
  /** Why it ended before its time; null when it went through, or was stopped. */
  readonly broke: ErrorCode | null;
}

export const newBatch = (of: number): Batch => ({
  done: 0,
  of,
  current: null,
  signed: new Set(),
  failed: new Map(),
  ended: false,
  broke: null,
});

/** After these nothing more can be signed before the token was opened again. */
const endsAll: ReadonlySet<ErrorCode> = new Set([
  'token_gone',
  'token_missing',
  'token_locked',
  'token_hangs',
  'pin_locked',
]);

export function afterBatchNews(before: Batch, news: SigningNews): Batch {
  const after = { ...before, of: news.of, done: Math.max(before.done, news.done) };
  const { documentId, code } = news;
  switch (news.step) {
    case 'item':
      return { ...after, current: documentId ?? null };
    case 'signed':
      return {
        ...after,
        current: null,
        signed: documentId === undefined ? before.signed : new Set([...before.signed, documentId]),
      };
    case 'failed': {
      if (code !== undefined && endsAll.has(code))
        return { ...after, current: null, ended: true, broke: code };
      return {
        ...after,
        current: null,
        failed:
          documentId === undefined
            ? before.failed
            : new Map([...before.failed, [documentId, code ?? 'token_failed']]),
      };
    }
    case 'done':
      return { ...after, current: null, ended: true, broke: before.broke ?? code ?? null };
  }
}
