// Connecting to another place. The key at the other end is checked before a single byte of ours is sent: whoever
// answers with another one learns nothing about this center, and a captive portal never gets as far as a question.
import { type ClientRequest, type IncomingMessage, request } from 'node:http';
import { connect as connectPlain, isIP, type Socket } from 'node:net';
import {
  connect as connectTls,
  createSecureContext,
  type PeerCertificate,
  type SecureContext,
  type TLSSocket,
} from 'node:tls';
import { WebSocket } from 'ws';
import type { Wire } from '../../shared/sync/drive.ts';
import {
  END_HEADER,
  FRAMES_TYPE,
  joinFrames,
  MAX_BODY_BYTES,
  readEnd,
  SYNC_PATH,
  splitFrames,
  TRAM_HEADER,
} from '../../shared/sync/exchange.ts';
import type { EndCode } from '../../shared/sync/session-types.ts';
import { sha256Hex } from '../store/crypto.ts';
import type { Address } from './address.ts';
import { socketOptions, wireOf } from './wire.ts';

export interface Keys {
  /** PKCS#8 */
  readonly keyPem: string;
  readonly certificatePem: string;
}

export interface LineEnd {
  readonly code: EndCode;
  readonly retryAfterMs?: number;
  /** For the program's log. */
  readonly detail?: string;
}

export type Outcome<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly end: LineEnd };

/** A connection whose other end has shown a key that is trusted. */
export interface Trusted {
  readonly socket: Socket;
  /** SHA-256 of the other end's certificate, 64 hex digits; null without TLS. */
  readonly fingerprint: string | null;
  readonly certificate: Buffer | null;
  /** A handshake of before was taken up again. */
  readonly resumed: boolean;
}

export interface Deadlines {
  readonly connectMs: number;
  /** On a line of 8 kbit/s a handshake of 5 kB takes its time. */
  readonly handshakeMs: number;
  readonly answerMs: number;
  /** A POST of one window there and back. */
  readonly exchangeMs: number;
}
export const DEADLINES: Deadlines = {
  connectMs: 15_000,
  handshakeMs: 30_000,
  answerMs: 30_000,
  exchangeMs: 90_000,
};

/**
 * A first handshake agrees on its key in a way that is to withstand quantum computers too (ML-KEM, 2.3 kB). The key of
 * one that is taken up leans on the first one's, so that a small exchange is enough for it: 0.3 s at 64 kbit/s.
 */
const RESUMED_GROUP = 'X25519';

/** TLS sessions by fingerprint, so that a reconnect over a far line costs a round trip and 3 kB less. */
export type Tickets = Map<string, Ticket>;
interface Ticket {
  readonly session: Buffer;
  readonly certificate: Buffer;
  /** The last handshake with it came to nothing. */
  readonly failed?: boolean;
}

/**
 * `trusts` says whether a place with this key may be spoken to. `wrong_peer`: a Trạm with another key than expected;
 * `not_tram`: anything else that answers.
 */
export async function dial(options: {
  readonly address: Address;
  readonly keys: Keys;
  trusts(fingerprint: string, certificate: Buffer): boolean;
  /** Fingerprint that is expected here: lets a session of before be taken up. */
  readonly expected: string | null;
  readonly tickets: Tickets;
  readonly deadlines: Deadlines;
  readonly signal: AbortSignal;
}): Promise<Outcome<Trusted>> {
  const { address, deadlines, signal, tickets, expected } = options;
  if (address.plain) {
    const socket = connectPlain({ host: address.host, port: address.port, noDelay: true });
    const end = await reached(socket, 'connect', deadlines.connectMs, signal);
    if (end) return { ok: false, end };
    return { ok: true, value: { socket, fingerprint: null, certificate: null, resumed: false } };
  }
  const raw = connectPlain({ host: address.host, port: address.port, noDelay: true, keepAlive: true });
  const far = await reached(raw, 'connect', deadlines.connectMs, signal);
  if (far) return { ok: false, end: far };
  const ticket = expected === null ? undefined : tickets.get(expected);
  const socket = connectTls({
    socket: raw,
    // names mean nothing here, but a session is only taken up under the name it began with
    servername: isIP(address.host) === 0 ? address.host : 'tram',
    secureContext: contextOf(options.keys, ticket !== undefined),
    // self-signed on purpose: the pinned fingerprint is the check
    rejectUnauthorized: false,
    checkServerIdentity: () => undefined,
    ALPNProtocols: ['http/1.1'],
    ...(ticket && { session: ticket.session }),
  });
  const end = await reached(socket, 'secureConnect', deadlines.handshakeMs, signal);
  if (end) {
    // a line that was cut says nothing against the ticket; two in a row may mean that somebody on the way dislikes it
    if (expected !== null && ticket && !ticket.failed) tickets.set(expected, { ...ticket, failed: true });
    else if (expected !== null) tickets.delete(expected);
    return {
      ok: false,
      end: end.code === 'closed' && isNoTls(end.detail) ? { ...end, code: 'not_tram' } : end,
    };
  }
  return judge(socket, options, ticket);
}

