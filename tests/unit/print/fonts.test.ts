// A paper is drawn with the fonts it carries: whatever a form or a person can write has a glyph there, or its number.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { sampleBody, templates } from '../../../electron/clinic/documents/index.ts';
import { fontFaces, hasGlyph, printable } from '../../../electron/print/fonts.ts';
import { layout } from '../../../electron/print/layout/layout.ts';
import { paperFontsModule } from '../../../scripts/compile-paper-fonts.ts';
import { clinicalSigns, hash, vietnameseLetters } from './papers.ts';

const root = join(import.meta.dirname, '../../..');

it('carries exactly what the font packages give', () => {
  expect(readFileSync(join(root, 'electron/print/fonts.gen.ts'), 'utf8')).toBe(paperFontsModule());
});

it('has every Vietnamese letter, and the signs of clinical texts', () => {
  expect(new Set(vietnameseLetters).size).toBe(146);
  expect([...vietnameseLetters, ...clinicalSigns].filter((sign) => !hasGlyph(sign))).toEqual([]);
});

it('has every Vietnamese letter in each style itself, so that none is thickened or slanted by the engine', () => {
  const css = fontFaces(vietnameseLetters.join(''));
  expect(css.match(/font-family:'(\w| )+'/g)?.every((name) => name === "font-family:'Paper'")).toBe(true);
  for (const style of [
    'font-weight:400;font-style:normal',
    'font-weight:700;font-style:normal',
    'font-weight:400;font-style:italic',
  ]) {
    const ranges = css
      .split('@font-face')
      .filter((face) => face.includes(style))
      .map((face) => /unicode-range:([^;]+);/.exec(face)?.[1] ?? '')
      .join(',');
    expect(vietnameseLetters.filter((letter) => !isIn(letter, ranges))).toEqual([]);
  }
});

it.each(templates().map((template) => [template.id, template] as const))(
  'has a glyph for everything on the form %s and in its sample',
  (_id, template) => {
    const sheet = layout(template, sampleBody(template), { bodySha256: hash, draft: false });
    const text = sheet.html.slice(sheet.html.indexOf('<body>')).replaceAll(/<[^>]*>/g, '');
    expect(text.length).toBeGreaterThan(300);
    expect(text).not.toContain('[U+');
    expect([...new Set(text)].filter((sign) => sign > ' ' && !hasGlyph(sign))).toEqual([]);
  },
);

it('writes the number of a sign no font has, and drops what cannot be seen or turns the direction', () => {
  expect(printable('sốt 😀 漢')).toBe('sốt [U+1F600] [U+6F22]');
  expect(printable('A\u202Eb\u200Bc\u0007d\uFEFF\u00ADe')).toBe('Abcde');
  expect(printable('một\u00A0hai\tba\u2003bốn')).toBe('một hai ba bốn');
  expect(printable('một\r\nhai\rba')).toBe('một\nhai\nba');
  expect(printable('\ud800x')).toBe('x');
});

it('writes letters composed, however they were typed', () => {
  const typed = 'Nguyễn Thị Hường'.normalize('NFD');
  expect(printable(typed)).toBe('Nguyễn Thị Hường');
  expect(printable(typed)).not.toBe(typed);
});

it('carries letters of other tongues and signs only where they are used', () => {
  expect(fontFaces('abc')).not.toContain('Paper More');
  expect(fontFaces('abc')).not.toContain('Paper Signs');
  expect(fontFaces('Škoda')).toContain('Paper More');
  expect(fontFaces('≥')).toContain('Paper Signs');
});

function isIn(sign: string, ranges: string): boolean {
  const code = sign.codePointAt(0)!;
  return ranges.split(',').some((range) => {
    const [from = '', to = from] = range.replace('U+', '').split('-');
    return code >= Number.parseInt(from, 16) && code <= Number.parseInt(to, 16);
  });
}
