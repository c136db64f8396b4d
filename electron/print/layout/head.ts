// What stands above a form: whose paper it is at the left, its numbers at the right, the State's motto where a form goes
// out of the house, then the title in capitals. Which fields belong there, the form says.
import type { DocumentBody } from '../../../shared/model/document-body.ts';
import type { FormField, FormTemplate } from '../../../shared/model/form-template.ts';
import { lookupCode } from '../lookup.ts';
import { inCapitals } from './capitals.ts';
import { plainWords } from './fields.ts';
import { type Html, html, nothing } from './html.ts';

export function head(template: FormTemplate, body: DocumentBody): Html {
  const { motto, left, right } = template.head;
  const fields = new Map(template.sections.flatMap((section) => section.fields.map((one) => [one.id, one])));
  const lines = (ids: readonly string[]): Html[] =>
    ids.flatMap((id) => {
      const field = fields.get(id);
      return field ? [line(field, body)] : [];
    });
  const number = template.number === null ? [] : [html`<p class="ms">${numbered(template.number)}</p>`];
  return html`<header class="${motto ? 'with-motto' : 'plain'} ${template.paper}">
<div class="house">${lines(left)}</div>${motto ? nationalMotto : nothing}<div class="numbers">${[...number, ...lines(right)]}</div>
</header>
<h1>${inCapitals(template.title)}</h1>${takesThePlaceOf(body)}`;
}

/** Fields that stand in the head are not printed again below. */
export const inHead = ({ head: { left, right } }: FormTemplate): ReadonlySet<string> =>
  new Set([...left, ...right]);

function line(field: FormField, { values }: DocumentBody): Html {
  const words = plainWords(field, values[field.id]);
  const name = field.label.replace(/:$/, '');
  if (words === '') return html`<p class="leader">${name}: <span class="dots"></span></p>`;
  if (field.source === 'center.name')
    return html`<p class="center"><b>${words.toLocaleUpperCase('vi')}</b></p>`;
  if (field.source?.startsWith('center.'))
    return html`<p class="center">${words.toLocaleUpperCase('vi')}</p>`;
  if (saysItself(field, words)) return html`<p>${words}</p>`;
  return html`<p>${name}: ${words}</p>`;
}

/** "Khoa Nội" needs no "Khoa:" before it. */
const saysItself = ({ label }: FormField, words: string): boolean =>
  words.toLocaleLowerCase('vi').startsWith(`${label.toLocaleLowerCase('vi')} `);

const numbered = (number: string): string => (/^MS\b/.test(number) ? number : `MS: ${number}`);

const nationalMotto: Html = html`<div class="motto"><p><b>CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM</b></p><p><b>Độc lập - Tự do - Hạnh phúc</b></p><hr></div>`;

/** A changed paper says so on its face. */
function takesThePlaceOf({ previous, reason }: DocumentBody): Html {
  if (previous === null) return nothing;
  const why = reason ? html` Lý do: ${reason}.` : nothing;
  return html`<p class="replaces">Bản sửa đổi, thay bản trước (mã nội dung ${previous.slice(0, 16)}).${why}</p>`;
}

/** Characters of one line above a page. */
const lineLength = { A4: 112, A5: 90 } as const;

/** What a loose page is recognised by, in one line above every page but the first: whose it is, before its whole title. */
export function running({ title, paper }: FormTemplate, { patient, admission }: DocumentBody): string {
  const number = admission ? `Số vào viện: ${admission.number}` : `Mã người bệnh: ${patient.recordNumber}`;
  const whose = ` (tiếp theo) – ${patient.name.toLocaleUpperCase('vi')} – ${number}`;
  const room = Math.max(lineLength[paper] - whose.length, 20);
  return `${title.length <= room ? title : `${title.slice(0, room - 1).replace(/\s\S*$/, '')}…`}${whose}`;
}

/** What is printed below every page beside the QR. */
export function footWords({ center }: DocumentBody, bodySha256: string | null): string[] {
  if (bodySha256 === null) return ['Bản xem trước: chưa lập, chưa ai ký, không có giá trị.'];
  return [
    `Mã tra cứu: ${lookupCode(bodySha256)} · SHA-256: ${bodySha256.slice(0, 16)}…`,
    `In từ hồ sơ bệnh án điện tử${center ? ` – ${center.name}` : ''}`,
  ];
}
