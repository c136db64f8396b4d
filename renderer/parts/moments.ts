// Two short forms of an instant that the clinical screens print and nobody else needs.
import { formatDate, formatTime } from '../../shared/time/vietnam.ts';

/** `10:32:05`: the line that says a draft is saved. */
export const clockWithSeconds = (at: number): string =>
  `${formatTime(at)}:${String(Math.floor(at / 1000) % 60).padStart(2, '0')}`;

/** `22/11` */
export const dayMonth = (at: number): string => formatDate(at).slice(0, 5);
