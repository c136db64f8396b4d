// What waits for the printer: on a real store, with printers that a test speaks for.
import { expect, it, vi } from 'vitest';
import { openPrintQueue } from '../../../electron/print/queue.ts';
import type { Printers } from '../../../electron/print/types.ts';
import type { Context } from '../../../electron/store/room.ts';
import type { OpenStore } from '../../../electron/store/types.ts';
import { fail, ok, type Result } from '../../../shared/api/contract.ts';
import { ContentId, DocumentId } from '../../../shared/api/documents.ts';
import { openTestStore } from '../support/open-test-store.ts';

const documentId = DocumentId.parse('11111111-1111-4111-8111-111111111111');
const content = ContentId.parse('ab'.repeat(32));
const pdf = Buffer.from('%PDF of Nguyễn Thị Hoài Thương');

class SpokenFor implements Printers {
  sent: Parameters<Printers['send']>[0][] = [];
  cancelled: string[] = [];
  still = new Set<string>();
  answer: (n: number) => Promise<Result<{ systemJob: string | null }>> = async (n) =>
    ok({ systemJob: `LBP-${n}` });
  async list() {
    return [{ name: 'LBP', isDefault: true }];
  }
  async send(job: Parameters<Printers['send']>[0]) {
    this.sent.push(job);
    const n = this.sent.length;
    this.still.add(`LBP-${n}`);
    return this.answer(n);
  }
  async has(job: string) {
    return this.still.has(job);
  }
  async cancel(job: string) {
    this.cancelled.push(job);
  }
}

function ctxOf(userId = 'nurse', reads = true): Context {
  return { caller: { userId }, can: () => reads, now: Date.now } as unknown as Context;
}

function openQueue(store: OpenStore = openTestStore([]), printers: SpokenFor | null = new SpokenFor()) {
  const needs = {
    paper: vi.fn((): { title: string; patientName: string } | null => ({
      title: 'Giấy ra viện',
      patientName: 'Nguyễn Thị Hoài Thương',
    })),
    pdf: vi.fn(async (): Promise<Result<Buffer>> => ok(pdf)),
    changed: vi.fn(),
  };
  let clock = 1_000;
  const queue = openPrintQueue({
    store,
    printers,
    ...needs,
    now: () => clock++,
    log: () => {},
    lookEvery: 5,
  });
  const add = (printer: string | null = null, copies = 1, ctx = ctxOf()) =>
    queue.handlers['print.add']({ documentId, content, copies, printer }, ctx);
  const jobs = async (ctx = ctxOf()) => {
    const answer = await queue.handlers['print.queue']({}, ctx);
    if (!answer.ok) throw new Error('queue');
    return answer.value.jobs;
  };
  return { store, printers, queue, add, jobs, ...needs };
}

it('prints what is asked for, in the order it was asked for, as often as asked for', async () => {
  const { add, jobs, queue, printers } = openQueue();
  await add(null, 2);
  await add('LBP', 3);
  await queue.idle();
  expect(printers!.sent.map(({ printer, copies }) => [printer, copies])).toEqual([
    [null, 2],
    ['LBP', 3],
  ]);
  expect(printers!.sent[0]!.pdf.equals(pdf)).toBe(true);
  expect((await jobs()).map(({ state }) => state)).toEqual(['printing', 'printing']);
  printers!.still.delete('LBP-1');
  await vi.waitFor(async () =>
    expect((await jobs()).map(({ state }) => state)).toEqual(['printing', 'printed']),
  );
  await queue.close();
});

it('tells pages what a job is of, and the system’s own list nothing of it', async () => {
  const { add, jobs, queue, printers } = openQueue();
  await add();
  await queue.idle();
  expect((await jobs())[0]!.title).toBe('Giấy ra viện – Nguyễn Thị Hoài Thương');
  expect(printers!.sent[0]!.title).toBe('Tram abababab');
  await queue.close();
});

it('keeps a job that failed until somebody tries again or drops it', async () => {
  const { add, jobs, queue, printers } = openQueue();
  printers!.answer = async () => fail('printer_missing');
  await add();
  await queue.idle();
  const [job] = await jobs();
  expect(job).toMatchObject({ state: 'failed', code: 'printer_missing' });

  printers!.answer = async () => ok({ systemJob: null });
  await queue.handlers['print.again']({ jobId: job!.jobId }, ctxOf());
  await queue.idle();
  expect((await jobs())[0]).toMatchObject({ state: 'printed', code: null });
  await queue.handlers['print.drop']({ jobId: job!.jobId }, ctxOf());
  expect(await jobs()).toEqual([]);
  await queue.close();
});

