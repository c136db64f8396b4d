// Changes of the treatment sheet. An entry's text is one guarded whole: two amendments that did not see each
// other are never blended into a text nobody wrote.
import * as z from 'zod';
import { Instant } from '../api/ids.ts';
import { EntryContent } from '../api/notes.ts';
import { defineKind } from './change.ts';

/** Field → version(s) the writer had on screen, comma-separated when it settles several. */
const saw = z.record(z.string().max(60), z.string().max(4000));

export const noteFinish = defineKind('note.finish', {
  lane: 1,
  subject: 'note',
  creates: true,
  body: z.object({
    admission: z.guid(),
    eventAt: Instant,
    ...EntryContent.shape,
    /** Ward and title of the writer as they were then: both change over the years, the entry does not. */
    wardName: z.string().max(80).nullable(),
    authorTitle: z.string().max(60).nullable(),
  }),
});

export const noteAmend = defineKind('note.amend', {
  lane: 1,
  subject: 'note',
  body: z.object({
    eventAt: Instant,
    ...EntryContent.shape,
    reason: z.string().max(300),
    saw,
    authorTitle: z.string().max(60).nullable(),
  }),
});

export const noteWithdraw = defineKind('note.withdraw', {
  lane: 1,
  subject: 'note',
  body: z.object({ reason: z.string().max(300), saw }),
});

/** Only settles a conflict between a withdrawal and an amendment in favour of the entry. */
export const noteRestore = defineKind('note.restore', {
  lane: 1,
  subject: 'note',
  body: z.object({ reason: z.string().max(300), saw }),
});
