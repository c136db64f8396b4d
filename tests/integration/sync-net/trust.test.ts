// Who may speak with whom: everything here is tried with real certificates over real TLS.
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { expect, it, onTestFinished } from 'vitest';
import { makeStationIdentity } from '../../../electron/station/certificate.ts';
import { enrolAt } from '../../../electron/sync/enrol.ts';
import { DEADLINES, dial, type Keys, upgrade } from '../../../electron/sync/line.ts';
import { derOf } from '../../../shared/sync/certificate.ts';
import { makeCode } from '../../../shared/sync/enrolment.ts';
import { encodeHello } from '../../../shared/sync/hello.ts';
import type { Hello } from '../../../shared/sync/session-types.ts';
import { nobody } from '../../unit/store/sample-area.ts';
import { openPair, openPc, type Pc, until } from './pc.ts';

const never = new AbortController().signal;
const anyone = { trusts: () => true, expected: null, deadlines: DEADLINES, signal: never };

const stranger = (): Promise<Keys> =>
  makeStationIdentity({ id: 'f'.repeat(32), name: 'Kẻ lạ', centerName: 'Nơi khác', now: Date.now() });

const helloOf = (station: string): Hello => ({
  protocol: 1,
  station,
  incarnation: 1,
  ownSeqs: [0, 0, 0],
  ownProof: '0'.repeat(32),
  logId: null,
  cursors: [0, 0, 0],
  vector: '0'.repeat(32),
  dictionaries: [],
  app: 'x',
  mode: 'both',
});

async function knock(pc: Pc, keys: Keys, hello: Hello) {
  const address = { host: '127.0.0.1', port: pc.port(), plain: false };
  const reached = await dial({ ...anyone, address, keys, tickets: new Map() });
  if (!reached.ok) return reached;
  return upgrade(reached.value, address, encodeHello(hello), DEADLINES, never);
}

it('turns away a certificate the record does not name, whatever it calls itself', async () => {
  const { hub, other } = await openPair();
  expect(await knock(hub, await stranger(), helloOf(other.store().station.id))).toMatchObject({
    ok: false,
    end: { code: 'not_enrolled' },
  });
});

it('turns away a PC of the center that speaks in the name of another', async () => {
  const { hub, other } = await openPair();
  expect(await knock(hub, other.keys(), helloOf(hub.store().station.id))).toMatchObject({
    ok: false,
    end: { code: 'not_enrolled' },
  });
});

it('turns away whoever shows no certificate at all', async () => {
  const hub = await openPc({ name: 'Máy 1', founds: true });
  await hub.invite();
  const socket = connectTls({ host: '127.0.0.1', port: hub.port(), rejectUnauthorized: false });
  const said = await new Promise<string>((resolve) => {
    let text = '';
    socket.on('data', (part) => {
      text += part.toString();
    });
    socket.on('close', () => resolve(text));
    socket.write(
      'GET /sync HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n',
    );
  });
  expect(said).toContain('403');
  expect(said).toContain('x-tram-end: not_enrolled');
});

it('tells a stranger to go before reading what it sends', async () => {
  const hub = await openPc({ name: 'Máy 1', founds: true });
  await hub.invite();
  const { keyPem: key, certificatePem: cert } = await stranger();
  const socket = connectTls({ host: '127.0.0.1', port: hub.port(), key, cert, rejectUnauthorized: false });
  const said = new Promise<string>((resolve, reject) => {
    socket.once('data', (part) => resolve(part.toString()));
    setTimeout(() => reject(new Error('it waits for the body')), 3_000);
  });
  socket.write('POST /sync HTTP/1.1\r\nHost: x\r\nContent-Length: 8000000\r\n\r\n');
  expect(await said).toContain('x-tram-end: not_enrolled');
  socket.destroy();
});

it('says nothing to a Trạm with another key than the record names', async () => {
  const { hub, other } = await openPair();
  const elsewhere = await openPc({ name: 'Máy lạ', founds: true });
  await elsewhere.invite();
  await other.sync.saveHub({ addresses: [elsewhere.address()] });
  const typed = () => other.facts().peers.find((peer) => peer.id.startsWith('address:'));
  await until(() => typed()?.state === 'refusing', 'refused');
  expect(typed()?.end).toBe('wrong_peer');
  expect(elsewhere.facts().peers).toEqual([]);
  expect(hub.store().station.id).not.toBe(elsewhere.store().station.id);
});

it('lets nobody in twice with one code, nor with a code of another place, nor after five wrong tries', async () => {
  const hub = await openPc({ name: 'Máy 1', founds: true });
  const code = await hub.invite();
  const join = async (typed: string) => {
    const pc = await openPc({ name: 'Máy' });
    const joined = await pc.sync.join({ address: hub.address(), code: typed, stationName: 'Máy' });
    return joined.ok ? 'ok' : joined.error.code;
  };
  expect(await join(code)).toBe('ok');
  expect(await join(code)).toBe('code_used');
  expect(await join(makeCode(Buffer.alloc(19, 3)))).toBe('code_wrong');

  const second = await hub.invite();
  // right public part, wrong secret
  const guess = (n: number) => makeCode(Buffer.from([...digits(second.slice(0, 4)), ...Buffer.alloc(15, n)]));
  for (let n = 1; n <= 5; n++) expect(await join(guess(n))).toBe('code_wrong');
  expect(await join(second)).toBe('code_wrong');
});

