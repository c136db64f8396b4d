// What a request must prove before the host does anything for it: every loopback port can be reached by
// every program and every web page on the PC.
import { connect } from 'node:net';
import { networkInterfaces } from 'node:os';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { maxBodyBytes } from '../../../electron/shells/browser/body.ts';
import { ticketLifeMs } from '../../../electron/shells/browser/passes.ts';
import { openTestHost, type TestHost } from './support.ts';

let test: TestHost;
let cookie: string;
let now = Date.UTC(2026, 10, 22);

beforeAll(async () => {
  test = await openTestHost({ now: () => now });
  cookie = await test.open();
});
afterAll(() => test.host.close(100));

const call = (headers: Record<string, string>, body = '{}', path = '/rpc/station.status') =>
  test.ask(path, { method: 'POST', headers, body });

describe('the address', () => {
  it('is on 127.0.0.1 only', async () => {
    const others = Object.values(networkInterfaces())
      .flat()
      .filter((address) => address?.family === 'IPv4' && !address.internal);
    for (const other of others) {
      await expect(
        new Promise((resolve, reject) =>
          connect(test.host.port, other!.address).on('connect', resolve).on('error', reject),
        ),
      ).rejects.toThrow('ECONNREFUSED');
    }
    await expect(
      new Promise((resolve, reject) =>
        connect(test.host.port, '127.0.0.2').on('connect', resolve).on('error', reject),
      ),
    ).rejects.toThrow('ECONNREFUSED');
  });

  it.each(['localhost', 'evil.example', '127.0.0.1', '127.0.0.1:1', '[::1]'])(
    'refuses a request that came for %s (DNS rebinding)',
    async (host) => {
      const answer = await test.ask('/', { headers: { cookie, host } });
      expect(answer.status).toBe(421);
    },
  );
});

describe('the ticket', () => {
  it('is exchanged for a cookie no script can read and no other site can send', async () => {
    const answer = await test.ask(test.host.address().slice(test.origin.length));
    expect(answer.status).toBe(303);
    expect(answer.headers.location).toBe('/');
    expect(answer.headers['set-cookie']?.[0]).toMatch(
      new RegExp(`^tram-${test.host.port}=[\\w-]{43}; Path=/; HttpOnly; SameSite=Strict$`),
    );
  });

  it('works once', async () => {
    const path = test.host.address().slice(test.origin.length);
    expect((await test.ask(path)).status).toBe(303);
    expect((await test.ask(path)).status).toBe(401);
  });

  it('expires', async () => {
    const path = test.host.address().slice(test.origin.length);
    now += ticketLifeMs;
    expect((await test.ask(path)).status).toBe(401);
  });

  it('cannot be guessed or left out', async () => {
    expect((await test.ask('/open')).status).toBe(401);
    expect((await test.ask('/open?ticket=x')).status).toBe(401);
  });

  it('leaves a page that is already open its cookie, so its person stays logged in', async () => {
    const answer = await test.ask(test.host.address().slice(test.origin.length), { headers: { cookie } });
    expect(answer.status).toBe(303);
    expect(answer.headers['set-cookie']).toBeUndefined();
  });
});

describe('the cookie', () => {
  it.each(['/', '/assets/a.js', '/events'])('is needed for %s', async (path) => {
    expect((await test.ask(path)).status).toBe(401);
    expect((await test.ask(path, { headers: { cookie: `tram-${test.host.port}=guess` } })).status).toBe(401);
  });

  it('is needed for a call, which otherwise never reaches the core', async () => {
    const before = test.calls.length;
    const { cookie: _left, ...headers } = test.callHeaders(cookie);
    expect((await call(headers)).status).toBe(401);
    expect(test.calls.length).toBe(before);
  });

  it('tells two pages apart for the core', async () => {
    const other = await test.open();
    await call(test.callHeaders(cookie));
    await call(test.callHeaders(other));
    const [first, second] = test.calls.slice(-2);
    expect(first?.client).not.toBe(second?.client);
    expect(cookie).not.toContain(first?.client);
  });
});

