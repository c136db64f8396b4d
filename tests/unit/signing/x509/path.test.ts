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
} from '../../../../electron/signing/der/write.ts';
import { purposes } from '../../../../electron/signing/judge/purposes.ts';
import { readCertificate } from '../../../../electron/signing/x509/certificate.ts';
import { findPath } from '../../../../electron/signing/x509/path.ts';
import type { CertificateForm, Holder } from './authority.ts';
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
} from './authority.ts';

const ca = root();
const middle = issue(ca, { name: 'CA dưới', ca: true });

/** What is wrong with the path of a leaf; null: nothing. */
function faultOf(
  leaf: Holder,
  others: Holder[] = [middle],
  anchors: Holder[] = [ca],
  at = today,
  usage: keyof typeof purposes = 'document',
) {
  return (
    findPath({
      leaf: leaf.certificate,
      others: others.map((holder) => holder.certificate),
      anchors: anchors.map((holder) => holder.certificate),
      at,
      purpose: purposes[usage],
    }).fault?.reason ?? null
  );
}
const ofLeaf = (form: CertificateForm) => faultOf(issue(middle, form));
const ofMiddle = (form: CertificateForm) => {
  const authority = issue(ca, { name: 'CA dưới', ca: true, ...form });
  return faultOf(issue(authority), [authority]);
};
const ofRoot = (form: CertificateForm) => {
  const authority = root(form);
  return faultOf(issue(authority), [], [authority]);
};

