// What people have done to signed PDFs ("shadow attacks", incremental saving, wrapping, overlays), as functions from a
// signed file to one that says something else. Written with the program's own update writer, so the files are sound
// otherwise and viewers show what the attacker wants.
import { deflateSync } from 'node:zlib';
import { signatureFields } from '../../../../electron/signing/pdf/fields.ts';
import { as, need, type PdfFile, readPdf } from '../../../../electron/signing/pdf/file.ts';
import { type Page, pagesOf } from '../../../../electron/signing/pdf/pages.ts';
import { type Update, updateOf } from '../../../../electron/signing/pdf/update.ts';
import {
  array,
  bytesString,
  dict,
  name,
  number,
  type PdfDict,
  type PdfRef,
  type PdfStream,
  type PdfValue,
  ref,
  stream,
  textString,
  withEntries,
} from '../../../../electron/signing/pdf/values.ts';

interface Scene {
  readonly file: PdfFile;
  readonly update: Update;
  readonly page: Page;
  readonly pageRef: PdfRef;
  readonly form: PdfDict;
  readonly formRef: PdfRef;
  readonly rootRef: PdfRef;
}

const updating =
  (change: (scene: Scene) => void) =>
  (signed: Buffer): Buffer => {
    const file = readPdf(signed);
    const update = updateOf(file);
    const page = pagesOf(file)[0]!;
    const formRef = need(file.root.entries.get('AcroForm'), 'ref');
    change({
      file,
      update,
      page,
      pageRef: ref(page.number),
      form: need(file.follow(formRef), 'dict'),
      formRef,
      rootRef: ref(file.rootNumber),
    });
    return update.finish().bytes;
  };

const forged = (): PdfStream =>
  stream(
    { Filter: name('FlateDecode') },
    deflateSync(Buffer.from('1 1 1 rg 0 0 420 595 re f 0 g BT /F4 20 Tf 50 300 Td <0001> Tj ET')),
  );
const overlay = (update: Update): PdfRef =>
  update.add(
    stream(
      {
        Type: name('XObject'),
        Subtype: name('Form'),
        BBox: array(...[0, 0, 420, 595].map(number)),
      },
      Buffer.from('1 1 1 rg 0 0 420 595 re f'),
    ),
  );
const listOf = (file: PdfFile, value: PdfValue | undefined): readonly PdfValue[] =>
  as(file.follow(value), 'array')?.items ?? [];
const addNote = ({ file, update, page, pageRef }: Scene, note: PdfRef): void =>
  update.put(
    pageRef,
    withEntries(page.dict, { Annots: array(...listOf(file, page.dict.entries.get('Annots')), note) }),
  );
const addFieldToForm = ({ file, update, form, formRef }: Scene, field: PdfRef): void =>
  update.put(
    formRef,
    withEntries(form, { Fields: array(...listOf(file, form.entries.get('Fields')), field) }),
  );
const putPage = (entries: (scene: Scene) => Record<string, PdfValue | undefined>) =>
  updating((scene) => scene.update.put(scene.pageRef, withEntries(scene.page.dict, entries(scene))));
const putRoot = (entries: (scene: Scene) => Record<string, PdfValue | undefined>) =>
  updating((scene) => scene.update.put(scene.rootRef, withEntries(scene.file.root, entries(scene))));
const firstField = (file: PdfFile) => signatureFields(file)[0]!;
const fontOf = ({ file, page }: Scene): PdfRef => {
  const resources = need(file.follow(page.dict.entries.get('Resources')), 'dict');
  const fonts = need(file.follow(resources.entries.get('Font')), 'dict');
  return need([...fonts.entries.values()][0], 'ref');
};

