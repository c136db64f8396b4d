// Finds a file of the built page for a request path. Both graphical shells serve through here,
// so no path, however encoded, reaches a file outside the page's folder.
import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { extname, join, sep } from 'node:path';
import {
  contentSecurityPolicy,
  fixedHeaders,
  noncePlaceholder,
  pinDocument,
  pinHeaders,
  pinPolicy,
} from './csp.ts';

export interface PageFile {
  readonly body: Buffer;
  readonly headers: Readonly<Record<string, string>>;
}

const contentTypes: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.mjs': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
  '.woff': 'font/woff',
  '.webmanifest': 'application/manifest+json',
};

/** Null when there is no such file, or the path is not a plain one below `folder`. */
export async function pageFile(folder: string, requestPath: string): Promise<PageFile | null> {
  const relative = plainPath(requestPath);
  if (relative === null) return null;
  const type = contentTypes[extname(relative)];
  if (!type) return null;
  const file = join(folder, ...relative.split('/'));
  if (!file.startsWith(folder + sep)) return null;
  const body = await readFile(file).catch(() => null);
  if (!body) return null;
  return extname(relative) === '.html' ? document(body, type, relative) : asset(body, type, relative);
}

/** A nonce is for one response only, so the document is never cached. */
function document(template: Buffer, type: string, relative: string): PageFile {
  const forPin = relative === pinDocument;
  const nonce = randomBytes(18).toString('base64url');
  return {
    body: Buffer.from(template.toString('utf8').replaceAll(noncePlaceholder, nonce)),
    headers: {
      ...(forPin ? pinHeaders : fixedHeaders),
      'Content-Type': type,
      'Content-Security-Policy': (forPin ? pinPolicy : contentSecurityPolicy)(nonce),
      'Cache-Control': 'no-store',
    },
  };
}

function asset(body: Buffer, type: string, relative: string): PageFile {
  // Names under assets/ carry a hash of their content.
  const forever = relative.startsWith('assets/');
  return {
    body,
    headers: {
      ...fixedHeaders,
      'Content-Type': type,
      'Content-Security-Policy': "default-src 'none'",
      'Cache-Control': forever ? 'public, max-age=31536000, immutable' : 'no-cache',
    },
  };
}

/** `/` is the document. Only letters, digits, dot, dash, underscore between slashes; no segment starts with a dot. */
function plainPath(requestPath: string): string | null {
  if (requestPath === '/') return 'index.html';
  return /^(?:\/[A-Za-z0-9_-][A-Za-z0-9._-]*)+$/.test(requestPath) ? requestPath.slice(1) : null;
}
