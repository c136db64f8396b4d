// Signing many papers with one PIN: one after another, each a transaction of its own. Pulled out at the seventeenth,
// sixteen are signed and the others wait as before.
import { randomUUID } from 'node:crypto';
import { fail, ok, type Result } from '../../../shared/api/contract.ts';
import type { ErrorCode } from '../../../shared/api/errors.ts';
import type { SigningNews } from '../../../shared/api/signing.ts';
import type { Caller, Log } from '../../store/room.ts';
import { signCades } from '../cms/index.ts';
import { sha256 } from '../crypto.ts';
import { signPdf } from '../pdf/sign.ts';
import type { TimeStamper } from '../types.ts';
import type { Opened, OpenedTokens } from './opened.ts';
import type { Papers, PaperToSign, Signed, StepOfPaper } from './papers-port.ts';

export interface Batches {
  /** token_missing: no PIN was given, or it is too long ago. */
  begin(caller: Caller, items: readonly StepOfPaper[]): Result<string>;
  stop(caller: Caller, batchId: string): Result<null>;
  /** Until those running have ended. */
  idle(): Promise<void>;
}

export interface BatchNeeds {
  readonly papers: Papers;
  readonly opened: OpenedTokens;
  /** For signatures in a PDF, which take no time-stamp later; null: none is asked, or the line is down. */
  stamper(): TimeStamper | null;
  tell(sessionId: string, news: SigningNews): void;
  /** Something was signed: stamps can be fetched. */
  signed(): void;
  now(): number;
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
    const signed = await signaturesFor(token, paper.value);
    if (!signed.ok) return signed;
    return papers.keep(item, caller, signed.value);
  }

  /** Over the content, over each confirmation nobody has sealed yet, and in the PDF where the form wants it. */
  async function signaturesFor(token: Opened, paper: PaperToSign): Promise<Result<Signed[]>> {
    const { key } = token;
    const [algorithm] = key.algorithms;
    if (algorithm === undefined) return fail('algorithm_unfit');
    const at = needs.now();
    const covered = [
      { over: 'content' as const, bytes: paper.content },
      ...paper.evidence.map(({ bytes }) => ({ over: 'evidence' as const, bytes })),
    ];
    const signed: Signed[] = [];
    for (const { over, bytes } of covered) {
      const container = await signCades({ content: bytes, key, algorithm, at });
      if (!container.ok) return container;
      signed.push({
        over,
        digest: sha256(bytes).toString('hex'),
        container: container.value,
        certificate: token.token.certificateId,
        signer: token.known.name.slice(0, 200),
        role: paper.role,
        signedPdf: null,
        revocation: token.known.answer?.revocation ?? { how: 'none', asOf: null },
      });
    }
    const [content, ...seals] = signed;
    if (!content || !paper.pdf) return ok(signed);
    const pdf = await signedPdf(token, paper, paper.pdf, at);
    if (!pdf.ok) return pdf;
    const kept = await papers.keepFile(pdf.value);
    return kept.ok ? ok([{ ...content, signedPdf: kept.value }, ...seals]) : kept;
  }

  async function signedPdf(
    token: Opened,
    paper: PaperToSign,
    pdf: Buffer,
    at: number,
  ): Promise<Result<Buffer>> {
    const { key } = token;
    const [algorithm] = key.algorithms;
    if (algorithm === undefined) return fail('algorithm_unfit');
    const order = {
      pdf,
      key,
      algorithm,
      box: paper.box,
      name: token.known.name,
      role: paper.label,
      reason: paper.title,
      at,
    };
    const stamper = needs.stamper();
    const signed = await signPdf({ ...order, stamper });
    const lineDown =
      !signed.ok && (signed.error.code === 'stamp_unreachable' || signed.error.code === 'stamp_refused');
    // the paper is signed all the same; the content's signature gets its stamp when the line is back
    return lineDown && stamper ? await signPdf({ ...order, stamper: null }) : signed;
  }
}
