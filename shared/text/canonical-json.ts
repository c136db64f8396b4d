// The one spelling of a JSON value (RFC 8785), so that its hash and signature can be made again by anybody.

export type Json = null | boolean | number | string | readonly Json[] | { readonly [name: string]: Json };

/**
 * Members sorted by UTF-16 code units, no white space, numbers and strings as ECMAScript writes them (which is what RFC
 * 8785, 3.2.2, takes). Throws RangeError on a number that is not finite and on a lone surrogate.
 */
export function canonicalJson(value: Json): string {
  if (typeof value === 'number' && !Number.isFinite(value)) throw new RangeError('not a number of JSON');
  if (typeof value === 'string' && !value.isWellFormed()) throw new RangeError('half a character');
  if (value === null || typeof value !== 'object') return JSON.stringify(value);
  if (isList(value)) return `[${value.map(canonicalJson).join(',')}]`;
  const members = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
  return `{${members.map(([name, member]) => `${canonicalJson(name)}:${canonicalJson(member)}`).join(',')}}`;
}

// Array.isArray does not narrow a readonly list
const isList = (value: object): value is readonly Json[] => Array.isArray(value);
