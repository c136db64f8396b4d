// Makes CAdES-B signatures (ETSI EN 319 122-1) with a key that somebody else holds, and adds time-stamps to them later,
// when the token is long gone. What stands in a container already keeps its very bytes.
import { fail, ok, type Result } from '../../../shared/api/contract.ts';
import { digest, oidOfHash } from '../crypto.ts';
import { type Der, fieldsOf, insideOf, parsed, readDer, tags } from '../der/read.ts';
import { algorithmIdentifier, ctx, int, octets, oid, seq, set, tlv } from '../der/write.ts';
import { identifierOf, schemeOfAlgorithm } from '../policy.ts';
import type { SignatureAlgorithm, SigningKey, TimeStamper } from '../types.ts';
import { isSelfIssued, readCertificate } from '../x509/certificate.ts';
import { attribute, signedAttributes } from './attributes.ts';
import { closed } from './ber.ts';
import { cmsOids } from './oids.ts';
import { readSignedData } from './signed-data.ts';

export interface ToSign {
  readonly content: Uint8Array;
  readonly key: SigningKey;
  /** One of the key's. */
  readonly algorithm: SignatureAlgorithm;
  /** The signer's own clock, ms since 1970 UTC; null or absent: no signing-time (PDF has its own place for it). */
  readonly at?: number | null;
  /** Default true: the content is kept elsewhere. */
  readonly detached?: boolean;
}

/** DER. Codes: the key's, certificate_unfit, algorithm_unfit. */
export async function signCades(what: ToSign): Promise<Result<Buffer>> {
  const { content, key, algorithm, at = null, detached = true } = what;
  if (!key.algorithms.includes(algorithm)) return fail('algorithm_unfit');
  const certificate = readCertificate(key.certificate);
  if (certificate === null) return fail('certificate_unfit');

  const scheme = schemeOfAlgorithm(algorithm);
  const signatureAlgorithm = identifierOf(scheme);
  const attributes = signedAttributes({
    contentType: cmsOids.data,
    messageDigest: digest(scheme.hash, content),
    hash: scheme.hash,
    certificate,
    signatureAlgorithm,
    at,
  });
  const signature = await key.sign(attributes, algorithm);
  if (!signature.ok) return signature;

  const digestAlgorithm = algorithmIdentifier(oidOfHash[scheme.hash], 'null');
  const signerInfo = seq(
    int(1),
    seq(certificate.issuer.der, int(certificate.serial)),
    digestAlgorithm,
    ctx(0, readDer(attributes).contents),
    signatureAlgorithm,
    octets(signature.value),
  );
  return ok(
    seq(
      oid(cmsOids.signedData),
      ctx(
        0,
        seq(
          int(1),
          set(digestAlgorithm),
          seq(oid(cmsOids.data), ...(detached ? [] : [ctx(0, octets(content))])),
          certificateSet([key.certificate, ...key.chain]),
          set(signerInfo),
        ),
      ),
    ),
  );
}

/** `[0] IMPLICIT SET OF`, sorted and each once. Roots stay out: whoever verifies has their own. */
function certificateSet([signer, ...issuers]: readonly Buffer[]): Buffer {
  const named = issuers.filter((der) => {
    const issuer = readCertificate(der);
    return issuer !== null && !isSelfIssued(issuer);
  });
  const each = new Map([...(signer ? [signer] : []), ...named].map((der) => [der.toString('hex'), der]));
  return ctx(0, readDer(set(...each.values())).contents);
}

/**
 * CAdES-T: a time-stamp over each signature that has none yet; all else stays as it is, byte for byte. The token is
 * kept verbatim. Codes: the stamper's, signature_unreadable.
 */
export async function addTimeStamp(container: Uint8Array, stamper: TimeStamper): Promise<Result<Buffer>> {
  const data = parsed(() => readSignedData(container));
  if (data === null) return fail('signature_unreadable');
  const signers: Buffer[] = [];
  for (const signer of data.signers) {
    if (signer.unsignedAttributes.some(({ type }) => type === cmsOids.signatureTimeStamp)) {
      signers.push(signer.bytes);
      continue;
    }
    const token = await stamper(signer.signature);
    if (!token.ok) return token;
    signers.push(withUnsigned(readDer(signer.bytes), attribute(cmsOids.signatureTimeStamp, token.value)));
  }
  return ok(withSigners(closed(container), signers));
}

/** The SignerInfo with one more unsigned attribute. */
function withUnsigned(signer: Der, more: Buffer): Buffer {
  const [last] = signer.children.slice(-1);
  const there = last?.tag === 0xa1 ? last.children.map(({ bytes }) => bytes) : [];
  const before = signer.children.slice(0, there.length > 0 ? -1 : undefined).map(({ bytes }) => bytes);
  return seq(...before, ctx(1, readDer(set(...there, more)).contents));
}

/** The container with other SignerInfos in place of its own. */
function withSigners(container: Buffer, signers: readonly Buffer[]): Buffer {
  const info = fieldsOf(readDer(container, { anySetOrder: true }));
  const type = info.take(tags.oid);
  const data = insideOf(info.take(0xa0));
  return seq(
    type.bytes,
    ctx(0, tlv(data.tag, ...data.children.slice(0, -1).map((d) => d.bytes), set(...signers))),
  );
}
