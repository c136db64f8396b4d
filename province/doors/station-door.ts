// The door for stations: /sync as WebSocket and as POST, /enrol, /snapshot. TLS 1.3 with self-signed certificates on
// both sides; whose key it is decides everything, so nothing is read from a stranger but an enrolment.
import { randomBytes } from 'node:crypto';
import {
  createServer as createHttp,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from 'node:http';
import { createServer as createHttps } from 'node:https';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { TLSSocket } from 'node:tls';
import { type WebSocket, WebSocketServer } from 'ws';
import { ENROL_PATH, type EnrolRefusal, EnrolRequest } from '../../shared/sync/enrolment.ts';
import {
  bodyWire,
  END_HEADER,
  FRAMES_TYPE,
  joinFrames,
  SYNC_PATH,
  splitFrames,
  TRAM_HEADER,
  type TurnedAway,
  writeEnd,
} from '../../shared/sync/exchange.ts';
import { decodeHello, encodeWelcome, WireError } from '../../shared/sync/hello.ts';
import type { EndCode, Hello } from '../../shared/sync/session-types.ts';
import { sha256 } from '../bytes.ts';
import type { Enrolled } from '../trust/codes.ts';
import type { KnownStation } from '../trust/stations.ts';
import type { Limits, Log } from '../types.ts';
import { type Admission, admissionOf } from './admission.ts';
import { readBody } from './body.ts';
import { guessesOf } from './guesses.ts';
import { lineOf } from './line.ts';
import type { Greeting, Sessions } from './sessions.ts';

export interface DoorParts {
  readonly sessions: Sessions;
  readonly limits: Limits;
  readonly log: Log;
  /** Null: nobody we know. */
  byFingerprint(fingerprint: Buffer): Promise<KnownStation | null>;
  /** Of the door without TLS only: taken at its word. */
  byName(station: string): Promise<KnownStation | null>;
  enrol(request: EnrolRequest, fingerprint: Buffer): Promise<Enrolled>;
  /** Answers a GET of the center's snapshot, Range included. */
  snapshot(center: number, request: IncomingMessage, response: ServerResponse): Promise<void>;
}

export interface Door {
  readonly port: number;
  facts(): ReturnType<Admission['facts']>;
  setTicketKey(key: Buffer): void;
  /** Nobody new comes in; answers under way are given. */
  stop(): void;
  /** Cuts what is still open. */
  close(): Promise<void>;
}

/** What stations are told when there is no room: spread, so that they do not come back together. */
const retryAfterMs = (): number => 5_000 + Math.floor((randomBytes(2).readUInt16BE() / 65_536) * 25_000);
const largestEnrolment = 16 * 1024;

export async function openDoor(
  at: { readonly host: string; readonly port: number },
  /** Null: without TLS. */
  tls: { readonly key: string; readonly certificate: string; readonly ticketKey: Buffer } | null,
  parts: DoorParts,
): Promise<Door> {
  const { limits } = parts;
  const timeouts = {
    headersTimeout: limits.headersMs,
    requestTimeout: limits.exchangeMs,
    keepAliveTimeout: limits.idleMs,
    connectionsCheckingInterval: 2_000,
    maxHeaderSize: 8 * 1024,
    noDelay: true,
    keepAlive: true,
    keepAliveInitialDelay: 30_000,
  };
  const web: Server & { setTicketKeys?(key: Buffer): void } = tls
    ? createHttps({
        ...timeouts,
        key: tls.key,
        cert: tls.certificate,
        minVersion: 'TLSv1.3',
        requestCert: true,
        // self-signed on purpose: the fingerprint is looked up
        rejectUnauthorized: false,
        handshakeTimeout: limits.handshakeMs,
        ticketKeys: tls.ticketKey,
        sessionIdContext: 'tram-province',
        // a station is away for a weekend and still comes back with one round trip less
        sessionTimeout: 7 * 24 * 3600,
        ALPNProtocols: ['http/1.1'],
      })
    : createHttp(timeouts);
  const sockets = new WebSocketServer({
    noServer: true,
    perMessageDeflate: false,
    maxPayload: limits.messageBytes,
    skipUTF8Validation: true,
    clientTracking: false,
  });
  const welcomes = new WeakMap<IncomingMessage, string>();
  sockets.on('headers', (headers, request) => {
    const welcome = welcomes.get(request);
    if (welcome) headers.push(`${TRAM_HEADER}: ${welcome}`);
  });
  const guesses = guessesOf(() => performance.now());
  let stopped = false;

  web.on('request', (request, response) => void answer(request, response).catch((e) => fell(response, e)));
  web.on('upgrade', (request, socket: Duplex, head: Buffer) => {
    socket.on('error', () => socket.destroy());
    void upgrade(request, socket, head).catch((error: unknown) => {
      parts.log('error', 'upgrade_fell', { error: errorName(error) });
      refuseUpgrade(socket, { code: 'busy', retryAfterMs: retryAfterMs() });
    });
  });
  // on the socket that is read from: under TLS the raw one never sees any traffic
  const quiet = (socket: Socket): unknown => socket.setTimeout(limits.idleMs, () => socket.destroy());
  web.on(tls ? 'secureConnection' : 'connection', quiet);
  web.on('tlsClientError', (_error, socket: Socket) => socket.destroy());
  web.on('clientError', (_error, socket: Duplex) => socket.destroy());

  // what the server does with a new connection is put off until it has been let in
  const enter = web.listeners('connection');
  web.removeAllListeners('connection');
  const admission = admissionOf({
    connections: limits.connections,
    perSecond: limits.handshakesPerSecond,
    enter(socket) {
      for (const begin of enter) begin.call(web, socket);
    },
    now: () => performance.now(),
  });
  const open = new Set<Socket>();
  web.on('connection', (socket: Socket) => {
    open.add(socket);
    socket.once('close', () => open.delete(socket));
    admission.arrive(socket);
  });
  const port = await listen(web, at);

  return {
    port,
    facts: () => admission.facts(),
    setTicketKey: (key) => web.setTicketKeys?.(key),
    stop() {
      stopped = true;
    },
    async close() {
      stopped = true;
      admission.close();
      const closed = new Promise((resolve) => web.close(resolve));
      for (const socket of open) socket.destroy();
      await closed;
      sockets.close();
    },
  };

  async function upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): Promise<void> {
    if (pathOf(request) !== SYNC_PATH) return refuseUpgrade(socket, { code: 'garbled' });
    const greeting = await greet(request);
    if ('code' in greeting) return refuseUpgrade(socket, greeting);
    if (socket.destroyed) return;
    welcomes.set(request, Buffer.from(encodeWelcome(greeting.welcome)).toString('base64url'));
    sockets.handleUpgrade(request, socket, head, (ws: WebSocket) => {
      parts.sessions.begin(greeting, lineOf(ws, socket), 'websocket');
    });
  }

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = pathOf(request);
    if (request.method === 'POST' && path === SYNC_PATH) return await exchange(request, response);
    if (request.method === 'POST' && path === ENROL_PATH) return await enrolment(request, response);
    if (request.method === 'GET' && path === '/snapshot') return await snapshot(request, response);
    response.writeHead(404).end();
  }

  /** One bounded session per request; this process forgets it with the answer. */
  async function exchange(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const greeting = await greet(request);
    if ('code' in greeting) return refuse(response, greeting);
    const body = await readBody(request, limits.messageBytes);
    const frames = body ? splitFrames(body) : null;
    if (!frames) return refuse(response, { code: 'garbled' });
    const wire = bodyWire();
    const driven = parts.sessions.begin(greeting, wire, 'post');
    wire.deliver(frames);
    await driven.settled();
    driven.close('closed', 'answered');
    const closedBy = wire.closedBy();
    if (closedBy && closedBy.code !== 'closed') return refuse(response, { code: closedBy.code });
    const bytes = joinFrames(wire.taken());
    response.writeHead(200, {
      [TRAM_HEADER]: Buffer.from(encodeWelcome(greeting.welcome)).toString('base64url'),
      'content-type': FRAMES_TYPE,
      'content-length': bytes.length,
      'cache-control': 'no-store',
    });
    response.end(bytes);
  }

  async function greet(request: IncomingMessage): Promise<Greeting | TurnedAway> {
    if (stopped || parts.sessions.count() >= limits.sessions)
      return { code: 'busy', retryAfterMs: retryAfterMs() };
    const hello = helloOf(request);
    if (!hello) return { code: 'garbled' };
    const station = await whoAsks(request, hello);
    if ('code' in station) return station;
    const greeting = await parts.sessions.greet(station, hello);
    return 'end' in greeting ? { code: greeting.end } : greeting;
  }

  async function whoAsks(request: IncomingMessage, hello: Hello): Promise<KnownStation | TurnedAway> {
    const fingerprint = tls ? fingerprintOf(request) : null;
    if (tls && !fingerprint) return { code: 'not_enrolled' };
    const station = fingerprint ? await parts.byFingerprint(fingerprint) : await parts.byName(hello.station);
    if (!station) return { code: 'not_enrolled' };
    // a station may carry others' changes, but speaks under its own name only; of another protocol the name is
    // not read, and the greeting says so
    if (hello.station !== station.id && !/^0+$/.test(hello.station)) return { code: 'not_enrolled' };
    return station;
  }

  async function enrolment(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const fingerprint = fingerprintOf(request);
    const body = await readBody(request, largestEnrolment);
    const parsed = EnrolRequest.safeParse(json(body));
    if (!parsed.success)
      return send(response, 403, refusal(isNewer(json(body)) ? 'update_needed' : 'code_wrong'));
    const from = request.socket.remoteAddress ?? '';
    if (stopped || guesses.tooMany(from)) return send(response, 429, refusal('busy'));
    // without TLS there is no certificate but the one in the request
    const enrolled = await parts.enrol(
      parsed.data,
      fingerprint ??
        sha256(Buffer.from(parsed.data.certificate.replaceAll(/-----[^-]+-----|\s/g, ''), 'base64')),
    );
    if (enrolled.ok) return send(response, 200, enrolled.answer);
    if (enrolled.refusal === 'code_wrong') guesses.wrong(from);
    send(response, enrolled.refusal === 'busy' ? 429 : 403, refusal(enrolled.refusal));
  }

  async function snapshot(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const fingerprint = fingerprintOf(request);
    const station = fingerprint ? await parts.byFingerprint(fingerprint) : null;
    if (!station) return refuse(response, { code: 'not_enrolled' });
    if (station.status !== 'active') return refuse(response, { code: 'revoked' });
    await parts.snapshot(station.center, request, response);
  }

  function fell(response: ServerResponse, error: unknown): void {
    parts.log('error', 'request_fell', { error: errorName(error) });
    if (response.headersSent) response.destroy();
    else refuse(response, { code: 'busy', retryAfterMs: retryAfterMs() });
  }
}

