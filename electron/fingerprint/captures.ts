// Captures under way and captures waiting to be used: each belongs to one session, can be used once, and is forgotten
// two minutes after it was made.
import { randomUUID } from 'node:crypto';
import { fail, ok, type Result } from '../../shared/api/contract.ts';
import type { ErrorCode } from '../../shared/api/errors.ts';
import { CaptureId, type CaptureNews } from '../../shared/api/fingerprints.ts';
import type { Context, HandlersOf, Log } from '../store/room.ts';
import type { Matcher } from './matcher.ts';
import type { Judgement, ReaderDesk } from './readers/desk.ts';
import type { CaptureHint, FingerImage, Quality } from './types.ts';

/** Ours: long enough to take three impressions on a slow reader and press a key. */
export const KEPT_MS = 120_000;

/** Below this a picture is taken again while the person waits (0…100). Ours, set where comparing begins to fail. */
const LEAST_QUALITY = 30;
/** Below this the person is told once what to do better; who cannot, because the skin is as it is, is taken as is. */
const GOOD_QUALITY = 80;

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

interface Running {
  readonly session: string;
  readonly stop: AbortController;
  readonly ended: Promise<void>;
}

interface Kept extends Captured {
  readonly session: string;
  readonly timer: NodeJS.Timeout;
}

export function openCaptures(parts: {
  /** Opened when first asked for. */
  desk(): ReaderDesk;
  readonly matcher: Matcher;
  /** Whether this session still has a page. */
  isHere(sessionId: string): boolean;
  /** To the page of this session; nobody when it is gone. */
  tell(sessionId: string, news: CaptureNews): void;
  readonly log: Log;
}): Captures {
  const { desk, matcher, log } = parts;
  const running = new Map<string, Running>();
  const kept = new Map<string, Kept>();

  return {
    handlers: {
      'fingerprint.capture': ({ waitSeconds }, ctx) => {
        const id = CaptureId.parse(randomUUID());
        const session = ctx.caller.sessionId;
        // one pair of hands: a capture that is begun anew takes the place of the one before, as does one of somebody
        // who has gone; the reader is free when that one has ended
        const before = [...running.values()].filter(
          (other) => other.session === session || !parts.isHere(other.session),
        );
        for (const other of before) other.stop.abort();
        const stop = new AbortController();
        const ended = Promise.all(before.map((other) => other.ended))
          .then(() => run(id, session, stop.signal, waitSeconds * 1000))
          .finally(() => running.delete(id));
        running.set(id, { session, stop, ended });
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
    let asked = false;
    try {
      const taken = await desk().capture({
        signal,
        waitMs,
        progress: tell,
        async judge(image) {
          const judged = await judge(id, image, asked, tell);
          asked = true;
          return judged;
        },
        take: (_image, judged, reader) => ({ ...judged, reader: reader.model }),
      });
      const code = !taken.ok ? taken.error.code : signal.aborted ? 'capture_cancelled' : taken.value.broken;
      if (!taken.ok || code !== null) {
        matcher.forget(id);
        return tell({ step: 'failed', code: code ?? 'reader_failed' });
      }
      const { quality, reader } = taken.value;
      const timer = setTimeout(() => forget(id), KEPT_MS);
      timer.unref();
      kept.set(id, { id, session, quality, reader, timer });
      tell({ step: 'done', quality });
    } catch (bug) {
      matcher.forget(id);
      log('error', 'a capture broke', { bug });
      tell({ step: 'failed', code: 'reader_failed' });
    }
  }

  async function judge(
    id: string,
    image: FingerImage,
    askedBefore: boolean,
    tell: (news: Omit<CaptureNews, 'captureId'>) => void,
  ): Promise<Judged> {
    tell({ step: 'judging' });
    const judged = await matcher.judge(id, image);
    if (!judged.ok) {
      const { code } = judged.error;
      const hints = hintsFor[code];
      // what no finger put on better can mend ends the capture: the last picture is as good as any
      return hints
        ? { good: false, hints, quality: 0, broken: null }
        : { good: true, hints: [], quality: 0, broken: code };
    }
    const { quality, picture } = judged.value;
    tell({ step: 'judging', picture });
    const { score, hints } = quality;
    const better = score < GOOD_QUALITY && hints.length > 0 && !askedBefore;
    return { good: score >= LEAST_QUALITY && !better, hints: hintsOf(quality), quality: score, broken: null };
  }

  function forget(id: string): void {
    clearTimeout(kept.get(id)?.timer);
    kept.delete(id);
    matcher.forget(id);
  }
}

interface Judged extends Judgement {
  readonly quality: number;
  /** Why nothing came of a picture that had nothing wrong with it. */
  readonly broken: ErrorCode | null;
}

/** A poor print always gets advice, even one nothing particular can be said about. */
const hintsOf = ({ hints }: Quality): readonly CaptureHint[] => (hints.length > 0 ? hints : ['press_harder']);

/** What to do better when there was nothing to take features from. */
const hintsFor: Partial<Record<ErrorCode, readonly CaptureHint[]>> = {
  template_too_weak: ['larger_area'],
  image_no_finger: ['place_finger'],
  image_unreadable: ['hold_still'],
  image_too_small: ['larger_area'],
};
