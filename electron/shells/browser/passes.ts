// Tickets and the cookies they are exchanged for. The first address is visible to others (`ps`, history),
// so what it carries works once and soon expires; the cookie it buys is out of any script's reach.
import { createHash, randomBytes } from 'node:crypto';

/** Ours: long enough to copy an address from one terminal to a browser by hand. */
export const ticketLifeMs = 15 * 60_000;

export interface Passes {
  /** A new ticket for one page window. */
  ticket(): string;
  /** The cookie value for a ticket, once; null when unknown, used or expired. */
  redeem(ticket: string): string | null;
  /** Opaque id of the page that holds this cookie; null when we never gave it out. */
  clientOf(cookie: string | null): string | null;
}

export function openPasses(now: () => number = Date.now): Passes {
  const tickets = new Map<string, number>();
  const clients = new Map<string, string>();
  return {
    ticket() {
      for (const [digest, expires] of tickets) if (expires <= now()) tickets.delete(digest);
      const ticket = secret();
      tickets.set(digestOf(ticket), now() + ticketLifeMs);
      return ticket;
    },
    redeem(ticket) {
      const digest = digestOf(ticket);
      const expires = tickets.get(digest);
      tickets.delete(digest);
      if (expires === undefined || expires <= now()) return null;
      const cookie = secret();
      clients.set(digestOf(cookie), randomBytes(12).toString('hex'));
      return cookie;
    },
    clientOf: (cookie) => (cookie === null ? null : (clients.get(digestOf(cookie)) ?? null)),
  };
}

const secret = (): string => randomBytes(32).toString('base64url');

/** Looked up by digest: how long a lookup takes tells nothing about the secret itself. */
const digestOf = (value: string): string => createHash('sha256').update(value).digest('base64url');

/** Cookies ignore ports; the port in the name keeps two hosts in one browser profile apart. */
export const cookieName = (port: number): string => `tram-${port}`;

export function cookieOf(header: string | undefined, port: number): string | null {
  for (const part of (header ?? '').split(';')) {
    const [name, value] = part.trim().split('=', 2);
    if (name === cookieName(port) && value) return value;
  }
  return null;
}
