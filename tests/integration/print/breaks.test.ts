// Where pages end: tables with their heads, headings with what they head, signatures whole.
import { expect, it } from 'vitest';
import { bodyOf, type Field, formOf } from '../../unit/print/papers.ts';
import { flat, pressOfFile, wordsOf } from './drawn.ts';

const draw = pressOfFile();
const columns: Field['columns'] = [
  { id: 'at', label: 'Giờ ngày', kind: 'moment', width: 3 },
  { id: 'said', label: 'Diễn biến', kind: 'long', width: 9 },
];
const at = Date.parse('2026-11-01T00:00:00Z');
const table = (rows: number, lines = 1) => ({
  form: formOf({ fields: [{ id: 'bang', label: 'Theo dõi', kind: 'rows', columns }] }),
  values: {
    bang: Array.from({ length: rows }, (_, n) => ({
      at: at + n * 3_600_000,
      said: Array.from({ length: lines }, (_, line) => `hàng${n}dòng${line}`).join('\n'),
    })),
  },
});

it('prints 500 rows, each once, none cut, the head on every page they are on', async () => {
  const { form, values } = table(500, 3);
  const drawn = await draw(form, bodyOf(form, { values }));
  expect(drawn.pages).toBeGreaterThan(20);
  const pageOf = new Map<string, number>();
  for (let page = 0; page < drawn.pages; page++) {
    const text = drawn.text(page);
    const found = text.match(/hàng\d+dòng\d/g) ?? [];
    if (found.length > 0) expect(flat(text)).toContain('Giờ ngày Diễn biến');
    for (const word of found) {
      expect(pageOf.has(word)).toBe(false);
      pageOf.set(word, page);
    }
  }
  expect(pageOf.size).toBe(1500);
  for (let n = 0; n < 500; n++)
    expect(new Set([0, 1, 2].map((line) => pageOf.get(`hàng${n}dòng${line}`))).size).toBe(1);
}, 180_000);

it('cuts a row only when no page could hold it, and loses nothing of it', async () => {
  const { form, values } = table(1, 150);
  const drawn = await draw(form, bodyOf(form, { values }));
  expect(drawn.pages).toBeGreaterThan(2);
  expect(new Set(drawn.text().match(/hàng0dòng\d+/g)).size).toBe(150);
});

it('keeps very long words on the paper', async () => {
  const long = 'x'.repeat(900);
  const form = formOf({
    title: `Phiếu ${long.slice(0, 100)}`,
    fields: [
      { id: 'mot', label: 'Một', kind: 'text' },
      { id: 'hai', label: long.slice(0, 100), kind: 'text', width: 3 },
      { id: 'bang', label: 'Bảng', kind: 'rows', columns },
    ],
  });
  const values = { mot: long, hai: long, bang: [{ at: null, said: long }] };
  const drawn = await draw(
    form,
    bodyOf(form, { values, center: { id: 'c', name: long.slice(0, 200), facilityCode: null } }),
  );
  expect(drawn.text().match(/x/g)!.length).toBeGreaterThanOrEqual(2_800);
  for (let page = 0; page < drawn.pages; page++)
    for (const word of wordsOf(drawn.file, page)) {
      expect(word.x).toBeGreaterThan(20);
      expect(word.right).toBeLessThan(595 - 15);
    }
});

it('does not part a heading from what it heads, nor print signatures on a page by themselves', async () => {
  // every height of what comes before, so that each kind of page end comes about
  for (let lines = 40; lines < 56; lines++) {
    const form = formOf({
      sections: [
        {
          id: 'dau',
          title: null,
          fields: Array.from({ length: lines }, (_, n) => ({ id: `f${n}`, label: `Dòng${n}`, kind: 'text' })),
        },
        {
          id: 'sau',
          title: 'TIÊUĐỀ',
          fields: [{ id: 'bang', label: 'Bảngcon', kind: 'rows', columns }],
        },
      ],
    });
    const drawn = await draw(
      form,
      bodyOf(form, {
        values: {
          bang: [
            { at: null, said: 'hàngđầu' },
            { at: null, said: 'hànghai' },
          ],
        },
      }),
    );
    const pages = Array.from({ length: drawn.pages }, (_, page) => drawn.text(page));
    const on = (word: string): number => pages.findIndex((text) => text.includes(word));
    expect([lines, on('Bảngcon'), on('hàngđầu')]).toEqual([lines, on('TIÊUĐỀ'), on('TIÊUĐỀ')]);
    // boxes, labels, names and the day on one page, with something of the paper above them
    expect([lines, on('TRƯỞNG KHOA'), on('Họ tên'), on('Ngày 22')]).toEqual([
      lines,
      ...Array(3).fill(drawn.boxes[0]!.page),
    ]);
    expect([lines, /hàng|Dòng/.test(pages[drawn.boxes[0]!.page]!)]).toEqual([lines, true]);
    expect(new Set(drawn.boxes.map(({ page }) => page)).size).toBe(1);
  }
}, 180_000);

it('begins a section on a new page where the form says so', async () => {
  const field = { id: 'a', label: 'Mục', kind: 'text' } as const;
  const form = formOf({
    sections: [
      { id: 'mot', title: 'PHẦNMỘT', fields: [field] },
      { id: 'hai', title: 'PHẦNHAI', fields: [{ ...field, id: 'b' }], newPage: true },
    ],
  });
  const drawn = await draw(form, bodyOf(form));
  expect([drawn.text(0).includes('PHẦNHAI'), drawn.text(1).includes('PHẦNHAI')]).toEqual([false, true]);
});
