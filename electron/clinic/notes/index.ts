// Treatment sheet: what other rooms may use.
import { noteAmend, noteFinish, noteRestore, noteWithdraw } from '../../../shared/model/notes.ts';
import type { Deps, HandlersOf } from '../../store/room.ts';
import type { AreaModel } from '../../store/types.ts';
import { commands, type NoteNeeds } from './commands.ts';
import { noteProjection } from './projection.ts';
import { queries } from './queries.ts';

export type { NoteNeeds } from './commands.ts';
export { entriesForTimeline, entriesSince } from './queries.ts';
export { settleNote } from './settle.ts';

export const model: AreaModel = {
  kinds: [noteFinish, noteAmend, noteWithdraw, noteRestore],
  projections: [noteProjection],
};

export const handlers = (
  deps: Deps & NoteNeeds,
): HandlersOf<'notes.list' | 'notes.finish' | 'notes.amend' | 'notes.withdraw'> => ({
  ...queries(deps),
  ...commands(deps),
});
