// Signatures made here are what OpenSSL calls CAdES, and what OpenSSL made is verified here; whatever is not exactly
// right is never valid.

import { readFileSync } from 'node:fs';
import { ContentInfo, SignedData } from '@peculiar/asn1-cms';
import { AsnConvert } from '@peculiar/asn1-schema';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  addTimeStamp,
  readSignedData,
  signCades,
  verifyCades,
} from '../../../../electron/signing/cms/index.ts';
import { oids, sha256 } from '../../../../electron/signing/crypto.ts';
import {
  algorithmIdentifier,
  generalizedTime,
  int,
  octets,
  oid,
  seq,
} from '../../../../electron/signing/der/write.ts';
import { timeStamper, verifyTimeStamp } from '../../../../electron/signing/tsp/index.ts';
import type { SignatureAlgorithm, TimeStamper } from '../../../../electron/signing/types.ts';
import { verdictOf } from '../../../../electron/signing/verdict.ts';
import { kinds, opensslSays as said, signedBy, stampedBy, strangeRoot } from './cades-support.ts';
import { opensslWorld, stampUrl, type World } from './openssl-world.ts';
import { type WorldJudge, worldJudge } from './world-judge.ts';

const content = Buffer.from('{"hồ sơ":"bệnh án nội khoa","bản":1}');
let world: World;
let judge: WorldJudge;
let stamper: TimeStamper;

beforeAll(() => {
  world = opensslWorld();
  judge = worldJudge(world);
  stamper = timeStamper({ url: stampUrl, fetch: world.fetch });
}, 60_000);
afterAll(() => world.remove());

const signed = (
  ...how: [name?: string, algorithm?: SignatureAlgorithm, more?: { detached?: boolean; at?: number | null }]
) => signedBy(world, content, ...how);
const stamped = (container: Buffer): Promise<Buffer> => stampedBy(world, container);

const flip = (bytes: Buffer, at: number): void => {
  bytes.writeUInt8(bytes.readUInt8(at) ^ 1, at);
};

const opensslSays = (container: Buffer, over: Buffer | null = content) => said(world, container, over);

describe('signing', () => {
  it.each(kinds)('%s with %s: OpenSSL accepts it as CAdES, detached', async (name, algorithm, shown) => {
    const container = await signed(name, algorithm);
    expect(opensslSays(container)).toMatchObject({ code: 0 });
    expect(opensslSays(container, Buffer.from('something else')).code).not.toBe(0);
    const [verdict, ...more] = await verifyCades(container, content, judge);
    expect(more).toEqual([]);
    expect(verdict).toMatchObject({
      state: 'valid',
      reasons: ['time_unproven'],
      kind: 'CAdES',
      signer: `Nguyễn Thị ${name}`,
      issuer: 'CA công cộng thử nghiệm',
      algorithm: shown,
      stampedAt: null,
    });
    expect(Math.abs((verdict?.claimedAt ?? 0) - Date.now())).toBeLessThan(10_000);
  });

  it('keeps the content inside when asked to, and then needs no other copy of it', async () => {
    const container = await signed('doctor', 'rsa-pkcs1-sha256', { detached: false });
    expect(opensslSays(container, null)).toMatchObject({ code: 0 });
    expect(verdictOf(await verifyCades(container, null, judge)).state).toBe('valid');
    expect(verdictOf(await verifyCades(container, content, judge)).state).toBe('valid');
    expect(verdictOf(await verifyCades(container, Buffer.from('other'), judge)).reasons).toContain(
      'content_changed',
    );
  });

  it('writes the four attributes and the algorithms, sorted, and leaves signing-time out for a PDF', async () => {
    const types = async (at: number | null) => {
      const [signer] = readSignedData(await signed('doctor', 'rsa-pkcs1-sha256', { at })).signers;
      return signer?.signedAttributes.map(({ type }) => type);
    };
    expect(await types(0)).toEqual([
      '1.2.840.113549.1.9.3',
      '1.2.840.113549.1.9.5',
      '1.2.840.113549.1.9.52',
      '1.2.840.113549.1.9.4',
      '1.2.840.113549.1.9.16.2.47',
    ]);
    expect(await types(null)).not.toContain('1.2.840.113549.1.9.5');
  });

  it('is DER: another reader writes the very same bytes again', async () => {
    const container = await signed('head', 'ecdsa-p256-sha256');
    const info = AsnConvert.parse(container, ContentInfo);
    const inside = AsnConvert.parse(info.content, SignedData);
    expect(inside.signerInfos).toHaveLength(1);
    info.content = AsnConvert.serialize(inside);
    expect(Buffer.from(AsnConvert.serialize(info)).equals(container)).toBe(true);
  });

  it('refuses what the key cannot do, and passes on what the token says', async () => {
    const key = world.key('head');
    expect(await signCades({ content, key, algorithm: 'rsa-pkcs1-sha256' })).toMatchObject({
      error: { code: 'algorithm_unfit' },
    });
    const gone = {
      ...key,
      sign: async () => ({ ok: false as const, error: { code: 'token_gone' as const, messageKey: '' } }),
    };
    expect(await signCades({ content, key: gone, algorithm: 'ecdsa-p256-sha256' })).toMatchObject({
      error: { code: 'token_gone' },
    });
  });
});

