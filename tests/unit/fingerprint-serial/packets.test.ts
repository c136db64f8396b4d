// The packet reader: whatever a line does to the bytes, whole packets come out, and nothing else.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  encodePacket,
  type Found,
  longestPayload,
  openPacketReader,
  type Packet,
} from '../../../electron/fingerprint/readers/serial/packets.ts';
import { dice } from './support/module.ts';

const bytes = (hex: string) => Uint8Array.from(hex.split(' ').map((b) => Number.parseInt(b, 16)));
const join = (...parts: Uint8Array[]) => Uint8Array.from(parts.flatMap((part) => [...part]));
const payloads = (found: Found) => found.packets.map((p) => [...p.payload]);

/** From the makers' manuals: VfyPwd with password 0, and its answer. */
const verify = bytes('ef 01 ff ff ff ff 01 00 07 13 00 00 00 00 00 1b');
const verified = bytes('ef 01 ff ff ff ff 07 00 03 00 00 0a');

describe('a packet', () => {
  it('is written as the manual has it', () => {
    expect(encodePacket(0xffffffff, 'command', Uint8Array.of(0x13, 0, 0, 0, 0))).toEqual(verify);
  });

  it('is read as the manual has it', () => {
    expect(openPacketReader().take(verified)).toEqual({
      packets: [{ address: 0xffffffff, id: 'answer', payload: Uint8Array.of(0) }],
      damaged: 0,
      noise: 0,
    });
  });

  it('keeps its address, all 32 bits', () => {
    const packet = encodePacket(0x81020304, 'data', Uint8Array.of(1, 2, 3));
    expect(openPacketReader().take(packet).packets[0]?.address).toBe(0x81020304);
  });
});

describe('reading a line', () => {
  it('finds the same packets however the bytes are split, with noise before and between', () => {
    const packet = fc.record({
      address: fc.nat(0xffffffff),
      id: fc.constantFrom<Packet['id']>('command', 'data', 'answer', 'lastData'),
      payload: fc.uint8Array({ maxLength: longestPayload }),
    });
    // noise that could itself begin a packet has its own test
    const noise = fc.uint8Array({ maxLength: 30 }).map((some) => some.filter((byte) => byte !== 0xef));
    fc.assert(
      fc.property(
        fc.array(fc.tuple(noise, packet), { maxLength: 6 }),
        fc.infiniteStream(fc.integer({ min: 1, max: 300 })),
        (sent, sizes) => {
          const line = join(
            ...sent.map(([before, p]) => join(before, encodePacket(p.address, p.id, p.payload))),
          );
          const reader = openPacketReader();
          const found: Packet[] = [];
          let skipped = 0;
          for (let at = 0; at < line.length; ) {
            const size = sizes.next().value;
            const part = reader.take(line.subarray(at, at + size));
            found.push(...part.packets);
            skipped += part.noise;
            at += size;
          }
          expect(found).toEqual(sent.map(([, p]) => p));
          expect(skipped).toBe(sent.reduce((sum, [before]) => sum + before.length, 0));
        },
      ),
    );
  });

  it('drops a packet with a wrong sum and goes on with the next one', () => {
    const wrong = verified.slice();
    wrong[9] = 1;
    const found = openPacketReader().take(join(wrong, verified));
    expect(payloads(found)).toEqual([[0]]);
    expect(found.damaged).toBe(1);
  });

  it('finds a packet that follows the torn beginning of another one', () => {
    const torn = encodePacket(0xffffffff, 'data', new Uint8Array(60)).subarray(0, 25);
    const reader = openPacketReader();
    expect(payloads(reader.take(join(torn, verified)))).toEqual([]);
    // the torn one's length covers the whole one: known only when nothing more comes
    expect(payloads(reader.giveUp())).toEqual([[0]]);
    expect(reader.pending).toBe(0);
  });

  it('finds it without waiting as soon as the torn one is complete in length', () => {
    const torn = encodePacket(0xffffffff, 'data', new Uint8Array(60)).subarray(0, 25);
    const found = openPacketReader().take(join(torn, verified, verified, verified, verified));
    expect(payloads(found)).toEqual([[0], [0], [0], [0]]);
  });

  it.each([
    ['a length beyond any packet', 'ef 01 ff ff ff ff 07 ff ff'],
    ['a length one beyond the longest', 'ef 01 ff ff ff ff 07 01 03'],
    ['a length too short for a sum', 'ef 01 ff ff ff ff 07 00 01'],
    ['a kind that does not exist', 'ef 01 ff ff ff ff 05'],
    ['half a header', 'ef'],
    ['half a header twice', 'ef ef'],
    ['a header alone, twice', 'ef 01 ef 01'],
  ])('is not held up by %s', (_what, hex) => {
    const reader = openPacketReader();
    const found = reader.take(join(bytes(hex), verified, verified));
    const late = reader.giveUp();
    expect([...payloads(found), ...payloads(late)].length).toBeGreaterThanOrEqual(
      // read as an address, a header can swallow the packet after it; never two
      hex.endsWith('ef 01') ? 1 : 2,
    );
  });

  it('takes a packet of no payload and of the longest', () => {
    const reader = openPacketReader();
    const longest = new Uint8Array(longestPayload).fill(0xef);
    const line = join(
      encodePacket(1, 'lastData', new Uint8Array()),
      encodePacket(1, 'data', longest),
      verified,
    );
    expect(reader.take(line).packets.map((p) => p.payload.length)).toEqual([0, longestPayload, 1]);
  });

  it('survives 10,000 random lines, holds back at most one packet, and still reads what comes after', () => {
    const random = dice(20_261_122);
    const reader = openPacketReader();
    let taken = 0;
    for (let i = 0; i < 10_000; i++) {
      const line = Uint8Array.from({ length: random(200) }, () => random(256));
      // a header often enough that lengths and sums are looked at too
      if (line.length > 12 && i % 2 === 0) line.set(verified.subarray(0, 6 + random(4)), random(4));
      taken += reader.take(line).packets.length;
      expect(reader.pending).toBeLessThanOrEqual(9 + longestPayload + 2);
      if (i % 100 === 0) {
        reader.giveUp();
        expect(reader.pending).toBe(0);
        expect(payloads(reader.take(verified))).toEqual([[0]]);
      }
    }
    // two sum bytes: chance alone lets one in 65,536 pass
    expect(taken).toBeLessThan(20);
  });

  it('reads a megabyte of headers in a moment', () => {
    const reader = openPacketReader();
    const header = bytes('ef 01 ff ff ff ff 02 01 02');
    const line = Uint8Array.from({ length: 1_000_000 }, (_, i) => header[i % header.length] ?? 0);
    expect(reader.take(line).packets).toEqual([]);
    expect(reader.pending).toBeLessThanOrEqual(9 + longestPayload + 2);
  });
});
