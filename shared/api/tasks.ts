// Work of the shift: what the record says is due, and what people ask of each other.
import * as z from 'zod';
import { command, query } from './contract.ts';
import { AdmissionId, Instant, PatientId, required, TaskId, undoable, WardId } from './ids.ts';

export const Task = z.object({
  /** Derived tasks have `derived:<kind>:<subject>`; written ones a task id. */
  id: z.string(),
  kind: z.enum(['vitals_due', 'ask_allergies', 'no_entry_today', 'no_bed', 'clean_bed', 'written']),
  wardId: WardId,
  patientId: PatientId.nullable(),
  admissionId: AdmissionId.nullable(),
  patientName: z.string().nullable(),
  bedLabel: z.string().nullable(),
  text: z.string().nullable(),
  dueAt: Instant.nullable(),
  overdue: z.boolean(),
  urgent: z.boolean(),
  createdBy: z.string().nullable(),
  done: z.object({ at: Instant, by: z.string() }).nullable(),
});

export const tasks = {
  'tasks.list': query(
    'board.read',
    z.object({ wardId: WardId, includeDone: z.boolean().default(false) }),
    z.array(Task),
  ),
  'tasks.add': command(
    'task.write',
    z.object({
      wardId: WardId,
      admissionId: AdmissionId.nullable(),
      text: required(300),
      dueAt: Instant.nullable(),
    }),
    undoable({ taskId: TaskId }),
  ),
  'tasks.done': command('task.write', z.object({ taskId: TaskId }), undoable({})),
  'tasks.cancel': command('task.write', z.object({ taskId: TaskId, reason: required(200) }), undoable({})),
};
