// A form with what was frozen of it, as one page of HTML that draws the same anywhere. Pure: the same form, body and hash
// give the same bytes, which is what a paper somebody signs has to be drawn from.
import type { DocumentBody } from '../../../shared/model/document-body.ts';
import type { FormTemplate } from '../../../shared/model/form-template.ts';
import { fontFaces } from '../fonts.ts';
import { lookupCode, qrSvg, qrText } from '../lookup.ts';
import type { Sheet } from '../types.ts';
import { fieldsOf } from './fields.ts';
import { footWords, head, inHead, running } from './head.ts';
import { type Html, html, nothing } from './html.ts';
import { signatures } from './signatures.ts';
import { paperMm, qrMm, styleOf } from './style.ts';

export interface LayoutOptions {
  /** SHA-256 of the canonical JSON of the body. */
  readonly bodySha256: string;
  /** Only how it would look: marked across every page, without a code to find it by. */
  readonly draft: boolean;
}

export function layout(
  template: FormTemplate,
  body: DocumentBody,
  { bodySha256, draft }: LayoutOptions,
): Sheet {
  const { paper, landscape, title } = template;
  const marks = [...(body.training ? ['TẬP HUẤN'] : []), ...(draft ? ['BẢN NHÁP'] : [])];
  const hash = draft ? null : bodySha256;
  const style = styleOf({
    paper,
    landscape,
    running: running(template, body),
    foot: footWords(body, hash),
    qr: hash === null ? null : qrSvg(qrText(lookupCode(hash), hash), qrMm[paper]),
  });
  const { html: content } = html`${watermark(marks, template)}${head(template, body)}
${template.sections.map((section) => sectionOf(section, inHead(template), body))}
${signatures(template.steps, body, draft)}${template.footnote === null ? nothing : html`<p class="footnote">${template.footnote}</p>`}`;
  return {
    html: page({ title, style, content }),
    paper,
    landscape,
    title,
    bodySha256: hash,
    at: Date.parse(body.at),
    steps: template.steps.map(({ id }) => id),
  };
}

function sectionOf(
  { title, newPage, fields }: FormTemplate['sections'][number],
  elsewhere: ReadonlySet<string>,
  { values }: DocumentBody,
): Html {
  const mine = fields.filter(({ id }) => !elsewhere.has(id));
  if (mine.length === 0) return nothing;
  return html`<section class="${newPage ? 'new-page' : ''}">${title === null ? nothing : html`<h2>${title}</h2>`}
${fieldsOf(mine, values)}</section>
`;
}

/** Across every page, for paper as well as for whoever reads the text of the file. */
function watermark(marks: readonly string[], { paper, landscape }: FormTemplate): Html {
  if (marks.length === 0) return nothing;
  const longest = Math.max(...marks.map((mark) => mark.length));
  const width = paperMm[paper][landscape ? 1 : 0];
  const size = Math.round((width * 0.95) / longest / (marks.length > 1 ? 0.85 : 0.7));
  return html`<div class="mark" style="font-size:${size}mm">${marks.map((mark) => html`<div>${mark}</div>`)}</div>`;
}

/** No script, no address, nothing from outside: the policy holds even if a text found its way past the escaping. */
const policy = "default-src 'none'; style-src 'unsafe-inline'; font-src data:; img-src data:";

function page({ title, style, content }: { title: string; style: string; content: string }): string {
  const before = html`<!doctype html>
<html lang="vi"><head><meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="${policy}"><title>${title}</title>`
    .html;
  const text = `${unescaped(content)}${style}…×Trang 0123456789/`;
  return `${before}<style>${fontFaces(text)}${style}</style></head><body>${content}</body></html>`;
}

/** The signs behind the escapes of html.ts, whose own signs are all plain ASCII. */
const unescaped = (text: string): string => text.replaceAll(/&#\d+;/g, '&<>"\'');
