// What the core answers in, through the host, as the page waits for it: saves, searches, charts.
import { performance } from 'node:perf_hooks';
import { personName } from '../../electron/training/names.ts';
import { seededRandom } from '../../electron/training/random.ts';
import { fold } from '../../shared/text/fold.ts';
import { type Figure, timed } from './figures.ts';
import type { Page } from './host.ts';

const random = seededRandom(7);

/** Vitals, an entry now and then: what a ward saves, each durable when answered. */
export async function saves(page: Page, count: number): Promise<Figure> {
  const wards = await page.call('beds.wards', {});
  const boards = await Promise.all(wards.map((w) => page.call('beds.board', { wardId: w.wardId })));
  const patients = boards.flatMap((b) => b.rooms.flatMap((r) => r.beds.flatMap((bed) => bed.patients)));
  const samples: number[] = [];
  for (let i = 0; i < count; i += 1) {
    const { admissionId } = random.pick(patients);
    const at = Date.now();
    const values = {
      pulse: random.int(60, 100),
      temperature: random.int(362, 378) / 10,
      systolic: random.int(105, 150),
      diastolic: random.int(60, 90),
      respiration: random.int(14, 20),
      spo2: random.int(95, 99),
    };
    const started = performance.now();
    if (i % 5 === 4)
      await page.call('notes.finish', {
        admissionId,
        eventAt: at,
        content: { progress: 'Tỉnh, tiếp xúc tốt, ăn ngủ được. Phổi thông khí đều, bụng mềm.', orders: '' },
      });
    else await page.call('observations.record', { admissionId, at, values });
    samples.push(performance.now() - started);
  }
  return timed('save, command to durable, 200 beds and 2 years', samples, 99, 50);
}

/** Unaccented words, one of them mistyped in every other search; years and number tails among them. */
export async function searches(page: Page, count: number): Promise<Figure> {
  const samples: number[] = [];
  for (let i = 0; i < count; i += 1) {
    const text = typedSearch(i);
    const started = performance.now();
    await page.call('patients.search', { text, limit: 20 });
    samples.push(performance.now() - started);
  }
  return timed('patient search, unaccented, typo in one word', samples, 95, 100);
}

function typedSearch(i: number): string {
  const words = fold(personName(random, random.chance(0.5) ? '1' : '2')).split(' ');
  if (i % 2 === 0) {
    const w = random.int(0, words.length - 1);
    words[w] = mistype(words[w] ?? '');
  }
  if (i % 7 === 3) words.push(String(random.int(1940, 2020)));
  return words.join(' ');
}

/** One letter doubled, dropped, swapped or replaced. */
function mistype(word: string): string {
  if (word.length < 3) return word;
  const at = random.int(1, word.length - 2);
  const letter = word[at] ?? '';
  return random.pick([
    word.slice(0, at) + letter + word.slice(at),
    word.slice(0, at) + word.slice(at + 1),
    word.slice(0, at) + (word[at + 1] ?? '') + letter + word.slice(at + 2),
    `${word.slice(0, at)}${random.pick([...'aeiou'])}${word.slice(at + 1)}`,
  ]);
}

/** All queries a chart makes when it is opened, together, on the stay of 60 days. */
export async function charts(page: Page, count: number): Promise<Figure> {
  const long = await longestStay(page);
  const samples: number[] = [];
  for (let i = 0; i < count; i += 1) {
    const started = performance.now();
    await Promise.all([
      page.call('patients.chartHead', { patientId: long.patientId }),
      page.call('observations.list', { admissionId: long.admissionId }),
      page.call('notes.list', { admissionId: long.admissionId }),
      page.call('allergies.get', { patientId: long.patientId }),
      page.call('patients.timeline', { patientId: long.patientId, admissionId: long.admissionId }),
    ]);
    samples.push(performance.now() - started);
  }
  return timed(`open a chart, all its answers, day ${long.dayOfStay} of the stay`, samples, 95, 300);
}

export async function longestStay(page: Page) {
  const wards = await page.call('beds.wards', {});
  const boards = await Promise.all(wards.map((w) => page.call('beds.board', { wardId: w.wardId })));
  const found = boards
    .flatMap((b) => b.rooms.flatMap((r) => r.beds.flatMap((bed) => bed.patients)))
    .toSorted((a, b) => b.dayOfStay - a.dayOfStay)[0];
  if (!found || found.dayOfStay < 60) throw new Error('the center to measure has no stay of 60 days');
  return found;
}