describe('a call', () => {
  it('from our own page reaches the core and is answered with its result', async () => {
    const answer = await call(test.callHeaders(cookie), '{"text":"Nguyễn Văn Ất"}', '/rpc/patients.search');
    expect(answer.status).toBe(200);
    expect(JSON.parse(answer.body)).toEqual({ ok: true, value: { text: 'Nguyễn Văn Ất' } });
    expect(test.calls.at(-1)).toMatchObject({ method: 'patients.search', input: { text: 'Nguyễn Văn Ất' } });
  });

  it.each([
    ['another origin', { origin: 'http://evil.example' }, 403],
    ['another port of this PC', { origin: 'http://127.0.0.1:1' }, 403],
    ['a sandboxed frame', { origin: 'null' }, 403],
    ['another site, by Sec-Fetch-Site', { 'sec-fetch-site': 'cross-site' }, 403],
    ['another port, by Sec-Fetch-Site', { 'sec-fetch-site': 'same-site' }, 403],
    ['a form', { 'content-type': 'text/plain' }, 415],
    ['a form with a file', { 'content-type': 'multipart/form-data; boundary=x' }, 415],
    ['something that only begins like JSON', { 'content-type': 'application/jsonx' }, 415],
  ])('from %s is refused and never reaches the core', async (_name, headers, status) => {
    const before = test.calls.length;
    expect((await call({ ...test.callHeaders(cookie), ...headers })).status).toBe(status);
    expect(test.calls.length).toBe(before);
  });

  it('without an Origin is refused', async () => {
    const { origin: _left, ...headers } = test.callHeaders(cookie);
    expect((await call(headers)).status).toBe(403);
  });

  it('with a body over 1 MiB is refused, announced or not', async () => {
    const before = test.calls.length;
    const announced = await call(
      { ...test.callHeaders(cookie), 'content-length': String(maxBodyBytes + 1) },
      '',
    );
    expect(announced.status).toBe(413);
    const chunked = await test
      .ask('/rpc/x.y', {
        method: 'POST',
        headers: { ...test.callHeaders(cookie), 'transfer-encoding': 'chunked' },
        body: Buffer.alloc(maxBodyBytes + 1, 0x20),
      })
      // The host may close the connection while the rest is still being sent.
      .catch((error: NodeJS.ErrnoException) => ({ status: error.code, body: '' }));
    expect([413, 'EPIPE', 'ECONNRESET']).toContain(chunked.status);
    expect(test.calls.length).toBe(before);
  });

  it('with a body of exactly 1 MiB is let through', async () => {
    const body = JSON.stringify('x'.repeat(maxBodyBytes - 2));
    expect((await call(test.callHeaders(cookie), body)).status).toBe(200);
  });

  it.each(['{', 'undefined', '\u0000'])('with a broken body %j answers bad_input', async (body) => {
    const answer = await call(test.callHeaders(cookie), body);
    expect(answer.status).toBe(400);
    expect(JSON.parse(answer.body).error.code).toBe('bad_input');
  });

  it('that is not UTF-8 answers bad_input', async () => {
    const answer = await test.ask('/rpc/x.y', {
      method: 'POST',
      headers: test.callHeaders(cookie),
      body: Buffer.from([0x22, 0xff, 0x22]),
    });
    expect(JSON.parse(answer.body).error.code).toBe('bad_input');
  });

  it('to an address that is no procedure answers unknown_method', async () => {
    for (const path of ['/rpc/', '/rpc/a/b', '/rpc/..%2f', '/other', `/rpc/${'a'.repeat(200)}`]) {
      const answer = await call(test.callHeaders(cookie), '{}', path);
      expect(JSON.parse(answer.body).error.code).toBe('unknown_method');
    }
  });

  it('that meets a bug answers internal and says nothing of the bug', async () => {
    const answer = await call(test.callHeaders(cookie), '{}', '/rpc/bug.call');
    expect(answer.status).toBe(500);
    expect(JSON.parse(answer.body)).toEqual({
      ok: false,
      error: { code: 'internal', messageKey: 'error.internal' },
    });
    expect(test.logged).toContain('the host could not answer');
  });

  it.each(['PUT', 'DELETE', 'OPTIONS', 'HEAD', 'PATCH'])('by %s is refused', async (method) => {
    expect((await test.ask('/rpc/x.y', { method, headers: test.callHeaders(cookie) })).status).toBe(405);
  });
});

describe('another window', () => {
  it('is given to who knows the secret of host.json, and to nobody else', async () => {
    const headers = { origin: test.origin, 'content-type': 'application/json' };
    const asked = (secret: string) =>
      test.ask('/instance', { method: 'POST', headers, body: JSON.stringify({ secret }) });
    expect((await asked('guess')).status).toBe(403);
    const { address } = JSON.parse((await asked('the-instance-secret')).body);
    expect((await test.ask(address.slice(test.origin.length))).status).toBe(303);
  });
});
