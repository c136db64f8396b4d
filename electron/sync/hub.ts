// Serving the other PCs of the center on the LAN: sessions, joining, snapshots. Who may speak is decided by the key of
// the TLS connection alone; nothing a connection says about itself is believed before that.
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { networkInterfaces } from 'node:os';
import type { Duplex } from 'node:stream';
import { TLSSocket } from 'node:tls';
import { WebSocketServer } from 'ws';
import { fail, ok, type Result } from '../../shared/api/contract.ts';
import { WireError } from '../../shared/sync/bytes.ts';
import { ENROL_PATH, EnrolRefusal } from '../../shared/sync/enrolment.ts';
import {
  bodyWire,
  END_HEADER,
  FRAMES_TYPE,
  joinFrames,
  MAX_BODY_BYTES,
  SYNC_PATH,
  splitFrames,
  TRAM_HEADER,
  type TurnedAway,
  writeEnd,
} from '../../shared/sync/exchange.ts';
import { answerHello } from '../../shared/sync/greet.ts';
import { decodeHello, encodeWelcome } from '../../shared/sync/hello.ts';
import type { Head, ProvinceLog } from '../../shared/sync/port.ts';
import type { Hello, Welcome } from '../../shared/sync/session-types.ts';
import { sha256, sha256Hex } from '../store/crypto.ts';
import { DEFAULT_PORT } from './address.ts';
import type { Keys } from './line.ts';
import { type Ground, type Meeting, type MeetingParts, meet } from './meeting.ts';
import { socketOptions, wireOf } from './wire.ts';

export interface HubParts {
  readonly ground: Ground;
  readonly keys: Keys;
  /** The station whose certificate has this fingerprint. */
  who(fingerprint: string): { readonly station: string; readonly revoked: boolean } | null;
  enrol(body: unknown, shown: Uint8Array): Result<object>;
  /** Answers a GET of a trusted station; false: nothing is served. */
  snapshot(request: IncomingMessage, response: ServerResponse): Promise<boolean>;
  /** What the province is known to hold, and by which copy of its log: a station that comes is told at once. */
  provinceHeads(): readonly Head[];
  provinceLog(): ProvinceLog | null;
  changed(): void;
  provinceHolds: MeetingParts['provinceHolds'];
  asked: MeetingParts['asked'];
  /** 0: any free one; left out: the usual one, or any free one when another program has it. */
  readonly port?: number;
  /** Heard on this PC only: other computers cannot reach it. */
  readonly loopback?: boolean;
  readonly limits?: Partial<HubLimits>;
}

export interface HubLimits {
  /** A center has some dozens of PCs. */
  readonly connections: number;
  readonly sessions: number;
  /** Wrong or right, of all comers together: a code's secret is not to be guessed. */
  readonly enrolmentsPerMinute: number;
  readonly handshakeMs: number;
  readonly headersMs: number;
  readonly bodyMs: number;
}
export const HUB_LIMITS: HubLimits = {
  connections: 400,
  sessions: 200,
  enrolmentsPerMinute: 30,
  handshakeMs: 30_000,
  headersMs: 30_000,
  bodyMs: 90_000,
};

export interface Hub {
  readonly port: number;
  /** `ip:port` of each network card. */
  addresses(): string[];
  meetings(): readonly Meeting[];
  grew(): void;
  tellProvinceHolds: Meeting['tellProvinceHolds'];
  /** Ends the sessions of stations that may not speak any more. */
  checkTrust(): void;
  close(): Promise<void>;
}

/** Lines in one station's name at once. */
const MOST_LINES = 3;
const MAX_ENROL_BYTES = 16 * 1024;
/** Told to whoever finds the house full. */
const COME_BACK_MS = 5_000;

