import { describe, expect, it } from 'vitest';
import { parsed, readDer } from '../../../../electron/signing/der/read.ts';
import { ctx, ctxPrimitive, int, nul, seq } from '../../../../electron/signing/der/write.ts';
import { askCrl, readCrl } from '../../../../electron/signing/x509/crl.ts';
import type { CrlForm } from './authority.ts';
import {
  crlNumber,
  crlOf,
  day,
  distributionPoint,
  extension,
  issue,
  keyUsage,
  root,
  today,
  uri,
} from './authority.ts';

const ca = root();
const address = 'http://crl.test/ca.crl';
const { certificate } = issue(ca, { crl: address });
const sub = issue(ca, { name: 'CA dưới', ca: true }).certificate;

function said(form: CrlForm, about = certificate, issuer = ca.certificate): string {
  const crl = readCrl(crlOf(ca, form));
  if (crl === null) return 'malformed';
  const answer = askCrl(crl, about, issuer);
  return answer.status === 'unusable' ? answer.why : answer.status;
}
const flag = (n: number) => ctxPrimitive(n, Buffer.from([0xff]));
const named = (...names: Buffer[]) => ctx(0, ctx(0, ...names));

describe('a revocation list', () => {
  it('says of a certificate whether it is in it', () => {
    const revoked = [
      { serial: certificate.serial, at: today - day, reason: 1, invalidSince: today - 2 * day },
    ];
    expect(said({})).toBe('not-listed');
    expect(said({ revoked: [{ serial: 4711n, at: today }] })).toBe('not-listed');
    expect(said({ revoked })).toBe('revoked');
    const crl = readCrl(crlOf(ca, { revoked }));
    expect(crl?.revoked.get(certificate.serialOctets.toString('hex'))).toEqual({
      at: today - day,
      reason: 1,
      invalidSince: today - 2 * day,
    });
  });

  it.each<[string, CrlForm, string]>([
    ['has no number', { number: null }, 'has no number'],
    ['has a critical number', { number: crlNumber(1, true) }, 'has a number of a wrong form'],
    ['has a negative number', { number: crlNumber(-1) }, 'has a number of a wrong form'],
    ['tells changes only', { extensions: [extension('2.5.29.27', int(6), true)] }, 'says only what changed'],
    ['is of many issuers', { extensions: [distributionPoint(flag(4))] }, 'indirect'],
    ['is for CAs only', { extensions: [distributionPoint(flag(2))] }, 'for other certificates'],
    ['is for attributes only', { extensions: [distributionPoint(flag(5))] }, 'for other certificates'],
    [
      'is for some reasons',
      { extensions: [distributionPoint(ctxPrimitive(3, Buffer.from([6, 0x40])))] },
      'for some reasons only',
    ],
    [
      'is of another place',
      { extensions: [distributionPoint(named(uri('http://crl.test/b.crl')))] },
      'of another distribution point',
    ],
    [
      'limits itself uncritically',
      { extensions: [extension('2.5.29.28', seq(flag(1)))] },
      'limits itself uncritically',
    ],
    [
      'has an unknown critical extension',
      { extensions: [extension('1.2.3.4', nul(), true)] },
      'has a critical extension that we don’t know',
    ],
    [
      'has an unknown critical extension at an entry',
      { revoked: [{ serial: 9n, at: today, extra: extension('1.2.3.4', nul(), true) }] },
      'an entry has a critical extension that we don’t know',
    ],
    ['is signed with another key', { signer: root().privateKey }, 'its signature is wrong'],
    ['names another key', { keyId: Buffer.from([9, 9]) }, 'of another key'],
    ['names no key', { keyId: null }, 'names no issuer’s key'],
  ])('that %s says nothing good', (_, form, why) => {
    expect(said(form)).toBe(why);
  });

  it.each<[string, CrlForm]>([
    ['has no number', { number: null }],
    ['is for some reasons', { extensions: [distributionPoint(ctxPrimitive(3, Buffer.from([6, 0x40])))] }],
    ['tells changes only', { extensions: [extension('2.5.29.27', int(6), true)] }],
  ])('that %s still proves what it names revoked', (_, form) => {
    expect(said({ ...form, revoked: [{ serial: certificate.serial, at: today }] })).toBe('revoked');
  });

  it('of many issuers proves nothing of a serial number that may be another issuer’s', () => {
    const form = {
      extensions: [distributionPoint(flag(4))],
      revoked: [{ serial: certificate.serial, at: today }],
    };
    expect(said(form)).toBe('indirect');
  });

  it('for its own place, or for people, speaks of those', () => {
    expect(said({ extensions: [distributionPoint(named(uri(address)))] })).toBe('not-listed');
    expect(said({ extensions: [distributionPoint(flag(1))] })).toBe('not-listed');
    expect(said({ extensions: [distributionPoint(flag(1))] }, sub)).toBe('for other certificates');
    expect(said({ extensions: [distributionPoint(flag(2))] }, sub)).toBe('not-listed');
  });

  it('is of nobody else', () => {
    const other = root({ name: 'Khác' });
    expect(said({}, certificate, other.certificate)).toBe('of another issuer');
    const mute = root({ extensions: { '2.5.29.15': keyUsage(5) } });
    const crl = readCrl(crlOf(mute));
    expect(crl && askCrl(crl, issue(mute).certificate, mute.certificate)).toEqual({
      status: 'unusable',
      why: 'its issuer may not sign lists',
    });
  });

  it('with a reason that stands in no whole list is malformed', () => {
    for (const reason of [7, 8, 11])
      expect(said({ revoked: [{ serial: 5n, at: today, reason }] })).toBe('malformed');
  });

  it('says nothing once a single bit of it is changed', () => {
    const der = crlOf(ca, { revoked: [{ serial: 77n, at: today - day, reason: 1 }] });
    expect(parsed(() => readDer(der))).not.toBeNull();
    for (let at = 0; at < der.length; at++) {
      const bent = Buffer.from(der);
      bent[at]! ^= 1 << (at % 8);
      const crl = readCrl(bent);
      expect({ at, status: crl && askCrl(crl, certificate, ca.certificate).status }).not.toEqual({
        at,
        status: 'not-listed',
      });
    }
  });
});

describe('a list as long as a country’s', () => {
  it('is read in a moment, and every entry found', () => {
    const revoked = Array.from({ length: 30_000 }, (_, i) => ({
      serial: (1n << BigInt(100 + (i % 20))) | BigInt(i),
      at: today - day,
      reason: i % 6,
    }));
    const der = crlOf(ca, { revoked });
    const started = performance.now();
    const crl = readCrl(der);
    expect(performance.now() - started).toBeLessThan(3000);
    expect(crl?.revoked.size).toBe(30_000);
    expect([...(crl?.revoked.values() ?? [])].map(({ reason }) => reason).slice(0, 6)).toEqual([
      0, 1, 2, 3, 4, 5,
    ]);
  });
});
