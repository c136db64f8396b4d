// Reads centers' logs for papers in the background, fetches what was signed, and has OpenSSL look at every signature.
// Stations have long got their acknowledgement; what is rejected is set aside with a reason, and stays where it is.

import type { Database, Sql } from '../database/types.ts';
import { blobStoreOf } from '../log/blobs.ts';
import type { Log } from '../types.ts';
import { whyNotEntitled } from './entitled.ts';
import { note } from './noting.ts';
import type { Finding, Openssl } from './openssl.ts';
import { kindsRead, type LaterEvidence, type Paper, paperOf, type SignedPaper } from './reading.ts';

/** PGlite does one thing at a time: a piece must be over before a session notices. */
const pieceSize = 50;
/** After a center's log grew; what comes in within it is read in one go. */
const gatherMs = 500;
/** Files come in their own time, and other processes read too. */
const lookEveryMs = 15_000;
/** A container that OpenSSL finds no end of is not asked about for ever. */
const mostTries = 3;

export interface PapersFollowing {
  /** Reads and looks at everything that is here, in all centers; for tests. */
  catchUp(): Promise<void>;
  /** Something came: looks in a moment. */
  soon(): void;
  close(): Promise<void>;
}

export interface PapersParts {
  readonly db: Database;
  readonly openssl: Openssl;
  readonly log: Log;
  now(): number;
  onGrew(listener: (center: number) => void): () => void;
  /** Files are wanted from the center's stations. */
  wanted(center: number): void;
}

