// x509-limbo's cases (C2SP/x509-limbo, limbo-schema.json) put to the path validator and the revocation lists' reader that
// judge signatures of papers, with the TLS checks that the cases want added around them.
import * as z from 'zod';
import type { Certificate } from '../../electron/signing/x509/certificate.ts';
import { derOfPem, readCertificate } from '../../electron/signing/x509/certificate.ts';
import type { Crl } from '../../electron/signing/x509/crl.ts';
import { askCrl, readCrl } from '../../electron/signing/x509/crl.ts';
import type { KeyUsage } from '../../electron/signing/x509/extensions.ts';
import { ekus, keyUsages } from '../../electron/signing/x509/extensions.ts';
import { sameName } from '../../electron/signing/x509/names.ts';
import type { PathQuestion } from '../../electron/signing/x509/path.ts';
import { candidatesOf, noPath } from '../../electron/signing/x509/path.ts';
import { identifierName } from './algorithm-names.ts';
import type { Outcome } from './outcome.ts';
import { outcomeOf } from './outcome.ts';
import { isNamed } from './peer-names.ts';
import { rulesByFeature, webPkiChapterRules, webPkiRules } from './web-pki.ts';

const PeerName = z.object({ kind: z.enum(['DNS', 'IP', 'RFC822']), value: z.string() });
/** Older sets write null for what newer ones leave empty. */
const List = <T extends z.ZodType>(of: T) =>
  z
    .array(of)
    .nullish()
    .transform((list) => list ?? []);
const Testcase = z.object({
  id: z.string(),
  features: List(z.string()),
  validation_kind: z.enum(['CLIENT', 'SERVER']),
  trusted_certs: z.array(z.string()),
  untrusted_intermediates: z.array(z.string()),
  peer_certificate: z.string(),
  validation_time: z.string().nullish(),
  signature_algorithms: List(z.string()),
  key_usage: List(z.enum(keyUsages)),
  extended_key_usage: List(z.string()),
  expected_result: z.enum(['SUCCESS', 'FAILURE']),
  expected_peer_name: PeerName.nullish(),
  expected_peer_names: List(PeerName),
  max_chain_depth: z.number().nullish(),
  crls: List(z.string()),
});
type Testcase = z.infer<typeof Testcase>;
const File = z.object({ testcases: z.array(z.unknown()) });

/** Throws when the file is no set of this schema. */
export const judgeLimbo = (file: unknown, now: number = Date.now()): Outcome[] =>
  File.parse(file).testcases.map((value) => {
    const testcase = Testcase.parse(value);
    const expected = testcase.expected_result === 'SUCCESS' ? 'accept' : 'refuse';
    return outcomeOf(testcase.id, expected, whyRefused(testcase, now));
  });

/** Null: accepted. */
function whyRefused(testcase: Testcase, now: number): string | null {
  const leaf = certificates([testcase.peer_certificate])[0];
  if (leaf === undefined) return 'the certificate is malformed';
  const question = questionOf(testcase, leaf, now);
  const leafFault = whyNotLeaf(leaf, testcase);
  if (leafFault !== null) return leafFault;
  const crls = testcase.crls.map((pem) => readCrl(derOfPem(pem, 'X509 CRL')[0] ?? Buffer.alloc(0)));
  let first: string | null = null;
  for (const { path, fault } of candidatesOf(question)) {
    const why =
      fault === null
        ? (whyAlgorithm(path, testcase.signature_algorithms) ?? whyRevocation(path, crls, question.at))
        : `${fault.reason}: ${roleOf(fault.about, path)} ${fault.says}: not so`;
    if (why === null) return null;
    first ??= why;
  }
  if (first !== null) return first;
  const { reason, says } = noPath(question);
  return `${reason}: the certificate ${says}: not so`;
}

function questionOf(testcase: Testcase, leaf: Certificate, now: number): PathQuestion {
  const asked = testcase.extended_key_usage.map((name) => knownEkus[name] ?? name);
  const byKind = testcase.validation_kind === 'SERVER' ? ekus.serverAuth : ekus.clientAuth;
  return {
    leaf,
    others: certificates(testcase.untrusted_intermediates),
    anchors: certificates(testcase.trusted_certs),
    at: testcase.validation_time == null ? now : instantOf(testcase.validation_time),
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
const knownEkus: Readonly<Record<string, string>> = {
  anyExtendedKeyUsage: ekus.any,
  serverAuth: ekus.serverAuth,
  clientAuth: ekus.clientAuth,
  codeSigning: ekus.codeSigning,
  emailProtection: ekus.emailProtection,
  timeStamping: ekus.timeStamping,
  OCSPSigning: ekus.ocspSigning,
};

/** A malformed certificate can be nobody's issuer. */
const certificates = (pems: readonly string[]): Certificate[] =>
  pems.flatMap((pem) => readCertificate(derOfPem(pem)[0] ?? Buffer.alloc(0)) ?? []);

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

function whyAlgorithm(path: readonly Certificate[], allowed: readonly string[]): string | null {
  if (allowed.length === 0) return null;
  const other = path.slice(0, -1).find((c) => !allowed.includes(identifierName(c.signatureAlgorithm)));
  return other === undefined
    ? null
    : `signed with ${identifierName(other.signatureAlgorithm)}, which is not asked for`;
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

/**
 * ms since 1970 UTC. Certificates begin and end with whole seconds, so any fraction, however small, is as good as half a
 * second: a microsecond after the end is after the end.
 */
function instantOf(text: string): number {
  const [, head = '', fraction = '', zone = ''] = /^([^.]*?)(\.\d+)?(Z|[+-]\d\d:?\d\d)?$/i.exec(text) ?? [];
  const at = Date.parse(`${head}${zone || 'Z'}`);
  if (Number.isNaN(at)) throw new Error(`no instant: ${text}`);
  return at + (/[1-9]/.test(fraction) ? 500 : 0);
}
