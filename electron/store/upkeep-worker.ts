// The upkeep thread: a connection of its own to the open store. Readers and the writer do not wait for each
// other in WAL mode. Bundled as one CJS file, for the same reason as the core's worker.
import { parentPort, workerData } from 'node:worker_threads';
import { makeBackup } from './backup.ts';
import { connect, LONG_WAL_PAGES } from './connection.ts';
import { failureOf } from './faults.ts';
import { adoptSnapshot, makeSnapshot } from './snapshot.ts';
import { checkState, withState } from './state-digest.ts';
import type { StoreLog } from './types.ts';
import type { AdoptJob, FromUpkeep, ToUpkeep, UpkeepSettings } from './upkeep-jobs.ts';
import { checkIntegrity, verifyLog } from './verify.ts';

/** Long enough for a round of saves to share one write-back, short enough that the WAL stays small. */
const checkpointMs = 20_000;
/** Work of another PC that comes in fills the WAL within a second: so many pages are not left until then. */
const manyPages = 2_000;
const lookMs = 100;
/** It reads everything once, so a large cache would only take memory. */
const cacheKib = 8_000;

const port = parentPort;
if (!port) throw new Error('upkeep-worker runs as a worker thread only');
const tell = (message: FromUpkeep): void => port.postMessage(message);
const log: StoreLog = (level, message, facts) => tell({ type: 'log', level, message, facts });

// Trust inside: only the store, and the first run of a PC that joins, start this thread.
const job = workerData as UpkeepSettings | AdoptJob;
if ('adopt' in job) tell({ type: 'adopted', result: adoptSnapshot(job.adopt, log) });
else keepUp(job);

function keepUp({ path, key, kinds, summed }: UpkeepSettings): void {
  const sql = connect(path, key, { mustExist: true, cacheKib });
  key.fill(0);
  const fieldsOf = new Map(kinds.map((k) => [`${k.kind}/${k.v}`, k]));
  const kindOf = (kind: string, v: number) => fieldsOf.get(`${kind}/${v}`);
  let writtenBackAt = performance.now();
  const timer = setInterval(look, lookMs);
  port?.on('message', (message: ToUpkeep) => void take(message));

  async function take(message: ToUpkeep): Promise<void> {
    switch (message.type) {
      case 'backup': {
        // nothing can be written back behind a long read: not left to the next save
        const readOver = () => void writeBack('PASSIVE');
        const source = { sql, path, key: message.key, kindOf, log, readOver, ...message.order };
        const result = await makeBackup(source, message.order.folder);
        message.key.fill(0);
        tell({ type: 'backup', result });
        return;
      }
      case 'snapshot': {
        const result = await makeSnapshot({ ...message.order, store: { path, key: message.key } });
        message.key.fill(0);
        tell({ type: 'snapshot', result });
        return;
      }
      case 'check': {
        const pages = checkIntegrity(sql);
        writeBack('PASSIVE');
        const record = pages.ok ? verifyLog(sql, kindOf) : pages;
        writeBack('PASSIVE');
        const report = record.ok ? withState(record, checkState(sql, summed)) : record;
        tell({ type: 'check', report });
        return;
      }
      case 'close':
        clearInterval(timer);
        sql.close();
        port?.close();
        return;
      default:
        message satisfies never;
    }
  }

  function look(): void {
    const { log: length, left } = writeBack('NOOP');
    const isTime = performance.now() - writtenBackAt >= checkpointMs;
    // a long one must begin anew, and can when its last page is written back: taking in pauses for that
    if (left === 0 || (!isTime && left < manyPages && length < LONG_WAL_PAGES)) return;
    writtenBackAt = performance.now();
    writeBack('PASSIVE');
  }

  /**
   * PASSIVE writes back what can be, never waits for the writer and never makes it wait; NOOP only looks. Answers in
   * pages how long the WAL is and how much of it is not written back.
   */
  function writeBack(mode: 'NOOP' | 'PASSIVE'): { log: number; left: number } {
    try {
      const [wal] = sql.pragma(`wal_checkpoint(${mode})`) as { log: number; checkpointed: number }[];
      return wal ? { log: wal.log, left: wal.log - wal.checkpointed } : { log: 0, left: 0 };
    } catch (error) {
      const failure = failureOf(error);
      if (!failure) throw error;
      // a full or failing disk: the next save meets it too and says so to a person
      log('warn', 'the WAL could not be written back', { code: failure.code });
      return { log: 0, left: 0 };
    }
  }
}
