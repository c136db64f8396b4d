// What a person sees of a signature on the page: "Ký số bởi", name, role, time, in a box the form left for it. The font
// is embedded, cut down to its letters, so that every reader shows Vietnamese.
import { deflateSync, inflateSync } from 'node:zlib';
import { formatDate, VIETNAM_OFFSET_MS } from '../../../shared/time/vietnam.ts';
import { regular, semibold } from './box-font.gen.ts';
import { type TrueType, trueType } from './truetype.ts';
import type { Update } from './update.ts';
import { array, dict, name, number, type PdfRef, type PdfValue, ref, stream } from './values.ts';

export interface BoxText {
  readonly name: string;
  /** "Bác sĩ điều trị"; null when the form names none. */
  readonly role: string | null;
  /** ms since 1970 UTC; shown in Vietnam's time. */
  readonly at: number;
}

/** The form XObject of an appearance as wide and high as the box, added to the update. */
export function addAppearance(update: Update, text: BoxText, width: number, height: number): PdfRef {
  const layout = laidOut(linesOf(text), width, height);
  const drawn = layout.lines.map((line, at) => {
    const y = height - PADDING - layout.size * (at * LEADING + 0.95);
    return `/${line.bold ? 'F2' : 'F1'} ${places(layout.size)} Tf 1 0 0 1 ${places(PADDING)} ${places(y)} Tm <${glyphs(
      fonts()[line.bold ? 'bold' : 'plain'],
      line.text,
    )
      .map((glyph) => glyph.toString(16).padStart(4, '0'))
      .join('')}> Tj`;
  });
  const frame = `0.10 0.25 0.45 RG 0.6 w 0.3 0.3 ${places(width - 0.6)} ${places(height - 0.6)} re S`;
  const content = `q ${frame} Q q BT 0.05 0.13 0.25 rg ${drawn.join(' ')} ET Q`;
  const used: Record<string, PdfValue> = {};
  for (const [key, bold] of [
    ['F1', false],
    ['F2', true],
  ] as const) {
    const letters = layout.lines.filter((line) => line.bold === bold).map((line) => line.text);
    if (letters.length > 0) used[key] = addFont(update, bold, letters.join(''));
  }
  return update.add(
    stream(
      {
        Type: name('XObject'),
        Subtype: name('Form'),
        BBox: array(number(0), number(0), number(width), number(height)),
        Resources: dict({ Font: dict(used) }),
        Filter: name('FlateDecode'),
      },
      deflateSync(Buffer.from(content, 'latin1')),
    ),
  );
}

/** An appearance that shows nothing, for a signature without a box. */
export const addEmptyAppearance = (update: Update): PdfRef =>
  update.add(
    stream(
      {
        Type: name('XObject'),
        Subtype: name('Form'),
        BBox: array(number(0), number(0), number(0), number(0)),
      },
      Buffer.alloc(0),
    ),
  );

/** Points. */
const PADDING = 4;
const LEADING = 1.28;
const SIZES = [10, 9.5, 9, 8.5, 8, 7.5, 7, 6.5, 6, 5.5, 5, 4.5, 4];

interface Line {
  readonly text: string;
  readonly bold: boolean;
}

/** `18:05:09 22/11/2026`, with seconds, as a signature's time is told. */
function linesOf({ name: who, role, at }: BoxText): readonly Line[] {
  const time = new Date(at + VIETNAM_OFFSET_MS).toISOString().slice(11, 19);
  const plain = (text: string): Line => ({ text: text.normalize('NFC'), bold: false });
  return [
    plain('Ký số bởi:'),
    { text: who.normalize('NFC'), bold: true },
    ...(role ? [plain(role)] : []),
    plain(`Thời gian: ${time} ${formatDate(at)}`),
  ];
}

/** The largest size at which all of it fits; at the smallest the end is cut off by the box. */
function laidOut(
  lines: readonly Line[],
  width: number,
  height: number,
): { size: number; lines: readonly Line[] } {
  for (const size of SIZES) {
    const wrapped = lines.flatMap((line) => wrap(line, width - 2 * PADDING, size));
    if (size === SIZES.at(-1) || wrapped.length * size * LEADING <= height - 2 * PADDING + size * 0.28)
      return { size, lines: wrapped };
  }
  return { size: 4, lines };
}

function wrap({ text, bold }: Line, width: number, size: number): readonly Line[] {
  const font = fonts()[bold ? 'bold' : 'plain'];
  const long = (words: string): number =>
    (glyphs(font, words).reduce((sum, glyph) => sum + font.widthOf(glyph), 0) * size) / font.unitsPerEm;
  const lines: string[] = [];
  for (const word of text.split(/\s+/).filter((part) => part !== '')) {
    const longer = lines.length > 0 ? `${lines.at(-1)} ${word}` : word;
    if (lines.length > 0 && long(longer) <= width) lines[lines.length - 1] = longer;
    else lines.push(word);
  }
  return lines.map((line) => ({ text: line, bold }));
}

