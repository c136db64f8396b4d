// What a shell that draws papers with its own engine needs of the print room; light, for its main thread.
export { loadFonts } from '../print/load-fonts.ts';
export type { Sheet } from '../print/types.ts';
