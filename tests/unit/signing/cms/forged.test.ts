// Containers written member by member, in every way that is not quite CMS: each is signed rightly by its key, and still
// never valid. What is valid here OpenSSL takes too, every time.
import { spawnSync } from 'node:child_process';
import { constants, generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { verifyCades } from '../../../../electron/signing/cms/index.ts';
import { cmsOids } from '../../../../electron/signing/cms/oids.ts';
import { digest, type Hash, oidOfHash } from '../../../../electron/signing/crypto.ts';
import {
  algorithmIdentifier,
  bits,
  ctx,
  ctxPrimitive,
  int,
  nul,
  octets,
  oid,
  seq,
  set,
  time,
  tlv,
} from '../../../../electron/signing/der/write.ts';
import { memoryCache } from '../../../../electron/signing/judge/cache.ts';
import { openJudge } from '../../../../electron/signing/judge/judge.ts';
import { verdictOf } from '../../../../electron/signing/verdict.ts';
import { pemOf } from '../../../../electron/signing/x509/certificate.ts';
import { crlOf, type Holder, issue, nameDer, newKeys, root, today } from '../x509/authority.ts';

const content = Buffer.from('{"giấy":"ra viện"}');
const ca = root();
const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 });
const person = issue(ca);
const rsaPerson = issue(ca, { keys: rsa });
/** The same key once more under another number. */
const twin = issue(ca, { keys: { ...keysOf(person) } });
const judge = openJudge({
  ...{ trust: { anchors: [ca.certificate], intermediates: [] }, training: false, fetch: null },
  ...{ cache: memoryCache(), now: () => today },
});
const folder = mkdtempSync(join(tmpdir(), 'tram-forged-'));
afterAll(() => rmSync(folder, { recursive: true }));

function keysOf({ certificate, privateKey }: Holder): { publicKey: KeyObject; privateKey: KeyObject } {
  const publicKey = { export: () => certificate.spki } as unknown as KeyObject;
  return { publicKey, privateKey };
}

const attribute = (type: string, ...values: Buffer[]): Buffer => seq(oid(type), set(...values));
const essV2 = (der: Buffer, hash: Hash = 'sha256'): Buffer =>
  seq(
    seq(
      seq(
        ...(hash === 'sha256' ? [] : [algorithmIdentifier(oidOfHash[hash], null)]),
        octets(digest(hash, der)),
      ),
    ),
  );
const signedUsual = (holder: Holder, hash: Hash = 'sha256'): Buffer[] => [
  attribute(cmsOids.contentType, oid(cmsOids.data)),
  attribute(cmsOids.messageDigest, octets(digest(hash, content))),
  attribute(cmsOids.signingCertificateV2, essV2(holder.certificate.der)),
  attribute(cmsOids.signingTime, time(today)),
];
const plainSha = (hash: Hash): Buffer => algorithmIdentifier(oidOfHash[hash], 'null');
const ecdsa = algorithmIdentifier('1.2.840.10045.4.3.2', null);

interface SignerForm {
  readonly by?: Holder;
  readonly attributes?: readonly Buffer[];
  /** In the order given, and hashed so. */
  readonly unsorted?: boolean;
  readonly hash?: Hash;
  readonly digestAlgorithm?: Buffer;
  readonly signatureAlgorithm?: Buffer;
  readonly signature?: (attributes: Buffer) => Buffer;
  readonly version?: number;
  readonly name?: Buffer;
  readonly unsigned?: readonly Buffer[];
}

function signerInfo(form: SignerForm = {}): Buffer {
  const { by = person, hash = 'sha256', unsorted = false, version = 1 } = form;
  const list = form.attributes ?? signedUsual(by, hash);
  const all = unsorted ? tlv(0x31, ...list) : set(...list);
  const made = form.signature ?? ((bytes: Buffer) => sign(hash, bytes, by.privateKey));
  const implicit = (tag: number, set_: Buffer): Buffer =>
    Buffer.concat([Buffer.from([tag]), set_.subarray(1)]);
  return seq(
    int(version),
    form.name ?? seq(by.certificate.issuer.der, int(by.certificate.serial)),
    form.digestAlgorithm ?? plainSha(hash),
    ...(list.length > 0 ? [implicit(0xa0, all)] : []),
    form.signatureAlgorithm ?? ecdsa,
    octets(made(list.length > 0 ? all : content)),
    ...(form.unsigned ? [implicit(0xa1, set(...form.unsigned))] : []),
  );
}

