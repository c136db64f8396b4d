// The upkeep thread: a connection of its own to the open store. Readers and the writer do not wait for each
// other in WAL mode. Bundled as one CJS file, for the same reason as the core's worker.
import { parentPort, workerData } from 'node:worker_threads';
import { makeBackup } from './backup.ts';
import { connect } from './connection.ts';
import { failureOf } from './faults.ts';
import { adoptSnapshot, makeSnapshot } from './snapshot.ts';
import { checkState, withState } from './state-digest.ts';
import type { StoreLog } from './types.ts';
import type { AdoptJob, FromUpkeep, ToUpkeep, UpkeepSettings } from './upkeep-jobs.ts';
import { checkIntegrity, verifyLog } from './verify.ts';

/** Long enough for a round of saves to share one write-back, short enough that the WAL stays small. */
const checkpointMs = 20_000;
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
  const timer = setInterval(writeBack, checkpointMs);
  port?.on('message', (message: ToUpkeep) => void take(message));

  async function take(message: ToUpkeep): Promise<void> {
    switch (message.type) {
      case 'backup': {
        const source = { sql, path, key: message.key, kindOf, log, ...message.order };
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
        const record = pages.ok ? verifyLog(sql, kindOf) : pages;
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

  /** PASSIVE: never waits for the writer and never makes it wait. */
  function writeBack(): void {
    try {
      sql.pragma('wal_checkpoint(PASSIVE)');
    } catch (error) {
      const failure = failureOf(error);
      if (!failure) throw error;
      // a full or failing disk: the next save meets it too and says so to a person
      log('warn', 'the WAL could not be written back', { code: failure.code });
    }
  }
}
