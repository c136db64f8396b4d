// Every form as the browser of this PC prints it, read back by other programs.
import { describe, expect, it } from 'vitest';
import { sampleBody, templates } from '../../../electron/clinic/documents/index.ts';
import { paperMm } from '../../../electron/print/layout/style.ts';
import { lookupCode } from '../../../electron/print/lookup.ts';
import type { FormValue } from '../../../shared/model/form-template.ts';
import { bodyOf, clinicalSigns, formOf, hash, vietnameseLetters } from '../../unit/print/papers.ts';
import { ask, flat, fontsIn, pressOfFile, wordsOf } from './drawn.ts';

const draw = pressOfFile();
const ours = /^(Tinos-(Regular|Bold|Italic|BoldItalic)|DejaVuSans)$/;

describe.each(templates().map((form) => [form.id, form] as const))('%s', (_id, form) => {
  it('prints filled: our fonts only, every word to be read again, each page numbered and named', async () => {
    const body = sampleBody(form);
    const drawn = await draw(form, body);
    ask('qpdf', ['--check', drawn.file]);

    const fonts = fontsIn(drawn.file);
    expect(
      fonts.filter(({ name, embedded, hasUnicode }) => !ours.test(name) || !embedded || !hasUnicode),
    ).toEqual([]);

    const text = flat(drawn.text());
    // the watermark stands between the words of a page
    // names and houses are printed in capitals
    const plain = lower(text).replaceAll(/t ?ậ ?p ?h ?u ?ấ ?n/g, '');
    for (const word of Object.values(body.values).flatMap(wordsIn)) expect(plain).toContain(lower(word));
    expect(text.normalize('NFC')).toBe(text);

    for (let page = 0; page < drawn.pages; page++) {
      const here = flat(drawn.text(page));
      expect(here).toContain(`Trang ${page + 1}/${drawn.pages}`);
      expect(here).toContain(lookupCode(hash));
      if (page > 0) expect(here).toContain('(tiếp theo)');
    }
    expect(ask('pdfinfo', [drawn.file])).toMatch(/JavaScript: +no/);
  });

  it('prints empty, to be written on', async () => {
    const drawn = await draw(form, { ...sampleBody(form), values: {}, admission: null, training: false });
    expect(drawn.pages).toBeGreaterThan(0);
    expect(fontsIn(drawn.file).every(({ name, embedded }) => ours.test(name) && embedded)).toBe(true);
  });

  it('has a box of its own for each signature, on the paper and with nothing printed in it', async () => {
    const drawn = await draw(form, { ...sampleBody(form), training: false });
    expect(drawn.boxes.map(({ step }) => step)).toEqual(form.steps.map(({ id }) => id));
    const [short, long] = paperMm[form.paper].map((mm) => (mm / 25.4) * 72) as [number, number];
    const [width, height] = form.landscape ? [long, short] : [short, long];
    for (const box of drawn.boxes) {
      expect(box.page).toBeLessThan(drawn.pages);
      expect([box.width >= 60, box.height >= 40]).toEqual([true, true]);
      expect(box.x >= 0 && box.y >= 0 && box.x + box.width <= width && box.y + box.height <= height).toBe(
        true,
      );
      const inside = wordsOf(drawn.file, box.page).filter(
        (word) =>
          word.x < box.x + box.width &&
          word.right > box.x &&
          height - word.bottom < box.y + box.height - 2 &&
          height - word.y > box.y + 2,
      );
      expect(inside.map(({ text }) => text)).toEqual([]);
    }
    const overlapping = drawn.boxes.filter((one, n) =>
      drawn.boxes.some(
        (other, m) =>
          m > n &&
          one.page === other.page &&
          one.x < other.x + other.width &&
          other.x < one.x + one.width &&
          one.y < other.y + other.height &&
          other.y < one.y + one.height,
      ),
    );
    expect(overlapping).toEqual([]);
  });
});

