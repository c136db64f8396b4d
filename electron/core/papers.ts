// Wires papers: the clinic's documents, the print room that draws them, the desk at which they are signed and the finger
// that confirms them. None of the four knows the others; what one needs of another is handed over here.
import { basename, join } from 'node:path';
import type { SigningNews } from '../../shared/api/signing.ts';
import { permissionsOf } from '../../shared/codes/roles.ts';
import { namesEverOf, rolesEverOf } from '../access/index.ts';
import { fill, openDocuments, type Signer, sampleBody, templates } from '../clinic/documents/index.ts';
import {
  openPrintQueue,
  type PdfMaker,
  type Press,
  type Printers,
  type PrintQueue,
  pdfMaker,
} from '../print/index.ts';
import { type Desk, modulePathsOf, openDesk, rulesOf } from '../signing/desk/index.ts';
import { readTrustFolder, type TrustedCertificates } from '../signing/judge/anchors.ts';
import { folderCache } from '../signing/judge/cache.ts';
import { openJudge } from '../signing/judge/judge.ts';
import { signersIn } from '../signing/pdf/index.ts';
import { openTokenDesk, type StartHelper, type TokenDesk } from '../signing/tokens/index.ts';
import { openTrainingTokens, trainingRoot, withTrainingLine } from '../signing/training/index.ts';
import { timeStamper } from '../signing/tsp/index.ts';
import type { CertificateJudge, Fetch } from '../signing/types.ts';
import { type Certificate, holderOf, readCertificate } from '../signing/x509/certificate.ts';
import { verifyXml } from '../signing/xml/index.ts';
import type { CenterFacts } from '../station/index.ts';
import { type Blobs, blobsOf } from '../store/blobs.ts';
import type { Handlers, HandlersOf, Log, Method, People } from '../store/room.ts';
import type { OpenStore } from '../store/types.ts';
import { layOutPapers } from '../training/papers.ts';
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
  /** Another judge than that of the anchors below. */
  readonly judge?: CertificateJudge;
  readonly dataDir: string;
  /** The program's own folder of roots; the data folder may have a further one, `trust`. */
  readonly trustFolder?: string;
  readonly printers?: Printers;
  /** Null: nobody may be asked. */
  readonly fetch: Fetch | null;
  center(): CenterFacts | null;
  readonly people: People;
  accounts(): readonly (Signer & { readonly username: string })[];
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
  /** Training's first opening: papers for people to meet. Nothing in a real center. */
  layOut(): Promise<void>;
  /** Somebody locked a page, logged out or changed places with another. */
  sweep(): void;
  /** Files that were waited for have come. */
  filesCame(): void;
  /** Until what runs in the background has ended: for tests and for closing. */
  idle(): Promise<void>;
  close(): Promise<void>;
}

