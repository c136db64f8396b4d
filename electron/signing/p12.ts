// A key and its certificates out of a PKCS#12 file, for training. node-forge takes the file apart, old ciphers and all,
// and nothing it says of certificates or signatures is believed: whoever gets the key proves that it fits.
import forge from 'node-forge';
import { fail, ok, type Result } from '../../shared/api/contract.ts';
import { pemOf } from './x509/certificate.ts';

export interface P12 {
  /** PKCS#8. */
  readonly keyPem: string;
  /** In the file's order. */
  readonly certificates: readonly Buffer[];
}

/**
 * `password`: ASCII; with other letters forge derives other keys than OpenSSL and Windows do. pin_wrong: another password, or
 * no PKCS#12 file; certificate_unfit: there is not exactly one key in it.
 */
export function readP12(file: Buffer, password: string): Result<P12> {
  const opened = open(file, password);
  if (opened === null) return fail('pin_wrong');
  const { pkcs8ShroudedKeyBag, keyBag, certBag } = forge.pki.oids;
  const keys = [...bagsOf(opened, pkcs8ShroudedKeyBag), ...bagsOf(opened, keyBag)].flatMap(
    (bag) => pkcs8Of(bag) ?? [],
  );
  const certificates = bagsOf(opened, certBag).flatMap((bag) => certificateOf(bag) ?? []);
  const [key, ...more] = keys;
  if (key === undefined || more.length > 0 || certificates.length === 0) return fail('certificate_unfit');
  return ok({ keyPem: pemOf(key, 'PRIVATE KEY'), certificates });
}

function open(file: Buffer, password: string): forge.pkcs12.Pkcs12Pfx | null {
  try {
    return forge.pkcs12.pkcs12FromAsn1(forge.asn1.fromDer(file.toString('latin1')), true, password);
  } catch {
    return null;
  }
}

const bagsOf = (opened: forge.pkcs12.Pkcs12Pfx, type: string | undefined): readonly forge.pkcs12.Bag[] =>
  (type === undefined ? undefined : opened.getBags({ bagType: type })[type]) ?? [];

/** Keys that forge does not know (EC) it leaves as they stand. */
function pkcs8Of({ key, asn1 }: forge.pkcs12.Bag): Buffer | null {
  if (key) return derOf(forge.pki.wrapRsaPrivateKey(forge.pki.privateKeyToAsn1(key)));
  return asn1 ? derOf(asn1) : null;
}

function certificateOf({ cert, asn1 }: forge.pkcs12.Bag): Buffer | null {
  if (cert) return derOf(forge.pki.certificateToAsn1(cert));
  return asn1 ? derOf(asn1) : null;
}

const derOf = (asn1: forge.asn1.Asn1): Buffer => Buffer.from(forge.asn1.toDer(asn1).getBytes(), 'latin1');
