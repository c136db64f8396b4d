// Whether a time-stamp (RFC 3161) holds: its own signature first, then that it is over these very bytes, then whether
// its authority may make time-stamps at all.

import { strangersIn } from '../cms/bag.ts';
import { cmsOids } from '../cms/oids.ts';
import { readSignedData } from '../cms/signed-data.ts';
import { lookAtSigner } from '../cms/signer.ts';
import { digest } from '../crypto.ts';
import { parsed } from '../der/read.ts';
import type { CertificateJudge, SignatureVerdict, VerdictReason } from '../types.ts';
import { stateOf } from '../verdict.ts';
import { type Certificate, holderOf, issuerOf } from '../x509/certificate.ts';
import { ekus, extensionTypes } from '../x509/extensions.ts';
import { readStampFacts, type StampFacts } from './request.ts';

export interface StampVerdict extends SignatureVerdict {
  /** Its authority's certificates up to the anchor, DER; empty when it is not valid. */
  readonly path: readonly Buffer[];
}

/** `over`: the bytes that were stamped. `stampedAt` is given only when the stamp's own signature is right. */
export async function verifyTimeStamp(
  token: Uint8Array,
  over: Uint8Array,
  judge: CertificateJudge,
): Promise<StampVerdict> {
  const look = lookAtStamp(token);
  if (look === null) return said(['signature_malformed']);
  const { stamp, reasons, certificate } = look;
  if (certificate === null || stateOf(reasons) === 'invalid') return said(reasons, look);
  if (stamp.hash === null) return said([...reasons, 'algorithm_unknown'], look);
  if (!stamp.imprint.equals(digest(stamp.hash, over))) return said([...reasons, 'content_changed'], look);
  const answer = await judge.judge({
    certificate: certificate.der,
    others: look.data.certificates,
    // its certificate has nobody to prove its time but another stamp: it is asked about now
    provenAt: null,
    usage: 'time-stamp',
    ocsp: [],
    crls: look.data.crls,
  });
  const all = [...reasons, ...answer.reasons, ...strangersIn(look.data, answer.path)];
  const state = stateOf(all, answer.state);
  return {
    ...said(all, look),
    state,
    stampedAt: state === 'invalid' ? null : stamp.at,
    revocation: answer.revocation,
    path: answer.path,
  };
}

export interface LookAtStamp {
  readonly data: ReturnType<typeof readSignedData>;
  readonly stamp: StampFacts;
  readonly reasons: readonly VerdictReason[];
  readonly certificate: Certificate | null;
  readonly algorithm: string;
}

/** All that can be said of a token by itself; null when it is none. */
export function lookAtStamp(token: Uint8Array): LookAtStamp | null {
  return parsed(() => {
    const data = readSignedData(token);
    const [signer, ...more] = data.signers;
    if (signer === undefined || more.length > 0 || data.content === null) return null;
    const stamp = readStampFacts(data.content);
    const facts = lookAtSigner(data, signer, data.content, {
      contentType: cmsOids.tstInfo,
      signingCertificate: 'either',
    });
    const reasons: VerdictReason[] = [...facts.reasons];
    if (signer.unsignedAttributes.length > 0 || stamp.criticalExtension) reasons.push('constraint_unknown');
    if (facts.certificate !== null) reasons.push(...stampingFaults(facts.certificate, stamp.at));
    return { data, stamp, reasons, certificate: facts.certificate, algorithm: facts.algorithm };
  });
}

/** RFC 3161, 2.3: a key for nothing else, said so critically; and the stamp's time is within its life. */
function stampingFaults(certificate: Certificate, at: number): VerdictReason[] {
  const { extendedKeyUsage, extensions, validFrom, validTo } = certificate;
  const only = extendedKeyUsage?.length === 1 && extendedKeyUsage[0] === ekus.timeStamping;
  const critical = extensions.some(({ type, critical: c }) => type === extensionTypes.extendedKeyUsage && c);
  return [
    ...(only && critical ? [] : (['not_for_signing'] as const)),
    ...(at < validFrom ? (['not_yet_valid_at_signing'] as const) : []),
    ...(at > validTo ? (['expired_at_signing'] as const) : []),
  ];
}

function said(reasons: readonly VerdictReason[], look: LookAtStamp | null = null): StampVerdict {
  const { certificate = null } = look ?? {};
  const each = [...new Set(reasons)];
  return {
    state: stateOf(each),
    reasons: each,
    kind: 'DocTimeStamp',
    signer: certificate === null ? '' : holderOf(certificate),
    issuer: certificate === null ? '' : issuerOf(certificate),
    certificateSha256: certificate?.sha256 ?? null,
    algorithm: look?.algorithm ?? '',
    claimedAt: null,
    stampedAt: look !== null && stateOf(each) !== 'invalid' ? look.stamp.at : null,
    revocation: null,
    path: [],
  };
}
