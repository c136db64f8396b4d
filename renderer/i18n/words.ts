// The shape of a translation: exactly the Vietnamese dictionary's keys, so that neither language can drift.

/** `export const board: WordsOf<typeof vi> = { … }` in en/board.ts, with `vi` the same area's Vietnamese words. */
export type WordsOf<T> = { readonly [K in keyof T]: string };
