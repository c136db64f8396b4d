// Writes the invented center's history into a store as changes, in the order of their times, each by the person
// who would have written it. The store's clock must be `clock.now`, which moves from event to event.
import { ok } from '../../shared/api/contract.ts';
import { news2Table } from '../../shared/codes/news2.ts';
import { addressListVersion } from '../../shared/codes/provinces.ts';
import { admissionAdmit, admissionDischarge } from '../../shared/model/admissions.ts';
import { allergyAdd, allergyDeclareNone } from '../../shared/model/allergies.ts';
import { bedState } from '../../shared/model/beds.ts';
import { type Change, versionOf } from '../../shared/model/change.ts';
import { noteFinish } from '../../shared/model/notes.ts';
import { observationRecord } from '../../shared/model/observations.ts';
import { identifierAdd, patientRegister, patientUpdate, relativeAdd } from '../../shared/model/patients.ts';
import type { OpenStore, Tx } from '../store/types.ts';
import type { TrainingWard } from './center.ts';
import type { Reading, SheetEntry } from './course.ts';
import { inventPerson } from './people.ts';
import { type Random, randomUuid } from './random.ts';
import { type PlannedBed, type PlannedPerson, type PlannedStay, planStays } from './stays.ts';
import { allergyStories } from './stories/index.ts';

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;

export interface Clock {
  /** ms since 1970 UTC; never set back. */
  now: number;
}

export interface Communes {
  readonly provinceCode: string;
  readonly provinceName: string;
  readonly list: readonly { readonly code: string; readonly name: string }[];
}

export interface Population {
  readonly random: Random;
  readonly clock: Clock;
  /** People in the register; those the stays need are among them. */
  readonly people: number;
  /** Period of the stays, ms since 1970 UTC. */
  readonly from: number;
  readonly to: number;
  readonly beds: readonly PlannedBed[];
  readonly wardNames: ReadonlyMap<string, string>;
  readonly communes: Communes;
  readonly numberPrefix: string;
  /** What one transaction takes. Many: fewer writes of the same pages, more memory. */
  readonly eventsPerWrite: number;
  readonly staff: {
    clerk(): string;
    doctorOf(ward: TrainingWard['key']): { readonly id: string; readonly title: string | null };
    nurseOf(ward: TrainingWard['key']): string;
  };
}

export interface Populated {
  readonly people: readonly PlannedPerson[];
  readonly stays: readonly (PlannedStay & { readonly admissionId: string })[];
  readonly changes: number;
}

export function populate(store: OpenStore, population: Population): Populated {
  const { random, clock, to } = population;
  let changes = 0;
  const run = (events: readonly Event[]): void => {
    for (let start = 0; start < events.length; start += population.eventsPerWrite) {
      const written = store.bulk((as) => {
        for (const event of events.slice(start, start + population.eventsPerWrite)) {
          clock.now = Math.max(clock.now, event.at);
          changes += event.write((author) => as({ userId: author, sessionId: null }));
        }
        return ok(null);
      });
      if (!written.ok) throw new Error(`populating stopped: ${written.error.code}`);
    }
  };

  const today = new Date(to);
  const people = Array.from(
    { length: population.people },
    (): PlannedPerson => ({
      patientId: randomUuid(random),
      person: inventPerson(random, today, population.communes.list.length),
    }),
  );
  // everyone was registered before the period, over the two years behind it
  const step = (2 * 365 * DAY_MS) / Math.max(1, people.length);
  run(
    people.map((who, i) => registration(population, who, i, population.from - 2 * 365 * DAY_MS + i * step)),
  );

  const stays = planStays(random.fork('stays'), population.beds, people, population.from, to).map((stay) => ({
    ...stay,
    admissionId: randomUuid(random),
  }));
  const asked = new Set<string>();
  run(
    inOrder(
      stays
        .toSorted((a, b) => a.admittedAt - b.admittedAt)
        .flatMap((stay, i) => stayEvents(population, stay, i, asked)),
    ),
  );
  clock.now = Math.max(clock.now, to);
  return { people, stays, changes };
}

interface Event {
  readonly at: number;
  /** Answers how many changes it wrote. */
  write(as: (userId: string) => Tx): number;
}

const inOrder = (events: readonly Event[]): Event[] => events.toSorted((a, b) => a.at - b.at);

function registration(population: Population, who: PlannedPerson, index: number, at: number): Event {
  const { communes, numberPrefix } = population;
  const { person, patientId } = who;
  const commune = communes.list[person.commune];
  const year = new Date(at).getUTCFullYear() % 100;
  return {
    at,
    write(as) {
      const tx = as(population.staff.clerk());
      tx.append(patientRegister, {
        id: patientId,
        patient: patientId,
        body: {
          recordNumber: `${String(year).padStart(2, '0')}${numberPrefix}${String(index + 1).padStart(5, '0')}`,
          unidentified: false,
          unidentifiedNote: null,
          notDuplicates: [],
          fullName: person.fullName,
          sex: person.sex,
          birthDate: person.birthDate,
          phone: person.phone,
          ethnicCode: person.ethnicCode,
          nationality: 'Việt Nam',
          occupationCode: person.occupationCode,
          address: {
            listVersion: addressListVersion,
            provinceCode: communes.provinceCode,
            communeCode: commune?.code ?? null,
            street: person.street,
            text: [person.street, commune?.name, communes.provinceName].filter(Boolean).join(', '),
          },
        },
      });
      const refs = [`patient:${patientId}`] as const;
      const numbers = [
        person.cccd === null ? null : { type: 'cccd' as const, value: person.cccd },
        person.bhyt === null ? null : { type: 'bhyt' as const, value: person.bhyt },
      ].filter((n) => n !== null);
      for (const number of numbers) {
        tx.append(identifierAdd, {
          id: randomUuid(population.random),
          patient: patientId,
          refs,
          body: { ...number, issuedOn: null, validFrom: null, validTo: null, facilityCode: null },
        });
      }
      if (person.relative)
        tx.append(relativeAdd, {
          id: randomUuid(population.random),
          patient: patientId,
          refs,
          body: person.relative,
        });
      return 1 + numbers.length + (person.relative ? 1 : 0);
    },
  };
}

