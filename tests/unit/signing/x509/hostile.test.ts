// Bytes from elsewhere never throw, hang or grow: they are read or they are not.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { publicKeyOf, verify } from '../../../../electron/signing/crypto.ts';
import { tlv } from '../../../../electron/signing/der/write.ts';
import { keyFaultOf } from '../../../../electron/signing/policy.ts';
import { readCertificate } from '../../../../electron/signing/x509/certificate.ts';
import { readCrl } from '../../../../electron/signing/x509/crl.ts';
import { readOcsp } from '../../../../electron/signing/x509/ocsp.ts';
import { faultOf } from '../../../../electron/signing/x509/rules.ts';
import { alternativeNames, crlOf, dns, extension, issue, ocspOf, root, today } from './authority.ts';

const ca = root();
const person = issue(ca, {
  ocsp: 'http://a.test/',
  crl: 'http://b.test/',
  extensions: { san: alternativeNames(dns('a.test')) },
});
const samples = {
  certificate: person.certificate.der,
  list: crlOf(ca, { revoked: [{ serial: 5n, at: today, reason: 1, invalidSince: today }] }),
  answer: ocspOf(person.certificate, ca, { status: { at: today, reason: 1 } }),
};
function readAll(bytes: Uint8Array): void {
  const certificate = readCertificate(bytes);
  if (certificate !== null) {
    faultOf(certificate, 'leaf');
    publicKeyOf(certificate.spki);
    keyFaultOf(certificate.spki);
  }
  readCrl(bytes);
  readOcsp(bytes);
  publicKeyOf(bytes);
  verify({ kind: 'ecdsa', hash: 'sha256' }, bytes, bytes, bytes);
}

describe('hostile bytes', () => {
  it('at random are read or not, and nothing is thrown', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => readAll(bytes)),
      { numRuns: 2000 },
    );
  });

  it.each(Object.entries(samples))('in a %s changed here and there, likewise', (_, sample) => {
    const changes = fc.array(fc.tuple(fc.nat(sample.length - 1), fc.nat(255)), {
      minLength: 1,
      maxLength: 4,
    });
    fc.assert(
      fc.property(changes, (list) => {
        const bent = Buffer.from(sample);
        for (const [at, value] of list) bent[at] = value;
        readAll(bent);
      }),
      { numRuns: 1500 },
    );
  });

  it.each<[string, Buffer]>([
    ['an object identifier of a megabyte', tlv(0x06, Buffer.alloc(1_000_000, 0xff).fill(1, 999_999))],
    ['an integer of a megabyte', tlv(0x02, Buffer.alloc(1_000_000, 0x7f))],
    ['a hundred thousand layers', layers(100_000)],
    [
      'a key usage of a megabyte',
      extension('2.5.29.15', tlv(0x03, Buffer.alloc(1_000_000, 1).fill(0, 0, 1))),
    ],
  ])('of %s cost no time', (_, bytes) => {
    const started = performance.now();
    readAll(bytes);
    try {
      issue(ca, { extensions: { odd: extension('2.5.29.15', bytes) } });
    } catch {
      // refused: as it should be
    }
    expect(performance.now() - started).toBeLessThan(1500);
  });
});

function layers(count: number): Buffer {
  const heads: Buffer[] = [];
  for (let inside = 0, i = 0; i < count; i++) {
    const head = Buffer.from([0x30, 0x83, (inside >> 16) & 0xff, (inside >> 8) & 0xff, inside & 0xff]);
    heads.push(head);
    inside += head.length;
  }
  return Buffer.concat(heads.toReversed());
}
