// What comes from a browser and what goes back: nothing is trusted that another site could have sent, nothing is kept by
// caches, and the page may load nothing but itself.
import type { IncomingMessage, ServerResponse } from 'node:http';

const formBytes = 16 * 1024;

const policy = [
  "default-src 'none'",
  "style-src 'self'",
  "script-src 'self'",
  "connect-src 'self'",
  "img-src 'self'",
  "form-action 'self'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
].join('; ');

const headers = {
  'content-security-policy': policy,
  'cache-control': 'no-store',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  // forms must say where they come from (Origin), other sites must not be told
  'referrer-policy': 'same-origin',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
};

export function send(
  response: ServerResponse,
  status: number,
  type: 'text/html' | 'text/css' | 'text/javascript' | 'text/plain',
  body: string,
  more: Readonly<Record<string, string>> = {},
): void {
  response.writeHead(status, { ...headers, 'content-type': `${type}; charset=utf-8`, ...more }).end(body);
}

/** Behind a form: a reload must not send it again. */
export function goTo(
  response: ServerResponse,
  path: string,
  more: Readonly<Record<string, string>> = {},
): void {
  response.writeHead(303, { ...headers, location: path, ...more }).end();
}

/** Browsers say where a form comes from in one of two ways; a program that says neither brings no cookie of ours. */
export function isFromHere({ headers: sent }: IncomingMessage): boolean {
  const site = sent['sec-fetch-site'];
  if (site !== undefined) return site === 'same-origin' || site === 'none';
  if (sent.origin === undefined) return true;
  return URL.canParse(sent.origin) && new URL(sent.origin).host === sent.host;
}

/** Null: too long or not a form. */
export async function readForm(request: IncomingMessage): Promise<URLSearchParams | null> {
  if (!/^application\/x-www-form-urlencoded\b/.test(request.headers['content-type'] ?? '')) return null;
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of request) {
    const bytes = Buffer.from(chunk);
    length += bytes.length;
    if (length > formBytes) return null;
    chunks.push(bytes);
  }
  return new URLSearchParams(Buffer.concat(chunks).toString('utf8'));
}