describe('a time-stamp added later, without the token', () => {
  it.each(kinds)(
    '%s with %s: OpenSSL still accepts the signature, and the stamp over it',
    async (name, algorithm) => {
      const before = await signed(name, algorithm);
      const container = await stamped(before);
      expect(opensslSays(container)).toMatchObject({ code: 0 });
      const [signer] = readSignedData(container).signers;
      const token = signer?.unsignedAttributes[0]?.values[0]?.bytes ?? Buffer.alloc(0);
      world.write('token.der', token);
      world.write('signature.bin', signer?.signature ?? Buffer.alloc(0));
      expect(
        world.tries([
          'ts',
          '-verify',
          '-data',
          'signature.bin',
          '-in',
          'token.der',
          '-token_in',
          '-CAfile',
          'root.pem',
          '-untrusted',
          'ca.pem',
        ]),
      ).toMatchObject({ code: 0 });

      const [verdict] = await verifyCades(container, content, judge);
      expect(verdict).toMatchObject({ state: 'valid', reasons: [] });
      expect(Math.abs((verdict?.stampedAt ?? 0) - Date.now())).toBeLessThan(10_000);
      expect(judge.asked.at(-1)).toMatchObject({ usage: 'document', provenAt: verdict?.stampedAt });
    },
  );

  it('changes nothing of what stood there, and is added once', async () => {
    const before = await signed();
    const container = await stamped(before);
    const [a, b] = [readSignedData(before).signers[0], readSignedData(container).signers[0]];
    expect(b?.signedBytes).toEqual(a?.signedBytes);
    expect(b?.signature).toEqual(a?.signature);
    expect(container.includes(world.der('doctor'))).toBe(true);
    expect(await stamped(container)).toEqual(container);
  });

  it('keeps the token as the authority sent it', async () => {
    let sent: Buffer = Buffer.alloc(0);
    const container = await addTimeStamp(await signed(), async (bytes) => {
      const token = await stamper(bytes);
      if (token.ok) sent = token.value;
      return token;
    });
    expect(container.ok && container.value.includes(sent)).toBe(true);
  });

  it('over another signature is wrong', async () => {
    const other = await stamper(Buffer.from('another signature'));
    if (!other.ok) throw new Error(other.error.code);
    const container = await addTimeStamp(await signed(), async () => other);
    if (!container.ok) throw new Error(container.error.code);
    expect(await verifyCades(container.value, content, judge)).toMatchObject([
      { state: 'invalid', reasons: expect.arrayContaining(['time_stamp_wrong']) },
    ]);
  });

  it.each([
    ['tsa', 'valid', []],
    // its extended key usage is right but not critical (RFC 3161, 2.3)
    ['tsa-lax', 'invalid', ['not_for_signing']],
    ['doctor', 'invalid', ['not_for_signing']],
  ] as const)('by %s is %s', async (name, state, reasons) => {
    const imprint = seq(algorithmIdentifier(oids.sha256, 'null'), octets(sha256(content)));
    const stamp = seq(int(1), oid('1.3.6.1.4.1.99999.1'), imprint, int(7), generalizedTime(Date.now()));
    world.write('stamp.bin', stamp);
    world.openssl([
      'cms',
      '-sign',
      '-cades',
      '-binary',
      '-nodetach',
      '-nosmimecap',
      '-econtent_type',
      '1.2.840.113549.1.9.16.1.4',
      '-in',
      'stamp.bin',
      '-signer',
      `${name}.pem`,
      '-inkey',
      `${name}.key`,
      '-certfile',
      'ca.pem',
      '-outform',
      'DER',
      '-out',
      'own.token',
    ]);
    expect(await verifyTimeStamp(readFileSync(world.path('own.token')), content, judge)).toMatchObject({
      state,
      reasons,
    });
  });
});

