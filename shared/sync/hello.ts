// Bytes of the first words of either side. They travel as base64url in the `X-Tram` header of the upgrade request
// and of its answer, so that changes can flow right behind them, without a round trip of their own.
import { type Reader, reader, WireError, type Writer, writer } from './bytes.ts';
import type { Hello, Welcome } from './session-types.ts';

export { WireError } from './bytes.ts';

/** Spoken here. A responder speaks this and the one before it. */
export const PROTOCOL = 1;
/** Of either, before base64url. */
export const MAX_HELLO_BYTES = 512;
const MAX_DICTIONARIES = 4;
const MAX_APP = 40;

export function encodeHello(hello: Hello): Uint8Array {
  const w = writer();
  w.byte(hello.protocol);
  w.byte((hello.logId === null ? 0 : 1) | (hello.mode === 'deliver' ? 2 : 0));
  w.hex(hello.station);
  w.count(hello.incarnation);
  three(w, hello.ownSeqs);
  w.hex(hello.ownProof);
  if (hello.logId !== null) {
    w.hex(hello.logId);
    three(w, hello.cursors);
  }
  w.hex(hello.vector);
  dictionaries(w, hello.dictionaries);
  w.text(hello.app);
  return w.done();
}

/**
 * Throws WireError. Of a protocol not spoken here only the number is read, as everything behind it may be different:
 * what comes back then has that number and nothing else of use, and judging it ends the attempt.
 */
export function decodeHello(bytes: Uint8Array): Hello {
  const r = bounded(bytes);
  const protocol = r.byte();
  if (protocol !== PROTOCOL) return { ...noHello, protocol };
  const flags = r.byte();
  if (flags > 3) throw new WireError('unknown flags');
  const station = r.hex(16);
  const incarnation = r.count();
  const ownSeqs = readThree(r);
  const ownProof = r.hex(16);
  const logId = (flags & 1) !== 0 ? r.hex(8) : null;
  const cursors = logId === null ? noSeqs : readThree(r);
  const hello: Hello = {
    protocol,
    station,
    incarnation,
    ownSeqs,
    ownProof,
    logId,
    cursors,
    vector: r.hex(16),
    dictionaries: readDictionaries(r),
    app: r.text(MAX_APP),
    mode: (flags & 2) !== 0 ? 'deliver' : 'both',
  };
  r.end();
  return hello;
}

export function encodeWelcome(welcome: Welcome): Uint8Array {
  const w = writer();
  w.byte(welcome.protocol);
  w.byte(
    (welcome.isProvince ? 1 : 0) |
      (welcome.mode === 'deliver' ? 2 : 0) |
      (welcome.sameVector ? 4 : 0) |
      (welcome.vectorsNeeded ? 8 : 0),
  );
  w.hex(welcome.station);
  w.hex(welcome.logId);
  three(w, welcome.heldSeqs);
  w.hex(welcome.heldProof);
  w.count(welcome.incarnation);
  dictionaries(w, welcome.dictionaries);
  w.count(welcome.wall);
  w.text(welcome.app);
  return w.done();
}

/** As decodeHello. */
export function decodeWelcome(bytes: Uint8Array): Welcome {
  const r = bounded(bytes);
  const protocol = r.byte();
  if (protocol !== PROTOCOL) return { ...noWelcome, protocol };
  const flags = r.byte();
  if (flags > 15) throw new WireError('unknown flags');
  const welcome: Welcome = {
    protocol,
    isProvince: (flags & 1) !== 0,
    mode: (flags & 2) !== 0 ? 'deliver' : 'both',
    sameVector: (flags & 4) !== 0,
    vectorsNeeded: (flags & 8) !== 0,
    station: r.hex(16),
    logId: r.hex(8),
    heldSeqs: readThree(r),
    heldProof: r.hex(16),
    incarnation: r.count(),
    dictionaries: readDictionaries(r),
    wall: r.count(),
    app: r.text(MAX_APP),
  };
  r.end();
  return welcome;
}

const noSeqs = [0, 0, 0] as const;
const noHello: Omit<Hello, 'protocol'> = {
  station: '0'.repeat(32),
  incarnation: 0,
  ownSeqs: noSeqs,
  ownProof: '0'.repeat(32),
  logId: null,
  cursors: noSeqs,
  vector: '0'.repeat(32),
  dictionaries: [],
  app: '',
  mode: 'deliver',
};
const noWelcome: Omit<Welcome, 'protocol'> = {
  station: '0'.repeat(32),
  isProvince: false,
  logId: '0'.repeat(16),
  heldSeqs: noSeqs,
  heldProof: '0'.repeat(32),
  incarnation: 0,
  sameVector: false,
  vectorsNeeded: false,
  dictionaries: [],
  wall: 0,
  app: '',
  mode: 'deliver',
};

function bounded(bytes: Uint8Array): Reader {
  if (bytes.length > MAX_HELLO_BYTES) throw new WireError('first words too long');
  return reader(bytes);
}

function three(w: Writer, values: readonly [number, number, number]): void {
  for (const value of values) w.count(value);
}
const readThree = (r: Reader): [number, number, number] => [r.count(), r.count(), r.count()];

function dictionaries(w: Writer, ids: readonly string[]): void {
  w.byte(Math.min(ids.length, MAX_DICTIONARIES));
  for (const id of ids.slice(0, MAX_DICTIONARIES)) w.hex(id);
}
function readDictionaries(r: Reader): string[] {
  const count = r.byte();
  if (count > MAX_DICTIONARIES) throw new WireError('too many dictionaries');
  return Array.from({ length: count }, () => r.hex(4));
}
