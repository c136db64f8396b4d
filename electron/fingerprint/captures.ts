// Captures under way and captures waiting to be used: each belongs to one session, can be used once, and is forgotten
// two minutes after it was made.
import { randomUUID } from 'node:crypto';
import { fail, ok, type Result } from '../../shared/api/contract.ts';
import { CaptureId, type CaptureNews } from '../../shared/api/fingerprints.ts';
import type { Context, HandlersOf, Log } from '../store/room.ts';
import type { Matcher } from './matcher.ts';
import type { CaptureProgress, FingerImage, ReaderInfo } from './types.ts';

/** Ours: long enough to take three impressions on a slow reader and press a key. */
export const KEPT_MS = 120_000;

/** Below this a picture is taken again while the person waits (0…100). Ours, set where comparing begins to fail. */
export const LEAST_QUALITY = 30;

/** What is asked of the readers: one picture that `good` accepts, from the reader this PC uses. */
export interface ReaderDesk {
  capture(options: {
    readonly signal: AbortSignal;
    readonly waitMs: number;
    progress(now: CaptureProgress): void;
    good(image: FingerImage): Promise<{ readonly good: boolean; readonly hints: readonly string[] }>;
  }): Promise<Result<ReaderInfo>>;
}

export interface Captured {
  readonly id: string;
  readonly quality: number;
  readonly reader: string;
}

export interface Captures {
  readonly handlers: HandlersOf<'fingerprint.capture' | 'fingerprint.stopCapture'>;
  /** Gives these captures out, once; not_found when one is another session's, used up or forgotten. */
  use(ids: readonly string[], ctx: Pick<Context, 'caller'>): Result<readonly Captured[]>;
  close(): void;
}

interface Kept extends Captured {
  readonly session: string;
  readonly timer: NodeJS.Timeout;
}

export function openCaptures(parts: {
  readonly desk: ReaderDesk;
  readonly matcher: Matcher;
  /** To the page of this session; nobody when it is gone. */
  tell(sessionId: string, news: CaptureNews): void;
  readonly log: Log;
}): Captures {
  const { desk, matcher, log } = parts;
  const running = new Map<string, { readonly session: string; readonly stop: AbortController }>();
  const kept = new Map<string, Kept>();

  return {
    handlers: {
      'fingerprint.capture': ({ waitSeconds }, ctx) => {
        const id = CaptureId.parse(randomUUID());
        const session = ctx.caller.sessionId;
        // one pair of hands: a capture that is begun anew takes the place of the one before
        for (const other of running.values()) if (other.session === session) other.stop.abort();
        const stop = new AbortController();
        running.set(id, { session, stop });
        void run(id, session, stop.signal, waitSeconds * 1000).finally(() => running.delete(id));
        return ok({ captureId: id });
      },
      'fingerprint.stopCapture': ({ captureId }, ctx) => {
        const there = running.get(captureId);
        if (there?.session === ctx.caller.sessionId) there.stop.abort();
        if (kept.get(captureId)?.session === ctx.caller.sessionId) forget(captureId);
        return ok(null);
      },
    },
    use(ids, { caller }) {
      const found = ids.map((id) => kept.get(id));
      const mine = found.flatMap((one) => (one?.session === caller.sessionId ? [one] : []));
      if (mine.length !== ids.length || new Set(ids).size !== ids.length) return fail('not_found');
      for (const { id, timer } of mine) {
        clearTimeout(timer);
        kept.delete(id);
      }
      return ok(mine.map(({ id, quality, reader }) => ({ id, quality, reader })));
    },
    close() {
      for (const { stop } of running.values()) stop.abort();
      for (const id of kept.keys()) forget(id);
    },
  };

  async function run(id: string, session: string, signal: AbortSignal, waitMs: number): Promise<void> {
    const tell = (news: Omit<CaptureNews, 'captureId'>): void =>
      parts.tell(session, { captureId: id, ...news });
    let quality = 0;
    try {
      const taken = await desk.capture({
        signal,
        waitMs,
        progress: tell,
        async good(image) {
          tell({ step: 'judging' });
          const judged = await matcher.judge(id, image);
          if (!judged.ok) return { good: false, hints: hintsFor(judged.error.code) };
          quality = judged.value.quality.score;
          tell({ step: 'judging', picture: judged.value.picture });
          return { good: quality >= LEAST_QUALITY, hints: judged.value.quality.hints };
        },
      });
      if (!taken.ok || signal.aborted) {
        matcher.forget(id);
        return tell({ step: 'failed', code: taken.ok ? 'capture_cancelled' : taken.error.code });
      }
      const timer = setTimeout(() => forget(id), KEPT_MS);
      timer.unref();
      kept.set(id, { id, session, quality, reader: taken.value.model, timer });
      tell({ step: 'done', quality });
    } catch (bug) {
      matcher.forget(id);
      log('error', 'a capture broke', { bug });
      tell({ step: 'failed', code: 'reader_failed' });
    }
  }

  function forget(id: string): void {
    clearTimeout(kept.get(id)?.timer);
    kept.delete(id);
    matcher.forget(id);
  }
}

/** What to do better when there was nothing to take features from. */
const hintsFor = (code: string): readonly string[] =>
  code === 'template_too_weak' ? ['larger_area'] : ['place_finger'];