describe('asking for a time-stamp', () => {
  const asked = async (change: (response: Buffer, request: Uint8Array) => Buffer, policy?: string) =>
    timeStamper({
      url: stampUrl,
      ...(policy && { policy }),
      fetch: async ({ body = Buffer.alloc(0) }) => ({
        ok: true,
        value: change(world.stampResponse(body), body),
      }),
    })(content);

  it('takes an answer to this question', async () => {
    const token = await asked((response) => response);
    if (!token.ok) throw new Error(token.error.code);
    expect(await verifyTimeStamp(token.value, content, judge)).toMatchObject({
      state: 'valid',
      kind: 'DocTimeStamp',
      signer: 'Dấu thời gian thử nghiệm',
    });
    expect(await verifyTimeStamp(token.value, Buffer.from('other'), judge)).toMatchObject({
      state: 'invalid',
      reasons: ['content_changed'],
      stampedAt: null,
    });
  });

  it('refuses an answer to another one: other digest, other nonce, other policy, none', async () => {
    const earlier: { response: Buffer } = { response: Buffer.alloc(0) };
    await asked((response) => (earlier.response = response));
    expect(await asked(() => earlier.response)).toMatchObject({ error: { code: 'stamp_refused' } });
    expect(await asked((response) => response, '1.3.6.1.4.1.99999.2')).toMatchObject({ ok: true });
    expect(await asked((response) => response, '1.3.6.1.4.1.99999.7')).toMatchObject({
      error: { code: 'stamp_refused' },
    });
    expect(await asked(() => Buffer.from('<html>'))).toMatchObject({ error: { code: 'stamp_refused' } });
    expect(await asked(() => Buffer.from('30053003020102', 'hex'))).toMatchObject({
      error: { code: 'stamp_refused' },
    });
    expect(await asked(() => Buffer.from('30053003020100', 'hex'))).toMatchObject({
      error: { code: 'stamp_refused' },
    });
  });

  it('says so when nobody answers', async () => {
    const down = timeStamper({
      url: stampUrl,
      fetch: async () => ({ ok: false, error: { code: 'internal', messageKey: '' } }),
    });
    expect(await down(content)).toMatchObject({ error: { code: 'stamp_unreachable' } });
  });
});

