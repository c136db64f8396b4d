// x509-limbo's cases (C2SP/x509-limbo, limbo-schema.json) put to the path validator and the revocation lists' reader that
// judge signatures of papers, with the TLS checks that the cases want added around them.
import * as z from 'zod';
import { publicKeyOf } from '../../electron/signing/crypto.ts';
import { schemeOf } from '../../electron/signing/policy.ts';
import type { Certificate } from '../../electron/signing/x509/certificate.ts';
import { readCertificate } from '../../electron/signing/x509/certificate.ts';
import type { Crl } from '../../electron/signing/x509/crl.ts';
import { askCrl, readCrl } from '../../electron/signing/x509/crl.ts';
import type { KeyUsage } from '../../electron/signing/x509/extensions.ts';
import { ekus } from '../../electron/signing/x509/extensions.ts';
import { sameName } from '../../electron/signing/x509/names.ts';
import type { PathQuestion } from '../../electron/signing/x509/path.ts';
import { candidatesOf, noPath } from '../../electron/signing/x509/path.ts';
import { identifierName } from './algorithm-names.ts';
import { caseOf, type Testcase } from './limbo-case.ts';
import type { Outcome } from './outcome.ts';
import { outcomeOf } from './outcome.ts';
import { isNamed } from './peer-names.ts';
import { rulesByFeature, webPkiChapterRules, webPkiRules } from './web-pki.ts';

const File = z.object({ version: z.unknown().default(1), testcases: z.array(z.unknown()) });
/** What is needed to score a case that is not understood. */
const Scored = z
  .object({ id: z.string().optional().catch(undefined), expected_result: z.unknown() })
  .catch({ expected_result: null });

/** Throws when the file holds no cases at all. */
export function judgeLimbo(file: unknown, now: number = Date.now()): Outcome[] {
  const { version, testcases } = File.parse(file);
  return testcases.map((value, n) => {
    const { id = `case ${n + 1}`, expected_result } = Scored.parse(value);
    const expected = expected_result === 'SUCCESS' ? 'accept' : 'refuse';
    const testcase = version === 1 ? caseOf(value) : `schema of version ${JSON.stringify(version)}`;
    if (typeof testcase === 'string') return outcomeOf(id, expected, testcase, true);
    return outcomeOf(id, expected, whyRefused(testcase, now));
  });
}

/** Null: accepted. */
function whyRefused(testcase: Testcase, now: number): string | null {
  const leaf = certificates(testcase.peer_certificate)[0];
  if (leaf === undefined) return 'the certificate is malformed';
  const question = questionOf(testcase, leaf, now);
  const leafFault = whyNotLeaf(leaf, testcase);
  if (leafFault !== null) return leafFault;
  const crls = testcase.crls.flat().map(readCrl);
  let first: string | null = null;
  for (const { path, fault } of candidatesOf(question)) {
    const why =
      fault === null
        ? (whyUsages(path, question.purpose.extended) ??
          whyAlgorithm(path, testcase.signature_algorithms) ??
          whyRevocation(path, crls, question.at))
        : `${fault.reason}: ${roleOf(fault.about, path)} ${fault.says}: not so`;
    if (why === null) return null;
    first ??= why;
  }
  if (first !== null) return first;
  const { reason, says } = noPath(question);
  return `${reason}: the certificate ${says}: not so`;
}

function questionOf(testcase: Testcase, leaf: Certificate, now: number): PathQuestion {
  const asked = testcase.extended_key_usage;
  const byKind = testcase.validation_kind === 'SERVER' ? ekus.serverAuth : ekus.clientAuth;
  return {
    leaf,
    others: certificates(testcase.untrusted_intermediates.flat()),
    anchors: certificates(testcase.trusted_certs.flat()),
    at: testcase.validation_time ?? now,
    purpose: {
      extended: asked.length > 0 ? asked : [byKind],
      extendedOnly: false,
      extendedNeeded: false,
      anyExtended: true,
      usages: tlsUsages,
    },
    depth: testcase.max_chain_depth ?? 8,
    more: [
      ...webPkiRules,
      ...(testcase.id.startsWith('webpki::') ? webPkiChapterRules : []),
      ...testcase.features.flatMap((feature) => rulesByFeature[feature] ?? []),
    ],
  };
}

