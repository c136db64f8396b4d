// Where the entries of one screen are, asked in one question for all of them. A PC that belongs to nobody asks nothing:
// its entries have nowhere to go, and a mark on each would only worry people.
import { useMemo } from 'react';
import type { Input, Output } from '../../shared/api/index.ts';
import { useAnswer } from '../app/api.ts';

type Place = Output<'sync.places'>['places'][number]['place'];
type Subject = Input<'sync.places'>['subjects'][number];

export interface Places {
  /** Undefined: not known, or nothing to say about it. */
  of(type: string, id: string): Place | undefined;
}

/** As the contract takes them in one question; what is older than that many entries carries no mark. */
const mostAsked = 500;

/** `ids` newest first, of one type. */
export function usePlaces(type: string, ids: readonly string[] | undefined): Places {
  const subjects = useMemo<Subject[]>(
    () => (ids ?? []).slice(0, mostAsked).map((id) => ({ type, id })),
    [type, ids],
  );
  const status = useAnswer('sync.status', {});
  const alone = status.data === undefined || status.data.state === 'standalone';
  const answer = useAnswer('sync.places', { subjects }, { enabled: !alone && subjects.length > 0 });
  const { data } = answer;
  return useMemo(() => {
    const known = new Map(data?.places.map((found) => [`${found.type} ${found.id}`, found.place]));
    return { of: (asked, id) => (alone ? undefined : known.get(`${asked} ${id}`)) };
  }, [data, alone]);
}
