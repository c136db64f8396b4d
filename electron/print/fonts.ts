// Which fonts a paper carries with it: only the parts its own text needs. A sign that no part has is never left to the
// PC's fonts, where it would look different on each: it is printed as its number, so that nobody takes it for another.
import { paperFonts } from './fonts.gen.ts';

type Face = (typeof paperFonts)[number];

const coverage: readonly { face: Face; from: number; to: number }[] = paperFonts.flatMap((face) =>
  face.covers.split(',').map((run) => {
    const [from = '', to = from] = run.split('-');
    return { face, from: Number.parseInt(from, 16), to: Number.parseInt(to, 16) };
  }),
);

export const fontStack = "'Paper', 'Paper More', 'Paper Signs'";

/** Text as it can be printed: composed letters, no invisible or direction-turning signs, unknown ones by number. */
export function printable(text: string): string {
  const composed = text.normalize('NFC').replaceAll(/\r\n?/g, '\n');
  let out = '';
  for (const sign of composed) {
    if (sign === '\n' || sign === ' ') out += sign;
    else if (invisible.test(sign)) out += /\p{Zs}|\t|\p{Zl}|\p{Zp}/u.test(sign) ? ' ' : '';
    else out += hasGlyph(sign) ? sign : `[U+${code(sign).toString(16).toUpperCase().padStart(4, '0')}]`;
  }
  return out;
}

/** Controls, marks of direction and width, lone surrogates; blanks of every width. */
const invisible = /[\p{Cc}\p{Cf}\p{Cs}\p{Z}]/u;

export const hasGlyph = (sign: string): boolean => facesOf(code(sign)).length > 0;

/** `@font-face` rules with the fonts in them, for everything in `text`. */
export function fontFaces(text: string): string {
  const needed = new Set<Face>();
  for (const sign of new Set(text)) {
    // the first family that has it draws it; the others never come to it
    const faces = facesOf(code(sign));
    for (const face of faces) if (face.family === faces[0]?.family) needed.add(face);
  }
  return paperFonts
    .filter((face) => needed.has(face))
    .map(
      (face) =>
        `@font-face{font-family:'${face.family}';font-weight:${face.weight};font-style:${face.style};` +
        `unicode-range:${face.covers
          .split(',')
          .map((run) => `U+${run}`)
          .join()};src:url(data:font/woff2;base64,${face.woff2}) format('woff2')}`,
    )
    .join('\n');
}

function facesOf(sign: number): Face[] {
  return coverage.filter(({ from, to }) => sign >= from && sign <= to).map(({ face }) => face);
}

const code = (sign: string): number => sign.codePointAt(0) ?? 0;
