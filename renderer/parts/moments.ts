// Two short forms of an instant that the clinical screens print and nobody else needs.
import { clock } from '../i18n/format.ts';

/** `10:32:05`: the line that says a draft is saved. */
export const clockWithSeconds = (at: number) => `${clock(at)}:${two(new Date(at).getSeconds())}`;

/** `22/11` */
export function dayMonth(at: number): string {
  const d = new Date(at);
  return `${two(d.getDate())}/${two(d.getMonth() + 1)}`;
}

const two = (n: number) => String(n).padStart(2, '0');
