// Turns zod's issues into i18n keys per field; the page shows the sentence beside the field.
import type * as z from 'zod';

const maxFields = 40;

/** Field path (dots) → i18n key. The first issue of a field wins. */
export function fieldErrors(issues: readonly z.core.$ZodIssue[]): Record<string, string> {
  const byPath = new Map<string, string>();
  for (const issue of issues) {
    const path = issue.path.map(String).join('.').slice(0, 120);
    if (!byPath.has(path)) byPath.set(path, keyOf(issue));
    if (byPath.size >= maxFields) break;
  }
  return Object.fromEntries(byPath);
}

/** A schema that says its own key as the message keeps it; the rest fall into a handful of general ones. */
function keyOf(issue: z.core.$ZodIssue): string {
  if (/^(field|error)\.[A-Za-z0-9_.]{1,60}$/.test(issue.message)) return issue.message;
  if (issue.code === 'too_big') return measuresText(issue.origin) ? 'field.too_long' : 'field.too_large';
  if (issue.code === 'too_small') {
    if (!measuresText(issue.origin)) return 'field.too_small';
    return Number(issue.minimum) <= 1 ? 'field.required' : 'field.too_short';
  }
  const isMissing = issue.code === 'invalid_type' && (issue.input === undefined || issue.input === null);
  return isMissing ? 'field.required' : 'field.bad_value';
}

const measuresText = (origin: string): boolean =>
  origin === 'string' || origin === 'array' || origin === 'set' || origin === 'map';
