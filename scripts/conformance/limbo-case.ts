// A case of x509-limbo (C2SP/x509-limbo, limbo-schema.json, version 1) as it is put to the validator. A case that asks
// for anything not understood here is never accepted: what it is about would not have been looked at.
import * as z from 'zod';
import { derOfPem } from '../../electron/signing/x509/certificate.ts';
import { ekus, keyUsages } from '../../electron/signing/x509/extensions.ts';

const PeerName = z.object({ kind: z.enum(['DNS', 'IP', 'RFC822']), value: z.string() });
/** Older sets write null for what newer ones leave empty. */
const List = <T extends z.ZodType>(of: T) =>
  z
    .array(of)
    .nullish()
    .transform((list) => list ?? []);

/** What a case is about; each is heeded whether the case names it or not, but for those in web-pki.ts. */
const features = [
  'has-policy-constraints',
  'has-cert-policies',
  'no-cert-policies',
  'pedantic-public-suffix-wildcard',
  'name-constraint-dn',
  'pedantic-webpki',
  'pedantic-webpki-subscriber-key',
  'pedantic-webpki-eku',
  'pedantic-serial-number',
  'max-chain-depth',
  'pedantic-rfc5280',
  'rfc5280-incompatible-with-webpki',
  'denial-of-service',
  'has-crl',
] as const;

const namedUsages: Readonly<Record<string, string>> = {
  anyExtendedKeyUsage: ekus.any,
  serverAuth: ekus.serverAuth,
  clientAuth: ekus.clientAuth,
  codeSigning: ekus.codeSigning,
  emailProtection: ekus.emailProtection,
  timeStamping: ekus.timeStamping,
  OCSPSigning: ekus.ocspSigning,
};
const Usage = z
  .string()
  .transform((name) => namedUsages[name] ?? name)
  .pipe(z.string().regex(/^[012](\.\d+)+$/));

const shape = {
  id: z.string(),
  features: List(z.enum(features)),
  validation_kind: z.enum(['CLIENT', 'SERVER']),
  trusted_certs: z.array(pemsOf('CERTIFICATE')),
  untrusted_intermediates: z.array(pemsOf('CERTIFICATE')),
  peer_certificate: pemsOf('CERTIFICATE').refine((all) => all.length === 1),
  validation_time: z.string().transform(instantOf).nullish(),
  signature_algorithms: List(z.string()),
  key_usage: List(z.enum(keyUsages)),
  extended_key_usage: List(Usage),
  expected_peer_name: PeerName.nullish(),
  expected_peer_names: List(PeerName),
  max_chain_depth: z.number().int().nonnegative().nullish(),
  crls: List(pemsOf('X509 CRL')),
};
const Testcase = z.object(shape);
/** DER where the file has PEM, instants in ms since 1970 UTC, usages dotted. */
export type Testcase = z.output<typeof Testcase>;

/** Said about a case and no question of it. */
const told = new Set([
  'conflicts_with',
  'importance',
  'description',
  'peer_certificate_key',
  'expected_result',
]);

/** The case, or in English what of it is not understood. */
export function caseOf(value: unknown): Testcase | string {
  if (typeof value !== 'object' || value === null) return 'no case';
  const more = Object.entries(value).find(
    ([key, of]) => !(key in shape) && !told.has(key) && JSON.stringify(of ?? []).length > 2,
  );
  if (more !== undefined) return `asks for ${more[0]}`;
  const read = Testcase.safeParse(value);
  if (read.success) return read.data;
  return `${read.error.issues.map((issue) => issue.path.join('.')).join(', ')} not understood`;
}

/** One text may hold several; one that holds none is an element that is none. */
function pemsOf(label: string) {
  return z.string().transform((text) => {
    const all = derOfPem(text, label);
    return all.length > 0 ? all : [Buffer.alloc(0)];
  });
}

/**
 * ms since 1970 UTC; without a zone it is UTC. Certificates begin and end with whole seconds, so any fraction, however
 * small, is as good as half a second: a microsecond after the end is after the end.
 */
function instantOf(text: string, context: z.RefinementCtx): number {
  const [, head = '', fraction = '', zone = ''] =
    /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(\.\d+)?(Z|[+-]\d\d:?\d\d)?$/i.exec(text) ?? [];
  const at = Date.parse(`${head}${zone || 'Z'}`);
  if (Number.isNaN(at)) context.addIssue('no instant');
  return at + (/[1-9]/.test(fraction) ? 500 : 0);
}
