// Time-stamps from a real authority over real HTTP: OpenSSL's answers, and what else a server may do.
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { httpFetch } from '../../../../electron/signing/judge/http-fetch.ts';
import { timeStamper, verifyTimeStamp } from '../../../../electron/signing/tsp/index.ts';
import { opensslWorld, type World } from '../../../unit/signing/cms/openssl-world.ts';
import { worldJudge } from '../../../unit/signing/cms/world-judge.ts';

const content = Buffer.from('signature value');
let world: World;
let server: Server;
let answer: RequestListener;
let url: string;

beforeAll(async () => {
  world = opensslWorld();
  server = createServer((request, response) => answer(request, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
}, 60_000);
afterAll(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  world.remove();
});

const asked = (more: { deadline?: number; policy?: string } = {}) =>
  timeStamper({ url, fetch: httpFetch('stamp_unreachable'), ...more })(content);

const authority: RequestListener = (request, response) => {
  const parts: Buffer[] = [];
  request.on('data', (part: Buffer) => parts.push(part));
  request.on('end', () => {
    if (request.method !== 'POST' || request.headers['content-type'] !== 'application/timestamp-query')
      response.writeHead(400).end();
    else
      response
        .writeHead(200, { 'content-type': 'application/timestamp-reply' })
        .end(world.stampResponse(Buffer.concat(parts)));
  });
};

describe('a time-stamping authority over HTTP', () => {
  it('is asked as RFC 3161 says, and its stamp holds here and for OpenSSL', async () => {
    answer = authority;
    const token = await asked();
    if (!token.ok) throw new Error(token.error.code);
    world.write('token.der', token.value);
    world.write('stamped.bin', content);
    expect(
      world.tries([
        'ts',
        '-verify',
        '-data',
        'stamped.bin',
        '-in',
        'token.der',
        '-token_in',
        '-CAfile',
        'root.pem',
        '-untrusted',
        'ca.pem',
      ]),
    ).toMatchObject({ code: 0, said: expect.stringContaining('Verification: OK') });
    expect(await verifyTimeStamp(token.value, content, worldJudge(world))).toMatchObject({
      state: 'valid',
      reasons: [],
      revocation: { how: 'crl' },
    });
  });

  it('whose revocation cannot be asked leaves a stamp undetermined', async () => {
    answer = authority;
    const token = await asked();
    if (!token.ok) throw new Error(token.error.code);
    expect(await verifyTimeStamp(token.value, content, worldJudge(world, { fetch: null }))).toMatchObject({
      state: 'undetermined',
      reasons: ['revocation_unknown'],
    });
  });

  it('that is silent, slow, endless, broken or away is unreachable', async () => {
    const unreachable = { error: { code: 'stamp_unreachable' } };
    const from = performance.now();
    answer = () => {};
    expect(await asked({ deadline: 300 })).toMatchObject(unreachable);
    answer = (_request, response) => void response.writeHead(200).write(Buffer.alloc(10));
    expect(await asked({ deadline: 300 })).toMatchObject(unreachable);
    expect(performance.now() - from).toBeLessThan(5_000);
    answer = (_request, response) => void response.end(Buffer.alloc(1_000_000, 0x30));
    expect(await asked()).toMatchObject(unreachable);
    answer = (_request, response) => void response.writeHead(503).end('busy');
    expect(await asked()).toMatchObject(unreachable);
    answer = (request) => void request.socket.destroy();
    expect(await asked()).toMatchObject(unreachable);
    const nobody = timeStamper({ url: 'http://127.0.0.1:1/', fetch: httpFetch('stamp_unreachable') });
    expect(await nobody(content)).toMatchObject(unreachable);
  });

  it('that says no, or answers something else, is refused', async () => {
    answer = (_request, response) => void response.end('<html>please log in</html>');
    expect(await asked()).toMatchObject({ error: { code: 'stamp_refused' } });
    answer = authority;
    expect(await asked({ policy: '1.2.3.4.5' })).toMatchObject({ error: { code: 'stamp_refused' } });
  });
});