describe('a path', () => {
  it('leads from a person over a CA to an anchor', () => {
    const leaf = issue(middle);
    const { path, fault } = findPath({
      leaf: leaf.certificate,
      others: [issue(ca, { name: 'một CA khác', ca: true }).certificate, middle.certificate],
      anchors: [ca.certificate],
      at: today,
      purpose: purposes.document,
    });
    expect(fault).toBeNull();
    expect(path.map((c) => c.sha256)).toEqual([leaf, middle, ca].map((h) => h.certificate.sha256));
  });

  it('to no anchor has an unknown issuer', () => {
    expect(faultOf(issue(middle), [])).toBe('issuer_unknown');
    expect(faultOf(issue(middle), [middle], [root()])).toBe('issuer_unknown');
    expect(faultOf(issue(middle), [middle], [])).toBe('issuer_unknown');
  });

  it('is wrong when the issuer it names, by name and key, did not sign', () => {
    const impostor = issue(ca, { name: 'CA dưới', ca: true });
    const forged = issue({ ...middle, privateKey: impostor.privateKey });
    expect(faultOf(forged)).toBe('chain_wrong');
  });

  it('holds from the first second to the last, and no longer', () => {
    const leaf = issue(middle, { from: today, to: today + day });
    expect(faultOf(leaf, [middle], [ca], today)).toBeNull();
    expect(faultOf(leaf, [middle], [ca], today + day)).toBeNull();
    expect(faultOf(leaf, [middle], [ca], today - 1)).toBe('not_yet_valid_at_signing');
    expect(faultOf(leaf, [middle], [ca], today + day + 0.001)).toBe('expired_at_signing');
  });

  it('does not hold when a CA or the anchor has expired', () => {
    expect(ofMiddle({ to: today - day })).toBe('expired_at_signing');
    expect(ofRoot({ to: today - day })).toBe('expired_at_signing');
  });

  it('goes round a CA that has expired when another one has the same key', () => {
    const keys = newKeys();
    const old = issue(ca, { name: 'CA dưới', ca: true, keys, to: today - day });
    const fresh = issue(ca, { name: 'CA dưới', ca: true, keys });
    expect(faultOf(issue(fresh), [old, fresh])).toBeNull();
    expect(faultOf(issue(fresh), [old])).toBe('expired_at_signing');
  });

  it('ends although CAs certify each other in a circle', () => {
    const [keysA, keysB] = [newKeys(), newKeys()];
    const [selfA, selfB] = [root({ name: 'A', keys: keysA }), root({ name: 'B', keys: keysB })];
    const a = issue(selfB, { name: 'A', ca: true, keys: keysA });
    const b = issue(selfA, { name: 'B', ca: true, keys: keysB });
    expect(faultOf(issue(a), [a, b])).toBe('issuer_unknown');
  });

  it('counts intermediates against a CA’s limit, but not a CA’s own new key', () => {
    const limited = issue(ca, { name: 'CA dưới', ca: true, pathLength: 0 });
    const below = issue(limited, { name: 'CA dưới nữa', ca: true });
    const rekeyed = issue(limited, { name: 'CA dưới', ca: true });
    expect(faultOf(issue(limited), [limited])).toBeNull();
    expect(faultOf(issue(below), [limited, below])).toBe('not_for_issuing');
    expect(faultOf(issue(rekeyed), [limited, rekeyed])).toBeNull();
  });

  it.each<[string, CertificateForm]>([
    ['does not say that it is a CA', { extensions: { '2.5.29.19': null, '2.5.29.15': keyUsage(0) } }],
    ['says so uncritically', { extensions: { '2.5.29.19': extension('2.5.29.19', seq(bool(true))) } }],
    ['may not sign certificates', { extensions: { '2.5.29.15': keyUsage(0, 6) } }],
    ['does not say what its key is for', { extensions: { '2.5.29.15': null } }],
    ['issues for servers only', { extensions: { eku: extendedUsage(['1.3.6.1.5.5.7.3.1']) } }],
  ])('has no CA that %s', (_, form) => {
    expect(ofMiddle(form)).toBe('not_for_issuing');
  });

  it.each<[string, CertificateForm]>([
    ['for a CA', { ca: true }],
    ['for servers only', { extensions: { eku: extendedUsage(['1.3.6.1.5.5.7.3.1']) } }],
    ['for enciphering only', { extensions: { '2.5.29.15': keyUsage(2, 3) } }],
  ])('does not begin with a certificate %s', (_, form) => {
    expect(ofLeaf(form)).toBe('not_for_signing');
  });

  it.each<[string, CertificateForm]>([
    [
      'mail and logging in',
      { extensions: { eku: extendedUsage(['1.3.6.1.5.5.7.3.2', '1.3.6.1.5.5.7.3.4']) } },
    ],
    ['documents', { extensions: { eku: extendedUsage(['1.3.6.1.5.5.7.3.36']) } }],
    ['anything', { extensions: { eku: extendedUsage(['2.5.29.37.0']) } }],
    ['content commitment', { extensions: { '2.5.29.15': keyUsage(1) } }],
    ['whatever, not saying', { extensions: { '2.5.29.15': null } }],
  ])('may begin with a certificate for %s', (_, form) => {
    expect(ofLeaf(form)).toBeNull();
  });

  it.each<[string, CertificateForm]>([
    ['a serial number of zero', { serial: 0 }],
    ['a negative serial number', { serial: -5 }],
    ['no identifier of its issuer’s key', { extensions: { '2.5.29.35': null } }],
    [
      'a critical key identifier',
      { extensions: { '2.5.29.14': extension('2.5.29.14', octets(Buffer.from([1])), true) } },
    ],
    ['no name', { name: seq() }],
    ['name constraints of its own', { extensions: { nc: nameConstraints([dns('a.test')]) } }],
    ['key usage of a CA', { extensions: { '2.5.29.15': keyUsage(0, 5) } }],
    ['an end before its beginning', { from: today + day, to: today - day }],
  ])('does not begin with a certificate with %s', (_, form) => {
    expect(ofLeaf(form)).toBe('certificate_malformed');
  });

  it('may begin with a certificate without subject when its alternative names are critical', () => {
    const names = alternativeNames(dns('a.test'));
    const critical = extension('2.5.29.17', seq(dns('a.test')), true);
    expect(ofLeaf({ name: seq(), extensions: { san: names } })).toBe('certificate_malformed');
    expect(ofLeaf({ name: seq(), extensions: { san: critical } })).toBeNull();
  });

  it('has no certificate of version 1', () => {
    // version 1 is written by leaving it out, and extensions came with version 3
    expect(readCertificate(certificateDer(middle, newKeys(), { version: Buffer.alloc(0) }))).toBeNull();
  });

  it('has no critical extension that nobody knows, wherever', () => {
    const unknown = { extensions: { odd: extension('1.2.3.4.5', nul(), true) } };
    expect(ofLeaf(unknown)).toBe('constraint_unknown');
    expect(ofMiddle(unknown)).toBe('constraint_unknown');
    expect(ofRoot({ ...unknown, name: 'Gốc', ca: true })).toBe('constraint_unknown');
    expect(ofLeaf({ extensions: { odd: extension('1.2.3.4.5', nul()) } })).toBeNull();
  });

  it('may end in an old root of serial number zero', () => {
    expect(ofRoot({ serial: 0 })).toBeNull();
    expect(ofMiddle({ serial: 0 })).toBe('certificate_malformed');
  });

  it('has no CA without identifier of its key', () => {
    expect(ofMiddle({ extensions: { '2.5.29.14': null } })).toBe('certificate_malformed');
  });

  it('for time-stamps begins with a certificate for nothing else, said critically', () => {
    const of = (form: CertificateForm) => faultOf(issue(middle, form), [middle], [ca], today, 'time-stamp');
    const stamping = '1.3.6.1.5.5.7.3.8';
    expect(of({ extensions: { eku: extendedUsage([stamping], true) } })).toBeNull();
    expect(of({ extensions: { eku: extendedUsage([stamping]) } })).toBe('not_for_signing');
    expect(of({ extensions: { eku: extendedUsage([stamping, '1.3.6.1.5.5.7.3.4'], true) } })).toBe(
      'not_for_signing',
    );
    expect(of({ extensions: { eku: extendedUsage(['2.5.29.37.0'], true) } })).toBe('not_for_signing');
    expect(of({})).toBe('not_for_signing');
    expect(ofLeaf({ extensions: { eku: extendedUsage([stamping], true) } })).toBe('not_for_signing');
  });

  it('has no key weaker than the policy wants', () => {
    expect(ofLeaf({ keys: newKeys('P-384') })).toBeNull();
    expect(ofLeaf({ keys: newKeys('P-192') })).toBe('algorithm_weak');
    expect(ofLeaf({ keys: newKeys('secp256k1') })).toBe('algorithm_weak');
  });
});

