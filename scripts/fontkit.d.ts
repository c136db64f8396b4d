// The little of fontkit that is used; it brings no types.
declare module 'fontkit' {
  export interface Font {
    hasGlyphForCodePoint(codePoint: number): boolean;
    /** Code points with a glyph. */
    readonly characterSet: readonly number[];
  }
  export function create(file: Uint8Array): unknown;
}