const updates: Readonly<Record<string, (signed: Buffer) => Buffer>> = {
  'page content replaced': updating(({ update, page }) =>
    update.put(need(page.dict.entries.get('Contents'), 'ref'), forged()),
  ),
  'page content pointed elsewhere': putPage(({ update }) => ({ Contents: update.add(forged()) })),
  'content laid over the page': putPage(({ page, update }) => ({
    Contents: array(page.dict.entries.get('Contents')!, update.add(forged())),
  })),
  'a font changed': updating((scene) => {
    const font = fontOf(scene);
    scene.update.put(
      font,
      withEntries(need(scene.file.follow(font), 'dict'), { BaseFont: name('Courier'), Encoding: undefined }),
    );
  }),
  'a font file changed': updating((scene) => {
    const font = need(scene.file.follow(fontOf(scene)), 'dict');
    const inner = need(scene.file.follow(listOf(scene.file, font.entries.get('DescendantFonts'))[0]), 'dict');
    const descriptor = need(scene.file.follow(inner.entries.get('FontDescriptor')), 'dict');
    scene.update.put(need(descriptor.entries.get('FontFile2'), 'ref'), forged());
  }),
  'resources of the page changed': putPage(() => ({ Resources: dict({}) })),
  'the page cropped': putPage(() => ({ CropBox: array(...[0, 300, 420, 595].map(number)) })),
  'the page turned': putPage(() => ({ Rotate: number(180) })),
  'a page taken away': updating(({ file, update }) => {
    const pages = need(file.root.entries.get('Pages'), 'ref');
    const tree = need(file.follow(pages), 'dict');
    const kids = listOf(file, tree.entries.get('Kids')).slice(1);
    update.put(pages, withEntries(tree, { Kids: array(...kids), Count: number(kids.length) }));
  }),
  'a page added': updating(({ file, update, page }) => {
    const pages = need(file.root.entries.get('Pages'), 'ref');
    const tree = need(file.follow(pages), 'dict');
    const added = update.add(withEntries(page.dict, { Contents: update.add(forged()), Annots: undefined }));
    const kids = [...listOf(file, tree.entries.get('Kids')), added];
    update.put(pages, withEntries(tree, { Kids: array(...kids), Count: number(kids.length) }));
  }),
  'a note over the text': updating((scene) =>
    addNote(
      scene,
      scene.update.add(
        dict({
          Type: name('Annot'),
          Subtype: name('Stamp'),
          F: number(4),
          Rect: array(...[40, 400, 380, 560].map(number)),
          AP: dict({ N: overlay(scene.update) }),
        }),
      ),
    ),
  ),
  'a free text note': updating((scene) =>
    addNote(
      scene,
      scene.update.add(
        dict({
          Type: name('Annot'),
          Subtype: name('FreeText'),
          Contents: textString('5000 mg'),
          DA: { kind: 'text', text: '(/Helv 12 Tf 0 g)' },
          Rect: array(...[40, 400, 200, 430].map(number)),
        }),
      ),
    ),
  ),
  'a note taken away': putPage(() => ({ Annots: array() })),
  'a link changed': updating(({ file, update, page }) => {
    const link = need(listOf(file, page.dict.entries.get('Annots'))[0], 'ref');
    update.put(
      link,
      withEntries(need(file.follow(link), 'dict'), {
        Dest: undefined,
        A: dict({ S: name('URI'), URI: textString('http://example.org/') }),
      }),
    );
  }),
  'a text field added': updating((scene) => {
    const field = scene.update.add(
      dict({
        Type: name('Annot'),
        Subtype: name('Widget'),
        FT: name('Tx'),
        T: textString('dose'),
        V: textString('5000 mg'),
        Rect: array(...[40, 400, 200, 430].map(number)),
        AP: dict({ N: overlay(scene.update) }),
      }),
    );
    addNote(scene, field);
    addFieldToForm(scene, field);
  }),
  'a signature field nobody signed, with an overlay for its look': updating((scene) => {
    const field = scene.update.add(
      dict({
        Type: name('Annot'),
        Subtype: name('Widget'),
        FT: name('Sig'),
        T: textString('SignatureX'),
        Rect: array(...[40, 400, 200, 430].map(number)),
        AP: dict({ N: overlay(scene.update) }),
      }),
    );
    addNote(scene, field);
    addFieldToForm(scene, field);
  }),
  'a field of somebody else’s signature, with an overlay for its look': updating((scene) => {
    const { signature } = firstField(scene.file);
    const field = scene.update.add(
      dict({
        Type: name('Annot'),
        Subtype: name('Widget'),
        FT: name('Sig'),
        T: textString('SignatureX'),
        V: ref(signature!.number),
        Rect: array(...[40, 400, 200, 430].map(number)),
        AP: dict({ N: overlay(scene.update) }),
      }),
    );
    addNote(scene, field);
    addFieldToForm(scene, field);
  }),
  'a chain of objects as long as a stack is deep': updating((scene) => {
    let link = scene.update.add(dict({ End: true }));
    for (let at = 0; at < 20_000; at += 1) link = scene.update.add(array(link));
    const field = scene.update.add(
      dict({
        Type: name('Annot'),
        Subtype: name('Widget'),
        FT: name('Sig'),
        T: textString('SignatureX'),
        V: dict({ Type: name('Sig'), Prop_Build: link }),
        Rect: array(...[0, 0, 0, 0].map(number)),
      }),
    );
    addFieldToForm(scene, field);
  }),
  'the look of a signature replaced': updating(({ file, update }) => {
    const { dict: field } = firstField(file);
    const look = need(file.follow(field.entries.get('AP')), 'dict').entries.get('N');
    update.put(need(look, 'ref'), forged());
  }),
  'a signature field given another look': updating(({ file, update }) => {
    const field = firstField(file);
    update.put(ref(field.number), withEntries(field.dict, { AP: dict({ N: overlay(update) }) }));
  }),
  'a signature moved over the text': updating(({ file, update }) => {
    const field = firstField(file);
    update.put(
      ref(field.number),
      withEntries(field.dict, { Rect: array(...[40, 400, 200, 430].map(number)) }),
    );
  }),
  'a signature hidden': updating(({ file, update }) => {
    const field = firstField(file);
    update.put(ref(field.number), withEntries(field.dict, { F: number(2) }));
  }),
  'a signature given another value': updating(({ file, update }) => {
    const field = firstField(file);
    const other = update.add(withEntries(field.signature!.dict, { Name: textString('Giám đốc') }));
    update.put(ref(field.number), withEntries(field.dict, { V: other }));
  }),
  'a signature taken out of the form': updating(({ file, update, form, formRef }) =>
    update.put(
      formRef,
      withEntries(form, { Fields: array(...listOf(file, form.entries.get('Fields')).slice(1)) }),
    ),
  ),
  'the form taken away': putRoot(() => ({ AcroForm: undefined })),
  'a form that is drawn anew': updating(({ update, form, formRef }) =>
    update.put(formRef, withEntries(form, { NeedAppearances: true })),
  ),
  'an XFA form': updating(({ update, form, formRef }) =>
    update.put(formRef, withEntries(form, { XFA: update.add(forged()) })),
  ),
  'an action on opening': putRoot(() => ({
    OpenAction: dict({ S: name('JavaScript'), JS: textString('app.alert(1)') }),
  })),
  'layers that hide and show': putRoot(({ update }) => {
    const layer = update.add(dict({ Type: name('OCG'), Name: textString('x') }));
    return { OCProperties: dict({ OCGs: array(layer), D: dict({ OFF: array(layer) }) }) };
  }),
  'another page tree': putRoot(({ update, page }) => {
    const tree = update.reserve();
    const added = update.add(withEntries(page.dict, { Contents: update.add(forged()), Parent: tree }));
    update.put(tree, dict({ Type: name('Pages'), Kids: array(added), Count: number(1) }));
    return { Pages: tree };
  }),
  'other metadata': putRoot(({ update }) => ({
    Metadata: update.add(stream({ Type: name('Metadata'), Subtype: name('XML') }, Buffer.from('<x/>'))),
  })),
  'another title': updating(({ file, update }) => {
    const info = need(file.trailer.entries.get('Info'), 'ref');
    update.put(info, withEntries(need(file.follow(info), 'dict'), { Title: textString('Đơn thuốc') }));
  }),
  'evidence that is page content': putRoot(({ update, page }) => {
    const contents = need(page.dict.entries.get('Contents'), 'ref');
    update.put(contents, forged());
    return { DSS: dict({ Certs: array(contents) }) };
  }),
  'more kept with the evidence': putRoot(({ update }) => ({
    DSS: dict({ Certs: array(), Pages: update.add(forged()) }),
  })),
};

