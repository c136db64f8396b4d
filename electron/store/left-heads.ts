// How far a feed of this PC had come when it was left for a new incarnation, as it stood here and before anybody else's
// continuation was taken in: the first signature of the new incarnation names it (shared/sync/vouch.ts).
import type { Database } from 'better-sqlite3';
import * as z from 'zod';
import type { VouchedHead } from '../../shared/sync/vouch.ts';
import type { Meta } from './meta.ts';

/** A signature names at most 64 heads, three of them its own. */
const MOST = 48;

const Heads = z.array(
  z.object({
    incarnation: z.number(),
    lane: z.union([z.literal(0), z.literal(1), z.literal(2)]),
    seq: z.number(),
    hash: z.string(),
  }),
);

export function leftHeads(meta: Meta): VouchedHead[] {
  const kept = meta.get('left_heads');
  return kept === null ? [] : Heads.parse(JSON.parse(kept));
}

/** As they stand in a store that is only looked into. */
export const headsOf = (sql: Database, station: string, incarnation: number): VouchedHead[] =>
  sql
    .prepare<[string, number], { lane: 0 | 1 | 2; seq: number; head: Buffer }>(
      'select lane, seq, head from feed where station = ? and incarnation = ? and seq > 0 order by lane',
    )
    .all(station, incarnation)
    .map(({ lane, seq, head }) => ({ incarnation, lane, seq, hash: head.toString('hex') }));

/** In the transaction that leaves them. */
export function leave(meta: Meta, heads: readonly VouchedHead[]): void {
  const all = new Map(
    [...leftHeads(meta), ...heads.filter(({ seq }) => seq > 0)].map(({ incarnation, lane, seq, hash }) => [
      `${incarnation}.${lane}.${seq}`,
      { incarnation, lane, seq, hash },
    ]),
  );
  if (all.size > 0) meta.set('left_heads', JSON.stringify([...all.values()].slice(-MOST)));
}