function addFont(update: Update, bold: boolean, text: string): PdfRef {
  const font = fonts()[bold ? 'bold' : 'plain'];
  const letters = new Map<number, number>();
  for (const letter of text) {
    const codePoint = letter.codePointAt(0) ?? 0;
    letters.set(glyphs(font, letter)[0] ?? 0, font.glyphOf(codePoint) === 0 ? 0x3f : codePoint);
  }
  const used = [...letters.keys()].sort((a, b) => a - b);
  const per1000 = (units: number): number => Math.round((units * 1000) / font.unitsPerEm);
  const fontName = name(`${tagOf(used)}+BeVietnamPro-${bold ? 'SemiBold' : 'Regular'}`);
  const file = font.subset(used);
  const descriptor = update.add(
    dict({
      Type: name('FontDescriptor'),
      FontName: fontName,
      Flags: number(4),
      FontBBox: array(...font.box.map((units) => number(per1000(units)))),
      ItalicAngle: number(0),
      Ascent: number(per1000(font.ascent)),
      Descent: number(per1000(font.descent)),
      CapHeight: number(per1000(font.capHeight)),
      StemV: number(bold ? 120 : 80),
      FontFile2: update.add(
        stream(
          { Length1: number(file.length), Filter: name('FlateDecode') },
          deflateSync(file, { level: 9 }),
        ),
      ),
    }),
  );
  const descendant = update.add(
    dict({
      Type: name('Font'),
      Subtype: name('CIDFontType2'),
      BaseFont: fontName,
      CIDSystemInfo: dict({
        Registry: { kind: 'text', text: '(Adobe)' },
        Ordering: { kind: 'text', text: '(Identity)' },
        Supplement: number(0),
      }),
      FontDescriptor: ref(descriptor.number),
      W: array(...used.flatMap((glyph) => [number(glyph), array(number(per1000(font.widthOf(glyph))))])),
      CIDToGIDMap: name('Identity'),
    }),
  );
  return update.add(
    dict({
      Type: name('Font'),
      Subtype: name('Type0'),
      BaseFont: fontName,
      Encoding: name('Identity-H'),
      DescendantFonts: array(descendant),
      ToUnicode: update.add(
        stream({ Filter: name('FlateDecode') }, deflateSync(Buffer.from(unicodeMap(letters), 'latin1'))),
      ),
    }),
  );
}

/** Six letters by which readers tell subsets apart. */
const tagOf = (glyphsUsed: readonly number[]): string => {
  let sum = glyphsUsed.reduce((total, glyph) => (total * 31 + glyph) % 26 ** 6, 7);
  let tag = '';
  for (let at = 0; at < 6; at += 1) {
    tag += String.fromCharCode(65 + (sum % 26));
    sum = Math.floor(sum / 26);
  }
  return tag;
};

function unicodeMap(letters: ReadonlyMap<number, number>): string {
  const hex = (value: number): string => `<${value.toString(16).padStart(4, '0')}>`;
  const rows = [...letters].map(([glyph, letter]) => `${hex(glyph)} ${hex(letter)}`);
  const blocks: string[] = [];
  for (let at = 0; at < rows.length; at += 100) {
    const block = rows.slice(at, at + 100);
    blocks.push(`${block.length} beginbfchar\n${block.join('\n')}\nendbfchar`);
  }
  return `/CIDInit /ProcSet findresource begin
12 dict begin
begincmap
/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def
/CMapName /Adobe-Identity-UCS def
/CMapType 2 def
1 begincodespacerange
<0000> <ffff>
endcodespacerange
${blocks.join('\n')}
endcmap
CMapName currentdict /CMap defineresource pop
end
end`;
}

/** A letter the font lacks is shown as a question mark rather than left out. */
const glyphs = (font: TrueType, text: string): number[] =>
  [...text].map((letter) => font.glyphOf(letter.codePointAt(0) ?? 0) || font.glyphOf(0x3f));

let loaded: { plain: TrueType; bold: TrueType } | null = null;
function fonts(): { plain: TrueType; bold: TrueType } {
  const open = (packed: string): TrueType => trueType(inflateSync(Buffer.from(packed, 'base64')));
  loaded ??= { plain: open(regular), bold: open(semibold) };
  return loaded;
}

const places = (value: number): string => String(Math.round(value * 100) / 100);
