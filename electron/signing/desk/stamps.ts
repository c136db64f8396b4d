// Time-stamps for signatures that were made without a line: fetched in the background, without the token, by the PC that
// signed. Another PC does it only where that one has not for a day, so that a stamp is not fetched by everybody.
import type { Log } from '../../store/room.ts';
import { addTimeStamp, readSignedData } from '../cms/index.ts';
import { sha256 } from '../crypto.ts';
import { parsed } from '../der/read.ts';
import { addDocTimeStamp, verifyPdf } from '../pdf/index.ts';
import type { CertificateJudge, CertificateQuestion, TimeStamper } from '../types.ts';
import type { KeptSignature, Papers } from './papers-port.ts';

export interface Stamps {
  /** Now, if nothing is running; answers how many came. */
  fetch(): Promise<number>;
  /** What the last answer said: a PDF's signature asks for its stamp only while the service answers. */
  isUp(): boolean;
  close(): void;
}

type Examine = (question: CertificateQuestion) => Promise<{
  readonly evidence: { readonly ocsp: readonly Buffer[]; readonly crls: readonly Buffer[] };
}>;

export interface StampNeeds {
  readonly papers: Papers;
  readonly station: string;
  /** Null: no service is set. */
  stamper(): TimeStamper | null;
  /** What the certificate's standing rests on, to be kept beside the signature; null: nobody looks. */
  readonly examine: Examine | null;
  readonly judge: CertificateJudge;
  /** The container is another now: what was found out about it is old. */
  stamped(): void;
  now(): number;
  readonly log: Log;
}

const AT_ONCE = 20;
const DAY_MS = 24 * 3_600_000;
const FIRST_WAIT_MS = 30_000;
const LONGEST_WAIT_MS = 10 * 60_000;

export function openStamps(needs: StampNeeds): Stamps {
  const { papers, station, stamper, examine, judge, stamped, now, log } = needs;
  let running: Promise<number> | null = null;
  let up = true;
  let wait = FIRST_WAIT_MS;
  let timer: ReturnType<typeof setTimeout> | null = null;
  let closed = false;
  /** Refused by the service for what they are; not asked again in this run of the program. */
  const refused = new Set<string>();

  const again = (ms: number): void => {
    if (timer) clearTimeout(timer);
    if (closed) return;
    timer = setTimeout(() => void fetch(), ms);
    timer.unref();
  };
  async function fetch(): Promise<number> {
    running ??= round()
      .catch((bug: unknown) => {
        log('error', 'time-stamps could not be fetched', { name: bug instanceof Error ? bug.name : '' });
        return 0;
      })
      .finally(() => {
        running = null;
      });
    return running;
  }
  again(FIRST_WAIT_MS);

  return {
    fetch,
    isUp: () => up,
    close() {
      closed = true;
      if (timer) clearTimeout(timer);
    },
  };

  async function round(): Promise<number> {
    let count = 0;
    const ask = stamper();
    if (!ask) return 0;
    const waiting = (await papers.unstamped(AT_ONCE * 10))
      .filter((one) => !refused.has(one.name))
      .filter((one) => one.station === station || now() - one.at > DAY_MS);
    for (const one of waiting.slice(0, AT_ONCE)) {
      if (closed) return count;
      const container = await addTimeStamp(one.container, ask);
      if (!container.ok && container.error.code === 'stamp_unreachable') {
        up = false;
        wait = Math.min(wait * 2, LONGEST_WAIT_MS);
        again(wait);
        return count;
      }
      up = true;
      wait = FIRST_WAIT_MS;
      const evidence = container.ok ? await evidenceFor(one, container.value, ask) : null;
      const kept = evidence && !closed ? papers.addEvidence(one, evidence) : null;
      if (kept?.ok) {
        stamped();
        count += 1;
        continue;
      }
      refused.add(one.name);
      log('warn', 'a signature got no time-stamp', {
        code: container.ok ? (kept && !kept.ok ? kept.error.code : 'closed') : container.error.code,
      });
    }
    again(waiting.length > AT_ONCE ? 1_000 : LONGEST_WAIT_MS);
    return count;
  }

  /** Answers and lists as they were when the stamp came: in thirty years nobody can ask for them again. */
  async function evidenceFor(
    one: KeptSignature,
    stamped: Buffer,
    ask: TimeStamper,
  ): Promise<{ stamped: Buffer; ocsp: Buffer[]; crl: string[]; signedPdf: string | null }> {
    const ocsp: Buffer[] = [];
    const crl: string[] = [];
    const certificates = parsed(() => readSignedData(one.container))?.certificates ?? [];
    const certificate = certificates.find((der) => sha256(der).toString('hex') === one.certificate);
    if (examine && certificate) {
      const others = certificates.filter((der) => der !== certificate);
      const asked = { certificate, others, provenAt: null, usage: 'document', ocsp: [], crls: [] } as const;
      const { evidence } = await examine(asked);
      ocsp.push(
        ...evidence.ocsp.filter((answer) => answer.length <= MOST_ANSWER_BYTES).slice(0, MOST_ANSWERS),
      );
      for (const list of evidence.crls.slice(0, MOST_ANSWERS)) {
        const kept = await papers.keepFile(list);
        if (kept.ok) crl.push(kept.value);
      }
    }
    return { stamped, ocsp, crl, signedPdf: await stampedPdf(one, ask) };
  }

  /**
   * A signature in a PDF takes no stamp of its own later: whoever signed after it has covered it. So the whole file gets
   * one, where its last signature was made without a line.
   */
  async function stampedPdf(one: KeptSignature, ask: TimeStamper): Promise<string | null> {
    const pdf = await papers.pdfEndingWith(one);
    if (!pdf) return null;
    const { signatures } = await verifyPdf(pdf, judge);
    if (signatures.at(-1)?.stampedAt !== null) return null;
    const whole = await addDocTimeStamp(pdf, ask);
    const kept = whole.ok ? await papers.keepFile(whole.value) : null;
    return kept?.ok ? kept.value : null;
  }
}

/** What a change has room for. */
const MOST_ANSWERS = 6;
const MOST_ANSWER_BYTES = 20_000;
