// Signs the insurance fund's envelope: an enveloped signature (XML-DSig, or XAdES-BES with its signed properties) in
// CHUKYDONVI over the whole document. The file is written anew in one spelling first; nothing may be changed after.
import { SignedXml } from 'xml-crypto';
import type { Failure } from '../../../shared/api/contract.ts';
import { fail, ok, type Result } from '../../../shared/api/contract.ts';
import { ecdsaToRaw, publicKeyOf, sha256 } from '../crypto.ts';
import type { SignatureAlgorithm, SigningKey } from '../types.ts';
import { isSelfIssued, readCertificate } from '../x509/certificate.ts';
import { children, elements, ownText, readXml } from './dom.ts';
import {
  DSIG,
  ENVELOPED,
  EXCLUSIVE,
  INCLUSIVE,
  MOST_BYTES,
  methodOf,
  ONE_SPELLING,
  SHA256,
  SIGNED_PROPERTIES,
  XADES,
} from './names.ts';
import { spelt } from './spelt.ts';

export interface XmlToSign {
  readonly xml: Uint8Array;
  readonly key: SigningKey;
  /** One of the key's, but not PSS. */
  readonly algorithm: SignatureAlgorithm;
  /** Name of the one empty element the signature goes into; null: behind everything in the document. */
  readonly target: string | null;
  readonly xades: boolean;
  /** The signer's own clock, ms since 1970 UTC; only XAdES has a place for it. */
  readonly at?: number | null;
}

/**
 * The signed file. Codes: signature_unreadable (not XML, or with a DTD, comments, instructions; a signature in it
 * already; the target missing, twice or not empty), algorithm_unfit, certificate_unfit, the key's.
 */
export async function signXml(what: XmlToSign): Promise<Result<Buffer>> {
  const { key, algorithm, target, xades } = what;
  const method = methodOf[algorithm];
  if (method === undefined || !key.algorithms.includes(algorithm)) return fail('algorithm_unfit');
  const certificate = readCertificate(key.certificate);
  const publicKey = certificate && publicKeyOf(certificate.spki);
  if (!publicKey) return fail('certificate_unfit');
  const read = what.xml.length > MOST_BYTES ? null : readXml(what.xml);
  if (!read || elements(read.document, '*', 'Signature').some((element) => element.namespaceURI === DSIG))
    return fail('signature_unreadable');
  if (target !== null && !isFree(read.document, target)) return fail('signature_unreadable');

  let refused: Failure | null = null;
  const signer = new SignedXml({
    canonicalizationAlgorithm: EXCLUSIVE,
    signatureAlgorithm: method,
    // the library asks whether there is one; the key stays where it is
    privateKey: 'elsewhere',
    getKeyInfoContent: () =>
      `<X509Data>${[key.certificate, ...key.chain.filter((der) => !isRoot(der))]
        .map((der) => `<X509Certificate>${der.toString('base64')}</X509Certificate>`)
        .join('')}</X509Data>`,
    objects: xades ? [{ content: properties(key.certificate, what.at ?? null) }] : [],
  });
  signer.SignatureAlgorithms = {
    [method]: outside(method, async (signedInfo) => {
      const signature = await key.sign(signedInfo, algorithm);
      if (!signature.ok) {
        refused = signature.error;
        return null;
      }
      if (publicKey.kind !== 'ec') return signature.value;
      return ecdsaToRaw(signature.value, publicKey.curve);
    }),
  };
  signer.addReference({
    xpath: '/*',
    isEmptyUri: true,
    transforms: [ENVELOPED, INCLUSIVE],
    digestAlgorithm: SHA256,
    id: ONE_SPELLING,
  });
  if (xades)
    signer.addReference({
      xpath: `//*[local-name(.)='SignedProperties' and namespace-uri(.)='${XADES}']`,
      transforms: [EXCLUSIVE],
      digestAlgorithm: SHA256,
      type: SIGNED_PROPERTIES,
    });
  const location = target === null ? '/*' : `//*[local-name(.)='${target}']`;
  const signed = await new Promise<string | null>((done) => {
    signer.computeSignature(
      spelt(read.document),
      {
        location: { reference: location, action: 'append' },
        ...(xades ? { attrs: { Id: SIGNATURE_ID } } : {}),
      },
      (error) => done(error ? null : signer.getSignedXml()),
    );
  });
  if (refused) return { ok: false, error: refused };
  const result = signed === null ? null : readXml(Buffer.from(signed));
  return result ? ok(Buffer.from(spelt(result.document))) : fail('token_failed');
}

/** Who checks has the anchors, or does not believe them. */
function isRoot(der: Buffer): boolean {
  const certificate = readCertificate(der);
  return certificate !== null && isSelfIssued(certificate);
}

const SIGNATURE_ID = 'signature';

/** There once, and nothing in it but blanks. */
function isFree(document: Document, target: string): boolean {
  if (!/^[A-Za-z_][\w.-]*$/.test(target)) return false;
  const [found, ...more] = elements(document, '*', target);
  return (
    found !== undefined && more.length === 0 && children(found).length === 0 && ownText(found).trim() === ''
  );
}

/** ETSI EN 319 132-1, the baseline's signed properties. */
function properties(certificate: Buffer, at: number | null): string {
  const time =
    at === null ? '' : `<xades:SigningTime>${new Date(at).toISOString().slice(0, 19)}Z</xades:SigningTime>`;
  const digest = `<DigestMethod Algorithm="${SHA256}"/><DigestValue>${sha256(certificate).toString('base64')}</DigestValue>`;
  return (
    `<xades:QualifyingProperties xmlns:xades="${XADES}" Target="#${SIGNATURE_ID}">` +
    '<xades:SignedProperties Id="signed-properties"><xades:SignedSignatureProperties>' +
    `${time}<xades:SigningCertificateV2><xades:Cert><xades:CertDigest>${digest}</xades:CertDigest></xades:Cert></xades:SigningCertificateV2>` +
    '</xades:SignedSignatureProperties><xades:SignedDataObjectProperties>' +
    `<xades:DataObjectFormat ObjectReference="#${ONE_SPELLING}"><xades:MimeType>text/xml</xades:MimeType></xades:DataObjectFormat>` +
    '</xades:SignedDataObjectProperties></xades:SignedProperties></xades:QualifyingProperties>'
  );
}

/** The library wants a class; the second half of its two phases waits for whoever holds the key. */
function outside(method: string, sign: (bytes: Buffer) => Promise<Buffer | null>) {
  return class {
    getSignature(
      signedInfo: unknown,
      _key: unknown,
      callback?: (error: Error | null, signature?: string) => void,
    ): string {
      sign(Buffer.from(String(signedInfo), 'utf8')).then(
        (signature) =>
          callback?.(signature ? null : new Error('not signed'), signature?.toString('base64') ?? ''),
        (error: Error) => callback?.(error),
      );
      return '';
    }
    verifySignature(): boolean {
      return false;
    }
    getAlgorithmName(): string {
      return method;
    }
  };
}
