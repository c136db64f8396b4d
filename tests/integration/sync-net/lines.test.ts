// Lines as they are: portals, dead servers, proxies without WebSocket, sockets that are open at one end only.
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer as createHttp } from 'node:http';
import { createServer as createHttps } from 'node:https';
import { type AddressInfo, connect, createServer as createTcp, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, it, onTestFinished, vi } from 'vitest';
import { WebSocketServer } from 'ws';
import { makeStationIdentity } from '../../../electron/station/certificate.ts';
import { startProvince } from '../../../province/index.ts';
import { nobody } from '../../unit/store/sample-area.ts';
import { holdsAll, openPair, openPc, type Pc, until } from './pc.ts';

afterEach(() => {
  vi.restoreAllMocks();
});

interface Listening {
  listen(port: number, host: string, ready: () => void): unknown;
  address(): AddressInfo | string | null;
  close(): unknown;
}

async function at(server: Listening): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  return `127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** How the PC speaks of an address that was typed. */
const endAt = (pc: Pc, address: string) =>
  pc.facts().peers.find((peer) => peer.id === `address:${address}`)?.end ?? null;

const portalPage = '<html><body>Chào mừng đến Wi-Fi khách sạn. <a href="/login">Đăng nhập</a></body></html>';

it.each([
  [
    'without TLS',
    async () => createHttp((_q, a) => a.writeHead(200, { 'content-type': 'text/html' }).end(portalPage)),
  ],
  [
    'with a certificate of its own',
    async () => {
      const { keyPem, certificatePem } = await makeStationIdentity({
        id: 'f'.repeat(32),
        name: 'portal',
        centerName: '',
        now: Date.now(),
      });
      // any certificate that is no Trạm's: the mark in it is overwritten below
      return createHttps({ key: keyPem, cert: withoutMark(certificatePem) }, (_q, a) =>
        a.writeHead(200, { 'content-type': 'text/html' }).end(portalPage),
      );
    },
  ],
] as const)('takes a captive portal %s for what it is', async (_how, open) => {
  const pc = await openPc({ name: 'Máy 1', founds: true });
  const address = await at(await open());
  await pc.sync.saveHub({ addresses: [address] });
  await until(() => endAt(pc, address) === 'not_tram', 'not taken for a Trạm');
  expect(
    await pc.sync.enrol({ userId: null, sessionId: null }, address, '0000-0000-0000-0000-0000'),
  ).toMatchObject({
    ok: false,
    error: { code: 'peer_not_tram' },
  });
});

it('gives up on a server that accepts and never answers, and tries again', async () => {
  const pc = await openPc({
    name: 'Máy 1',
    founds: true,
    tuning: { deadlines: { connectMs: 300, handshakeMs: 300, answerMs: 300, exchangeMs: 300 } },
  });
  let came = 0;
  const server = createTcp((socket) => {
    came += 1;
    socket.on('error', () => {});
  });
  const address = await at(server);
  await pc.sync.saveHub({ addresses: [address] });
  await until(() => endAt(pc, address) === 'silent' && came >= 3, 'tried again');
});

it('answers peer_unreachable where nobody listens', async () => {
  const pc = await openPc({ name: 'Máy 1' });
  expect(
    await pc.sync.join({ address: '127.0.0.1:1', code: '0000-0000-0000-0000-0000', stationName: 'Máy' }),
  ).toMatchObject({ ok: false, error: { code: 'peer_unreachable' } });
  expect(await pc.sync.join({ address: 'không phải', code: 'x', stationName: 'Máy' })).toMatchObject({
    ok: false,
    error: { code: 'bad_input' },
  });
});

it('goes on over POST where WebSocket does not come through, both ways and again and again', async () => {
  const { hub, other } = await openPair();
  await hub.sync.saveHub({ serving: false });
  vi.spyOn(WebSocketServer.prototype, 'handleUpgrade').mockImplementation((_request, socket) => {
    socket.end('HTTP/1.1 405 Method Not Allowed\r\ncontent-length: 0\r\nconnection: close\r\n\r\n');
  });
  await hub.sync.saveHub({ serving: true });
  await other.sync.saveHub({ addresses: [hub.address()] });
  other.write(700);
  hub.write(900);
  await until(() => other.facts().peers.some((peer) => peer.transport === 'post'), 'over POST');
  await until(() => hub.notes() === 1600 && other.notes() === 1600, 'both hold everything');
  await until(() => other.facts().waiting.every((lane) => lane.count === 0), 'proven');
  await until(async () => (await hub.vector()) === (await other.vector()), 'equal, signatures too');
  other.write(1);
  await until(() => hub.notes() === 1601, 'what comes later too');
});

it('sends a backlog over POST without a pause between two bodies', async () => {
  vi.spyOn(WebSocketServer.prototype, 'handleUpgrade').mockImplementation((_request, socket) => {
    socket.end('HTTP/1.1 405 Method Not Allowed\r\ncontent-length: 0\r\nconnection: close\r\n\r\n');
  });
  const folder = mkdtempSync(join(tmpdir(), 'tram-post-'));
  const province = await startProvince({ folder, name: 'Sở', listen: { host: '127.0.0.1', port: 0 } });
  onTestFinished(async () => {
    await province.close();
    rmSync(folder, { recursive: true, force: true });
  });
  const waits = { firstMs: 20, mostMs: 200, goodMs: 500, pollMs: 60_000 };
  const pc = await openPc({ name: 'Máy 1', founds: true, tuning: { waits } });
  // many times what a line of unknown speed gets at once
  pc.write(1_000);
  const center = await province.admin.createCenter('it', { name: 'Trung tâm', provinceCode: '66' } as never);
  if (!center.ok) throw new Error(center.error.code);
  const code = await province.admin.createCode('it', center.value.center);
  if (!code.ok) throw new Error(code.error.code);
  await pc.sync.enrol(nobody, `127.0.0.1:${province.port}`, code.value.code);
  await until(() => holdsAll(pc, 'province'), 'all of it has arrived', 25_000);
  expect(pc.facts().peers).toMatchObject([{ id: 'province', transport: 'post' }]);
});

it('notices within half a minute that a line is open at one end only, and comes back by another', async () => {
  const { hub, other } = await openPair();
  const line = await openLine(hub.port());
  await other.sync.saveHub({ addresses: [line.address] });
  await until(
    () => other.facts().peers.some((peer) => peer.state === 'connected' && peer.address === line.address),
    'on',
  );
  line.freeze();
  const began = Date.now();
  other.write(2);
  await until(() => hub.notes() === 2, 'what was written meanwhile arrives', 45_000);
  expect(Date.now() - began).toBeLessThan(32_000);
});

it('loses nothing when the line is cut again and again', async () => {
  const { hub, other } = await openPair();
  const line = await openLine(hub.port());
  await other.sync.saveHub({ addresses: [line.address] });
  for (let round = 0; round < 12; round++) {
    other.write(40);
    hub.write(25);
    await new Promise((resolve) => setTimeout(resolve, 15 + round * 7));
    line.cut();
  }
  await until(() => hub.notes() === 780 && other.notes() === 780, 'everything is everywhere', 20_000);
  await until(async () => (await hub.vector()) === (await other.vector()), 'equal');
  expect(hub.store().verifyLog().ok && other.store().verifyLog().ok).toBe(true);
});

/** A TCP line that can be cut, or go dead without telling either end. */
async function openLine(port: number) {
  const sockets = new Set<Socket>();
  let frozen = new WeakSet<Socket>();
  const server = createTcp((near) => {
    const far = connect(port, '127.0.0.1');
    for (const [from, to] of [
      [near, far],
      [far, near],
    ] as const) {
      sockets.add(from);
      from.on('data', (part) => {
        if (!frozen.has(from)) to.write(part);
      });
      from.on('error', () => {});
      from.on('close', () => {
        sockets.delete(from);
        if (!frozen.has(from)) to.destroy();
      });
    }
  });
  const address = await at(server);
  return {
    address,
    cut() {
      for (const socket of sockets) socket.destroy();
    },
    freeze() {
      frozen = new WeakSet(sockets);
    },
  };
}

/** The same certificate with another word in place of `urn:tram`: nobody checks its signature here. */
function withoutMark(pem: string): string {
  const der = Buffer.from(pem.replace(/-----[^-]+-----|\s/g, ''), 'base64');
  const marked = Buffer.from(der.toString('latin1').replaceAll('urn:tram:', 'urn:cafe:'), 'latin1');
  return `-----BEGIN CERTIFICATE-----\n${marked
    .toString('base64')
    .match(/.{1,64}/g)!
    .join('\n')}\n-----END CERTIFICATE-----\n`;
}
