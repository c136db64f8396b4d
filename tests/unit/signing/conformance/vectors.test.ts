// Public test vectors against the very functions that judge signatures of papers. What we refuse and the vectors accept
// stands here by name with its reason; what we accept and they refuse does not stand anywhere.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { judgeLimbo } from '../../../../scripts/conformance/limbo.ts';
import type { Outcome } from '../../../../scripts/conformance/outcome.ts';
import { addressOf, textOfAddress } from '../../../../scripts/conformance/peer-names.ts';
import { judgeWycheproof } from '../../../../scripts/conformance/wycheproof.ts';

const fixture = (name: string): unknown[] =>
  readFileSync(join(import.meta.dirname, '../../../fixtures/pki', name), 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line));
const limbo = fixture('x509-limbo.jsonl') as Record<string, unknown>[];
const ids = (outcomes: readonly Outcome[], verdict: Outcome['verdict']) =>
  outcomes.filter((outcome) => outcome.verdict === verdict).map(({ id }) => id);

describe('x509-limbo', () => {
  const outcomes = judgeLimbo({ testcases: limbo }, Date.UTC(2026, 10, 22));

  it('finds nothing accepted that must be refused', () => {
    expect(outcomes.length).toBe(135);
    expect(ids(outcomes, 'wrongly accepted')).toEqual([]);
  });

  it('finds refused what must be accepted only for these reasons', () => {
    expect(ids(outcomes, 'wrongly refused')).toEqual([
      // signs as a CA: no CA signs papers, and webpki::ee-basicconstraints-ca wants the opposite
      'pathlen::validation-ignores-pathlen-in-leaf',
      // asks for example.com of a certificate that names only a directory entry
      'rfc5280::nc::permitted-dn-match',
      // its common name is none of its alternative names, which the Baseline Requirements forbid (7.1.4.3)
      'webpki::san::leftmost-wildcard-san',
    ]);
  });

  const testcase = (id: string) => limbo.find((one) => one.id === id);
  const judged = (id: string, change: Record<string, unknown>) =>
    judgeLimbo({ testcases: [{ ...testcase(id), ...change }] }, Date.UTC(2026, 10, 22))[0]?.got;
  const plain = 'webpki::san::exact-san';

  it.each<[string, Record<string, unknown>, string]>([
    ['no change', {}, 'accepted'],
    ['a time before it began', { validation_time: '1969-01-01T00:00:00Z' }, 'refused'],
    ['a microsecond after it ended', { validation_time: '2969-05-03T00:00:01.000001+00:00' }, 'refused'],
    ['the second it ends', { validation_time: '2969-05-03T00:00:01+00:00' }, 'accepted'],
    ['another peer', { expected_peer_name: { kind: 'DNS', value: 'other.com' } }, 'refused'],
    ['a peer in capitals', { expected_peer_name: { kind: 'DNS', value: 'EXAMPLE.com' } }, 'accepted'],
    [
      'one of several peers missing',
      {
        expected_peer_names: [
          { kind: 'DNS', value: 'example.com' },
          { kind: 'IP', value: '::1' },
        ],
      },
      'refused',
    ],
    ['a key usage that it has', { key_usage: ['digitalSignature'] }, 'accepted'],
    ['a key usage that it has not', { key_usage: ['keyAgreement'] }, 'refused'],
    ['an extended usage that it has not', { extended_key_usage: ['codeSigning'] }, 'refused'],
    ['a client', { validation_kind: 'CLIENT' }, 'refused'],
    ['algorithms that are used', { signature_algorithms: ['ECDSA_WITH_SHA256'] }, 'accepted'],
    ['algorithms that are not', { signature_algorithms: ['RSA_WITH_SHA256', 'ED25519'] }, 'refused'],
    ['lists that are none', { crls: ['-----BEGIN X509 CRL-----\nMAA=\n-----END X509 CRL-----'] }, 'refused'],
  ])('heeds what a case asks for: %s', (_, change, expected) => {
    expect(judged(plain, change)).toBe(expected);
  });

  it('heeds a chain’s greatest depth', () => {
    expect(judged('pathlen::max-chain-depth-1', { max_chain_depth: 0 })).toBe('refused');
    expect(judged('pathlen::max-chain-depth-1', { max_chain_depth: 2 })).toBe('accepted');
  });
});

describe('Wycheproof', () => {
  it.each([
    ['wycheproof-ecdsa-p256.jsonl', 484],
    ['wycheproof-rsa-2048.jsonl', 259],
  ])('agrees with %s in all %i cases', (name, cases) => {
    const outcomes = judgeWycheproof({ testGroups: fixture(name) });
    expect(outcomes.length).toBe(cases);
    expect(outcomes.filter(({ verdict }) => verdict !== 'right')).toEqual([]);
  });
});

describe('addresses', () => {
  it.each([
    ['192.0.2.1', '192.0.2.1'],
    ['::1', '::1'],
    ['2001:DB8:0:0:1:0:0:1', '2001:db8::1:0:0:1'],
    ['1:2:3:4:5:6:7:8', '1:2:3:4:5:6:7:8'],
    ['1:2:3:4:5:6:0:8', '1:2:3:4:5:6:0:8'],
    ['::', '::'],
  ])('%s is written %s', (text, written) => {
    expect(textOfAddress(addressOf(text) ?? Buffer.alloc(0))).toBe(written);
  });

  it.each([
    '192.0.2',
    '192.0.2.256',
    '192.0.2.01',
    '1::2::3',
    '1:2:3',
    '12345::',
    '1:2:3:4:5:6:7:8:9',
    'host',
  ])('%s is none', (text) => {
    expect(addressOf(text)).toBeNull();
  });
});