const contexts = new WeakMap<Keys, Map<boolean, SecureContext>>();

/** Made once: each reads the key, and without a root of its own also the 140 the system's programs believe. */
function contextOf(keys: Keys, resumes: boolean): SecureContext {
  const made = contexts.get(keys) ?? new Map<boolean, SecureContext>();
  contexts.set(keys, made);
  const context =
    made.get(resumes) ??
    createSecureContext({
      key: keys.keyPem,
      cert: keys.certificatePem,
      // no root is ever asked
      ca: keys.certificatePem,
      minVersion: 'TLSv1.3',
      ...(resumes && { ecdhCurve: RESUMED_GROUP }),
    });
  made.set(resumes, context);
  return context;
}

function judge(
  socket: TLSSocket,
  options: Parameters<typeof dial>[0],
  ticket: Ticket | undefined,
): Outcome<Trusted> {
  const shown: Partial<PeerCertificate> = socket.getPeerCertificate();
  const resumed = socket.isSessionReused();
  // a session that was taken up proves the key of the one it began with; some TLS libraries show no certificate then
  const certificate = shown.raw ?? (resumed ? ticket?.certificate : undefined);
  if (!certificate) return refuse(socket, { code: 'not_tram', detail: 'no certificate' });
  const fingerprint = sha256Hex(certificate);
  if (!options.trusts(fingerprint, certificate)) {
    const isTram = /URI:urn:tram:/.test(shown.subjectaltname ?? '');
    return refuse(socket, {
      code: isTram ? 'wrong_peer' : 'not_tram',
      detail: `certificate ${fingerprint.slice(0, 16)}`,
    });
  }
  // not taken up after all, and so with the small exchange alone: nothing may lean on it
  if (ticket && !resumed) options.tickets.delete(fingerprint);
  else {
    if (ticket) options.tickets.set(fingerprint, { ...ticket, failed: false });
    socket.on('session', (session) => options.tickets.set(fingerprint, { session, certificate }));
  }
  return { ok: true, value: { socket, fingerprint, certificate, resumed } };
}

function refuse(socket: Socket, end: LineEnd): Outcome<never> {
  socket.destroy();
  return { ok: false, end };
}

/** `null` as value: WebSocket does not come through here, a POST may. */
export async function upgrade(
  trusted: Trusted,
  address: Address,
  hello: Uint8Array,
  deadlines: Deadlines,
  signal: AbortSignal,
): Promise<Outcome<{ wire: Wire; welcome: Uint8Array } | null>> {
  const { socket } = trusted;
  const ws = new WebSocket(`ws://${hostHeader(address)}${SYNC_PATH}`, {
    ...socketOptions,
    createConnection: () => socket,
    handshakeTimeout: deadlines.answerMs,
    followRedirects: false,
    headers: { [TRAM_HEADER]: Buffer.from(hello).toString('base64url') },
  });
  return new Promise((resolve) => {
    let welcome: Uint8Array | null = null;
    let wire: Wire | null = null;
    const done = (outcome: Outcome<{ wire: Wire; welcome: Uint8Array } | null>): void => {
      signal.removeEventListener('abort', abort);
      resolve(outcome);
      if (!outcome.ok || outcome.value === null) ws.terminate();
    };
    const abort = (): void => done({ ok: false, end: { code: 'closed', detail: 'stopped' } });
    signal.addEventListener('abort', abort);
    ws.on('upgrade', (answer) => {
      welcome = headerBytes(answer);
      // from here on, so that nothing said right behind the answer is missed
      wire = wireOf(ws, socket);
    });
    ws.on('open', () =>
      wire && welcome
        ? done({ ok: true, value: { wire, welcome } })
        : done({ ok: false, end: { code: 'not_tram', detail: 'no welcome' } }),
    );
    ws.on('unexpected-response', (_request: ClientRequest, answer: IncomingMessage) => {
      answer.resume();
      const end = readEnd(oneHeader(answer, END_HEADER));
      done(end ? { ok: false, end } : { ok: true, value: null });
    });
    ws.on('error', (error) => done({ ok: false, end: { code: 'closed', detail: error.message } }));
    ws.on('close', () => done({ ok: false, end: { code: 'closed' } }));
  });
}

