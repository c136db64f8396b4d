// Files travel behind all changes, in pieces, from whoever has them, and a cut costs one chunk.
import { expect, it } from 'vitest';
import { decodeFrame } from '../../../shared/sync/wire.ts';
import { files } from './support/files.ts';
import { contents, meet, place, write } from './support/places.ts';

/** Bytes that do not repeat, so that a chunk in the wrong place shows. */
const scan = (length: number): Uint8Array =>
  Uint8Array.from({ length }, (_, i) => (i * 31 + (i >> 8) * 7) & 255);

it('brings a wanted file over in pieces of at most 4 kB on a slow line', async () => {
  const [a, b] = [place(1), place(2, true)];
  const blobs = { initiator: files(), responder: files() };
  const hash = blobs.initiator.add(scan(100_000));
  await blobs.responder.want(hash);
  const meeting = await meet(a, b, { blobs });
  await meeting.pass(20_000);
  expect(blobs.responder.content(hash)).toEqual(scan(100_000));
  expect(meeting.told.responder).toContainEqual({ type: 'blobComplete', hash });
  const pieces = meeting.messages.filter((m) => decodeFrame(m.bytes).type === 'chunk');
  expect(Math.max(...pieces.map((m) => m.bytes.length))).toBeLessThanOrEqual(4_010);
});

it('also brings it down to the one who connected, and fetches what is wanted later', async () => {
  const [a, b] = [place(1), place(2, true)];
  const blobs = { initiator: files(), responder: files() };
  const [first, second] = [blobs.responder.add(scan(40_000)), blobs.responder.add(scan(70_001))];
  await blobs.initiator.want(first);
  const meeting = await meet(a, b, { blobs, rate: 1_000_000 });
  await meeting.pass(5_000);
  await blobs.initiator.want(second);
  meeting.initiator.tell({ type: 'blobsGrew' });
  await meeting.pass(5_000);
  expect(blobs.initiator.content(first)).toEqual(scan(40_000));
  expect(blobs.initiator.content(second)).toEqual(scan(70_001));
});

it('goes on after a cut with the chunks that are still missing', async () => {
  const [a, b] = [place(1), place(2, true)];
  const blobs = { initiator: files(), responder: files() };
  const hash = blobs.initiator.add(scan(300_000));
  await blobs.responder.want(hash);
  for (let meetings = 0; !blobs.responder.content(hash); meetings++) {
    expect(meetings).toBeLessThan(12);
    const meeting = await meet(a, b, { blobs, cutAfter: 40 });
    await meeting.pass(60_000);
    meeting.cut();
  }
  expect(blobs.responder.content(hash)).toEqual(scan(300_000));
  expect(new Set(blobs.responder.taken).size).toBe(blobs.responder.taken.length);
});

it('lets changes written meanwhile pass before the next piece', async () => {
  const [a, b] = [place(1), place(2, true)];
  const blobs = { initiator: files(), responder: files() };
  const hash = blobs.initiator.add(scan(200_000));
  await blobs.responder.want(hash);
  let wrote = false;
  const meeting = await meet(a, b, {
    blobs,
    onMessage: (from, bytes, now) => {
      if (wrote || from !== 'initiator' || decodeFrame(bytes).type !== 'chunk') return;
      wrote = true;
      write(a, 0, { text: 'Dị ứng' });
      queueMicrotask(() => now().initiator.grew());
    },
  });
  await meeting.pass(60_000);
  const types = meeting.messages.map((m) => decodeFrame(m.bytes).type);
  const firstPiece = types.indexOf('chunk');
  const change = types.indexOf('changes');
  const between = types.slice(firstPiece + 1, change).filter((type) => type === 'chunk').length;
  expect(between).toBeLessThanOrEqual(2);
  expect(contents(a)).toEqual(contents(b));
  expect(blobs.responder.content(hash)).toEqual(scan(200_000));
});

