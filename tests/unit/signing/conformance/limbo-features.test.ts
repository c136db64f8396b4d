// Features of x509-limbo's schema that the set at hand has no case of, tried on cases of our own making.
import { generateKeyPairSync } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { ctx, ctxPrimitive, int, oid, seq } from '../../../../electron/signing/der/write.ts';
import { pemOf } from '../../../../electron/signing/x509/certificate.ts';
import { judgeLimbo } from '../../../../scripts/conformance/limbo.ts';
import type { CertificateForm, CrlForm, Holder } from '../x509/authority.ts';
import {
  alternativeNames,
  certificateDer,
  crlNumber,
  crlOf,
  day,
  distributionPoint,
  dns,
  extendedUsage,
  extension,
  issue,
  nameConstraints,
  nameDer,
  newKeys,
  root,
  today,
} from '../x509/authority.ts';

const server = '1.3.6.1.5.5.7.3.1';
const tls = (more: CertificateForm = {}): CertificateForm => ({
  ...more,
  name: more.name ?? nameDer('example.com', null),
  extensions: { san: alternativeNames(dns('example.com')), eku: extendedUsage([server]), ...more.extensions },
});
const ca = root();
const leaf = issue(ca, tls());

function judged(
  peer: Buffer,
  {
    roots = [ca],
    others = [],
    crls = [],
    ...more
  }: { roots?: Holder[]; others?: Holder[]; crls?: Buffer[] } & Record<string, unknown> = {},
) {
  const testcase = {
    id: 'own::case',
    description: '',
    validation_kind: 'SERVER',
    trusted_certs: roots.map((h) => pemOf(h.certificate.der)),
    untrusted_intermediates: others.map((h) => pemOf(h.certificate.der)),
    peer_certificate: pemOf(peer),
    validation_time: new Date(today).toISOString(),
    signature_algorithms: [],
    key_usage: [],
    extended_key_usage: [],
    expected_result: 'SUCCESS',
    expected_peer_names: [],
    crls: crls.map((der) => pemOf(der, 'X509 CRL')),
    ...more,
  };
  return judgeLimbo({ testcases: [testcase] })[0]?.got;
}
const withList = (form: CrlForm) => judged(leaf.certificate.der, { crls: [crlOf(ca, form)] });

describe('revocation lists of a case', () => {
  const revoked = [{ serial: leaf.certificate.serial, at: today - day }];
  it.each<[string, CrlForm, string]>([
    ['name others', { revoked: [{ serial: 99n, at: today - day }] }, 'accepted'],
    ['name it', { revoked }, 'refused'],
    ['have no number', { number: null }, 'refused'],
    ['have a critical number', { number: crlNumber(1, true) }, 'refused'],
    ['are old', { thisUpdate: today - 3 * day, nextUpdate: today - 2 * day }, 'refused'],
    ['are of tomorrow', { thisUpdate: today + day, nextUpdate: today + 2 * day }, 'refused'],
    ['are somebody else’s', { signer: root().privateKey }, 'refused'],
    ['say changes only', { extensions: [extension('2.5.29.27', int(1), true)] }, 'refused'],
    ['are for CAs', { extensions: [distributionPoint(ctxPrimitive(2, Buffer.from([255])))] }, 'refused'],
    [
      'say something critical that is not known',
      { extensions: [extension('1.2.3', int(1), true)] },
      'refused',
    ],
  ])('that %s', (_, form, expected) => {
    expect(withList(form)).toBe(expected);
  });

  it('refuse a revoked CA, and a leaf of a CA of which there is none', () => {
    const middle = issue(ca, { name: 'CA dưới', ca: true });
    const low = issue(middle, tls());
    const own = crlOf(middle);
    const question = { others: [middle] };
    expect(judged(low.certificate.der, { ...question, crls: [own] })).toBe('accepted');
    expect(judged(low.certificate.der, { ...question, crls: [crlOf(ca)] })).toBe('refused');
    const gone = crlOf(ca, { revoked: [{ serial: middle.certificate.serial, at: today - day }] });
    expect(judged(low.certificate.der, { ...question, crls: [own, gone] })).toBe('refused');
  });
});

