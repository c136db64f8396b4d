// One head of a ward moves people about, one act at a time, and remembers how the ward must look after each. After a
// restart it looks like that, or, when the last act was never answered, as before it: a swap is never half done and a
// bed somebody left waits for cleaning.
import type { Random } from '../../electron/training/random.ts';
import type { Method, Output } from '../../shared/api/index.ts';
import type { Answered, Desk } from './host.ts';
import { breathe } from './saves.ts';

interface Place {
  readonly state: string;
  /** Patients in the bed. */
  readonly who: readonly string[];
}
type Picture = ReadonlyMap<string, Place>;
type Board = Output<'beds.board'>;

interface Act {
  readonly what: string;
  readonly after: Picture;
  run(): Promise<Answered<Method>>;
}

export interface BedWork {
  /** Returns when the host is gone. */
  work(desk: Desk): Promise<void>;
  /** What became of the act that was never answered; throws when the ward is neither as before nor as after it. */
  lookAgain(desk: Desk): Promise<'there' | 'absent' | 'nothing open'>;
  acts(): number;
}

export async function openBedWork(
  first: Desk,
  wardId: string,
  random: Random,
  answered: () => void,
): Promise<BedWork> {
  let picture = pictureOf(await first.ask('beds.board', { wardId }));
  /** Discharged by us, to be admitted again. */
  const away = new Set<string>();
  let open: Act | null = null;
  let last: { readonly undo: string; readonly before: Picture } | null = null;
  let acts = 0;

  return {
    acts: () => acts,
    async work(desk) {
      last = null;
      for (;;) {
        const board = await desk.call('beds.board', { wardId });
        if (board === 'no answer') return;
        if (!board.ok) throw new Error(`beds.board: ${board.error.code}`);
        const act = choose(desk, board.value);
        if (!act) continue;
        open = act;
        const answer = await act.run();
        if (answer === 'no answer') return;
        if (!answer.ok)
          throw new Error(`${act.what}: ${answer.error.code} ${JSON.stringify(answer.error.fields)}`);
        open = null;
        acts++;
        const { undo } = answer.value as { undo?: string };
        last = undo === undefined ? null : { undo, before: picture };
        accept(act.after);
        answered();
        await breathe(random);
      }
    },
    async lookAgain(desk) {
      const found = pictureOf(await desk.ask('beds.board', { wardId }));
      const act = open;
      open = null;
      if (same(found, picture)) return act ? 'absent' : 'nothing open';
      if (act && same(found, act.after)) {
        accept(act.after);
        return 'there';
      }
      throw new Error(
        `the ward is neither as it was nor as it should be (open: ${act?.what ?? 'nothing'})\n${differences(picture, found)}`,
      );
    },
  };

  function accept(after: Picture): void {
    for (const patient of patientsIn(picture)) if (!patientsIn(after).has(patient)) away.add(patient);
    for (const patient of patientsIn(after)) away.delete(patient);
    picture = after;
  }

  function choose(desk: Desk, board: Board): Act | null {
    const beds = board.rooms.flatMap((r) => r.beds);
    const taken = beds.filter((b) => b.patients.length === 1);
    const free = beds.filter((b) => b.patients.length === 0 && b.state === 'ready');
    const dirty = beds.filter((b) => b.state === 'cleaning');
    const at = Date.now();
    const reason = 'Sắp xếp lại buồng';
    switch (random.pick(['transfer', 'transfer', 'swap', 'discharge', 'admit', 'clean', 'undo'] as const)) {
      case 'transfer': {
        if (taken.length === 0 || free.length === 0) return null;
        const [from, to] = [random.pick(taken), random.pick(free)];
        const { admissionId, patientId, versions } = one(from);
        return {
          what: `transfer ${from.name} → ${to.name}`,
          after: changed({ [from.bedId]: left, [to.bedId]: takenBy(patientId) }),
          run: () =>
            desk.call('admissions.transfer', {
              admissionId,
              wardId,
              bedId: to.bedId,
              at,
              reason,
              saw: versions,
            }),
        };
      }
      case 'swap': {
        const a = random.pick(taken);
        const b = random.pick(taken);
        if (a.bedId === b.bedId) return null;
        const [inA, inB] = [one(a), one(b)];
        return {
          what: `swap ${a.name} ↔ ${b.name}`,
          after: changed({ [a.bedId]: takenBy(inB.patientId), [b.bedId]: takenBy(inA.patientId) }),
          run: () =>
            desk.call('admissions.swapBeds', {
              a: inA.admissionId,
              b: inB.admissionId,
              at,
              reason,
              sawA: inA.versions,
              sawB: inB.versions,
            }),
        };
      }
      case 'discharge': {
        if (taken.length < 4) return null;
        const from = random.pick(taken);
        const { admissionId, versions } = one(from);
        return {
          what: `discharge from ${from.name}`,
          after: changed({ [from.bedId]: left }),
          run: () =>
            desk.call('admissions.discharge', {
              admissionId,
              at,
              type: '1',
              outcome: '1',
              diagnosis: 'Viêm phổi, đã ổn định',
              advice: null,
              saw: versions,
            }),
        };
      }
      case 'admit': {
        if (away.size === 0 || free.length === 0) return null;
        const [patientId, to] = [random.pick([...away]), random.pick(free)];
        return {
          what: `admission to ${to.name}`,
          after: changed({ [to.bedId]: takenBy(patientId) }),
          run: () =>
            desk.call('admissions.admit', {
              patientId,
              wardId,
              bedId: to.bedId,
              at,
              reason: 'Vào lại vì sốt',
              diagnosis: null,
            }),
        };
      }
      case 'clean': {
        if (dirty.length === 0) return null;
        const bed = random.pick(dirty);
        return {
          what: `${bed.name} is clean`,
          after: changed({ [bed.bedId]: { state: 'ready', who: [] } }),
          run: () => desk.call('beds.setState', { bedId: bed.bedId, state: 'ready', reason: null }),
        };
      }
      case 'undo': {
        if (!last) return null;
        const { undo, before } = last;
        return { what: 'undo', after: before, run: () => desk.call('undo.apply', { undo }) };
      }
    }
  }

  function changed(places: Record<string, Place>): Picture {
    return new Map([...picture, ...Object.entries(places)]);
  }
}

const left: Place = { state: 'cleaning', who: [] };
const takenBy = (patientId: string): Place => ({ state: 'ready', who: [patientId] });

function one(bed: Board['rooms'][number]['beds'][number]): Board['withoutBed'][number] {
  const [patient] = bed.patients;
  if (!patient) throw new Error(`nobody lies in ${bed.name}`);
  return patient;
}

function pictureOf(board: Board): Picture {
  if (board.withoutBed.length > 0) throw new Error('somebody is without a bed');
  return new Map(
    board.rooms
      .flatMap((r) => r.beds)
      .map((b) => [b.bedId, { state: b.state, who: b.patients.map((p) => p.patientId).sort() }]),
  );
}

const patientsIn = (picture: Picture): Set<string> => new Set([...picture.values()].flatMap((p) => p.who));
const inWords = ({ state, who }: Place): string => `${state} [${who.join(' ')}]`;
const same = (a: Picture, b: Picture): boolean => differences(a, b) === '';

function differences(expected: Picture, found: Picture): string {
  return [...new Set([...expected.keys(), ...found.keys()])]
    .map((bed) => {
      const [was, is] = [expected, found].map((p) => {
        const place = p.get(bed);
        return place ? inWords(place) : 'no such bed';
      });
      return was === is ? '' : `${bed}: ${was} became ${is}`;
    })
    .filter((line) => line !== '')
    .join('\n');
}