interface Form {
  readonly version?: number;
  readonly digests?: readonly Buffer[];
  readonly type?: string;
  readonly inside?: Buffer;
  readonly certificates?: readonly Buffer[];
  readonly signers?: readonly Buffer[];
}
const implicitSet = (tag: number, parts: readonly Buffer[]): Buffer => tlv(tag, ...parts);
const container = (form: Form = {}): Buffer =>
  seq(
    oid(cmsOids.signedData),
    ctx(
      0,
      seq(
        int(form.version ?? 1),
        set(...(form.digests ?? [plainSha('sha256')])),
        seq(oid(form.type ?? cmsOids.data), ...(form.inside ? [ctx(0, form.inside)] : [])),
        implicitSet(0xa0, form.certificates ?? [person.certificate.der]),
        tlv(0x31, ...(form.signers ?? [signerInfo()])),
      ),
    ),
  );

async function verdict(bytes: Buffer, over: Buffer | null = content) {
  const options = { crls: [crlOf(ca)] };
  const all = verdictOf(await verifyCades(bytes, over, judge, options));
  if (all.state === 'valid') expect(opensslAccepts(bytes), 'OpenSSL refuses what is valid here').toBe(true);
  return all;
}
const stateOf = async (bytes: Buffer) => (await verdict(bytes)).state;
const ofSigner = (form: SignerForm, more: Form = {}) =>
  verdict(
    container({ certificates: [(form.by ?? person).certificate.der], ...more, signers: [signerInfo(form)] }),
  );

function opensslAccepts(bytes: Buffer): boolean {
  const at = (name: string, what: Buffer | string): string => {
    writeFileSync(join(folder, name), what);
    return join(folder, name);
  };
  const asked = [
    ...['cms', '-verify', '-cades', '-binary', '-inform', 'DER', '-in', at('c.p7s', bytes)],
    ...['-content', at('content', content), '-CAfile', at('ca.pem', pemOf(ca.certificate.der))],
    ...['-purpose', 'any', '-attime', String(today / 1000), '-out', join(folder, 'out')],
  ];
  return spawnSync('openssl', asked).status === 0;
}