describe('name constraints', () => {
  const within = (constraints: Buffer, names: Buffer[], name: string | Buffer = 'An') => {
    const authority = issue(ca, { name: 'CA dưới', ca: true, extensions: { nc: constraints } });
    const extensions: Record<string, Buffer> = names.length > 0 ? { san: alternativeNames(...names) } : {};
    return faultOf(issue(authority, { name, extensions }), [authority]);
  };
  const mail = (text: string) => ctxPrimitive(1, Buffer.from(text));
  const site = (text: string) => ctxPrimitive(6, Buffer.from(text));
  const address = (...bytes: number[]) => ctxPrimitive(7, Buffer.from(bytes));
  const directory = (name: Buffer) => ctx(4, name);

  it.each<[string, Buffer, Buffer[], string | null]>([
    ['a host below', nameConstraints([dns('bv.vn')]), [dns('a.BV.vn')], null],
    ['the host itself', nameConstraints([dns('bv.vn')]), [dns('bv.vn')], null],
    ['a host beside', nameConstraints([dns('bv.vn')]), [dns('xbv.vn')], 'chain_wrong'],
    [
      'one host below and one beside',
      nameConstraints([dns('bv.vn')]),
      [dns('a.bv.vn'), dns('b.vn')],
      'chain_wrong',
    ],
    ['an excluded host', nameConstraints([], [dns('bv.vn')]), [dns('a.bv.vn')], 'chain_wrong'],
    ['a star over an excluded host', nameConstraints([], [dns('a.bv.vn')]), [dns('*.bv.vn')], 'chain_wrong'],
    ['a star wider than permitted', nameConstraints([dns('a.bv.vn')]), [dns('*.bv.vn')], 'chain_wrong'],
    ['a name of another kind', nameConstraints([dns('bv.vn')]), [mail('a@x.vn')], null],
    ['a mailbox of the host', nameConstraints([mail('bv.vn')]), [mail('an@bv.vn')], null],
    ['a mailbox of a host below', nameConstraints([mail('bv.vn')]), [mail('an@a.bv.vn')], 'chain_wrong'],
    ['a mailbox below the domain', nameConstraints([mail('.bv.vn')]), [mail('an@a.bv.vn')], null],
    [
      'a mailbox, its local part in capitals',
      nameConstraints([mail('an@bv.vn')]),
      [mail('AN@bv.vn')],
      'chain_wrong',
    ],
    [
      'something that is no mailbox',
      nameConstraints([mail('bv.vn')]),
      [mail('bv.vn')],
      'certificate_malformed',
    ],
    [
      'an address in the range',
      nameConstraints([address(10, 1, 0, 0, 255, 255, 0, 0)]),
      [address(10, 1, 2, 3)],
      null,
    ],
    [
      'an address outside',
      nameConstraints([address(10, 1, 0, 0, 255, 255, 0, 0)]),
      [address(10, 2, 2, 3)],
      'chain_wrong',
    ],
    [
      'a mask with holes',
      nameConstraints([address(10, 1, 0, 0, 255, 0, 255, 0)]),
      [address(10, 1, 2, 3)],
      'certificate_malformed',
    ],
    ['a page of the host', nameConstraints([site('bv.vn')]), [site('https://bv.vn:8443/x')], null],
    [
      'a page of a host that only pretends',
      nameConstraints([site('bv.vn')]),
      [site('https://bv.vn@evil.vn/')],
      'chain_wrong',
    ],
    ['a page without host', nameConstraints([site('bv.vn')]), [site('urn:bv.vn')], 'certificate_malformed'],
    [
      'a constraint of a kind not compared',
      nameConstraints([ctxPrimitive(8, Buffer.from([42, 3]))]),
      [ctxPrimitive(8, Buffer.from([42, 3]))],
      'constraint_unknown',
    ],
    [
      'a constraint that is no host',
      nameConstraints([dns('*.bv.vn')]),
      [dns('a.bv.vn')],
      'certificate_malformed',
    ],
  ])('judge %s', (_, constraints, names, expected) => {
    expect(within(constraints, names)).toBe(expected);
  });

  it('hold for the subject itself', () => {
    const below = nameConstraints([directory(seq(...readNames('Bệnh viện thử')))]);
    expect(within(below, [], nameDer('An', 'Bệnh viện thử'))).toBeNull();
    expect(within(below, [], nameDer('An', 'Nơi khác'))).toBe('chain_wrong');
  });

  it('end in a refusal when there are thousands of them', () => {
    const many = Array.from({ length: 600 }, (_, i) => dns(`x${i}.vn`));
    const started = performance.now();
    expect(within(nameConstraints(many, many), many)).not.toBeNull();
    expect(performance.now() - started).toBeLessThan(5000);
  });

  /** The one RDN `O=…`. */
  const readNames = (organization: string): Buffer[] => {
    const whole = nameDer('x', organization);
    const { certificate } = issue(ca, { name: whole });
    const first = certificate.subject.rdns[0]?.[0];
    expect(first?.text).toBe(organization);
    return [whole.subarray(2, 2 + 2 + (whole[3] ?? 0))];
  };
});

