// Who has signed what of the record this PC holds: the certificates the record names, put beside the signatures in it.
import { centerProvince } from '../../shared/model/station.ts';
import { provinceFeedStation } from '../../shared/sync/province-feed.ts';
import { type StationAuthorship, stationsAuthorship } from '../../shared/sync/vouch.ts';
import { type CertificateOf, readAuthorship } from '../store/authorship.ts';
import { sha256 } from '../store/crypto.ts';
import type { Log } from '../store/room.ts';
import type { OpenStore } from '../store/types.ts';
import type { KnownStation } from './types.ts';

export interface AuthorNeeds {
  readonly store: OpenStore;
  /** Null before the first run is complete. */
  readonly centerId: string | null;
  readonly stations: readonly Pick<KnownStation, 'id' | 'certificate'>[];
  readonly now: number;
}

/** One entry per PC, and per province that has written in the record. */
export const authorsOf = (needs: AuthorNeeds): StationAuthorship[] =>
  stationsAuthorship(readAuthorship(needs.store.sql, certificates(needs)), needs.now);

/** Names under which a province writes here → its name and certificate; the first to say so counts. */
export function provinceWriters({
  store,
  centerId,
}: Pick<AuthorNeeds, 'store' | 'centerId'>): Map<string, { name: string; certificate: string }> {
  const writers = new Map<string, { name: string; certificate: string }>();
  if (centerId === null) return writers;
  for (const change of store.changesOf('center', centerId)) {
    const named = change.kind === centerProvince.kind ? centerProvince.body.safeParse(change.body) : null;
    if (!named?.success) continue;
    const { station, name, certificate } = named.data;
    const writer = provinceFeedStation(station, centerId, sha256);
    if (!writers.has(writer)) writers.set(writer, { name, certificate });
  }
  return writers;
}

function certificates(needs: AuthorNeeds): CertificateOf {
  const provinces = provinceWriters(needs);
  const stations = new Map(needs.stations.map(({ id, certificate }) => [id, certificate]));
  return (station) => stations.get(station) ?? provinces.get(station)?.certificate ?? null;
}

/** Says in the program's log what does not fit, once while it runs, some time after something has come in. */
export function watchAuthors(parts: {
  of(): AuthorNeeds;
  /** Some lookups per feed: not with every commit, and rather when the line is idle. */
  readonly afterMs: number;
  readonly log: Log;
}): { lookSoon(): void; close(): void } {
  const told = new Set<string>();
  let timer: NodeJS.Timeout | null = null;
  let closed = false;
  return {
    lookSoon() {
      if (closed) return;
      timer ??= setTimeout(() => {
        timer = null;
        const needs = parts.of();
        if (needs.store.sql.open) tell(authorsOf(needs));
      }, parts.afterMs).unref();
    },
    close() {
      closed = true;
      if (timer) clearTimeout(timer);
    },
  };

  function tell(authors: readonly StationAuthorship[]): void {
    for (const { station, concern, count, contradicted: from, isSeen } of authors) {
      if (concern === null || isSeen || told.has(`${station} ${concern}`)) continue;
      told.add(`${station} ${concern}`);
      const place = from && { feed: `${from.incarnation}.${from.lane}`, seq: from.seq };
      parts.log(concern === 'contradicted' ? 'error' : 'warn', alarms[concern], {
        station,
        changes: count,
        ...place,
      });
    }
  }
}

const alarms = {
  contradicted: 'a feed holds what its station did not sign: somebody may write in its name',
  stranger: 'a feed is of a station the record does not know',
  left: 'a station went on under a new incarnation and had not signed the end of the one before',
  late: 'a station has not signed its feed for more than a week',
} as const;