describe('a container', () => {
  it('written by this test is valid, here and for OpenSSL', async () => {
    expect(await verdict(container())).toMatchObject({ state: 'valid', reasons: ['time_unproven'] });
    expect(await stateOf(container({ digests: [plainSha('sha256'), plainSha('sha384')] }))).toBe('valid');
    const both = [person.certificate.der, rsaPerson.certificate.der];
    expect(await stateOf(container({ certificates: both }))).toBe('valid');
  });

  it.each<[string, Form, string]>([
    ['of nobody', { signers: [] }, 'undetermined'],
    ['of another version', { version: 3 }, 'invalid'],
    ['of signed data of another kind', { type: cmsOids.tstInfo, version: 3 }, 'invalid'],
    ['that does not name its digest', { digests: [plainSha('sha384')] }, 'invalid'],
    ['with other content inside', { inside: octets(Buffer.from('khác')) }, 'invalid'],
    ['with content that is no octets', { inside: int(1) }, 'invalid'],
    ['with no certificate of the signer', { certificates: [rsaPerson.certificate.der] }, 'invalid'],
    ['with a certificate that is none', { certificates: [person.certificate.der, seq(int(1))] }, 'invalid'],
    [
      'with an attribute certificate',
      { certificates: [person.certificate.der, ctx(2, int(1))], version: 4 },
      'undetermined',
    ],
  ])('%s is not valid', async (_, form, expected) => {
    expect(await stateOf(container(form))).toBe(expected);
  });

  it('of several signers is as good as the worst of them', async () => {
    const two = (second: SignerForm) =>
      stateOf(
        container({
          certificates: [person.certificate.der, rsaPerson.certificate.der],
          signers: [signerInfo(), signerInfo(second)],
        }),
      );
    const pkcs1 = algorithmIdentifier('1.2.840.113549.1.1.11', 'null');
    const sound: SignerForm = { by: rsaPerson, signatureAlgorithm: pkcs1 };
    expect(await two(sound)).toBe('valid');
    expect(await two({ ...sound, attributes: signedUsual(person) })).toBe('invalid');
    expect(await two({ ...sound, signature: () => Buffer.alloc(256) })).toBe('invalid');
    expect(await two({ ...sound, unsigned: [attribute('1.2.3', nul())] })).toBe('undetermined');
  });

  it('with a byte behind it, a length too long or open inside is not valid', async () => {
    const whole = container();
    expect(await stateOf(Buffer.concat([whole, Buffer.from([0])]))).toBe('invalid');
    const long = Buffer.concat([Buffer.from([0x30, 0x83, 0]), whole.subarray(2, 4), whole.subarray(4)]);
    expect(await stateOf(long)).toBe('invalid');
    const inner = whole.subarray(4);
    // closed outside, left open inside
    const [head, rest] = [inner.subarray(0, 11), inner.subarray(15)];
    const open = Buffer.concat([head, Buffer.from([0xa0, 0x80]), rest, Buffer.from([0, 0])]);
    expect(await stateOf(tlv(0x30, open))).toBe('invalid');
  });
});

describe('signed attributes', () => {
  const [type, hash, ess, when] = signedUsual(person) as [Buffer, Buffer, Buffer, Buffer];
  const other = Buffer.from('khác');

  it.each<[string, readonly Buffer[]]>([
    ['that are not there', []],
    ['without content type', [hash, ess, when]],
    ['without digest', [type, ess, when]],
    ['without certificate', [type, hash, when]],
    ['with another content type', [attribute(cmsOids.contentType, oid(cmsOids.tstInfo)), hash, ess]],
    [
      'with two content types',
      [attribute(cmsOids.contentType, oid(cmsOids.data), oid(cmsOids.tstInfo)), hash, ess],
    ],
    ['with an attribute twice', [type, hash, hash, ess]],
    [
      'with two digests',
      [type, hash, attribute(cmsOids.messageDigest, octets(digest('sha256', other))), ess],
    ],
    [
      'with two values of a digest',
      [type, attribute(cmsOids.messageDigest, octets(digest('sha256', content)), octets(other)), ess],
    ],
    [
      'with the digest of something else',
      [type, attribute(cmsOids.messageDigest, octets(digest('sha256', other))), ess],
    ],
    [
      'with a digest cut short',
      [type, attribute(cmsOids.messageDigest, octets(digest('sha256', content).subarray(0, 16))), ess],
    ],
    [
      'with the certificate of another',
      [type, hash, attribute(cmsOids.signingCertificateV2, essV2(rsaPerson.certificate.der))],
    ],
    [
      'with the certificate of another first',
      [
        type,
        hash,
        attribute(
          cmsOids.signingCertificateV2,
          seq(
            seq(
              seq(octets(digest('sha256', rsaPerson.certificate.der))),
              seq(octets(digest('sha256', person.certificate.der))),
            ),
          ),
        ),
      ],
    ],
    [
      'with the certificate of another number',
      [
        type,
        hash,
        attribute(
          cmsOids.signingCertificateV2,
          seq(
            seq(
              seq(
                octets(digest('sha256', person.certificate.der)),
                seq(seq(ctx(4, ca.certificate.subject.der)), int(person.certificate.serial + 1n)),
              ),
            ),
          ),
        ),
      ],
    ],
    [
      'with the certificate hashed by a weak hash only',
      [type, hash, attribute(cmsOids.signingCertificate, seq(seq(seq(octets(Buffer.alloc(20))))))],
    ],
    ['with no certificate in the list', [type, hash, attribute(cmsOids.signingCertificateV2, seq(seq()))]],
    [
      'with algorithms protected that are others',
      [
        type,
        hash,
        ess,
        attribute(cmsOids.algorithmProtection, seq(plainSha('sha512'), ctx(1, oid('1.2.840.10045.4.3.2')))),
      ],
    ],
    ['with a time that is none', [type, hash, ess, attribute(cmsOids.signingTime, octets(other))]],
  ])('%s are not valid', async (_, attributes) => {
    expect((await ofSigner({ attributes })).state).toBe('invalid');
  });

  it('that nobody here understands leave it undetermined', async () => {
    const policy = attribute('1.2.840.113549.1.9.16.2.15', seq(oid('1.2.3')));
    expect(await ofSigner({ attributes: [type, hash, ess, policy] })).toMatchObject({
      state: 'undetermined',
      reasons: expect.arrayContaining(['constraint_unknown']),
    });
  });

  it('are sorted, or not what was signed', async () => {
    const sorted = [type, hash, ess, when].toSorted(Buffer.compare);
    expect((await ofSigner({ attributes: sorted, unsorted: true })).state).toBe('valid');
    expect((await ofSigner({ attributes: sorted.toReversed(), unsorted: true })).state).toBe('invalid');
  });

  it('by another hash of the certificate are as good', async () => {
    const longer = attribute(cmsOids.signingCertificateV2, essV2(person.certificate.der, 'sha512'));
    expect((await ofSigner({ attributes: [type, hash, longer] })).state).toBe('valid');
  });
});

