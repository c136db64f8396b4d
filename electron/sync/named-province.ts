// Which province the center's log names, and how far one PC's word about it goes.
import { centerProvince } from '../../shared/model/station.ts';
import type { OpenStore } from '../store/types.ts';
import type { Book } from './book.ts';
import type { SyncNeeds } from './types.ts';

/**
 * Another PC of the center has enrolled it: its word, in the log, is enough, once. Whoever gets hold of one PC must
 * not lead a whole center's record elsewhere, nor have it said there that it has arrived at the province.
 */
export function takeProvinceFromLog({
  needs,
  store,
  book,
}: {
  readonly needs: Pick<SyncNeeds, 'center' | 'mode' | 'log'>;
  readonly store: OpenStore;
  readonly book: Book;
}): void {
  const training = needs.mode === 'training';
  const center = needs.center(store);
  const named = (center ? store.changesOf('center', center.id) : []).flatMap((change) => {
    const { success, data } = centerProvince.body.safeParse(change.body);
    return change.kind === centerProvince.kind && success
      ? [{ ...data, wall: change.wall, by: change.station }]
      : [];
  });
  const there = book.peer('province');
  // training's province may be made anew; a real one is named once, and may later move or be called otherwise
  const trusted = training ? named.at(-1)?.certificate : (there?.certificate ?? named[0]?.certificate);
  const told = named.findLast((one) => one.certificate === trusted);
  const others = named.filter((one) => one.certificate !== trusted);
  if (!training && others.length > 0)
    needs.log('error', 'a PC of the center names another province', { by: others.map(({ by }) => by) });
  if (!told) return;
  const { station, name, address, certificate, wall } = told;
  const isOlder = (there?.enrolledAt ?? 0) >= wall;
  if (there?.certificate === certificate && there.name === name && isOlder) return;
  // another province's word about what it holds says nothing about this one
  if (there && there.station !== station) book.forget('province');
  book.note('province', { name, address, certificate, station, enrolledAt: wall });
}
