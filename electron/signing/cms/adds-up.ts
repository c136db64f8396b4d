// What a container alone says, by arithmetic and without anybody's word: quick and always the same, so that a record
// can tell a signature from noise while it is being read.
import { octetsOf, parsed, readDer } from '../der/read.ts';
import { stateOf } from '../verdict.ts';
import type { Certificate } from '../x509/certificate.ts';
import { cmsOids } from './oids.ts';
import { oneValue, readSignedData, type SignerInfo } from './signed-data.ts';
import { lookAtSigner } from './signer.ts';

/**
 * One signature with the key of this certificate over bytes of this hash (both SHA-256, hex). Where it was made over a
 * longer hash the bytes themselves are needed to say whose digest it is; that is left to `verifyCades`.
 */
export function addsUp(container: Uint8Array, digest: string, certificate: string): boolean {
  const data = parsed(() => readSignedData(container));
  const [signer, ...more] = data?.signers ?? [];
  if (!data || !signer || more.length > 0 || data.content !== null) return false;
  const facts = lookAtSigner(data, signer, null, {
    contentType: cmsOids.data,
    signingCertificate: 'required',
  });
  if (facts.certificate?.sha256 !== certificate || stateOf(facts.reasons) === 'invalid') return false;
  const said = parsed(() => oneValue(signer.signedAttributes, cmsOids.messageDigest));
  const hash = said && parsed(() => octetsOf(said));
  return hash !== null && (hash.length !== digest.length / 2 || hash.toString('hex') === digest);
}

/** The very signatures of `original`, each with a time-stamp beside it and nothing else changed. */
export function isStampedCopy(original: Uint8Array, stamped: Uint8Array): boolean {
  const [before, after] = [original, stamped].map((bytes) => parsed(() => readSignedData(bytes)));
  if (!before || !after || before.signers.length !== after.signers.length) return false;
  const sameCertificates =
    before.certificates.length === after.certificates.length &&
    before.certificates.every((der, i) => after.certificates[i]?.equals(der));
  return (
    sameCertificates &&
    before.signers.every((signer, i) => {
      const other = after.signers[i];
      return (
        other !== undefined &&
        withoutUnsigned(signer).equals(withoutUnsigned(other)) &&
        other.unsignedAttributes.some(({ type }) => type === cmsOids.signatureTimeStamp)
      );
    })
  );
}

const withoutUnsigned = ({ bytes }: SignerInfo): Buffer =>
  Buffer.concat(
    readDer(bytes)
      .children.filter(({ tag }) => tag !== 0xa1)
      .map((child) => child.bytes),
  );

/** Whose key made the one signature in a container over just these bytes; null: nobody's, or it is something else. */
export function signerOf(container: Uint8Array, bytes: Uint8Array): Certificate | null {
  const data = parsed(() => readSignedData(container));
  const [signer, ...more] = data?.signers ?? [];
  if (!data || !signer || more.length > 0 || data.content !== null) return null;
  const facts = lookAtSigner(data, signer, bytes, {
    contentType: cmsOids.data,
    signingCertificate: 'required',
  });
  return stateOf(facts.reasons) === 'valid' ? facts.certificate : null;
}