describe('a signer', () => {
  it.each<[string, SignerForm]>([
    ['of another version', { version: 3 }],
    ['of version none', { version: 0 }],
    ['named by another number', { name: seq(ca.certificate.subject.der, int(7)) }],
    ['named by another issuer', { name: seq(nameDer('Gốc khác'), int(person.certificate.serial)) }],
    ['whose digest is not what was signed with', { hash: 'sha256', digestAlgorithm: plainSha('sha512') }],
    [
      'whose signature says another hash',
      { signatureAlgorithm: algorithmIdentifier('1.2.840.10045.4.3.4', null) },
    ],
    ['who says SHA-1', { digestAlgorithm: algorithmIdentifier('1.3.14.3.2.26', 'null') }],
    [
      'who signed with SHA-1',
      {
        signatureAlgorithm: algorithmIdentifier('1.2.840.10045.4.1', null),
        signature: (a) => sign('sha1', a, person.privateKey),
      },
    ],
    [
      'who says RSA and has none',
      { signatureAlgorithm: algorithmIdentifier('1.2.840.113549.1.1.11', 'null') },
    ],
    ['who signed the content itself', { signature: () => sign('sha256', content, person.privateKey) }],
    [
      'who signed r‖s',
      { signature: (a) => sign('sha256', a, { key: person.privateKey, dsaEncoding: 'ieee-p1363' }) },
    ],
    ['who signed nothing', { signature: () => Buffer.alloc(0) }],
    [
      'with parameters where ECDSA has none',
      { signatureAlgorithm: algorithmIdentifier('1.2.840.10045.4.3.2', 'null') },
    ],
  ])('%s is not valid', async (_, form) => {
    expect((await ofSigner(form, { digests: [form.digestAlgorithm ?? plainSha('sha256')] })).state).not.toBe(
      'valid',
    );
  });

  it('is named by their key as well, with the version of that', async () => {
    const name = ctxPrimitive(0, person.certificate.subjectKeyId!);
    expect((await ofSigner({ version: 3, name }, { version: 3 })).state).toBe('valid');
    expect((await ofSigner({ version: 1, name }, { version: 3 })).state).toBe('invalid');
    const stranger = ctxPrimitive(0, Buffer.alloc(20));
    expect((await ofSigner({ version: 3, name: stranger }, { version: 3 })).state).toBe('invalid');
  });

  it('of two certificates with one key is the one that is named inside', async () => {
    const swapped = { name: seq(ca.certificate.subject.der, int(twin.certificate.serial)) };
    const certificates = [person.certificate.der, twin.certificate.der];
    expect(await ofSigner(swapped, { certificates })).toMatchObject({
      state: 'invalid',
      reasons: expect.arrayContaining(['certificate_mismatch']),
    });
  });

  it('whose signature somebody countersigned is undetermined: that is not read here', async () => {
    const counter = signerInfo({
      by: rsaPerson,
      signatureAlgorithm: algorithmIdentifier('1.2.840.113549.1.1.11', 'null'),
    });
    expect(await ofSigner({ unsigned: [attribute('1.2.840.113549.1.9.6', counter)] })).toMatchObject({
      state: 'undetermined',
      reasons: expect.arrayContaining(['constraint_unknown']),
    });
  });

  it('without time-stamp where there should be one is invalid', async () => {
    expect((await ofSigner({ unsigned: [attribute(cmsOids.signatureTimeStamp, seq(int(1)))] })).state).toBe(
      'invalid',
    );
    expect((await ofSigner({ unsigned: [] })).state).toBe('invalid');
  });

  it('with a key that is none is not valid', async () => {
    const { publicKey } = newKeys();
    expect(bits(publicKey.export({ type: 'spki', format: 'der' })).length).toBeGreaterThan(0);
    const keys = { privateKey: person.privateKey, publicKey };
    expect((await ofSigner({ by: { ...issue(ca, { keys }), privateKey: person.privateKey } })).state).toBe(
      'invalid',
    );
  });
});