export async function openHub(parts: HubParts): Promise<Result<Hub>> {
  const limits = { ...HUB_LIMITS, ...parts.limits };
  const { ground } = parts;
  /** Sessions under way and whose key each was begun with, oldest first. */
  const meetings = new Map<Meeting, { readonly fingerprint: string }>();
  const enrolments: number[] = [];
  let closing = false;
  let exchanges = 0;

  const server = createServer({
    key: parts.keys.keyPem,
    cert: parts.keys.certificatePem,
    minVersion: 'TLSv1.3',
    requestCert: true,
    // self-signed on purpose: the fingerprint decides
    rejectUnauthorized: false,
    ALPNProtocols: ['http/1.1'],
    sessionIdContext: 'tram',
    // seconds: a PC that was off overnight takes its session up again
    sessionTimeout: 86_400,
    handshakeTimeout: limits.handshakeMs,
    maxHeaderSize: 8 * 1024,
  });
  server.maxConnections = limits.connections;
  server.headersTimeout = limits.headersMs;
  server.requestTimeout = limits.bodyMs;
  server.keepAliveTimeout = 10_000;
  const sockets = new WebSocketServer({ noServer: true, ...socketOptions });
  const welcomes = new WeakMap<IncomingMessage, Welcome>();
  sockets.on('headers', (headers, request) => {
    const welcome = welcomes.get(request);
    if (welcome) headers.push(`${TRAM_HEADER}: ${base64url(encodeWelcome(welcome))}`);
  });

  server.on('tlsClientError', () => {});
  server.on('upgrade', (request, socket, head) => {
    socket.on('error', () => socket.destroy());
    void upgraded(request, socket, head).catch((bug: unknown) => {
      ground.log('error', 'a station could not be let in', { bug });
      turnAway(socket, { code: 'internal' });
    });
  });
  server.on('request', (request, response) => {
    void requested(request, response).catch((bug: unknown) => {
      ground.log('error', 'a request could not be answered', { bug });
      if (!response.headersSent) end(response, { code: 'internal' });
      else response.destroy();
    });
  });

  const listening = await listen(server, parts.port, parts.loopback ? loopback : undefined);
  if (!listening.ok) return listening;
  server.on('error', (error) => ground.log('warn', 'serving met an error', { name: error.name }));

  return ok({
    port: listening.value,
    addresses: () => (parts.loopback ? [loopback] : ownAddresses()).map((ip) => `${ip}:${listening.value}`),
    meetings: () => [...meetings.keys()],
    grew: () => each((meeting) => meeting.drive.grew()),
    tellProvinceHolds: (heads, whole) => each((meeting) => meeting.tellProvinceHolds(heads, whole)),
    checkTrust() {
      for (const [meeting, { fingerprint }] of meetings)
        if (parts.who(fingerprint)?.revoked !== false) meeting.drive.close('revoked');
    },
    async close() {
      closing = true;
      const running = [...meetings.keys()];
      for (const meeting of running) meeting.drive.close('closed', 'no longer serving');
      await Promise.all(running.map((meeting) => meeting.drive.ended));
      sockets.close();
      await new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      });
    },
  });

  function each(work: (meeting: Meeting) => void): void {
    for (const meeting of meetings.keys()) work(meeting);
  }

  async function upgraded(request: IncomingMessage, socket: Duplex, head: Buffer): Promise<void> {
    const guest = await admit(request, socket);
    if (!guest.ok) return turnAway(socket, guest.away);
    if (socket.destroyed || closing) return void socket.destroy();
    welcomes.set(request, guest.welcome);
    sockets.handleUpgrade(request, socket, head, (ws) => {
      const { hello, welcome } = guest;
      // the line before may be dead and nobody has noticed yet; or a cloned disk speaks in the same name
      const before = [...meetings.keys()].filter((one) => one.peer === hello.station);
      for (const one of before.slice(0, Math.max(0, before.length + 1 - MOST_LINES)))
        one.drive.close('closed', 'came again');
      const meeting = begin(hello, welcome, wireOf(ws, socket));
      meetings.set(meeting, { fingerprint: guest.fingerprint });
      void meeting.drive.ended.then(() => {
        meetings.delete(meeting);
        parts.changed();
      });
      parts.changed();
    });
  }

  async function requested(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = (request.url ?? '').split('?', 1)[0];
    if (request.method === 'POST' && path === ENROL_PATH) return enrolled(request, response);
    if (request.method === 'POST' && path === SYNC_PATH) return exchanged(request, response);
    if (request.method === 'GET' && path === '/snapshot') {
      const guest = guestOf(request.socket);
      if (!guest || guest.revoked) return end(response, { code: guest ? 'revoked' : 'not_enrolled' });
      if (await parts.snapshot(request, response)) return;
    }
    response.writeHead(404).end();
  }

  /** The same frames in bodies: one bounded session per request. */
  async function exchanged(request: IncomingMessage, response: ServerResponse): Promise<void> {
    // before a byte of the body: a stranger must not fill this PC's memory
    const guest = await admit(request, request.socket);
    if (!guest.ok) return end(response, guest.away);
    exchanges += 1;
    try {
      const body = await bodyOf(request, MAX_BODY_BYTES);
      const frames = body && splitFrames(body);
      if (!frames) return end(response, { code: 'garbled' });
      const wire = bodyWire();
      const meeting = begin(guest.hello, guest.welcome, wire);
      await meeting.drive.settled();
      wire.deliver(frames);
      await meeting.drive.settled();
      const answer = joinFrames(wire.taken());
      meeting.drive.close('closed');
      await meeting.drive.ended;
      response.writeHead(200, {
        [TRAM_HEADER]: base64url(encodeWelcome(guest.welcome)),
        'content-type': FRAMES_TYPE,
        'content-length': answer.length,
        'cache-control': 'no-store',
      });
      response.end(answer);
    } finally {
      exchanges -= 1;
    }
  }

  async function enrolled(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await bodyOf(request, MAX_ENROL_BYTES);
    const shown = certificateOf(request.socket);
    const now = ground.now();
    while (enrolments.length > 0 && (enrolments[0] ?? 0) < now - 60_000) enrolments.shift();
    enrolments.push(now);
    if (enrolments.length > limits.enrolmentsPerMinute) return refuse(response, 429, 'busy');
    if (!body || !shown) return refuse(response, 403, 'code_wrong');
    const answer = parts.enrol(json(body), shown);
    if (!answer.ok) {
      ground.log('warn', 'a PC was not let join', { code: answer.error.code });
      const known = EnrolRefusal.shape.error.safeParse(answer.error.code);
      return refuse(response, 403, known.success ? known.data : 'code_wrong');
    }
    parts.changed();
    sendJson(response, 200, answer.value);
  }

  type Guest =
    | {
        readonly ok: true;
        readonly hello: Hello;
        readonly welcome: Welcome;
        readonly fingerprint: string;
      }
    | { readonly ok: false; readonly away: TurnedAway };

  async function admit(request: IncomingMessage, socket: Duplex): Promise<Guest> {
    const away = (code: TurnedAway['code'], retryAfterMs?: number): Guest => ({
      ok: false,
      away: { code, ...(retryAfterMs !== undefined && { retryAfterMs }) },
    });
    if (!(request.url ?? '').startsWith(SYNC_PATH)) return away('garbled');
    const guest = guestOf(socket);
    if (!guest) return away('not_enrolled');
    // what a revoked PC still has goes to the province, which can keep it sealed
    if (guest.revoked) return away('revoked');
    if (closing || meetings.size + exchanges >= limits.sessions) return away('busy', COME_BACK_MS);
    const hello = helloOf(request);
    if (!hello) return away('garbled');
    if (hello.station !== guest.station && hello.protocol === 1) return away('not_enrolled');
    const answer = await answerHello(
      hello,
      {
        station: ground.store.station.id,
        isProvince: false,
        store: ground.changes,
        dictionaries: ground.dictionaries.map((one) => one.id),
        app: ground.appVersion,
        mode: 'both',
        wall: () => Math.floor(ground.now()),
      },
      sha256,
    );
    if ('end' in answer) return away(answer.end);
    return { ok: true, hello, welcome: answer.welcome, fingerprint: guest.fingerprint };
  }

  function guestOf(socket: Duplex): { station: string; revoked: boolean; fingerprint: string } | null {
    const certificate = certificateOf(socket);
    if (!certificate) return null;
    const fingerprint = sha256Hex(certificate);
    const who = parts.who(fingerprint);
    return who && { ...who, fingerprint };
  }

  function begin(hello: Hello, welcome: Welcome, wire: MeetingParts['wire']): Meeting {
    const meeting = meet({
      ground,
      role: 'responder',
      peer: hello.station,
      hello,
      welcome,
      wire,
      held: [],
      rate: null,
      cuts: 0,
      resync: false,
      changed: parts.changed,
      provinceHolds: parts.provinceHolds,
      asked: parts.asked,
    });
    meeting.tellProvinceHolds(parts.provinceHeads(), parts.provinceLog());
    return meeting;
  }
}

