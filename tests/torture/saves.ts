// What the others of the ward save while one person types, and how each save is looked for after the restart. A save
// that was answered must be there; one that was not is there as a whole or not at all.
import type { Random } from '../../electron/training/random.ts';
import type { Result } from '../../shared/api/contract.ts';
import type { Desk } from './host.ts';

export type Found = 'there' | 'absent' | { readonly half: string };

export interface Save {
  readonly what: string;
  confirmed: boolean;
  find(desk: Desk): Promise<Found>;
}

export interface Ledger {
  readonly saves: Save[];
  /** A word nothing else in the record contains. */
  mark(): string;
}

export function newLedger(): Ledger {
  const saves: Save[] = [];
  let marks = 0;
  return {
    saves,
    mark: () => `dấu ${(++marks).toString().padStart(5, '0')}`,
  };
}

/** A stay somebody may write about. */
export interface Bedside {
  readonly admissionId: string;
  readonly patientId: string;
}

export interface Work {
  readonly desk: Desk;
  readonly random: Random;
  readonly ledger: Ledger;
  /** Of this ward, where nobody is moved. */
  readonly wardId: string;
  readonly stays: readonly Bedside[];
  /** A save was answered. */
  answered(): void;
}

/** Each goes on until the host is gone. */
export const jobs: readonly ((work: Work) => Promise<void>)[] = [measure, register, write];

async function measure(work: Work): Promise<void> {
  const { desk, random, ledger } = work;
  for (;;) {
    const note = ledger.mark();
    const values = {
      pulse: random.int(60, 99),
      temperature: random.int(365, 379) / 10,
      spo2: random.int(95, 99),
    };
    const first = random.int(0, work.stays.length - 6);
    const stays = work.stays.slice(first, first + (random.chance(0.4) ? 5 : 1));
    const at = Date.now();
    const save = noted(ledger, `vital signs of ${stays.length}, ${note}`, async (after) => {
      let sets = 0;
      for (const { admissionId } of stays) {
        const mine = (await after.ask('observations.list', { admissionId, from: at })).filter(
          (o) => o.note === note,
        );
        if (mine.some((o) => Object.entries(values).some(([k, v]) => Reflect.get(o.values, k) !== v)))
          return { half: 'a value is missing' };
        sets += mine.length;
      }
      return wholeOrNothing(sets, stays.length, 'sets of the round');
    });
    const answer =
      stays.length === 1
        ? await desk.call('observations.record', {
            admissionId: stays[0]?.admissionId ?? '',
            at,
            values,
            note,
          })
        : await desk.call('observations.recordRound', {
            wardId: work.wardId,
            at,
            rows: stays.map(({ admissionId }) => ({ admissionId, values, note })),
          });
    if (!(await settle(work, save, answer))) return;
  }
}

async function register(work: Work): Promise<void> {
  const { desk, random, ledger } = work;
  for (;;) {
    const mark = ledger.mark();
    const workplace = `Xóm mới, ${mark}`;
    const phone = `09${mark.slice(-5)}${random.int(100, 999)}`;
    const save = noted(ledger, `registration with number and relative, ${mark}`, async (after) => {
      const hits = await after.ask('patients.search', { text: phone });
      const people = await Promise.all(hits.map(({ patientId }) => after.ask('patients.get', { patientId })));
      const mine = people.filter((p) => p.demographics.workplace === workplace);
      if (mine.length === 0) return 'absent';
      const [one] = mine;
      return mine.length === 1 && one?.identifiers.length === 2 && one.relatives.length === 1
        ? 'there'
        : {
            half: `${mine.length} people, ${one?.identifiers.length} numbers, ${one?.relatives.length} relatives`,
          };
    });
    const answer = await desk.call('patients.register', {
      demographics: { fullName: 'Lương Văn Bền', sex: '1', birthDate: '1971', phone, workplace },
      identifiers: [
        { type: 'cccd', value: `040${String(Date.now()).slice(-9)}` },
        { type: 'other', value: mark },
      ],
      relatives: [{ fullName: 'Lương Thị Bưởi', relation: 'child', phone: `08${phone.slice(2)}` }],
    });
    if (!(await settle(work, save, answer))) return;
  }
}

/** As the page does: the draft first, then the entry that takes its place. */
async function write(work: Work): Promise<void> {
  const { desk, random, ledger } = work;
  for (;;) {
    const { admissionId, patientId } = random.pick(work.stays);
    const mark = ledger.mark();
    const key = `entry of ${mark}`;
    const content = {
      progress: `Tỉnh, đỡ mệt, ${mark}`,
      orders: '',
      care: 'Theo dõi',
      careLevel: null,
      diet: '',
    };
    const draft = await desk.call('drafts.save', {
      key,
      admissionId,
      patientId,
      content: JSON.stringify(content),
    });
    if (draft === 'no answer') return;
    if (!draft.ok) throw new Error(`drafts.save: ${draft.error.code}`);
    const save = noted(ledger, `treatment sheet entry, ${mark}`, async (after) => {
      const entries = await after.ask('notes.list', { admissionId });
      const mine = entries.filter((e) => e.content.progress === content.progress);
      const kept = (await after.ask('drafts.list', {})).filter((d) => d.key === key);
      await after.ask('drafts.discard', { key });
      if (mine.length + kept.length !== 1) return { half: `${mine.length} entries, ${kept.length} drafts` };
      return mine.length === 1 ? 'there' : 'absent';
    });
    const input = { admissionId, eventAt: Date.now(), content, draftKey: key };
    if (!(await settle(work, save, await desk.call('notes.finish', input)))) return;
  }
}

function noted(ledger: Ledger, what: string, find: Save['find']): Save {
  const save: Save = { what, confirmed: false, find };
  ledger.saves.push(save);
  return save;
}

/** False when the host is gone. A refusal is a mistake of this test. */
async function settle(work: Work, save: Save, answer: Result<unknown> | 'no answer'): Promise<boolean> {
  if (answer === 'no answer') return false;
  if (!answer.ok)
    throw new Error(`${save.what}: ${answer.error.code} ${JSON.stringify(answer.error.fields)}`);
  save.confirmed = true;
  work.answered();
  await breathe(work.random);
  return true;
}

const wholeOrNothing = (found: number, whole: number, of: string): Found =>
  found === 0 ? 'absent' : found === whole ? 'there' : { half: `${found} of ${whole} ${of}` };

/** People, not a flood: a draft must not have to queue behind hundreds of saves. */
export const breathe = (random: Random): Promise<void> =>
  new Promise((resolve) => setTimeout(resolve, random.int(20, 180)));
