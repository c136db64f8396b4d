// What the page may load and what it is told about itself, as data: both graphical shells send exactly this.
// The page needs nothing from outside, so every source is our own; styles that Mantine writes at run time carry a nonce.

const directives: Record<string, readonly string[]> = {
  'default-src': ["'none'"],
  'script-src': ["'self'"],
  'style-src': ["'self'", "'nonce-{nonce}'"],
  'img-src': ["'self'", 'data:', 'blob:'],
  'font-src': ["'self'"],
  'connect-src': ["'self'"],
  // drawing the pages of a paper happens in a worker
  'worker-src': ["'self'"],
  // the field for a token's PIN
  'frame-src': ["'self'"],
  'manifest-src': ["'self'"],
  'base-uri': ["'none'"],
  'form-action': ["'none'"],
  'frame-ancestors': ["'none'"],
  'object-src': ["'none'"],
};

/** Stands in the built index.html wherever the nonce of a response goes. */
export const noncePlaceholder = '__CSP_NONCE__';

/**
 * The document with the field for a token's PIN: script and style lie inside it, it can load and reach nothing at all,
 * and without an origin of its own not even the page that shows it can look into it.
 */
const pinDirectives: Record<string, readonly string[]> = {
  'default-src': ["'none'"],
  'script-src': ["'nonce-{nonce}'"],
  'style-src': ["'nonce-{nonce}'"],
  'base-uri': ["'none'"],
  'form-action': ["'none'"],
  'frame-ancestors': ["'self'"],
  sandbox: ['allow-scripts'],
};

/** The one document besides the page itself. */
export const pinDocument = 'pin.html';

export const contentSecurityPolicy = (nonce: string): string => written(directives, nonce);
export const pinPolicy = (nonce: string): string => written(pinDirectives, nonce);

function written(policy: Record<string, readonly string[]>, nonce: string): string {
  return Object.entries(policy)
    .map(([name, sources]) => `${name} ${sources.join(' ').replace('{nonce}', nonce)}`)
    .join('; ');
}

/** What no page asks of this PC. The camera is the page's alone: somebody who comes is photographed there. */
const withheld = 'microphone=(), geolocation=(), usb=(), serial=(), hid=(), payment=(), display-capture=()';

/** Sent with every answer, page or not. */
export const fixedHeaders: Readonly<Record<string, string>> = {
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Cross-Origin-Embedder-Policy': 'require-corp',
  'X-Content-Type-Options': 'nosniff',
  'X-Frame-Options': 'DENY',
  'Referrer-Policy': 'no-referrer',
  'Permissions-Policy': `camera=(self), ${withheld}`,
};

/** Only the page itself may frame it, which `frame-ancestors` says too. */
export const pinHeaders: Readonly<Record<string, string>> = {
  ...fixedHeaders,
  'X-Frame-Options': 'SAMEORIGIN',
  'Permissions-Policy': `camera=(), ${withheld}`,
};
