// What is done to an engine's PDF before it is kept; the engine's part is played by pdf-lib here.
import { PDFArray, PDFDict, PDFDocument, PDFName, PDFString } from 'pdf-lib';
import { expect, it } from 'vitest';
import { bodyHashOf, finish } from '../../../electron/print/pdf/finish.ts';
import { pdfMaker } from '../../../electron/print/pdf-maker.ts';
import { fail, ok } from '../../../shared/api/contract.ts';
import { bodyOf, formOf, hash } from './papers.ts';

const sheet = {
  html: '<p>x</p>',
  paper: 'A4',
  landscape: false,
  title: 'Giấy ra viện',
  bodySha256: hash,
  at: Date.UTC(2026, 10, 22, 2, 3, 4),
  steps: ['bac_si', 'truong_khoa'],
} as const;

/** An engine's PDF of two pages with these links on the second. */
async function drawn(links: readonly [address: string, rectangle: number[]][]): Promise<Uint8Array> {
  const document = await PDFDocument.create();
  document.addPage();
  const page = document.addPage();
  const annotations = links.map(([address, rectangle]) =>
    document.context.register(
      document.context.obj({
        Type: 'Annot',
        Subtype: 'Link',
        Rect: rectangle,
        A: { Type: 'Action', S: 'URI', URI: PDFString.of(address) },
      }),
    ),
  );
  page.node.set(PDFName.of('Annots'), document.context.obj(annotations));
  return document.save();
}
const both: [string, number[]][] = [
  ['tram-box:truong_khoa', [100, 200, 160, 250]],
  ['tram-box:bac_si', [400, 250, 300, 200.5]],
];

it('finds where each step signs, in the order of the steps, whichever way round a rectangle is', async () => {
  const { boxes, pages } = await finish(await drawn(both), sheet);
  expect(pages).toBe(2);
  expect(boxes).toEqual([
    { step: 'bac_si', page: 1, x: 300, y: 200.5, width: 100, height: 49.5 },
    { step: 'truong_khoa', page: 1, x: 100, y: 200, width: 60, height: 50 },
  ]);
});

it('leaves no link in the paper', async () => {
  const { pdf } = await finish(await drawn([...both, ['https://example.org', [0, 0, 9, 9]]]), sheet);
  const document = await PDFDocument.load(pdf);
  for (const page of document.getPages())
    expect(page.node.lookupMaybe(PDFName.of('Annots'), PDFArray)).toBeUndefined();
  for (const [, object] of document.context.enumerateIndirectObjects())
    if (object instanceof PDFDict) expect(String(object.get(PDFName.of('Subtype')))).not.toBe('/Link');
  expect(pdf.includes('tram-box')).toBe(false);
});

it('says title, language and one date of its own, and the hash of what it was drawn from', async () => {
  const { pdf } = await finish(await drawn(both), sheet);
  const document = await PDFDocument.load(pdf, { updateMetadata: false });
  expect(document.getTitle()).toBe('Giấy ra viện');
  expect([document.getCreator(), document.getProducer()]).toEqual(['Trạm', 'Trạm']);
  expect([document.getCreationDate(), document.getModificationDate()]).toEqual([
    new Date(sheet.at),
    new Date(sheet.at),
  ]);
  expect(document.catalog.lookup(PDFName.of('Lang'), PDFString).decodeText()).toBe('vi');
  expect(await bodyHashOf(pdf)).toBe(hash);
  const text = pdf.toString('utf8');
  expect(text).toContain(`<tram:bodySha256>${hash}</tram:bodySha256>`);
  expect(text).toContain('<rdf:li xml:lang="x-default">Giấy ra viện</rdf:li>');
});

it('says nothing of a hash in what was never frozen', async () => {
  const { pdf } = await finish(await drawn(both), { ...sheet, bodySha256: null });
  expect(await bodyHashOf(pdf)).toBeNull();
  expect(pdf.includes('bodySha256')).toBe(false);
  expect(await bodyHashOf(Buffer.from('no PDF'))).toBeNull();
});

it('is the same bytes for the same sheet', async () => {
  const engine = await drawn(both);
  const [one, two] = [await finish(engine, sheet), await finish(engine, sheet)];
  expect(one.pdf.equals(two.pdf)).toBe(true);
});

it.each([
  ['fails', async () => fail('print_failed')],
  ['gives something that is no PDF', async () => ok(Buffer.from('<html>'))],
  ['gives a page without a box to sign in', async () => ok(Buffer.from(await drawn(both.slice(1))))],
])('is not printed when the engine %s', async (_why, draw) => {
  const form = formOf();
  const press = { draw, close: async () => {} };
  const answer = await pdfMaker(press, () => {}).draw(form, bodyOf(form), { bodySha256: hash, draft: false });
  expect(answer).toMatchObject({ ok: false, error: { code: 'print_failed' } });
});

it('is not printed where there is no engine', async () => {
  const form = formOf();
  const answer = await pdfMaker(null, () => {}).draw(form, bodyOf(form), { bodySha256: hash, draft: false });
  expect(answer).toMatchObject({ ok: false, error: { code: 'print_failed' } });
});
