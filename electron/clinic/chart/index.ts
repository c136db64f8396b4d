// The chart as a whole: its banner and its timeline, put together from the other areas.
import { fail, ok } from '../../../shared/api/contract.ts';
import type { Deps, HandlersOf } from '../../store/room.ts';
import { chartHead } from './head.ts';
import { timeline } from './timeline.ts';

export function handlers(deps: Deps): HandlersOf<'patients.chartHead' | 'patients.timeline'> {
  return {
    'patients.chartHead': (input, ctx) => {
      const access = ctx.caller.permissions.has('chart.read') ? 'role' : 'break_glass';
      const head = chartHead(deps.store.sql, input, access, deps.now());
      return head ? ok(head) : fail('not_found');
    },
    'patients.timeline': (input) => {
      const items = timeline(deps, input);
      return items ? ok(items) : fail('not_found');
    },
  };
}
