// Treatment sheet (tờ điều trị): progress and orders, each entry with its author and two times
// (TT 32/2023 Art. 52: author and time on each entry). Finished entries are amended, never edited.
import * as z from 'zod';
import { command, query } from './contract.ts';
import { AdmissionId, EntryId, Instant, PatientId, required, Seen, text } from './ids.ts';

export const EntryContent = z.object({
  /** Diễn biến */ progress: text(8000),
  /** Y lệnh */ orders: text(8000),
  /** Theo dõi, chăm sóc */ care: text(4000).default(''),
  /** Cấp chăm sóc 1–3 (TT 31/2021; criteria unconfirmed) */ careLevel: z
    .enum(['1', '2', '3'])
    .nullable()
    .default(null),
  /** Chế độ ăn */ diet: text(200).default(''),
});

export type EntryContent = z.output<typeof EntryContent>;

export const Entry = z.object({
  entryId: EntryId,
  admissionId: AdmissionId,
  patientId: PatientId,
  eventAt: Instant,
  writtenAt: Instant,
  author: z.string(),
  authorTitle: z.string().nullable(),
  station: z.string(),
  wardName: z.string().nullable(),
  content: EntryContent,
  amended: z.boolean(),
  /** Why this version replaced the one before; null for the first. */
  reason: z.string().nullable(),
  /** May the person asking amend or withdraw it: its author, and the head of department. */
  mayAmend: z.boolean(),
  versions: z.record(z.string(), z.string()),
  history: z.array(
    z.object({
      content: EntryContent,
      eventAt: Instant,
      writtenAt: Instant,
      author: z.string(),
      reason: z.string().nullable(),
    }),
  ),
  withdrawn: z.object({ at: Instant, by: z.string(), reason: z.string() }).nullable(),
});

export const notes = {
  /** Also what was written in stays voided in favour of this one: those entries name their own stay. */
  'notes.list': query('chart.read', z.object({ admissionId: AdmissionId }), z.array(Entry), {
    logsRead: true,
  }),
  /**
   * Writes a finished entry and drops the draft named. Orders need `orders.write` and an answered
   * allergy question (error `allergy_not_asked`); progress alone needs neither.
   */
  'notes.finish': command(
    'notes.write',
    z.object({
      admissionId: AdmissionId,
      eventAt: Instant,
      content: EntryContent,
      draftKey: z.string().max(160).optional(),
    }),
    z.object({ entryId: EntryId }),
  ),
  'notes.amend': command(
    'notes.write',
    z.object({
      entryId: EntryId,
      eventAt: Instant,
      content: EntryContent,
      reason: required(300),
      /** Without it, what this PC holds counts as seen. */
      saw: Seen.optional(),
      draftKey: z.string().max(160).optional(),
    }),
    z.object({ entryId: EntryId }),
  ),
  'notes.withdraw': command(
    'notes.write',
    z.object({ entryId: EntryId, reason: required(300) }),
    z.object({}),
  ),
};
