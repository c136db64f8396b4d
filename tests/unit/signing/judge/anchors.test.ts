import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readAnchorFiles, readTrustFolder } from '../../../../electron/signing/judge/anchors.ts';
import { pemOf } from '../../../../electron/signing/x509/certificate.ts';
import { issue, root } from '../x509/authority.ts';

const shipped = join(import.meta.dirname, '../../../../resources/trust');
const ca = root();
const middle = issue(ca, { name: 'CA dưới', ca: true });
const person = issue(ca);

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tram-trust-'));
  mkdirSync(join(folder, 'anchors', 'neac'), { recursive: true });
  mkdirSync(join(folder, 'intermediates'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const pem = (...holders: { certificate: { der: Buffer } }[]) =>
  holders.map(({ certificate }) => pemOf(certificate.der)).join('lời ghi chú\n');
const pins = (sha256Starts: string) =>
  JSON.stringify({
    pins: [{ name: 'Gốc', tree: 'neac', sha256Starts, sha256Ends: '', confirmed: true }],
  });

describe('the folder of trust', () => {
  it('as shipped trusts nobody and is in order', () => {
    expect(readTrustFolder(shipped)).toEqual({ anchors: [], intermediates: [], faults: [] });
  });

  it('that is not there trusts nobody', () => {
    expect(readTrustFolder(join(folder, 'nowhere')).anchors).toEqual([]);
  });

  it('gives roots and CAs below them, PEM or DER, in folders of their own', () => {
    writeFileSync(join(folder, 'anchors', 'neac', 'a.pem'), pem(ca, root({ name: 'Gốc hai' })));
    writeFileSync(join(folder, 'anchors', 'again.crt'), ca.certificate.der);
    writeFileSync(join(folder, 'anchors', 'README.md'), 'not one');
    writeFileSync(join(folder, 'intermediates', 'm.cer'), middle.certificate.der);
    const trust = readTrustFolder(folder);
    expect(trust.anchors.length).toBe(2);
    expect(trust.intermediates.map((c) => c.sha256)).toEqual([middle.certificate.sha256]);
    expect(trust.faults).toEqual([]);
  });

  it('leaves out what is no CA, no certificate, or no certificate alone', () => {
    writeFileSync(join(folder, 'anchors', 'a.pem'), pem(person));
    writeFileSync(join(folder, 'anchors', 'b.pem'), 'nothing');
    writeFileSync(join(folder, 'anchors', 'c.der'), Buffer.concat([ca.certificate.der, Buffer.from([0])]));
    writeFileSync(join(folder, 'intermediates', 'd.pem'), pem(person));
    const trust = readTrustFolder(folder);
    expect(trust.anchors).toEqual([]);
    expect(trust.faults.map(({ fault }) => fault)).toEqual([
      'not_an_authority',
      'not_a_certificate',
      'not_a_certificate',
      'not_an_authority',
    ]);
  });

  it('leaves out a root that has a known root’s name and another fingerprint', () => {
    writeFileSync(join(folder, 'anchors', 'a.pem'), pem(ca));
    writeFileSync(join(folder, 'pins.json'), pins('00000000'));
    expect(readTrustFolder(folder)).toMatchObject({ anchors: [], faults: [{ fault: 'pin_differs' }] });
    writeFileSync(join(folder, 'pins.json'), pins(ca.certificate.sha256));
    expect(readTrustFolder(folder).anchors.length).toBe(1);
  });
});

describe('a plain folder of certificates', () => {
  it('trusts the roots in it and only uses the others', () => {
    writeFileSync(join(folder, 'all.pem'), pem(middle, ca));
    const trust = readAnchorFiles(folder);
    expect(trust.anchors.map((c) => c.sha256)).toEqual([ca.certificate.sha256]);
    expect(trust.intermediates.map((c) => c.sha256)).toEqual([middle.certificate.sha256]);
  });
});