describe('RSASSA-PSS', () => {
  const pss = (hash: string, mask: string, salt: number, trailer?: number): Buffer =>
    algorithmIdentifier(
      '1.2.840.113549.1.1.10',
      seq(
        ctx(0, algorithmIdentifier(hash, 'null')),
        ctx(1, algorithmIdentifier('1.2.840.113549.1.1.8', algorithmIdentifier(mask, 'null'))),
        ctx(2, int(salt)),
        ...(trailer === undefined ? [] : [ctx(3, int(trailer))]),
      ),
    );
  const [sha1, sha256, sha512] = ['1.3.14.3.2.26', oidOfHash.sha256, oidOfHash.sha512];
  const signed =
    (saltLength: number, hash: Hash = 'sha256') =>
    (bytes: Buffer): Buffer =>
      sign(hash, bytes, { key: rsa.privateKey, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength });
  const of = async (signatureAlgorithm: Buffer, signature = signed(32)) =>
    (await ofSigner({ by: rsaPerson, signatureAlgorithm, signature })).state;

  it('with one hash, its mask and a long salt is valid', async () => {
    expect(await of(pss(sha256, sha256, 32))).toBe('valid');
  });

  it.each<[string, Buffer, ((bytes: Buffer) => Buffer) | undefined]>([
    ['another hash than the digest', pss(sha512, sha512, 32), signed(32, 'sha512')],
    ['a mask of another hash', pss(sha256, sha512, 32), undefined],
    ['a mask of SHA-1', pss(sha256, sha1, 32), undefined],
    ['another salt than it has', pss(sha256, sha256, 31), undefined],
    ['no salt', pss(sha256, sha256, 0), signed(0)],
    ['another trailer', pss(sha256, sha256, 32, 2), undefined],
    ['no parameters, which means SHA-1', algorithmIdentifier('1.2.840.113549.1.1.10', null), undefined],
    ['empty parameters', algorithmIdentifier('1.2.840.113549.1.1.10', seq()), undefined],
    ['the name of the older padding', algorithmIdentifier('1.2.840.113549.1.1.11', 'null'), undefined],
    [
      'the older padding under its name',
      pss(sha256, sha256, 32),
      (bytes) => sign('sha256', bytes, rsa.privateKey),
    ],
  ])('with %s is not valid', async (_, algorithm, signature) => {
    expect(await of(algorithm, signature)).not.toBe('valid');
  });
});