describe('files of other programs', () => {
  const opensslSigns = (...more: string[]): Buffer => {
    world.write('content.bin', content);
    const chain = more.includes('-nocerts') ? [] : ['-certfile', 'ca.pem'];
    world.openssl([
      'cms',
      '-sign',
      '-binary',
      '-in',
      'content.bin',
      '-signer',
      'doctor.pem',
      '-inkey',
      'doctor.key',
      '-outform',
      'DER',
      '-out',
      'foreign.p7s',
      '-md',
      'sha256',
      ...chain,
      ...more,
    ]);
    return readFileSync(world.path('foreign.p7s'));
  };
  const state = async (container: Buffer, over: Buffer | null = content) =>
    verdictOf(await verifyCades(container, over, judge));

  it('OpenSSL’s CAdES is valid, detached and enveloping, RSA and PSS, by key identifier too', async () => {
    expect(await state(opensslSigns('-cades'))).toMatchObject({ state: 'valid' });
    expect(await state(opensslSigns('-cades', '-nodetach'), null)).toMatchObject({ state: 'valid' });
    expect(await state(opensslSigns('-cades', '-keyid'))).toMatchObject({ state: 'valid' });
    const pss = opensslSigns(
      '-cades',
      '-keyopt',
      'rsa_padding_mode:pss',
      '-keyopt',
      'rsa_pss_saltlen:digest',
      '-keyopt',
      'rsa_mgf1_md:sha256',
    );
    expect(await state(pss)).toMatchObject({
      state: 'valid',
      signatures: [{ algorithm: 'RSASSA-PSS SHA-256' }],
    });
  });

  it('with open lengths and octets in pieces (BER) they are read all the same', async () => {
    const streamed = opensslSigns('-cades', '-nodetach', '-stream');
    expect(streamed[1]).toBe(0x80);
    expect(await state(streamed, null)).toMatchObject({ state: 'valid' });
    const changed = Buffer.from(streamed);
    flip(changed, streamed.indexOf(content) + 3);
    expect(await state(changed, null)).toMatchObject({ state: 'invalid' });
  });

  it('several signers are each looked at, and the worst is the verdict', async () => {
    const both = opensslSigns('-cades', '-signer', 'head.pem', '-inkey', 'head.key');
    expect((await state(both)).signatures.map(({ signer }) => signer).toSorted()).toEqual([
      'Nguyễn Thị doctor',
      'Nguyễn Thị head',
    ]);
    expect(await state(both)).toMatchObject({ state: 'valid' });
    const broken = Buffer.from(both);
    flip(broken, broken.length - 2);
    expect(await state(broken)).toMatchObject({ state: 'invalid' });
  });

  it('plain CMS does not name its certificate: no CAdES, though good enough where a PDF says so', async () => {
    const plain = opensslSigns();
    expect(await state(plain)).toMatchObject({ state: 'invalid', reasons: ['attribute_missing'] });
    expect(
      verdictOf(await verifyCades(plain, content, judge, { signingCertificate: 'optional' })).state,
    ).toBe('valid');
  });

  it('without attributes, without certificates, with a weak digest: never valid', async () => {
    expect((await state(opensslSigns('-noattr'))).state).toBe('invalid');
    expect(await state(opensslSigns('-cades', '-nocerts'))).toMatchObject({ state: 'undetermined' });
    expect(await state(opensslSigns('-cades', '-md', 'sha1'))).toMatchObject({
      state: 'invalid',
      reasons: ['algorithm_weak'],
    });
  });

  it('a certificate nobody vouches for keeps the rest from being valid', async () => {
    strangeRoot(world, 'x');
    world.openssl([
      'req',
      '-new',
      '-newkey',
      'rsa:2048',
      '-nodes',
      '-keyout',
      'stranger.key',
      '-out',
      'stranger.csr',
      '-subj',
      '/CN=stranger',
    ]);
    world.openssl([
      'x509',
      '-req',
      '-in',
      'stranger.csr',
      '-CA',
      'x.pem',
      '-CAkey',
      'x.key',
      '-CAcreateserial',
      '-out',
      'stranger.pem',
      '-days',
      '10',
    ]);
    expect(await state(opensslSigns('-cades', '-certfile', 'stranger.pem'))).toMatchObject({
      state: 'undetermined',
      reasons: expect.arrayContaining(['issuer_unknown']),
    });
  });

  it('detached without its content is undetermined, and no signature is never valid', async () => {
    expect(await state(opensslSigns('-cades'), null)).toMatchObject({
      state: 'undetermined',
      reasons: expect.arrayContaining(['content_missing']),
    });
    expect(verdictOf([])).toMatchObject({ state: 'undetermined', reasons: ['no_signature'] });
    expect(await state(Buffer.from('no signature at all'))).toMatchObject({
      state: 'invalid',
      reasons: ['signature_malformed'],
    });
  });
});
