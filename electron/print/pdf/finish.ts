// From the engine's PDF to the one that is kept: its own title, one date and language, the hash of what it was drawn from,
// where the signature boxes lie, and nothing of the engine's that differs from PC to PC or from minute to minute.
// Done before anybody signs; afterwards a PDF only ever grows at its end.
import {
  PDFArray,
  PDFDict,
  PDFDocument,
  PDFHexString,
  PDFName,
  PDFNumber,
  type PDFPage,
  PDFRef,
  PDFString,
} from 'pdf-lib';
import { sha256 } from '../../store/crypto.ts';
import { boxScheme } from '../layout/signatures.ts';
import type { PrintedSheet, Sheet, SignatureBox } from '../types.ts';
import { xmp } from './xmp.ts';

const program = 'Trạm';

export async function finish(drawn: Uint8Array, sheet: Sheet): Promise<PrintedSheet> {
  const document = await PDFDocument.load(drawn, { updateMetadata: false });
  const found = document.getPages().flatMap((page, n) => takeBoxes(page, n));
  const boxes = sheet.steps.flatMap((step) => found.find((box) => box.step === step) ?? []);
  describe(document, sheet);
  const pdf = Buffer.from(await document.save({ useObjectStreams: false, addDefaultPage: false }));
  return { pdf, pages: document.getPageCount(), boxes };
}

/** The page's boxes; the links that marked them, and any other, are gone afterwards. */
function takeBoxes(page: PDFPage, n: number): SignatureBox[] {
  const { context } = page.doc;
  const links = page.node.Annots()?.asArray() ?? [];
  const boxes = links.flatMap((link): SignatureBox[] => {
    const annotation = context.lookup(link, PDFDict);
    if (link instanceof PDFRef) context.delete(link);
    const uri = annotation.lookupMaybe(PDFName.of('A'), PDFDict)?.lookupMaybe(PDFName.of('URI'), PDFString);
    const address = uri?.decodeText() ?? '';
    if (!address.startsWith(`${boxScheme}:`)) return [];
    const [x1, y1, x2, y2] = numbersOf(annotation.lookup(PDFName.of('Rect'), PDFArray));
    return [
      {
        step: address.slice(boxScheme.length + 1),
        page: n,
        x: Math.min(x1, x2),
        y: Math.min(y1, y2),
        width: Math.abs(x2 - x1),
        height: Math.abs(y2 - y1),
      },
    ];
  });
  page.node.delete(PDFName.of('Annots'));
  return boxes;
}

function numbersOf(rectangle: PDFArray): [number, number, number, number] {
  const at = (n: number): number => rectangle.lookup(n, PDFNumber).asNumber();
  return [at(0), at(1), at(2), at(3)];
}

const bodyHashKey = PDFName.of('TramBodySha256');

function describe(document: PDFDocument, { title, at, bodySha256, html }: Sheet): void {
  const { context, catalog } = document;
  const when = new Date(at);
  document.setTitle(title);
  document.setCreator(program);
  document.setProducer(program);
  document.setCreationDate(when);
  document.setModificationDate(when);
  if (bodySha256 !== null) infoOf(document)?.set(bodyHashKey, PDFString.of(bodySha256));
  catalog.set(PDFName.of('Lang'), PDFString.of('vi'));
  const packet = context.stream(xmp({ title, program, at: when, bodySha256 }), {
    Type: 'Metadata',
    Subtype: 'XML',
  });
  catalog.set(PDFName.of('Metadata'), context.register(packet));
  // the engine's is a draw of lots; the same sheet has the same name
  const id = PDFHexString.of(sha256(Buffer.from(html)).toString('hex').slice(0, 32));
  context.trailerInfo.ID = context.obj([id, id]);
}

/** SHA-256 of the body a PDF says it was drawn from; null when it says nothing, or is none. */
export async function bodyHashOf(pdf: Uint8Array): Promise<string | null> {
  const document = await PDFDocument.load(pdf, { updateMetadata: false }).catch(() => null);
  const said = document && infoOf(document)?.lookupMaybe(bodyHashKey, PDFString)?.decodeText();
  return said && /^[0-9a-f]{64}$/.test(said) ? said : null;
}

function infoOf({ context }: PDFDocument): PDFDict | undefined {
  return context.lookupMaybe(context.trailerInfo.Info, PDFDict);
}
