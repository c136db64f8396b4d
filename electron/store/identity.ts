// Who this store is: station, incarnation, and the name of this copy of its log. A copy that was restored or
// cloned goes on under a new incarnation, because numbers of the old one may have been used elsewhere.
import { nextIncarnation } from '../../shared/sync/forks.ts';
import type { VouchedHead } from '../../shared/sync/vouch.ts';
import { randomKey } from './crypto.ts';
import { leave } from './left-heads.ts';
import type { ChangeLog } from './log.ts';
import type { Meta } from './meta.ts';
import type { StoreLog } from './types.ts';

export interface Identity {
  name(): { readonly station: string; readonly incarnation: number };
  /** 16 hex digits; what peers remember of our commit numbers counts for this copy only. */
  logId(): string;
  /** Above every incarnation of this station that anybody has shown us, `shown` among them; answers it. */
  startIncarnation(shown?: number): number;
  /** A change of ours that lost its number to another one: the next signature names it as ours. */
  lost(head: VouchedHead): void;
  /** After a rollback. */
  reread(): void;
}

export function identityOf(parts: {
  readonly meta: Meta;
  readonly log: ChangeLog;
  /** For a store that has none yet. */
  readonly fresh: { readonly id: string; readonly incarnation?: number };
  readonly report: StoreLog;
}): Identity {
  const { meta, log } = parts;
  if (meta.get('station') === null) {
    if (!/^[0-9a-f]{32}$/.test(parts.fresh.id)) throw new Error('a station id is 32 hex digits');
    meta.set('station', parts.fresh.id);
    meta.set('incarnation', String(parts.fresh.incarnation ?? 1));
  }
  if (meta.get('log_id') === null) meta.set('log_id', newLogId());
  const read = () => ({
    station: meta.get('station') ?? '',
    incarnation: Number(meta.get('incarnation')),
    logId: meta.get('log_id') ?? '',
  });
  let now = read();

  return {
    name: () => ({ station: now.station, incarnation: now.incarnation }),
    logId: () => now.logId,
    startIncarnation(shown = 0) {
      const own = log.feeds().filter((f) => f.station === now.station);
      const incarnation = nextIncarnation(now.incarnation, [shown, ...own.map((f) => f.incarnation)]);
      leave(
        meta,
        own
          .filter((f) => f.incarnation === now.incarnation)
          .map((f) => ({ incarnation: f.incarnation, lane: f.lane, seq: f.seq, hash: f.head })),
      );
      meta.set('incarnation', String(incarnation));
      meta.set('log_id', newLogId());
      now = read();
      parts.report('warn', 'this store goes on under a new incarnation', { incarnation });
      return incarnation;
    },
    lost: (head) => leave(meta, [head]),
    reread() {
      now = read();
    },
  };
}

export const newLogId = (): string => randomKey(8).toString('hex');
