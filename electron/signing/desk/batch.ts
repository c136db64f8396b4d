// Signing many papers with one PIN: one after another, each a transaction of its own. Pulled out at the seventeenth,
// sixteen are signed and the others wait as before.
import { randomUUID } from 'node:crypto';
import { fail, ok, type Result } from '../../../shared/api/contract.ts';
import type { ErrorCode } from '../../../shared/api/errors.ts';
import type { SigningNews } from '../../../shared/api/signing.ts';
import type { Caller, Log } from '../../store/room.ts';
import { type SigningNeeds, signaturesFor } from './make.ts';
import type { OpenedTokens } from './opened.ts';
import type { StepOfPaper } from './papers-port.ts';

export interface Batches {
  /** token_missing: no PIN was given, or it is too long ago. */
  begin(caller: Caller, items: readonly StepOfPaper[]): Result<string>;
  stop(caller: Caller, batchId: string): Result<null>;
  /** Until those running have ended. */
  idle(): Promise<void>;
}

export interface BatchNeeds extends SigningNeeds {
  readonly opened: OpenedTokens;
  tell(sessionId: string, news: SigningNews): void;
  /** Something was signed: stamps can be fetched. */
  signed(): void;
  readonly log: Log;
}

/** After these the token does not answer any more: going on would fail item by item. */
const ends: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  'token_missing',
  'token_gone',
  'token_locked',
  'token_hangs',
  'token_failed',
  'pin_locked',
  'disk_full',
  'store_read_only',
]);

export function openBatches(needs: BatchNeeds): Batches {
  const { papers, opened, log } = needs;
  const running = new Map<string, { readonly sessionId: string; stopped: boolean; done: Promise<void> }>();

  return {
    begin(caller, items) {
      if (!opened.of(caller.sessionId)) return fail('token_missing');
      // two batches on one token would only wait for each other
      if ([...running.values()].some((one) => one.sessionId === caller.sessionId)) return fail('stale');
      const batchId = randomUUID();
      const one = { sessionId: caller.sessionId, stopped: false, done: Promise.resolve() };
      running.set(batchId, one);
      one.done = run(batchId, caller, items, one)
        .catch((bug: unknown) => {
          log('error', 'a batch of signatures failed', { name: bug instanceof Error ? bug.name : '' });
          needs.tell(caller.sessionId, {
            batchId,
            step: 'done',
            done: 0,
            of: items.length,
            code: 'internal',
          });
        })
        .finally(() => running.delete(batchId));
      return ok(batchId);
    },
    stop(caller, batchId) {
      const one = running.get(batchId);
      if (one?.sessionId !== caller.sessionId) return fail('not_found');
      one.stopped = true;
      return ok(null);
    },
    async idle() {
      await Promise.all([...running.values()].map((one) => one.done));
    },
  };

  async function run(
    batchId: string,
    caller: Caller,
    items: readonly StepOfPaper[],
    state: { readonly stopped: boolean },
  ): Promise<void> {
    // the answer with the batch's name reaches the page before its first news
    await new Promise((resolve) => setImmediate(resolve));
    let done = 0;
    const news = (step: SigningNews['step'], more: Partial<SigningNews> = {}): void =>
      needs.tell(caller.sessionId, { batchId, step, done, of: items.length, ...more });
    let ended: ErrorCode | undefined;
    for (const item of items) {
      if (state.stopped) break;
      const { documentId } = item;
      news('item', { documentId });
      const signed = await signOne(caller, item);
      if (signed.ok) {
        done += 1;
        news('signed', { documentId });
        continue;
      }
      const { code } = signed.error;
      news('failed', { documentId, code });
      if (!ends.has(code)) continue;
      ended = code;
      if (code.startsWith('token_')) opened.drop(caller.sessionId);
      break;
    }
    if (done > 0) needs.signed();
    news('done', ended ? { code: ended } : {});
  }

  async function signOne(caller: Caller, item: StepOfPaper): Promise<Result<null>> {
    const token = opened.of(caller.sessionId);
    // closed meanwhile: idle, the page locked, pulled out
    if (!token) return fail('token_missing');
    const paper = await papers.toSign(item, caller);
    if (!paper.ok) return paper;
    const wanted = paper.value.kind === 'facility' ? 'facility' : 'person';
    if (token.known.of !== wanted) return fail('certificate_unfit');
    const { key, known } = token;
    const signer = { key, name: known.name, revocation: known.answer?.revocation ?? null };
    const signed = await signaturesFor(signer, paper.value, needs);
    if (!signed.ok) return signed;
    return papers.keep(item, caller, signed.value);
  }
}