it('says why pages could not be had, and goes on with the next', async () => {
  const { add, jobs, queue, printers, pdf: fetched } = openQueue();
  fetched.mockResolvedValueOnce(fail('not_found'));
  await add();
  await add();
  await queue.idle();
  expect((await jobs()).map(({ state, code }) => [state, code])).toEqual([
    ['printing', null],
    ['failed', 'not_found'],
  ]);
  expect(printers!.sent).toHaveLength(1);
  await queue.close();
});

it('refuses what is not a frozen version here, and anything where there are no printers', async () => {
  const known = openQueue();
  known.paper.mockReturnValue(null);
  expect(await known.add()).toMatchObject({ error: { code: 'not_found' } });
  const none = openQueue(openTestStore([]), null);
  expect(await none.add()).toMatchObject({ error: { code: 'printer_missing' } });
  expect(await none.queue.handlers['print.queue']({}, ctxOf())).toEqual(ok({ printers: [], jobs: [] }));
  await Promise.all([known.queue.close(), none.queue.close()]);
});

it('goes on after a restart with what waited, asks for what was handed over, and prints nothing twice by itself', async () => {
  const store = openTestStore([]);
  const before = new SpokenFor();
  const stuck = Promise.withResolvers<Result<{ systemJob: string | null }>>();
  before.answer = async (n) => (n === 1 ? ok({ systemJob: 'LBP-1' }) : stuck.promise);
  const first = openQueue(store, before);
  await first.add();
  await first.add();
  await first.add();
  await vi.waitFor(() => expect(before.sent).toHaveLength(2));
  // the power goes while the second is being handed over: nothing more is written by the first program
  const rows = store.sql.prepare('select state, system_job from print_job order by at').all();
  expect(rows).toEqual([
    { state: 'printing', system_job: 'LBP-1' },
    { state: 'printing', system_job: null },
    { state: 'waiting', system_job: null },
  ]);

  const after = new SpokenFor();
  after.answer = async () => {
    after.still.clear();
    return ok({ systemJob: null });
  };
  const second = openQueue(store, after);
  await second.queue.idle();
  await vi.waitFor(async () =>
    expect((await second.jobs()).map(({ state, code }) => [state, code])).toEqual([
      ['printed', null],
      ['failed', 'print_failed'],
      ['printed', null],
    ]),
  );
  expect(after.sent).toHaveLength(1);
  await second.queue.close();
  stuck.resolve(fail('print_failed'));
  await first.queue.close();
});

it('keeps ids and no page of anybody', async () => {
  const { store, add, queue } = openQueue();
  await add();
  await queue.idle();
  const kept = JSON.stringify(store.sql.prepare('select * from print_job').all());
  expect(kept).toContain(content);
  expect(kept).not.toMatch(/Thương|ra viện|PDF/);
  await queue.close();
});

it('takes back from the system what is dropped while it is on its way', async () => {
  const { add, jobs, queue, printers } = openQueue();
  const handing = Promise.withResolvers<Result<{ systemJob: string | null }>>();
  printers!.answer = () => handing.promise;
  await add();
  await vi.waitFor(() => expect(printers!.sent).toHaveLength(1));
  await queue.handlers['print.drop']({ jobId: (await jobs())[0]!.jobId }, ctxOf());
  handing.resolve(ok({ systemJob: 'LBP-1' }));
  await queue.idle();
  expect(printers!.cancelled).toEqual(['LBP-1']);
  expect(await jobs()).toEqual([]);
  await queue.close();
});

it('shows and gives into the hands of others only what they might read anyway', async () => {
  const { add, jobs, queue } = openQueue();
  await add(null, 1, ctxOf('doctor'));
  await queue.idle();
  const [job] = await jobs(ctxOf('doctor'));
  const reception = ctxOf('reception', false);
  expect(await jobs(reception)).toEqual([]);
  for (const method of ['print.again', 'print.drop'] as const)
    expect(await queue.handlers[method]({ jobId: job!.jobId }, reception)).toMatchObject({
      error: { code: 'not_found' },
    });
  expect(await jobs(ctxOf('other doctor'))).toHaveLength(1);
  await queue.close();
});

it('does not begin a second time what waits or is on its way', async () => {
  const { add, jobs, queue, printers } = openQueue();
  await add();
  await queue.idle();
  await queue.handlers['print.again']({ jobId: (await jobs())[0]!.jobId }, ctxOf());
  await queue.idle();
  expect(printers!.sent).toHaveLength(1);
  await queue.close();
});
