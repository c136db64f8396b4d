// A signed envelope that says something else, or the same in another spelling, is never valid.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { verifyXml } from '../../../../electron/signing/xml/index.ts';
import { opensslWorld, type World } from '../../../unit/signing/cms/openssl-world.ts';
import { judgeOf } from '../pdf/tools.ts';
import { envelope, signedByXmlsec, signedEnvelope, xmlsec } from './envelope.ts';

let world: World;
const signed = { plain: '', xades: '' };
beforeAll(async () => {
  world = opensslWorld();
  signed.plain = (await signedEnvelope(world, 'nurse', 'rsa-pkcs1-sha256')).toString();
  signed.xades = (
    await signedEnvelope(world, 'nurse', 'rsa-pkcs1-sha256', { xades: true, at: Date.now() })
  ).toString();
});
afterAll(() => world.remove());

const verdictOf = (xml: string) => verifyXml(Buffer.from(xml), judgeOf(world));
const signatureIn = (xml: string): string => /<Signature[\s\S]*<\/Signature>/.exec(xml)![0];
const without = (xml: string): string => xml.replace(signatureIn(xml), '');
const rootIn = (xml: string): string => without(xml).replace(/^.*\n/, '');

/** Ways in which verifiers were led to look at one thing and readers at another. */
const wrapping: Readonly<Record<string, (xml: string) => string>> = {
  'a number changed': (xml) => xml.replace('79024', '79025'),
  'a signature in a document with more in it': (xml) =>
    xml.replace('<SOLUONGHOSO>', '<THEM>x</THEM><SOLUONGHOSO>'),
  'the signed document moved into the signature, another one around': (xml) =>
    `<GIAMDINHHS><THONGTINDONVI>x</THONGTINDONVI><CHUKYDONVI>${signatureIn(xml).replace('</Signature>', `<Object>${rootIn(xml)}</Object></Signature>`)}</CHUKYDONVI></GIAMDINHHS>`,
  'the signed document wrapped': (xml) => `<X>${xml.replace(/^.*\n/, '')}</X>`,
  'the signature as the document': (xml) => signatureIn(xml),
  'two signatures': (xml) => xml.replace('</CHUKYDONVI>', `${signatureIn(xml)}</CHUKYDONVI>`),
  'a second SignedInfo': (xml) =>
    xml.replace('<SignatureValue>', `${/<SignedInfo>[\s\S]*<\/SignedInfo>/.exec(xml)![0]}<SignatureValue>`),
  'a second SignedInfo elsewhere': (xml) =>
    xml.replace('<SOLUONGHOSO>', '<SignedInfo xmlns="urn:x"/><SOLUONGHOSO>'),
  'no reference': (xml) => xml.replace(/<Reference[\s\S]*<\/Reference>/, ''),
  'a reference to one element': (xml) =>
    xml.replace('URI=""', 'URI="#a"').replace('<THONGTINDONVI>', '<THONGTINDONVI Id="a">'),
  'a reference to a file': (xml) => xml.replace('URI=""', 'URI="file:///etc/hostname"'),
  'a reference without URI': (xml) => xml.replace(' URI=""', ''),
  'a transform that picks': (xml) =>
    xml.replace(
      '<Transform Algorithm="http://www.w3.org/TR/2001/REC-xml-c14n-20010315"/>',
      '<Transform Algorithm="http://www.w3.org/TR/1999/REC-xpath-19991116"><XPath>not(ancestor-or-self::GHI_CHU)</XPath></Transform>',
    ),
  'a transform that rewrites': (xml) =>
    xml.replace(
      'Algorithm="http://www.w3.org/TR/2001/REC-xml-c14n-20010315"',
      'Algorithm="http://www.w3.org/TR/1999/REC-xslt-19991116"',
    ),
  'the enveloped transform twice': (xml) =>
    xml.replace(
      '<Transforms>',
      '<Transforms><Transform Algorithm="http://www.w3.org/2000/09/xmldsig#enveloped-signature"/>',
    ),
  'a key shared in secret': (xml) =>
    xml.replace(
      'http://www.w3.org/2001/04/xmldsig-more#rsa-sha256',
      'http://www.w3.org/2001/04/xmldsig-more#hmac-sha256',
    ),
  'an older algorithm': (xml) =>
    xml.replace(
      'http://www.w3.org/2001/04/xmldsig-more#rsa-sha256',
      'http://www.w3.org/2000/09/xmldsig#rsa-sha1',
    ),
  'a comment in a digest': (xml) => xml.replace('<DigestValue>', '<DigestValue><!--x-->'),
  'a comment in the content': (xml) => xml.replace('79024', '79<!---->024'),
  'an instruction in the content': (xml) => xml.replace('79024', '79<?x?>024'),
  'an instruction before the document': (xml) =>
    xml.replace('<GIAMDINHHS', '<?xml-stylesheet href="x"?><GIAMDINHHS'),
  'a DTD': (xml) => xml.replace('<GIAMDINHHS', '<!DOCTYPE GIAMDINHHS><GIAMDINHHS'),
  'an entity': (xml) =>
    xml
      .replace('<GIAMDINHHS', '<!DOCTYPE GIAMDINHHS [<!ENTITY n "79024">]><GIAMDINHHS')
      .replace('>79024<', '>&n;<'),
  'an object in the signature': (xml) =>
    xml.replace('</Signature>', '<Object><GHI_CHU>x</GHI_CHU></Object></Signature>'),
  'text in the signature': (xml) => xml.replace('</SignedInfo>', '</SignedInfo>x'),
  'an id twice': (xml) => xml.replace('<MACSKCB>', '<MACSKCB Id="one-spelling">'),
  'no certificate': (xml) => xml.replace(/<X509Data>.*<\/X509Data>/, '<KeyName>x</KeyName>'),
  'a certificate of somebody else': (xml) =>
    xml.replace(/<X509Certificate>[^<]*/, `<X509Certificate>${world.der('doctor').toString('base64')}`),
  'a certificate nobody needs': (xml) =>
    xml.replace('</X509Data>', '<X509Certificate>AAAA</X509Certificate></X509Data>'),
  'the signature value of another signature': (xml) =>
    xml.replace(
      /<SignatureValue>[^<]*/,
      /<SignatureValue>[^<]*/.exec(xml === signed.plain ? signed.xades : signed.plain)![0],
    ),
};

