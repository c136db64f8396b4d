// A signing key from a file, for training and nothing else: a key that can be copied proves nothing about who signed,
// so only certificates that say themselves that they are of training are taken.
import { constants, sign } from 'node:crypto';
import { fail, ok, type Result } from '../../shared/api/contract.ts';
import { publicKeyOf, type Scheme, verify } from './crypto.ts';
import { isTrainingCertificate } from './judge/training-mark.ts';
import { readP12 } from './p12.ts';
import { algorithmsOf, schemeOfAlgorithm } from './policy.ts';
import type { SigningKey } from './types.ts';
import { derOfPem, pemOf, readCertificate } from './x509/certificate.ts';

/**
 * `keyPem`: PKCS#8. `certificatePem`: the signer's first, then its issuers. certificate_unfit: not of training, or not
 * this key's; algorithm_unfit.
 */
export function trainingFileKey(keyPem: string, certificatePem: string): Result<SigningKey> {
  const [own, ...chain] = derOfPem(certificatePem);
  const certificate = own === undefined ? null : readCertificate(own);
  const key = certificate === null ? null : publicKeyOf(certificate.spki);
  if (certificate === null || key === null || !isTrainingCertificate(certificate))
    return fail('certificate_unfit');
  const algorithms = algorithmsOf(key);
  const [best] = algorithms;
  if (best === undefined) return fail('algorithm_unfit');
  const probe = Buffer.from('probe');
  const proven = signedBy(keyPem, schemeOfAlgorithm(best), probe);
  if (proven === null || !verify(schemeOfAlgorithm(best), certificate.spki, probe, proven))
    return fail('certificate_unfit');
  return ok({
    certificate: certificate.der,
    chain,
    algorithms,
    sign: async (data, algorithm) => {
      const signature = signedBy(keyPem, schemeOfAlgorithm(algorithm), data);
      return signature === null ? fail('token_failed') : ok(signature);
    },
  });
}

/** The same from a PKCS#12 file; its certificates may come in any order. pin_wrong besides. */
export function trainingP12Key(file: Buffer, password: string): Result<SigningKey> {
  const opened = readP12(file, password);
  if (!opened.ok) return opened;
  const { keyPem, certificates } = opened.value;
  const keys = certificates.map((own) =>
    trainingFileKey(
      keyPem,
      [own, ...certificates.filter((other) => other !== own)].map((der) => pemOf(der)).join(''),
    ),
  );
  return keys.find((key) => key.ok) ?? fail('certificate_unfit');
}

/** Null: no key of that kind. */
function signedBy(key: string, scheme: Scheme, data: Uint8Array): Buffer | null {
  const padding =
    scheme.kind === 'rsa-pss'
      ? { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: scheme.saltLength }
      : {};
  try {
    return sign(scheme.hash, data, { key, ...padding });
  } catch {
    return null;
  }
}