const loopback = '127.0.0.1';

/** This PC's addresses on its networks, IPv4 first: they are what people type. */
export function ownAddresses(): string[] {
  const all = Object.values(networkInterfaces())
    .flatMap((cards) => cards ?? [])
    .filter(
      (card) => !card.internal && !card.address.startsWith('fe80') && !card.address.startsWith('169.254.'),
    );
  return all.filter((card) => card.family === 'IPv4').map((card) => card.address);
}

async function listen(
  server: Server,
  wanted: number | undefined,
  host: string | undefined,
): Promise<Result<number>> {
  for (const port of wanted === undefined ? [DEFAULT_PORT, 0] : [wanted]) {
    const taken = await new Promise<boolean>((resolve) => {
      const failed = (): void => resolve(false);
      server.once('error', failed);
      server.listen({ port, ...(host !== undefined && { host }) }, () => {
        server.off('error', failed);
        resolve(true);
      });
    });
    if (taken) {
      const address: AddressInfo | string | null = server.address();
      if (address && typeof address === 'object') return ok(address.port);
    }
  }
  return fail('internal');
}

/** The peer's certificate, DER; null without TLS or when it showed none. */
function certificateOf(socket: Duplex): Buffer | null {
  if (!(socket instanceof TLSSocket)) return null;
  const shown: { raw?: Buffer } = socket.getPeerCertificate();
  return shown.raw ?? null;
}

