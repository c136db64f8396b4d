// Signatures under feeds: what they prove, and that nothing which was altered proves anything.
import { execFileSync } from 'node:child_process';
import { X509Certificate } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { makeStationIdentity } from '../../../electron/station/certificate.ts';
import { ecSign, ecVerify, sha256Hex } from '../../../electron/store/crypto.ts';
import { verifySignature } from '../../../province/trust/authors.ts';
import { derOf, pemOf } from '../../../shared/sync/certificate.ts';
import type { Head } from '../../../shared/sync/port.ts';
import {
  authorshipOf,
  provenBy,
  remembering,
  stationsAuthorship,
  toBase64Url,
  UNVOUCHED_ALARM_MS,
  type VouchChange,
  type VouchedHead,
  vouchBytes,
} from '../../../shared/sync/vouch.ts';

const station = 'a1'.repeat(16);
type Keys = { keyPem: string; certificatePem: string };
let own: Keys;
let other: Keys;
beforeAll(async () => {
  const make = (id: string) => makeStationIdentity({ id, name: 'Máy', centerName: 'Trung tâm', now: 0 });
  own = await make(station);
  other = await make('b2'.repeat(16));
});

const hash = (text: string): string => sha256Hex(text);
const head = (lane: 0 | 1 | 2, seq: number, branch = '', incarnation = 1): VouchedHead => ({
  incarnation,
  lane,
  seq,
  hash: hash(`${incarnation}.${lane}.${seq}${seq > 20 ? branch : ''}`),
});
const feed = (lane: 0 | 1 | 2, seq: number, branch = '', incarnation = 1): Head => ({
  station,
  ...head(lane, seq, branch, incarnation),
});

/** At `seq` of lane 2, right behind what it names of that lane. */
function vouch(heads: VouchedHead[], seq: number, { by = own, incarnation = 1 } = {}): VouchChange {
  const writer = { station, incarnation };
  return {
    ...writer,
    lane: 2,
    seq,
    prev: seq === 1 ? '0'.repeat(64) : head(2, seq - 1, '', incarnation).hash,
    hash: head(2, seq, '', incarnation).hash,
    body: { heads, signature: toBase64Url(ecSign(by.keyPem, vouchBytes(writer, heads))) },
  };
}

const judge = (feeds: Head[], vouches: VouchChange[], branch = '', certificatePem: string | null = null) =>
  authorshipOf({
    certificatePem: certificatePem ?? own.certificatePem,
    feeds,
    vouches,
    hashAt: ({ lane, incarnation }, seq) => head(lane, seq, branch, incarnation).hash,
    verify: ecVerify,
  });

