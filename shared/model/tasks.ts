// Changes of the tasks people write for each other; what the record itself says is due is computed, never stored.
import * as z from 'zod';
import { Instant } from '../api/ids.ts';
import { defineKind } from './change.ts';

export const taskAdd = defineKind('task.add', {
  lane: 1,
  subject: 'task',
  creates: true,
  body: z.object({
    ward: z.guid(),
    admission: z.guid().nullable(),
    text: z.string().max(300),
    dueAt: Instant.nullable(),
  }),
});

export const taskDone = defineKind('task.done', { lane: 1, subject: 'task', body: z.object({}) });

/** Null reason: taken back within seconds by the person who wrote it. */
export const taskCancel = defineKind('task.cancel', {
  lane: 1,
  subject: 'task',
  body: z.object({ reason: z.string().max(300).nullable() }),
});

export const taskReopen = defineKind('task.reopen', { lane: 1, subject: 'task', body: z.object({}) });
