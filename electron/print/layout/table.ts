// A table of a form: its head comes again on every page, a row is never cut in two while it fits on one.
import type { FormField, FormValue } from '../../../shared/model/form-template.ts';
import { type Html, html, nothing } from './html.ts';
import { cellWords } from './words.ts';

type Columns = NonNullable<FormField['columns']>;
export type Row = Readonly<Record<string, string | number | null>>;

/** Rows to write on by hand when there are none. */
const emptyRows = 4;

export function table(field: FormField, value: FormValue | undefined): Html {
  const columns = field.columns ?? [];
  const rows = rowsIn(value);
  const all = columns.reduce((sum, { width }) => sum + width, 0);
  const widths = columns.map(({ width }) => html`<col style="width:${((width / all) * 100).toFixed(3)}%">`);
  const heads = columns.map(({ label }) => html`<th scope="col">${breakable(label)}</th>`);
  const body =
    rows.length > 0
      ? rows.map((row) => html`<tr>${columns.map((column) => cell(column, row))}</tr>`)
      : Array.from(
          { length: field.lines || emptyRows },
          () => html`<tr class="empty">${columns.map(() => html`<td></td>`)}</tr>`,
        );
  return html`${caption(field)}<table><colgroup>${widths}</colgroup><thead><tr>${heads}</tr></thead><tbody>${body}</tbody></table>`;
}

function caption({ label, hint }: FormField): Html {
  if (label === '') return nothing;
  return html`<p class="caption">${label}${hint ? html` <i class="hint">${hint}</i>` : nothing}</p>`;
}

function cell({ id, kind }: Columns[number], row: Row): Html {
  return html`<td class="${kind}">${cellWords(kind, row[id] ?? null)}</td>`;
}

/** Narrow columns: "lần/phút" may be parted where it is written apart anyway. */
const breakable = (label: string): Html[] =>
  label.split('/').map((part, n) => (n === 0 ? html`${part}` : html`/<wbr>${part}`));

export const rowsIn = (value: FormValue | undefined): Row[] =>
  Array.isArray(value) ? value.filter((one) => typeof one === 'object') : [];
