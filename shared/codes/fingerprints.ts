// Code lists of fingerprints, without schemas, so that the page may load them.

/** ISO/IEC 19794-2:2005, table 2: 1 right thumb … 5 right little finger, 6 left thumb … 10 left little finger. */
export const fingers = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10] as const;

/**
 * What the prints may be used for; consent is given for each (Law 91/2025/QH15 and Decree 356/2025: explicit, per
 * purpose). `recognise`: telling that this is the person (1:1) · `find`: looking the person up by a finger (1:N) ·
 * `confirm`: confirming papers with a finger (TT 13/2025, Art. 3).
 */
export const purposes = ['recognise', 'find', 'confirm'] as const;

export const consentWays = ['spoken', 'paper'] as const;

/** Ours: why no print can be had, in the words of the ward. */
export const unableReasons = [
  'amputated',
  'injured',
  'bandaged',
  'worn',
  'unconscious',
  'child',
  'refused',
  'other',
] as const;

/** What stands in for it. */
export const fallbacks = ['other_finger', 'witness', 'paper'] as const;

/** Ours, after the bedside identification of a patient before what cannot be taken back. */
export const checkOccasions = [
  'transfusion',
  'procedure',
  'medication',
  'discharge',
  'signing',
  'other',
] as const;
