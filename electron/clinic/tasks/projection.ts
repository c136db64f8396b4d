// A task is where its last change left it: whoever did it last, did it.
import type { Change } from '../../../shared/model/change.ts';
import { statement } from '../../store/statement.ts';
import type { Projection } from '../../store/types.ts';

export const taskProjection: Projection = {
  subject: 'task',
  tables: ['task'],
  project(ctx, id, changes) {
    deleteTask(ctx.sql).run(id);
    const first = changes.find((c) => c.kind === 'task.add');
    const last = changes.findLast((c) => stateAfter(c) !== null);
    if (!first || !last) return {};
    insertTask(ctx.sql).run({
      id,
      ward: first.body.ward,
      admission: first.body.admission ?? null,
      patient: first.patient,
      text: first.body.text,
      dueAt: first.body.dueAt ?? null,
      createdAt: first.wall,
      createdBy: first.author,
      state: stateAfter(last),
      stateAt: last.wall,
      stateBy: last.author,
    });
    return {};
  },
};

const states: Readonly<Record<string, 'open' | 'done' | 'cancelled'>> = {
  'task.add': 'open',
  'task.reopen': 'open',
  'task.done': 'done',
  'task.cancel': 'cancelled',
};
const stateAfter = (change: Change) => states[change.kind] ?? null;

const deleteTask = statement<[string]>('DELETE FROM task WHERE id = ?');
const insertTask = statement<[Record<string, unknown>]>(`
  INSERT INTO task (id, ward_id, admission_id, patient_id, text, due_at, created_at, created_by, state, state_at, state_by)
  VALUES (@id, @ward, @admission, @patient, @text, @dueAt, @createdAt, @createdBy, @state, @stateAt, @stateBy)`);
