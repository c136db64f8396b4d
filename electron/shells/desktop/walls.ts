// Everything a page is kept from doing, whatever code runs in it: leaving, opening windows, loading from
// elsewhere, asking for devices. Applied to every page and session before it loads anything.
import type { App, Session, WebContents } from 'electron';
import type { Log } from '../log.ts';
import { allowedProtocols, inspectorProtocol, mayAsk } from './permissions.ts';
import { isOurPage, isPinDocument, pageAddress } from './scheme.ts';

export function wallEveryPage(app: App, log: Log): void {
  app.on('web-contents-created', (_event, contents) => wallPage(contents, log));
}

function wallPage(contents: WebContents, log: Log): void {
  contents.on('will-navigate', (details) => refuse(details, 'will-navigate'));
  contents.on('will-frame-navigate', (details) => {
    if (details.isMainFrame || !isPinDocument(details.url)) refuse(details, 'will-frame-navigate');
  });
  contents.on('will-redirect', (details) => refuse(details, 'will-redirect'));
  contents.on('will-attach-webview', (event) => {
    event.preventDefault();
    log('warn', 'a webview was refused');
  });
  contents.setWindowOpenHandler(() => {
    log('warn', 'a new window was refused');
    return { action: 'deny' };
  });

  /** The page moves by its hash, which navigates nothing; the only frame in it is the field for a token's PIN. */
  function refuse(details: { preventDefault(): void }, what: string): void {
    details.preventDefault();
    log('warn', 'a navigation was refused', { what });
  }
}

export function wallSession(session: Session, { inspector }: { inspector: boolean }): void {
  session.setPermissionRequestHandler((contents, permission, answer, details) => {
    const kinds = 'mediaTypes' in details ? (details.mediaTypes ?? []) : [];
    const { isMainFrame } = details;
    answer(mayAsk(permission, { kinds, isMainFrame }) && isOurPage(contents?.getURL() ?? ''));
  });
  session.setPermissionCheckHandler((_contents, permission, origin, { mediaType, isMainFrame }) => {
    const kinds = mediaType === undefined ? [] : [mediaType];
    return mayAsk(permission, { kinds, isMainFrame }) && isOurPage(origin);
  });
  session.setDevicePermissionHandler(() => false);
  session.setDisplayMediaRequestHandler((_request, answer) => answer({}));
  session.setSpellCheckerEnabled(false);
  session.webRequest.onBeforeRequest(({ url }, answer) => {
    const protocol = URL.canParse(url) ? new URL(url).protocol : '';
    answer({ cancel: !(allowedProtocols.has(protocol) || (inspector && protocol === inspectorProtocol)) });
  });
  session.on('will-download', (event, item) => {
    if (!isPaperToKeep(item.getURL(), item.getMimeType())) event.preventDefault();
  });
}

/** A paper the page itself holds, which somebody keeps as a file; the system asks them where. */
const isPaperToKeep = (address: string, mimeType: string): boolean =>
  address.startsWith(`blob:${pageAddress}`) && mimeType === 'application/pdf';
