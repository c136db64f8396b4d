// What stands in a signature box: every Vietnamese letter, as large as fits, never outside the box.
import { inflateSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { addAppearance, type BoxText } from '../../../../electron/signing/pdf/box.ts';
import { regular, semibold } from '../../../../electron/signing/pdf/box-font.gen.ts';
import { as, need, type PdfFile } from '../../../../electron/signing/pdf/file.ts';
import { trueType } from '../../../../electron/signing/pdf/truetype.ts';
import type { Update } from '../../../../electron/signing/pdf/update.ts';
import { type PdfStream, type PdfValue, ref } from '../../../../electron/signing/pdf/values.ts';

const text: BoxText = {
  name: 'Nguyễn Thị Ánh Tuyết',
  role: 'Trưởng khoa Nội tổng hợp',
  at: Date.UTC(2026, 10, 22, 17, 5, 9),
};

/** The objects an appearance is made of. */
function drawn(what: BoxText, width: number, height: number) {
  const objects = new Map<number, PdfValue>();
  const add = (value: PdfValue) => {
    objects.set(objects.size + 1, value);
    return ref(objects.size);
  };
  const update = { add } as unknown as Update;
  const form = need(objects.get(addAppearance(update, what, width, height).number), 'stream');
  const follow: PdfFile['follow'] = (value) =>
    as(value, 'ref') ? (objects.get(need(value, 'ref').number) ?? null) : (value ?? null);
  return { form, follow, content: inflateSync(form.raw).toString('latin1') };
}

/** What the page shows, by the fonts' own maps from glyphs to letters, as a copying reader sees it. */
function linesOf({ form, follow, content }: ReturnType<typeof drawn>): string[] {
  const fonts = need(need(form.dict.entries.get('Resources'), 'dict').entries.get('Font'), 'dict');
  return [...content.matchAll(/\/(F\d) ([\d.]+) Tf.*?<([0-9a-f]*)> Tj/g)].map(([, key = '', , hex = '']) => {
    const font = need(follow(fonts.entries.get(key)), 'dict');
    const map = inflateSync((follow(font.entries.get('ToUnicode')) as PdfStream).raw).toString('latin1');
    const letters = new Map(
      [...map.matchAll(/^<(\w{4})> <(\w{4})>$/gm)].map(([, glyph = '', letter = '']) => [
        glyph,
        String.fromCharCode(Number.parseInt(letter, 16)),
      ]),
    );
    return (hex.match(/.{4}/g) ?? []).map((glyph) => letters.get(glyph) ?? '?').join('');
  });
}

const sizeOf = (content: string): number => Number(/ ([\d.]+) Tf/.exec(content)?.[1]);

describe('the fonts shipped', () => {
  const alphabet =
    'aàáảãạăằắẳẵặâầấẩẫậbcdđeèéẻẽẹêềếểễệghiìíỉĩịklmnoòóỏõọôồốổỗộơờớởỡợpqrstuùúủũụưừứửữựvxyỳýỷỹỵfjwz0123456789.,:;/-()–';
  it.each([
    ['regular', regular],
    ['semibold', semibold],
  ])('%s has every letter of Vietnamese', (_, packed) => {
    const font = trueType(inflateSync(Buffer.from(packed, 'base64')));
    const missing = [...alphabet, ...alphabet.toUpperCase()].filter(
      (letter) => font.glyphOf(letter.codePointAt(0)!) === 0,
    );
    expect(missing).toEqual([]);
  });

  it('are cut down to the glyphs used, which stay what they were', () => {
    const whole = trueType(inflateSync(Buffer.from(regular, 'base64')));
    const used = [...'Nguyễn Ấ'].map((letter) => whole.glyphOf(letter.codePointAt(0)!));
    const file = whole.subset(used);
    expect(file.length).toBeLessThan(8_000);
    // a second cut of the first keeps the same outlines: parts of composite letters are there
    const tables = new Map<string, Buffer>();
    for (let at = 0; at < file.readUInt16BE(4); at += 1) {
      const row = file.subarray(12 + at * 16, 28 + at * 16);
      tables.set(
        row.toString('latin1', 0, 4),
        file.subarray(row.readUInt32BE(8), row.readUInt32BE(8) + row.readUInt32BE(12)),
      );
    }
    const loca = tables.get('loca')!;
    const lengthOf = (glyph: number): number =>
      loca.readUInt32BE(glyph * 4 + 4) - loca.readUInt32BE(glyph * 4);
    for (const [at, letter] of [...'Nguyễn Ấ'].entries())
      expect(lengthOf(used[at]!), letter).toBeGreaterThan(letter === ' ' ? -1 : 0);
    expect(lengthOf(whole.glyphOf('Q'.charCodeAt(0)))).toBe(0);
  });
});

describe('a box', () => {
  it('says who signed, as what and when in Vietnam’s time', () => {
    expect(linesOf(drawn(text, 200, 60))).toEqual([
      'Ký số bởi:',
      'Nguyễn Thị Ánh Tuyết',
      'Trưởng khoa Nội tổng hợp',
      'Thời gian: 00:05:09 23/11/2026',
    ]);
  });

  it('takes names written in pieces (NFD) and shows the same letters', () => {
    expect(linesOf(drawn({ ...text, name: text.name.normalize('NFD') }, 200, 60))[1]).toBe(text.name);
  });

  it('wraps and shrinks what is long, and shows a sign for letters it does not have', () => {
    const long = drawn({ ...text, role: 'Phó giám đốc phụ trách chuyên môn, Trưởng khoa Hồi sức' }, 110, 60);
    expect(sizeOf(long.content)).toBeLessThan(sizeOf(drawn(text, 200, 60).content));
    expect(linesOf(long).join(' ')).toContain('Trưởng khoa Hồi sức');
    expect(linesOf(drawn({ ...text, name: '王' }, 200, 60))[1]).toBe('?');
  });

  it('keeps every line inside', () => {
    for (const [width, height] of [
      [90, 40],
      [112, 60],
      [200, 45],
      [300, 120],
    ] as const) {
      const { content } = drawn(text, width, height);
      const heights = [...content.matchAll(/Tm/g)].length;
      const ys = [...content.matchAll(/1 0 0 1 [\d.]+ (-?[\d.]+) Tm/g)].map(([, y]) => Number(y));
      expect(ys).toHaveLength(heights);
      for (const y of ys) expect(y > 0 && y < height, `${width}×${height}: ${y}`).toBe(true);
    }
  });
});
