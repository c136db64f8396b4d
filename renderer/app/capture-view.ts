// What a capture looks like on the screen after each thing the core tells about it.
import type { Failure } from '../../shared/api/contract.ts';
import type { CaptureNews } from '../../shared/api/fingerprints.ts';

/** `now`: what the person has to do or wait for. */
export interface Capture {
  readonly now: 'idle' | 'starting' | 'place' | 'reading' | 'judging' | 'lift' | 'done' | 'failed';
  /** Something to do better, before the finger is placed again. */
  readonly hint: string | null;
  /** 0…1, while reading. */
  readonly share: number | null;
  /** `data:` address of the ridges seen last. */
  readonly picture: string | null;
  /** 0…100, when done. */
  readonly quality: number | null;
  /** When failed, but not because somebody stopped it. */
  readonly failure: Failure | null;
}

export const idleCapture: Capture = {
  now: 'idle',
  hint: null,
  share: null,
  picture: null,
  quality: null,
  failure: null,
};

/** What the screen shows after this news. */
export function afterNews(before: Capture, news: CaptureNews): Capture {
  const after = { ...before, share: null, picture: news.picture ?? before.picture };
  switch (news.step) {
    case 'place_finger':
      return { ...after, now: 'place' };
    case 'reading':
      return { ...after, now: 'reading', hint: null, share: news.done ?? null };
    case 'judging':
      return { ...after, now: 'judging', hint: null };
    case 'lift_finger':
      return { ...after, now: 'lift' };
    case 'adjust':
      return { ...after, now: 'place', hint: news.hint ?? null };
    case 'done':
      return { ...after, now: 'done', hint: null, quality: news.quality ?? null };
    case 'failed':
      return { ...after, now: 'failed', hint: null, failure: failureOf(news.code ?? 'reader_failed') };
  }
}

const failureOf = (code: NonNullable<CaptureNews['code']>): Failure | null =>
  code === 'capture_cancelled' ? null : { code, messageKey: `error.${code}` };
