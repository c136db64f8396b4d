// What a signature says may still change after it: the level of one that certifies (DocMDP), the fields it locks
// (FieldMDP, and the Lock of the field it stands in; ISO 32000-2, 12.8.2). What is not understood allows nothing.

import type { SignatureField } from './fields.ts';
import { textOf } from './fields.ts';
import { as, isName, type PdfFile } from './file.ts';
import type { PdfDict, PdfValue } from './values.ts';

/** 1: nothing but evidence and time-stamps. 2: signing fields that are there. 3: notes too, so fields of their own. */
type Level = 1 | 2 | 3;

export interface Allowed {
  /** Null: nobody has certified the file. */
  readonly level: Level | null;
  /** By its whole name. Names of fields lead to those below them too. */
  readonly locked: (field: string) => boolean;
}

export const unrestricted: Allowed = { level: null, locked: () => false };
const nothing: Allowed = { level: 1, locked: () => true };

export const allowedByBoth = (a: Allowed, b: Allowed): Allowed => ({
  level: a.level === null || b.level === null ? (a.level ?? b.level) : lower(a.level, b.level),
  locked: (field) => a.locked(field) || b.locked(field),
});
const lower = (a: Level, b: Level): Level => (a < b ? a : b);

/** What the signature in this field allows after it. */
export function allowedAfter(file: PdfFile, { dict, signature }: SignatureField): Allowed {
  if (!signature) return unrestricted;
  const said = [lockOf(file, dict)];
  const references = file.follow(signature.dict.entries.get('Reference'));
  const list = as(references, 'array');
  if (references !== null && !list) return nothing;
  for (const item of list?.items ?? []) said.push(ofReference(file, as(file.follow(item), 'dict')));
  // the catalog's word that this one certifies: then it has to say what it allows
  const certifying = as(
    as(file.follow(file.root.entries.get('Perms')), 'dict')?.entries.get('DocMDP'),
    'ref',
  );
  const all = said.reduce(allowedByBoth, unrestricted);
  if (certifying && certifying.number === signature.number && all.level === null) return nothing;
  return all;
}

/** Neither says anything of changes to a file that is signed (12.8.2.3: usage rights of one maker's readers). */
const SILENT = ['UR', 'UR3', 'Identity'];

function ofReference(file: PdfFile, reference: PdfDict | null): Allowed {
  const method = file.follow(reference?.entries.get('TransformMethod'));
  if (SILENT.some((name) => isName(method, name))) return unrestricted;
  const value = file.follow(reference?.entries.get('TransformParams'));
  const parameters = as(value, 'dict');
  if (value !== null && !parameters) return nothing;
  // without parameters it is 2 (table 257)
  if (isName(method, 'DocMDP')) return { ...unrestricted, level: levelOf(file, parameters) ?? 2 };
  return isName(method, 'FieldMDP') && parameters ? lockedBy(file, parameters) : nothing;
}

/** Null: it says none. One that is none allows nothing. */
function levelOf(file: PdfFile, parameters: PdfDict | null): Level | null {
  const value = file.follow(parameters?.entries.get('P'));
  if (value === null) return null;
  const level = as(value, 'number')?.value;
  return level === 2 || level === 3 ? level : 1;
}

function lockOf(file: PdfFile, field: PdfDict): Allowed {
  const value = file.follow(field.entries.get('Lock'));
  if (value === null) return unrestricted;
  const lock = as(value, 'dict');
  return lock ? { ...lockedBy(file, lock), level: levelOf(file, lock) } : nothing;
}

function lockedBy(file: PdfFile, rule: PdfDict): Allowed {
  const action = file.follow(rule.entries.get('Action'));
  const all = { ...unrestricted, locked: () => true };
  if (!isName(action, 'Include') && !isName(action, 'Exclude')) return all;
  const names = as(file.follow(rule.entries.get('Fields')), 'array')?.items.map((item) => nameIn(file, item));
  if (!names || names.includes(null)) return all;
  const named = (field: string): boolean =>
    names.some((name) => name !== null && (field === name || field.startsWith(`${name}.`)));
  return { ...unrestricted, locked: isName(action, 'Include') ? named : (field) => !named(field) };
}

function nameIn(file: PdfFile, value: PdfValue): string | null {
  const text = as(file.follow(value), 'string');
  return text && textOf(text);
}
