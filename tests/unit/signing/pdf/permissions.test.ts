// What somebody who signed a PDF allowed after it (DocMDP, FieldMDP, Lock) is asked of every later update. Only the file's
// bytes are looked at here: the containers are empty, whose they are is asked elsewhere.
import { describe, expect, it } from 'vitest';
import { signatureFields } from '../../../../electron/signing/pdf/fields.ts';
import { as, need, readPdf } from '../../../../electron/signing/pdf/file.ts';
import { pagesOf } from '../../../../electron/signing/pdf/pages.ts';
import { signaturesOf } from '../../../../electron/signing/pdf/signatures.ts';
import { updateOf } from '../../../../electron/signing/pdf/update.ts';
import {
  array,
  dict,
  name,
  number,
  type PdfDict,
  type PdfValue,
  ref,
  textString,
  withEntries,
} from '../../../../electron/signing/pdf/values.ts';

const text = (value: string) => `(${value})`;
const base = (fields: string): Buffer => {
  const objects = [
    '<</Type/Catalog/Pages 2 0 R/AcroForm 4 0 R>>',
    '<</Type/Pages/Kids[3 0 R]/Count 1>>',
    '<</Type/Page/Parent 2 0 R/MediaBox[0 0 400 600]/Annots[5 0 R 6 0 R 7 0 R]>>',
    '<</Fields[5 0 R 6 0 R 7 0 R]/SigFlags 3>>',
    ...['Doctor', 'Head', 'Seal'].map(
      (field, n) =>
        `<</Type/Annot/Subtype/Widget/FT/Sig/T${text(field)}/F 4/P 3 0 R/Rect[${10 + n * 60} 10 ${60 + n * 60} 40]${n === 0 ? fields : ''}>>`,
    ),
  ];
  let file = '%PDF-1.7\n';
  const rows = objects.map((object, at) => {
    const row = `${String(file.length).padStart(10, '0')} 00000 n \n`;
    file += `${at + 1} 0 obj\n${object}\nendobj\n`;
    return row;
  });
  return Buffer.from(
    `${file}xref\n0 ${rows.length + 1}\n0000000000 65535 f \n${rows.join('')}trailer\n<</Size ${rows.length + 1}/Root 1 0 R>>\nstartxref\n${file.length}\n%%EOF\n`,
    'latin1',
  );
};

interface Signing {
  /** The field of this name, which is there; else a new one. */
  readonly fills?: string;
  readonly called?: string;
  readonly shown?: boolean;
  readonly stamp?: boolean;
  readonly reference?: PdfValue;
  readonly entries?: Readonly<Record<string, PdfValue>>;
  readonly catalog?: (signature: PdfValue) => Readonly<Record<string, PdfValue>>;
}

function signed(pdf: Buffer, what: Signing): Buffer {
  const { fills, called = 'Further', shown = false, stamp = false, reference, entries = {} } = what;
  const file = readPdf(pdf);
  const update = updateOf(file);
  const page = pagesOf(file)[0]!;
  const blank = `[0 ${Array(3).fill('0'.repeat(10)).join(' ')}]`;
  const signature = update.add(
    dict({
      Type: name(stamp ? 'DocTimeStamp' : 'Sig'),
      Filter: name('Adobe.PPKLite'),
      SubFilter: name(stamp ? 'ETSI.RFC3161' : 'ETSI.CAdES.detached'),
      ByteRange: { kind: 'text', text: blank },
      Reference: reference,
      Contents: { kind: 'text', text: '<30000000>' },
    }),
  );
  const empty = signatureFields(file).find((field) => field.name === fills);
  if (empty) update.put(ref(empty.number), withEntries(empty.dict, { V: signature, ...entries }));
  else {
    const field = update.add(
      dict({
        ...{ Type: name('Annot'), Subtype: name('Widget'), FT: name('Sig'), T: textString(called) },
        ...{ V: signature, F: number(4), P: ref(page.number), ...entries },
        Rect: array(...(shown ? [200, 10, 250, 40] : [0, 0, 0, 0]).map(number)),
      }),
    );
    const notes = as(page.dict.entries.get('Annots'), 'array')!.items;
    update.put(ref(page.number), withEntries(page.dict, { Annots: array(...notes, field) }));
    const form = need(file.follow(ref(4)), 'dict');
    const fields = need(form.entries.get('Fields'), 'array').items;
    update.put(ref(4), withEntries(form, { Fields: array(...fields, field) }));
  }
  if (what.catalog) update.put(ref(1), withEntries(file.root, what.catalog(signature)));
  const { bytes, offsets } = update.finish();
  const start = offsets.get(signature.number)!;
  const from = bytes.indexOf('<30000000>', start);
  const range = `[0 ${from} ${from + 10} ${bytes.length - from - 10}]`.padEnd(blank.length, ' ');
  bytes.write(range, bytes.indexOf(blank, start), 'latin1');
  return bytes;
}

/** What is wrong with the first signature; null: nothing. */
const changeOf = (pdf: Buffer): string | null => {
  const { found } = signaturesOf(pdf);
  expect(found.length).toBeGreaterThan(1);
  expect(found[0]!.reasons.includes('changed_after_signing')).toBe(found[0]!.change !== null);
  return found[0]!.change;
};
const transform = (method: string, parameters?: PdfDict): PdfValue =>
  array(dict({ TransformMethod: name(method), TransformParams: parameters }));
const level = (p: number): PdfValue => transform('DocMDP', dict({ P: number(p) }));
const fields = (action: string, ...names: string[]): PdfDict =>
  dict({ Action: name(action), Fields: array(...names.map(textString)) });
