// What waits for the printer, one job after the other. Each step is written down before it is taken, so that a power cut
// loses no job and prints none twice by itself: of one that was just being handed over, a person says whether it came.
import { randomUUID } from 'node:crypto';
import { fail, ok, type Result } from '../../shared/api/contract.ts';
import type { Context, HandlersOf, Log } from '../store/room.ts';
import type { Store } from '../store/types.ts';
import { type Job, jobsOf } from './jobs.ts';
import type { Printers } from './types.ts';

export interface PrintQueueNeeds {
  readonly store: Pick<Store, 'sql' | 'local'>;
  /** Null: a shell without printers. */
  readonly printers: Printers | null;
  /** Of a frozen version: what it is called, and of whom; null when there is no such version here. */
  paper(documentId: string, content: string): { title: string; patientName: string } | null;
  /** Its PDF, with the signatures so far. Codes: not_found, document_not_here. */
  pdf(documentId: string, content: string): Promise<Result<Buffer>>;
  /** The queue is not what it was. */
  changed(): void;
  now(): number;
  readonly log: Log;
  /** ms between two looks whether the system has printed. */
  readonly lookEvery?: number;
}

export interface PrintQueue {
  readonly handlers: HandlersOf<'print.queue' | 'print.add' | 'print.again' | 'print.drop'>;
  /** Until nothing waits and nothing is being handed over. */
  idle(): Promise<void>;
  close(): Promise<void>;
}

const mostWaiting = 200;
/** What was printed stays on the list for a shift and a night. */
const rememberMs = 24 * 3_600_000;

export function openPrintQueue(needs: PrintQueueNeeds): PrintQueue {
  const { store, printers, now, log, lookEvery = 3_000 } = needs;
  const jobs = jobsOf(store);
  let closed = false;
  let working: Promise<void> | null = null;
  let looking: NodeJS.Timeout | undefined;
  let looked: Promise<void> = Promise.resolve();

  pickUp();

  return {
    handlers: {
      'print.queue': async (_input, ctx) =>
        ok({
          printers: (await printers?.list()) ?? [],
          jobs: jobs
            .all()
            .filter((job) => mayTouch(job, ctx))
            .map(shown),
        }),

      'print.add': ({ documentId, content, copies, printer }, ctx) => {
        if (!printers) return fail('printer_missing');
        if (!needs.paper(documentId, content)) return fail('not_found');
        if (jobs.waiting() >= mostWaiting) return fail('too_large');
        const id = randomUUID();
        jobs.forgetPrintedBefore(now() - rememberMs);
        jobs.add({
          id,
          document_id: documentId,
          content,
          copies,
          printer,
          asked_by: ctx.caller.userId,
          at: now(),
        });
        news();
        return ok({ jobId: id });
      },

      'print.again': ({ jobId }, ctx) => {
        const job = jobs.find(jobId);
        if (!job || !mayTouch(job, ctx)) return fail('not_found');
        // what waits or is on its way is not begun a second time
        if (job.state !== 'waiting' && job.state !== 'printing')
          jobs.set(jobId, { state: 'waiting', system_job: null, code: null });
        news();
        return ok(null);
      },

      'print.drop': async ({ jobId }, ctx) => {
        const job = jobs.find(jobId);
        if (!job || !mayTouch(job, ctx)) return fail('not_found');
        jobs.drop(jobId);
        needs.changed();
        if (job.state === 'printing' && job.system_job !== null) await printers?.cancel(job.system_job);
        return ok(null);
      },
    },

    async idle() {
      while (working) await working;
    },

    async close() {
      closed = true;
      clearTimeout(looking);
      await working;
      await looked;
    },
  };

  /** Its own jobs, and all for those who may read charts anyway. */
  function mayTouch(job: Job, ctx: Context): boolean {
    return job.asked_by === ctx.caller.userId || ctx.can('chart.read');
  }

  function shown(job: Job) {
    const paper = needs.paper(job.document_id, job.content);
    const { id, copies, printer, state, at, code } = job;
    const title = paper ? `${paper.title} – ${paper.patientName}` : '';
    return { jobId: id, title, copies, printer, state, at, code };
  }

  /** After a start: what was handed over is asked for, what was just being handed over is a person's to judge. */
  function pickUp(): void {
    for (const job of jobs.printing())
      if (job.system_job === null)
        jobs.set(job.id, { state: 'failed', system_job: null, code: 'print_failed' });
    work();
    lookSoon();
  }

  function news(): void {
    needs.changed();
    work();
  }

  function work(): void {
    if (closed || working || !printers) return;
    working = printAll(printers)
      .then(
        () => true,
        (bug: unknown) => {
          log('error', 'the print queue stopped', { bug });
          return false;
        },
      )
      .then((well) => {
        working = null;
        lookSoon();
        // one that came in the moment after the last look
        if (well && jobs.oldestWaiting()) work();
      });
  }

  async function printAll(to: Printers): Promise<void> {
    for (let job = jobs.oldestWaiting(); job && !closed; job = jobs.oldestWaiting()) await printOne(to, job);
  }

  async function printOne(to: Printers, job: Job): Promise<void> {
    const pdf = await needs.pdf(job.document_id, job.content);
    // dropped while its pages were fetched
    if (closed || !jobs.find(job.id)) return;
    if (!pdf.ok) return failed(job, pdf.error.code);
    jobs.set(job.id, { state: 'printing', system_job: null, code: null });
    needs.changed();
    const sent = await to.send({
      pdf: pdf.value,
      printer: job.printer,
      copies: job.copies,
      title: titleForSystem(job),
    });
    if (!sent.ok) return failed(job, sent.error.code);
    const { systemJob } = sent.value;
    if (!jobs.find(job.id) && systemJob !== null) return to.cancel(systemJob);
    jobs.set(job.id, {
      state: systemJob === null ? 'printed' : 'printing',
      system_job: systemJob,
      code: null,
    });
    needs.changed();
  }

  function failed(job: Job, code: string): void {
    log('warn', 'a paper was not printed', { job: job.id, code });
    jobs.set(job.id, { state: 'failed', system_job: null, code });
    needs.changed();
  }

  function lookSoon(): void {
    clearTimeout(looking);
    if (closed || !printers || jobs.printing().length === 0) return;
    looking = setTimeout(() => {
      looked = look(printers).then(lookSoon, (bug: unknown) =>
        log('error', 'the printers could not be asked', { bug }),
      );
    }, lookEvery).unref();
  }

  async function look(at: Printers): Promise<void> {
    for (const { id, system_job: systemJob } of jobs.printing()) {
      if (systemJob === null || (await at.has(systemJob)) || closed) continue;
      jobs.set(id, { state: 'printed', system_job: null, code: null });
      needs.changed();
    }
  }
}

/** Seen by whoever looks at the printer's own list, so it names nobody. */
const titleForSystem = ({ content }: Job): string => `Tram ${content.slice(0, 8)}`;
