// Wires papers: the clinic's documents, the print room that draws them, the desk at which they are signed and the finger
// that confirms them. None of the four knows the others; what one needs of another is handed over here.
import { fail, type Result } from '../../shared/api/contract.ts';
import { contract } from '../../shared/api/index.ts';
import type { SigningNews } from '../../shared/api/signing.ts';
import {
  fill,
  keepFilesComing,
  openDocuments,
  type Signer,
  sampleBody,
  templates,
} from '../clinic/documents/index.ts';
import { type PdfMaker, type Press, pdfMaker } from '../print/index.ts';
import { type Desk, modulePathsOf, openDesk, rulesOf } from '../signing/desk/index.ts';
import { openTokenDesk, type StartHelper, type TokenDesk } from '../signing/tokens/index.ts';
import { timeStamper } from '../signing/tsp/index.ts';
import type { CertificateJudge, Fetch } from '../signing/types.ts';
import type { CenterFacts } from '../station/index.ts';
import { type Blobs, blobsOf } from '../store/blobs.ts';
import type { Handlers, HandlersOf, Log, Method, People } from '../store/room.ts';
import type { OpenStore } from '../store/types.ts';
import { papersLookups } from './clinic.ts';
import type { FingerprintDesk } from './fingerprints.ts';

export type PaperMethod = Extract<Method, `documents.${string}` | `signing.${string}` | `print.${string}`>;

export interface PapersDeskNeeds {
  readonly mode: 'real' | 'training';
  /** What draws pages; left out (command line), nothing can be frozen. */
  readonly press?: Press;
  /** How the helper process for tokens is started; left out, there are no tokens. */
  readonly startTokenHelper?: StartHelper;
  /** Instead of what is plugged into this PC. */
  readonly tokens?: () => TokenDesk;
  readonly judge?: CertificateJudge;
  /** Null: nobody may be asked. */
  readonly fetch: Fetch | null;
  center(): CenterFacts | null;
  readonly people: People;
  accounts(): readonly Signer[];
  /** Those of the sync room, which offers at once what is put there; null where it is off. */
  blobs(): Blobs | null;
  readonly confirmBytes: FingerprintDesk['confirmBytes'];
  /** The page of a session that is logged in and not locked; null when there is none. */
  clientAtWork(sessionId: string): string | null;
  tell(client: string, news: SigningNews): void;
  changed(area: 'documents' | 'signing'): void;
  now(): number;
  readonly log: Log;
}

export interface PapersDesk {
  /** Once, when the store is open. */
  attach(store: OpenStore): HandlersOf<PaperMethod>;
  /** Somebody locked a page, logged out or changed places with another. */
  sweep(): void;
  /** Until what runs in the background has ended: for tests and for closing. */
  idle(): Promise<void>;
  close(): Promise<void>;
}

export function openPapersDesk(needs: PapersDeskNeeds): PapersDesk {
  const { mode, log, now } = needs;
  const maker: PdfMaker = pdfMaker(needs.press ?? null, log);
  let desk: Desk | null = null;
  let stopFetching: (() => void) | null = null;
  const centerOnPaper = () => needs.center()?.center() ?? null;

  return {
    attach(store) {
      const own = blobsOf(store);
      const blobs = () => needs.blobs() ?? own;
      const { handlers, papers } = openDocuments({
        store,
        people: needs.people,
        now,
        training: mode === 'training',
        templates,
        fill: (sql, template, filling) =>
          fill({ people: needs.people, store, center: centerOnPaper }, sql, template, filling),
        sampleBody,
        draw: (template, body, how) => maker.draw(template, body, how),
        blobs,
        ...papersLookups,
        center: centerOnPaper,
        accounts: needs.accounts,
        confirmBytes: needs.confirmBytes,
        standingOf: (sql, signatures) => desk?.standing.of(sql, signatures) ?? new Map(),
      });
      desk = openDesk({
        store,
        papers,
        tokens: needs.tokens?.() ?? tokensOf(store),
        judge: needs.judge ?? judgeOfNobody(now),
        anchors: () => [],
        stamperAt: (url) => (needs.fetch ? timeStamper({ url, fetch: needs.fetch }) : null),
        verifyXml: async () => ({ state: 'undetermined', reasons: ['unreadable'], signatures: [] }),
        center: centerOnPaper,
        plug: null,
        tell(sessionId, news) {
          const client = needs.clientAtWork(sessionId);
          if (client !== null) needs.tell(client, news);
        },
        changed: needs.changed,
        now,
        log,
      });
      stopFetching = keepFilesComing({ store, blobs, log });
      const answered: Partial<Handlers> = { ...handlers, ...desk.handlers };
      return { ...unanswered(answered), ...answered } as HandlersOf<PaperMethod>;
    },
    sweep: () => desk?.sweep((sessionId) => needs.clientAtWork(sessionId) !== null),
    async idle() {
      await desk?.idle();
    },
    async close() {
      stopFetching?.();
      await desk?.close();
    },
  };

  function tokensOf(store: OpenStore): TokenDesk {
    return openTokenDesk({
      start: needs.startTokenHelper ?? (() => null),
      modulePaths: () => (store.sql.open ? modulePathsOf(store.sql) : []),
      idleMs: () => rulesOf(store.sql, needs.center()?.center()?.id ?? null).idleMinutes * 60_000,
      now,
      log,
    });
  }
}

/** Every method of papers that nobody answers here fails plainly. */
function unanswered(answered: Partial<Handlers>): Partial<Handlers> {
  const failure: Result<never> = fail('print_failed');
  const left = Object.keys(contract).filter(
    (method) => /^(documents|signing|print)\./.test(method) && !(method in answered),
  );
  return Object.fromEntries(left.map((method) => [method, () => failure]));
}

/** Knows no issuer: what it is asked stays undetermined. */
const judgeOfNobody = (now: () => number): CertificateJudge => ({
  now,
  judge: async () => ({ state: 'undetermined', reasons: ['issuer_unknown'], path: [], revocation: null }),
});