/** Changes of bytes behind the end, without a sound update. */
const tails: Readonly<Record<string, (signed: Buffer) => Buffer>> = {
  'a line end behind the end': (signed) => Buffer.concat([signed, Buffer.from('\n')]),
  'a blank behind the end': (signed) => Buffer.concat([signed, Buffer.from(' ')]),
  'a zero behind the end': (signed) => Buffer.concat([signed, Buffer.from([0])]),
  'a comment behind the end': (signed) => Buffer.concat([signed, Buffer.from('% nothing\n%%EOF\n')]),
  'words behind the end': (signed) => Buffer.concat([signed, Buffer.from('5000 mg')]),
  'the file twice': (signed) => Buffer.concat([signed, signed]),
  'the last byte cut off': (signed) => signed.subarray(0, -1),
  'an object no cross-reference names': (signed) => {
    const at = /startxref\n(\d+)\n%%EOF\n$/.exec(signed.toString('latin1'))![1];
    const object = '2 0 obj\n<</Type /Catalog>>\nendobj\n';
    return Buffer.concat([signed, Buffer.from(`${object}startxref\n${at}\n%%EOF\n`)]);
  },
  'the end of an earlier revision said again': (signed) => {
    const first = /startxref\s+(\d+)\s+%%EOF/.exec(signed.toString('latin1'))![1];
    return Buffer.concat([signed, Buffer.from(`startxref\n${first}\n%%EOF\n`)]);
  },
  'cross-references into what was hidden in the signed bytes': (signed) => {
    const file = readPdf(signed);
    const contents = need(pagesOf(file)[0]!.dict.entries.get('Contents'), 'ref').number;
    // any object that stands in the file will do for the page's content
    const other = [...file.places].find(([n, place]) => place.in === 'file' && n !== contents)![1];
    const offset = other.in === 'file' ? other.offset : 0;
    const start = signed.length;
    const row = `${String(offset).padStart(10, '0')} 00000 n \n`;
    return Buffer.concat([
      signed,
      Buffer.from(
        `xref\n${contents} 1\n${row}trailer\n<</Size ${file.nextNumber}/Root ${file.rootNumber} 0 R/Prev ${file.sections[0]!.offset}>>\nstartxref\n${start}\n%%EOF\n`,
      ),
    ]);
  },
  'an object freed': (signed) => {
    const file = readPdf(signed);
    const contents = need(pagesOf(file)[0]!.dict.entries.get('Contents'), 'ref').number;
    return Buffer.concat([
      signed,
      Buffer.from(
        `xref\n${contents} 1\n0000000000 00001 f \ntrailer\n<</Size ${file.nextNumber}/Root ${file.rootNumber} 0 R/Prev ${file.sections[0]!.offset}>>\nstartxref\n${signed.length}\n%%EOF\n`,
      ),
    ]);
  },
  'a whole other file behind, without the old cross-references': (signed) => {
    const objects = [
      '1 0 obj\n<</Type/Catalog/Pages 2 0 R>>\nendobj\n',
      '2 0 obj\n<</Type/Pages/Count 0/Kids[]>>\nendobj\n',
    ];
    let at = signed.length;
    const rows = objects.map((object) => {
      const row = `${String(at).padStart(10, '0')} 00000 n \n`;
      at += object.length;
      return row;
    });
    return Buffer.concat([
      signed,
      Buffer.from(
        `${objects.join('')}xref\n0 3\n0000000000 65535 f \n${rows.join('')}trailer\n<</Size 3/Root 1 0 R>>\nstartxref\n${at}\n%%EOF\n`,
      ),
    ]);
  },
};

export const attacks: Readonly<Record<string, (signed: Buffer) => Buffer>> = { ...updates, ...tails };

/** Changes after signing that the standard wants to be possible. */
export const harmless: Readonly<Record<string, (signed: Buffer) => Buffer>> = {
  'evidence added': putRoot(({ update }) => ({
    DSS: update.add(
      dict({
        Certs: array(update.add(stream({}, Buffer.from('3003020100', 'hex')))),
        VRI: dict({
          ABCDEF: dict({ Cert: array(update.add(stream({}, Buffer.from('3003020100', 'hex')))) }),
        }),
      }),
    ),
    Extensions: dict({ ESIC: dict({ BaseVersion: name('1.7'), ExtensionLevel: number(2) }) }),
  })),
  'the time of the last change noted': updating(({ file, update }) => {
    const info = need(file.trailer.entries.get('Info'), 'ref');
    update.put(
      info,
      withEntries(need(file.follow(info), 'dict'), { ModDate: bytesString(Buffer.from('D:20261122')) }),
    );
  }),
  'an object written again as it was': updating(({ update, page, pageRef }) =>
    update.put(pageRef, page.dict),
  ),
};
