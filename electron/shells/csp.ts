// What the page may load and what it is told about itself, as data: both graphical shells send exactly this.
// The page needs nothing from outside, so every source is our own; styles that Mantine writes at run time carry a nonce.

const directives: Record<string, readonly string[]> = {
  'default-src': ["'none'"],
  'script-src': ["'self'"],
  'style-src': ["'self'", "'nonce-{nonce}'"],
  'img-src': ["'self'", 'data:', 'blob:'],
  'font-src': ["'self'"],
  'connect-src': ["'self'"],
  'manifest-src': ["'self'"],
  'base-uri': ["'none'"],
  'form-action': ["'none'"],
  'frame-ancestors': ["'none'"],
  'object-src': ["'none'"],
};

/** Stands in the built index.html wherever the nonce of a response goes. */
export const noncePlaceholder = '__CSP_NONCE__';

export function contentSecurityPolicy(nonce: string): string {
  return Object.entries(directives)
    .map(([name, sources]) => `${name} ${sources.join(' ').replace('{nonce}', nonce)}`)
    .join('; ');
}

/** Sent with every answer, page or not. */
export const fixedHeaders: Readonly<Record<string, string>> = {
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Cross-Origin-Embedder-Policy': 'require-corp',
  'X-Content-Type-Options': 'nosniff',
  'X-Frame-Options': 'DENY',
  'Referrer-Policy': 'no-referrer',
  'Permissions-Policy':
    'camera=(), microphone=(), geolocation=(), usb=(), serial=(), hid=(), payment=(), display-capture=()',
};
