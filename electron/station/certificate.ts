// The PC's own key and self-signed certificate, made once when it joins its center; peers know the PC by it.
// P-256, so that a handshake over a slow line stays small; PCs set up with RSA before keep theirs.
import { CERTIFICATE_LIFE_MS, selfSigned } from '../../shared/sync/certificate.ts';
import { ecKeyPair, ecSign, randomKey, sha256 } from '../store/crypto.ts';

export async function makeStationIdentity(station: {
  id: string;
  name: string;
  /** Empty while a PC that joins does not know it yet. */
  centerName: string;
  now: number;
}): Promise<{ keyPem: string; certificatePem: string }> {
  const { privatePem, publicKey } = await ecKeyPair();
  const certificatePem = await selfSigned(
    {
      kind: 'station',
      id: station.id,
      name: station.name,
      organization: station.centerName,
      // a peer's clock may be a little behind
      notBefore: station.now - 86_400_000,
      notAfter: station.now + CERTIFICATE_LIFE_MS,
      serial: randomKey(16),
      publicKey,
      keyId: sha256(publicKey).subarray(0, 20),
    },
    (bytes) => ecSign(privatePem, bytes),
  );
  return { keyPem: privatePem, certificatePem };
}
