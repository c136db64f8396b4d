// XML signed by somebody who has a sound key but not the will, with the library others sign with: what is covered is
// less than the document, or more is said than is understood. None of it is valid.
import { sign } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { SignedXml } from 'xml-crypto';
import { sha256 } from '../../../../electron/signing/crypto.ts';
import { memoryCache } from '../../../../electron/signing/judge/cache.ts';
import { openJudge } from '../../../../electron/signing/judge/judge.ts';
import { verifyXml } from '../../../../electron/signing/xml/index.ts';
import {
  ENVELOPED,
  EXCLUSIVE,
  INCLUSIVE,
  SHA256,
  SIGNED_PROPERTIES,
  XADES,
} from '../../../../electron/signing/xml/names.ts';
import { ok } from '../../../../shared/api/contract.ts';
import { crlOf, issue, root, today } from '../x509/authority.ts';

const ca = root();
const person = issue(ca, { crl: 'http://crl.test/ca.crl' });
const judge = openJudge({
  ...{ trust: { anchors: [ca.certificate], intermediates: [] }, training: false, cache: memoryCache() },
  ...{ fetch: () => Promise.resolve(ok(crlOf(ca))), now: () => today },
});
const ecdsa = 'http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha256';
const COMMENTS = `${INCLUSIVE}#WithComments`;

interface Reference {
  readonly xpath?: string;
  readonly transforms?: readonly string[];
  readonly whole?: boolean;
  readonly type?: string;
  readonly prefixes?: readonly string[];
}
interface Signing {
  readonly references?: readonly Reference[];
  readonly prefix?: string;
  readonly object?: string;
  readonly canonicalization?: string;
  readonly in?: string;
  readonly certificates?: readonly Buffer[];
}

const whole: Reference = { xpath: '/*', transforms: [ENVELOPED, INCLUSIVE], whole: true };
const properties: Reference = {
  xpath: `//*[local-name(.)='SignedProperties']`,
  transforms: [EXCLUSIVE],
  type: SIGNED_PROPERTIES,
};

class Own {
  getAlgorithmName = (): string => ecdsa;
  getSignature = (info: unknown): string => signedRaw(Buffer.from(String(info))).toString('base64');
  verifySignature = (): boolean => false;
}

const signedRaw = (bytes: Buffer): Buffer =>
  sign('sha256', bytes, { key: person.privateKey, dsaEncoding: 'ieee-p1363' });

function signedXml(xml: string, what: Signing = {}): string {
  const signer = new SignedXml({
    ...{ privateKey: 'elsewhere', signatureAlgorithm: ecdsa },
    canonicalizationAlgorithm: (what.canonicalization ?? INCLUSIVE) as never,
    getKeyInfoContent: ({ prefix }: { prefix?: string | null } = {}) => {
      const of = (name: string) => (prefix ? `${prefix}:${name}` : name);
      const all = (what.certificates ?? [person.certificate.der])
        .map((der) => `<${of('X509Certificate')}>${der.toString('base64')}</${of('X509Certificate')}>`)
        .join('');
      return `<${of('X509Data')}>${all}</${of('X509Data')}>`;
    },
    objects: what.object === undefined ? [] : [{ content: what.object }],
  });
  signer.SignatureAlgorithms = { [ecdsa]: Own } as never;
  for (const one of what.references ?? [whole])
    signer.addReference({
      ...{ xpath: one.xpath ?? '/*', transforms: [...(one.transforms ?? [])], digestAlgorithm: SHA256 },
      ...{ isEmptyUri: one.whole ?? false, ...(one.type && { type: one.type }) },
      ...(one.prefixes && { inclusiveNamespacesPrefixList: [...one.prefixes] }),
    });
  signer.computeSignature(xml, {
    ...(what.prefix && { prefix: what.prefix }),
    ...(what.object !== undefined && { attrs: { Id: 'S' } }),
    location: { reference: what.in ?? '/*', action: 'append' },
  });
  return signer.getSignedXml();
}
const verdict = (xml: string) => verifyXml(Buffer.from(xml), judge);
const stateOf = async (xml: string) => (await verdict(xml)).state;

