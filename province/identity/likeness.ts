// How much speaks for two records being one person's. Points and rules are ours, unconfirmed by any study of
// Vietnamese registers: they only order a list that a person reads. Nothing is ever joined because of them.
import type { Person } from './person.ts';

/** With a minus in front in a pair's reasons: it speaks against. */
export type Reason =
  | 'cccd'
  | 'bhyt'
  | 'passport'
  | 'cmnd'
  | 'name'
  | 'birth'
  | 'birth_year'
  | 'sex'
  | 'commune';

export interface Likeness {
  /** 0 to 100 */
  readonly score: number;
  readonly reasons: readonly (Reason | `-${Reason}`)[];
}

const points: Readonly<Record<Reason, { readonly same: number; readonly differs: number }>> = {
  // numbers are re-issued and mistyped, so another one does not rule anybody out
  cccd: { same: 70, differs: -20 },
  bhyt: { same: 60, differs: -10 },
  passport: { same: 50, differs: 0 },
  cmnd: { same: 50, differs: 0 },
  name: { same: 15, differs: -25 },
  birth: { same: 15, differs: -20 },
  birth_year: { same: 5, differs: 0 },
  sex: { same: 2, differs: -15 },
  commune: { same: 8, differs: 0 },
};

export const numberTypes = ['cccd', 'bhyt', 'passport', 'cmnd'] as const;

/**
 * Null: nothing to show a person. Shown is who shares a number, or name, full birth date and sex; the latter with
 * different personal numbers only when they are of one commune too.
 */
export function likeness(a: Person, b: Person): Likeness | null {
  const reasons = [...compareNumbers(a, b), ...comparePeople(a, b)];
  const says = (reason: Reason | `-${Reason}`): boolean => reasons.includes(reason);
  const byNumber = numberTypes.some(says);
  const byPerson =
    says('name') && says('birth') && !says('-sex') && (!says('-cccd') || says('commune')) && isNamed(a, b);
  if (!byNumber && !byPerson) return null;
  const sum = reasons.reduce((total, reason) => total + pointsOf(reason), 0);
  return { score: Math.min(100, Math.max(0, sum)), reasons };
}

function compareNumbers(a: Person, b: Person): (Reason | `-${Reason}`)[] {
  return numberTypes.flatMap((type) => {
    const ours = a.numbers.filter((n) => n.type === type);
    const theirs = b.numbers.filter((n) => n.type === type);
    if (ours.some((n) => theirs.some((m) => m.number === n.number))) return [type];
    const bothValid = ours.some((n) => !n.ended) && theirs.some((n) => !n.ended);
    return bothValid ? [`-${type}` as const] : [];
  });
}

function comparePeople(a: Person, b: Person): (Reason | `-${Reason}`)[] {
  const reasons: (Reason | `-${Reason}`)[] = [];
  if (isNamed(a, b)) reasons.push(a.folded === b.folded ? 'name' : '-name');
  if (a.birthDate && b.birthDate) {
    const [shorter, longer] =
      a.birthDate.length <= b.birthDate.length ? [a.birthDate, b.birthDate] : [b.birthDate, a.birthDate];
    if (!longer.startsWith(shorter)) reasons.push('-birth');
    else reasons.push(shorter.length === 10 ? 'birth' : 'birth_year');
  }
  // 3 is undetermined: it agrees with nobody and contradicts nobody
  if (isSaid(a.sex) && isSaid(b.sex)) reasons.push(a.sex === b.sex ? 'sex' : '-sex');
  if (a.commune !== null && a.commune === b.commune) reasons.push('commune');
  return reasons;
}

const isSaid = (sex: string | null): boolean => sex === '1' || sex === '2';
/** Working names of unknown people compare with nothing. */
const isNamed = (a: Person, b: Person): boolean =>
  !a.unidentified && !b.unidentified && a.folded !== '' && b.folded !== '';

function pointsOf(reason: Reason | `-${Reason}`): number {
  const against = reason.startsWith('-');
  const { same, differs } = points[bare(reason)];
  return against ? differs : same;
}

export const bare = (reason: Reason | `-${Reason}`): Reason => {
  const name = reason.startsWith('-') ? reason.slice(1) : reason;
  const found = allReasons.find((one) => one === name);
  if (!found) throw new Error(`no reason ${reason}`);
  return found;
};

const allReasons = [
  'cccd',
  'bhyt',
  'passport',
  'cmnd',
  'name',
  'birth',
  'birth_year',
  'sex',
  'commune',
] as const satisfies readonly Reason[];

/** As kept in the database; what this program does not know is left out. */
export function readReasons(text: string): (Reason | `-${Reason}`)[] {
  return text.split(' ').flatMap((word) => {
    const found = allReasons.find((one) => one === word.replace(/^-/, ''));
    if (!found) return [];
    return [word.startsWith('-') ? (`-${found}` as const) : found];
  });
}
