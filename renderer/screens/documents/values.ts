// What a paper's fields hold: what is missing, what differs from the record, what was typed here.
import type { Field, Template, Value, Values } from './paper-types.ts';

/** Fields that hold something; titles and printed sentences do not. */
export const fieldsOf = (template: Template): readonly Field[] =>
  template.sections
    .flatMap(({ fields }) => fields)
    .filter(({ kind }) => kind !== 'heading' && kind !== 'statement');

export function isBlank(value: Value | undefined): boolean {
  if (value === undefined || value === null || value === false) return true;
  if (typeof value === 'string') return value.trim() === '';
  if (Array.isArray(value)) return value.length === 0;
  return typeof value === 'object' && value.text.trim() === '' && value.code === null;
}

/** Nothing and an empty field are the same; the order of a row's cells means nothing. */
export const sameValue = (a: Value | undefined, b: Value | undefined): boolean =>
  (isBlank(a) && isBlank(b)) || JSON.stringify(inOrder(a)) === JSON.stringify(inOrder(b));

export const missingFields = (template: Template, values: Values): readonly string[] =>
  fieldsOf(template)
    .filter((field) => field.required && isBlank(values[field.id]))
    .map(({ id }) => id);

/** Where what the record gives stands to what the field holds; `own`: the record has nothing to say about it. */
export type Origin = 'record' | 'differs' | 'own';

export function originOf(field: Field, value: Value | undefined, fromRecord: Values): Origin {
  const given = fromRecord[field.id];
  if (field.source === undefined || ofTheMoment.has(field.source) || isBlank(given)) return 'own';
  return sameValue(value, given) ? 'record' : 'differs';
}

/** These stand in no record: they are of whoever began the paper, and when. */
const ofTheMoment: ReadonlySet<string> = new Set(['today', 'now', 'author.name', 'author.title']);

/** `values` of a failure's `fields` (`values.<field>`), by field. */
export const faultsByField = (
  fields: Readonly<Record<string, string>> | undefined,
): Readonly<Record<string, string>> =>
  Object.fromEntries(Object.entries(fields ?? {}).map(([path, key]) => [path.replace(/^values\./, ''), key]));

function inOrder(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(inOrder);
  if (typeof value !== 'object' || value === null) return value;
  const sorted = Object.entries(value)
    .filter(([, cell]) => cell !== null && cell !== '')
    .sort(([a], [b]) => (a < b ? -1 : 1));
  return sorted.map(([key, cell]) => [key, inOrder(cell)]);
}
