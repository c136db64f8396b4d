// The poor line of training mode and of the tests: it must be as slow as it says and lose nothing it was not told to.
import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { type Line, type LineQuality, openLine } from '../../../electron/training/line.ts';

const fast: LineQuality = { kbps: 0, roundTripMs: 0, cut: false };

describe('the poor line', () => {
  it('carries every byte both ways, in order', async () => {
    const { line } = await echoBehind(fast);
    const sent = Buffer.from(Array.from({ length: 100_000 }, (_, i) => i % 251));
    expect(await throughAndBack(line, sent)).toEqual(sent);
    expect(line.carried()).toEqual({ up: 100_000, down: 100_000, connections: 1 });
  });

  it('takes at least the time its speed and distance ask for', async () => {
    const { line } = await echoBehind({ kbps: 800, roundTripMs: 100, cut: false });
    const started = performance.now();
    await throughAndBack(line, Buffer.alloc(20_000, 1));
    // connecting 100 ms, there and back 100 ms, 20 kB at 100 kB/s up; down overlaps
    expect(performance.now() - started).toBeGreaterThan(390);
  });

  it('lets nobody through while it is cut, and everybody again afterwards', async () => {
    const { line } = await echoBehind(fast);
    line.set({ ...fast, cut: true });
    await expect(throughAndBack(line, Buffer.from('a'))).rejects.toThrow();
    line.set(fast);
    expect((await throughAndBack(line, Buffer.from('b'))).toString()).toBe('b');
  });

  it('resets a connection at the very byte it is told to', async () => {
    const { line, received } = await echoBehind(fast);
    line.tamper((piece, at) => (at.direction === 'up' && at.offset + piece.length > 10 ? 'cut' : piece));
    await expect(throughAndBack(line, Buffer.alloc(5_000))).rejects.toThrow();
    expect(received()).toBe(0);
  });

  it('swallows without a word', async () => {
    const { line, received } = await echoBehind(fast);
    line.tamper(() => 'swallow');
    const socket = connect(line.port, '127.0.0.1');
    await once(socket, 'connect');
    socket.write('nobody hears this');
    await new Promise((later) => setTimeout(later, 100));
    expect(received()).toBe(0);
    expect(socket.destroyed).toBe(false);
    socket.destroy();
  });
});

async function echoBehind(quality: LineQuality): Promise<{ line: Line; received(): number }> {
  let received = 0;
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => socket.destroy());
    socket.on('data', (bytes: Buffer) => {
      received += bytes.length;
      socket.write(bytes);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  const line = await openLine({ port: address.port }, quality);
  onTestFinished(async () => {
    await line.close();
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return { line, received: () => received };
}

async function throughAndBack(line: Line, bytes: Buffer): Promise<Buffer> {
  const socket = connect(line.port, '127.0.0.1');
  const back: Buffer[] = [];
  try {
    return await new Promise<Buffer>((done, failed) => {
      socket.on('error', failed);
      socket.on('close', () => failed(new Error('closed before everything came back')));
      socket.on('data', (piece: Buffer) => {
        back.push(piece);
        const all = Buffer.concat(back);
        if (all.length >= bytes.length) done(all);
      });
      socket.write(bytes);
    });
  } finally {
    socket.destroy();
  }
}
