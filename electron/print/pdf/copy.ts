// The copy that goes to a printer: what was signed or confirmed without leaving a trace in the PDF itself is written into
// its boxes, so that nobody takes a signed paper for an unsigned one. Printed, never kept: the frozen bytes stay as they are.
import { PDFDocument } from 'pdf-lib';
import { ok, type Result } from '../../../shared/api/contract.ts';
import { formatDateTime } from '../../../shared/time/vietnam.ts';
import { fontFaces, fontStack } from '../fonts.ts';
import { html } from '../layout/html.ts';
import type { Press, SignatureBox } from '../types.ts';

export interface PaperMark {
  readonly box: SignatureBox;
  /** token: signed · finger: confirmed with a finger · paper: signed by hand on a copy before. */
  readonly how: 'token' | 'finger' | 'paper';
  readonly by: string;
  /** Of one who signed for the patient. */
  readonly relation: string | null;
  /** ms since 1970 UTC. */
  readonly at: number;
  readonly state: 'valid' | 'undetermined' | 'invalid' | null;
}

/** At least one mark. Codes: print_failed. */
export async function copyForPaper(
  press: Press,
  pdf: Buffer,
  marks: readonly PaperMark[],
): Promise<Result<Buffer>> {
  const copy = await PDFDocument.load(pdf, { updateMetadata: false });
  const pages = [...new Set(marks.map(({ box }) => box.page))].sort((a, b) => a - b);
  const [width, height] = [copy.getPage(0).getWidth(), copy.getPage(0).getHeight()];
  const drawn = await press.draw({
    html: overlay(pages, marks, width, height),
    // its own rules say how large it is
    paper: 'A4',
    landscape: false,
  });
  if (!drawn.ok) return drawn;
  const layers = await copy.embedPdf(
    drawn.value,
    pages.map((_page, n) => n),
  );
  pages.forEach((page, n) => {
    const layer = layers[n];
    if (layer) copy.getPage(page).drawPage(layer, { x: 0, y: 0, width, height });
  });
  return ok(Buffer.from(await copy.save({ useObjectStreams: false, addDefaultPage: false })));
}

/** One clear page for each page with marks, as large as those, with the words where the boxes are. */
function overlay(
  pages: readonly number[],
  marks: readonly PaperMark[],
  width: number,
  height: number,
): string {
  const body = html`${pages.map(
    (page) =>
      html`<section>${marks
        .filter(({ box }) => box.page === page)
        .map(
          ({ box, ...mark }) =>
            html`<div style="left:${box.x}pt;top:${height - box.y - box.height}pt;width:${box.width}pt;height:${box.height}pt;font-size:${Math.min(8.5, box.height / 6).toFixed(1)}pt">${linesOf(mark).map((line) => html`<p>${line}</p>`)}</div>`,
        )}</section>`,
  )}`.html;
  return `<!doctype html><html lang="vi"><head><meta charset="utf-8"><style>${fontFaces(body)}
@page { size: ${width}pt ${height}pt; margin: 0 }
* { margin: 0; box-sizing: border-box }
html { font: 8.5pt/1.2 ${fontStack}; font-synthesis: none; overflow-wrap: anywhere }
section { position: relative; width: ${width}pt; height: ${height - 1}pt; overflow: hidden; break-after: page }
section:last-child { break-after: auto }
div { position: absolute; overflow: hidden; text-align: center; display: flex; flex-direction: column; justify-content: center;
  border: .6pt solid #000; padding: 1pt 2pt }
p:nth-child(2) { font-weight: bold }</style></head><body>${body}</body></html>`;
}

const said = {
  token: 'Đã ký số',
  finger: 'Đã xác nhận bằng vân tay',
  paper: 'Đã ký trên bản giấy',
} as const;

function linesOf({ how, by, relation, at, state }: Omit<PaperMark, 'box'>): string[] {
  const found =
    state === 'invalid' ? ['CHỮ KÝ KHÔNG HỢP LỆ'] : state === 'undetermined' ? ['Chưa xác thực được'] : [];
  return [said[how], relation === null ? by : `${by} (${relation})`, formatDateTime(at), ...found];
}
