// What a shell that draws papers with its own engine needs of the print room; light, for its main thread.
export { prepareSheet, printing } from '../print/chromium/prepare.ts';
export type { Sheet } from '../print/types.ts';
