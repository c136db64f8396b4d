// Reading PDF is strict where readers differ: what two programs could take for two things is a fault.
import { deflateSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { dateOf, textOf } from '../../../../electron/signing/pdf/fields.ts';
import { as, need, readPdf } from '../../../../electron/signing/pdf/file.ts';
import { decoded } from '../../../../electron/signing/pdf/filters.ts';
import { pagesOf } from '../../../../electron/signing/pdf/pages.ts';
import { parseValue } from '../../../../electron/signing/pdf/parse.ts';
import { updateOf } from '../../../../electron/signing/pdf/update.ts';
import {
  array,
  bytesString,
  dict,
  name,
  number,
  PdfFault,
  type PdfValue,
  ref,
  same,
  stream,
  textString,
  written,
} from '../../../../electron/signing/pdf/values.ts';

const parse = (text: string): PdfValue => parseValue({ bytes: Buffer.from(text, 'latin1'), at: 0 });

/** Objects behind a header, with a table that names them; numbers from 1. */
function pdf(objects: readonly string[], trailer = '', tail = ''): Buffer {
  let text = '%PDF-1.7\n';
  const rows = objects.map((object, at) => {
    const row = `${String(text.length).padStart(10, '0')} 00000 n \n`;
    text += `${at + 1} 0 obj\n${object}\nendobj\n`;
    return row;
  });
  const start = text.length;
  return Buffer.from(
    `${text}xref\n0 ${objects.length + 1}\n0000000000 65535 f \n${rows.join('')}trailer\n<</Size ${objects.length + 1}/Root 1 0 R${trailer}>>\nstartxref\n${start}\n%%EOF\n${tail}`,
    'latin1',
  );
}
const small = [
  '<</Type/Catalog/Pages 2 0 R>>',
  '<</Type/Pages/Kids[3 0 R]/Count 1>>',
  '<</Type/Page/Parent 2 0 R>>',
];

describe('values', () => {
  it.each([
    ['a name with a number for a letter', '/A#20B', name('A B')],
    ['a string with everything in it', '(a\\(b\\)(c)\\n\\101\\\r\nd)', 'a(b)(c)\nAd'],
    ['hex with a half byte', '<4 1 4>', 'A@'],
    ['a reference', '12 0 R', ref(12)],
    ['two numbers that are no reference', '[12 0]', array(number(12), number(0))],
    ['a number and a reference', '[12 3 0 R]', array(number(12), ref(3))],
    ['a comment between', '[1%x\n2]', array(number(1), number(2))],
  ])('%s', (_, text, value) => {
    const read = parse(text);
    if (typeof value === 'string') expect(as(read, 'string')?.bytes.toString('latin1')).toBe(value);
    else expect(same(read, value)).toBe(true);
  });

  it('keep a real number as it stood', () => {
    expect(written(parse('[594.95996 -.5 +3]')).toString()).toBe('[594.95996 -.5 +3]');
  });

  it.each([
    ['an entry twice', '<</A 1/A 2>>'],
    ['an entry twice, spelt otherwise', '<</A 1/#41 2>>'],
    ['no end', '<</A [1'],
    ['hex that is none', '<4x>'],
    ['a string without end', '(a'],
    ['a number that is none', '1e5'],
    ['a word', 'nothing'],
    ['a list a hundred deep', `${'['.repeat(100)}${']'.repeat(100)}`],
  ])('with %s are a fault', (_, text) => {
    expect(() => parse(text)).toThrow(PdfFault);
  });

  it('are read back as they were written', () => {
    const value: fc.Arbitrary<PdfValue> = fc.letrec<{ value: PdfValue }>((tie) => ({
      value: fc.oneof(
        { maxDepth: 4 },
        fc.constantFrom(null, true, false),
        fc.integer({ min: -1e9, max: 1e9 }).map(number),
        fc
          .string({ unit: 'binary-ascii', maxLength: 8 })
          .filter((s) => s !== '')
          .map(name),
        fc.uint8Array({ maxLength: 20 }).map(bytesString),
        fc.integer({ min: 1, max: 8_388_607 }).map((n) => ref(n)),
        fc.array(tie('value'), { maxLength: 4 }).map((items) => array(...items)),
        fc
          .dictionary(fc.string({ unit: 'binary-ascii', minLength: 1, maxLength: 6 }), tie('value'))
          .map(dict),
      ),
    })).value;
    fc.assert(
      fc.property(value, (made) => {
        const bytes = written(made);
        const cursor = { bytes, at: 0 };
        expect(same(parseValue(cursor), made)).toBe(true);
        expect(cursor.at).toBe(bytes.length);
      }),
    );
  });

  it('of text are read in every way they are written', () => {
    expect(textOf(textString('Nguyễn Thị Ánh'))).toBe('Nguyễn Thị Ánh');
    expect(textOf(need(parse('(abc)'), 'string'))).toBe('abc');
    expect(textOf(bytesString(Buffer.from('\ufeffÁ', 'utf8')))).toBe('Á');
  });

  it.each([
    ["D:20261122180509+07'00'", '2026-11-22T11:05:09Z'],
    ['D:20261122180509Z', '2026-11-22T18:05:09Z'],
    ["D:20261122180509-0330'", '2026-11-22T21:35:09Z'],
    ['D:2026', '2026-01-01T00:00:00Z'],
    ['22/11/2026', null],
  ])('the date %s', (text, at) => {
    expect(dateOf(text)).toBe(at === null ? null : Date.parse(at));
  });
});

describe('a file', () => {
  it('is found by its cross-references', () => {
    const file = readPdf(pdf(small));
    expect(pagesOf(file).map((page) => page.number)).toEqual([3]);
    expect(file.object(9)).toBe(null);
    expect(file.nextNumber).toBe(4);
  });

  it.each([
    ['no header', Buffer.from('hello')],
    ['nothing in it', Buffer.alloc(0)],
    ['no end', pdf(small).subarray(0, -8)],
    ['words behind its end', pdf(small, '', 'x')],
    ['cross-references that go round', pdf(small, '/Prev 160')],
    ['no catalog', pdf(['<</Type/Pages>>'].map(() => '5'))],
    ['a trailer that is encrypted', pdf(small, '/Encrypt 3 0 R')],
    [
      'an object twice in a section',
      Buffer.from(
        pdf(small).toString('latin1').replace('0 4\n', '0 1\n0000000000 65535 f \n0 4\n'),
        'latin1',
      ),
    ],
  ])('with %s is a fault', (_, bytes) => {
    expect(() => readPdf(bytes)).toThrow(PdfFault);
  });

  it.each([
    ['longer than the file', '<</Length 9999>>\nstream\nabc\nendstream'],
    ['shorter than it is', '<</Length 1>>\nstream\nabc\nendstream'],
    ['negative', '<</Length -1>>\nstream\nabc\nendstream'],
    ['its own length', '<</Length 4 0 R>>\nstream\nabc\nendstream'],
  ])('with a stream whose length is %s is a fault', (_, object) => {
    const file = readPdf(pdf([...small, object]));
    expect(() => file.object(4)).toThrow(PdfFault);
  });

  it('with another object where one should stand is a fault', () => {
    const bytes = Buffer.from(pdf(small).toString('latin1').replace('3 0 obj', '4 0 obj'), 'latin1');
    expect(() => readPdf(bytes).object(3)).toThrow(PdfFault);
  });

  it('with pages that contain each other is a fault', () => {
    const round = ['<</Type/Catalog/Pages 2 0 R>>', '<</Type/Pages/Kids[2 0 R]/Count 1>>'];
    expect(() => pagesOf(readPdf(pdf(round)))).toThrow(PdfFault);
  });
});

describe('streams of structure', () => {
  it.each([0, 1, 2, 3, 4])('are read with PNG row filter %i', (kind) => {
    const rows = [
      [1, 2, 3, 250],
      [5, 4, 3, 2],
      [9, 0, 255, 7],
    ];
    const filtered = rows.flatMap((row, y) => [
      kind,
      ...row.map((byte, x) => {
        const [left, up, corner] = [
          row[x - 1] ?? 0,
          rows[y - 1]?.[x] ?? 0,
          (x > 0 && rows[y - 1]?.[x - 1]) || 0,
        ];
        const guess = left + up - corner;
        const near = [left, up, corner].toSorted((a, b) => Math.abs(guess - a) - Math.abs(guess - b))[0]!;
        return (byte - [0, left, up, (left + up) >> 1, near][kind]!) & 255;
      }),
    ]);
    const parameters = dict({ Predictor: number(12), Columns: number(4) });
    const packed = stream(
      { Filter: name('FlateDecode'), DecodeParms: parameters },
      deflateSync(Buffer.from(filtered)),
    );
    expect([...decoded(packed)]).toEqual(rows.flat());
  });

  it('that swell to more than a paper could have are a fault', () => {
    const bomb = stream({ Filter: name('FlateDecode') }, deflateSync(Buffer.alloc(40 * 1024 * 1024)));
    expect(() => decoded(bomb)).toThrow(PdfFault);
  });
});

describe('an update', () => {
  it('takes numbers no section of the file has used, and leaves every byte before it', () => {
    const file = readPdf(pdf(small, '', '\r\n'));
    const update = updateOf(file);
    const added = update.add(textString('x'));
    const { bytes } = update.finish();
    expect(added.number).toBe(4);
    expect(bytes.subarray(0, file.bytes.length).equals(file.bytes)).toBe(true);
    const again = readPdf(bytes);
    expect(textOf(need(again.object(4), 'string'))).toBe('x');
    expect(again.sections).toHaveLength(2);
  });

  it('believes the trailer’s Size even where it is larger than what is there', () => {
    const file = readPdf(Buffer.from(pdf(small).toString('latin1').replace('/Size 4', '/Size 9'), 'latin1'));
    expect(updateOf(file).reserve().number).toBe(9);
  });

  it('refuses a file that claims more objects than there can be', () => {
    const bytes = Buffer.from(pdf(small).toString('latin1').replace('/Size 4', '/Size 9999999999'), 'latin1');
    expect(() => readPdf(bytes)).toThrow(PdfFault);
  });
});