describe('policies', () => {
  const policies = (...names: string[]) =>
    extension('2.5.29.32', seq(...names.map((name) => seq(oid(name)))));
  const require = (skip: number) => extension('2.5.29.36', seq(ctxPrimitive(0, Buffer.from([skip]))), true);
  const [mine, other, any] = ['1.2.3.1', '1.2.3.2', '2.5.29.32.0'];
  const mapping = (from: string, to: string) => extension('2.5.29.33', seq(seq(oid(from), oid(to))), true);
  const named = (list: Buffer[]) => Object.fromEntries(list.map((e, i) => [`policy ${i}`, e]));
  const inhibitAny = extension('2.5.29.54', int(0), true);

  it.each<[string, Buffer[], Buffer[], string | null]>([
    ['none demanded, none given', [], [], null],
    ['one demanded and carried through', [policies(mine), require(0)], [policies(mine)], null],
    ['one demanded, another given', [policies(mine), require(0)], [policies(other)], 'chain_wrong'],
    ['one demanded, none given', [policies(mine), require(0)], [], 'chain_wrong'],
    ['demanded only further down', [policies(mine), require(3)], [], null],
    ['any at the CA', [policies(any), require(0)], [policies(other)], null],
    ['any at the leaf', [policies(mine), require(0)], [policies(any)], null],
    ['any at the leaf, inhibited', [policies(mine), require(0), inhibitAny], [policies(any)], 'chain_wrong'],
    ['mapped', [policies(mine), mapping(mine, other), require(0)], [policies(other)], null],
    [
      'mapped, the old name used',
      [policies(mine), mapping(mine, other), require(0)],
      [policies(mine)],
      'chain_wrong',
    ],
  ])('%s', (_, atCa, atLeaf, expected) => {
    const authority = issue(ca, { name: 'CA dưới', ca: true, extensions: named(atCa) });
    expect(faultOf(issue(authority, { extensions: named(atLeaf) }), [authority])).toBe(expected);
  });

  it('are constrained critically or not at all', () => {
    const uncritical = extension('2.5.29.36', seq(ctxPrimitive(0, Buffer.from([0]))));
    expect(ofMiddle({ extensions: { p: policies(mine), c: uncritical } })).toBe('certificate_malformed');
  });
});
