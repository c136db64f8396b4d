// Every sign a screen can show has a glyph in a bundled font: a Vietnamese letter drawn by a stray system font jumps out.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { create, type Font } from 'fontkit';
import { expect, it } from 'vitest';
import { en, vi } from '../../../renderer/i18n/dictionaries.ts';

const root = join(import.meta.dirname, '../../..');
const open = (path: string) => create(readFileSync(join(root, path))) as Font;
const family = 'node_modules/@fontsource/be-vietnam-pro/files/be-vietnam-pro';
const symbols = open('resources/fonts/tram-symbols.woff2');

const vowels = ['a', 'ă', 'â', 'e', 'ê', 'i', 'o', 'ô', 'ơ', 'u', 'ư', 'y'];
const tones = ['', '\u0300', '\u0309', '\u0303', '\u0301', '\u0323'];
const letters = [...vowels.flatMap((vowel) => tones.map((tone) => (vowel + tone).normalize('NFC'))), 'đ'];
const vietnamese = [...letters, ...letters.map((letter) => letter.toUpperCase())];

it.each([400, 500, 600, 700])('draws every Vietnamese letter in weight %i', (weight) => {
  const fonts = ['latin', 'vietnamese'].map((subset) => open(`${family}-${subset}-${weight}-normal.woff2`));
  const missing = vietnamese.filter(
    (letter) => !fonts.some((font) => font.hasGlyphForCodePoint(letter.codePointAt(0) ?? 0)),
  );
  expect(missing).toEqual([]);
});

it('draws every sign of the dictionaries and the screens', () => {
  const renderer = join(root, 'renderer');
  const screens = readdirSync(renderer, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.tsx'))
    .map((name) => readFileSync(join(renderer, name), 'utf8'));
  const text = [...Object.values(vi), ...Object.values(en), ...screens].join('');
  const fonts = [
    ...['latin', 'vietnamese'].map((subset) => open(`${family}-${subset}-400-normal.woff2`)),
    symbols,
  ];
  const missing = [...new Set(text)].filter(
    (sign) => sign > ' ' && !fonts.some((font) => font.hasGlyphForCodePoint(sign.codePointAt(0) ?? 0)),
  );
  expect(missing).toEqual([]);
});

it('has the signs clinical texts need', () => {
  const missing = [...'≥≤≈→←↑↓☐☑✓▲◐'].filter(
    (sign) => !symbols.hasGlyphForCodePoint(sign.codePointAt(0) ?? 0),
  );
  expect(missing).toEqual([]);
});