it('gives the same answer again to the PC whose answer was lost', async () => {
  const hub = await openPc({ name: 'Máy 1', founds: true });
  const code = await hub.invite();
  const keys = await makeStationIdentity({
    id: 'b'.repeat(32),
    name: 'Máy 2',
    centerName: '',
    now: Date.now(),
  });
  const ask = () =>
    enrolAt({
      address: hub.address(),
      code,
      keys,
      station: { id: 'b'.repeat(32), name: 'Máy 2' },
      center: null,
      training: false,
      deadlines: DEADLINES,
      signal: never,
    });
  const [first, second] = [await ask(), await ask()];
  expect(first).toMatchObject({ ok: true, value: { answer: { stationCode: '02', kind: 'hub' } } });
  expect(second).toEqual(first);
});

it('is not deceived by somebody in between who passes everything on', async () => {
  const hub = await openPc({ name: 'Máy 1', founds: true });
  const code = await hub.invite();
  const between = await stranger();
  // ends TLS with a certificate of its own and asks the hub what it was asked
  const server = createServer(
    { key: between.keyPem, cert: between.certificatePem, requestCert: true, rejectUnauthorized: false },
    (request, response) => {
      const parts: Buffer[] = [];
      request.on('data', (part: Buffer) => parts.push(part));
      request.on('end', () => {
        const body = Buffer.concat(parts);
        const socket = connectTls({
          host: '127.0.0.1',
          port: hub.port(),
          key: between.keyPem,
          cert: between.certificatePem,
          rejectUnauthorized: false,
        });
        let said = '';
        socket.on('data', (part) => {
          said += part.toString();
        });
        socket.on('close', () => {
          const at = said.indexOf('\r\n\r\n');
          response.writeHead(Number(said.slice(9, 12)), { 'content-type': 'application/json' });
          response.end(said.slice(at + 4));
        });
        socket.write(
          `POST /enrol HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\nConnection: close\r\n\r\n`,
        );
        socket.write(body);
      });
    },
  );
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  const pc = await openPc({ name: 'Máy 2' });
  const { port } = server.address() as AddressInfo;
  const joined = await pc.sync.join({ address: `127.0.0.1:${port}`, code, stationName: 'Máy 2' });
  expect(joined).toMatchObject({ ok: false, error: { code: 'code_wrong' } });
  expect(hub.store().sql.prepare('select count(*) from station_pc').pluck().get()).toBe(1);
});

it('ends the session of a PC that is revoked and lets it in no more', async () => {
  const { hub, other } = await openPair();
  const id = other.store().station.id;
  const before = other.notes();
  expect(hub.sync.revokeStation(nobody, id, 'mất máy')).toEqual({ ok: true, value: null });
  await until(() => hub.facts().hub.connected === 0, 'sent away');
  await until(() => other.facts().peers.some((peer) => peer.end === 'revoked'), 'told why');
  hub.write(4);
  other.write(1);
  await new Promise((resolve) => setTimeout(resolve, 600));
  expect(other.notes()).toBe(before + 1);
  expect(hub.notes()).toBe(before + 4);
  expect(hub.sync.revokeStation(nobody, id, 'lần nữa')).toMatchObject({ ok: false });
  expect(hub.sync.revokeStation(nobody, hub.store().station.id, 'chính mình')).toMatchObject({ ok: false });
});

it('takes up the TLS session of before and still knows both keys', async () => {
  const { hub, other } = await openPair();
  const tickets = new Map();
  const address = { host: '127.0.0.1', port: hub.port(), plain: false };
  const expected = await printOf(hub);
  const call = async () => {
    const reached = await dial({
      ...anyone,
      trusts: (fingerprint) => fingerprint === expected,
      expected,
      address,
      keys: other.keys(),
      tickets,
    });
    if (!reached.ok) throw new Error(reached.end.code);
    const answered = await upgrade(
      reached.value,
      address,
      encodeHello(helloOf(other.store().station.id)),
      DEADLINES,
      never,
    );
    if (!answered.ok) throw new Error(JSON.stringify(answered.end));
    await until(() => tickets.size > 0, 'a ticket');
    answered.value?.wire.close('closed');
    return reached.value.resumed;
  };
  expect(await call()).toBe(false);
  expect(await call()).toBe(true);
  expect(await call()).toBe(true);
});

async function printOf(pc: Pc): Promise<string> {
  const { sha256Hex } = await import('../../../electron/store/crypto.ts');
  return sha256Hex(derOf(pc.keys().certificatePem)!);
}

const digits = (letters: string): number[] =>
  [...letters].map((letter) => '0123456789ABCDEFGHJKMNPQRSTVWXYZ'.indexOf(letter));
