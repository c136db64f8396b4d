// What an engine evaluates before it prints a sheet; true when all is there. Apart, so that a shell's main thread can have
// it without the rest of the room.

/** Also those fonts that only stand in the margins, which the engine would look for when it is too late. */
export const loadFonts =
  'Promise.all([...document.fonts].map((font) => font.load())).then(() => [...document.fonts].every((font) => font.status === "loaded"))';
