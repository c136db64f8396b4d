// How long a search and a look for duplicates take among very many people, by kind of question.
// Run alone it fills a store of its own: node tests/bench/search.ts [people]

import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Database } from 'better-sqlite3';
import { handlers, model } from '../../electron/clinic/patients/index.ts';
import { blobsOf } from '../../electron/store/blobs.ts';
import { openStore } from '../../electron/store/open.ts';
import type { Context } from '../../electron/store/room.ts';
import type { OpenStore } from '../../electron/store/types.ts';
import { inventPerson } from '../../electron/training/people.ts';
import { type Random, seededRandom } from '../../electron/training/random.ts';
import { ok } from '../../shared/api/contract.ts';
import { contract } from '../../shared/api/index.ts';
import { identifierAdd, patientRegister } from '../../shared/model/patients.ts';
import { fold } from '../../shared/text/fold.ts';

export interface Timing {
  readonly kind: string;
  readonly runs: number;
  readonly p50: number;
  readonly p95: number;
  readonly max: number;
  /** Share of runs that found the person asked for on the first page. */
  readonly found: number;
}

interface Known {
  readonly id: string;
  readonly name: string;
  readonly birth: string | null;
  readonly phone: string | null;
  readonly record: string;
  readonly cccd: string | null;
  readonly bhyt: string | null;
}

type Question = (who: Known, random: Random) => string | null;

/** What people type; null when this person has no such number. */
const questions: Readonly<Record<string, Question>> = {
  'full name': (p) => fold(p.name),
  'full name, one typo': (p, random) => withTypo(fold(p.name), random),
  'name and year': (p) => p.birth && `${fold(p.name)} ${p.birth.slice(0, 4)}`,
  'name and date': (p) =>
    p.birth?.length === 10 ? `${fold(p.name)} ${p.birth.split('-').reverse().join('/')}` : null,
  'two words': (p) => fold(p.name).split(' ').slice(0, 2).join(' '),
  'family name alone': (p) => fold(p.name).split(' ')[0] ?? null,
  'beginning of a name': (p) => fold(p.name).slice(0, 3),
  'first letter': (p) => fold(p.name).slice(0, 1),
  'given name alone': (p) => fold(p.name).split(' ').at(-1) ?? null,
  'name in a hurry': (p) =>
    fold(p.name)
      .split(' ')
      .map((w, i, all) => (i === all.length - 1 ? w : w.charAt(0)))
      .join(''),
  'year alone': (p) => p.birth?.slice(0, 4) ?? null,
  phone: (p) => p.phone,
  'end of phone': (p) => p.phone?.slice(-4) ?? null,
  'personal number': (p) => p.cccd,
  'last 4 of personal number': (p) => p.cccd?.slice(-4) ?? null,
  'insurance card': (p) => p.bhyt,
  'insurance, ten digits': (p) => p.bhyt?.slice(-10) ?? null,
  'record number': (p) => p.record,
  'name and end of number': (p) => p.cccd && `${fold(p.name)} ${p.cccd.slice(-4)}`,
  nonsense: (_p, random) =>
    Array.from({ length: random.int(4, 12) }, () => random.pick([...'qwzxjfk'])).join(''),
  'three nonsense words': () => 'khongco aithenay dauca',
};

/** Through the handlers, hit lines included; `admitted` patients are treated as lying in a bed. */
export function measureSearch(
  store: OpenStore,
  runsPerKind = 60,
  admitted: readonly string[] = [],
): Timing[] {
  const random = seededRandom(20_261_122);
  const h = handlers({
    store,
    people: { nameOf: () => '', titleOf: () => null, stationName: () => '' },
    now: Date.now,
    numberPrefix: () => '01A',
    openPatientIds: () => admitted,
    openStaysOf: () => new Map(),
    blobs: () => blobsOf(store),
  });
  const ctx = unusedContext();
  const sample = pickPeople(store.sql, random, runsPerKind);
  const timings = Object.entries(questions).map(([kind, question]) =>
    time(kind, sample, (who) => {
      const text = question(who, random);
      if (text === null) return null;
      const input = contract['patients.search'].input.parse({ text });
      return () => {
        const result = h['patients.search'](input, ctx);
        return 'ok' in result && result.ok ? result.value.map((hit) => hit.patientId) : [];
      };
    }),
  );
  const duplicates = time('duplicates of a whole form', sample, (who) => {
    const input = contract['patients.duplicates'].input.parse({
      demographics: { fullName: who.name, sex: '1', birthDate: who.birth, phone: who.phone },
      identifiers: [
        ...(who.cccd ? [{ type: 'cccd', value: who.cccd }] : []),
        ...(who.bhyt ? [{ type: 'bhyt', value: who.bhyt }] : []),
      ],
    });
    return () => {
      const result = h['patients.duplicates'](input, ctx);
      return 'ok' in result && result.ok ? result.value.map((hit) => hit.patientId) : [];
    };
  });
  return [...timings, duplicates];
}