export function openPapersDesk(needs: PapersDeskNeeds): PapersDesk {
  const { mode, log, now } = needs;
  const maker: PdfMaker = pdfMaker(needs.press ?? null, log);
  const trust = trustOf([needs.trustFolder, join(needs.dataDir, 'trust')], log);
  const training =
    mode === 'training'
      ? openTrainingTokens({ mode, folder: join(needs.dataDir, 'training-tokens'), idleMs, now, log })
      : null;
  // known in a real center too, as what is not to be believed
  const trainingAnchors = [readCertificate(trainingRoot())].filter((one) => one !== null);
  const fetch = training ? withTrainingLine(needs.fetch, now) : needs.fetch;
  const believed = {
    trust,
    trainingAnchors: trainingAnchors.map(({ der }) => der),
    training: mode === 'training',
    cache: folderCache(join(needs.dataDir, 'revocation')),
    now,
  };
  const own = openJudge({ ...believed, fetch });
  const quiet = openJudge({ ...believed, fetch: null });
  const judge = needs.judge ?? own;
  let open: OpenStore | null = null;
  let desk: Desk | null = null;
  let queue: PrintQueue | null = null;
  let answering: Partial<Handlers> = {};
  let practice: Promise<void> = Promise.resolve();
  const closing = false;
  const centerOnPaper = () => needs.center()?.center() ?? null;

  return {
    attach(store) {
      open = store;
      const files = blobsOf(store);
      const blobs = () => needs.blobs() ?? files;
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
        signersIn: (pdf) => signersIn(pdf, judge),
        standingOf: (sql, signatures) => desk?.standing.of(sql, signatures) ?? new Map(),
      });
      desk = openDesk({
        store,
        papers,
        tokens: needs.tokens?.() ?? training ?? tokensOf(store),
        judge,
        quietJudge: needs.judge ?? quiet,
        examine: needs.judge ? null : own.examine,
        anchors: () => [
          ...trust.anchors.map((one) => anchorShown(one, false)),
          ...(training ? trainingAnchors.map((one) => anchorShown(one, true)) : []),
        ],
        stamperAt: (url) => (fetch ? timeStamper({ url, fetch }) : null),
        verifyXml,
        witness: {
          namesEverOf: (userId) => namesEverOf(store, userId),
          rolesEverOf: (userId) => rolesEverOf(store, userId),
          administered: (userId) => permissionsOf(rolesEverOf(store, userId)).has('users.manage'),
          isOfCenter: (station, at) => wasOfCenter(needs.center(), station, at),
          center: centerOnPaper,
        },
        people: needs.people,
        plug: training && ((present, holder) => training.plug(present ? holder : null)),
        tell(sessionId, news) {
          const client = needs.clientAtWork(sessionId);
          if (client !== null) needs.tell(client, news);
        },
        changed: needs.changed,
        now,
        log,
      });
      queue = openPrintQueue({
        store,
        printers: needs.printers ?? null,
        paper: papers.describe,
        async pdf(documentId, content) {
          const found = await papers.pdfOf(documentId, content);
          return found.ok ? maker.copy(found.value, await papers.marksOf(documentId, content)) : found;
        },
        changed: () => needs.changed('documents'),
        now,
        log,
      });
      const all = { ...handlers, ...desk.handlers, ...queue.handlers };
      answering = all;
      return all;
    },
    async layOut() {
      const [store, signing] = [open, desk];
      // one PC of the center does it; the others get them by sync
      if (!training || !store || !signing || !needs.press) return;
      if (needs.center()?.numberPrefix() !== '01A') return;
      practice = layOutPapers({
        store,
        handlers: answering,
        accounts: needs.accounts,
        keyOf: (holder) => training.keyOf(holder),
        signWith: signing.signWith,
        isOver: () => closing || !store.sql.open,
        now,
        log,
      }).then(
        () => {},
        (bug: unknown) => {
          // the program closed over them: they are laid out at the next opening
          if (closing || !store.sql.open) return;
          log('error', 'training papers failed', { name: bug instanceof Error ? bug.name : '' });
        },
      );
      await practice;
    },
    sweep: () => desk?.sweep((sessionId) => needs.clientAtWork(sessionId) !== null),
    filesCame: () => desk?.standing.filesCame(),
    async idle() {
      await desk?.idle();
      await queue?.idle();
    },
    async close() {
      await queue?.close();
      await desk?.close();
    },
  };

  function tokensOf(store: OpenStore): TokenDesk {
    return openTokenDesk({
      start: needs.startTokenHelper ?? (() => null),
      modulePaths: () => (store.sql.open ? modulePathsOf(store.sql) : []),
      idleMs,
      now,
      log,
    });
  }

  function idleMs(): number {
    if (!open?.sql.open) return 0;
    return rulesOf(open.sql, needs.center()?.center()?.id ?? null).idleMinutes * 60_000;
  }
}

/** A PC that was stolen is not believed in what it writes from then on. */
function wasOfCenter(center: CenterFacts | null, station: string, at: number): boolean {
  const pc = center?.stations().find(({ id }) => id === station);
  return pc !== undefined && (pc.revokedAt === null || at < pc.revokedAt);
}

/** All folders together; what is wrong with a file is told once. */
function trustOf(folders: readonly (string | undefined)[], log: Log): TrustedCertificates {
  const read = folders.flatMap((folder) => (folder === undefined ? [] : [readTrustFolder(folder)]));
  for (const { file, fault } of read.flatMap((one) => one.faults))
    log('warn', 'a root certificate was left out', { file: basename(file), fault });
  return {
    anchors: read.flatMap((one) => one.anchors),
    intermediates: read.flatMap((one) => one.intermediates),
  };
}

const anchorShown = (certificate: Certificate, training: boolean) => ({
  name: holderOf(certificate),
  sha256: certificate.sha256,
  validTo: certificate.validTo,
  training,
});
