// Whether an enveloped XML signature (XML-DSig, XAdES) holds: first what it looks like (shape.ts, spelling.ts), then the
// digests and the signature by xml-crypto with our own cryptography, then the judge. Only references that the library
// answers for are believed, and they must be the whole document.
import { SignedXml } from 'xml-crypto';
import { strangersIn } from '../cms/bag.ts';
import { digest, ecdsaToDer, publicKeyOf, verify } from '../crypto.ts';
import type {
  CertificateAnswer,
  CertificateJudge,
  SignatureVerdict,
  Verdict,
  VerdictReason,
} from '../types.ts';
import { stateOf, verdictOf } from '../verdict.ts';
import { type Certificate, holderOf, issuerOf, readCertificate } from '../x509/certificate.ts';
import { readXml } from './dom.ts';
import { digests, ENVELOPED, EXCLUSIVE, INCLUSIVE, MOST_BYTES } from './names.ts';
import { type Shape, shapeOf } from './shape.ts';
import { spelt } from './spelt.ts';

export async function verifyXml(bytes: Uint8Array, judge: CertificateJudge): Promise<Verdict> {
  const read = bytes.length > MOST_BYTES ? null : readXml(bytes);
  if (!read) return verdictOf([], [mentionsSignature(bytes) ? 'constraint_unknown' : 'unreadable']);
  const shape = shapeOf(read.document);
  if (typeof shape === 'string') return verdictOf([], [shape]);
  const reasons: VerdictReason[] = [...shape.reasons];
  if (shape.oneSpelling) {
    // said by the signer, and signed: any other spelling is a change
    if (!bytesAre(bytes, spelt(read.document))) reasons.push('content_changed');
  } else if (read.loose) reasons.push('constraint_unknown');
  const [leaf, ...others] = shape.certificates;
  const certificate = leaf ? readCertificate(leaf) : null;
  if (!certificate) return verdictOf([signatureVerdict(shape, null, ['certificate_malformed'])]);

  reasons.push(...cryptographyFaults(read.text, shape, certificate));
  if (shape.properties && !namesCertificate(shape, certificate)) reasons.push('certificate_mismatch');
  if (stateOf(reasons) === 'invalid') return verdictOf([signatureVerdict(shape, certificate, reasons)]);
  const answer = await judge.judge({
    certificate: certificate.der,
    others,
    provenAt: null,
    usage: 'document',
    ocsp: [],
    crls: [],
  });
  reasons.push(
    ...answer.reasons,
    ...strangersIn({ certificates: [...shape.certificates], crls: [], otherForms: false }, answer.path),
    'time_unproven',
  );
  return verdictOf([signatureVerdict(shape, certificate, reasons, answer)]);
}

const mentionsSignature = (bytes: Uint8Array): boolean =>
  Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).includes(
    'http://www.w3.org/2000/09/xmldsig#',
  );

const bytesAre = (bytes: Uint8Array, text: string): boolean => Buffer.from(text, 'utf8').equals(bytes);

/** The library computes canonical forms and digests; which algorithms there are and whether a key signed is ours to say. */
function cryptographyFaults(text: string, shape: Shape, certificate: Certificate): VerdictReason[] {
  let asked = 0;
  let proven = false;
  const verifier = new SignedXml({ publicCert: 'elsewhere', getCertFromKeyInfo: () => null });
  const only = (all: typeof verifier.CanonicalizationAlgorithms) =>
    Object.fromEntries(
      [ENVELOPED, INCLUSIVE, EXCLUSIVE].flatMap((name) => (all[name] ? [[name, all[name]]] : [])),
    );
  verifier.CanonicalizationAlgorithms = only(verifier.CanonicalizationAlgorithms);
  verifier.HashAlgorithms = Object.fromEntries(
    Object.entries(digests).map(([name, hash]) => [
      name,
      class {
        getAlgorithmName = (): string => name;
        getHash = (canonical: string): string =>
          digest(hash, Buffer.from(canonical, 'utf8')).toString('base64');
      },
    ]),
  );
  verifier.SignatureAlgorithms = {
    [shape.method]: class {
      getAlgorithmName = (): string => shape.method;
      getSignature = (): string => '';
      verifySignature = (signedInfo: string): boolean => {
        asked += 1;
        proven = provenBy(certificate, shape, Buffer.from(signedInfo, 'utf8'));
        return proven;
      };
    },
  };
  try {
    verifier.loadSignature(shape.signature);
    if (!verifier.checkSignature(text)) return ['content_changed'];
  } catch {
    // it throws for a signature that is wrong, and for whatever it cannot follow
    return [asked > 0 ? 'signature_wrong' : 'content_changed'];
  }
  const answered = verifier.getSignedReferences();
  const whole =
    answered[0]?.startsWith(`<${shape.signature.ownerDocument.documentElement.nodeName}`) ?? false;
  if (!proven || asked !== 1 || answered.length !== shape.references || !whole)
    return ['references_unexpected'];
  return [];
}

function provenBy(certificate: Certificate, { scheme, signatureValue }: Shape, signedInfo: Buffer): boolean {
  const key = publicKeyOf(certificate.spki);
  if (scheme.kind !== 'ecdsa') return verify(scheme, certificate.spki, signedInfo, signatureValue);
  const der = key?.kind === 'ec' ? ecdsaToDer(signatureValue, key.curve) : null;
  return der !== null && verify(scheme, certificate.spki, signedInfo, der);
}

const namesCertificate = ({ properties }: Shape, certificate: Certificate): boolean =>
  properties?.digests.some(({ hash, value }) => digest(hash, certificate.der).equals(value)) ?? false;

const schemeNames = { 'rsa-pkcs1': 'RSASSA-PKCS1-v1_5', 'rsa-pss': 'RSASSA-PSS', ecdsa: 'ECDSA' } as const;

function signatureVerdict(
  shape: Shape,
  certificate: Certificate | null,
  reasons: readonly VerdictReason[],
  answer: CertificateAnswer | null = null,
): SignatureVerdict {
  const each = [...new Set(reasons)];
  return {
    state: stateOf(each, answer?.state ?? 'undetermined'),
    reasons: each,
    kind: shape.properties ? 'XAdES' : 'XML-DSig',
    signer: certificate ? holderOf(certificate) : '',
    issuer: certificate ? issuerOf(certificate) : '',
    certificateSha256: certificate?.sha256 ?? null,
    algorithm: `${schemeNames[shape.scheme.kind]} ${shape.scheme.hash.replace('sha', 'SHA-')}`,
    claimedAt: shape.properties?.claimedAt ?? null,
    stampedAt: null,
    revocation: answer?.revocation ?? null,
  };
}