const paper = '<giay><ten>Nguyễn Văn An</ten><noi>Khoa nội</noi></giay>';

describe('a file of somebody else', () => {
  it('signed whole is valid, with or without a prefix', async () => {
    expect(await verdict(signedXml(paper))).toMatchObject({ state: 'valid', reasons: ['time_unproven'] });
    expect(await stateOf(signedXml(paper, { prefix: 'ds' }))).toBe('valid');
    const exclusive = { ...whole, transforms: [ENVELOPED, EXCLUSIVE] };
    expect(await stateOf(signedXml(paper, { references: [exclusive], canonicalization: EXCLUSIVE }))).toBe(
      'valid',
    );
  });

  it.each<[string, readonly Reference[]]>([
    ['one element', [{ xpath: '/*/ten', transforms: [INCLUSIVE] }]],
    ['one element and the whole', [{ xpath: '/*/ten', transforms: [INCLUSIVE] }, whole]],
    ['the whole and one element', [whole, { xpath: '/*/ten', transforms: [INCLUSIVE] }]],
    ['the whole twice', [whole, whole]],
    ['the root by its id', [{ ...whole, whole: false }]],
    ['the whole with its comments', [{ ...whole, transforms: [ENVELOPED, COMMENTS] }]],
    ['the whole, canonical twice', [{ ...whole, transforms: [ENVELOPED, INCLUSIVE, EXCLUSIVE] }]],
    ['the whole, canonical before it is taken out', [{ ...whole, transforms: [INCLUSIVE, ENVELOPED] }]],
    ['the whole with some prefixes', [{ ...whole, transforms: [ENVELOPED, EXCLUSIVE], prefixes: ['x'] }]],
  ])('signed over %s is not', async (_, references) => {
    expect(await stateOf(signedXml(paper, { references }))).toBe('invalid');
  });

  it('whose SignedInfo is canonical with comments is not', async () => {
    expect(await stateOf(signedXml(paper, { canonicalization: COMMENTS }))).not.toBe('valid');
  });

  it('with an id twice, in whatever spelling, is not', async () => {
    for (const [a, b] of [
      ['Id', 'Id'],
      ['Id', 'ID'],
      ['id', 'xml:id'],
      ['Id', 'x:Id'],
    ])
      expect(
        await stateOf(signedXml(`<giay xmlns:x="u"><ten ${a}="a">An</ten><noi ${b}="a"/></giay>`)),
        `${a} ${b}`,
      ).toBe('invalid');
  });

  it('with another signature in it, of whatever prefix, is not', async () => {
    const again = signedXml(signedXml(paper), { prefix: 'ds' });
    expect(await stateOf(again)).toBe('invalid');
    // a name that only looks so is content like any other
    expect(await stateOf(signedXml('<giay><Signature xmlns="urn:x"/></giay>'))).toBe('valid');
    expect(await stateOf(signedXml('<giay><x:SignedInfo xmlns:x="urn:x"/></giay>'))).toBe('invalid');
  });

  it('says the same to every reader: text cut by nothing, prefixes declared', async () => {
    const plain = signedXml(paper);
    for (const [from, to] of [
      ['Văn', 'V<!-- -->ăn'],
      ['Văn', 'V<?x?>ăn'],
      ['Văn', 'V\u2028ăn'],
      ['Khoa nội', 'Khoa\u0085nội'],
      ['<noi>', '<noi xmlns:x="u" xmlns:y="u" x:a="1" y:a="2">'],
      ['<noi>', '<noi x:a="1">'],
    ] as const) {
      const changed = plain.replace(from, to);
      expect(changed).not.toBe(plain);
      expect(await stateOf(changed), to).not.toBe('valid');
    }
  });

  it('in which a line feed became a line end for some readers only is not', async () => {
    const lines = signedXml('<giay><ten>một\nhai</ten></giay>');
    expect(await stateOf(lines)).toBe('valid');
    for (const end of ['\u2028', '\u0085'])
      expect(await stateOf(lines.replace('một\n', `một${end}`))).not.toBe('valid');
  });
});

