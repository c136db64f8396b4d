// Puts a sheet into an empty page of an engine and waits until it can be printed; the same steps for a browser of the PC
// and for the desktop's own engine. Light, because a shell's main thread has it too.

/** A command of the Chrome DevTools Protocol to the page. Rejects when it is refused. */
export type AskPage = (method: string, params?: object) => Promise<unknown>;

export async function prepareSheet(ask: AskPage, html: string): Promise<void> {
  await ask('Emulation.setScriptExecutionDisabled', { value: true });
  const frameId = inside(await ask('Page.getFrameTree'), 'frameTree', 'frame', 'id');
  await ask('Page.setDocumentContent', { frameId, html });
  const loaded = await ask('Runtime.evaluate', {
    expression: loadFonts,
    awaitPromise: true,
    returnByValue: true,
  });
  if (inside(loaded, 'result', 'value') !== true) throw new Error('its fonts could not be loaded');
}

/** Also those fonts that only stand in the margins, which the engine would look for when it is too late. */
const loadFonts =
  'Promise.all([...document.fonts].map((font) => font.load())).then(() => [...document.fonts].every((font) => font.status === "loaded"))';

/** Sizes, margins and what stands in them come from the sheet's own rules. */
export const printing = {
  preferCSSPageSize: true,
  printBackground: true,
  displayHeaderFooter: false,
  generateTaggedPDF: true,
};

/** What lies below these names; undefined when there is nothing of the kind. */
function inside(value: unknown, ...names: string[]): unknown {
  let found = value;
  for (const name of names)
    found = typeof found === 'object' && found !== null ? Reflect.get(found, name) : undefined;
  return found;
}
