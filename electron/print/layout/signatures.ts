// Boxes to sign in, side by side at the end. Each has a link nobody can follow: the engine writes into the PDF where a
// link lies, which tells the exact place for a visible signature; the links are taken out again before anybody signs.
import type { DocumentBody } from '../../../shared/model/document-body.ts';
import type { FormStep } from '../../../shared/model/form-template.ts';
import { vietnamDate } from '../../../shared/time/vietnam.ts';
import { inCapitals } from './capitals.ts';
import { type Html, html } from './html.ts';

/** Scheme of the links that mark boxes. */
export const boxScheme = 'tram-box';
/** As many as fit side by side with room for a name. */
const mostInARow = 3;

export function signatures(steps: readonly FormStep[], body: DocumentBody, draft: boolean): Html {
  const placed = fromLeftToRight(steps);
  const rows = Array.from({ length: Math.ceil(placed.length / mostInARow) }, (_, n) =>
    placed.slice(n * mostInARow, (n + 1) * mostInARow),
  );
  return html`<div class="signatures"><div class="date"><p class="of${Math.min(placed.length, mostInARow)}">${dateLine(body, draft)}</p></div>
${rows.map((row) => html`<div class="signers of${row.length}">${row.map(box)}</div>`)}</div>`;
}

/** Where the form says; else whoever signs later stands further left, as heads do on the Ministry's forms. */
export function fromLeftToRight(steps: readonly FormStep[]): FormStep[] {
  const place = (step: FormStep): number => step.place ?? steps.length - steps.indexOf(step);
  return [...steps].sort((a, b) => place(a) - place(b));
}

function box(step: FormStep): Html {
  return html`<div class="signer"><p class="role">${inCapitals(step.label)}</p>
<p class="how">${how[step.kind]}</p><a class="box" aria-hidden="true" href="${boxScheme}:${step.id}"></a>
<p class="name">Họ tên: <span class="dots"></span></p></div>`;
}

const how: Readonly<Record<FormStep['kind'], string>> = {
  staff: '(Ký, ghi rõ họ tên)',
  person: '(Ký, ghi rõ họ tên hoặc điểm chỉ)',
  facility: '(Ký tên, đóng dấu)',
};

function dateLine({ at }: DocumentBody, draft: boolean): Html {
  if (draft) return html`Ngày …… tháng …… năm ………`;
  const [year, month, day] = vietnamDate(Date.parse(at)).split('-');
  return html`Ngày ${day ?? ''} tháng ${month ?? ''} năm ${year ?? ''}`;
}
