// Certificates are written byte by byte here, so other programs must agree that they are certificates.
import { execFileSync } from 'node:child_process';
import { generateKeyPairSync, sign, X509Certificate } from 'node:crypto';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { derOf, pemOf, selfSigned } from '../../../shared/sync/certificate.ts';

const keys = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const facts = {
  kind: 'station' as const,
  id: '00112233445566778899aabbccddeeff',
  name: 'Máy trực khoa Nội',
  organization: 'Trung tâm Y tế huyện Đắk Song',
  notBefore: Date.UTC(2026, 10, 1),
  notAfter: Date.UTC(2036, 10, 1),
  serial: Uint8Array.of(0, 0xff, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14),
  publicKey: keys.publicKey.export({ type: 'spki', format: 'der' }),
  keyId: new Uint8Array(20).fill(7),
};
const make = (change: Partial<typeof facts>) =>
  selfSigned({ ...facts, ...change }, (bytes) => sign('sha256', bytes, keys.privateKey));

it('is read by OpenSSL with every field as it was meant', async () => {
  const file = join(mkdtempSync(join(tmpdir(), 'tram-cert-')), 'c.pem');
  writeFileSync(file, await make({}));
  const said = execFileSync('openssl', ['x509', '-in', file, '-noout', '-text', '-nameopt', 'utf8'], {
    encoding: 'utf8',
  });
  expect(said).toContain('Version: 3');
  expect(said).toContain('ecdsa-with-SHA256');
  expect(said).toContain('CN=Máy trực khoa Nội, O=Trung tâm Y tế huyện Đắk Song');
  expect(said).toContain('URI:urn:tram:station:00112233445566778899aabbccddeeff');
  expect(said).toContain('TLS Web Server Authentication, TLS Web Client Authentication');
  expect(said).toContain('Digital Signature');
  expect(said).toContain('Not After : Nov  1 00:00:00 2036 GMT');
  expect(said).toContain('NIST CURVE: P-256');
});

it('is sound whatever the serial, the names and the year', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.uint8Array({ minLength: 16, maxLength: 16 }).filter((bytes) => bytes.some((b) => b > 0)),
      fc.string({ unit: 'grapheme', maxLength: 200 }),
      fc.integer({ min: Date.UTC(2026, 0), max: Date.UTC(2090, 0) }),
      async (serial, name, notAfter) => {
        const pem = await make({ serial, name, notAfter });
        const read = new X509Certificate(pem);
        expect(read.verify(read.publicKey)).toBe(true);
        expect(BigInt(`0x${read.serialNumber}`)).toBe(BigInt(`0x${Buffer.from(serial).toString('hex')}`));
        expect(read.validToDate.getTime()).toBe(Math.floor(notAfter / 1000) * 1000);
        expect(Buffer.from(derOf(pem)!).equals(read.raw)).toBe(true);
      },
    ),
    { numRuns: 60 },
  );
});

it('is not found where there is none', () => {
  expect(derOf('')).toBeNull();
  expect(derOf('-----BEGIN CERTIFICATE-----\n!!\n-----END CERTIFICATE-----')).toBeNull();
  expect(derOf(pemOf(Uint8Array.of(1, 2, 3)))).toEqual(Uint8Array.of(1, 2, 3));
});
