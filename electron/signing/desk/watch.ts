// Looks at signatures as they come in from other PCs, so that lists and queues know what is false before anybody opens the
// paper. In the thread that also saves: a paper at a time, resting as long as it worked, and nothing while changes still
// come. Who claims a certificate and who holds a role may arrive after the signature, so either has all doubts looked at
// once more.
import { setTimeout as wait } from 'node:timers/promises';
import type { Log } from '../../store/room.ts';
import { statement } from '../../store/statement.ts';
import type { Store } from '../../store/types.ts';
import type { SignatureVerdict, VerdictReason } from '../types.ts';
import { disputed } from './claims.ts';

export interface Watch {
  /** Every signature nobody has looked at, and every doubt, once more. */
  fromTheBeginning(): void;
  /** Now, and until nothing is left. */
  caughtUp(): Promise<void>;
  close(): void;
}

/** What was found of a signature, as it is kept. */
interface Found {
  readonly state: SignatureVerdict['state'];
  /** JSON: SignatureVerdict */
  readonly verdict: string;
}

export interface WatchNeeds {
  readonly store: Pick<Store, 'sql' | 'onCommit'>;
  /** Those of a paper that are wanted; answers whether anything is shown otherwise now. */
  look(
    documentId: string,
    wanted: (found: Found | undefined, signature: { readonly certificate: string }) => boolean,
  ): Promise<boolean>;
  changed(): void;
  readonly log: Log;
}

/** After the last change that came, and after the store was opened. */
const settleMs = 1_500;
const openingMs = 10_000;
/** Pages told at most that often. */
const tellMs = 2_000;
const rowsAtOnce = 200;
const patientsAtOnce = 50;

/** What may be otherwise once a claim, an account or a file has come. */
const doubts: ReadonlySet<VerdictReason> = new Set<VerdictReason>([
  'other_person',
  'not_entitled',
  'claim_contested',
  'content_missing',
]);
/** Subjects that decide whose a certificate is and who may sign. */
const deciding = ['signer', 'user', 'station'];

export function openWatch({ store, look, changed, log }: WatchNeeds): Watch {
  const patients = new Set<string>();
  const papers = new Set<string>();
  let from: { readonly documentId: string; readonly n: number } | null = { documentId: '', n: -1 };
  let disputes: ReadonlySet<string> = new Set();
  let timer: NodeJS.Timeout | null = null;
  let running: Promise<void> | null = null;
  let closed = false;

  const stop = store.onCommit((touched) => {
    if (touched.types.has('document')) for (const patient of touched.patients) patients.add(patient);
    if (deciding.some((type) => touched.types.has(type))) fromTheBeginning();
    else if (touched.types.has('document')) later(settleMs);
  });
  later(openingMs);

  return {
    fromTheBeginning,
    async caughtUp() {
      while (!closed && (running || timer)) await (running ?? begin());
    },
    close() {
      closed = true;
      stop();
      if (timer) clearTimeout(timer);
      timer = null;
    },
  };

  function fromTheBeginning(): void {
    from = { documentId: '', n: -1 };
    later(settleMs);
  }

  function later(ms: number): void {
    if (closed) return;
    if (timer) clearTimeout(timer);
    timer = setTimeout(() => void begin(), ms);
    timer.unref();
  }

  function begin(): Promise<void> {
    if (timer) clearTimeout(timer);
    timer = null;
    running ??= round()
      .catch((bug: unknown) =>
        log('error', 'signatures that came could not be looked at', {
          name: bug instanceof Error ? bug.name : '',
        }),
      )
      .finally(() => {
        running = null;
      });
    return running;
  }

  async function round(): Promise<void> {
    let news = false;
    let toldAt = performance.now();
    disputes = disputed(store.sql);
    while (isOpen()) {
      const began = performance.now();
      const [paper] = papers;
      if (paper !== undefined) {
        papers.delete(paper);
        news = (await look(paper, isWanted)) || news;
      } else if (!findMore()) break;
      if (news && performance.now() - toldAt > tellMs) {
        changed();
        news = false;
        toldAt = performance.now();
      }
      await wait(performance.now() - began);
    }
    if (news && isOpen()) changed();
  }

  function isOpen(): boolean {
    return !closed && store.sql.open;
  }

  /** False when there is nothing more to look for. */
  function findMore(): boolean {
    if (patients.size > 0) {
      const some = [...patients].slice(0, patientsAtOnce);
      for (const one of some) patients.delete(one);
      for (const { document_id: id } of unlookedOf(store.sql).all(JSON.stringify(some))) papers.add(id);
      return true;
    }
    if (from === null) return false;
    if (from.n < 0) disputes = disputed(store.sql);
    const rows = signaturesFrom(store.sql).all(from.documentId, from.n, rowsAtOnce);
    for (const { document_id: id, certificate, state, verdict } of rows)
      if (isWanted(state === null ? undefined : { state, verdict }, { certificate })) papers.add(id);
    const last = rows.at(-1);
    from = last ? { documentId: last.document_id, n: last.n } : null;
    return true;
  }

  function isWanted(found: Found | undefined, { certificate }: { readonly certificate: string }): boolean {
    if (!found || disputes.has(certificate)) return true;
    if (found.state === 'valid') return false;
    // written by whoever looked
    const { reasons }: SignatureVerdict = JSON.parse(found.verdict);
    return reasons.some((reason) => doubts.has(reason));
  }
}

type Row = { readonly document_id: string; readonly n: number; readonly certificate: string } & (
  | Found
  | { readonly state: null; readonly verdict: null }
);

/** In the order of their key, from there on. */
export const signaturesFrom = statement<[documentId: string, n: number, limit: number], Row>(`
  SELECT s.document_id, s.n, s.certificate, v.state, v.verdict
    FROM document_signature s LEFT JOIN signature_verdict v ON v.act = s.act
   WHERE (s.document_id, s.n) > (?, ?) AND s.adds_up = 1
   ORDER BY s.document_id, s.n LIMIT ?`);
/** Papers of these patients with a signature nobody has looked at. */
export const unlookedOf = statement<[patients: string], { document_id: string }>(`
  SELECT DISTINCT s.document_id FROM json_each(?) p
    JOIN document d ON d.patient_id = p.value
    JOIN document_signature s ON s.document_id = d.id AND s.adds_up = 1
   WHERE NOT EXISTS (SELECT 1 FROM signature_verdict v WHERE v.act = s.act)`);
