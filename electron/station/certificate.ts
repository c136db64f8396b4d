// The PC's own key and self-signed certificate, made once at enrolment; peers will know the PC by it.
// node:crypto makes and keeps the key; node-forge only writes the X.509, which Node can't.
import { randomBytes } from 'node:crypto';
import forge from 'node-forge';
import { rsaKeyPair } from '../store/crypto.ts';

/** A PC outlives its disk rarely; a new one is enrolled anew. */
const validYears = 10;

export async function makeStationIdentity(station: {
  id: string;
  name: string;
  centerName: string;
  now: number;
}): Promise<{ keyPem: string; certificatePem: string }> {
  const { privatePem, publicPem } = await rsaKeyPair(2048);
  const certificate = forge.pki.createCertificate();
  certificate.publicKey = forge.pki.publicKeyFromPem(publicPem);
  // positive and 16 bytes, as RFC 5280 asks
  certificate.serialNumber = `40${randomBytes(15).toString('hex')}`;
  certificate.validity.notBefore = new Date(station.now - 86_400_000);
  certificate.validity.notAfter = new Date(station.now + validYears * 365.25 * 86_400_000);
  const name = [
    utf8('commonName', station.name.slice(0, 64)),
    utf8('organizationName', station.centerName.slice(0, 64)),
    utf8('serialNumber', station.id),
  ];
  certificate.setSubject(name);
  certificate.setIssuer(name);
  certificate.setExtensions([
    { name: 'basicConstraints', critical: true, cA: false },
    { name: 'keyUsage', critical: true, digitalSignature: true },
    { name: 'extKeyUsage', serverAuth: true, clientAuth: true },
    { name: 'subjectAltName', altNames: [{ type: 6, value: `urn:tram:station:${station.id}` }] },
    { name: 'subjectKeyIdentifier' },
  ]);
  certificate.sign(forge.pki.privateKeyFromPem(privatePem), forge.md.sha256.create());
  return { keyPem: privatePem, certificatePem: forge.pki.certificateToPem(certificate) };
}

/** Vietnamese names need UTF8String; forge's types name the wrong enum for the tag. */
const utf8 = (name: string, value: string): forge.pki.CertificateField => ({
  name,
  value,
  valueTagClass: Number(forge.asn1.Type.UTF8),
});