describe('a case', () => {
  it('of a client wants all the names it lists', () => {
    const client = issue(ca, {
      extensions: {
        san: alternativeNames(
          dns('a.test'),
          ctxPrimitive(1, Buffer.from('An@a.test')),
          ctxPrimitive(7, Buffer.from([10, 0, 0, 1])),
        ),
        eku: extendedUsage(['1.3.6.1.5.5.7.3.2']),
      },
    });
    const names = (...list: [string, string][]) =>
      judged(client.certificate.der, {
        validation_kind: 'CLIENT',
        expected_peer_names: list.map(([kind, value]) => ({ kind, value })),
      });
    expect(names()).toBe('accepted');
    expect(names(['DNS', 'a.test'], ['RFC822', 'An@A.TEST'], ['IP', '10.0.0.1'])).toBe('accepted');
    expect(names(['RFC822', 'an@a.test'])).toBe('refused');
    expect(names(['DNS', 'a.test'], ['DNS', 'b.test'])).toBe('refused');
    expect(judged(client.certificate.der)).toBe('refused');
  });

  it('with a curve spelt out is refused (CVE-2020-0601)', () => {
    const options = { namedCurve: 'P-256', paramEncoding: 'explicit' } as const;
    const keys = generateKeyPairSync('ec', options);
    expect(judged(certificateDer(ca, keys, tls()))).toBe('refused');
    const odd = root({ keys: generateKeyPairSync('ec', options) });
    expect(judged(issue(odd, tls()).certificate.der, { roots: [odd] })).toBe('refused');
  });

  it('with an RSA key that is short, odd or of a small exponent is refused', () => {
    const rsa = (modulusLength: number, publicExponent = 65_537) =>
      judged(certificateDer(ca, generateKeyPairSync('rsa', { modulusLength, publicExponent }), tls()));
    expect(rsa(2048)).toBe('accepted');
    expect(rsa(1024)).toBe('refused');
    expect(rsa(2052)).toBe('refused');
    expect(rsa(2048, 3)).toBe('refused');
  });

  it('with uncritical policy constraints is refused', () => {
    const constraints = extension('2.5.29.36', seq(ctxPrimitive(0, Buffer.from([0]))));
    const policies = extension('2.5.29.32', seq(seq(oid('2.5.29.32.0'))));
    const middle = issue(ca, { name: 'CA dưới', ca: true, extensions: { constraints, policies } });
    expect(judged(issue(middle, tls()).certificate.der, { others: [middle] })).toBe('refused');
  });

  it('of two ways of which one is forbidden goes the other', () => {
    const keys = newKeys();
    const forbidden = issue(ca, {
      name: 'CA dưới',
      ca: true,
      keys,
      extensions: { nc: nameConstraints([dns('other.com')]) },
    });
    const allowed = issue(ca, { name: 'CA dưới', ca: true, keys });
    const low = issue(allowed, tls()).certificate.der;
    expect(judged(low, { others: [forbidden] })).toBe('refused');
    expect(judged(low, { others: [forbidden, allowed] })).toBe('accepted');
    expect(judged(low, { others: [allowed, forbidden] })).toBe('accepted');
  });

  it('with thousands of names and constraints ends soon', () => {
    const many = (suffix: string) => Array.from({ length: 1500 }, (_, i) => dns(`x${i}.${suffix}`));
    const middle = issue(ca, {
      name: 'CA dưới',
      ca: true,
      extensions: {
        nc: extension('2.5.29.30', seq(ctx(1, ...many('excluded.test').map((d) => seq(d)))), true),
      },
    });
    const low = issue(
      middle,
      tls({ extensions: { san: alternativeNames(dns('example.com'), ...many('a.test')) } }),
    );
    const started = performance.now();
    expect(judged(low.certificate.der, { others: [middle] })).toBe('refused');
    expect(performance.now() - started).toBeLessThan(3000);
  });

  it('with CAs that certify each other in many ways ends soon', () => {
    const keys = Array.from({ length: 9 }, () => newKeys());
    const name = (i: number) => `CA ${i}`;
    const selves = keys.map((pair, i) => root({ name: name(i), keys: pair }));
    const web = selves.flatMap((issuer, i) =>
      keys.flatMap((pair, j) => (i === j ? [] : [issue(issuer, { name: name(j), ca: true, keys: pair })])),
    );
    const low = issue(selves[0]!, tls());
    const started = performance.now();
    expect(judged(low.certificate.der, { others: web })).toBe('refused');
    expect(performance.now() - started).toBeLessThan(8000);
  });
});
