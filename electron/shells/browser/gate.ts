// Who may talk to the host at all. Any program and any web page on this PC can reach a loopback port,
// so every request must prove that it comes from our own page in our own browser profile.
import type { IncomingMessage } from 'node:http';

export interface Refusal {
  readonly status: 401 | 403 | 405 | 415 | 421;
  readonly why: string;
}

/** Checks that need no state, in the order they are made. */
export function refusal(request: IncomingMessage, port: number): Refusal | null {
  const { method, headers } = request;
  // A page that rebinds its own name to 127.0.0.1 still sends its own name here.
  if (headers.host !== `127.0.0.1:${port}`) return { status: 421, why: 'Host' };
  if (method !== 'GET' && method !== 'POST') return { status: 405, why: 'method' };
  // `none`: typed, or opened by the operating system. Only our own page is `same-origin`.
  const site = headers['sec-fetch-site'];
  const allowedSites = method === 'GET' ? [undefined, 'none', 'same-origin'] : [undefined, 'same-origin'];
  if (!allowedSites.includes(typeof site === 'string' ? site : undefined))
    return { status: 403, why: 'Sec-Fetch-Site' };
  if (method === 'POST') {
    if (headers.origin !== originOf(port)) return { status: 403, why: 'Origin' };
    if (!/^application\/json(?:\s*;\s*charset=utf-8)?$/i.test(headers['content-type'] ?? ''))
      return { status: 415, why: 'Content-Type' };
  } else if (headers.origin !== undefined && headers.origin !== originOf(port)) {
    return { status: 403, why: 'Origin' };
  }
  return null;
}

export const originOf = (port: number): string => `http://127.0.0.1:${port}`;