describe('a signature', () => {
  it('is checked once, however often somebody looks, and each for itself', () => {
    const checked: string[] = [];
    const verify = remembering((certificatePem, bytes, signature) => {
      checked.push(certificatePem);
      return ecVerify(certificatePem, bytes, signature);
    }, 3);
    const bytes = vouchBytes({ station, incarnation: 1 }, [head(0, 5)]);
    const others = vouchBytes({ station, incarnation: 1 }, [head(0, 6)]);
    const signature = ecSign(own.keyPem, bytes);
    const look = () => [
      verify(own.certificatePem, bytes, signature),
      verify(other.certificatePem, bytes, signature),
      verify(own.certificatePem, others, signature),
    ];
    expect([look(), look()]).toEqual([
      [true, false, false],
      [true, false, false],
    ]);
    expect(checked).toHaveLength(3);
    // one more than it remembers
    expect(verify(own.certificatePem, others, ecSign(own.keyPem, others))).toBe(true);
    expect(look()).toEqual([true, false, false]);
    expect(checked).toHaveLength(7);
  });

  it('covers its feeds up to the heads it names, and its own place behind them', () => {
    const verdicts = judge(
      [feed(0, 5), feed(1, 12), feed(2, 4)],
      [vouch([head(0, 5), head(1, 9), head(2, 3)], 4)],
    );
    expect(verdicts.map(({ vouchedTo }) => vouchedTo)).toEqual([5, 9, 4]);
    expect(verdicts.every(({ contradicted }) => contradicted === null)).toBe(true);
  });

  it('is one that OpenSSL finds good, over text anybody can write down', () => {
    const heads = [head(2, 3), head(1, 9), head(0, 5)];
    const bytes = vouchBytes({ station, incarnation: 1 }, heads);
    expect(Buffer.from(bytes).toString('latin1')).toBe(
      `tram vouch 1\n${station}.1\n1.0.5 ${hash('1.0.5')}\n1.1.9 ${hash('1.1.9')}\n1.2.3 ${hash('1.2.3')}\n`,
    );
    const folder = mkdtempSync(join(tmpdir(), 'tram-vouch-'));
    try {
      const file = (name: string, content: string | Uint8Array): string => {
        writeFileSync(join(folder, name), content);
        return join(folder, name);
      };
      const { signature } = vouch(heads, 4).body as { signature: string };
      const key = new X509Certificate(own.certificatePem).publicKey.export({ type: 'spki', format: 'pem' });
      const verify = (signed: Uint8Array): string =>
        execFileSync('openssl', [
          ...['dgst', '-sha256', '-verify', file('key.pem', key.toString())],
          ...['-signature', file('signature', Buffer.from(signature, 'base64url')), file('text', signed)],
        ]).toString();
      expect(verify(bytes)).toBe('Verified OK\n');
      expect(() => verify(Buffer.concat([bytes, Buffer.from('1.0.6 x\n')]))).toThrow();
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });

  it.each([
    ['the station', ecVerify],
    ['the province', verifySignature],
  ])('with any byte changed, in it, its heads or the certificate, proves nothing to %s', (_who, verify) => {
    const good = vouch([head(0, 5), head(1, 9), head(2, 3)], 4);
    const body = good.body as { heads: VouchedHead[]; signature: string };
    expect(provenBy(good, own.certificatePem, verify)).toHaveLength(4);
    const der = derOf(own.certificatePem)!;
    const key = Buffer.from(
      new X509Certificate(own.certificatePem).publicKey.export({ type: 'spki', format: 'der' }),
    );
    const keyAt = Buffer.from(der).indexOf(key);
    const flipped = (text: string, at: number): string => {
      const i = at % text.length;
      return text.slice(0, i) + (text[i] === 'a' ? 'b' : 'a') + text.slice(i + 1);
    };
    fc.assert(
      fc.property(
        fc.constantFrom('signature', 'hash', 'seq', 'lane', 'incarnation', 'writer', 'key'),
        fc.nat(1_000),
        (where, at) => {
          const { heads, signature } = body;
          const named = heads[at % heads.length]!;
          const withHead = (change: Partial<VouchedHead>): VouchChange => ({
            ...good,
            body: { signature, heads: heads.map((one) => (one === named ? { ...one, ...change } : one)) },
          });
          if (where === 'key') {
            const bytes = Uint8Array.from(der);
            // the point itself: its last 64 bytes
            bytes[keyAt + key.length - 64 + (at % 64)]! ^= 1 << (at % 8);
            return provenBy(good, pemOf(bytes), verify) === null;
          }
          const changed: VouchChange =
            where === 'signature'
              ? { ...good, body: { heads, signature: flipped(signature, at) } }
              : where === 'hash'
                ? withHead({ hash: flipped(named.hash, at) })
                : where === 'seq'
                  ? withHead({ seq: named.seq + 1 + at })
                  : where === 'lane'
                    ? withHead({ lane: named.lane === 0 ? 1 : 0 })
                    : where === 'incarnation'
                      ? withHead({ incarnation: 2 + at })
                      : { ...good, incarnation: 2 + at };
          return provenBy(changed, own.certificatePem, verify) === null;
        },
      ),
      { numRuns: 400 },
    );
  });

  it('of another key, or none that can be read, stands out and vouches for nothing', () => {
    for (const bad of [
      vouch([head(1, 9)], 4, { by: other }),
      { ...vouch([head(1, 9)], 4), body: { heads: [head(1, 9)], signature: '***' } },
      { ...vouch([head(1, 9)], 4), body: { nothing: true } },
    ]) {
      const [one, two] = judge([feed(1, 9), feed(2, 4)], [bad]);
      expect(one).toMatchObject({ vouchedTo: 0, contradicted: null });
      expect(two).toMatchObject({ vouchedTo: 0, contradicted: { seq: 4, why: 'bad_signature' } });
    }
  });

  it('copied to another place or incarnation proves nothing that it did not say', () => {
    const good = vouch([head(1, 9), head(2, 3)], 4);
    const later: VouchChange = { ...good, seq: 30, prev: hash('forged'), hash: hash('forged too') };
    expect(judge([feed(1, 12), feed(2, 30)], [good, later]).map(({ vouchedTo }) => vouchedTo)).toEqual([
      9, 4,
    ]);
    expect(provenBy({ ...good, incarnation: 2, seq: 1 }, own.certificatePem, ecVerify)).toBeNull();
  });
});

describe('a feed', () => {
  it('whose writer signed another change under a number that is held is contradicted from there on', () => {
    const signed = [vouch([head(1, 20), head(2, 3)], 4), vouch([head(1, 24, 'ours'), head(2, 5)], 6)];
    const [one] = judge([feed(1, 30, 'forged'), feed(2, 6)], signed, 'forged');
    expect(one).toMatchObject({ vouchedTo: 20, contradicted: { seq: 24, why: 'other_hash' } });
  });

  it('is told by the first signature of the incarnation that followed where its writer had come', () => {
    const first = vouch([head(1, 20), head(1, 21, 'ours'), head(2, 4)], 1, { incarnation: 2 });
    const feeds = [feed(1, 21, 'forged'), feed(2, 4), feed(2, 1, '', 2)];
    const [one, two, three] = judge(feeds, [first], 'forged');
    expect(one).toMatchObject({ vouchedTo: 20, isOver: true, contradicted: { seq: 21, why: 'other_hash' } });
    expect(two).toMatchObject({ vouchedTo: 4, isOver: true, contradicted: null });
    expect(three).toMatchObject({ vouchedTo: 1, isOver: false, contradicted: null });
  });

  it('of which one key signed both branches is of two copies of one disk, and nobody’s forgery', () => {
    const signed = [vouch([head(1, 24, 'copy'), head(2, 3)], 4), vouch([head(1, 30, 'held'), head(2, 5)], 6)];
    const [one] = judge([feed(1, 30, 'held'), feed(2, 6)], signed, 'held');
    expect(one).toMatchObject({ vouchedTo: 30, contradicted: null });
  });

  it('claims about numbers that have not come yet wait', () => {
    const [one] = judge([feed(1, 5), feed(2, 4)], [vouch([head(1, 9), head(2, 3)], 4)]);
    expect(one).toMatchObject({ vouchedTo: 0, contradicted: null });
  });
});

describe('what is told', () => {
  const now = Date.UTC(2026, 10, 22);
  const told = (over: object, since: number) => {
    const [one] = judge([feed(1, 9)], []);
    return stationsAuthorship([{ ...one!, ...over, unvouched: { count: 9, since } }], now)[0]!.concern;
  };

  it('is nothing for a week, however the clock of who wrote it stood', () => {
    expect(told({}, now - UNVOUCHED_ALARM_MS + 1)).toBeNull();
    expect(told({}, now - UNVOUCHED_ALARM_MS - 1)).toBe('late');
    expect(told({}, now + 3 * UNVOUCHED_ALARM_MS)).toBe('late');
  });

  it('comes at once when its writer went on without signing, or somebody posed as it', () => {
    expect(told({ isOver: true }, now)).toBe('left');
    expect(told({ contradicted: { seq: 3, why: 'other_hash' } }, now)).toBe('contradicted');
    expect(told({ isStranger: true }, 0)).toBe('stranger');
  });
});
