import { describe, expect, it } from 'vitest';
import { trainingStaff, trainingWards } from '../../../electron/training/center.ts';
import { courseOf } from '../../../electron/training/course.ts';
import { inventPerson } from '../../../electron/training/people.ts';
import { randomUuid, seededRandom } from '../../../electron/training/random.ts';
import { type PlannedBed, planStays } from '../../../electron/training/stays.ts';
import { stories } from '../../../electron/training/stories/index.ts';
import { roles } from '../../../shared/codes/roles.ts';
import { vitalProblems } from '../../../shared/codes/vitals.ts';
import { checkCccd } from '../../../shared/identity/cccd.ts';
import { normalisePhone } from '../../../shared/identity/phone.ts';

const DAY_MS = 86_400_000;
const unmeasured = { height: null, pain: null, urine: null };
const to = Date.UTC(2026, 10, 22, 2);
const today = new Date(to);

describe('the invented center', () => {
  it('has 6 wards, 120 beds and 31 staff in 9 roles that exist', () => {
    expect(trainingWards).toHaveLength(6);
    expect(trainingWards.flatMap((w) => w.rooms).reduce((sum, r) => sum + r.beds, 0)).toBe(120);
    expect(trainingStaff).toHaveLength(31);
    expect(new Set(trainingStaff.map((s) => s.username)).size).toBe(31);
    const used = new Set(trainingStaff.map((s) => s.role));
    expect(used.size).toBe(9);
    for (const role of used) expect(roles.map((r) => r.id)).toContain(role);
  });

  it('has a doctor and a nurse for every ward', () => {
    for (const ward of trainingWards)
      for (const role of ['bac_si_dieu_tri', 'dieu_duong'])
        expect(
          trainingStaff.some((s) => s.role === role && s.wards.includes(ward.key)),
          `${role} ${ward.key}`,
        ).toBe(true);
  });
});

describe('invented people', () => {
  const people = (seed: number) => {
    const random = seededRandom(seed);
    return Array.from({ length: 500 }, () => inventPerson(random, today, 130));
  };

  it('are the same for the same seed and others for another', () => {
    expect(people(1)).toEqual(people(1));
    expect(people(1)).not.toEqual(people(2));
  });

  it('carry numbers that agree with who they are', () => {
    for (const person of people(3)) {
      if (person.cccd !== null) expect(checkCccd(person.cccd, person, 2026)).toEqual([]);
      if (person.phone !== null) expect(normalisePhone(person.phone)?.kind).toBe('mobile');
      expect(person.fullName).toBe(person.fullName.normalize('NFC'));
      expect(person.fullName.split(' ').length).toBeGreaterThanOrEqual(2);
    }
  });

  it('give every child a guardian', () => {
    for (const person of people(4).filter((p) => p.ageYears < 16))
      expect(person.relative?.isGuardian).toBe(true);
  });
});

describe('planned stays', () => {
  const random = seededRandom(9);
  const people = Array.from({ length: 1_500 }, () => ({
    patientId: randomUuid(random),
    person: inventPerson(random, today, 130),
  }));
  const beds: PlannedBed[] = trainingWards.flatMap((w) =>
    w.rooms.flatMap((room) =>
      Array.from({ length: room.beds }, () => ({
        bedId: randomUuid(random),
        wardId: w.key,
        wardKey: w.key,
        freeAtEnd: random.chance(0.1),
      })),
    ),
  );
  const stays = planStays(random, beds, people, to - 12 * DAY_MS, to);

  it('leave exactly the beds empty that are to be empty', () => {
    const taken = new Set(stays.filter((s) => s.dischargedAt === null).map((s) => s.bed.bedId));
    for (const bed of beds) expect(taken.has(bed.bedId)).toBe(!bed.freeAtEnd);
  });

  it('never put two people in one bed nor one person in two', () => {
    for (const key of ['bed', 'who'] as const) {
      const groups = Map.groupBy(stays, (s) => (key === 'bed' ? s.bed.bedId : s.who.patientId));
      for (const group of groups.values()) {
        const inOrder = group.toSorted((a, b) => a.admittedAt - b.admittedAt);
        for (const [i, stay] of inOrder.entries()) {
          const next = inOrder[i + 1];
          if (next) expect(stay.dischargedAt ?? Infinity).toBeLessThan(next.admittedAt);
        }
      }
    }
  });

  it('fit the story: sex and age', () => {
    for (const { story, who } of stays) {
      if (story.sex) expect(who.person.sex).toBe(story.sex);
      expect(who.person.ageYears).toBeGreaterThanOrEqual(story.age[0]);
      expect(who.person.ageYears).toBeLessThanOrEqual(story.age[1]);
    }
  });

  it('hold readings and entries within the stay only, none of them impossible', () => {
    for (const stay of stays) {
      for (const { at } of [...stay.course.readings, ...stay.course.entries]) {
        expect(at).toBeGreaterThanOrEqual(stay.admittedAt);
        expect(at).toBeLessThan(stay.dischargedAt ?? to);
      }
      for (const { values } of stay.course.readings)
        expect(vitalProblems({ ...unmeasured, ...values }).filter((p) => p.why !== 'unusual')).toEqual([]);
    }
  });
});

it('tells every story from its first day on', () => {
  for (const story of stories) {
    const course = courseOf(seededRandom(5), story, { ageYears: story.age[0] }, to - 3 * DAY_MS, to);
    expect(course.readings.length, story.diagnosis).toBeGreaterThan(3);
    expect(course.entries.length, story.diagnosis).toBeGreaterThanOrEqual(3);
    for (const entry of course.entries) {
      expect(entry.progress.length).toBeGreaterThan(20);
      expect(entry.orders.length).toBeGreaterThan(10);
      expect(entry.progress).toBe(entry.progress.normalize('NFC'));
    }
  }
});
