// How far a feed of this PC had come when it was left for a new incarnation, as it stood here and before anybody else's
// continuation was taken in: the first signature of the new incarnation names it (shared/sync/vouch.ts).
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
