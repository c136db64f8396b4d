// Signed envelopes beside xmlsec1, in both directions.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { signXml, verifyXml } from '../../../../electron/signing/xml/index.ts';
import { fail } from '../../../../shared/api/contract.ts';
import { opensslWorld, type World } from '../../../unit/signing/cms/openssl-world.ts';
import { judgeOf } from '../pdf/tools.ts';
import { envelope, signedByXmlsec, signedEnvelope, xmlsec } from './envelope.ts';

let world: World;
beforeAll(() => {
  world = opensslWorld();
});
afterAll(() => world.remove());

describe.each([
  ['nurse', 'rsa-pkcs1-sha256', 'RSASSA-PKCS1-v1_5 SHA-256'],
  ['head', 'ecdsa-p256-sha256', 'ECDSA SHA-256'],
  ['director', 'ecdsa-p384-sha384', 'ECDSA SHA-384'],
] as const)('signed by %s with %s', (who, algorithm, said) => {
  it.each([
    ['XML-DSig', false, '1/1'],
    ['XAdES', true, '2/2'],
  ] as const)('as %s is right for xmlsec1 and here', async (kind, xades, count) => {
    const at = Date.UTC(2026, 10, 22, 11);
    const signed = await signedEnvelope(world, who, algorithm, { xades, at });
    const there = xmlsec(world, signed);
    expect(there, there.said).toMatchObject({ ok: true });
    expect(there.said).toContain(`SignedInfo References (ok/all): ${count}`);
    const verdict = await verifyXml(signed, judgeOf(world));
    expect(verdict).toMatchObject({ state: 'valid', reasons: ['time_unproven'] });
    expect(verdict.signatures).toMatchObject([
      { kind, signer: `Nguyễn Thị ${who}`, algorithm: said, claimedAt: xades ? at : null },
    ]);
  });
});

describe('the envelope', () => {
  it('has the signature in CHUKYDONVI and nothing else changed in what it says', async () => {
    const signed = (await signedEnvelope(world, 'nurse', 'rsa-pkcs1-sha256')).toString();
    expect(signed).toMatch(
      /<CHUKYDONVI><Signature xmlns="http:\/\/www\.w3\.org\/2000\/09\/xmldsig#">.*<\/Signature><\/CHUKYDONVI>/s,
    );
    expect(signed).toContain('<GHI_CHU>Sốt &gt; 39 °C; đau "nhiều"</GHI_CHU>');
    expect(signed).toContain('URI=""');
  });

  it.each([
    ['with carriage returns', envelope().replaceAll('\n', '\r\n')],
    ['with a byte order mark', `\ufeff${envelope()}`],
    ['with a default namespace', envelope().replace('xmlns:xsd=', 'xmlns="urn:x" xmlns:xsd=')],
    [
      'with a language',
      envelope().replace('<GIAMDINHHS ', '<GIAMDINHHS xml:lang="vi" xml:space="preserve" '),
    ],
    [
      'with blanks in its tags',
      envelope().replace('<GIAMDINHHS ', '<GIAMDINHHS\n    ').replace('</HOSO>', '</HOSO >'),
    ],
    ['with characters by number', envelope().replace('79024', '7&#x39;&#13;024&#xA0;')],
    ['with text in CDATA', envelope().replace('79024', '<![CDATA[a < b & c]]>')],
    ['with prefixes', envelope().replace('<MACSKCB>', '<x:A xmlns:x="urn:a" x:b="1" a="2"/><MACSKCB>')],
    ['on one line', envelope().replaceAll(/\n\s*/g, '')],
  ])('%s is right for xmlsec1 and here', async (_, xml) => {
    for (const xades of [false, true]) {
      const signed = await signedEnvelope(world, 'nurse', 'rsa-pkcs1-sha256', {
        xml: Buffer.from(xml),
        xades,
      });
      const there = xmlsec(world, signed);
      expect(there, there.said + signed.toString()).toMatchObject({ ok: true });
      expect(await verifyXml(signed, judgeOf(world))).toMatchObject({ state: 'valid' });
    }
  });

  it.each([
    ['a DTD', `<!DOCTYPE GIAMDINHHS [<!ENTITY a "b">]>${envelope().replace(/^.*\n/, '')}`],
    ['a comment', envelope().replace('79024', '79<!-- x -->024')],
    ['an instruction', envelope().replace('79024', '79<?x y?>024')],
    ['an unknown entity', envelope().replace('79024', '&a;')],
    ['two roots', `${envelope()}<A/>`],
    ['no place for the signature', envelope().replace('<CHUKYDONVI />', '')],
    ['two places for the signature', envelope().replace('<CHUKYDONVI />', '<CHUKYDONVI /><CHUKYDONVI />')],
    ['something in the place already', envelope().replace('<CHUKYDONVI />', '<CHUKYDONVI>x</CHUKYDONVI>')],
    ['tags that do not close', envelope().replace('</HOSO>', '')],
    ['an attribute twice', envelope().replace('ghi_chu=', 'ghi_chu="" ghi_chu=')],
    ['nothing', ''],
  ])('with %s is not signed', async (_, xml) => {
    const result = await signXml({
      xml: Buffer.from(xml),
      key: world.key('nurse'),
      algorithm: 'rsa-pkcs1-sha256',
      target: 'CHUKYDONVI',
      xades: false,
    });
    expect(result).toMatchObject({ ok: false, error: { code: 'signature_unreadable' } });
  });

  it('signed once is not signed again', async () => {
    const signed = await signedEnvelope(world, 'nurse', 'rsa-pkcs1-sha256');
    const again = await signXml({
      xml: signed,
      key: world.key('nurse'),
      algorithm: 'rsa-pkcs1-sha256',
      target: null,
      xades: false,
    });
    expect(again).toMatchObject({ error: { code: 'signature_unreadable' } });
  });

  it('is not signed with PSS, and a token pulled out says so', async () => {
    const base = { xml: Buffer.from(envelope()), target: 'CHUKYDONVI', xades: true };
    const key = world.key('nurse');
    expect(await signXml({ ...base, key, algorithm: 'rsa-pss-sha256' })).toMatchObject({
      error: { code: 'algorithm_unfit' },
    });
    const gone = { ...key, sign: () => Promise.resolve(fail('token_gone')) };
    expect(await signXml({ ...base, key: gone, algorithm: 'rsa-pkcs1-sha256' })).toMatchObject({
      error: { code: 'token_gone' },
    });
  });

  it('goes into any document without a named place too', async () => {
    const signed = await signedEnvelope(world, 'nurse', 'rsa-pkcs1-sha256', {
      xml: Buffer.from('<a><b>x</b></a>'),
      target: null,
    });
    expect(xmlsec(world, signed).ok).toBe(true);
    expect((await verifyXml(signed, judgeOf(world))).state).toBe('valid');
  });
});

