// What a certificate must be good for, by what it signed: data that the path validator walks.
import type { CertificateQuestion } from '../types.ts';
import { ekus } from '../x509/extensions.ts';
import type { Purpose } from '../x509/path.ts';

/**
 * Extended usages with which Vietnamese CAs sell certificates that sign papers. None of them is prescribed; what is sure
 * is which are for something else only: servers, code, time-stamps, OCSP (ours, unconfirmed). Certificates of VGCA, SAFE-CA,
 * LCS-CA and CyberLotus of 2020 and later name clientAuth and emailProtection, some Microsoft's and Adobe's as well.
 */
const documentUsages = [
  ekus.emailProtection,
  ekus.clientAuth,
  ekus.documentSigning,
  /** Microsoft's document signing, Adobe's authentic documents: what office programs and PDF readers ask for. */
  '1.3.6.1.4.1.311.10.3.12',
  '1.2.840.113583.1.1.5',
] as const;

export const purposes: Readonly<Record<CertificateQuestion['usage'], Purpose>> = {
  document: {
    extended: documentUsages,
    extendedOnly: false,
    extendedNeeded: false,
    anyExtended: true,
    usages: ['digitalSignature', 'contentCommitment'],
  },
  // RFC 3161, 2.3
  'time-stamp': {
    extended: [ekus.timeStamping],
    extendedOnly: true,
    extendedNeeded: true,
    anyExtended: false,
    usages: ['digitalSignature', 'contentCommitment'],
  },
  // RFC 6960, 4.2.2.2
  ocsp: {
    extended: [ekus.ocspSigning],
    extendedOnly: false,
    extendedNeeded: true,
    anyExtended: false,
    usages: ['digitalSignature'],
  },
};
