// What two people wrote into one field of a paper, or two versions frozen apart, as the inbox shows it: which paper, the
// field by its name on the form, and the values as they are printed.

import { formatPartialDate } from '../../../shared/identity/partial-date.ts';
import { changeId } from '../../../shared/model/change.ts';
import { documentFreeze, documentWrite } from '../../../shared/model/documents.ts';
import type { FormField, FormTemplate, FormValue } from '../../../shared/model/form-template.ts';
import { formatDateTime } from '../../../shared/time/vietnam.ts';
import type { Store } from '../../store/types.ts';
import { asText, CONTENT, isEmpty } from './projection.ts';
import { rowOf, type SignatureRow, signaturesOf } from './rows.ts';
import { templateOf } from './shown.ts';
import { fieldsOf } from './values.ts';
import { decimal } from './words.ts';

export interface PaperInConflict {
  readonly documentId: string;
  readonly title: string;
  /** Null: it is about the version that stands. */
  readonly field: string | null;
  /** Of a side, by the id of its change; null: emptied. */
  valueOf(choice: string): string | null;
}

/** `key`: `<field>:<ids of the changes>`. Null when there is no such paper. */
export function inConflict(
  store: Store,
  templates: () => readonly FormTemplate[],
  documentId: string,
  key: string,
): PaperInConflict | null {
  const row = rowOf(store.sql, documentId);
  if (!row) return null;
  const name = key.slice(0, key.indexOf(':'));
  const form = templateOf({ templates }, row);
  const field = form && fieldsOf(form).find(({ id }) => id === name);
  const changes = new Map(store.changesOf('document', documentId).map((one) => [changeId(one), one]));
  return {
    documentId,
    title: row.title ?? form?.title ?? row.form,
    field: name === CONTENT ? null : (field?.label ?? name),
    valueOf(choice) {
      const body = changes.get(choice)?.body;
      const frozen = documentFreeze.body.safeParse(body).data;
      if (frozen)
        return versionInWords(frozen.content, signaturesOf(store.sql, [documentId]).get(documentId));
      const value = documentWrite.body.safeParse(body).data?.values[name] ?? null;
      return field && !isEmpty(value) ? inWords(field, value) : asText(value);
    },
  };
}

/** The code at the foot of its pages, and who has signed it. */
function versionInWords(content: string, signatures: readonly SignatureRow[] = []): string {
  const signers = signatures.filter((one) => one.content === content && one.over === 'content');
  return [content.slice(0, 12), ...new Set(signers.map(({ signer }) => signer))].join(' · ');
}

function inWords({ kind, choices = [], unit }: FormField, value: FormValue): string | null {
  const ofCode = (code: string) => choices.find((choice) => choice.code === code)?.label ?? code;
  if (kind === 'moment' && typeof value === 'number') return formatDateTime(value);
  if (typeof value === 'number') return [decimal(value), unit].join(' ').trim();
  if (value === true) return '✓';
  if (value === false) return null;
  if (typeof value === 'string' && kind === 'date') return formatPartialDate(value);
  if (typeof value === 'string') return kind === 'choice' ? ofCode(value) : value;
  if (kind === 'choices' && Array.isArray(value))
    return value.map((code) => (typeof code === 'string' ? ofCode(code) : '')).join('; ');
  return asText(value);
}
