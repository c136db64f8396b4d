// Turns a story into a dated course: readings three times a day or oftener, a doctor's entry each morning.
import type { Random } from './random.ts';
import type { Curve, Story, StoryDay } from './stories/index.ts';

const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;
/** Vietnam keeps UTC+7 all year. */
const ZONE_MS = 7 * HOUR_MS;

export interface Reading {
  readonly at: number;
  readonly values: {
    readonly pulse: number;
    readonly temperature: number;
    readonly systolic: number | null;
    readonly diastolic: number | null;
    readonly respiration: number;
    readonly spo2: number;
    readonly oxygen: number;
    readonly consciousness: 'A' | 'V';
    readonly weight: number | null;
  };
}

export interface SheetEntry {
  readonly at: number;
  readonly progress: string;
  readonly orders: string;
  readonly care: string;
  readonly careLevel: '1' | '2' | '3';
  readonly diet: string;
}

export interface Course {
  readonly readings: readonly Reading[];
  readonly entries: readonly SheetEntry[];
}

/** Hours of the day at which a round is made, by level of care. */
const roundHours: Readonly<Record<'1' | '2' | '3', readonly number[]>> = {
  '1': [0, 4, 8, 12, 16, 20],
  '2': [6, 14, 21],
  '3': [6, 15],
};

export function courseOf(
  random: Random,
  story: Story,
  patient: { ageYears: number },
  admittedAt: number,
  until: number,
): Course {
  const readings: Reading[] = [
    readingAt(random, story, patient, admittedAt + random.int(5, 25) * 60_000, 1, true),
  ];
  const entries: SheetEntry[] = [entryAt(random, story, admittedAt + random.int(20, 70) * 60_000, 1, true)];
  const lastDay = dayNumber(admittedAt, until);
  for (let day = 1; day <= lastDay; day += 1) {
    const midnight = startOfDay(admittedAt) + (day - 1) * DAY_MS;
    for (const hour of roundHours[storyDay(story, day).careLevel]) {
      const at = midnight + hour * HOUR_MS + random.int(0, 35) * 60_000;
      if (at > admittedAt + 2 * HOUR_MS && at < until)
        readings.push(readingAt(random, story, patient, at, day, false));
    }
    const morning = midnight + 8 * HOUR_MS + random.int(0, 100) * 60_000;
    if (day > 1 && morning < until) entries.push(entryAt(random, story, morning, day, false));
  }
  const made = (x: { at: number }): boolean => x.at < until;
  return { readings: readings.filter(made), entries: entries.filter(made) };
}

function readingAt(
  random: Random,
  story: Story,
  patient: { ageYears: number },
  at: number,
  day: number,
  first: boolean,
): Reading {
  const v = story.vitals;
  const around = (curve: Curve, sd: number): number => Math.round(random.normal(valueOn(curve, day), sd));
  const spo2 = Math.min(100, around(v.spo2, 0.8));
  const small = patient.ageYears < 3;
  return {
    at,
    values: {
      pulse: around(v.pulse, 4),
      temperature: Math.round(10 * random.normal(valueOn(v.temperature, day), 0.15)) / 10,
      systolic: small ? null : around(v.systolic, 5),
      diastolic: small ? null : around(v.diastolic, 4),
      respiration: around(v.respiration, 1),
      spo2,
      oxygen: v.oxygen ? valueOn(v.oxygen, day) : 0,
      consciousness: story.icd === 'A41.9' && day === 1 ? 'V' : 'A',
      weight: first ? weightFor(random, patient.ageYears) : null,
    },
  };
}

function entryAt(random: Random, story: Story, at: number, day: number, first: boolean): SheetEntry {
  const now = storyDay(story, day);
  const progress = first
    ? now.progress[0]
    : random.pick(now.progress.length > 1 ? now.progress.slice(1) : now.progress);
  return {
    at,
    progress: progress ?? '',
    orders: now.orders.join('\n'),
    care: now.care,
    careLevel: now.careLevel,
    diet: now.diet,
  };
}

function storyDay(story: Story, day: number): StoryDay {
  const found = story.days.findLast((d) => d.fromDay <= day) ?? story.days[0];
  if (!found) throw new RangeError(`story without days: ${story.icd}`);
  return found;
}

const valueOn = (curve: Curve, day: number): number => curve[Math.min(day, curve.length) - 1] ?? 0;

/** kg; a rough fit for children, a plausible spread for adults; ours. */
function weightFor(random: Random, age: number): number {
  const mean = age < 1 ? 6.5 : age < 12 ? 8 + age * 2.3 : age < 16 ? 40 : 54;
  return Math.round(10 * Math.max(2.5, random.normal(mean, mean * 0.12))) / 10;
}

const startOfDay = (at: number): number => Math.floor((at + ZONE_MS) / DAY_MS) * DAY_MS - ZONE_MS;
const dayNumber = (from: number, to: number): number =>
  Math.floor((startOfDay(to) - startOfDay(from)) / DAY_MS) + 1;
