// The page as the host serves it: nothing outside its folder, a policy on every answer, events that arrive.
import { get } from 'node:http';
import { connect } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openTestHost, type TestHost } from './support.ts';

let test: TestHost;
let cookie: string;
beforeEach(async () => {
  test = await openTestHost({ heartbeatMs: 40 });
  cookie = await test.open();
});
afterEach(() => test.host.close(100));

describe('a page', () => {
  it('carries its own nonce in policy and document, new for every response', async () => {
    const first = await test.ask('/', { headers: { cookie } });
    const second = await test.ask('/', { headers: { cookie } });
    const nonceOf = (body: string) => /nonce="([\w-]{24})"/.exec(body)?.[1];
    expect(nonceOf(first.body)).toBeDefined();
    expect(nonceOf(first.body)).not.toBe(nonceOf(second.body));
    expect(first.headers['content-security-policy']).toContain(
      `style-src 'self' 'nonce-${nonceOf(first.body)}'`,
    );
    expect(first.headers['cache-control']).toBe('no-store');
  });

  it('may load from nowhere but here, be framed by nobody, and run no inline script', async () => {
    const policy = String((await test.ask('/', { headers: { cookie } })).headers['content-security-policy']);
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("script-src 'self'");
    expect(policy).toContain("frame-ancestors 'none'");
    expect(policy).toContain("connect-src 'self'");
    expect(policy).not.toMatch(/unsafe|https?:|\*/);
  });

  it.each(['/', '/assets/a.js', '/missing.js', '/events-not', '/open'])(
    'sends the fixed headers with %s',
    async (path) => {
      const { headers } = await test.ask(path, { headers: { cookie } });
      expect(headers).toMatchObject({
        'cross-origin-opener-policy': 'same-origin',
        'cross-origin-resource-policy': 'same-origin',
        'x-content-type-options': 'nosniff',
        'referrer-policy': 'no-referrer',
      });
      expect(headers['access-control-allow-origin']).toBeUndefined();
    },
  );

  it.each([
    '/../secret.json',
    '/assets/../../secret.json',
    '/%2e%2e/secret.json',
    '/..%2fsecret.json',
    '/..%5csecret.json',
    '/assets/..\\..\\secret.json',
    '//etc/passwd',
    '/.secret.json',
    '/assets/.a.js',
    '/index.html%00.js',
    '/C:/secret.json',
  ])('never leaves its folder by %s', async (path) => {
    // As raw bytes: an HTTP client would tidy the path first.
    const answer = await rawGet(test.host.port, path, cookie);
    expect(answer).toMatch(/^HTTP\/1\.1 404 /);
    expect(answer).not.toContain('secret":true');
  });

  it('is not served to a page of another site, whatever cookie it brings', async () => {
    for (const site of ['cross-site', 'same-site']) {
      expect((await test.ask('/', { headers: { cookie, 'sec-fetch-site': site } })).status).toBe(403);
    }
  });
});

describe('events', () => {
  it('reach the page they are for and all pages when they are for all', async () => {
    const other = await test.open();
    await test.ask('/rpc/x.y', { method: 'POST', headers: test.callHeaders(cookie), body: '{}' });
    const client = test.calls.at(-1)!.client;
    const mine = listen(test.origin, cookie);
    const theirs = listen(test.origin, other);
    await expect.poll(() => test.host.pages.count()).toBe(2);

    test.emit(client, { event: 'session', payload: { reason: 'locked' } });
    test.emit(null, { event: 'changed', payload: { areas: ['beds'] } });
    await expect
      .poll(() => mine.messages())
      .toEqual([
        { event: 'session', payload: { reason: 'locked' } },
        { event: 'changed', payload: { areas: ['beds'] } },
      ]);
    expect(theirs.messages()).toEqual([{ event: 'changed', payload: { areas: ['beds'] } }]);
    mine.stop();
    theirs.stop();
    await expect.poll(() => test.host.pages.count()).toBe(0);
  });

  it('show that the line is alive when nothing happens', async () => {
    const page = listen(test.origin, cookie);
    await expect.poll(() => page.text().match(/^:$/gm)?.length ?? 0).toBeGreaterThan(1);
    page.stop();
  });
});

describe('closing', () => {
  it('lets a running call finish, ends the event streams and frees the port', async () => {
    const slow = test.ask('/rpc/slow.call', {
      method: 'POST',
      headers: test.callHeaders(cookie),
      body: '{"a":1}',
    });
    const page = listen(test.origin, cookie);
    await expect.poll(() => test.calls.length).toBe(1);
    await test.host.close(5_000);
    expect(JSON.parse((await slow).body)).toEqual({ ok: true, value: { a: 1 } });
    await expect.poll(() => page.ended()).toBe(true);
    await expect(test.ask('/')).rejects.toThrow('ECONNREFUSED');
  });
});

function rawGet(port: number, path: string, cookie: string): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = '';
    const socket = connect(port, '127.0.0.1', () =>
      socket.write(
        `GET ${path} HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nCookie: ${cookie}\r\nConnection: close\r\n\r\n`,
      ),
    );
    socket.on('data', (chunk) => (text += chunk));
    socket.on('end', () => resolve(text));
    socket.on('error', reject);
  });
}

function listen(origin: string, cookie: string) {
  let text = '';
  let ended = false;
  const asking = get(`${origin}/events`, { headers: { cookie }, agent: false }, (response) => {
    response.on('data', (chunk) => (text += chunk));
    response.on('error', () => {});
    response.on('close', () => (ended = true));
  });
  asking.on('error', () => (ended = true));
  return {
    text: () => text,
    messages: () =>
      text
        .split('\n')
        .filter((line) => line.startsWith('data: '))
        .map((line) => JSON.parse(line.slice(6))),
    ended: () => ended,
    stop: () => asking.destroy(),
  };
}