it('gives up on a file the other has nothing of, and on chunks that are not what they should be', async () => {
  const [a, b] = [place(1), place(2, true)];
  const blobs = { initiator: files(), responder: files() };
  await blobs.initiator.want('0'.repeat(64));
  const good = blobs.responder.add(scan(10_000));
  const bad = blobs.responder.add(scan(90_000));
  await blobs.initiator.want(bad);
  await blobs.initiator.want(good);
  // a broken peer: other bytes under the same number
  const broken = { ...blobs.responder, chunk: async () => scan(5) };
  const meeting = await meet(a, b, { blobs: { initiator: blobs.initiator, responder: broken } });
  await meeting.pass(30_000);
  expect(blobs.initiator.taken).toEqual([]);
  const pieces = meeting.messages.filter((m) => decodeFrame(m.bytes).type === 'chunk');
  expect(pieces.length).toBeLessThan(20);
});

it('fetches what the other has however many files it lacks, and asks for new ones before those again', async () => {
  const [a, b] = [place(1), place(2, true)];
  const blobs = { initiator: files(), responder: files() };
  const lost = Array.from({ length: 120 }, (_, n) => n.toString(16).padStart(64, '0'));
  for (const hash of lost) await blobs.initiator.want(hash);
  const behind = blobs.responder.add(scan(10_000));
  await blobs.initiator.want(behind);
  const meeting = await meet(a, b, { blobs, rate: 1_000_000 });
  await meeting.pass(60_000);
  expect(blobs.initiator.content(behind)).toEqual(scan(10_000));
  const fresh = blobs.responder.add(scan(20_000));
  await blobs.initiator.want(fresh);
  const before = meeting.messages.length;
  meeting.initiator.tell({ type: 'blobsGrew' });
  await meeting.pass(60_000);
  const asked = meeting.messages.slice(before).flatMap(({ bytes }) => {
    const frame = decodeFrame(bytes);
    return frame.type === 'want' ? [frame.blob] : [];
  });
  expect(asked[0]).toBe(fresh);
  // one of them may be there by now
  expect(asked).toContain(lost[119]);
  expect(blobs.initiator.content(fresh)).toEqual(scan(20_000));
});

/** One that keeps in mind which of its files nobody else has. */
function maker() {
  const kept = files();
  const only = new Set<string>();
  return {
    ...kept,
    only,
    add(content: Uint8Array): string {
      const hash = kept.add(content);
      only.add(hash);
      return hash;
    },
    onlyHere: async (limit: number) => [...only].slice(0, limit),
    elsewhere: async (hash: string) => void only.delete(hash),
  };
}

it('lets who made a file know that another place holds all of it, and not before', async () => {
  const [a, b] = [place(1), place(2, true)];
  const blobs = { initiator: maker(), responder: files() };
  const hash = blobs.initiator.add(scan(100_000));
  const unwanted = blobs.initiator.add(scan(5_000));
  await blobs.responder.want(hash);
  const meeting = await meet(a, b, { blobs, cutAfter: 20 });
  await meeting.pass(30_000);
  expect(blobs.responder.taken.length).toBeLessThan(4);
  expect([...blobs.initiator.only]).toEqual([hash, unwanted]);
  meeting.cut();
  const again = await meet(a, b, { blobs });
  await again.pass(60_000);
  expect(blobs.responder.content(hash)).not.toBeNull();
  expect([...blobs.initiator.only]).toEqual([unwanted]);
});

it('finds out in the next session what the line was cut over, however many files that are', async () => {
  const [a, b] = [place(1), place(2, true)];
  const blobs = { initiator: files(), responder: maker() };
  for (let i = 0; i < 120; i++) blobs.initiator.add(scan(1_000 + i));
  for (let i = 0; i < 120; i++) blobs.responder.add(scan(1_000 + i));
  const meeting = await meet(a, b, { blobs, rate: 1_000_000 });
  await meeting.pass(5_000);
  expect(blobs.responder.only.size).toBe(0);
  expect(blobs.initiator.taken).toEqual([]);
});

it('asks one that has none of a long list no further', async () => {
  const [a, b] = [place(1), place(2, true)];
  const blobs = { initiator: maker(), responder: files() };
  for (let i = 0; i < 120; i++) blobs.initiator.add(scan(1_000 + i));
  const meeting = await meet(a, b, { blobs, rate: 1_000_000 });
  await meeting.pass(5_000);
  const asked = meeting.messages.filter(
    (m) => m.from === 'initiator' && decodeFrame(m.bytes).type === 'want',
  );
  expect(asked).toHaveLength(50);
  expect(blobs.initiator.only.size).toBe(120);
});
