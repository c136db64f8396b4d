// Kinds of cases that the sets at hand have none of: questions this program does not understand, names and keys of the
// web in every wrong way, files of signatures of other kinds. None of them may ever be accepted, or end the run.
import { generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import {
  bool,
  ctx,
  ctxPrimitive,
  int,
  nul,
  octets,
  oid,
  seq,
  tlv,
  utf8,
} from '../../../../electron/signing/der/write.ts';
import { pemOf } from '../../../../electron/signing/x509/certificate.ts';
import { judgeLimbo } from '../../../../scripts/conformance/limbo.ts';
import { judgeWycheproof } from '../../../../scripts/conformance/wycheproof.ts';
import type { CertificateForm, Holder } from '../x509/authority.ts';
import {
  alternativeNames,
  certificateDer,
  day,
  dns,
  extendedUsage,
  extension,
  issue,
  keyUsage,
  nameConstraints,
  nameDer,
  newKeys,
  root,
  today,
} from '../x509/authority.ts';

const server = '1.3.6.1.5.5.7.3.1';
const client = '1.3.6.1.5.5.7.3.2';
const ca = root();
const tls = (more: CertificateForm = {}): CertificateForm => ({
  ...more,
  name: more.name ?? nameDer('example.com', null),
  extensions: { san: alternativeNames(dns('example.com')), eku: extendedUsage([server]), ...more.extensions },
});
const good = issue(ca, tls()).certificate.der;

const caseWith = (peer: Buffer, more: Record<string, unknown> = {}): Record<string, unknown> => ({
  id: 'own::case',
  validation_kind: 'SERVER',
  trusted_certs: [pemOf(ca.certificate.der)],
  untrusted_intermediates: [],
  peer_certificate: pemOf(peer),
  validation_time: new Date(today).toISOString(),
  expected_result: 'SUCCESS',
  expected_peer_name: { kind: 'DNS', value: 'example.com' },
  ...more,
});
const outcome = (peer: Buffer, more?: Record<string, unknown>) =>
  judgeLimbo({ version: 1, testcases: [caseWith(peer, more)] })[0]!;
const judged = (peer: Buffer, more?: Record<string, unknown>) => outcome(peer, more).got;
const under = (...others: Holder[]) => ({
  untrusted_intermediates: others.map((one) => pemOf(one.certificate.der)),
});
const ofLeaf = (form: CertificateForm, more?: Record<string, unknown>) =>
  judged(certificateDer(ca, form.keys ?? newKeys(), tls(form)), more);

describe('a question of x509-limbo', () => {
  it('that is plain is answered', () => {
    expect(judged(good)).toBe('accepted');
    expect(judged(good, { importance: 'high', conflicts_with: ['a::b'], peer_certificate_key: 'x' })).toBe(
      'accepted',
    );
    expect(judged(good, { something_new: null, other: [], empty: '' })).toBe('accepted');
  });

  it.each<[string, Record<string, unknown>]>([
    ['a field that nobody knows', { ocsp_responses: ['x'] }],
    ['a feature that nobody knows', { features: ['pedantic-moon-phase'] }],
    ['a key usage that is none', { key_usage: ['digitalSignatures'] }],
    ['an extended usage that is none', { extended_key_usage: ['serverAuthentication'] }],
    ['a kind of validation that is none', { validation_kind: 'PEER' }],
    ['a peer of no kind', { expected_peer_name: { kind: 'URI', value: 'https://example.com' } }],
    ['peers that are no list', { expected_peer_names: { kind: 'DNS', value: 'example.com' } }],
    ['a time that is none', { validation_time: 'tomorrow' }],
    ['a time in words', { validation_time: '22 Nov 2026 00:00:00' }],
    ['a depth below nothing', { max_chain_depth: -1 }],
    ['half a depth', { max_chain_depth: 1.5 }],
    ['a peer that is two', { peer_certificate: pemOf(good) + pemOf(good) }],
  ])('with %s is refused and called so', (_, change) => {
    const { verdict, why } = outcome(good, change);
    expect([verdict, why === '']).toEqual(['outside policy', false]);
  });

  it('with a peer or a list that is none is refused', () => {
    expect(judged(good, { peer_certificate: 'x' })).toBe('refused');
    expect(judged(good, { crls: ['x'] })).toBe('refused');
  });

  it('of another schema, or that is nothing at all, is refused', () => {
    const all = { version: 2, testcases: [caseWith(good), null, 7, {}] };
    expect(judgeLimbo(all).map(({ id, got }) => [id, got])).toEqual([
      ['own::case', 'refused'],
      ['case 2', 'refused'],
      ['case 3', 'refused'],
      ['case 4', 'refused'],
    ]);
    expect(judgeLimbo({ ...all, version: 1 }).map(({ got }) => got)).toEqual([
      'accepted',
      'refused',
      'refused',
      'refused',
    ]);
  });

  it('for several extended usages wants them all, down the path', () => {
    const both = { extended_key_usage: ['serverAuth', 'clientAuth'] };
    expect(judged(good, both)).toBe('refused');
    const leaf = (issuer: Holder) =>
      issue(issuer, tls({ extensions: { eku: extendedUsage([server, client]) } })).certificate.der;
    expect(judged(leaf(ca), both)).toBe('accepted');
    const narrow = issue(ca, { name: 'CA dưới', ca: true, extensions: { eku: extendedUsage([server]) } });
    expect(judged(leaf(narrow), under(narrow))).toBe('accepted');
    expect(judged(leaf(narrow), { ...under(narrow), ...both })).toBe('refused');
    expect(judged(leaf(ca), { extended_key_usage: ['1.3.6.1.5.5.7.3.2'] })).toBe('accepted');
  });

  it('takes several certificates from one text', () => {
    const [one, two] = [root({ name: 'Một' }), root({ name: 'Hai' })];
    const roots = { trusted_certs: [pemOf(one.certificate.der) + pemOf(two.certificate.der)] };
    expect(judged(issue(two, tls()).certificate.der, roots)).toBe('accepted');
  });
});

describe('a certificate of the web', () => {
  const named = (host: string, peer: string) =>
    ofLeaf(
      { extensions: { san: alternativeNames(dns(host)) } },
      { expected_peer_name: { kind: 'DNS', value: peer } },
    );

  it.each([
    ['a.example.com', 'a.example.com', 'accepted'],
    ['*.example.com', 'a.example.com', 'accepted'],
    ['a_b.example.com', 'a_b.example.com', 'accepted'],
    ['xn--bcher-kva.example.com', 'xn--bcher-kva.example.com', 'accepted'],
    ['*.example.com', 'example.com', 'refused'],
    ['*.example.com', 'a.b.example.com', 'refused'],
    ['*.example.com', '*.example.com', 'refused'],
    ['*.*.example.com', 'a.b.example.com', 'refused'],
    ['a.*.example.com', 'a.b.example.com', 'refused'],
    ['a*.example.com', 'ab.example.com', 'refused'],
    ['*a.example.com', 'ba.example.com', 'refused'],
    ['*', 'com', 'refused'],
    ['*.', 'com.', 'refused'],
    ['*.com', 'example.com', 'refused'],
    ['*.co.uk', 'example.co.uk', 'refused'],
    ['*.gov.vn', 'example.gov.vn', 'refused'],
    ['.example.com', 'a.example.com', 'refused'],
    ['example.com.', 'example.com', 'refused'],
    ['example.com', 'example.com.', 'refused'],
    ['a..example.com', 'a..example.com', 'refused'],
    ['-a.example.com', '-a.example.com', 'refused'],
    ['a-.example.com', 'a-.example.com', 'refused'],
    ['a b.example.com', 'a b.example.com', 'refused'],
    ['192.0.2.1', '192.0.2.1', 'refused'],
    ['ab--c.example.com', 'ab--c.example.com', 'refused'],
    ['xn--a.example.com', 'xn--a.example.com', 'refused'],
    [`${'a'.repeat(64)}.example.com`, `${'a'.repeat(64)}.example.com`, 'refused'],
    ['bücher.example.com', 'bücher.example.com', 'refused'],
    ['example.com\0.evil.com', 'example.com', 'refused'],
  ])('for %j asked for %j', (host, peer, expected) => {
    expect(named(host, peer)).toBe(expected);
  });

  it('names an address by its octets and nothing else', () => {
    const address = (...bytes: number[]) => ctxPrimitive(7, Buffer.from(bytes));
    const of = (name: Buffer, value: string) =>
      ofLeaf({ extensions: { san: alternativeNames(name) } }, { expected_peer_name: { kind: 'IP', value } });
    expect(of(address(192, 0, 2, 1), '192.0.2.1')).toBe('accepted');
    expect(of(address(192, 0, 2, 1), '192.0.2.01')).toBe('refused');
    expect(of(address(192, 0, 2, 1), '0xC0000201')).toBe('refused');
    expect(of(address(192, 0, 2, 1), '::ffff:192.0.2.1')).toBe('refused');
    expect(of(address(192, 0, 2), '192.0.2.0')).toBe('refused');
    expect(of(address(192, 0, 2, 1, 255, 255, 255, 255), '192.0.2.1')).toBe('refused');
    expect(of(dns('192.0.2.1'), '192.0.2.1')).toBe('refused');
  });

  it('is not known by its common name', () => {
    expect(ofLeaf({ extensions: { san: null } })).toBe('refused');
    expect(ofLeaf({ extensions: { san: alternativeNames(dns('other.com')) } })).toBe('refused');
  });

  it('that is a root itself, or of version 1, is not one', () => {
    const alone = root(tls({ ca: false }));
    const self = { trusted_certs: [pemOf(alone.certificate.der)] };
    expect(judged(alone.certificate.der, self)).toBe('refused');
    expect(judged(ca.certificate.der)).toBe('refused');
    expect(ofLeaf({ version: Buffer.alloc(0) })).toBe('refused');
    expect(ofLeaf({ version: ctx(0, int(1)) })).toBe('refused');
    expect(ofLeaf({ version: ctx(0, int(3)) })).toBe('refused');
  });

  it('of a CA of version 1 or 2 is not one', () => {
    const keys = newKeys();
    const of = (version: Buffer) =>
      judged(
        issue(
          {
            certificate: issue(ca, { name: 'CA dưới', ca: true, keys }).certificate,
            privateKey: keys.privateKey,
          },
          tls(),
        ).certificate.der,
        {
          untrusted_intermediates: [pemOf(certificateDer(ca, keys, { name: 'CA dưới', ca: true, version }))],
        },
      );
    expect(of(ctx(0, int(2)))).toBe('accepted');
    expect(of(Buffer.alloc(0))).toBe('refused');
    expect(of(ctx(0, int(1)))).toBe('refused');
  });

  it.each<[string, CertificateForm]>([
    ['a curve too short', { keys: newKeys('P-224') }],
    ['a curve of another family', { keys: newKeys('secp256k1') }],
    ['an Edwards curve', { keys: generateKeyPairSync('ed25519') }],
    ['an RSA key for PSS only', { keys: generateKeyPairSync('rsa-pss', { modulusLength: 2048 }) }],
    ['a key on no curve', { keys: offCurve() }],
    ['an end before its beginning', { from: today + day, to: today - day }],
    ['another usage', { extensions: { eku: extendedUsage([client]) } }],
    ['usages of a CA', { extensions: { '2.5.29.15': keyUsage(0, 5) } }],
  ])('with %s is refused', (_, form) => {
    expect(ofLeaf(form)).toBe('refused');
  });

  it('signed with a hash that is not its curve’s is refused', () => {
    const keys = newKeys('P-384');
    const middle = issue(ca, { name: 'CA dưới', ca: true, keys });
    // the authority of the tests signs with SHA-256 whatever its key
    expect(judged(issue(middle, tls()).certificate.der, under(middle))).toBe('refused');
  });

  it('with the usages of another kind of key is refused where a case is about them', () => {
    const about = { features: ['pedantic-webpki-subscriber-key'] };
    expect(ofLeaf({ extensions: { '2.5.29.15': keyUsage(0) } }, about)).toBe('accepted');
    expect(ofLeaf({ extensions: { '2.5.29.15': keyUsage(0, 2) } }, about)).toBe('refused');
  });

  it('of a CA for any usage is refused where a case is about them', () => {
    const middle = issue(ca, {
      name: 'CA dưới',
      ca: true,
      extensions: { eku: extendedUsage(['2.5.29.37.0']) },
    });
    const leaf = issue(middle, tls()).certificate.der;
    expect(judged(leaf, under(middle))).toBe('accepted');
    expect(judged(leaf, { ...under(middle), features: ['pedantic-webpki-eku'] })).toBe('refused');
  });

  it.each<[string, string, Buffer | null]>([
    ['no identifier of its issuer’s key', '2.5.29.35', null],
    ['another one', '2.5.29.35', extension('2.5.29.35', seq(ctxPrimitive(0, Buffer.from([1]))))],
    ['an empty one', '2.5.29.35', extension('2.5.29.35', seq())],
    [
      'one by name and number',
      '2.5.29.35',
      extension(
        '2.5.29.35',
        seq(ctx(1, ctx(4, ca.certificate.subject.der)), ctxPrimitive(2, Buffer.from([1]))),
      ),
    ],
    ['its own identifier empty', '2.5.29.14', extension('2.5.29.14', octets(Buffer.alloc(0)))],
    ['its own identifier critical', '2.5.29.14', extension('2.5.29.14', octets(Buffer.from([1])), true)],
    ['no extended usage in the list', 'eku', extension('2.5.29.37', seq())],
    ['no alternative name in the list', 'san', extension('2.5.29.17', seq())],
    [
      'alternative names critical beside a subject',
      'san',
      extension('2.5.29.17', seq(dns('example.com')), true),
    ],
    ['an unknown critical extension', 'odd', extension('1.2.3.4', nul(), true)],
    ['the issuer’s other names critical', 'odd', extension('2.5.29.18', seq(dns('a.test')), true)],
    ['a known extension twice', 'odd', extension('2.5.29.14', octets(Buffer.from([2])))],
    ['access to information that is none', 'odd', extension('1.3.6.1.5.5.7.1.1', seq(seq()))],
    ['a length of path below it', '2.5.29.19', extension('2.5.29.19', seq(int(0)), true)],
    ['“no CA” written out', '2.5.29.19', extension('2.5.29.19', seq(tlv(1, Buffer.from([0]))), true)],
  ])('with %s is refused', (_, type, value) => {
    expect(ofLeaf({ extensions: { [type]: value } })).toBe('refused');
  });

  it.each<[string, CertificateForm]>([
    ['that does not say that it is one', { extensions: { '2.5.29.19': null } }],
    ['that says so uncritically', { extensions: { '2.5.29.19': extension('2.5.29.19', seq(bool(true))) } }],
    [
      'with a path below nothing',
      { extensions: { '2.5.29.19': extension('2.5.29.19', seq(bool(true), int(-1)), true) } },
    ],
    ['that may not sign certificates', { extensions: { '2.5.29.15': keyUsage(0, 6) } }],
    ['for other usages', { extensions: { eku: extendedUsage([client]) } }],
    ['without identifier of its key', { extensions: { '2.5.29.14': null } }],
    ['without name', { name: seq() }],
    ['with constraints on nothing', { extensions: { nc: extension('2.5.29.30', seq(), true) } }],
    ['with constraints on no names', { extensions: { nc: extension('2.5.29.30', seq(ctx(0)), true) } }],
    [
      'with a minimum in its constraints',
      {
        extensions: {
          nc: extension(
            '2.5.29.30',
            seq(ctx(0, seq(dns('example.com'), ctxPrimitive(0, Buffer.from([1]))))),
            true,
          ),
        },
      },
    ],
    ['with a constraint that begins with a dot', { extensions: { nc: nameConstraints([dns('.com')]) } }],
    ['that excludes all hosts', { extensions: { nc: nameConstraints([], [dns('')]) } }],
    ['that excludes the subject', { extensions: { nc: nameConstraints([], [ctx(4, seq())]) } }],
    [
      'that permits one address only and none is named',
      { extensions: { nc: nameConstraints([dns('other.com')]) } },
    ],
    ['that has run out', { to: today - day }],
    ['yet to begin', { from: today + day }],
  ])('of a CA %s is refused', (_, form) => {
    const keys = newKeys();
    const pem = pemOf(certificateDer(ca, keys, { name: 'CA dưới', ca: true, ...form }));
    const name = form.name === undefined ? nameDer('CA dưới') : seq();
    const sound = issue(ca, { name, ca: true, keys });
    const leaf = issue({ ...sound, privateKey: keys.privateKey }, tls()).certificate.der;
    expect(judged(leaf, under(sound)), 'the sound one').toBe(
      form.name === undefined ? 'accepted' : 'refused',
    );
    expect(judged(leaf, { untrusted_intermediates: [pem] })).toBe('refused');
  });

  it('at the end of a path longer than is asked for is refused', () => {
    const one = issue(ca, { name: 'CA 1', ca: true });
    const two = issue(one, { name: 'CA 2', ca: true });
    const leaf = issue(two, tls()).certificate.der;
    expect(judged(leaf, { ...under(one, two), max_chain_depth: 2 })).toBe('accepted');
    expect(judged(leaf, { ...under(one, two), max_chain_depth: 1 })).toBe('refused');
  });

  it('with a mailbox in Unicode is refused where a CA may issue for some mailboxes only', () => {
    const mail = ctxPrimitive(1, Buffer.from('bv.vn'));
    const unicode = ctx(0, oid('1.3.6.1.5.5.7.8.9'), ctx(0, utf8('đỗ@evil.vn')));
    const san = { extensions: { san: alternativeNames(dns('example.com'), unicode) } };
    expect(ofLeaf(san)).toBe('accepted');
    const middle = issue(ca, { name: 'CA dưới', ca: true, extensions: { nc: nameConstraints([mail]) } });
    expect(judged(issue(middle, tls()).certificate.der, under(middle))).toBe('accepted');
    expect(judged(issue(middle, tls(san)).certificate.der, under(middle))).toBe('refused');
  });
});

function offCurve(): { publicKey: KeyObject; privateKey: KeyObject } {
  const keys = newKeys();
  const spki = keys.publicKey.export({ type: 'spki', format: 'der' });
  spki.writeUInt8(spki.readUInt8(spki.length - 1) ^ 1, spki.length - 1);
  // the test's authority only asks for the bytes
  return { ...keys, publicKey: { export: () => spki } as unknown as KeyObject };
}

describe('a file of Wycheproof', () => {
  const message = Buffer.from('xin chào');
  const file = (type: string, key: KeyObject, signature: Buffer, more: Record<string, unknown> = {}) => ({
    testGroups: [
      {
        type,
        sha: 'SHA-256',
        publicKeyDer: key.export({ type: 'spki', format: 'der' }).toString('hex'),
        ...more,
        tests: [
          {
            tcId: 1,
            comment: '',
            msg: message.toString('hex'),
            sig: signature.toString('hex'),
            result: 'valid',
          },
          { tcId: 2, comment: '', msg: '00', sig: signature.toString('hex'), result: 'invalid' },
          { tcId: 3, comment: '', msg: message.toString('hex'), sig: '', result: 'invalid' },
        ],
      },
    ],
  });
  const verdicts = (value: unknown) => judgeWycheproof(value).map(({ verdict }) => verdict);
  const right = ['right', 'right', 'right'];
  const outside = ['outside policy', 'right', 'right'];

  it.each(['P-256', 'P-384', 'P-521'])('of ECDSA on %s is judged, in DER and r‖s', (curve) => {
    const { publicKey, privateKey } = newKeys(curve);
    for (const [sha, hash] of [
      ['SHA-256', 'sha256'],
      ['SHA-384', 'sha384'],
      ['SHA-512', 'sha512'],
    ] as const) {
      expect(verdicts(file('EcdsaVerify', publicKey, sign(hash, message, privateKey), { sha }))).toEqual(
        right,
      );
      const raw = sign(hash, message, { key: privateKey, dsaEncoding: 'ieee-p1363' });
      expect(verdicts(file('EcdsaP1363Verify', publicKey, raw, { sha }))).toEqual(right);
      // one form is not the other
      expect(verdicts(file('EcdsaP1363Verify', publicKey, sign(hash, message, privateKey), { sha }))[0]).toBe(
        'wrongly refused',
      );
    }
  });

  it('of RSA is judged, PSS by its salt and mask', () => {
    const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    const plain = sign('sha256', message, privateKey);
    expect(verdicts(file('RsassaPkcs1Verify', publicKey, plain))).toEqual(right);
    const padding = 6;
    const pss = sign('sha256', message, { key: privateKey, padding, saltLength: 32 });
    const of = (more: Record<string, unknown>) => verdicts(file('RsassaPssVerify', publicKey, pss, more));
    expect(of({ sLen: 32, mgf: 'MGF1', mgfSha: 'SHA-256' })).toEqual(right);
    expect(of({ sLen: 20 })[0]).toBe('wrongly refused');
    expect(of({ sLen: 32, mgfSha: 'SHA-1' })).toEqual(outside);
    expect(of({ sLen: 32, mgf: 'SHAKE128' })).toEqual(outside);
    expect(of({})).toEqual(outside);
    expect(verdicts(file('RsassaPkcs1Verify', publicKey, pss))[0]).toBe('wrongly refused');
  });

  it('of anything else is outside policy and ends nothing', () => {
    const ed = generateKeyPairSync('ed25519');
    const signature = sign(null, message, ed.privateKey);
    expect(verdicts(file('EddsaVerify', ed.publicKey, signature))).toEqual(outside);
    expect(verdicts(file('EcdsaVerify', ed.publicKey, signature))).toEqual(outside);
    const k1 = newKeys('secp256k1');
    expect(verdicts(file('EcdsaBitcoinVerify', k1.publicKey, signature))).toEqual(outside);
    expect(verdicts(file('EcdsaVerify', k1.publicKey, sign('sha256', message, k1.privateKey)))).toEqual(
      outside,
    );
    for (const more of [{ sha: 'SHA3-256' }, { sha: 'SHA-1' }, { sha: undefined }, { publicKeyDer: 'x' }])
      expect(verdicts(file('EcdsaVerify', newKeys().publicKey, signature, more))).toEqual(outside);
    const cipher = {
      testGroups: [
        { type: 'AeadTest', keySize: 128, tests: [{ tcId: 1, key: '00', ct: '', result: 'valid' }] },
      ],
    };
    expect(verdicts(cipher)).toEqual(['outside policy']);
    expect(verdicts({ testGroups: [{ tests: [{ result: 'invalid' }] }] })).toEqual(['right']);
    expect(() => judgeWycheproof({})).toThrow();
  });

  it('of the older form, with its key elsewhere, is judged', () => {
    const { publicKey, privateKey } = newKeys();
    const keyDer = publicKey.export({ type: 'spki', format: 'der' }).toString('hex');
    const old = { publicKeyDer: undefined, keyDer, key: { curve: 'secp256r1' }, jwk: {} };
    expect(verdicts(file('EcdsaVerify', publicKey, sign('sha256', message, privateKey), old))).toEqual(right);
  });
});
