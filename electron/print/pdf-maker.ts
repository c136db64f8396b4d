// A paper's PDF: laid out, drawn by the engine a shell lends, finished. What is frozen is made here and nowhere else.
import { fail, ok, type Result } from '../../shared/api/contract.ts';
import type { DocumentBody } from '../../shared/model/document-body.ts';
import type { FormTemplate } from '../../shared/model/form-template.ts';
import type { Log } from '../store/room.ts';
import { type LayoutOptions, layout } from './layout/layout.ts';
import { copyForPaper, type PaperMark } from './pdf/copy.ts';
import { finish } from './pdf/finish.ts';
import type { Press, PrintedSheet, Sheet } from './types.ts';

export interface PdfMaker {
  /** Codes: print_failed. */
  draw(template: FormTemplate, body: DocumentBody, how: LayoutOptions): Promise<Result<PrintedSheet>>;
  render(sheet: Sheet): Promise<Result<PrintedSheet>>;
  /** For a printer: with what was signed or confirmed written into the boxes where the PDF does not show it. */
  copy(pdf: Buffer, marks: readonly PaperMark[]): Promise<Result<Buffer>>;
}

/** `press` null: no shell lends one, as in work of moments on the command line. */
export function pdfMaker(press: Press | null, log: Log): PdfMaker {
  async function render(sheet: Sheet): Promise<Result<PrintedSheet>> {
    if (!press) return fail('print_failed');
    const drawn = await press.draw(sheet);
    if (!drawn.ok) return drawn;
    try {
      const printed = await finish(drawn.value, sheet);
      if (printed.boxes.length === sheet.steps.length) return ok(printed);
      log('error', 'a sheet lacks boxes to sign in', { has: printed.boxes.length, of: sheet.steps.length });
    } catch (fault) {
      // the engine's file is another program's work: it may be anything
      log('error', 'a drawn sheet could not be read', {
        fault: fault instanceof Error ? fault.message : 'unknown',
      });
    }
    return fail('print_failed');
  }
  async function copy(pdf: Buffer, marks: readonly PaperMark[]): Promise<Result<Buffer>> {
    if (marks.length === 0) return ok(pdf);
    if (!press) return fail('print_failed');
    try {
      return await copyForPaper(press, pdf, marks);
    } catch (fault) {
      log('error', 'a copy for the printer could not be made', {
        fault: fault instanceof Error ? fault.message : 'unknown',
      });
      return fail('print_failed');
    }
  }
  return { render, copy, draw: (template, body, how) => render(layout(template, body, how)) };
}
