// An invented envelope of the insurance fund (letter 1245/BHXH-CNTT), and what xmlsec1 says of a signed one.
import { spawnSync } from 'node:child_process';
import type { SignatureAlgorithm } from '../../../../electron/signing/types.ts';
import { signXml, type XmlToSign } from '../../../../electron/signing/xml/index.ts';
import type { World } from '../../../unit/signing/cms/openssl-world.ts';

export const envelope = (
  inner = '<HO_TEN>NGUYỄN THỊ ÁNH TUYẾT</HO_TEN>',
): string => `<?xml version="1.0" encoding="utf-8"?>
<GIAMDINHHS xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xmlns:xsd="http://www.w3.org/2001/XMLSchema">
  <THONGTINDONVI>
    <MACSKCB>79024</MACSKCB>
  </THONGTINDONVI>
  <THONGTINHOSO>
    <NGAYLAP>20261122</NGAYLAP>
    <SOLUONGHOSO>1</SOLUONGHOSO>
    <DANHSACHHOSO>
      <HOSO>
        <FILEHOSO>
          <LOAIHOSO>XML1</LOAIHOSO>
          <NOIDUNGFILE ghi_chu="a &lt; b &amp; c">${Buffer.from(inner).toString('base64')}</NOIDUNGFILE>
          <TRONG />
          <GHI_CHU>Sốt &gt; 39 °C; đau "nhiều"</GHI_CHU>
        </FILEHOSO>
      </HOSO>
    </DANHSACHHOSO>
  </THONGTINHOSO>
  <CHUKYDONVI />
</GIAMDINHHS>
`;

export async function signedEnvelope(
  world: World,
  who: string,
  algorithm: SignatureAlgorithm,
  more: Partial<XmlToSign> = {},
): Promise<Buffer> {
  const result = await signXml({
    xml: Buffer.from(envelope()),
    key: world.key(who),
    algorithm,
    target: 'CHUKYDONVI',
    xades: false,
    ...more,
  });
  if (!result.ok) throw new Error(result.error.code);
  return result.value;
}

/** `--verify` against the world's root. */
export function xmlsec(world: World, xml: Buffer): { ok: boolean; said: string } {
  const { status, stdout, stderr } = spawnSync(
    'xmlsec1',
    [
      '--verify',
      '--trusted-pem',
      world.path('root.pem'),
      '--untrusted-pem',
      world.path('ca.pem'),
      '--id-attr:Id',
      'http://uri.etsi.org/01903/v1.3.2#:SignedProperties',
      world.write('signed.xml', xml),
    ],
    { encoding: 'utf8' },
  );
  return { ok: status === 0, said: `${stdout}${stderr}` };
}

/** A signature by xmlsec1 itself in the template given. */
export function signedByXmlsec(world: World, template: string, who: string): Buffer {
  const { status, stdout, stderr } = spawnSync(
    'xmlsec1',
    [
      '--sign',
      '--privkey-pem',
      [`${who}.key`, `${who}.pem`, 'ca.pem'].map((name) => world.path(name)).join(','),
      world.write('template.xml', template),
    ],
    { encoding: 'buffer' },
  );
  if (status !== 0) throw new Error(stderr.toString());
  return stdout;
}
