// Wards, rooms and beds. A bed's cleanliness and its closure are separate facts, so that a bed which is
// automatically set to "being cleaned" on one PC stays closed when another PC closed it at the same time.
import * as z from 'zod';
import { defineKind } from './change.ts';

const id = z.string().min(1).max(64);
const name = z.string().min(1).max(120);
const note = z.string().max(400).nullable();
/** Field → version the writer had on screen. */
const saw = z.record(z.string(), z.string());
/** Place among its siblings, from 0. */
const position = z.number().int().min(0);
/** MA_GIUONG (QD 130/QD-BYT): H planned, T added, C chosen on request, K other, and three digits. */
export const InsuranceBedCode = z.string().regex(/^[HTCK]\d{3}$/);

export const wardCreate = defineKind('ward.create', {
  lane: 0,
  subject: 'ward',
  creates: true,
  body: z.object({ name, departmentCode: z.string().max(10), position }),
});

export const wardEdit = defineKind('ward.edit', {
  lane: 0,
  subject: 'ward',
  body: z.object({ name: name.optional(), retired: z.boolean().optional(), reason: note, saw }),
});

export const roomCreate = defineKind('room.create', {
  lane: 0,
  subject: 'room',
  creates: true,
  body: z.object({ ward: id, name, position }),
});

export const roomEdit = defineKind('room.edit', {
  lane: 0,
  subject: 'room',
  body: z.object({ name: name.optional(), retired: z.boolean().optional(), reason: note, saw }),
});

export const bedCreate = defineKind('bed.create', {
  lane: 0,
  subject: 'bed',
  creates: true,
  body: z.object({ ward: id, room: id, name, code: InsuranceBedCode.nullable(), position }),
});

export const bedEdit = defineKind('bed.edit', {
  lane: 0,
  subject: 'bed',
  body: z.object({
    name: name.optional(),
    retired: z.boolean().optional(),
    /** Two people may lie here. */
    shared: z.boolean().optional(),
    reason: note,
    saw,
  }),
});

export const bedState = defineKind('bed.state', {
  lane: 0,
  subject: 'bed',
  body: z.object({
    /** Waits to be cleaned. */
    dirty: z.boolean().optional(),
    /** Out of use, with the reason. */
    closed: z.boolean().optional(),
    reason: note,
    saw,
  }),
});

export const bedKinds = [wardCreate, wardEdit, roomCreate, roomEdit, bedCreate, bedEdit, bedState];
