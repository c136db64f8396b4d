// The copy for a printer: what the PDF itself does not show of signatures and confirmations stands in its boxes.
import { readFileSync, writeFileSync } from 'node:fs';
import { afterAll, expect, it } from 'vitest';
import { openBrowserPress, type PaperMark, pdfMaker } from '../../../electron/print/index.ts';
import { bodyOf, formOf } from '../../unit/print/papers.ts';
import { ask, fontsIn, pressOfFile, pressOptions, wordsOf } from './drawn.ts';

const draw = pressOfFile();
const press = openBrowserPress(pressOptions);
afterAll(() => press.close());
const maker = pdfMaker(press, () => {});
const at = Date.parse('2026-11-22T01:05:00Z');

it('says in each box who signed, how and when, and nothing elsewhere', async () => {
  const fields = Array.from({ length: 90 }, (_, n) => ({
    id: `f${n}`,
    label: `Dòng ${n}`,
    kind: 'text' as const,
  }));
  const form = formOf({
    paper: 'A5',
    fields,
    steps: [
      { id: 'bac_si', label: 'Bác sĩ', kind: 'staff', roles: ['x'] },
      { id: 'nguoi_benh', label: 'Người bệnh', kind: 'person' },
      { id: 'truong_khoa', label: 'Trưởng khoa', kind: 'staff', roles: ['x'] },
    ],
  });
  const drawn = await draw(form, bodyOf(form));
  const [doctor, patient, head] = drawn.boxes;
  const marks: PaperMark[] = [
    { box: doctor!, how: 'token', by: 'Trần Văn Bình', relation: null, at, state: 'undetermined' },
    { box: patient!, how: 'finger', by: 'Nguyễn Hữu Ước', relation: 'con', at, state: 'valid' },
  ];
  const copy = await maker.copy(drawn.pdf, marks);
  if (!copy.ok) throw new Error(copy.error.code);
  const file = `${drawn.file}.copy.pdf`;
  writeFileSync(file, copy.value);
  ask('qpdf', ['--check', file]);
  expect(ask('pdfinfo', [file])).toMatch(new RegExp(`Pages: +${drawn.pages}`));
  expect(fontsIn(file).every(({ name, embedded }) => /^(Tinos-|DejaVuSans)/.test(name) && embedded)).toBe(
    true,
  );

  const height = Number(/Page size: +[\d.]+ x ([\d.]+)/.exec(ask('pdfinfo', [file]))?.[1]);
  const words = wordsOf(file, doctor!.page);
  const inside = (box: typeof doctor): string =>
    words
      .filter(
        ({ x, y, right, bottom }) =>
          x >= box!.x - 1 &&
          right <= box!.x + box!.width + 1 &&
          y >= height - box!.y - box!.height - 1 &&
          bottom <= height - box!.y + 1,
      )
      .map(({ text }) => text)
      .join(' ');
  expect(inside(doctor)).toBe('Đã ký số Trần Văn Bình 08:05 22/11/2026 Chưa xác thực được');
  expect(inside(patient)).toBe('Đã xác nhận bằng vân tay Nguyễn Hữu Ước (con) 08:05 22/11/2026');
  expect(inside(head)).toBe('');
  const before = wordsOf(drawn.file, doctor!.page).map(({ text }) => text);
  expect(words.length - before.length).toBe(`${inside(doctor)} ${inside(patient)}`.split(' ').length);
  for (let page = 0; page < doctor!.page; page++)
    expect(wordsOf(file, page)).toEqual(wordsOf(drawn.file, page));
});

it('is the very file where there is nothing to say', async () => {
  const form = formOf();
  const drawn = await draw(form, bodyOf(form));
  const copy = await maker.copy(drawn.pdf, []);
  expect(copy.ok && copy.value.equals(readFileSync(drawn.file))).toBe(true);
});

it('says print_failed for what is no PDF', async () => {
  const box = { step: 'x', page: 0, x: 0, y: 0, width: 99, height: 50 };
  const mark: PaperMark = { box, how: 'paper', by: 'x', relation: null, at, state: null };
  expect(await maker.copy(Buffer.from('x'), [mark])).toMatchObject({ error: { code: 'print_failed' } });
});
