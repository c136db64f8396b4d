// Who has signed what, in the page's words: one line per PC, and a sentence where an administrator should look.
import type { Output } from '../../shared/api/index.ts';
import { sentence } from '../../shared/api/sync-sentences.ts';
import type { CenterFacts } from '../station/index.ts';
import type { OpenStore } from '../store/types.ts';
import { authorsOf, provinceWriters } from '../sync/authors.ts';

type Author = Output<'sync.authors'>['authors'][number];

export function authorLines(store: OpenStore, facts: CenterFacts | null, now: number): Author[] {
  const stations = facts?.stations() ?? [];
  const centerId = facts?.center()?.id ?? null;
  const provinces = provinceWriters({ store, centerId });
  const nameOf = (id: string): string =>
    stations.find((one) => one.id === id)?.name ?? provinces.get(id)?.name ?? id.slice(0, 8);
  return authorsOf({ store, centerId, stations, now })
    .map((one): Author => {
      const { station, concern, count, since, contradicted } = one;
      const name = nameOf(station);
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
      };
    })
    .sort((a, b) => a.name.localeCompare(b.name, 'vi'));
}
