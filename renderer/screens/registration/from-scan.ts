// What a card says, put into the form. A card overrides what it knows better (numbers, names as registered);
// what it does not know stays as typed.

import { parseScan, type Scan } from '../../../shared/identity/scan.ts';
import { vietnamYear } from '../../../shared/time/vietnam.ts';
import { birth } from '../../i18n/format.ts';
import type { RegistrationForm } from './form.ts';

export type ScanOutcome =
  | { readonly kind: 'filled'; readonly form: RegistrationForm; readonly messageKey: string }
  /** Our own wristband or card: the patient is known. */
  | { readonly kind: 'record'; readonly recordNumber: string }
  | { readonly kind: 'again'; readonly messageKey: string };

export function applyScan(form: RegistrationForm, raw: string, mangled: boolean, now: number): ScanOutcome {
  const scan = parseScan(raw, vietnamYear(now));
  switch (scan.kind) {
    case 'cccd':
      // Nothing in an identity card's text tells a damaged name from a right one.
      if (mangled) return { kind: 'again', messageKey: 'scan.damaged.input_method' };
      return { kind: 'filled', form: fromIdentityCard(form, scan), messageKey: 'registration.scannedCccd' };
    case 'bhyt':
      return {
        kind: 'filled',
        form: fromInsuranceCard(form, scan),
        messageKey:
          scan.repaired || mangled ? 'registration.scannedBhytRepaired' : 'registration.scannedBhyt',
      };
    case 'number':
      if (scan.type === 'record') return { kind: 'record', recordNumber: scan.value };
      return {
        kind: 'filled',
        form: { ...form, [scan.type]: scan.value },
        messageKey: 'registration.scannedNumber',
      };
    case 'damaged':
      return { kind: 'again', messageKey: `scan.damaged.${scan.reason}` };
    case 'unknown':
      return { kind: 'again', messageKey: 'registration.scanUnknown' };
  }
}

function fromIdentityCard(form: RegistrationForm, card: Extract<Scan, { kind: 'cccd' }>): RegistrationForm {
  return {
    ...form,
    unidentified: false,
    fullName: card.fullName,
    sex: card.sex,
    birth: birth(card.birthDate) ?? '',
    cccd: card.cccd,
    cmnd: card.cmnd ?? form.cmnd,
    cccdIssued: birth(card.issuedOn) ?? form.cccdIssued,
    street: form.street === '' ? card.address : form.street,
  };
}

function fromInsuranceCard(form: RegistrationForm, card: Extract<Scan, { kind: 'bhyt' }>): RegistrationForm {
  return {
    ...form,
    unidentified: false,
    fullName: form.fullName === '' ? card.fullName : form.fullName,
    sex: form.sex === '' ? (card.sex ?? '') : form.sex,
    birth: form.birth === '' ? (birth(card.birthDate) ?? '') : form.birth,
    bhyt: card.card,
    bhytFrom: birth(card.validFrom) ?? '',
    bhytTo: birth(card.validTo) ?? '',
    bhytFacility: card.facilityCode ?? '',
    street: form.street === '' ? card.address : form.street,
  };
}