function stayEvents(
  population: Population,
  stay: PlannedStay & { admissionId: string },
  index: number,
  asked: Set<string>,
): Event[] {
  const { staff, random, wardNames, numberPrefix } = population;
  const { bed, story, who, admissionId } = stay;
  const patientId = who.patientId;
  const about = { id: admissionId, patient: patientId };
  const year = new Date(stay.admittedAt).getUTCFullYear() % 100;
  let last: Change | undefined;
  const seen = (): string[] => (last ? [versionOf(last)] : []);
  const doctor = staff.doctorOf(bed.wardKey);
  const nurse = staff.nurseOf(bed.wardKey);

  const events: Event[] = [
    {
      at: stay.admittedAt,
      write(as) {
        const tx = as(doctor.id);
        tx.append(bedState, { id: bed.bedId, body: { dirty: false, reason: null, saw: {} } });
        last = tx.append(admissionAdmit, {
          ...about,
          refs: [`patient:${patientId}`, `ward:${bed.wardId}`, `bed:${bed.bedId}`],
          body: {
            number: `${String(year).padStart(2, '0')}${numberPrefix}${String(index + 1).padStart(5, '0')}`,
            patient: patientId,
            ward: bed.wardId,
            bed: bed.bedId,
            at: stay.admittedAt,
            careType: '03',
            reason: story.reason,
            diagnosis: story.diagnosis,
            icd: story.icd,
          },
        });
        if (story.pregnant)
          tx.append(patientUpdate, {
            id: patientId,
            patient: patientId,
            body: { pregnant: true, reason: null, saw: {} },
          });
        return story.pregnant ? 3 : 2;
      },
    },
    ...stay.course.readings.map((reading) => readingEvent(nurse, stay, reading, random)),
    ...stay.course.entries.map((entry) =>
      entryEvent(doctor, stay, entry, wardNames.get(bed.wardId) ?? null, random),
    ),
  ];
  // a few are still to be asked, so that the question has somebody to be about
  if (!asked.has(patientId) && !random.chance(0.12)) {
    asked.add(patientId);
    events.push(allergyEvent(nurse, stay, random));
  }
  const { dischargedAt } = stay;
  if (dischargedAt !== null) {
    events.push({
      at: dischargedAt,
      write(as) {
        last = as(doctor.id).append(admissionDischarge, {
          ...about,
          body: {
            at: dischargedAt,
            type: '1',
            outcome: random.chance(0.7) ? '2' : '1',
            diagnosis: story.diagnosis,
            icd: story.icd,
            advice: 'Uống thuốc theo đơn, tái khám khi có dấu hiệu bất thường',
            destination: null,
            saw: seen(),
          },
        });
        as(nurse).append(bedState, { id: bed.bedId, body: { dirty: true, reason: null, saw: {} } });
        return 2;
      },
    });
    events.push({
      at: dischargedAt + 40 * MINUTE_MS,
      write(as) {
        as(nurse).append(bedState, { id: bed.bedId, body: { dirty: false, reason: null, saw: {} } });
        return 1;
      },
    });
  }
  return events;
}

function readingEvent(
  nurse: string,
  stay: PlannedStay & { admissionId: string },
  reading: Reading,
  random: Random,
): Event {
  return {
    at: reading.at + 3 * MINUTE_MS,
    write(as) {
      as(nurse).append(observationRecord, {
        id: randomUuid(random),
        patient: stay.who.patientId,
        refs: [`admission:${stay.admissionId}`],
        body: {
          admission: stay.admissionId,
          at: reading.at,
          scale: 1,
          ageYears: stay.who.person.ageYears,
          pregnant: stay.story.pregnant ?? false,
          table: news2Table,
          ...Object.fromEntries(Object.entries(reading.values).filter(([, value]) => value !== null)),
          temperatureSite: 'axillary',
        },
      });
      return 1;
    },
  };
}

function entryEvent(
  doctor: { id: string; title: string | null },
  stay: PlannedStay & { admissionId: string },
  entry: SheetEntry,
  wardName: string | null,
  random: Random,
): Event {
  return {
    at: entry.at + 4 * MINUTE_MS,
    write(as) {
      const { at, ...content } = entry;
      as(doctor.id).append(noteFinish, {
        id: randomUuid(random),
        patient: stay.who.patientId,
        refs: [`admission:${stay.admissionId}`],
        body: { admission: stay.admissionId, eventAt: at, ...content, wardName, authorTitle: doctor.title },
      });
      return 1;
    },
  };
}

function allergyEvent(nurse: string, stay: PlannedStay, random: Random): Event {
  const { patientId } = stay.who;
  const refs = [`patient:${patientId}`] as const;
  return {
    at: stay.admittedAt + 8 * MINUTE_MS,
    write(as) {
      const tx = as(nurse);
      if (!random.chance(0.1)) {
        tx.append(allergyDeclareNone, { id: patientId, patient: patientId, refs, body: {} });
        return 1;
      }
      const allergy = random.pick(allergyStories);
      tx.append(allergyAdd, {
        id: randomUuid(random),
        patient: patientId,
        refs,
        body: {
          ...allergy,
          classCode: null,
          certainty: random.chance(0.6) ? 'confirmed' : 'suspected',
          note: null,
        },
      });
      return 1;
    },
  };
}
