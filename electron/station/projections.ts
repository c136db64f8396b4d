// Fills center and station_pc. Settings merge per field, the later write wins.
import { eq } from 'drizzle-orm';
import { type Change, changeId, versionOf } from '../../shared/model/change.ts';
import {
  centerSettings,
  centerSetup,
  stationEnrol,
  stationKinds,
  stationRevoke,
} from '../../shared/model/station.ts';
import { mergeWrites, type Write } from '../../shared/sync/merge.ts';
import type { AreaModel, Projection } from '../store/types.ts';
import { center as centerTable, stationPc } from './tables.ts';

/** Ours: a nurse's round takes minutes, vital signs are usually measured twice a day. */
export const standardSettings = { autoLockMinutes: 10, overdueVitalsHours: 12 };

const center: Projection = {
  subject: 'center',
  tables: ['center'],
  project({ db }, id, changes) {
    db.delete(centerTable).where(eq(centerTable.id, id)).run();
    const created = changes.find((c) => c.kind === centerSetup.kind);
    if (!created) return {};
    const base = centerSetup.body.parse(created.body);
    const { values, versions } = mergeWrites(changes.flatMap(settingsWritten), () => 'plain');
    const set = centerSettings.body.shape.set.parse(values);
    db.insert(centerTable)
      .values({
        id,
        ...base,
        ...standardSettings,
        ...set,
        created: versionOf(created),
        versions: JSON.stringify(versions),
      })
      .run();
    return {};
  },
};

function settingsWritten(change: Change): Write[] {
  if (change.kind !== centerSettings.kind) return [];
  const { set, saw } = centerSettings.body.parse(change.body);
  return [
    {
      version: versionOf(change),
      changeId: changeId(change),
      writer: `${change.station}.${change.incarnation}`,
      values: set,
      saw,
    },
  ];
}

const station: Projection = {
  subject: 'station',
  tables: ['station_pc'],
  version: 2,
  project({ db }, id, changes) {
    db.delete(stationPc).where(eq(stationPc.id, id)).run();
    const enrolled = changes.find((c) => c.kind === stationEnrol.kind);
    if (!enrolled) return {};
    // the first to say so: whatever is said later changes nothing about it
    const revoked = changes.find((c) => c.kind === stationRevoke.kind);
    db.insert(stationPc)
      .values({
        id,
        ...stationEnrol.body.parse(enrolled.body),
        revokedAt: revoked?.wall ?? null,
        revokedBy: revoked?.author ?? null,
        revokedReason: revoked ? stationRevoke.body.parse(revoked.body).reason : null,
      })
      .run();
    return {};
  },
};

export const model: AreaModel = { kinds: stationKinds, projections: [center, station] };
