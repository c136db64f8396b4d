// Certificates as Vietnamese authorities really make them: the strict reader must not be stricter than the country.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { purposes } from '../../../../electron/signing/judge/purposes.ts';
import {
  derOfPem,
  holderOf,
  issuerOf,
  readCertificate,
  taxNumberOf,
} from '../../../../electron/signing/x509/certificate.ts';
import { findPath } from '../../../../electron/signing/x509/path.ts';
import { faultOf, isSignedBy } from '../../../../electron/signing/x509/rules.ts';
import pins from '../../../../resources/trust/pins.json' with { type: 'json' };

function certificate(name: string) {
  const file = join(import.meta.dirname, '../../../fixtures/pki', `${name}.pem`);
  const read = readCertificate(derOfPem(readFileSync(file, 'utf8'))[0]!);
  if (read === null) throw new Error(`${name} cannot be read`);
  return read;
}

describe('a certificate of Vietnam', () => {
  it('the government’s root is a sound anchor and has the fingerprint that is known', () => {
    const root = certificate('vgca-root-g2');
    expect(holderOf(root)).toBe('RootCA chuyên dùng Chính phủ G2');
    expect(faultOf(root, 'anchor')).toBeNull();
    expect(isSignedBy(root, root.spki)).toBe(true);
    expect(pins.pins.find(({ name }) => name === holderOf(root))?.sha256Starts).toBe(root.sha256);
  });

  it('a public CA is a sound CA below the national root', () => {
    const authority = certificate('vnpt-ca-sha2');
    expect([holderOf(authority), issuerOf(authority)]).toEqual(['VNPT-CA SHA2', 'Vietnam National Root CA']);
    expect(faultOf(authority, 'intermediate')).toBeNull();
    expect(authority.basicConstraints).toEqual({ ca: true, pathLength: 0 });
    expect(authority.crlDistributionPoints?.[0]?.names).toEqual([
      { kind: 'uri', value: 'https://rootca.gov.vn/crl/vnrca256.crl' },
    ]);
  });

  it.each([
    ['vgca-g2-office', 'TỔNG CỤC THUẾ', null],
    ['vgca-g1-office', 'Chi cục thuế Khu vực Quận 12 - Huyện Hóc Môn', '0301519977-029'],
  ])('%s may sign papers', (name, holder, tax) => {
    const office = certificate(name);
    expect(holderOf(office)).toBe(holder);
    expect(taxNumberOf(office)).toBe(tax);
    expect(faultOf(office, 'leaf')).toBeNull();
    // its CA is not at hand; nothing else is wrong with it
    const { fault } = findPath({
      leaf: office,
      others: [],
      anchors: [certificate('vgca-root-g2')],
      at: office.validFrom,
      purpose: purposes.document,
    });
    expect(fault?.reason).toBe('issuer_unknown');
    expect(office.keyUsage?.has('contentCommitment')).toBe(true);
    expect(office.extendedKeyUsage?.some((usage) => purposes.document.extended.includes(usage))).toBe(true);
  });
});
