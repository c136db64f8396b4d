// What the page may ask of the browser engine, as data: copying text it shows, and the camera for a patient's photo.
// Readers, tokens and scanners are the core's business, so no other device is ever given to a page.

/** Names as Electron's permission handlers give them. */
export const allowedPermissions: ReadonlySet<string> = new Set(['clipboard-sanitized-write']);

/** Electron's one name for camera and microphone; which of them is asked for comes beside it. */
const media = 'media';

/**
 * `kinds`: of media, what is asked for; empty when Electron does not say. The page itself may have the camera, never
 * sound, and a frame in it nothing.
 */
export function mayAsk(
  permission: string,
  { kinds, isMainFrame }: { readonly kinds: readonly string[]; readonly isMainFrame: boolean },
): boolean {
  if (permission !== media) return allowedPermissions.has(permission);
  return isMainFrame && kinds.length > 0 && kinds.every((kind) => kind === 'video');
}

/** Addresses the page may load. Everything else is cancelled before it leaves the process. */
export const allowedProtocols: ReadonlySet<string> = new Set(['app:', 'blob:', 'data:']);
/** Only while developing: the inspector's own pages. */
export const inspectorProtocol = 'devtools:';
