// Who has signed what, in the page's words: one line per PC, and a sentence where an administrator should look.
import { fail, ok, type Result } from '../../shared/api/contract.ts';
import type { Output } from '../../shared/api/index.ts';
import { sentence } from '../../shared/api/sync-sentences.ts';
import { stationSeen } from '../../shared/model/station.ts';
import type { StationAuthorship } from '../../shared/sync/vouch.ts';
import type { CenterFacts } from '../station/index.ts';
import { looksAt } from '../store/authorship.ts';
import { logReadingOf } from '../store/log-reading.ts';
import type { People } from '../store/room.ts';
import type { OpenStore, Author as Writer } from '../store/types.ts';
import { authorsOf, provinceWriters } from '../sync/authors.ts';

type Author = Output<'sync.authors'>['authors'][number];

export interface AuthorNeeds {
  readonly store: OpenStore;
  readonly facts: CenterFacts | null;
  readonly people: Pick<People, 'nameOf'>;
  readonly now: number;
}

export function authorLines({ store, facts, people, now }: AuthorNeeds): Author[] {
  const stations = facts?.stations() ?? [];
  const centerId = facts?.center()?.id ?? null;
  const provinces = provinceWriters({ store, centerId });
  const nameOf = (id: string): string =>
    stations.find((one) => one.id === id)?.name ?? provinces.get(id)?.name ?? id.slice(0, 8);
  return authorsOf({ store, centerId, stations, now })
    .map((one): Author => {
      const { station, concern, count, since, contradicted } = one;
      const name = nameOf(station);
      const look = one.isSeen ? looksAt(store.sql, station)[0] : undefined;
      return {
        stationId: station,
        name,
        thisPc: station === store.station.id,
        state: concern === 'contradicted' ? 'contradicted' : count > 0 ? 'unvouched' : 'vouched',
        changes: one.changes,
        unvouched: count,
        since,
        from: contradicted && `${contradicted.incarnation}.${contradicted.lane}.${contradicted.seq}`,
        sentence: concern && sentence(`sync.author.${concern}`, { name, count, since: since ?? now }),
        seen: look ? { at: look.at, by: people.nameOf(look.by) } : null,
        mark: markOf(one),
      };
    })
    .sort((a, b) => a.name.localeCompare(b.name, 'vi'));
}

/** Who and when are the change's own author and wall. */
export function sawAuthor(
  { store, facts, now }: AuthorNeeds,
  writer: Writer,
  id: string,
  mark: string,
): Result<Output<'sync.sawAuthor'>> {
  const stations = facts?.stations() ?? [];
  const centerId = facts?.center()?.id ?? null;
  const author = authorsOf({ store, centerId, stations, now }).find(({ station }) => station === id);
  if (!author || author.odd.length === 0) return fail('not_found');
  if (markOf(author) !== mark) return fail('stale');
  const reading = logReadingOf(store.sql);
  const feeds = author.odd.flatMap(({ incarnation, lane, seq, contradicted }) => {
    const [hash] = reading.hashesAt({ station: id, incarnation, lane }, [seq]);
    return hash ? [{ incarnation, lane, seq, hash, contradicted }] : [];
  });
  const written = store.write(writer, (tx) => ok(tx.append(stationSeen, { id, body: { feeds } })));
  return written.ok ? ok({}) : written;
}

const markOf = ({ odd }: StationAuthorship): string =>
  odd
    .map(({ incarnation, lane, seq, contradicted }) => `${incarnation}.${lane}.${seq}.${contradicted ?? ''}`)
    .sort()
    .join(' ');