/** Any that a TLS certificate signs or exchanges keys with. */
const tlsUsages: readonly KeyUsage[] = ['digitalSignature', 'keyEncipherment', 'keyAgreement'];
/** A malformed certificate can be nobody's issuer. */
const certificates = (ders: readonly Buffer[]): Certificate[] =>
  ders.flatMap((der) => readCertificate(der) ?? []);

function whyNotLeaf(leaf: Certificate, testcase: Testcase): string | null {
  const { keyUsage } = leaf;
  const missing = testcase.key_usage.filter((usage) => keyUsage !== null && !keyUsage.has(usage));
  if (missing.length > 0) return `the certificate has not the key usage ${missing.join()}`;
  const peers = [
    ...(testcase.expected_peer_name == null ? [] : [testcase.expected_peer_name]),
    ...testcase.expected_peer_names,
  ];
  const unnamed = peers.find((peer) => !isNamed(leaf, peer));
  return unnamed === undefined ? null : `the certificate does not name ${unnamed.value}`;
}

/** Every usage that is asked for, in the leaf and down the path: the validator asks for one of them. */
function whyUsages(path: readonly Certificate[], asked: readonly string[]): string | null {
  const without = path.some(
    ({ extendedKeyUsage: own }) =>
      own !== null && !asked.every((usage) => own.includes(usage) || own.includes(ekus.any)),
  );
  return without ? 'is not for all the extended key usages asked for' : null;
}

function whyAlgorithm(path: readonly Certificate[], allowed: readonly string[]): string | null {
  const odd = path.slice(0, -1).find((c, i) => !isOfCurve(c, path[i + 1]));
  if (odd !== undefined) return 'signed with a hash that is not of the curve';
  if (allowed.length === 0) return null;
  const other = path.slice(0, -1).find((c) => !allowed.includes(identifierName(c.signatureAlgorithm)));
  return other === undefined
    ? null
    : `signed with ${identifierName(other.signatureAlgorithm)}, which is not asked for`;
}

/** SHA-256 with P-256, SHA-384 with P-384, SHA-512 with P-521 (Baseline Requirements, 7.1.3.2.2). */
function isOfCurve(certificate: Certificate, issuer: Certificate | undefined): boolean {
  const scheme = schemeOf(certificate.signatureAlgorithm);
  const key = issuer === undefined ? null : publicKeyOf(issuer.spki);
  if (typeof scheme === 'string' || key?.kind !== 'ec') return true;
  return scheme.hash === { 'P-256': 'sha256', 'P-384': 'sha384', 'P-521': 'sha512' }[key.curve];
}

/**
 * With lists given, the leaf's issuer must have one that is fresh and sound; a CA above must when there is a list of its
 * issuer. A list that cannot be read might be anybody's.
 */
function whyRevocation(
  path: readonly Certificate[],
  crls: readonly (Crl | null)[],
  at: number,
): string | null {
  if (crls.length === 0) return null;
  if (crls.includes(null)) return 'a revocation list is malformed';
  for (const [i, certificate] of path.slice(0, -1).entries()) {
    const issuer = path[i + 1];
    if (issuer === undefined) continue;
    const own = crls.filter((crl): crl is Crl => crl !== null && sameName(crl.issuer, certificate.issuer));
    if (own.length === 0 && i > 0) continue;
    const answers = own.map((crl) => ({ crl, answer: askCrl(crl, certificate, issuer) }));
    if (answers.some(({ answer }) => answer.status === 'revoked')) return 'revoked';
    const sound = answers.some(
      ({ crl, answer }) =>
        answer.status === 'not-listed' &&
        crl.thisUpdate <= at &&
        crl.nextUpdate !== null &&
        crl.nextUpdate >= at,
    );
    const why = answers.flatMap(({ answer }) => (answer.status === 'unusable' ? answer.why : []));
    if (!sound) return `revocation unknown: ${why.join('; ') || 'no fresh list'}`;
  }
  return null;
}

const roleOf = (about: Certificate, path: readonly Certificate[]): string =>
  about === path[0] ? 'the certificate' : about === path.at(-1) ? 'the anchor' : 'an intermediate';
