// The browser shell's server: the same page and core as the desktop program, on 127.0.0.1 only.
// Everything a request can do is in `answer`; what it must prove first is in gate.ts and passes.ts.
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fail, type Result } from '../../../shared/api/contract.ts';
import type { CoreClient } from '../core-client.ts';
import { fixedHeaders } from '../csp.ts';
import type { Log } from '../log.ts';
import { pageFile } from '../page-files.ts';
import { jsonBody } from './body.ts';
import { type EventStreams, openEventStreams } from './events.ts';
import { originOf, refusal } from './gate.ts';
import { cookieName, cookieOf, openPasses } from './passes.ts';

export interface HostOptions {
  readonly core: Pick<CoreClient, 'invoke' | 'subscribe'>;
  readonly pageFolder: string;
  readonly log: Log;
  /** Secret by which a second start of the program asks this host for another window; see single.ts. */
  readonly instanceSecret: string;
  readonly heartbeatMs?: number;
  readonly now?: () => number;
}

export interface Host {
  readonly port: number;
  /** An address that opens one page window, once. */
  address(): string;
  /** Pages that are open now. */
  readonly pages: Pick<EventStreams, 'count' | 'onCount'>;
  /** Stops accepting, lets running calls finish (at most `graceMs`), ends the event streams. */
  close(graceMs?: number): Promise<void>;
}

export async function startHost(options: HostOptions): Promise<Host> {
  const { core, log, now = Date.now } = options;
  const passes = openPasses(now);
  const events = openEventStreams(options.heartbeatMs);
  const unsubscribe = core.subscribe((client, message) => events.send(client, message));

  const server = createServer({ requestTimeout: 30_000, headersTimeout: 10_000 }, (request, response) => {
    response.on('error', () => response.destroy());
    answer(request, response).catch((bug: unknown) => {
      log('error', 'the host could not answer', bug);
      if (response.headersSent) response.destroy();
      else result(response, 500, fail('internal'));
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;
  const address = (): string => `${originOf(port)}/open?ticket=${passes.ticket()}`;

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const refused = refusal(request, port);
    if (refused) return plain(response, refused.status, `${refused.status} (${refused.why})`);
    const url = new URL(request.url ?? '/', originOf(port));
    const rawPath = (request.url ?? '/').split('?', 1)[0] ?? '/';

    if (request.method === 'POST' && rawPath === '/instance') return anotherWindow(request, response);
    const client = passes.clientOf(cookieOf(request.headers.cookie, port));
    if (request.method === 'GET' && rawPath === '/open') return open(url, client, response);
    if (!client) return plain(response, 401, notOpened);
    if (request.method === 'POST') return call(rawPath, client, request, response);
    if (rawPath === '/events') return events.add(client, response);
    return page(rawPath, response);
  }

  /** A window that already has a cookie keeps it, so its person stays logged in. */
  function open(url: URL, client: string | null, response: ServerResponse): void {
    const cookie = client ? null : passes.redeem(url.searchParams.get('ticket') ?? '');
    if (!cookie && !client) {
      plain(response, 401, notOpened);
      return;
    }
    response.writeHead(303, {
      ...fixedHeaders,
      Location: '/',
      'Cache-Control': 'no-store',
      ...(cookie ? { 'Set-Cookie': `${cookieName(port)}=${cookie}; Path=/; HttpOnly; SameSite=Strict` } : {}),
    });
    response.end();
  }

  async function call(
    path: string,
    client: string,
    request: IncomingMessage,
    response: ServerResponse,
  ): Promise<void> {
    const method = /^\/rpc\/([A-Za-z0-9.]{1,80})$/.exec(path)?.[1];
    if (!method) return result(response, 404, fail('unknown_method'));
    const input = await jsonBody(request);
    if (!input.ok) return result(response, input.error.code === 'too_large' ? 413 : 400, input);
    return result(response, 200, await core.invoke(client, method, input.value));
  }

  async function page(path: string, response: ServerResponse): Promise<void> {
    const file = await pageFile(options.pageFolder, path);
    if (!file) return plain(response, 404, '404');
    response.writeHead(200, { ...file.headers, 'Content-Length': file.body.length });
    response.end(file.body);
  }

  async function anotherWindow(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const asked = await jsonBody(request);
    const secret = asked.ok ? asked.value : null;
    const known =
      typeof secret === 'object' &&
      secret !== null &&
      'secret' in secret &&
      secret.secret === options.instanceSecret;
    if (!known) return plain(response, 403, '403');
    response.writeHead(200, { ...fixedHeaders, 'Content-Type': 'application/json' });
    response.end(JSON.stringify({ address: address() }));
  }

  return {
    port,
    address,
    pages: events,
    async close(graceMs = 5_000) {
      unsubscribe();
      events.close();
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeIdleConnections();
      const force = setTimeout(() => server.closeAllConnections(), graceMs);
      await closed;
      clearTimeout(force);
    },
  };
}

const notOpened =
  'Địa chỉ này đã dùng hoặc đã hết hạn. Hãy mở lại Trạm từ biểu tượng, hoặc chạy lại lệnh đã dùng để mở.\n' +
  'This address was used or has expired. Start Trạm again to get a new one.\n';

function plain(response: ServerResponse, status: number, text: string): void {
  response.writeHead(status, {
    ...fixedHeaders,
    'Content-Type': 'text/plain; charset=utf-8',
    'Content-Security-Policy': "default-src 'none'",
    'Cache-Control': 'no-store',
    // An unread body would keep the connection busy.
    Connection: 'close',
  });
  response.end(text);
}

function result(response: ServerResponse, status: number, body: Result<unknown>): void {
  response.writeHead(status, {
    ...fixedHeaders,
    'Content-Type': 'application/json; charset=utf-8',
    'Cache-Control': 'no-store',
    ...(status === 200 ? {} : { Connection: 'close' }),
  });
  response.end(JSON.stringify(body));
}
