// The admin door: health for the balancer, and whatever the admin page answers. Plain HTTP, meant for loopback or
// behind a reverse proxy that speaks TLS with browsers.
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { Log, PageAnswer } from '../types.ts';

export interface PageDoor {
  readonly port: number;
  close(): Promise<void>;
}

export interface PageDoorParts {
  readonly log: Log;
  /** False: this process should get no new stations. */
  healthy(): Promise<boolean>;
  page(): PageAnswer | null;
}

export async function openPageDoor(
  at: { readonly host: string; readonly port: number },
  parts: PageDoorParts,
): Promise<PageDoor> {
  const server = createServer(
    {
      headersTimeout: 10_000,
      requestTimeout: 30_000,
      keepAliveTimeout: 5_000,
      connectionsCheckingInterval: 2_000,
      maxHeaderSize: 8 * 1024,
    },
    (request, response) => {
      answer(request, response).catch((error: unknown) => {
        parts.log('error', 'page_fell', { error: error instanceof Error ? error.name : 'unknown' });
        if (!response.headersSent) response.writeHead(500);
        response.end();
      });
    },
  );
  server.maxConnections = 200;
  server.setTimeout(60_000);
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(at, () => resolve());
  });
  const address = server.address();
  return {
    port: typeof address === 'object' && address ? address.port : at.port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (/^\/health(\?|$)/.test(request.url ?? '')) return await health(response);
    const page = parts.page();
    if (page && (await page(request, response))) return;
    response.writeHead(404, { 'content-type': 'text/plain' }).end('not found\n');
  }

  async function health(response: ServerResponse): Promise<void> {
    const healthy = await Promise.race([parts.healthy().catch(() => false), falseAfter(healthMs)]);
    response.writeHead(healthy ? 200 : 503, {
      'content-type': 'application/json',
      'cache-control': 'no-store',
    });
    response.end(`${JSON.stringify({ ok: healthy })}\n`);
  }
}

/** A database that does not answer is as good as none: balancers wait for seconds only. */
const healthMs = 3_000;

const falseAfter = (ms: number): Promise<false> =>
  new Promise((resolve) => setTimeout(() => resolve(false), ms).unref());
