// Whether what came for a form's fields is what its fields hold. The form says; nothing else is kept.
import type { FormField, FormTemplate, FormValue, FormValues } from '../../../shared/model/form-template.ts';
import { isEmpty } from './projection.ts';

export const fieldsOf = (template: FormTemplate): readonly FormField[] =>
  template.sections
    .flatMap((section) => section.fields)
    .filter(({ kind }) => kind !== 'heading' && kind !== 'statement');

/** `values.<field>` → i18n key; empty when all is well. */
export function faultsOf(template: FormTemplate, values: FormValues): Record<string, string> {
  const byId = new Map(fieldsOf(template).map((field) => [field.id, field]));
  const faults = Object.entries(values).flatMap(([id, value]): [string, string][] => {
    const field = byId.get(id);
    if (!field) return [[`values.${id}`, 'field.bad_value']];
    const fault = faultOf(field, value);
    return fault ? [[`values.${id}`, fault]] : [];
  });
  return Object.fromEntries(faults);
}

/** Required fields without a value, as faults. */
export const missingIn = (template: FormTemplate, values: FormValues): Record<string, string> =>
  Object.fromEntries(
    fieldsOf(template)
      .filter((field) => field.required && isEmpty(values[field.id]))
      .map((field) => [`values.${field.id}`, 'field.required']),
  );

function faultOf(field: FormField, value: FormValue): string | null {
  if (value === null) return null;
  if (typeof value === 'string' && field.max !== undefined && value.length > field.max)
    return 'field.too_long';
  return holds(field, value) ? null : 'field.bad_value';
}

function holds(field: FormField, value: FormValue): boolean {
  const isCode = (code: unknown): boolean => field.choices?.some((choice) => choice.code === code) ?? false;
  switch (field.kind) {
    case 'text':
    case 'long':
      return typeof value === 'string';
    case 'number':
      return typeof value === 'number' && Number.isFinite(value);
    case 'date':
      return typeof value === 'string' && (value === '' || /^\d{4}(-\d{2}(-\d{2})?)?$/.test(value));
    case 'moment':
      return typeof value === 'number' && Number.isInteger(value);
    case 'choice':
      return value === '' || isCode(value);
    case 'choices':
      return Array.isArray(value) && value.every(isCode);
    case 'flag':
      return typeof value === 'boolean';
    case 'diagnosis':
      return typeof value === 'object' && value !== null && !Array.isArray(value);
    case 'rows':
      return Array.isArray(value) && value.every((row) => isRowOf(field, row));
    case 'heading':
    case 'statement':
      return false;
  }
}

const isRowOf = (field: FormField, row: unknown): boolean =>
  typeof row === 'object' &&
  row !== null &&
  Object.keys(row).every((name) => field.columns?.some((column) => column.id === name) ?? false);
