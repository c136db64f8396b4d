// The rows of what this PC was asked to print.
import type { Database } from 'better-sqlite3';
import { statement } from '../store/statement.ts';
import type { Store } from '../store/types.ts';

export type JobState = 'waiting' | 'printing' | 'printed' | 'failed';

export interface Job {
  readonly id: string;
  readonly document_id: string;
  readonly content: string;
  readonly copies: number;
  readonly printer: string | null;
  readonly state: JobState;
  readonly system_job: string | null;
  readonly code: string | null;
  readonly asked_by: string;
  readonly at: number;
}

export interface Jobs {
  /** What is still to be done first, then newest first. */
  all(): Job[];
  find(id: string): Job | null;
  add(job: Pick<Job, 'id' | 'document_id' | 'content' | 'copies' | 'printer' | 'asked_by' | 'at'>): void;
  /** What it is now; nothing when it was dropped meanwhile. */
  set(id: string, now: Pick<Job, 'state' | 'system_job' | 'code'>): void;
  drop(id: string): void;
  oldestWaiting(): Job | null;
  printing(): Job[];
  waiting(): number;
  /** Printed ones are forgotten after a while; failed ones only when a person drops them. */
  forgetPrintedBefore(at: number): void;
}

/** The paper a job prints; null when there is no such job. */
export const paperOfJob = (sql: Database, jobId: string): string | null =>
  jobById(sql).get(jobId)?.document_id ?? null;
const jobById = statement<[string], Pick<Job, 'document_id'>>(
  'select document_id from print_job where id = ?',
);

export function jobsOf(store: Pick<Store, 'sql' | 'local'>): Jobs {
  const { sql } = store;
  const all = sql.prepare<[], Job>(
    `select * from print_job
      order by case state when 'printing' then 0 when 'waiting' then 1 else 2 end, at desc limit 300`,
  );
  const find = sql.prepare<[string], Job>('select * from print_job where id = ?');
  const ofState = sql.prepare<[JobState], Job>('select * from print_job where state = ? order by at, rowid');
  const count = sql.prepare<[], number>("select count(*) from print_job where state = 'waiting'").pluck();
  const change = (work: (db: Database) => void): void => store.local(work);

  return {
    all: () => all.all(),
    find: (id) => find.get(id) ?? null,
    add: (job) =>
      change((db) =>
        db
          .prepare(
            `insert into print_job (id, document_id, content, copies, printer, state, asked_by, at)
             values (@id, @document_id, @content, @copies, @printer, 'waiting', @asked_by, @at)`,
          )
          .run(job),
      ),
    set: (id, { state, system_job, code }) =>
      change((db) =>
        db
          .prepare('update print_job set state = ?, system_job = ?, code = ? where id = ?')
          .run(state, system_job, code, id),
      ),
    drop: (id) => change((db) => db.prepare('delete from print_job where id = ?').run(id)),
    oldestWaiting: () => ofState.get('waiting') ?? null,
    printing: () => ofState.all('printing'),
    waiting: () => count.get() ?? 0,
    forgetPrintedBefore: (at) =>
      change((db) => db.prepare("delete from print_job where state = 'printed' and at < ?").run(at)),
  };
}
