// What the core answers in, through the host, as the page waits for it: saves, searches, charts, boards.
import { mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { personName } from '../../electron/training/names.ts';
import { seededRandom } from '../../electron/training/random.ts';
import { fold } from '../../shared/text/fold.ts';
import { type Figure, timed } from './figures.ts';
import type { Page } from './host.ts';

const random = seededRandom(7);

/** Vitals, an entry now and then: what a ward saves, each durable when answered. */
export async function saves(page: Page, count: number): Promise<Figure> {
  const samples = await saveSome(page, (done) => done < count);
  return timed('save, command to durable', samples, 99, 50);
}

/** The same while the whole store is being copied and the copy proven. */
export async function savesDuringBackup(page: Page, admin: Page, folder: string): Promise<Figure> {
  const to = mkdtempSync(join(folder, 'backup-'));
  try {
    let running = true;
    const started = performance.now();
    const copied = admin.call('station.backup', { folder: to }).finally(() => {
      running = false;
    });
    const samples = await saveSome(page, () => running);
    await copied;
    const seconds = (performance.now() - started) / 1000;
    const figure = timed('save while a backup is made', samples, 99, 50);
    return { ...figure, detail: `${figure.detail}; the backup took ${seconds.toFixed(0)} s` };
  } finally {
    rmSync(to, { recursive: true, force: true });
  }
}

async function saveSome(page: Page, goOn: (done: number) => boolean): Promise<number[]> {
  const patients = await inBeds(page);
  const samples: number[] = [];
  while (goOn(samples.length)) {
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
    if (samples.length % 5 === 4)
      await page.call('notes.finish', {
        admissionId,
        eventAt: at,
        content: {
          progress: 'Tỉnh, tiếp xúc tốt, ăn ngủ được. Phổi thông khí đều, bụng mềm.',
          orders: '',
          care: '',
          careLevel: null,
          diet: '',
        },
      });
    else await page.call('observations.record', { admissionId, at, values });
    samples.push(performance.now() - started);
  }
  return samples;
}

const kinds: Readonly<Record<string, (who: Known) => string | null>> = {
  'unaccented name': (who) => who.words.join(' '),
  'typo in one word': (who) => mistyped(who.words).join(' '),
  'two common words': (who) => who.words.slice(0, 2).join(' '),
  'name and year': (who) => who.year && `${who.words.join(' ')} ${who.year}`,
  'typo and year': (who) => who.year && `${mistyped(who.words).join(' ')} ${who.year}`,
  'run together': (who) => who.words.join(''),
  'end of phone': (who) => who.phone?.slice(-5) ?? null,
  'end of CCCD': (who) => who.cccd?.slice(-4) ?? null,
};

interface Known {
  readonly words: readonly string[];
  readonly year: string | null;
  readonly phone: string | null;
  readonly cccd: string | null;
}

/** One figure for each way of asking, and the budget's own: all of them mixed. */
export async function searches(page: Page, count: number): Promise<Figure[]> {
  const people = await someone(page, count);
  const all: number[] = [];
  const figures: Figure[] = [];
  for (const [kind, ask] of Object.entries(kinds)) {
    const samples: number[] = [];
    for (const text of people.map(ask)) {
      if (text === null) continue;
      const started = performance.now();
      await page.call('patients.search', { text, limit: 12 });
      samples.push(performance.now() - started);
    }
    all.push(...samples);
    figures.push(timed(`patient search, ${kind}`, samples, 95, 100));
  }
  return [timed('patient search, all kinds', all, 95, 100), ...figures];
}

/** People of the register as searching for invented names turns them up. */
async function someone(page: Page, count: number): Promise<Known[]> {
  const known: Known[] = [];
  for (let tries = 0; known.length < count && tries < count * 3; tries += 1) {
    const text = fold(personName(random, random.chance(0.5) ? '1' : '2'));
    const hits = await page.call('patients.search', { text, limit: 20 });
    if (hits.length === 0) continue;
    const hit = random.pick(hits);
    known.push({
      words: fold(hit.fullName).split(' '),
      year: hit.birthDate?.slice(0, 4) ?? null,
      phone: hit.phone,
      cccd: hit.identifiers.find((i) => i.type === 'cccd')?.value ?? null,
    });
  }
  return known;
}

function mistyped(words: readonly string[]): string[] {
  const long = words.flatMap((w, i) => (w.length >= 4 ? [i] : []));
  const at = long.length > 0 ? random.pick(long) : 0;
  return words.map((w, i) => (i === at ? mistype(w) : w));
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

/** All queries a chart makes when it is opened, together, on the longest stay. */
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
  return timed(`open a chart on day ${long.dayOfStay}, all its answers`, samples, 95, 300);
}

/** The largest ward's board. */
export async function boards(page: Page, count: number): Promise<Figure> {
  const wards = await page.call('beds.wards', {});
  const ward = wards.toSorted((a, b) => b.beds - a.beds)[0];
  if (!ward) throw new Error('the center to measure has no ward');
  const samples: number[] = [];
  for (let i = 0; i < count; i += 1) {
    const started = performance.now();
    await page.call('beds.board', { wardId: ward.wardId });
    samples.push(performance.now() - started);
  }
  return timed(`board of ${ward.beds} beds, the core's answer`, samples, 95, null);
}

export async function longestStay(page: Page) {
  const found = (await inBeds(page)).toSorted((a, b) => b.dayOfStay - a.dayOfStay)[0];
  if (!found) throw new Error('the center to measure has nobody in a bed');
  return found;
}

/** Everybody in a bed. */
export async function inBeds(page: Page) {
  const wards = await page.call('beds.wards', {});
  const boardsOfAll = await Promise.all(wards.map((w) => page.call('beds.board', { wardId: w.wardId })));
  return boardsOfAll.flatMap((b) => b.rooms.flatMap((r) => r.beds.flatMap((bed) => bed.patients)));
}
