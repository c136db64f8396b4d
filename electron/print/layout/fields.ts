// Labelled lines of a form, packed into rows by their twelfths of the width; dots to write on where nothing is known.
import type { FormField, FormValue, FormValues } from '../../../shared/model/form-template.ts';
import { chart } from './chart.ts';
import { type Html, html, nothing } from './html.ts';
import { table } from './table.ts';
import { isBlank, wordsOf } from './words.ts';

/** One section's fields in their order. */
export const fieldsOf = (fields: readonly FormField[], values: FormValues): Html[] =>
  rowsOf(fields).map((row) => {
    const [only] = row;
    if (row.length === 1 && only && (only.width === 12 || standsAlone(only)))
      return block(only, values[only.id]);
    const cells = row.map(
      (field) => html`<div class="cell w${field.width}">${block(field, values[field.id])}</div>`,
    );
    return html`<div class="row">${cells}</div>`;
  });

/** Fields side by side as long as their twelfths fit into one line. */
export function rowsOf(fields: readonly FormField[]): FormField[][] {
  const rows: FormField[][] = [];
  let room = 0;
  for (const field of fields) {
    const last = rows.at(-1);
    if (last && field.width <= room && !standsAlone(field)) {
      last.push(field);
      room -= field.width;
    } else {
      rows.push([field]);
      room = standsAlone(field) ? 0 : 12 - field.width;
    }
  }
  return rows;
}

/** Tables, headings and statements have the whole width whatever they say. */
const standsAlone = ({ kind }: FormField): boolean => ['rows', 'heading', 'statement'].includes(kind);

function block(field: FormField, value: FormValue | undefined): Html {
  switch (field.kind) {
    case 'heading':
      return html`<h3>${field.label}</h3>`;
    case 'statement':
      return html`<p class="statement">${field.text ?? ''}</p>`;
    case 'rows':
      return html`${chart(field, value)}${table(field, value)}`;
    case 'flag':
      return html`<p class="field">${field.label}${hint(field)} ${tick(value === true)}</p>`;
    case 'choice':
    case 'choices':
      return choices(field, value);
    case 'diagnosis':
      return diagnosis(field, value);
    case 'long':
      return line(field, value, 'long');
    case 'text':
    case 'number':
    case 'date':
    case 'moment':
      return line(field, value, 'line');
  }
}

function line(field: FormField, value: FormValue | undefined, shape: 'line' | 'long'): Html {
  if (isBlank(value)) return blank(field, shape);
  const words = plainWords(field, value);
  const unit = field.unit ? html` ${field.unit}` : nothing;
  const said =
    field.source === 'patient.fullName'
      ? html`<b>${words.toLocaleUpperCase('vi')}</b>`
      : html`<span class="said">${words}</span>`;
  // several lines of one's own begin below the label, not behind it
  const apart = shape === 'long' && words.includes('\n') ? html`<br>` : html` `;
  return html`<p class="field ${shape}">${label(field)}${apart}${said}${unit}</p>`;
}

/** The label, dots up to the end of the line, and as many more lines as the form leaves for writing. */
function blank(field: FormField, shape: 'line' | 'long'): Html {
  const lines = Array.from({ length: field.lines }, () => html`<p class="ruled"></p>`);
  if (field.kind === 'date' || field.kind === 'moment') {
    const day = '…../…../……';
    const gaps = field.kind === 'date' ? day : `…… giờ …… phút, ngày ${day}`;
    return html`<p class="field line">${label(field)} <span class="gaps">${gaps}</span></p>${lines}`;
  }
  const unit = field.unit ? html`<span class="unit">${field.unit}</span>` : nothing;
  return html`<p class="field ${shape} blank">${label(field)} <span class="dots"></span>${unit}</p>${lines}`;
}

function choices(field: FormField, value: FormValue | undefined): Html {
  const chosen = new Set(Array.isArray(value) ? value.map(String) : typeof value === 'string' ? [value] : []);
  const offered = field.choices ?? [];
  const boxes = offered.map(
    ({ code, label: name }) => html`<span class="choice">${name} ${tick(chosen.has(code))}</span> `,
  );
  // never lost: what an older form offered, or somebody typed
  const others = [...chosen].filter((code) => !offered.some((one) => one.code === code));
  const rest = others.length > 0 ? html`<span class="said">${others.join('; ')}</span>` : nothing;
  return html`<p class="field">${label(field)} ${boxes}${rest}</p>`;
}

function diagnosis(field: FormField, value: FormValue | undefined): Html {
  if (isBlank(value))
    return html`<p class="field line blank diagnosis">${label(field)} <span class="dots"></span><span class="unit">Mã ICD:</span> ${icd('')}</p>`;
  const { text, code } =
    typeof value === 'object' && value !== null && 'text' in value
      ? value
      : { text: plainWords(field, value), code: null };
  return html`<p class="field">${label(field)} <span class="said">${text}</span> ${code === null ? nothing : icd(code)}</p>`;
}

const icd = (code: string): Html => html`<span class="icd">${code}</span>`;

/** "Lý do vào viện:", with what the form explains behind it before the colon. */
function label(field: FormField): Html {
  const words = field.label.replace(/:$/, '');
  const colon = /[?.…]$/.test(words) ? '' : ':';
  return html`<span class="label">${words}${hint(field)}${colon}</span>`;
}

const hint = ({ hint: words }: FormField): Html => (words ? html` <i class="hint">${words}</i>` : nothing);

/** An empty or a crossed box, as a pen would leave it; a reader of the text finds the cross too. */
const tick = (on: boolean): Html =>
  on ? html`<span class="tick">×</span>` : html`<span class="tick"></span>`;

/** Whatever a field holds, in one line of words. */
export function plainWords(field: FormField, value: FormValue | undefined): string {
  if (value === undefined || value === null || typeof value === 'boolean') return value === true ? 'Có' : '';
  if (typeof value === 'string' && field.choices)
    return field.choices.find(({ code }) => code === value)?.label ?? value;
  if (typeof value === 'string' || typeof value === 'number') return wordsOf(field.kind, value);
  if (!Array.isArray(value)) return [value.text, value.code ?? ''].filter((one) => one !== '').join(' ');
  return value
    .map((one) =>
      typeof one === 'string'
        ? one
        : Object.values(one)
            .filter((cell) => cell !== null)
            .join(' '),
    )
    .join('; ');
}
