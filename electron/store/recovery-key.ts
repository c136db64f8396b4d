// The printed recovery key: 160 random bits that a person can read from paper and type. Each group carries
// its own check character, so a typing error is named by its group instead of "wrong key".

/** Crockford's base 32: no I, L, O, U. */
const alphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const GROUPS = 8;
const DATA_PER_GROUP = 4;
export const RECOVERY_BYTES = 20;

/** `7K3Q2-…` eight groups of four characters and a check character. */
export function printRecoveryKey(secret: Uint8Array): string {
  if (secret.length !== RECOVERY_BYTES) throw new RangeError('a recovery key has 20 bytes');
  const values = fiveBits(secret);
  return Array.from({ length: GROUPS }, (_, g) => {
    const group = values.slice(g * DATA_PER_GROUP, (g + 1) * DATA_PER_GROUP);
    return [...group, checkOf(g, group)].map((v) => alphabet[v]).join('');
  }).join('-');
}

export type TypedKey =
  | { readonly secret: Buffer }
  /** `typed` characters instead of 40. */
  | { readonly problem: 'length'; readonly typed: number }
  /** First group, from 1, that cannot have been printed like this. */
  | { readonly problem: 'group'; readonly group: number };

/** Forgives case, spaces, dashes, O for 0, I and L for 1. */
export function readRecoveryKey(typed: string): TypedKey {
  const text = typed
    .normalize('NFKC')
    .toUpperCase()
    .replaceAll(/[\s\p{Pd}._]/gu, '')
    .replaceAll('O', '0')
    .replaceAll(/[IL]/g, '1');
  const perGroup = DATA_PER_GROUP + 1;
  const values = [...text].map((c) => alphabet.indexOf(c));
  const data: number[] = [];
  for (let g = 0; g < GROUPS; g++) {
    const group = values.slice(g * perGroup, (g + 1) * perGroup);
    const full = group.length === perGroup;
    if (group.includes(-1) || (full && checkOf(g, group.slice(0, DATA_PER_GROUP)) !== group[DATA_PER_GROUP]))
      return { problem: 'group', group: g + 1 };
    if (!full) return { problem: 'length', typed: values.length };
    data.push(...group.slice(0, DATA_PER_GROUP));
  }
  if (values.length > GROUPS * perGroup) return { problem: 'length', typed: values.length };
  return { secret: bytesOf(data) };
}

/** Horner over GF(32): finds every wrong character, every swap of neighbours, and groups in wrong order. */
function checkOf(group: number, values: readonly number[]): number {
  let check = group + 1;
  for (const v of values) check = double(check) ^ v;
  return double(check);
}
/** Times x modulo x⁵+x²+1. */
const double = (v: number): number => ((v << 1) ^ (v & 16 ? 0b100101 : 0)) & 31;

function fiveBits(bytes: Uint8Array): number[] {
  let bits = '';
  for (const b of bytes) bits += b.toString(2).padStart(8, '0');
  return (bits.match(/.{5}/g) ?? []).map((five) => Number.parseInt(five, 2));
}
function bytesOf(values: readonly number[]): Buffer {
  const bits = values.map((v) => v.toString(2).padStart(5, '0')).join('');
  return Buffer.from((bits.match(/.{8}/g) ?? []).map((eight) => Number.parseInt(eight, 2)));
}
