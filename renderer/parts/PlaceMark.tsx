// How far one entry has come: a small sign beside it, quiet once the province has it. Its words are in the sign's label,
// and the help page holds the legend.
import type { Output } from '../../shared/api/index.ts';
import { useText } from '../i18n/index.ts';
import styles from './PlaceMark.module.css';
import type { Places } from './use-places.ts';

export type Place = Output<'sync.places'>['places'][number]['place'];

export const placeSigns: Readonly<Record<Place, string>> = {
  here: '○',
  hub: '◐',
  province: '✓',
  refused: '▲',
};

interface Props {
  readonly places: Places;
  readonly type: string;
  readonly id: string;
}

/** Nothing where there is no other place to come to. */
export function PlaceMark({ places, type, id }: Props) {
  const place = places.of(type, id);
  return place === undefined ? null : <PlaceSign place={place} />;
}

export function PlaceSign({ place }: { readonly place: Place }) {
  const t = useText();
  const words = t(`place.${place}`);
  // Handed back is the one that asks for somebody: it says so without being asked.
  if (place === 'refused')
    return (
      <span className={styles.mark} data-place={place}>
        <span aria-hidden="true">{placeSigns[place]}</span> {words}
      </span>
    );
  return (
    <span className={styles.mark} data-place={place} role="img" aria-label={words} title={words}>
      {placeSigns[place]}
    </span>
  );
}
