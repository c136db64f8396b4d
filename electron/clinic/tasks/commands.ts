// Writing, doing and cancelling tasks; each can be taken back for a few seconds.
import { randomUUID } from 'node:crypto';
import { fail, ok, type Result } from '../../../shared/api/contract.ts';
import { TaskId } from '../../../shared/api/ids.ts';
import { taskAdd, taskCancel, taskDone, taskReopen } from '../../../shared/model/tasks.ts';
import type { Context, Deps, HandlersOf } from '../../store/room.ts';
import type { Tx } from '../../store/types.ts';
import { type TaskNeeds, type TaskRow, taskById } from './queries.ts';

export function commands(deps: Deps & TaskNeeds): HandlersOf<'tasks.add' | 'tasks.done' | 'tasks.cancel'> {
  const { store } = deps;
  return {
    'tasks.add': (input, ctx) =>
      store.write(ctx.caller, (tx) => {
        if (!deps.wardsById(tx.sql).has(input.wardId)) return fail('not_found');
        const stay = input.admissionId === null ? null : deps.stayOf(tx.sql, input.admissionId);
        if (input.admissionId !== null && !stay) return fail('not_found');
        if (stay && stay.status !== 'admitted') return fail('not_admitted');
        if (stay && stay.wardId !== input.wardId) return fail('wrong_ward');
        const taskId = TaskId.parse(randomUUID());
        tx.append(taskAdd, {
          id: taskId,
          patient: stay?.patientId ?? null,
          refs: stay ? [`admission:${stay.admissionId}`] : [`ward:${input.wardId}`],
          body: { ward: input.wardId, admission: input.admissionId, text: input.text, dueAt: input.dueAt },
        });
        const undo = ctx.undo((c) =>
          whileIn('open', deps, c, taskId, (again, row) =>
            again.append(taskCancel, { id: row.id, patient: row.patient_id, body: { reason: null } }),
          ),
        );
        return ok({ taskId, undo });
      }),

    'tasks.done': ({ taskId }, ctx) =>
      whileIn('open', deps, ctx, taskId, (tx, row) => {
        tx.append(taskDone, { id: row.id, patient: row.patient_id, body: {} });
        return { undo: ctx.undo((c) => reopen(deps, c, taskId, 'done')) };
      }),

    'tasks.cancel': ({ taskId, reason }, ctx) =>
      whileIn('open', deps, ctx, taskId, (tx, row) => {
        tx.append(taskCancel, { id: row.id, patient: row.patient_id, body: { reason } });
        return { undo: ctx.undo((c) => reopen(deps, c, taskId, 'cancelled')) };
      }),
  };
}

const reopen = (deps: Deps, ctx: Context, taskId: string, from: TaskRow['state']): Result<unknown> =>
  whileIn(from, deps, ctx, taskId, (tx, row) =>
    tx.append(taskReopen, { id: row.id, patient: row.patient_id, body: {} }),
  );

/** Two people often tick the same task; the second is told, and nothing is written twice. */
const whileIn = <T>(
  state: TaskRow['state'],
  { store }: Deps,
  ctx: Context,
  taskId: string,
  work: (tx: Tx, row: TaskRow) => T,
): Result<T> =>
  store.write(ctx.caller, (tx) => {
    const row = taskById(tx.sql).get(taskId);
    if (!row) return fail('not_found');
    return row.state === state ? ok(work(tx, row)) : fail('illegal_transition');
  });
