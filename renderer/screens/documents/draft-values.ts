// Typing on a paper as it is kept in the draft store and read back after a crash. What cannot be read is left out.
import type { Value, Values } from './paper-types.ts';

export const draftOf = (values: Values): string => JSON.stringify(values);

export function valuesFromDraft(stored: string): Values {
  const read = parse(stored);
  return Object.fromEntries(
    Object.entries(read).flatMap(([id, value]) => (isValue(value) ? [[id, value]] : [])),
  );
}

function parse(stored: string): object {
  try {
    const read: unknown = JSON.parse(stored);
    return typeof read === 'object' && read !== null && !Array.isArray(read) ? read : {};
  } catch {
    return {};
  }
}

function isValue(value: unknown): value is Value {
  if (isCell(value) || typeof value === 'boolean') return true;
  if (typeof value !== 'object' || value === null) return false;
  if (!Array.isArray(value)) {
    const code: unknown = Reflect.get(value, 'code');
    return typeof Reflect.get(value, 'text') === 'string' && (code === null || typeof code === 'string');
  }
  return (
    value.every((code) => typeof code === 'string') ||
    value.every(
      (row: unknown) =>
        typeof row === 'object' && row !== null && !Array.isArray(row) && Object.values(row).every(isCell),
    )
  );
}

const isCell = (cell: unknown): cell is string | number | null =>
  cell === null || typeof cell === 'string' || typeof cell === 'number';
