// Whether signatures hold: looked at when a page shows them, kept with the time, looked at anew when that is long ago.
// What was never looked at is undetermined; nothing is called valid before.
import type { Database } from 'better-sqlite3';
import type { Log } from '../../store/room.ts';
import { statement } from '../../store/statement.ts';
import type { Store } from '../../store/types.ts';
import { verifyCades } from '../cms/index.ts';
import { sha256 } from '../crypto.ts';
import { verifyPdf } from '../pdf/index.ts';
import type { CertificateJudge, SignatureVerdict, Verdict, VerdictReason } from '../types.ts';
import { stateOf, verdictOf } from '../verdict.ts';
import type { KeptSignature, Papers } from './papers-port.ts';

export interface Standing {
  /** By container; what was never looked at, or is long ago, is looked at soon. */
  of(
    sql: Database,
    signatures: readonly { readonly documentId: string; readonly container: string }[],
  ): ReadonlyMap<
    string,
    {
      readonly state: SignatureVerdict['state'];
      readonly reasons: readonly string[];
      readonly stampedAt: number | null;
    }
  >;
  /** Everything of the version that stands, anew. */
  verify(documentId: string): Promise<Verdict | null>;
  forget(container: string): void;
  idle(): Promise<void>;
  close(): void;
}

export interface StandingNeeds {
  readonly store: Store;
  readonly papers: Papers;
  readonly judge: CertificateJudge;
  /** What is shown is out of date. */
  changed(): void;
  now(): number;
  readonly log: Log;
}

/** What is not known may be known soon; what holds may be revoked tomorrow. */
const UNDETERMINED_MS = 10 * 60_000;
const OTHERS_MS = 24 * 3_600_000;

export function openStanding(needs: StandingNeeds): Standing {
  const { store, papers, judge, log } = needs;
  const soon = new Set<string>();
  let working: Promise<void> | null = null;
  let closed = false;

  return {
    of(sql, signatures) {
      const names = [...new Set(signatures.map((one) => one.container))];
      const rows = new Map(
        verdictsOf(sql)
          .all(JSON.stringify(names))
          .map((row) => [row.container, row]),
      );
      for (const { documentId, container } of signatures) {
        const row = rows.get(container);
        if (!row || isOld(row)) lookSoon(documentId);
      }
      return new Map(
        [...rows].map(([container, row]) => {
          const { state, reasons, stampedAt } = verdictIn(row);
          return [container, { state, reasons, stampedAt }];
        }),
      );
    },

    async verify(documentId) {
      const frozen = await papers.frozen(documentId);
      if (!frozen) return null;
      const signatures = (await papers.signaturesOf(documentId)).filter(
        (one) => one.content === frozen.content,
      );
      const verdicts: SignatureVerdict[] = [];
      for (const one of signatures) verdicts.push(await look(one));
      const reasons: VerdictReason[] = [];
      if (!frozen.bytes) reasons.push('content_missing');
      else if (frozen.pdf && !names(frozen.bytes, frozen.pdf)) reasons.push('content_changed');
      if (frozen.signedPdf) {
        const file = await verifyPdf(frozen.signedPdf, judge);
        verdicts.push(...file.signatures);
        reasons.push(...file.reasons);
        // what was signed in the file begins with the very bytes that were frozen
        if (frozen.pdf && !frozen.signedPdf.subarray(0, frozen.pdf.length).equals(frozen.pdf))
          reasons.push('content_changed');
      }
      return verdictOf(verdicts, [...new Set(reasons)]);
    },

    forget(container) {
      store.local((sql) => dropVerdict(sql).run(container));
      needs.changed();
    },
    async idle() {
      await working;
    },
    close() {
      closed = true;
    },
  };

  async function look(one: KeptSignature): Promise<SignatureVerdict> {
    const [found] = await verifyCades(one.container, one.covers, judge, { ocsp: one.ocsp, crls: one.crls });
    const verdict = found ? withRecord(one, found) : nobodyIn(one);
    if (!closed && store.sql.open)
      store.local((sql) => keepVerdict(sql).run(one.name, JSON.stringify(verdict), needs.now()));
    return verdict;
  }

  /** Not inside the question that asked, and each paper once. */
  function lookSoon(documentId: string): void {
    soon.add(documentId);
    working ??= new Promise<void>((resolve) => setImmediate(resolve))
      .then(async () => {
        for (const id of soon) {
          soon.delete(id);
          if (closed || !store.sql.open) return;
          const signatures = await papers.signaturesOf(id);
          const rows = new Map(
            verdictsOf(store.sql)
              .all(JSON.stringify(signatures.map((one) => one.name)))
              .map((row) => [row.container, row]),
          );
          for (const one of signatures) {
            const row = rows.get(one.name);
            if (!row || isOld(row)) await look(one);
          }
        }
        needs.changed();
      })
      .catch((bug: unknown) =>
        log('error', 'signatures could not be looked at', { name: bug instanceof Error ? bug.name : '' }),
      )
      .finally(() => {
        working = null;
      });
  }

  function isOld(row: VerdictRow): boolean {
    const age = needs.now() - row.at;
    return age < 0 || age > (verdictIn(row).state === 'undetermined' ? UNDETERMINED_MS : OTHERS_MS);
  }
}

/** The change names the certificate and the bytes; a container of somebody else in its place is another signature. */
function withRecord(one: KeptSignature, found: SignatureVerdict): SignatureVerdict {
  const more: VerdictReason[] = [];
  if (found.certificateSha256 !== null && found.certificateSha256 !== one.certificate)
    more.push('certificate_mismatch');
  if (one.covers && sha256(one.covers).toString('hex') !== one.digest) more.push('content_changed');
  if (more.length === 0) return found;
  const reasons = [...new Set([...found.reasons, ...more])];
  return { ...found, reasons, state: stateOf(more, found.state) };
}

const nobodyIn = (one: KeptSignature): SignatureVerdict => ({
  state: 'invalid',
  reasons: ['signature_malformed'],
  kind: 'CAdES',
  signer: '',
  issuer: '',
  certificateSha256: one.certificate,
  algorithm: '',
  claimedAt: null,
  stampedAt: null,
  revocation: null,
});

/** The content names the PDF by its hash. */
function names(content: Buffer, pdf: Buffer): boolean {
  const read: { pdf?: { sha256?: unknown } } = JSON.parse(content.toString());
  return read.pdf?.sha256 === sha256(pdf).toString('hex');
}

interface VerdictRow {
  readonly container: string;
  readonly verdict: string;
  readonly at: number;
}

// written by `look`
function verdictIn(row: VerdictRow): SignatureVerdict {
  const verdict: SignatureVerdict = JSON.parse(row.verdict);
  return verdict;
}

export const verdictsOf = statement<[containers: string], VerdictRow>(
  'SELECT v.* FROM json_each(?) c JOIN signature_verdict v ON v.container = c.value',
);
const keepVerdict = statement<[container: string, verdict: string, at: number]>(
  `INSERT INTO signature_verdict (container, verdict, at) VALUES (?, ?, ?)
   ON CONFLICT (container) DO UPDATE SET verdict = excluded.verdict, at = excluded.at`,
);
const dropVerdict = statement<[string]>('DELETE FROM signature_verdict WHERE container = ?');
