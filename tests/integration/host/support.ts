// A host with a core that answers what it was asked, and raw HTTP so that a test can send any header it likes.
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { type IncomingHttpHeaders, request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Host, startHost } from '../../../electron/shells/browser/host.ts';
import type { CoreListener } from '../../../electron/shells/core-client.ts';
import { ok } from '../../../shared/api/contract.ts';
import type { EventMessage } from '../../../shared/api/index.ts';

export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

export interface Asked {
  readonly method?: string;
  readonly headers?: Record<string, string>;
  readonly body?: string | Buffer;
}

export interface TestHost {
  readonly host: Host;
  readonly calls: { client: string; method: string; input: unknown }[];
  readonly origin: string;
  readonly logged: string[];
  emit(client: string | null, message: EventMessage): void;
  ask(path: string, asked?: Asked): Promise<Answer>;
  /** Exchanges a new ticket; answers the Cookie header of that page. */
  open(): Promise<string>;
  /** Headers our own page sends with a call. */
  callHeaders(cookie: string): Record<string, string>;
}

export const instanceSecret = 'the-instance-secret';

/** `slowMs`: how long the core takes to answer `slow.call`. */
export async function openTestHost(
  options: { now?: () => number; heartbeatMs?: number; slowMs?: number } = {},
): Promise<TestHost> {
  const folder = mkdtempSync(join(tmpdir(), 'tram-host-'));
  const pageFolder = join(folder, 'page');
  mkdirSync(join(pageFolder, 'assets'), { recursive: true });
  writeFileSync(
    join(pageFolder, 'index.html'),
    '<meta property="csp-nonce" nonce="__CSP_NONCE__"><script src="/assets/a.js"></script>',
  );
  writeFileSync(join(pageFolder, 'assets', 'a.js'), '1');
  writeFileSync(join(folder, 'secret.json'), '{"secret":true}');

  const calls: TestHost['calls'] = [];
  const logged: string[] = [];
  const listeners = new Set<CoreListener>();
  const host = await startHost({
    ...options,
    pageFolder,
    instanceSecret,
    log: (_level, message) => logged.push(message),
    core: {
      async invoke(client, method, input) {
        calls.push({ client, method, input });
        if (method === 'slow.call')
          await new Promise((resolve) => setTimeout(resolve, options.slowMs ?? 300));
        if (method === 'bug.call') throw new Error('a bug with a patient in it');
        return ok(input);
      },
      subscribe(listener) {
        listeners.add(listener);
        return () => listeners.delete(listener);
      },
    },
  });
  const origin = `http://127.0.0.1:${host.port}`;
  const ask: TestHost['ask'] = (path, asked = {}) => rawRequest(host.port, path, asked);
  return {
    host,
    calls,
    origin,
    logged,
    ask,
    emit(client, message) {
      for (const listener of listeners) listener(client, message);
    },
    async open() {
      const { headers } = await ask(host.address().slice(origin.length));
      return String(headers['set-cookie']?.[0]).split(';')[0] ?? '';
    },
    callHeaders: (cookie) => ({
      cookie,
      origin,
      'content-type': 'application/json',
      'sec-fetch-site': 'same-origin',
    }),
  };
}

export function rawRequest(
  port: number,
  path: string,
  { method = 'GET', headers = {}, body }: Asked,
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const asking = request({ host: '127.0.0.1', port, path, method, headers, agent: false }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('error', reject);
      response.on('end', () =>
        resolve({
          status: response.statusCode ?? 0,
          headers: response.headers,
          body: Buffer.concat(chunks).toString('utf8'),
        }),
      );
    });
    asking.on('error', reject);
    asking.end(body);
  });
}
