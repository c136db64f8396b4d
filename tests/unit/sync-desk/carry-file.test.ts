// The file on the stick: readable by whom it is for, proven piece by piece, useless to anybody else.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { makeStationIdentity } from '../../../electron/station/certificate.ts';
import { ecAgree, ecPointOf, ecSign, ecVerify, sha256 } from '../../../electron/store/crypto.ts';
import { carryCrypto } from '../../../electron/sync/usb.ts';
import {
  type CarryHeader,
  type CarryPart,
  type CarryTrust,
  peekCarry,
  readCarry,
  writeCarry,
} from '../../../shared/sync/carry-file.ts';
import { derOf } from '../../../shared/sync/certificate.ts';

const identity = async (name: string) => {
  const id = Buffer.from(name).toString('hex').padStart(32, '0').slice(-32);
  const made = await makeStationIdentity({ id, name, centerName: 'Trung tâm', now: Date.UTC(2026, 10, 2) });
  const der = Buffer.from(derOf(made.certificatePem) ?? []);
  return { id, ...made, fingerprint: sha256(der), point: ecPointOf(der) ?? Buffer.alloc(0) };
};
const sender = await identity('gui');
const receiver = await identity('nhan');
const stranger = await identity('la');

const header: CarryHeader = {
  kind: 'outbox',
  center: 'c',
  from: sender.id,
  created: Date.UTC(2026, 10, 22),
  app: '0.1.0',
  protocol: 1,
};
const head = { station: sender.id, incarnation: 1, lane: 1 as const, seq: 7, hash: 'ab'.repeat(32) };
const secret = Buffer.from('Nguyễn Thị Hoa, dị ứng penicilin');
const frames = [secret, Buffer.alloc(3000, 5), Buffer.from('cuối')];

function fileFor(...recipients: (typeof sender)[]): Buffer {
  const writer = writeCarry(carryCrypto, header, recipients, (bytes) => ecSign(sender.keyPem, bytes));
  return Buffer.concat([writer.head, ...frames.map(writer.frame), writer.holdings([head]), writer.end()]);
}

const trustOf = (me: typeof sender, sentBy: CarryTrust['sender'] = verifies): CarryTrust => ({
  fingerprint: me.fingerprint,
  agree: (point) => ecAgree(me.keyPem, point),
  sender: sentBy,
});
const verifies: CarryTrust['sender'] = () => (bytes, signature) =>
  ecVerify(sender.certificatePem, bytes, signature);

function read(file: Uint8Array, me = receiver, pieces = 1, sentBy = verifies) {
  const reader = readCarry(carryCrypto, trustOf(me, sentBy));
  const parts: CarryPart[] = [];
  const step = Math.max(1, Math.ceil(file.length / pieces));
  for (let at = 0; at < file.length; at += step) parts.push(...reader.push(file.slice(at, at + step)));
  return { parts, problem: reader.problem(), complete: reader.complete() };
}
const framesIn = (parts: CarryPart[]) =>
  parts.flatMap((part) => (part.type === 'frame' ? [Buffer.from(part.frame).toString('hex')] : []));
const hexes = frames.map((frame) => frame.toString('hex'));

describe('the file carried by hand', () => {
  it('gives each of those it is for what was put in', () => {
    const file = fileFor(receiver, sender);
    for (const me of [receiver, sender]) {
      const { parts, problem, complete } = read(file, me);
      expect({ problem, complete }).toEqual({ problem: null, complete: true });
      expect(parts[0]).toEqual({ type: 'header', header });
      expect(framesIn(parts)).toEqual(hexes);
      expect(parts.at(-1)).toEqual({ type: 'holdings', heads: [head] });
    }
  });

  it('is the same in whatever pieces it is read', () => {
    const file = fileFor(receiver);
    for (const pieces of [2, 7, 101, file.length])
      expect(framesIn(read(file, receiver, pieces).parts)).toEqual(hexes);
  });

  it('shows nothing of a patient without a key', () => {
    const file = fileFor(receiver);
    for (const word of ['Nguyễn', 'penicilin', 'cuối']) expect(file.includes(word)).toBe(false);
    expect(read(file, stranger)).toMatchObject({ parts: [], problem: 'not_for_us', complete: false });
  });

  it('differs each time, even with the same content', () => {
    expect(fileFor(receiver).equals(fileFor(receiver))).toBe(false);
  });

  it('is not taken from a sender nobody knows, nor from a PC that was revoked', () => {
    expect(read(fileFor(receiver), receiver, 1, () => 'not_for_us').problem).toBe('not_for_us');
    expect(read(fileFor(receiver), receiver, 1, () => 'revoked').problem).toBe('revoked');
  });

  it('is damaged when somebody else signed it', () => {
    const forged: CarryTrust['sender'] = () => (bytes, signature) =>
      ecVerify(stranger.certificatePem, bytes, signature);
    expect(read(fileFor(receiver), receiver, 1, forged)).toMatchObject({ parts: [], problem: 'damaged' });
  });

  it('cut anywhere gives whole pieces up to the cut, and says that its end is missing', () => {
    const file = fileFor(receiver);
    for (let length = 0; length < file.length; length += 13) {
      const { parts, problem, complete } = read(file.subarray(0, length));
      expect({ problem, complete }).toEqual({ problem: null, complete: false });
      const got = framesIn(parts);
      expect(got).toEqual(hexes.slice(0, got.length));
    }
  });

  it('with any byte changed gives only what stands whole before it', () => {
    const file = fileFor(receiver);
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: file.length - 1 }),
        fc.integer({ min: 1, max: 255 }),
        (at, xor) => {
          const changed = Buffer.from(file);
          changed[at] = (changed[at] ?? 0) ^ xor;
          const { parts, complete } = read(changed);
          const got = framesIn(parts);
          expect(got).toEqual(hexes.slice(0, got.length));
          expect(complete).toBe(false);
        },
      ),
      { numRuns: 150 },
    );
  });

  it('does not let pieces be taken out, swapped or added', () => {
    const writer = writeCarry(carryCrypto, header, [receiver], (bytes) => ecSign(sender.keyPem, bytes));
    const pieces = frames.map(writer.frame);
    const [a, b, c] = pieces;
    if (!a || !b || !c) throw new Error('three pieces');
    for (const shuffled of [
      [b, c],
      [b, a, c],
      [a, a, b, c],
    ]) {
      const { parts, problem } = read(Buffer.concat([writer.head, ...shuffled]));
      expect(problem).toBe('damaged');
      expect(framesIn(parts).length).toBeLessThan(2);
    }
  });

  it('tells from its first bytes whom it is from, to be believed later', () => {
    const file = fileFor(receiver);
    expect(peekCarry(file)).toEqual(header);
    expect(peekCarry(file.subarray(0, 600))).toEqual(header);
    for (const start of [file.subarray(0, 0), file.subarray(0, 12), file.subarray(0, 100), Buffer.alloc(200)])
      expect(peekCarry(start)).toBeNull();
  });

  it('tells another file from one of a later layout', () => {
    const later = fileFor(receiver);
    later[7] = 2;
    expect(read(later).problem).toBe('newer');
    expect(read(Buffer.from('PK\u0003\u0004 a zip file')).problem).toBe('not_carry');
    expect(read(Buffer.alloc(64)).problem).toBe('not_carry');
  });

  it('never answers more than it can hold: a length out of bounds is damage', () => {
    const file = fileFor(receiver);
    file.writeUInt32BE(0xffff_fff0, 8);
    expect(read(file).problem).toBe('damaged');
  });
});