describe('XAdES', () => {
  const time = '<xades:SigningTime>2026-11-22T00:00:00Z</xades:SigningTime>';
  const certificate = (der = person.certificate.der) =>
    `<xades:SigningCertificateV2><xades:Cert><xades:CertDigest><DigestMethod xmlns="http://www.w3.org/2000/09/xmldsig#" Algorithm="${SHA256}"/><DigestValue xmlns="http://www.w3.org/2000/09/xmldsig#">${sha256(der).toString('base64')}</DigestValue></xades:CertDigest></xades:Cert></xades:SigningCertificateV2>`;
  const own = `${time}${certificate()}`;
  const qualifying = (inside: string, { target = '#S', id = 'P', behind = '' } = {}) =>
    `<xades:QualifyingProperties xmlns:xades="${XADES}" Target="${target}"><xades:SignedProperties Id="${id}">${inside}</xades:SignedProperties>${behind}</xades:QualifyingProperties>`;
  const group = (inside: string) =>
    `<xades:SignedSignatureProperties>${inside}</xades:SignedSignatureProperties>`;
  const of = (object: string, more: Partial<Reference> = {}, xml = paper) =>
    verdict(signedXml(xml, { object, references: [whole, { ...properties, ...more }] }));

  it('that names its certificate is valid', async () => {
    expect(await of(qualifying(group(own)))).toMatchObject({
      state: 'valid',
      signatures: [{ kind: 'XAdES', claimedAt: today }],
    });
  });

  it.each<[string, string, Partial<Reference>?]>([
    ['of another signature', qualifying(group(own), { target: '#T' })],
    ['that name another certificate', qualifying(group(time + certificate(ca.certificate.der)))],
    ['that name none', qualifying(group(time))],
    ['that are not said to be such', qualifying(group(own)), { type: 'http://uri.etsi.org/01903#Other' }],
    ['of no type', qualifying(group(own)), { type: undefined }],
    ['of which only a part is signed', qualifying(group(own)), { xpath: `//*[local-name(.)='SigningTime']` }],
    ['beside others', `${qualifying(group(own))}${qualifying(group(own), { id: 'Q' })}`],
    ['with text beside them', `x${qualifying(group(own))}`],
  ])('with properties %s is not', async (_, object, more) => {
    expect((await of(object, more)).state).toBe('invalid');
  });

  it('with properties signed by nobody is not', async () => {
    const object = qualifying(group(own));
    expect(await stateOf(signedXml(paper, { object }))).toBe('invalid');
    expect(await stateOf(signedXml(paper, { object, references: [{ ...properties }, whole] }))).toBe(
      'invalid',
    );
  });

  it('with properties of the same id in the document is not', async () => {
    expect(
      (await of(qualifying(group(own)), { xpath: `/*/ten` }, '<giay><ten Id="P">An</ten></giay>')).state,
    ).toBe('invalid');
  });

  it.each([
    [
      'a policy',
      group(
        `${own}<xades:SignaturePolicyIdentifier><xades:SignaturePolicyImplied/></xades:SignaturePolicyIdentifier>`,
      ),
    ],
    [
      'a commitment',
      `${group(own)}<xades:SignedDataObjectProperties><xades:CommitmentTypeIndication/></xades:SignedDataObjectProperties>`,
    ],
    ['two times', group(time + own)],
    ['two certificates lists', group(own + certificate(ca.certificate.der))],
    ['two groups', group(own) + group(own)],
    ['something of another kind', `${group(own)}<x:y xmlns:x="u"/>`],
  ])('with %s in its properties is undetermined', async (_, inside) => {
    const { state, reasons } = await of(qualifying(inside));
    expect([state, reasons.includes('constraint_unknown')]).toEqual(['undetermined', true]);
  });

  it('with evidence that is not signed is undetermined', async () => {
    const behind = '<xades:UnsignedProperties/>';
    expect((await of(qualifying(group(own), { behind }))).state).toBe('undetermined');
  });

  it('with a place, a role and a format is valid', async () => {
    const more = `${own}<xades:SignatureProductionPlaceV2/><xades:SignerRoleV2/>`;
    const data = `<xades:SignedDataObjectProperties><xades:DataObjectFormat/><xades:DataObjectFormat/></xades:SignedDataObjectProperties>`;
    expect((await of(qualifying(group(more) + data))).state).toBe('valid');
  });
});