function helloOf(request: IncomingMessage): Hello | null {
  const header = request.headers[TRAM_HEADER];
  if (typeof header !== 'string') return null;
  try {
    return decodeHello(Buffer.from(header, 'base64url'));
  } catch (error) {
    if (error instanceof WireError || error instanceof RangeError) return null;
    throw error;
  }
}

/** Of the key that made this connection; null: none was shown, or the door is without TLS. */
function fingerprintOf(request: IncomingMessage): Buffer | null {
  const socket: Socket & Partial<Pick<TLSSocket, 'getPeerCertificate'>> = request.socket;
  const raw = socket.getPeerCertificate?.().raw;
  return raw ? sha256(raw) : null;
}

const statusOf = (code: EndCode): number =>
  code === 'not_enrolled' || code === 'revoked' || code === 'wrong_center'
    ? 403
    : code === 'garbled'
      ? 400
      : code === 'update_needed'
        ? 426
        : 503;

function refuse(response: ServerResponse, end: TurnedAway): void {
  response.writeHead(statusOf(end.code), {
    [END_HEADER]: writeEnd(end),
    'content-length': 0,
    connection: 'close',
  });
  response.end();
}

function refuseUpgrade(socket: Duplex, end: TurnedAway): void {
  if (socket.destroyed) return;
  socket.end(
    `HTTP/1.1 ${statusOf(end.code)} Refused\r\n${END_HEADER}: ${writeEnd(end)}\r\ncontent-length: 0\r\nconnection: close\r\n\r\n`,
    () => socket.destroy(),
  );
}

const refusal = (error: EnrolRefusal['error']): EnrolRefusal => ({ v: 1, error });

function send(response: ServerResponse, status: number, body: object): void {
  const text = JSON.stringify(body);
  response.writeHead(status, {
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(text),
    'cache-control': 'no-store',
  });
  response.end(text);
}

function json(body: Buffer | null): unknown {
  try {
    return body ? JSON.parse(body.toString('utf8')) : null;
  } catch {
    return null;
  }
}

const isNewer = (body: unknown): boolean =>
  typeof body === 'object' && body !== null && 'v' in body && typeof body.v === 'number' && body.v > 1;

const pathOf = (request: IncomingMessage): string => (request.url ?? '').split('?', 1)[0] ?? '';
const errorName = (error: unknown): string =>
  error instanceof Error ? ('code' in error ? `${error.name} ${String(error.code)}` : error.name) : 'unknown';

function listen(server: Server, { host, port }: { host: string; port: number }): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen({ host, port, backlog: 1024 }, () => {
      server.off('error', reject);
      const address = server.address();
      resolve(typeof address === 'object' && address ? address.port : port);
    });
  });
}
