// Identities are UUIDs minted offline by the station that creates the thing; branded so they cannot be mixed up.
import * as z from 'zod';

/** Free text a person types: NFC on the way in, no control characters but newline and tab, no lone surrogates. */
export const text = (max: number) =>
  z
    .string()
    .max(max)
    .refine((s) => s.isWellFormed(), 'field.broken_text')
    // biome-ignore lint/suspicious/noControlCharactersInRegex: the point is to refuse them
    .refine((s) => !/[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]/.test(s), 'field.broken_text')
    .transform((s) => s.normalize('NFC').trim());

export const required = (max: number) => text(max).refine((s) => s.length > 0, 'field.required');

const id = () => z.guid().transform((s) => s.toLowerCase());
export const PatientId = id().brand<'PatientId'>();
export const AdmissionId = id().brand<'AdmissionId'>();
export const WardId = id().brand<'WardId'>();
export const RoomId = id().brand<'RoomId'>();
export const BedId = id().brand<'BedId'>();
export const ObservationId = id().brand<'ObservationId'>();
export const EntryId = id().brand<'EntryId'>();
export const AllergyId = id().brand<'AllergyId'>();
export const RelativeId = id().brand<'RelativeId'>();
export const IdentifierId = id().brand<'IdentifierId'>();
export const TaskId = id().brand<'TaskId'>();
export const UserId = id().brand<'UserId'>();
/** A conflict's id is derived from what collides, so every store names it alike. */
export const ConflictId = z
  .string()
  .regex(/^[0-9a-f]{32}$/)
  .brand<'ConflictId'>();

export type PatientId = z.output<typeof PatientId>;
export type AdmissionId = z.output<typeof AdmissionId>;
export type WardId = z.output<typeof WardId>;
export type RoomId = z.output<typeof RoomId>;
export type BedId = z.output<typeof BedId>;
export type ObservationId = z.output<typeof ObservationId>;
export type EntryId = z.output<typeof EntryId>;
export type AllergyId = z.output<typeof AllergyId>;
export type RelativeId = z.output<typeof RelativeId>;
export type IdentifierId = z.output<typeof IdentifierId>;
export type TaskId = z.output<typeof TaskId>;
export type UserId = z.output<typeof UserId>;
export type ConflictId = z.output<typeof ConflictId>;

/** An instant: integer milliseconds since 1970-01-01 UTC, between 1900 and 2200. */
export const Instant = z.number().int().min(-2_208_988_800_000).max(7_258_118_400_000);

/** A date known to the day, month or year: `1985-03-02`, `1985-03`, `1985` (year-only births are common). */
export const PartialDate = z
  .string()
  .regex(/^\d{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?)?$/, 'field.bad_date');
export const DateOnly = z.iso.date();

/**
 * Version of a field's value as the screen saw it: `<hlc>-<station>`; sent back with an edit so that
 * two people who edited without seeing each other are found out (design: guarded fields).
 */
/** Several joined by commas when a conflict of that many sides is settled. */
export const FieldVersion = z.string().max(1000);
export const Seen = z.record(z.string().max(60), FieldVersion);

/** What an undoable command answers: hand `undo` to `undo.apply` within 8 seconds. */
export const undoable = <S extends z.ZodRawShape>(shape: S) =>
  z.object({ ...shape, undo: z.string().optional() });
export const Empty = z.object({});
