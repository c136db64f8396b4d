// Signing many papers with one PIN: one after another, each a transaction of its own. Pulled out at the seventeenth,
// sixteen are signed and the others wait as before.
import { randomUUID } from 'node:crypto';
import { fail, ok, type Result } from '../../../shared/api/contract.ts';
import type { ErrorCode } from '../../../shared/api/errors.ts';
import type { SigningNews } from '../../../shared/api/signing.ts';
import type { Caller, Log } from '../../store/room.ts';
import { type Signer, type SigningNeeds, signAndKeep } from './make.ts';
import type { OpenedTokens } from './opened.ts';
import type { PaperToSign, StepOfPaper } from './papers-port.ts';

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
  const { opened, log } = needs;
  const running = new Map<string, { readonly sessionId: string; stopped: boolean; done: Promise<void> }>();

  return {
    begin(caller, items) {
      if (!opened.of(caller.sessionId)) return fail('token_missing');
      // two batches on one token would only wait for each other
      if ([...running.values()].some((one) => one.sessionId === caller.sessionId)) return fail('stale');
      const batchId = randomUUID();
      const one = { sessionId: caller.sessionId, stopped: false, count: 0, done: Promise.resolve() };
      running.set(batchId, one);
      one.done = run(batchId, caller, items, one)
        .catch((bug: unknown) => {
          log('error', 'a batch of signatures failed', { name: bug instanceof Error ? bug.name : '' });
          needs.tell(caller.sessionId, {
            batchId,
            step: 'done',
            done: one.count,
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
    state: { readonly stopped: boolean; count: number },
  ): Promise<void> {
    // the answer with the batch's name reaches the page before its first news
    await new Promise((resolve) => setImmediate(resolve));
    const news = (step: SigningNews['step'], more: Partial<SigningNews> = {}): void =>
      needs.tell(caller.sessionId, {
        ...{ batchId, step, done: state.count, of: items.length },
        ...more,
      });
    let ended: ErrorCode | undefined;
    for (const item of items) {
      if (state.stopped) break;
      const { documentId } = item;
      news('item', { documentId });
      const signed = await signOne(caller, item);
      if (signed.ok) {
        state.count += 1;
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
    if (state.count > 0) needs.signed();
    news('done', ended ? { code: ended } : {});
  }

  /** What is wrong with one paper is its own: the others are signed all the same. */
  async function signOne(caller: Caller, item: StepOfPaper): Promise<Result<null>> {
    if (!opened.of(caller.sessionId)) return fail('token_missing');
    try {
      return await signAndKeep(({ kind }) => signerFor(caller, kind), item, caller, needs);
    } catch (bug) {
      log('error', 'a paper could not be signed', { name: bug instanceof Error ? bug.name : '' });
      return fail('internal');
    }
  }

  function signerFor(caller: Caller, kind: PaperToSign['kind']): Result<Signer> {
    const token = opened.of(caller.sessionId);
    // closed meanwhile: idle, the page locked, pulled out
    if (!token) return fail('token_missing');
    const { key, known } = token;
    if (known.of !== (kind === 'facility' ? 'facility' : 'person')) return fail('certificate_unfit');
    return ok({ key, name: known.name, revocation: known.answer?.revocation ?? null });
  }
}