/** What canonical XML does not see. */
const spelling: Readonly<Record<string, (xml: string) => string>> = {
  'carriage returns': (xml) => xml.replaceAll('\n', '\r\n'),
  'one carriage return': (xml) => xml.replace('\n  <THONGTINDONVI', '\r\n  <THONGTINDONVI'),
  'a carriage return for a line feed': (xml) => xml.replace('\n  <THONGTINDONVI', '\r  <THONGTINDONVI'),
  'a blank in a tag': (xml) => xml.replace('<MACSKCB>', '<MACSKCB >'),
  'a blank in an end tag': (xml) => xml.replace('</MACSKCB>', '</MACSKCB >'),
  'a tab between attributes': (xml) => xml.replace(' xmlns:xsd', '\txmlns:xsd'),
  'two blanks between attributes': (xml) => xml.replace(' xmlns:xsd', '  xmlns:xsd'),
  'other quotes': (xml) => xml.replace('ghi_chu="a &lt; b &amp; c"', "ghi_chu='a &lt; b &amp; c'"),
  'attributes in another order': (xml) => xml.replace(/(xmlns:\w+="[^"]*") (xmlns:\w+="[^"]*")/, '$2 $1'),
  'an element emptied otherwise': (xml) => xml.replace('<TRONG/>', '<TRONG></TRONG>'),
  'a blank in an empty element': (xml) => xml.replace('<TRONG/>', '<TRONG />'),
  'a character by number': (xml) => xml.replace('79024', '7&#57;024'),
  'characters in CDATA': (xml) => xml.replace('79024', '<![CDATA[79024]]>'),
  'no declaration': (xml) => xml.replace(/^<\?xml.*\?>\n/, ''),
  'another declaration': (xml) => xml.replace('UTF-8', 'utf-8'),
  'a byte order mark': (xml) => `\ufeff${xml}`,
  'a line end behind': (xml) => `${xml}\n`,
  'a blank before the document': (xml) => xml.replace('<GIAMDINHHS', ' <GIAMDINHHS'),
  'a comment behind': (xml) => `${xml}<!-- x -->`,
  'a line end in the signature value': (xml) => xml.replace('<SignatureValue>', '<SignatureValue>\n'),
  'a line end in a certificate': (xml) => xml.replace('<X509Certificate>MII', '<X509Certificate>MI\nI'),
  'line ends between parts of the signature': (xml) => xml.replace('<KeyInfo>', '\n<KeyInfo>'),
  'the document set out anew': (xml) => xml.replaceAll('><', '>\n<'),
};

