import { X509Certificate } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { bool, ctx, int, octets, oid, seq, set, utf8 } from '../../../../electron/signing/der/write.ts';
import {
  holderOf,
  personNumberOf,
  readCertificate,
  taxNumberOf,
} from '../../../../electron/signing/x509/certificate.ts';
import { nameText, sameName } from '../../../../electron/signing/x509/names.ts';
import {
  alternativeNames,
  certificateDer,
  dns,
  extension,
  issue,
  keyUsage,
  nameDer,
  newKeys,
  root,
} from './authority.ts';

const ca = root();
const attribute = (type: string, text: string) => set(seq(oid(type), utf8(text)));
const read = (extensions: Record<string, Buffer>) =>
  readCertificate(certificateDer(ca, newKeys(), { extensions }));

describe('reading a certificate', () => {
  it('reads what OpenSSL reads in it', () => {
    const { certificate } = issue(ca, {
      name: 'Trần Thị Bình',
      ocsp: 'http://ocsp.test/',
      crl: 'http://crl.test/ca.crl',
    });
    const theirs = new X509Certificate(certificate.der);
    expect(theirs.subject).toContain(holderOf(certificate));
    expect(new Date(theirs.validFrom).getTime()).toBe(certificate.validFrom);
    expect(new Date(theirs.validTo).getTime()).toBe(certificate.validTo);
    expect(BigInt(`0x${theirs.serialNumber}`)).toBe(certificate.serial);
    expect(theirs.fingerprint256.replaceAll(':', '').toLowerCase()).toBe(certificate.sha256);
    expect(certificate.authorityInfoAccess?.ocsp).toEqual(['http://ocsp.test/']);
    expect(certificate.crlDistributionPoints?.[0]?.names).toEqual([
      { kind: 'uri', value: 'http://crl.test/ca.crl' },
    ]);
    expect(certificate.authorityKeyId?.keyId).toEqual(ca.certificate.subjectKeyId);
  });

  it.each([
    ['UID', '0.9.2342.19200300.100.1.1', 'CCCD:079085001234', '079085001234'],
    ['serial number', '2.5.4.5', '079085001234', '079085001234'],
    ['an old card', '0.9.2342.19200300.100.1.1', 'CMND:023456789', '023456789'],
    ['a tax number', '0.9.2342.19200300.100.1.1', 'MST:0312345678', null],
    ['something longer', '2.5.4.5', '0790850012345', null],
  ])('finds the citizen number in %s', (_, type, value, expected) => {
    const name = seq(attribute('2.5.4.3', 'Nguyễn Văn An'), attribute(type, value));
    expect(personNumberOf(issue(ca, { name }).certificate)).toBe(expected);
  });

  it('finds an office’s tax number', () => {
    const name = seq(
      attribute('0.9.2342.19200300.100.1.1', 'MST:0312345678-001'),
      attribute('2.5.4.3', 'TTYT'),
    );
    expect(taxNumberOf(issue(ca, { name }).certificate)).toBe('0312345678-001');
  });

  it('writes names as RFC 4514 does, with Vietnamese letters and what must be escaped', () => {
    const name = seq(attribute('2.5.4.6', 'VN'), attribute('2.5.4.3', 'Khoa "Nội, Nhi"'));
    expect(nameText(issue(ca, { name }).certificate.subject)).toBe('CN=Khoa \\"Nội\\, Nhi\\",C=VN');
  });

  it('takes names for the same that differ in case, spaces or kind of string only', () => {
    const a = issue(ca, { name: nameDer('Trạm  Y tế', null) }).certificate.subject;
    const b = issue(ca, { name: nameDer(' trạm y TẾ ', null) }).certificate.subject;
    expect(sameName(a, b)).toBe(true);
    expect(sameName(a, issue(ca, { name: nameDer('Trạm Y tê', null) }).certificate.subject)).toBe(false);
  });

  it.each<[string, Record<string, Buffer>]>([
    ['a written-out default', { '2.5.29.19': extension('2.5.29.19', seq(bool(false))) }],
    ['key usage of no usage', { '2.5.29.15': extension('2.5.29.15', Buffer.from('030100', 'hex')) }],
    ['an issuer without its serial number', { '2.5.29.35': extension('2.5.29.35', seq(ctx(1, dns('a')))) }],
    ['name constraints that are empty', { '2.5.29.30': extension('2.5.29.30', seq(), true) }],
    ['alternative names that are none', { '2.5.29.17': alternativeNames() }],
    ['a name with a zero octet in it', { '2.5.29.17': alternativeNames(dns('a.test\0.evil')) }],
    ['a name that is not ASCII', { '2.5.29.17': alternativeNames(dns('bệnh-viện.vn')) }],
    ['a path length below zero', { '2.5.29.19': extension('2.5.29.19', seq(bool(true), int(-1)), true) }],
    ['an extension that is cut short', { '2.5.29.37': extension('2.5.29.37', Buffer.from('3003', 'hex')) }],
    [
      'an extension with something behind it',
      {
        '2.5.29.14': extension(
          '2.5.29.14',
          Buffer.concat([octets(Buffer.from([1])), octets(Buffer.from([2]))]),
        ),
      },
    ],
    ['an extension twice', { a: keyUsage(0), b: keyUsage(0) }],
  ])('refuses one with %s', (_, extensions) => {
    expect(read(extensions)).toBeNull();
  });

  it('refuses every prefix of one, and one with anything behind it', () => {
    const { der } = issue(ca).certificate;
    for (let length = 0; length < der.length; length++)
      expect(readCertificate(der.subarray(0, length))).toBeNull();
    expect(readCertificate(Buffer.concat([der, Buffer.from([0])]))).toBeNull();
  });
});