function time(
  kind: string,
  sample: readonly Known[],
  prepare: (who: Known) => (() => string[]) | null,
): Timing {
  const times: number[] = [];
  let found = 0;
  for (const who of sample) {
    const run = prepare(who);
    if (!run) continue;
    const started = performance.now();
    const ids = run();
    times.push(performance.now() - started);
    if (ids.includes(who.id)) found++;
  }
  times.sort((a, b) => a - b);
  const at = (share: number): number =>
    times[Math.min(times.length - 1, Math.floor(times.length * share))] ?? Number.NaN;
  return {
    kind,
    runs: times.length,
    p50: at(0.5),
    p95: at(0.95),
    max: at(1),
    found: found / Math.max(1, times.length),
  };
}

/** People spread over the whole table. */
function pickPeople(sql: Database, random: Random, count: number): Known[] {
  const last = sql.prepare<[], number>('select max(key) from patient_search').pluck().get() ?? 0;
  const one = sql.prepare<[number], Known>(`
    select p.id, p.full_name as name, p.birth_date as birth, p.phone, p.record_number as record,
      (select value from patient_identifier where patient_id = p.id and type = 'cccd') as cccd,
      (select value from patient_identifier where patient_id = p.id and type = 'bhyt') as bhyt
    from patient_search s join patient p on p.id = s.patient_id where s.key >= ? order by s.key limit 1`);
  return Array.from({ length: count }, () => one.get(random.int(1, last))).filter((row) => row !== undefined);
}

function withTypo(name: string, random: Random): string {
  const words = name.split(' ');
  const long = words.flatMap((w, i) => (w.length >= 4 ? [i] : []));
  const i = long.length > 0 ? random.pick(long) : 0;
  const word = words[i] ?? '';
  const at = random.int(1, Math.max(1, word.length - 2));
  words[i] = random.chance(0.5)
    ? word.slice(0, at) + word.slice(at + 1)
    : word.slice(0, at) + (word[at + 1] ?? '') + (word[at] ?? '') + word.slice(at + 2);
  return words.join(' ');
}

function unusedContext(): Context {
  return {
    caller: { userId: '', sessionId: '', fullName: '', roles: [], permissions: new Set(), wards: [] },
    now: Date.now,
    can: () => true,
    undo: () => '',
  };
}

/** People only: no wards, no stays. */
export function fillPeople(store: OpenStore, people: number): void {
  const random = seededRandom(500_000);
  const today = new Date();
  const author = { userId: null, sessionId: null };
  const uuid = (): string =>
    `${hex(random, 8)}-${hex(random, 4)}-4${hex(random, 3)}-a${hex(random, 3)}-${hex(random, 12)}`;
  for (let done = 0; done < people; ) {
    const until = Math.min(people, done + 10_000);
    store.bulk((as) => {
      const tx = as(author);
      for (; done < until; done++) {
        const who = inventPerson(random, today, 130);
        const id = uuid();
        tx.append(patientRegister, {
          id,
          patient: id,
          body: {
            recordNumber: `2601A${String(done + 1).padStart(5, '0')}`,
            unidentified: false,
            unidentifiedNote: null,
            notDuplicates: [],
            fullName: who.fullName,
            sex: who.sex,
            birthDate: who.birthDate,
            ...(who.phone && { phone: who.phone }),
            ethnicCode: who.ethnicCode,
          },
        });
        for (const [type, value] of [
          ['cccd', who.cccd],
          ['bhyt', who.bhyt],
        ] as const)
          if (value)
            tx.append(identifierAdd, {
              id: uuid(),
              patient: id,
              refs: [`patient:${id}`],
              body: { type, value, issuedOn: null, validFrom: null, validTo: null, facilityCode: null },
            });
      }
      return ok({});
    });
  }
}

const hex = (random: Random, digits: number): string =>
  Array.from({ length: digits }, () => random.int(0, 15).toString(16)).join('');

if (import.meta.main) {
  const people = Number(process.argv[2] ?? 500_000);
  const folder = mkdtempSync(join(tmpdir(), 'tram-search-'));
  const path = join(folder, 'record.db');
  try {
    const opened = openStore({ path, key: Buffer.alloc(32, 7), areas: [model], create: true });
    if (!opened.ok) throw new Error(opened.error.code);
    const started = Date.now();
    fillPeople(opened.value, people);
    const seconds = (Date.now() - started) / 1000;
    console.log(`${people} people in ${seconds.toFixed(0)} s, ${Math.round(statSync(path).size / 1e6)} MB`);
    const admitted = pickPeople(opened.value.sql, seededRandom(1), 200).map((p) => p.id);
    const ms = (n: number): string => n.toFixed(1).padStart(8);
    console.log(`${''.padEnd(28)}     p50     p95     max   found`);
    for (const t of measureSearch(opened.value, 100, admitted))
      console.log(
        `${t.kind.padEnd(28)}${ms(t.p50)}${ms(t.p95)}${ms(t.max)}${`${Math.round(t.found * 100)} %`.padStart(8)}`,
      );
    console.log(`memory ${Math.round(process.memoryUsage().rss / 1e6)} MB`);
    opened.value.close();
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
