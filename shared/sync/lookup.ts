// The question for a patient of another center and its answer, as they travel inside LOOKUP and FOUND: JSON, because
// they are rare, small and must outlive both programs' versions.
import * as z from 'zod';
import { sync } from '../api/sync.ts';
import { MAX_LOOKUP_BYTES } from './wire.ts';

/** How long a person waits for another center's record before being told that nobody answered. */
export const LOOKUP_DEADLINE_MS = 4_000;

/** `user`: id of who sits at the PC, for the place that answers to write down who read the record. */
const question = sync['sync.lookup'].input.extend({ user: z.string().max(80).optional() });
const answer = sync['sync.lookup'].output.pick({ people: true, at: true });
export type LookupQuestion = z.output<typeof question>;
export type LookupAnswer = z.output<typeof answer>;

export const encodeQuestion = (asked: LookupQuestion): Uint8Array => utf8(JSON.stringify(asked));
/** Null: not a question. */
export const decodeQuestion = (bytes: Uint8Array): LookupQuestion | null => read(question, bytes);

/** As many people as fit in a frame. */
export function encodeAnswer(found: LookupAnswer): Uint8Array {
  for (let count = found.people.length; ; count--) {
    const bytes = utf8(JSON.stringify({ ...found, people: found.people.slice(0, count) }));
    if (bytes.length <= MAX_LOOKUP_BYTES || count === 0) return bytes;
  }
}
/** Null: not an answer, or nobody there could give one. */
export const decodeAnswer = (bytes: Uint8Array): LookupAnswer | null => read(answer, bytes);

const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);

function read<S extends z.ZodType>(schema: S, bytes: Uint8Array): z.output<S> | null {
  try {
    const parsed = schema.safeParse(JSON.parse(new TextDecoder().decode(bytes)));
    return parsed.success ? parsed.data : null;
  } catch {
    return null;
  }
}
