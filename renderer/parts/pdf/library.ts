// The library that draws papers, loaded when the first one is shown: two thirds of a megabyte nobody needs on the ward
// board. The older build of it, because a center's own browser may be a year behind.
import type { PDFDocumentProxy } from 'pdfjs-dist';

let library: Promise<typeof import('pdfjs-dist')> | null = null;

function load(): Promise<typeof import('pdfjs-dist')> {
  library ??= Promise.all([
    import('pdfjs-dist/legacy/build/pdf.mjs'),
    import('pdfjs-dist/legacy/build/pdf.worker.min.mjs?url'),
  ]).then(([pdf, worker]) => {
    pdf.GlobalWorkerOptions.workerSrc = worker.default;
    return pdf;
  });
  library.catch(() => {
    library = null;
  });
  return library;
}

export interface OpenPdf {
  readonly document: PDFDocumentProxy;
  close(): void;
}

/** `pdf`: base64. Rejects when the bytes are no PDF. */
export async function openPdf(pdf: string): Promise<OpenPdf> {
  const { getDocument } = await load();
  const data = Uint8Array.from(atob(pdf), (letter) => letter.charCodeAt(0));
  const task = getDocument({ data, enableXfa: false, useWasm: false, stopAtErrors: true });
  const document = await task.promise;
  return { document, close: () => void task.destroy() };
}