describe('signed by xmlsec1', () => {
  const template = (signature: string, digest: string, method: string): string =>
    envelope().replace(
      '  <CHUKYDONVI />',
      `  <CHUKYDONVI>
    <ds:Signature xmlns:ds="http://www.w3.org/2000/09/xmldsig#">
      <ds:SignedInfo>
        <ds:CanonicalizationMethod Algorithm="${method}" />
        <ds:SignatureMethod Algorithm="${signature}" />
        <ds:Reference URI="">
          <ds:Transforms>
            <ds:Transform Algorithm="http://www.w3.org/2000/09/xmldsig#enveloped-signature" />
          </ds:Transforms>
          <ds:DigestMethod Algorithm="${digest}" />
          <ds:DigestValue></ds:DigestValue>
        </ds:Reference>
      </ds:SignedInfo>
      <ds:SignatureValue></ds:SignatureValue>
      <ds:KeyInfo><ds:X509Data></ds:X509Data></ds:KeyInfo>
    </ds:Signature>
  </CHUKYDONVI>`,
    );
  const rsa = 'http://www.w3.org/2001/04/xmldsig-more#rsa-sha256';
  const sha256 = 'http://www.w3.org/2001/04/xmlenc#sha256';
  const inclusive = 'http://www.w3.org/TR/2001/REC-xml-c14n-20010315';

  it.each([inclusive, 'http://www.w3.org/2001/10/xml-exc-c14n#'])('over %s is valid here', async (method) => {
    const signed = signedByXmlsec(world, template(rsa, sha256, method), 'nurse');
    const verdict = await verifyXml(signed, judgeOf(world));
    expect(verdict, JSON.stringify(verdict)).toMatchObject({ state: 'valid' });
  });

  it('with SHA-1 is invalid here', async () => {
    const signed = signedByXmlsec(
      world,
      template('http://www.w3.org/2000/09/xmldsig#rsa-sha1', sha256, inclusive),
      'nurse',
    );
    expect(await verifyXml(signed, judgeOf(world))).toMatchObject({
      state: 'invalid',
      reasons: ['algorithm_weak'],
    });
  });
});
