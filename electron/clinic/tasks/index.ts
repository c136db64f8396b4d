// Tasks of the shift: what other rooms may use.
import { taskAdd, taskCancel, taskDone, taskReopen } from '../../../shared/model/tasks.ts';
import type { Deps, HandlersOf } from '../../store/room.ts';
import type { AreaModel } from '../../store/types.ts';
import { commands } from './commands.ts';
import { taskProjection } from './projection.ts';
import { queries, type TaskNeeds } from './queries.ts';

export type { TaskNeeds } from './queries.ts';

export const model: AreaModel = {
  kinds: [taskAdd, taskDone, taskCancel, taskReopen],
  projections: [taskProjection],
};

export const handlers = (
  deps: Deps & TaskNeeds,
): HandlersOf<'tasks.list' | 'tasks.add' | 'tasks.done' | 'tasks.cancel'> => ({
  ...queries(deps),
  ...commands(deps),
});