describe.each(['plain', 'xades'] as const)('%s', (kind) => {
  it('is valid before', async () => {
    expect(await verdictOf(signed[kind])).toMatchObject({ state: 'valid' });
  });

  it.each(Object.entries(wrapping))('is not valid with %s', async (_, attack) => {
    const attacked = attack(signed[kind]);
    expect(attacked).not.toBe(signed[kind]);
    const verdict = await verdictOf(attacked);
    expect(verdict.state, JSON.stringify(verdict.reasons)).not.toBe('valid');
  });

  it.each(Object.entries(spelling))('is not valid with %s', async (_, respelt) => {
    const attacked = respelt(signed[kind]);
    expect(attacked).not.toBe(signed[kind]);
    expect((await verdictOf(attacked)).state).not.toBe('valid');
  });
});

it('XAdES names the certificate: another one for the same key is a mismatch', async () => {
  world.openssl([
    ...['x509', '-req', '-in', 'nurse.csr', '-CA', 'ca.pem', '-CAkey', 'ca.key', '-set_serial', '999'],
    ...['-days', '100', '-out', 'again.pem'],
  ]);
  const swapped = (xml: string): string =>
    xml.replace(/<X509Certificate>[^<]*/, `<X509Certificate>${world.der('again').toString('base64')}`);
  expect(await verdictOf(swapped(signed.xades))).toMatchObject({
    state: 'invalid',
    reasons: ['certificate_mismatch'],
  });
});

it('XAdES properties cannot be changed, moved or taken away', async () => {
  for (const change of [
    (xml: string) => xml.replace(/(<xades:SigningTime>)\d{4}/, '$12020'),
    (xml: string) => xml.replace('Target="#signature"', 'Target="#other"'),
    (xml: string) => xml.replace(/<Object>.*<\/Object>/, ''),
    (xml: string) =>
      xml
        .replace(/<Reference Type="[\s\S]*?<\/Reference>/, '')
        .replace(/<Reference URI="#sig[\s\S]*?<\/Reference>/, ''),
    (xml: string) => xml.replace('text/xml', 'text/txt'),
  ]) {
    expect(change(signed.xades)).not.toBe(signed.xades);
    expect((await verdictOf(change(signed.xades))).state).toBe('invalid');
  }
});

describe('a file of somebody else, whose spelling is free but the same throughout', () => {
  let foreign: string;
  beforeAll(() => {
    const signature = /<Signature[\s\S]*<\/Signature>/
      .exec(signed.plain)![0]
      .replace(/ Id="one-spelling"/, '')
      .replace(/<(DigestValue|SignatureValue)>[^<]*/g, '<$1>')
      .replace(/<KeyInfo>[\s\S]*<\/KeyInfo>/, '<KeyInfo><X509Data/></KeyInfo>')
      .replaceAll('/>', ' />');
    const template = envelope().replace('<CHUKYDONVI />', `<CHUKYDONVI>${signature}</CHUKYDONVI>`);
    foreign = signedByXmlsec(world, template, 'nurse').toString();
  });

  it('is valid', async () => {
    expect(xmlsec(world, Buffer.from(foreign)).ok).toBe(true);
    expect(await verdictOf(foreign)).toMatchObject({ state: 'valid' });
  });

  it.each(
    Object.entries(spelling).filter(([what]) =>
      [
        'one carriage return',
        'a carriage return for a line feed',
        'a blank in a tag',
        'a blank in an end tag',
        'a tab between attributes',
        'two blanks between attributes',
        'a comment behind',
        'a blank before the document',
      ].includes(what),
    ),
  )('is not called valid with %s, though xmlsec1 may', async (_, respelt) => {
    const attacked = respelt(foreign);
    expect(attacked).not.toBe(foreign);
    expect((await verdictOf(attacked)).state).not.toBe('valid');
  });
});

describe('what is no signed XML', () => {
  it.each([
    ['a document without a signature', envelope(), 'no_signature'],
    ['no XML', 'hello', 'unreadable'],
    ['XML cut short', envelope().slice(0, 100), 'unreadable'],
    ['a hundred elements deep and more', `${'<a>'.repeat(200)}${'</a>'.repeat(200)}`, 'unreadable'],
    ['a bomb of entities', '<!DOCTYPE a [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><a>&b;</a>', 'unreadable'],
  ])('%s is undetermined', async (_, xml, reason) => {
    expect(await verdictOf(xml)).toMatchObject({ state: 'undetermined', reasons: [reason] });
  });

  it('other encodings and files too large are undetermined', async () => {
    expect(await verifyXml(Buffer.from('<a>\xff</a>', 'latin1'), judgeOf(world))).toMatchObject({
      state: 'undetermined',
    });
    const large = Buffer.from(`<a>${'x'.repeat(17 * 1024 * 1024)}</a>`);
    expect(await verifyXml(large, judgeOf(world))).toMatchObject({ state: 'undetermined' });
  });
});
