// Fills the wards bed by bed: one stay after another until the end of the period, some still open then.

import type { TrainingWard } from './center.ts';
import { type Course, courseOf } from './course.ts';
import type { InventedPerson } from './people.ts';
import type { Random } from './random.ts';
import { type Story, stories } from './stories/index.ts';

const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;

export interface PlannedBed {
  readonly bedId: string;
  readonly wardId: string;
  readonly wardKey: TrainingWard['key'];
  /** Nobody lies here when the period ends. */
  readonly freeAtEnd: boolean;
  /** The last person here came then and stays, longer than any story asks; ms since 1970 UTC. */
  readonly heldSince?: number;
}

export interface PlannedPerson {
  readonly patientId: string;
  readonly person: InventedPerson;
}

export interface PlannedStay {
  readonly bed: PlannedBed;
  readonly who: PlannedPerson;
  readonly story: Story;
  readonly admittedAt: number;
  /** Null: still in the bed when the period ends. */
  readonly dischargedAt: number | null;
  readonly course: Course;
}

/** Chooses people who fit each story and are not lying elsewhere; the same seed plans the same stays. */
export function planStays(
  random: Random,
  beds: readonly PlannedBed[],
  people: readonly PlannedPerson[],
  from: number,
  to: number,
): PlannedStay[] {
  const free = new Candidates(people, random.fork('candidates'));
  const planned: PlannedStay[] = [];
  for (const bed of beds) {
    const { heldSince } = bed;
    let at = from - random.int(0, 5 * 24) * HOUR_MS;
    while (at < to) {
      const holds = heldSince !== undefined && at > heldSince - 20 * DAY_MS;
      if (holds) at = Math.max(at, heldSince);
      const story = random.weighted(
        stories.filter((s) => s.ward === bed.wardKey).map((s) => [s, s.weight] as const),
      );
      const admittedAt = Math.max(from, at) + random.int(7, 20) * 10 * 60_000;
      const [shortest, longest] = story.stayDays;
      const leaves = admittedAt + random.int(shortest, longest) * DAY_MS - random.int(0, 6) * HOUR_MS;
      const who = admittedAt < to ? free.take(story, admittedAt, leaves) : null;
      if (!who) break;
      // a bed that must not stand empty at the end keeps whoever would leave in the last hours
      const open = holds || leaves >= (bed.freeAtEnd ? to : to - 14 * HOUR_MS);
      const dischargedAt =
        open && bed.freeAtEnd
          ? Math.max(admittedAt + 4 * HOUR_MS, to - random.int(3, 20) * HOUR_MS)
          : open
            ? null
            : leaves;
      if (dischargedAt !== null && dischargedAt >= to) break;
      planned.push({
        bed,
        who,
        story,
        admittedAt,
        dischargedAt,
        course: courseOf(random, story, who.person, admittedAt, dischargedAt ?? to),
      });
      at = (dischargedAt ?? to) + random.int(2, 10) * HOUR_MS;
      if (bed.freeAtEnd && to - at < 2 * DAY_MS) break;
    }
  }
  return planned;
}

/** People by sex and age, each with the moment they are home again. */
class Candidates {
  private readonly groups = new Map<string, PlannedPerson[]>();
  private readonly busyUntil = new Map<string, number>();
  private readonly random: Random;

  constructor(people: readonly PlannedPerson[], random: Random) {
    this.random = random;
    for (const p of people) {
      const key = `${p.person.sex}:${p.person.ageYears}`;
      const group = this.groups.get(key);
      if (group) group.push(p);
      else this.groups.set(key, [p]);
    }
  }

  take(story: Story, from: number, until: number): PlannedPerson | null {
    for (let attempt = 0; attempt < 400; attempt += 1) {
      const sex = story.sex ?? this.random.pick(['1', '2'] as const);
      const group = this.groups.get(`${sex}:${this.random.int(story.age[0], story.age[1])}`);
      if (!group) continue;
      const candidate = this.random.pick(group);
      if ((this.busyUntil.get(candidate.patientId) ?? 0) > from - 5 * DAY_MS) continue;
      this.busyUntil.set(candidate.patientId, until);
      return candidate;
    }
    return null;
  }
}
