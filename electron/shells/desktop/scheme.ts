// Our own scheme for the page. Unlike file:, it has an origin, a policy and a handler that decides what exists.
// `URL.origin` of a custom scheme is the string "null" in Node, so protocol and host are compared.
import { protocol, type Session } from 'electron';
import { pinDocument } from '../csp.ts';
import { pageFile } from '../page-files.ts';

export const pageAddress = 'app://tram/';

/** Must run before the app is ready. */
export function registerScheme(): void {
  protocol.registerSchemesAsPrivileged([
    { scheme: 'app', privileges: { standard: true, secure: true, supportFetchAPI: true, codeCache: true } },
  ]);
}

export function servePage(session: Session, folder: string): void {
  session.protocol.handle('app', async (request) => {
    const url = parsed(request.url);
    if (!url || !isOurs(url) || request.method !== 'GET') return notFound();
    const file = await pageFile(folder, url.pathname);
    return file ? new Response(new Uint8Array(file.body), { headers: file.headers }) : notFound();
  });
}

export function isOurPage(address: string): boolean {
  const url = parsed(address);
  return url !== null && isOurs(url);
}

/** The field for a token's PIN, as the page frames it: nothing behind its name. */
export const isPinDocument = (address: string): boolean => address === `${pageAddress}${pinDocument}`;

const isOurs = (url: URL): boolean => url.protocol === 'app:' && url.host === 'tram';
const parsed = (address: string): URL | null => (URL.canParse(address) ? new URL(address) : null);
const notFound = (): Response =>
  new Response('404', {
    status: 404,
    headers: { 'Content-Type': 'text/plain', 'Content-Security-Policy': "default-src 'none'" },
  });