export function followPapers(parts: PapersParts): PapersFollowing {
  const { db, openssl, log, now } = parts;
  let closed = false;
  let working: Promise<void> = Promise.resolve();
  let timer: NodeJS.Timeout | null = null;

  const soon = (): void => {
    if (closed) return;
    timer ??= setTimeout(() => {
      timer = null;
      working = working.then(everything).catch((error: unknown) => {
        // the log is still there; the next look comes back to it
        log('warn', 'papers_not_read', { error: error instanceof Error ? error.name : 'unknown' });
      });
    }, gatherMs);
  };
  const stopHearing = parts.onGrew(soon);
  const looking = setInterval(soon, lookEveryMs);
  looking.unref();
  if (openssl.version === null) log('error', 'openssl_missing');
  const begun = lookAgain().then(soon, (error: unknown) =>
    log('warn', 'papers_not_read', { error: error instanceof Error ? error.name : 'unknown' }),
  );

  return {
    soon,
    async catchUp() {
      await begun;
      await working;
      await everything();
    },
    async close() {
      closed = true;
      stopHearing();
      clearInterval(looking);
      if (timer) clearTimeout(timer);
      await begun;
      await working;
    },
  };

  /** Other anchors may know whose key it was. */
  async function lookAgain(): Promise<void> {
    await db.query(
      `update paper_signature set state = 'waiting', tries = 0
       where state = 'unproven' and anchors is distinct from $1`,
      [openssl.anchors],
    );
  }

  async function everything(): Promise<void> {
    const centers = await db.query<{ number: number }>(
      `select c.number from center c left join paper_progress p on p.center = c.number
       where c.last_no > coalesce(p.log_no, 0)
         or exists (select from paper_signature s where s.center = c.number and s.state = 'waiting')
       order by c.number`,
    );
    for (const { number } of centers) {
      while (!closed && (await readPiece(number)));
      if (openssl.version !== null) await lookAtWaiting(number);
    }
  }

  /** True: there is more. */
  async function readPiece(center: number): Promise<boolean> {
    await db.query('insert into paper_progress (center) values ($1) on conflict do nothing', [center]);
    const [from] = await db.query<{ log_no: number }>('select log_no from paper_progress where center = $1', [
      center,
    ]);
    // the end is asked first: commits become visible in the order of their numbers
    const [end] = await db.query<{ last_no: number }>('select last_no from center where number = $1', [
      center,
    ]);
    const rows = await db.query<{ log_no: number; stored: Uint8Array }>(
      `select log_no, stored from change_log
       where center = $1 and lane = 2 and log_no > $2 and kind = any ($3::text[]) order by log_no limit $4`,
      [center, from?.log_no ?? 0, kindsRead, pieceSize],
    );
    const papers = rows.flatMap(({ log_no, stored }) => {
      const paper = paperOf(stored);
      return paper === null ? [] : [{ logNo: log_no, paper }];
    });
    await wantFiles(
      center,
      papers.map(({ paper }) => paper),
    );
    const more = rows.length === pieceSize;
    const upTo = more ? (rows.at(-1)?.log_no ?? 0) : (end?.last_no ?? 0);
    await db.transaction(async (tx) => {
      const moved = await tx.query(
        'update paper_progress set log_no = $2 where center = $1 and log_no = $3 returning center',
        [center, Math.max(upTo, from?.log_no ?? 0), from?.log_no ?? 0],
      );
      // another process reads this center too
      if (moved.length === 0) return;
      await note(tx, center, papers);
    });
    return more;
  }

  async function wantFiles(center: number, papers: readonly Paper[]): Promise<void> {
    const files = papers.flatMap((paper) => {
      if ('files' in paper) return paper.files;
      if (paper.what !== 'signed') return [];
      const covered = paper.over === 'content' ? [paper.digest] : [];
      return paper.signedPdf === null ? covered : [...covered, paper.signedPdf];
    });
    const store = blobStoreOf(db, center);
    for (const file of files) await store.want(file);
    if (files.length > 0) parts.wanted(center);
  }

  async function lookAtWaiting(center: number): Promise<void> {
    const seen = new Set<number>();
    while (!closed) {
      const waiting = await waitingIn(db, center);
      const fresh = waiting.filter(({ log_no }) => !seen.has(log_no));
      if (fresh.length === 0) return;
      for (const row of fresh) {
        if (closed) return;
        seen.add(row.log_no);
        await lookAt(center, row);
      }
    }
  }

  async function lookAt(center: number, row: Waiting): Promise<void> {
    const finding = await findingOf(center, row).catch(
      // whatever somebody put into a certificate, the others' are looked at
      (error: unknown): Finding => ({
        ...{ state: 'unasked', reason: 'failed' },
        detail: error instanceof Error ? error.name : 'unknown',
      }),
    );
    if (finding !== null) await keep(center, row, finding);
  }

  async function findingOf(center: number, row: Waiting): Promise<Finding | null> {
    const paper = paperOf(row.stored);
    if (paper?.what === 'signed') return await lookAtSigned(center, row, paper);
    return paper?.what === 'proven' ? await lookAtLater(center, row, paper) : null;
  }

  /** Null: what it is over has gone bad on the disk since, and is wanted again. */
  async function lookAtSigned(center: number, row: Waiting, paper: SignedPaper): Promise<Finding | null> {
    const version = await fileOf(center, paper.content);
    const content = row.beside_no === null ? await fileOf(center, paper.digest) : evidenceOf(row.beside);
    if (content === null)
      return row.beside_no === null
        ? null
        : { state: 'rejected', reason: 'signature_of_other', detail: 'over no confirmation' };
    if (paper.over === 'content' && paper.content !== paper.digest)
      return { state: 'rejected', reason: 'signature_of_other', detail: 'of another version' };
    const finding = await openssl.look({ ...paper, content, at: row.at });
    if ((finding.state !== 'good' && finding.state !== 'unproven') || finding.holder === undefined)
      return finding;
    const asked = { db, openssl, center, logNo: row.log_no, paper, content: version };
    const against = await whyNotEntitled({ ...asked, holder: finding.holder });
    // unproven already, for want of trust
    if (against === null || (against.state === 'unproven' && finding.state === 'unproven')) return finding;
    return against;
  }

  async function lookAtLater(center: number, row: Waiting, paper: LaterEvidence): Promise<Finding> {
    const signed = row.beside === null ? null : paperOf(row.beside);
    if (signed?.what !== 'signed')
      return { state: 'rejected', reason: 'evidence_wrong', detail: 'of no signature' };
    const crls: Buffer[] = [];
    for (const name of paper.crl) {
      const list = await fileOf(center, name);
      if (list === null) return { state: 'unasked', reason: 'missing', detail: `list ${name}` };
      crls.push(list);
    }
    const { container: original, certificate } = signed;
    const { stamped, ocsp } = paper;
    return await openssl.lookAtLater({
      ...{ original, certificate, stamped, ocsp, crls },
      ...{ signedAt: row.beside_at ?? row.at, at: row.at },
    });
  }

  /** Evidence that came later says so of a signature that was good till then. */
  async function reject(
    tx: Sql,
    center: number,
    logNo: number,
    finding: Extract<Finding, { state: 'rejected' }>,
  ): Promise<void> {
    const rows = await tx.query(
      `update paper_signature set state = 'rejected', reason = $3, detail = $4, looked_at = $5
       where center = $1 and log_no = $2 and state in ('good', 'unproven') returning log_no`,
      [center, logNo, finding.reason, finding.detail, now()],
    );
    if (rows.length > 0) await setAside(tx, center, logNo, finding, now());
  }

  async function fileOf(center: number, hash: string): Promise<Buffer | null> {
    const store = blobStoreOf(db, center);
    const manifest = await store.manifest(hash);
    if (manifest === null) return null;
    const chunks: Uint8Array[] = [];
    for (let n = 0; n < manifest.chunks.length; n++) {
      const chunk = await store.chunk(hash, n);
      if (chunk === null) return null;
      chunks.push(chunk);
    }
    return Buffer.concat(chunks);
  }

  async function keep(
    center: number,
    { log_no, tries: before, reason: last, beside_no }: Waiting,
    finding: Finding,
  ): Promise<void> {
    if (finding.state === 'unasked') {
      // a file may come after days: such rows go to the back, and their tries with it begin when it is here
      const waits = finding.reason === 'missing';
      const tries = waits ? Math.min(before + 1, mostTries) : last === 'missing' ? 1 : before + 1;
      const givenUp = !waits && tries >= mostTries;
      if (!waits || before < mostTries)
        log('warn', 'signature_not_looked_at', { center, number: log_no, reason: finding.reason });
      await db.query(
        `update paper_signature set tries = $8, state = $3, reason = $4, detail = $5, anchors = $6, looked_at = $7
         where center = $1 and log_no = $2 and state = 'waiting'`,
        [
          center,
          log_no,
          givenUp ? 'unproven' : 'waiting',
          finding.reason,
          finding.detail,
          givenUp ? openssl.anchors : null,
          now(),
          tries,
        ],
      );
      return;
    }
    const [reason, detail] = finding.state === 'good' ? [null, null] : [finding.reason, finding.detail];
    await db.transaction(async (tx) => {
      const mine = await tx.query(
        `update paper_signature set state = $3, reason = $4, detail = $5, anchors = $6, looked_at = $7
         where center = $1 and log_no = $2 and state = 'waiting' returning log_no`,
        [center, log_no, finding.state, reason, detail, openssl.anchors, now()],
      );
      if (mine.length === 0) return;
      if (finding.state === 'rejected') {
        await setAside(tx, center, log_no, finding, now());
        if (finding.reason === 'signer_revoked' && beside_no !== null)
          await reject(tx, center, beside_no, finding);
      } else await takeBack(tx, center, log_no);
    });
    if (finding.state === 'rejected')
      log('error', 'signature_rejected', { center, number: log_no, reason: finding.reason });
  }
}

