import type { verdict as vi } from '../vi/verdict.ts';
import type { WordsOf } from '../words.ts';

export const verdict: WordsOf<typeof vi> = {
  'verdict.content_changed': 'The content was changed after signing.',
  'verdict.signature_wrong': 'The signature does not fit the content.',
  'verdict.signature_malformed': 'The signature is damaged and cannot be read.',
  'verdict.certificate_mismatch': 'The certificate that came with it is not the one that signed.',
  'verdict.attribute_missing': 'The signature lacks a part it must have.',
  'verdict.changed_after_signing': 'Something was added or changed in the file after the signature.',
  'verdict.not_whole_file': 'The signature does not cover the whole file.',
  'verdict.chain_wrong': 'The certificate was not issued by the issuer it names.',
  'verdict.certificate_malformed': 'The certificate is damaged or against the standard.',
  'verdict.not_for_signing': 'This certificate was not issued for signing papers.',
  'verdict.not_for_issuing': 'The issuer named may not issue certificates.',
  'verdict.expired_at_signing': 'The certificate had expired before the signing.',
  'verdict.not_yet_valid_at_signing': 'The certificate was not valid yet at the signing.',
  'verdict.revoked': 'The certificate was revoked.',
  'verdict.algorithm_weak': 'The way of signing is too weak to be safe.',
  'verdict.time_stamp_wrong': 'The time-stamp does not belong to this signature.',
  'verdict.references_unexpected': 'The signature refers to something else than what is looked at.',
  'verdict.other_person': 'The certificate is not that of the person this step says has signed.',
  'verdict.not_entitled': 'The signer has no role of this step and was not asked to sign in its place.',
  'verdict.used_elsewhere': 'This signature already counts at another step of the paper.',

  'verdict.claim_contested':
    'Two accounts claim this certificate. Ask an administrator to say whose it is, on the page of this PC, under Signing.',
  'verdict.signed_apart':
    'Two people signed on PCs without a line between them, so the PDF lacks the signature of one. Each one’s signature over the content of the paper keeps its worth. To send the PDF out, choose “Change as a new version”, freeze it and have it signed one after the other.',
  'verdict.no_signature': 'The file carries no digital signature.',
  'verdict.content_missing': 'The file that this signature covers is missing.',
  'verdict.issuer_unknown': 'It is not known whether the issuer of this certificate can be trusted.',
  'verdict.revocation_unknown':
    'It could not be asked yet whether the certificate was revoked. It will be when there is a line.',
  'verdict.revocation_old':
    'What is known about revocation is old. It will be asked again when there is a line.',
  'verdict.time_unproven_expired':
    'The certificate has expired by now, and no time-stamp proves that it was good at the signing.',
  'verdict.algorithm_unknown': 'Trạm cannot check this way of signing.',
  'verdict.constraint_unknown': 'The certificate has a condition that Trạm does not understand.',
  'verdict.unreadable': 'This file cannot be read.',

  'verdict.training_certificate': 'A training signature, worth nothing in real life.',
  'verdict.time_unproven': 'No time-stamp yet; the time is by the signer’s own clock.',

  'certificate.expired': 'The certificate has expired. Renew it with its issuer.',
  'certificate.not_yet': 'The certificate is not valid yet. Check the clock of this PC.',
  'certificate.not_for_signing': 'This certificate is not for signing papers.',
  'certificate.unknown_issuer':
    'The issuer of this certificate is not known. Tell whoever looks after the PC.',
  'certificate.revoked': 'The certificate was revoked. Call its issuer.',
  'certificate.other_person':
    'The certificate is in another person’s name. Sign with your own signature only.',
  'certificate.no_key': 'The token does not hold the key of this certificate. Call its issuer.',
  'certificate.algorithm': 'The certificate signs in a way that is no longer allowed. Call its issuer.',
  'certificate.training': 'A training certificate: it cannot sign real papers.',
};
