// Chances in words an administrator and a clerk can picture: "one time in 2,000", never 0.0005. And who was left out.
import { number } from '../../i18n/format.ts';
import type { Text } from '../../i18n/index.ts';

/** Two digits are all anybody can picture: 1 in 1,987 is one in 2,000. */
function roughly(n: number): number {
  if (n < 10) return Math.round(n);
  const unit = 10 ** (Math.floor(Math.log10(n)) - 1);
  return Math.round(n / unit) * unit;
}

const million = 1_000_000;
const trillion = 1_000_000_000_000;

/** Within a sentence: how often a search by one finger finds a stranger. `chance` 0…1. */
export function searchChance(t: Text, chance: number): string {
  if (chance >= 0.5) return t('fingerprint.chanceOften');
  if (chance < 1 / million) return t('fingerprint.chanceNever');
  return t('fingerprint.chanceSeldom', { n: number(t, roughly(1 / chance)) });
}

/** How many were not compared with in full, because this PC lacks a key of theirs; null: everybody was. */
export const notCompared = (t: Text, people: number): string | null =>
  people > 0 ? t('fingerprint.foundWithoutKey', { n: number(t, people) }) : null;

/** "một lần trong 2.000 lần". `chance` 0…1. */
export function oneInWords(t: Text, chance: number): string {
  if (chance >= 0.5) return t('fingerprint.always');
  if (chance < 1 / trillion) return t('fingerprint.almostNever');
  return t('fingerprint.oneIn', { n: number(t, roughly(1 / chance)) });
}
