// What the ward board can be narrowed to. Pure: a filter is a question to one patient.
import type { Output } from '../../../shared/api/index.ts';
import { fold } from '../../../shared/text/fold.ts';

export type Board = Output<'beds.board'>;
export type Room = Board['rooms'][number];
/** Cards also stand for patients without a bed, under the patient's id. */
export type Bed = Omit<Room['beds'][number], 'bedId'> & { readonly bedId: string };
export type Patient = Board['withoutBed'][number];

export type Filter = 'overdue' | 'urgent' | 'noEntry';

const asks: Record<Filter, (patient: Patient) => boolean> = {
  overdue: ({ clinical }) => clinical?.vitalsOverdue ?? false,
  /** NEWS2 of 5 or more, the threshold of urgent response (RCP 2017), also when a sign left out could only add to it. */
  urgent: ({ clinical }) => (clinical?.news2?.atLeast ?? 0) >= 5,
  noEntry: ({ clinical }) => clinical !== null && !clinical.entryToday,
};

export const filters: readonly { readonly id: Filter; readonly count: (board: Board) => number }[] = [
  { id: 'overdue', count: (board) => everyone(board).filter(asks.overdue).length },
  { id: 'urgent', count: (board) => everyone(board).filter(asks.urgent).length },
  { id: 'noEntry', count: (board) => everyone(board).filter(asks.noEntry).length },
];

export const everyone = (board: Pick<Board, 'rooms' | 'withoutBed'>): Patient[] => [
  ...board.rooms.flatMap((room) => room.beds.flatMap((bed) => bed.patients)),
  ...board.withoutBed,
];

/** `words`: folded text typed into the find field; empty finds everyone. */
export const keepPatient = (patient: Patient, filter: Filter | null, words: string): boolean =>
  (filter === null || asks[filter](patient)) &&
  (words === '' || fold(`${patient.fullName} ${patient.recordNumber}`).includes(words));

/** Two people in a bed nobody declared shared: two PCs gave it away without knowing of each other. */
export const isDouble = (bed: Pick<Bed, 'patients' | 'shared'>): boolean =>
  bed.patients.length > 1 && !bed.shared;

/** Empty beds show as long as nothing is asked for; a bed's own name finds it too. */
export function keepBed(bed: Bed, filter: Filter | null, words: string): boolean {
  if (bed.patients.some((patient) => keepPatient(patient, filter, words))) return true;
  return filter === null && (words === '' || fold(bed.name) === words);
}