interface Waiting extends Record<string, unknown> {
  readonly log_no: number;
  readonly tries: number;
  /** Why it could not be asked the last time, if it was tried. */
  readonly reason: string | null;
  readonly at: number;
  readonly stored: Uint8Array;
  /**
   * Where the text is that was signed (null: a file), or, of evidence that came later, where the signature is that it
   * belongs to.
   */
  readonly beside_no: number | null;
  readonly beside: Uint8Array | null;
  readonly beside_at: number | null;
}

/** Those whose bytes are here; evidence waits until its signature has been looked at. */
const waitingIn = (db: Database, center: number): Promise<Waiting[]> =>
  db.query<Waiting>(
    `select s.log_no, s.tries, s.reason, c.at, c.stored, e.log_no as beside_no, e.stored as beside, e.at as beside_at
     from paper_signature s
     join change_log c on c.center = s.center and c.lane = 2 and c.log_no = s.log_no
     left join blob b on b.center = s.center and b.hash = s.digest and b.complete
     left join lateral (
       select log_no from paper_evidence where center = s.center and digest = s.digest
       union all
       (select p.log_no from paper_container p
        join paper_signature o on o.center = p.center and o.log_no = p.log_no and o.state <> 'waiting'
        where p.center = s.center and p.container = s.digest order by p.log_no limit 1)
       limit 1) p on true
     left join change_log e on e.center = s.center and e.lane = 2 and e.log_no = p.log_no
     where s.center = $1 and s.state = 'waiting' and (b.id is not null or e.log_no is not null)
     order by s.tries, s.looked_at nulls first, s.log_no limit 20`,
    [center],
  );

function evidenceOf(stored: Uint8Array | null): Buffer | null {
  const paper = stored === null ? null : paperOf(stored);
  return paper?.what === 'confirmed' ? paper.evidence : null;
}

/** As evidence for people: where it stands, who brought it, its very bytes. */
const setAside = (
  tx: Sql,
  center: number,
  logNo: number,
  { reason, detail }: Extract<Finding, { state: 'rejected' }>,
  now: number,
): Promise<unknown> =>
  tx.query(
    `insert into quarantine (center, station, incarnation, lane, seq, hash, kept_hash, reason, detail, via, at, stored)
     select c.center, f.station, f.incarnation, c.lane, c.seq, c.hash, c.hash, $3, $4, coalesce(c.via, f.station), $5, c.stored
     from change_log c join feed f on f.center = c.center and f.id = c.feed
     where c.center = $1 and c.lane = 2 and c.log_no = $2
     on conflict (center, station, incarnation, lane, seq, hash) do nothing`,
    [center, logNo, reason, detail, now],
  );

/** More is known now of who may sign: it is no more on the list of what people should look at. */
const takeBack = (tx: Sql, center: number, logNo: number): Promise<unknown> =>
  tx.query(
    `delete from quarantine q using change_log c join feed f on f.center = c.center and f.id = c.feed
     where c.center = $1 and c.lane = 2 and c.log_no = $2 and q.reason in ('other_person', 'not_entitled')
       and q.center = c.center and q.station = f.station and q.incarnation = f.incarnation and q.lane = c.lane
       and q.seq = c.seq and q.hash = c.hash`,
    [center, logNo],
  );
