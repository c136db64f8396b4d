// Fingers as people see and name them.
import type { Input, Output } from '../../../shared/api/index.ts';
import type { Text } from '../../i18n/index.ts';

export type Person = Output<'fingerprint.ofPatient'>['people'][number];
export type Finger = Person['fingers'][number]['finger'];
export type Purpose = Person['purposes'][number];
export type Reason = Input<'fingerprint.unable'>['reason'];
export type Fallback = Input<'fingerprint.unable'>['fallback'];
export type Occasion = Input<'fingerprint.verify'>['occasion'];
export type Holder = Input<'fingerprint.consent'>['holder'];

/** As two hands lie on a table, palms down, left to right; the number keys lie under them in this order. */
export const fingersLeftToRight = [10, 9, 8, 7, 6, 1, 2, 3, 4, 5] as const satisfies readonly Finger[];
/** The number key over each of them. */
export const keyOf = (finger: Finger): string =>
  String((fingersLeftToRight.indexOf(finger) + 1) % fingersLeftToRight.length);

/** The clearest fingers first: index fingers and thumbs, the right hand before the left. */
const usualOrder = [2, 7, 1, 6, 3, 8, 4, 9, 5, 10] as const satisfies readonly Finger[];

/** The finger to take next of somebody of whom these are held or can't be had. */
export const nextFinger = (held: readonly Finger[]): Finger =>
  usualOrder.find((finger) => !held.includes(finger)) ?? 2;

export const fingerName = (t: Text, finger: Finger): string => t(`fingerprint.finger${finger}`);

/** "Ngón trỏ phải, ngón cái trái": a list of fingers within a sentence. */
export function fingerNames(t: Text, held: readonly Finger[]): string {
  return held.map((finger) => inSentence(t, finger)).join(', ');
}

/** A finger's name where it does not begin the sentence. */
export const inSentence = (t: Text, finger: Finger): string => midSentence(t, fingerName(t, finger));

/** A word of a list, as it reads where it does not begin the sentence. */
export const midSentence = (t: Text, word: string): string =>
  word.charAt(0).toLocaleLowerCase(t.language) + word.slice(1);

export function qualityWord(t: Text, quality: number): string {
  if (quality >= goodQuality) return t('fingerprint.qualityGood');
  return t(quality >= fairQuality ? 'fingerprint.qualityFair' : 'fingerprint.qualityPoor');
}
/** 0…100, ours: thirds of what the core accepts at all. */
const goodQuality = 60;
const fairQuality = 40;

/** Who the contract means by this person. */
export const holderOf = (person: Person, admissionId: string | null): Holder =>
  person.kind === 'relative' && person.relativeId !== null
    ? { kind: 'relative', relativeId: person.relativeId, admissionId }
    : { kind: 'patient' };

/** "Quàng Thị Sen (Mẹ)": never to be taken for the patient. */
export const withRelation = (t: Text, { name, relation }: Pick<Person, 'name' | 'relation'>): string =>
  relation === null
    ? t('documents.patientSelf', { name })
    : `${name} (${t.of(`patient.relation.${relation}`)})`;

/** Those whose fingers this PC can compare with. */
export const comparable = (people: readonly Person[]): readonly Person[] =>
  people.filter((person) => person.personId !== null && usableFingers(person).length > 0);

/** Those of them who allowed papers to be confirmed by a finger; a relative no more answers for nobody. */
export const confirming = (people: readonly Person[]): readonly Person[] =>
  comparable(people).filter(({ purposes, ended }) => !ended && purposes.includes('confirm'));

/** Those of them who allowed to be told from others. */
export const checkable = (people: readonly Person[]): readonly Person[] =>
  comparable(people).filter(({ purposes }) => purposes.includes('recognise'));

/** How somebody stands to having fingers taken; who was asked and said no was asked. */
export const standing = ({ consent, unable }: Pick<Person, 'consent' | 'unable'>) =>
  consent === 'none' && unable.some(({ reason }) => reason === 'refused') ? 'refused' : consent;

/** Who was chosen beforehand, or else the first; null when that choice has gone, so that nobody else takes the place. */
export function firstChoice(people: readonly Person[], chosen: string | undefined): string | null {
  if (chosen === undefined) return people[0]?.personId ?? null;
  return people.some(({ personId }) => personId === chosen) ? chosen : null;
}

/** Prints this PC can compare with now. */
export const usableFingers = (person: Person): readonly Finger[] =>
  person.fingers.filter(({ usable }) => usable).map(({ finger }) => finger);
