// Whether signatures hold, each in the place where it stands: looked at when they come in and when a page shows them, kept
// with the time, looked at anew when that is long ago. A change may come from any PC, so a container proves only what its
// own bytes prove: that it is its author's, and that they may sign there, is looked up. What was never looked at is
// undetermined.
import type { Database } from 'better-sqlite3';
import type { Log } from '../../store/room.ts';
import { statement } from '../../store/statement.ts';
import type { Store } from '../../store/types.ts';
import { readSignedData, verifyCades } from '../cms/index.ts';
import { sha256 } from '../crypto.ts';
import { parsed } from '../der/read.ts';
import { verifyPdf } from '../pdf/index.ts';
import type { CertificateJudge, SignatureVerdict, Verdict, VerdictReason } from '../types.ts';
import { stateOf, verdictOf } from '../verdict.ts';
import { readCertificate } from '../x509/certificate.ts';
import type { Claims, ClaimWitness } from './claims.ts';
import type { KeptSignature, Papers } from './papers-port.ts';
import { openWatch } from './watch.ts';

export interface Standing {
  /** By act; what was never looked at, or is long ago, is looked at soon. */
  of(
    sql: Database,
    signatures: readonly { readonly documentId: string; readonly act: string }[],
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
  /** Files that were waited for are here. */
  filesCame(): void;
  /** Until everything that came in was looked at. */
  idle(): Promise<void>;
  close(): void;
}

export interface StandingNeeds {
  readonly store: Store;
  readonly papers: Papers;
  readonly judge: CertificateJudge;
  /** The same without asking anybody: not every PC has to ask about every signature that reaches it. */
  readonly quietJudge: CertificateJudge;
  readonly claims: Claims;
  /** Roles an account was ever given: who has another one today signed as what they were. */
  readonly witness: Pick<ClaimWitness, 'rolesEverOf' | 'center'>;
  /** What is shown is out of date. */
  changed(): void;
  now(): number;
  readonly log: Log;
}

/** What is not known may be known soon, a claim or an account may still be on its way; what holds may be revoked tomorrow. */
const VALID_MS = 24 * 3_600_000;
const OTHERS_MS = 10 * 60_000;

export function openStanding(needs: StandingNeeds): Standing {
  const { store, papers, judge, quietJudge, log } = needs;
  const soon = new Set<string>();
  let working: Promise<void> | null = null;
  let closed = false;
  const watch = openWatch({
    store,
    look: (documentId, wanted) => lookAgain(documentId, quietJudge, wanted),
    changed: needs.changed,
    log,
  });

  return {
    of(sql, signatures) {
      const rows = rowsOf(
        sql,
        signatures.map((one) => one.act),
      );
      for (const { documentId, act } of signatures) {
        const row = rows.get(act);
        if (!row || isOld(row)) lookSoon(documentId);
      }
      return new Map(
        [...rows].map(([act, row]) => {
          const { state, reasons, stampedAt } = verdictIn(row);
          return [act, { state, reasons, stampedAt }];
        }),
      );
    },

    async verify(documentId) {
      const frozen = await papers.frozen(documentId);
      if (!frozen) return null;
      const signatures = (await papers.signaturesOf(documentId)).filter(
        (one) => one.content === frozen.content,
      );
      const looked: Looked[] = [];
      for (const one of signatures) looked.push({ one, verdict: await look(one, judge) });
      keep(looked, judge);
      const verdicts = counting(looked);
      const reasons: VerdictReason[] = [];
      // what is named and not here cannot be looked at
      if (!frozen.bytes || !frozen.pdf) reasons.push('content_missing');
      if (frozen.bytes && signatures.some((one) => one.proven === false)) reasons.push('content_changed');
      if (frozen.bytes && frozen.pdf && !names(frozen.bytes, frozen.pdf)) reasons.push('content_changed');
      if (frozen.fault) reasons.push(frozen.fault);
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

    filesCame: watch.fromTheBeginning,
    async idle() {
      await working;
      if (!closed) await watch.caughtUp();
    },
    close() {
      closed = true;
      watch.close();
    },
  };

  async function look(one: KeptSignature, by: CertificateJudge): Promise<SignatureVerdict> {
    const found = (await holding(one, by)) ?? nobodyIn(one);
    return withRecord(one, found);
  }

  /** A time-stamp somebody put beside a good signature makes it no worse. */
  async function holding(one: KeptSignature, by: CertificateJudge): Promise<SignatureVerdict | undefined> {
    const evidence = { ocsp: one.ocsp, crls: one.crls };
    const [found] = await verifyCades(one.container, one.covers, by, evidence);
    if (!one.stamped || found?.state !== 'invalid') return found;
    const [original] = await verifyCades(one.original, one.covers, by, evidence);
    return original?.state === 'invalid' ? found : original;
  }

  /** In one transaction; answers whether anything is shown otherwise now. */
  function keep(looked: readonly Looked[], by: CertificateJudge): boolean {
    // nobody was asked: whoever opens the paper has it looked at whole
    const at = ({ state }: SignatureVerdict): number => (by === judge || state === 'valid' ? needs.now() : 0);
    if (closed || !store.sql.open || looked.length === 0) return false;
    const before = rowsOf(
      store.sql,
      looked.map(({ one }) => one.act),
    );
    store.local((sql) => {
      for (const { one, verdict } of looked)
        keepVerdict(sql).run(one.act, one.documentId, verdict.state, JSON.stringify(verdict), at(verdict));
    });
    return looked.some(({ one, verdict }) => {
      const row = before.get(one.act);
      return row?.state !== verdict.state || row.verdict !== JSON.stringify(verdict);
    });
  }

  /** Those of a paper that are `wanted`, and forgets what is not on it any more. */
  async function lookAgain(
    documentId: string,
    by: CertificateJudge,
    wanted: (row: VerdictRow | undefined, one: KeptSignature) => boolean,
  ): Promise<boolean> {
    const signatures = await papers.signaturesOf(documentId);
    if (closed || !store.sql.open) return false;
    const acts = signatures.map((one) => one.act);
    const rows = rowsOf(store.sql, acts);
    const looked: Looked[] = [];
    for (const one of signatures) {
      if (!wanted(rows.get(one.act), one)) continue;
      looked.push({ one, verdict: await look(one, by) });
      // somebody may be typing
      await new Promise((resolve) => setImmediate(resolve));
    }
    const news = keep(looked, by);
    if (!closed && store.sql.open)
      store.local((sql) => dropOthers(sql).run(documentId, JSON.stringify(acts)));
    return news;
  }

  /** The change names paper, step, bytes, certificate and person; in another place it is another signature. */
  function withRecord(one: KeptSignature, found: SignatureVerdict): SignatureVerdict {
    const more: VerdictReason[] = [];
    if (found.certificateSha256 !== null && found.certificateSha256 !== one.certificate)
      more.push('certificate_mismatch');
    if (one.covers && sha256(one.covers).toString('hex') !== one.digest) more.push('content_changed');
    if (one.over === 'content' && one.digest !== one.content) more.push('content_changed');
    if (one.proven === false) more.push('content_changed');
    if (found.signer.slice(0, MOST_NAME) !== one.signer) more.push('other_person');
    else more.push(...whoSays(one));
    if (!mayHaveSigned(one)) more.push('not_entitled');
    if (more.length === 0) return found;
    const reasons = [...new Set([...found.reasons, ...more])];
    return { ...found, reasons, state: stateOf(more, found.state) };
  }

  /** Nothing when it is, without question, the certificate of the account that is said to have signed; see claims.ts. */
  function whoSays({ original, certificate: name, author, place }: KeptSignature): VerdictReason[] {
    const [der] = (parsed(() => readSignedData(original))?.certificates ?? []).filter(
      (each) => sha256(each).toString('hex') === name,
    );
    const certificate = der && readCertificate(der);
    if (!certificate || author === null) return ['other_person'];
    const whose = needs.claims.whose(certificate);
    const center = needs.witness.center()?.id;
    const isAuthors = (owner: string): boolean =>
      owner === author || (place?.kind === 'facility' && owner === center);
    if (whose.is === 'ones') return isAuthors(whose.owner) ? [] : ['other_person'];
    return whose.is === 'contested' && whose.owners.some(isAuthors) ? ['claim_contested'] : ['other_person'];
  }

  function mayHaveSigned({ author, place, asked }: KeptSignature): boolean {
    if (author === null || place === null) return false;
    return asked || needs.witness.rolesEverOf(author).some((role) => place.roles.includes(role));
  }

  /** Not inside the question that asked, and each paper once. */
  function lookSoon(documentId: string): void {
    soon.add(documentId);
    working ??= new Promise<void>((resolve) => setImmediate(resolve))
      .then(async () => {
        for (const id of soon) {
          soon.delete(id);
          if (closed || !store.sql.open) return;
          await lookAgain(id, judge, (row) => !row || isOld(row));
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
    return age < 0 || age > (row.state === 'valid' ? VALID_MS : OTHERS_MS);
  }
}

/** As a change has room for. */
const MOST_NAME = 200;

interface Looked {
  readonly one: KeptSignature;
  readonly verdict: SignatureVerdict;
}

/**
 * A container counts once, where it came first. Where somebody has signed well, what others put there does not harm
 * them; where nobody has, it is what there is.
 */
function counting(looked: readonly Looked[]): SignatureVerdict[] {
  const taken = new Set<string>();
  const each = looked.map(({ one, verdict }): Looked => {
    if (verdict.state === 'invalid') return { one, verdict };
    if (taken.has(one.name))
      return {
        one,
        verdict: { ...verdict, state: 'invalid', reasons: [...verdict.reasons, 'used_elsewhere'] },
      };
    taken.add(one.name);
    return { one, verdict };
  });
  const placeOf = ({ one }: Looked): string =>
    one.over === 'content' ? `step ${one.step}` : `evidence ${one.digest}`;
  const well = new Set(each.filter(({ verdict }) => verdict.state !== 'invalid').map(placeOf));
  return each
    .filter((it) => it.verdict.state !== 'invalid' || !well.has(placeOf(it)))
    .map(({ verdict }) => verdict);
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

export interface VerdictRow {
  readonly act: string;
  readonly state: SignatureVerdict['state'];
  readonly verdict: string;
  readonly at: number;
}

const rowsOf = (sql: Database, acts: readonly string[]): Map<string, VerdictRow> =>
  new Map(
    verdictsOf(sql)
      .all(JSON.stringify([...new Set(acts)]))
      .map((row) => [row.act, row]),
  );

// written by `look`
function verdictIn(row: VerdictRow): SignatureVerdict {
  const verdict: SignatureVerdict = JSON.parse(row.verdict);
  return verdict;
}

export const verdictsOf = statement<[acts: string], VerdictRow>(
  'SELECT v.* FROM json_each(?) a JOIN signature_verdict v ON v.act = a.value',
);
const keepVerdict = statement<[act: string, documentId: string, state: string, verdict: string, at: number]>(
  `INSERT INTO signature_verdict (act, document_id, state, verdict, at) VALUES (?, ?, ?, ?, ?)
   ON CONFLICT (act) DO UPDATE SET state = excluded.state, verdict = excluded.verdict, at = excluded.at`,
);
/** What was found of an act before something came for it. */
const dropOthers = statement<[documentId: string, acts: string]>(
  'DELETE FROM signature_verdict WHERE document_id = ? AND act NOT IN (SELECT value FROM json_each(?))',
);
