// What the page may ask of the browser engine, as data: nothing but copying text it shows.
// Readers, tokens and scanners are the core's business, so no device permission is ever given to a page.

/** Names as Electron's permission handlers give them. */
export const allowedPermissions: ReadonlySet<string> = new Set(['clipboard-sanitized-write']);

/** Addresses the page may load. Everything else is cancelled before it leaves the process. */
export const allowedProtocols: ReadonlySet<string> = new Set(['app:', 'blob:', 'data:']);
/** Only while developing: the inspector's own pages. */
export const inspectorProtocol = 'devtools:';
