// The state of this PC in figures an IT person can act on.
import { statfsSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { ok, type Result } from '../../shared/api/contract.ts';
import type { Output } from '../../shared/api/index.ts';
import { hlcMs, parseHlc } from '../../shared/time/hlc.ts';
import type { OpenStore } from '../store/types.ts';
import type { Backups } from './backups.ts';
import { listDevices } from './devices.ts';
import { readLocal, writeLocal } from './local-settings.ts';
import type { StationNeeds } from './needs.ts';

type Health = Output<'station.health'>;
/** The latest; all of them are kept. */
const shownFaults = 20;

type LastCheck = { at: number; ok: boolean; detail?: string; checked: number };

export async function healthOf(needs: StationNeeds, store: OpenStore, backups: Backups): Promise<Health> {
  const now = needs.now();
  const lastStamp = hlcMs(parseHlc(store.lastStamp()));
  return {
    store: {
      path: store.path,
      sizeBytes: fileSize(store.path) + fileSize(`${store.path}-wal`),
      freeBytes: freeBytes(dirname(store.path)),
      changes: count(store, 'SELECT coalesce(sum(seq), 0) FROM feed'),
      patients: needs.countPatients(store),
      parked: store.parkedCounts().map((p) => ({ ...p })),
      openConflicts: count(store, 'SELECT count(*) FROM conflict WHERE settled IS NULL'),
      lastCheck: lastCheckOf(store),
      feeds: store.feeds(),
      wrongRows: store.state
        .alarms()
        .slice(0, shownFaults)
        .map(({ at, table, rows, found, wasOurs }) => ({ at, table, rows, found, wasOurs })),
    },
    backup: backups.state(),
    clock: {
      now,
      lastStamp,
      aheadMs: Math.max(0, lastStamp - now),
      alarms: store.clockAlarms().map((alarm) => ({
        id: alarm.id,
        at: alarm.at,
        jumpMs: alarm.jumpMs,
        acknowledged: alarm.acknowledgedAt !== null,
      })),
    },
    versions: {
      app: needs.appVersion,
      schema: store.versions().schema,
      sqlite: store.versions().sqlite,
      runtime: `Node ${process.versions.node}`,
    },
    devices: await listDevices(needs.devices, needs.log),
  };
}

/** Looks through the whole store and remembers when and with what result. */
export async function check(needs: StationNeeds, store: OpenStore): Promise<Result<Output<'station.check'>>> {
  const looked = await needs.file.check();
  if (!looked.ok) return looked;
  const { ok: fine, detail, checked } = looked.value;
  const told = { ok: fine, checked, ...(detail === undefined ? {} : { detail }) };
  writeLocal(store, 'lastCheck', { at: needs.now(), ...told });
  if (!fine) needs.log('error', 'the store failed its check', { detail: detail ?? '' });
  return ok(told);
}

export function lastCheckOf(store: OpenStore): LastCheck | null {
  return readLocal(store, 'lastCheck');
}

function count(store: OpenStore, sql: string): number {
  return store.sql.prepare<[], number>(sql).pluck().get() ?? 0;
}

function fileSize(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.size ?? 0;
}

function freeBytes(folder: string): number {
  try {
    const { bavail, bsize } = statfsSync(folder);
    return bavail * bsize;
  } catch {
    return 0;
  }
}
