// What administrators of the province have looked into of work that PCs have not signed. Kept in the list of acts, which
// nobody can change: who and when stand there anyway, and what there was to see goes into the act's detail.
import * as z from 'zod';
import { type FeedName, feedKey } from '../../shared/sync/port.ts';
import type { SeenFeed, StationAuthorship } from '../../shared/sync/vouch.ts';
import type { Row, Sql } from '../database/types.ts';

export const SEEN_ACTION = 'station.seen';

export interface Look {
  readonly at: number;
  readonly by: string;
  readonly feeds: readonly SeenFeed[];
}

const Seen = z.array(
  z.object({
    incarnation: z.number(),
    lane: z.union([z.literal(0), z.literal(1), z.literal(2)]),
    seq: z.number(),
    hash: z.string(),
    contradicted: z.number().nullable(),
  }),
);

/** Station → the newest look; it names all that was odd then. */
export async function readLooks(sql: Sql): Promise<Map<string, Look>> {
  const rows = await sql.query<Row & { subject: string; at: number; by: string; detail: string | null }>(
    'select distinct on (subject) subject, at, by, detail from audit where action = $1 order by subject, id desc',
    [SEEN_ACTION],
  );
  return new Map(
    rows.flatMap(({ subject, at, by, detail }) => {
      const feeds = Seen.safeParse(JSON.parse(detail ?? '[]'));
      return feeds.success ? [[subject, { at, by, feeds: feeds.data }]] : [];
    }),
  );
}

/** The last act of anybody: looks can only have changed when it has. */
export async function lastAct(sql: Sql): Promise<number> {
  const [row] = await sql.query<Row & { id: number }>('select coalesce(max(id), 0)::int8 as id from audit');
  return row?.id ?? 0;
}

/** What is written into the act: heads as they stand, with the hashes held. */
export const seenDetail = (
  { odd }: StationAuthorship,
  hashAt: (feed: FeedName, seq: number) => string | undefined,
): string =>
  JSON.stringify(
    odd.flatMap((feed): SeenFeed[] => {
      const { incarnation, lane, seq, contradicted } = feed;
      const hash = hashAt(feed, seq);
      return hash === undefined ? [] : [{ incarnation, lane, seq, hash, contradicted }];
    }),
  );

/** Given back with the form, so that nothing is called seen that came while somebody read. */
export const markOf = ({ odd }: Pick<StationAuthorship, 'odd'>): string =>
  odd
    .map((feed) => `${feedKey(feed)}.${feed.seq}.${feed.contradicted ?? ''}`)
    .sort()
    .join(' ');
