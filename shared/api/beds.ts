// Wards, rooms, beds and the board that shows who lies where.
import * as z from 'zod';
import { command, query } from './contract.ts';
import {
  AdmissionId,
  BedId,
  Empty,
  Instant,
  PatientId,
  RoomId,
  required,
  Seen,
  text,
  undoable,
  WardId,
} from './ids.ts';
import { Sex } from './patients.ts';
import { WardLayout } from './station.ts';

export const BedState = z.enum(['ready', 'cleaning', 'closed']);

export const News2Result = z.object({
  /** `not_for`: under 16, pregnant, or age unknown: the scale is not valid there. */
  state: z.enum(['complete', 'incomplete', 'not_for']),
  total: z.number().nullable(),
  risk: z.enum(['none', 'low', 'low_medium', 'medium', 'high']).nullable(),
  missing: z.array(z.string()),
  scores: z.record(z.string(), z.number()),
  reason: z.enum(['under_16', 'pregnant', 'age_unknown']).optional(),
  /** SpO2 scale that was used. */
  scale: z.union([z.literal(1), z.literal(2)]).optional(),
  /** Sum of the signs that are there; of an incomplete set the least it can be. */
  atLeast: z.number().optional(),
});

export type News2Result = z.output<typeof News2Result>;

export const BoardPatient = z.object({
  patientId: PatientId,
  admissionId: AdmissionId,
  fullName: z.string(),
  sex: Sex,
  birthDate: z.string().nullable(),
  recordNumber: z.string(),
  unidentified: z.boolean(),
  dayOfStay: z.number(),
  admittedAt: Instant,
  diagnosis: z.string().nullable(),
  /** Null for roles without chart.read. */
  clinical: z
    .object({
      news2: News2Result.nullable(),
      lastVitalsAt: Instant.nullable(),
      vitalsDueAt: Instant.nullable(),
      vitalsOverdue: z.boolean(),
      allergyStatus: z.enum(['not_asked', 'none_known', 'has']),
      allergies: z.array(z.string()),
      entryToday: z.boolean(),
    })
    .nullable(),
  /** Another admitted patient of this ward has a name that reads alike. */
  similarName: z.boolean(),
  conflict: z.boolean(),
  versions: z.record(z.string(), z.string()),
});

export const Board = z.object({
  wardId: WardId,
  wardName: z.string(),
  rooms: z.array(
    z.object({
      roomId: RoomId,
      name: z.string(),
      beds: z.array(
        z.object({
          bedId: BedId,
          name: z.string(),
          state: BedState,
          stateReason: z.string().nullable(),
          shared: z.boolean(),
          patients: z.array(BoardPatient),
        }),
      ),
    }),
  ),
  /** On the ward, no bed yet. */
  withoutBed: z.array(BoardPatient),
  counts: z.object({
    beds: z.number(),
    free: z.number(),
    patients: z.number(),
    cleaning: z.number(),
    overdue: z.number(),
    urgent: z.number(),
  }),
});

/** A name on the bed map and what the map says about the thing that has it. */
const Named = {
  name: z.string(),
  retired: z.boolean(),
  retiredReason: z.string().nullable(),
  /** `name` → version, to be sent back as `saw` with a new name. */
  versions: z.record(z.string(), z.string()),
  /** How many lie there now; it can be retired only when nobody does. */
  patients: z.number(),
};

/** Wards, rooms and beds as the people who arrange them see them: retired ones too. */
export const WardMap = z.object({
  wardId: WardId,
  ...Named,
  departmentCode: z.string(),
  rooms: z.array(
    z.object({
      roomId: RoomId,
      ...Named,
      beds: z.array(
        z.object({
          bedId: BedId,
          ...Named,
          code: z.string().nullable(),
          state: BedState,
          stateReason: z.string().nullable(),
          shared: z.boolean(),
        }),
      ),
    }),
  ),
});

const Thing = z.object({ kind: z.enum(['ward', 'room', 'bed']), id: z.guid() });

export const beds = {
  'beds.wards': query(
    'session',
    Empty,
    z.array(
      z.object({
        wardId: WardId,
        name: z.string(),
        departmentCode: z.string(),
        beds: z.number(),
        free: z.number(),
        patients: z.number(),
        closed: z.boolean(),
      }),
    ),
  ),
  'beds.board': query('board.read', z.object({ wardId: WardId }), Board),
  /** Beds a patient could be put in now, for the drawers. */
  'beds.free': query(
    'board.read',
    z.object({ wardId: WardId }),
    z.array(
      z.object({
        bedId: BedId,
        roomName: z.string(),
        name: z.string(),
        shared: z.boolean(),
        occupants: z.number(),
      }),
    ),
  ),
  'beds.setState': command(
    'bed.state',
    z.object({ bedId: BedId, state: BedState, reason: text(200).nullable() }),
    undoable({}),
  ),
  /** Two people in one bed are possible only where it was declared. */
  'beds.setShared': command(
    'bed.state',
    z.object({ bedId: BedId, shared: z.boolean(), reason: text(200).nullable() }),
    undoable({}),
  ),
  'beds.layout': query('ward.layout', Empty, z.array(WardMap)),
  'beds.addWard': command('ward.layout', WardLayout, undoable({ wardId: WardId })),
  'beds.addRoom': command(
    'ward.layout',
    z.object({ wardId: WardId, name: required(40), beds: z.array(required(20)).min(1).max(40) }),
    undoable({ roomId: RoomId }),
  ),
  /** Several at once into a room that is there. */
  'beds.addBeds': command(
    'ward.layout',
    z.object({ roomId: RoomId, names: z.array(required(20)).min(1).max(40) }),
    undoable({ bedIds: z.array(BedId) }),
  ),
  'beds.addBed': command(
    'ward.layout',
    z.object({
      roomId: RoomId,
      name: required(20),
      /** MA_GIUONG (QD 130/QD-BYT), when the center has registered the bed with social insurance. */
      code: z
        .string()
        .regex(/^[HTCK]\d{3}$/)
        .nullable()
        .optional(),
    }),
    undoable({ bedId: BedId }),
  ),
  /** `stale` when the name on screen is no longer the name; without `saw`, what this PC holds counts as seen. */
  'beds.rename': command(
    'ward.layout',
    Thing.extend({ name: required(80), saw: Seen.optional() }),
    undoable({}),
  ),
  /** A ward, room or bed is retired, never deleted; refused while somebody lies there. */
  'beds.retire': command('ward.layout', Thing.extend({ reason: required(200) }), undoable({})),
  /** Into use again what was retired. */
  'beds.bringBack': command('ward.layout', Thing, undoable({})),
};
