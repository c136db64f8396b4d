// A field's value as words on paper: days and moments as the Ministry's forms write them, numbers with a comma.
import type { FormField, FormValue } from '../../../shared/model/form-template.ts';
import { formatDate, formatTime } from '../../../shared/time/vietnam.ts';

type Kind = FormField['kind'];

/** Is there nothing to print? */
export const isBlank = (value: FormValue | undefined): boolean =>
  value === undefined ||
  value === null ||
  value === false ||
  (typeof value === 'string' && value.trim() === '') ||
  (Array.isArray(value) && value.length === 0) ||
  (typeof value === 'object' && 'text' in value && value.text === '' && value.code === null);

/** Of a value that is one text; what does not fit its kind is printed as it is rather than lost. */
export function wordsOf(kind: Kind, value: string | number | null): string {
  if (value === null) return '';
  if (kind === 'date') return typeof value === 'string' ? dayInWords(value) : formatDate(value);
  if (kind === 'moment' && typeof value === 'number') return momentInWords(value);
  if (typeof value === 'number') return String(value).replace('.', ',').replace('-', '−');
  return value;
}

/** `22/11/2026`, `11/2026`, `2026`: as much as is known. */
const dayInWords = (day: string): string =>
  /^\d{4}(?:-\d{2}){0,2}$/.test(day) ? day.split('-').reverse().join('/') : day;

/** `08 giờ 05 phút, ngày 22/11/2026` */
const momentInWords = (at: number): string => {
  const [hour, minute] = formatTime(at).split(':');
  return `${hour} giờ ${minute} phút, ngày ${formatDate(at)}`;
};

/** In a table, hour first and as narrow as it can be: `08:05 22/11/2026`. */
export const cellWords = (kind: Kind, value: string | number | null): string =>
  kind === 'moment' && typeof value === 'number'
    ? `${formatTime(value)} ${formatDate(value)}`
    : wordsOf(kind, value);