it('gives every Vietnamese letter and every clinical sign back as it was typed', async () => {
  const form = formOf({
    fields: [
      { id: 'chu', label: 'Chữ', kind: 'long' },
      { id: 'dau', label: 'Dấu', kind: 'long' },
    ],
  });
  // apart from one another, so that a line that is set tight cannot join them
  const typed = vietnameseLetters.join(', ');
  const drawn = await draw(
    form,
    bodyOf(form, { values: { chu: typed.normalize('NFD'), dau: [...clinicalSigns].join(', ') } }),
  );
  const text = flat(drawn.text());
  expect(text).toContain(typed);
  expect(text).toContain([...clinicalSigns].join(', '));
  expect(fontsIn(drawn.file).every(({ name, embedded }) => ours.test(name) && embedded)).toBe(true);
});

it('prints letters of other tongues and the number of what it cannot print', async () => {
  const form = formOf({ fields: [{ id: 'x', label: 'Tên', kind: 'text' }] });
  const drawn = await draw(form, bodyOf(form, { values: { x: 'Łukasz Šimůnek 王 😀' } }));
  expect(flat(drawn.text())).toContain('Łukasz Šimůnek [U+738B] [U+1F600]');
  expect(fontsIn(drawn.file).every(({ name }) => ours.test(name))).toBe(true);
});

it('prints the same bytes again for the same paper', async () => {
  const form = templates()[0]!;
  const [one, two] = [await draw(form, sampleBody(form)), await draw(form, sampleBody(form))];
  expect(two.pdf.equals(one.pdf)).toBe(true);
});

it('has the size the form asks for', async () => {
  for (const [paper, landscape, size] of [
    ['A4', false, [595, 842]],
    ['A5', false, [420, 595]],
    ['A4', true, [842, 595]],
    ['A5', true, [595, 420]],
  ] as const) {
    const form = formOf({ paper, landscape });
    const { file } = await draw(form, bodyOf(form));
    const [, width, height] = /Page size: +([\d.]+) x ([\d.]+)/.exec(ask('pdfinfo', [file])) ?? [];
    expect([Math.round(Number(width)), Math.round(Number(height))]).toEqual(size);
  }
});

it('says on every page that it is training, or a draft', async () => {
  const fields = Array.from({ length: 90 }, (_, n) => ({
    id: `f${n}`,
    label: `Dòng ${n}`,
    kind: 'text' as const,
  }));
  const form = formOf({ fields });
  const drawn = await draw(form, bodyOf(form, { training: true }), { draft: true });
  expect(drawn.pages).toBeGreaterThan(1);
  for (let page = 0; page < drawn.pages; page++) {
    const letters = drawn.text(page).replaceAll(/\s/g, '');
    // slanted letters come one by one
    for (const mark of ['TẬPHUẤN', 'BẢNNHÁP']) for (const letter of mark) expect(letters).toContain(letter);
  }
  const real = await draw(form, bodyOf(form));
  expect(real.text()).not.toMatch(/HUẤN|NHÁP/);
});

it('names itself, its tongue and what it was drawn from in the file', async () => {
  const form = formOf();
  const { file } = await draw(form, bodyOf(form));
  const facts = ask('pdfinfo', [file]);
  expect(facts).toMatch(/Title: +Phiếu thử/);
  expect(facts).toMatch(/Tagged: +yes/);
  expect(ask('pdfinfo', ['-meta', file])).toContain(hash);
  expect(ask('pdfinfo', ['-custom', file])).toContain(hash);
  expect(facts + ask('pdfinfo', ['-meta', file])).not.toMatch(/Skia|Chrome|Mozilla/);
});

/** Words to be found again: each by itself, because a line may end anywhere between two. */
function wordsIn(value: FormValue): string[] {
  if (typeof value === 'string')
    return /^\d|^[a-z0-9_]+$/.test(value)
      ? []
      : value.split(/\s+/).filter((word) => word !== '' && !word.includes('/'));
  if (Array.isArray(value))
    return value.flatMap((row) =>
      typeof row === 'object'
        ? Object.values(row).flatMap((cell) => (typeof cell === 'string' ? wordsIn(cell) : []))
        : [],
    );
  return value !== null && typeof value === 'object'
    ? [...wordsIn(value.text), ...(value.code ? [value.code] : [])]
    : [];
}

const lower = (text: string): string => text.toLocaleLowerCase('vi');
