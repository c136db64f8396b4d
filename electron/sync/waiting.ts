// What has not arrived yet, counted from the heads of feeds: the log itself is the outbox, so there is no second list
// that could disagree with it.
import type { Lane } from '../../shared/model/change.ts';
import { stationVouch } from '../../shared/model/station.ts';
import { feedKey, type Head } from '../../shared/sync/port.ts';
import type { OpenStore } from '../store/types.ts';
import type { LaneWaiting } from './types.ts';

export function waitingFor(store: OpenStore, held: ReadonlyMap<string, number>): LaneWaiting[] {
  const wallOf = store.sql
    .prepare<[number, string, number, number], number>(
      `SELECT l.wall FROM feed f JOIN change_log l ON l.feed = f.id AND l.seq = ?
        WHERE f.station = ? AND f.incarnation = ? AND f.lane = ?`,
    )
    .pluck();
  const kindOf = store.sql
    .prepare<[number, string, number, number], string>(
      `SELECT l.kind FROM feed f JOIN change_log l ON l.feed = f.id AND l.seq = ?
        WHERE f.station = ? AND f.incarnation = ? AND f.lane = ?`,
    )
    .pluck();
  const lanes = ([0, 1, 2] as const).map((lane: Lane) => ({ lane, count: 0, since: null as number | null }));
  for (const feed of store.feeds()) {
    const lane = lanes[feed.lane];
    const arrived = held.get(`${feed.station}.${feed.incarnation}.${feed.lane}`) ?? 0;
    // a signature under what has arrived is nobody's work
    const last =
      kindOf.get(feed.seq, feed.station, feed.incarnation, feed.lane) === stationVouch.kind ? 1 : 0;
    if (!lane || feed.seq - last <= arrived) continue;
    lane.count += feed.seq - last - arrived;
    const wall = wallOf.get(arrived + 1, feed.station, feed.incarnation, feed.lane);
    if (wall !== undefined) lane.since = Math.min(lane.since ?? wall, wall);
  }
  return lanes;
}

/** The further of several places that each hold a feed: feedKey → last number. */
export function furthest(lists: Iterable<Iterable<Head>>): Map<string, number> {
  const held = new Map<string, number>();
  for (const heads of lists)
    for (const head of heads) held.set(feedKey(head), Math.max(held.get(feedKey(head)) ?? 0, head.seq));
  return held;
}