/** One request of one exchange; closes the connection. */
export async function post(
  trusted: Trusted,
  address: Address,
  hello: Uint8Array,
  frames: readonly Uint8Array[],
  deadlines: Deadlines,
  signal: AbortSignal,
): Promise<Outcome<{ welcome: Uint8Array; frames: Uint8Array[] }>> {
  const body = joinFrames(frames);
  const answered = await ask(trusted, address, deadlines.exchangeMs, signal, {
    method: 'POST',
    path: SYNC_PATH,
    headers: {
      [TRAM_HEADER]: Buffer.from(hello).toString('base64url'),
      'content-type': FRAMES_TYPE,
      'content-length': body.length,
    },
    body,
  });
  if (!answered.ok) return answered;
  const { status, headers, body: answer } = answered.value;
  const end = readEnd(headers.get(END_HEADER));
  if (end) return { ok: false, end };
  const welcome = Buffer.from(headers.get(TRAM_HEADER) ?? '', 'base64url');
  const read = status === 200 && welcome.length > 0 ? splitFrames(answer) : null;
  if (!read) return { ok: false, end: { code: 'not_tram', detail: `answered ${status}` } };
  return { ok: true, value: { welcome, frames: read } };
}

export interface Answer {
  readonly status: number;
  readonly headers: ReadonlyMap<string, string>;
  readonly body: Buffer;
}

/** A small request over a connection already trusted; the answer at most MAX_BODY_BYTES. */
export function ask(
  trusted: Trusted,
  address: Address,
  withinMs: number,
  signal: AbortSignal,
  what: { method: string; path: string; headers: Record<string, string | number>; body?: Uint8Array },
): Promise<Outcome<Answer>> {
  return new Promise((resolve) => {
    const done = (outcome: Outcome<Answer>): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', abort);
      resolve(outcome);
      trusted.socket.destroy();
    };
    const fallen = (code: EndCode, detail: string) => done({ ok: false, end: { code, detail } });
    const timer = setTimeout(() => fallen('silent', 'no answer in time'), withinMs);
    const abort = (): void => fallen('closed', 'stopped');
    signal.addEventListener('abort', abort);
    const sent = request({
      createConnection: () => trusted.socket,
      method: what.method,
      path: what.path,
      headers: { host: hostHeader(address), connection: 'close', ...what.headers },
    });
    sent.on('error', (error) => fallen('closed', error.message));
    sent.on('response', (answer) => {
      const parts: Buffer[] = [];
      let length = 0;
      answer.on('data', (part: Buffer) => {
        length += part.length;
        if (length > MAX_BODY_BYTES) fallen('garbled', 'answer too long');
        else parts.push(part);
      });
      answer.on('error', (error) => fallen('closed', error.message));
      answer.on('aborted', () => fallen('closed', 'answer cut'));
      answer.on('end', () => {
        const headers = new Map(
          Object.entries(answer.headers).flatMap(([name, value]) =>
            typeof value === 'string' ? [[name, value] as const] : [],
          ),
        );
        done({ ok: true, value: { status: answer.statusCode ?? 0, headers, body: Buffer.concat(parts) } });
      });
    });
    sent.end(what.body);
  });
}

/** Null when the event came; else why it never will, and the socket is gone. */
function reached(
  socket: Socket,
  event: 'connect' | 'secureConnect',
  withinMs: number,
  signal: AbortSignal,
): Promise<LineEnd | null> {
  return new Promise((resolve) => {
    const done = (end: LineEnd | null): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', abort);
      socket.off(event, there);
      socket.off('close', gone);
      resolve(end);
      if (end) socket.destroy();
    };
    const there = (): void => done(null);
    const gone = (): void => done({ code: 'closed', detail: 'closed while connecting' });
    const abort = (): void => done({ code: 'closed', detail: 'stopped' });
    const timer = setTimeout(() => done({ code: 'silent', detail: `no ${event} in time` }), withinMs);
    signal.addEventListener('abort', abort);
    socket.once(event, there);
    socket.once('close', gone);
    // stays: an error nobody listens to would end the program
    socket.on('error', (error: Error & { code?: string }) =>
      done({ code: 'closed', detail: error.code ?? error.message }),
    );
    if (signal.aborted) abort();
  });
}

/** What OpenSSL and BoringSSL say when the other end does not speak TLS 1.3. */
const isNoTls = (detail: string | undefined): boolean =>
  detail !== undefined && /^(?:ERR_SSL_|EPROTO)/.test(detail);

const hostHeader = ({ host, port }: Address): string => `${isIP(host) === 6 ? `[${host}]` : host}:${port}`;

function headerBytes(answer: IncomingMessage): Uint8Array | null {
  const text = oneHeader(answer, TRAM_HEADER);
  return text ? Buffer.from(text, 'base64url') : null;
}

function oneHeader(answer: IncomingMessage, name: string): string | undefined {
  const value = answer.headers[name];
  return typeof value === 'string' ? value : undefined;
}