const changedBy = (reference: PdfValue | undefined, further: Signing, more: Signing = {}) =>
  changeOf(signed(signed(base(''), { fills: 'Doctor', reference, ...more }), further));

const head: Signing = { fills: 'Head' };
const seal: Signing = { fills: 'Seal' };
const invisible: Signing = {};
const visible: Signing = { shown: true };
const stamp: Signing = { stamp: true };

describe('a signature', () => {
  it('that says nothing lets further ones follow', () => {
    for (const further of [head, invisible, visible, stamp]) expect(changedBy(undefined, further)).toBeNull();
  });

  it.each<[string, PdfValue, Record<string, boolean>]>([
    ['nothing', level(1), { head: false, invisible: false, visible: false, stamp: true }],
    ['signing', level(2), { head: true, invisible: true, visible: false, stamp: true }],
    [
      'signing, not saying so',
      transform('DocMDP'),
      { head: true, invisible: true, visible: false, stamp: true },
    ],
    ['notes too', level(3), { head: true, invisible: true, visible: true, stamp: true }],
    ['a level that is none', level(4), { head: false, visible: false, stamp: true }],
    ['a level below', level(0), { head: false, visible: false, stamp: true }],
    ['rules nobody knows', transform('OtherMDP', dict({})), { head: false, invisible: false, stamp: true }],
    ['rules that are no dictionary', array(number(1)), { head: false }],
    ['rules that are no list', dict({}), { head: false, visible: false }],
    ['usage of a reader', transform('UR3', dict({})), { head: true, visible: true }],
  ])('that allows %s', (_, reference, expected) => {
    const all: Readonly<Record<string, Signing>> = { head, invisible, visible, stamp };
    const found = Object.keys(expected).map((key) => [key, changedBy(reference, all[key]!) === null]);
    expect(Object.fromEntries(found)).toEqual(expected);
  });

  it.each<[string, PdfDict, Record<string, boolean>]>([
    ['all', dict({ Action: name('All') }), { head: false, seal: false, invisible: false, stamp: true }],
    ['one', fields('Include', 'Head'), { head: false, seal: true, invisible: true, stamp: true }],
    ['all but one', fields('Exclude', 'Head'), { head: true, seal: false, invisible: false }],
    ['one yet to come', fields('Include', 'Further'), { head: true, invisible: false }],
    ['those below a name', fields('Include', 'Hea'), { head: true }],
    ['none', fields('Include'), { head: true, seal: true, visible: true }],
    ['by no action known', fields('Only', 'Seal'), { head: false, seal: false }],
    ['by names that are none', dict({ Action: name('Include'), Fields: array(number(1)) }), { head: false }],
    ['by no names', dict({ Action: name('Include') }), { head: false }],
  ])('that locks fields: %s', (_, rule, expected) => {
    const all: Readonly<Record<string, Signing>> = { head, seal, invisible, visible, stamp };
    const byReference = Object.keys(expected).map((key) => [
      key,
      changedBy(transform('FieldMDP', rule), all[key]!) === null,
    ]);
    expect(Object.fromEntries(byReference)).toEqual(expected);
    // the same said by the field it stands in
    const made = signed(base(''), { called: 'Own', entries: { Lock: rule } });
    const byField = Object.keys(expected).map((key) => [key, changeOf(signed(made, all[key]!)) === null]);
    expect(Object.fromEntries(byField)).toEqual(expected);
  });

  it('locks what its field was made to lock, and allows what that says', () => {
    const of = (lock: string, further: Signing) =>
      changeOf(signed(signed(base(`/Lock ${lock}`), { fills: 'Doctor' }), further));
    const include = '/Action/Include/Fields[(Head)]';
    expect(of(`<<${include}>>`, head)).toMatch(/locked/);
    expect(of(`<<${include}>>`, seal)).toBeNull();
    expect(of(`<<${include}/P 1>>`, seal)).toMatch(/certified/);
    expect(of(`<<${include}/P 2>>`, visible)).toMatch(/place on the page/);
    expect(of('(x)', seal)).toMatch(/certified/);
  });

  it('is not the last word: what any of them forbids stays forbidden', () => {
    const one = signed(base(''), {
      fills: 'Doctor',
      reference: transform('FieldMDP', fields('Include', 'Seal')),
    });
    const two = signed(one, { fills: 'Head', reference: level(3) });
    expect(changeOf(two)).toBeNull();
    expect(changeOf(signed(two, seal))).toMatch(/locked/);
    expect(changeOf(signed(two, visible))).toBeNull();
  });

  it('may not take its lock back later', () => {
    const one = signed(base('/Lock<</Action/Include/Fields[(Head)]>>'), { fills: 'Doctor' });
    const file = readPdf(one);
    const update = updateOf(file);
    const doctor = signatureFields(file).find((field) => field.name === 'Doctor')!;
    update.put(ref(doctor.number), withEntries(doctor.dict, { Lock: undefined }));
    const { found } = signaturesOf(signed(update.finish().bytes, head));
    expect(found[0]!.reasons).toContain('changed_after_signing');
  });

  it('that the catalog calls certifying and that does not say what it allows, allows nothing', () => {
    const catalog: Signing['catalog'] = (signature) => ({ Perms: dict({ DocMDP: signature }) });
    expect(changedBy(undefined, head, { catalog })).toMatch(/certified/);
    expect(changedBy(level(2), head, { catalog })).toBeNull();
  });
});
