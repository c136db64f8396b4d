// Certificates and lists that break one small rule of RFC 5280, made by taking a sound one apart: the signature would
// not fit any more, which is not what is looked at here.
import { generateKeyPairSync } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { readDer } from '../../../../electron/signing/der/read.ts';
import {
  algorithmIdentifier,
  ctxPrimitive,
  generalizedTime,
  ia5,
  oid,
  printable,
  seq,
  set,
  tlv,
  utf8,
} from '../../../../electron/signing/der/write.ts';
import { purposes } from '../../../../electron/signing/judge/purposes.ts';
import { readCertificate } from '../../../../electron/signing/x509/certificate.ts';
import { readCrl } from '../../../../electron/signing/x509/crl.ts';
import { findPath } from '../../../../electron/signing/x509/path.ts';
import { faultOf } from '../../../../electron/signing/x509/rules.ts';
import { alternativeNames, crlOf, day, issue, nameConstraints, root, today } from './authority.ts';

const ca = root();

/** The members of what was signed, put together anew. */
function changed(der: Buffer, change: (members: Buffer[]) => Buffer[], outer?: Buffer): Buffer {
  const [tbs, algorithm, signature] = readDer(der).children;
  const members = tbs!.children.map(({ bytes }) => bytes);
  return seq(seq(...change(members)), outer ?? algorithm!.bytes, signature!.bytes);
}
const fault = (change: (members: Buffer[]) => Buffer[], outer?: Buffer) => {
  const read = readCertificate(changed(issue(ca).certificate.der, change, outer));
  return read === null ? 'unreadable' : (faultOf(read, 'leaf')?.says ?? null);
};
const at = (n: number, to: Buffer) => (members: Buffer[]) => members.with(n, to);
const subject = (value: Buffer) => at(5, seq(set(seq(oid('2.5.4.3'), value))));

describe('a certificate', () => {
  it('unchanged has no fault', () => {
    expect(fault((members) => members)).toBeNull();
  });

  it.each([1, 2])('with unique identifier %i has', (n) => {
    const id = ctxPrimitive(n, Buffer.from([0, 1]));
    expect(fault((members) => members.toSpliced(7, 0, id))).toMatch(/unique identifiers/);
  });

  it('signed by RSA writes the parameters', () => {
    const of = (parameters: 'null' | null) => {
      const rsa = algorithmIdentifier('1.2.840.113549.1.1.11', parameters);
      return fault(at(2, rsa), rsa);
    };
    expect(of('null')).toBeNull();
    expect(of(null)).toMatch(/parameters/);
  });

  it('is signed by the algorithm it says inside', () => {
    const other = algorithmIdentifier('1.2.840.10045.4.3.3', null);
    expect(fault((members) => members, other)).toMatch(/inside and outside/);
    expect(fault(at(2, other))).toMatch(/inside and outside/);
  });

  it('has a key on its curve', () => {
    const { publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const spki = publicKey.export({ type: 'spki', format: 'der' });
    expect(fault(at(6, spki))).toBeNull();
    spki.writeUInt8(spki.readUInt8(spki.length - 1) ^ 1, spki.length - 1);
    expect(fault(at(6, spki))).toMatch(/key/);
  });

  it.each<[string, Buffer, boolean]>([
    ['in Unicode', utf8('Nguyễn Văn An'), true],
    ['with a letter that hides the rest', utf8('An\0 B'), false],
    ['on two lines', utf8('An\nB'), false],
    ['printable', printable('Nguyen Van An'), true],
    ['printable with eight bits', tlv(0x13, Buffer.from('Nguyễn Văn An')), false],
    ['for mail with eight bits', tlv(0x16, Buffer.from([0x41, 0xe9])), false],
    ['for mail', ia5('an@bv.vn'), true],
  ])('may have a name %s: %#', (_, value, readable) => {
    expect(fault(subject(value))).toBe(readable ? null : 'unreadable');
  });

  it.each<[string, Buffer]>([
    ['without seconds', tlv(0x17, Buffer.from('2611220000Z'))],
    ['in another zone', tlv(0x17, Buffer.from('261122000000+0700'))],
    ['of no month', tlv(0x17, Buffer.from('261322000000Z'))],
    ['with a fraction', tlv(0x18, Buffer.from('20501122000000.5Z'))],
    ['that is a text', utf8('20501122000000Z')],
  ])('has no time %s', (_, time) => {
    const [from] = readDer(issue(ca).certificate.der).children[0]!.children[4]!.children;
    expect(fault(at(4, seq(from!.bytes, time)))).toBe('unreadable');
  });

  it('writes times before 2050 shortly and later ones at length', () => {
    const [from] = readDer(issue(ca).certificate.der).children[0]!.children[4]!.children;
    const of = (end: number) => fault(at(4, seq(from!.bytes, generalizedTime(end))));
    expect(of(Date.UTC(2050, 0, 1))).toBeNull();
    expect(of(Date.UTC(2049, 11, 31, 23, 59, 59))).toMatch(/times/);
  });
});

describe('a mail address in the subject', () => {
  it('is held to what the CA may issue for, whatever the alternative names say', () => {
    const mail = (text: string) => ctxPrimitive(1, Buffer.from(text));
    const middle = issue(ca, {
      name: 'CA dưới',
      ca: true,
      extensions: { nc: nameConstraints([mail('bv.vn')]) },
    });
    const of = (address: string) => {
      const name = seq(set(seq(oid('1.2.840.113549.1.9.1'), ia5(address))));
      const leaf = issue(middle, { name, extensions: { san: alternativeNames(mail('an@bv.vn')) } });
      const { fault: found } = findPath({
        ...{ leaf: leaf.certificate, others: [middle.certificate], anchors: [ca.certificate] },
        ...{ at: today, purpose: purposes.document },
      });
      return found?.reason ?? null;
    };
    expect(of('an@bv.vn')).toBeNull();
    expect(of('an@evil.vn')).toBe('chain_wrong');
  });
});

describe('a revocation list', () => {
  it('writes times before 2050 shortly, or says nothing good', () => {
    const list = crlOf(ca);
    const of = (n: number, time: number) =>
      readCrl(changed(list, at(n, generalizedTime(time))))?.unusable ?? null;
    expect(readCrl(list)?.unusable).toBeNull();
    expect(of(3, today - day)).toMatch(/wrong form/);
    expect(of(4, today + day)).toMatch(/wrong form/);
    expect(of(4, Date.UTC(2050, 0, 1))).toBeNull();
  });

  it('is of version 2', () => {
    expect(readCrl(changed(crlOf(ca), (members) => members.slice(1)))).toBeNull();
  });
});
