// Figures of the line turned into what staff say. Pure, so that the rules are tested without a page.
import type { TextKey } from '../../i18n/index.ts';

/** Upper limits in bytes per second, ours: 2 kB/s is a line of 16 kbit/s, 125 kB/s one of 1 Mbit/s. */
const speeds: readonly (readonly [number, TextKey])[] = [
  [2_000, 'sync.speed.veryWeak'],
  [16_000, 'sync.speed.weak'],
  [125_000, 'sync.speed.fair'],
  [Number.POSITIVE_INFINITY, 'sync.speed.good'],
];

export const speedWord = (bytesPerSecond: number): TextKey =>
  speeds.find(([below]) => bytesPerSecond < below)?.[1] ?? 'sync.speed.good';

/** `K7QF-2M9T-…` in groups, however it came: read aloud and typed group by group. */
export function groupsOf(code: string): readonly string[] {
  const given = code.split(/[\s-]+/).filter((group) => group !== '');
  return given.length > 1 ? given : (code.match(/.{1,4}/g) ?? []);
}

/** `29:05`, whole seconds that are left; never below zero. */
export function countdown(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
}

/** One address per line, or with commas or spaces between; the same one twice counts once. */
export const addressesIn = (typed: string): readonly string[] => [
  ...new Set(typed.split(/[\s,;]+/).filter((address) => address !== '')),
];