function helloOf(request: IncomingMessage): Hello | null {
  const header = request.headers[TRAM_HEADER];
  if (typeof header !== 'string') return null;
  try {
    return decodeHello(Buffer.from(header, 'base64url'));
  } catch (error) {
    if (error instanceof WireError) return null;
    throw error;
  }
}

/** Null: too long, or cut. */
function bodyOf(request: IncomingMessage, most: number): Promise<Buffer | null> {
  return new Promise((resolve) => {
    const parts: Buffer[] = [];
    let length = 0;
    request.on('data', (part: Buffer) => {
      length += part.length;
      if (length > most) {
        resolve(null);
        request.pause();
      } else parts.push(part);
    });
    request.on('end', () => resolve(Buffer.concat(parts)));
    request.on('error', () => resolve(null));
    request.on('close', () => resolve(null));
  });
}

const statusOf: Partial<Record<TurnedAway['code'], number>> = {
  not_enrolled: 403,
  revoked: 403,
  wrong_center: 403,
  garbled: 400,
  update_needed: 426,
};

function turnAway(socket: Duplex, away: TurnedAway): void {
  if (socket.destroyed) return;
  const status = statusOf[away.code] ?? 503;
  socket.end(
    `HTTP/1.1 ${status} .\r\n${END_HEADER}: ${writeEnd(away)}\r\ncontent-length: 0\r\nconnection: close\r\n\r\n`,
  );
}

function end(response: ServerResponse, away: TurnedAway): void {
  response.writeHead(statusOf[away.code] ?? 503, { [END_HEADER]: writeEnd(away), connection: 'close' }).end();
}

function refuse(response: ServerResponse, status: number, error: EnrolRefusal['error']): void {
  sendJson(response, status, { v: 1, error } satisfies EnrolRefusal);
}

function sendJson(response: ServerResponse, status: number, body: object): void {
  const text = JSON.stringify(body);
  response.writeHead(status, {
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(text),
    'cache-control': 'no-store',
    connection: 'close',
  });
  response.end(text);
}

function json(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8'));
  } catch {
    return null;
  }
}

const base64url = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64url');
