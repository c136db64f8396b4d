// Two PCs with the same changes that show something else: their stores walk to the rows over the line that carries
// lookups, both write those rows anew from the log, and both keep an alarm. Only hashes and table names travel.
import {
  findDifferences,
  StateAnswer,
  type StatePlace,
  StateQuestion,
} from '../../shared/sync/state-walk.ts';
import type { Log } from '../store/room.ts';
import type { OpenStore } from '../store/types.ts';

/** No lookup of a person begins so. */
const TAG = 'state ';
/** A table of a million rows is read through once for its buckets. */
const ANSWER_MS = 60_000;
/** 19 bytes each, in a frame of 64 kB. */
const MOST_TOLD = 2_000;

/** Null when the question is about something else. An empty answer: none can be given. */
export function answerOfState(
  store: OpenStore,
  question: Uint8Array,
  peer: string,
): Promise<Uint8Array> | null {
  const text = Buffer.from(question).toString();
  if (!text.startsWith(TAG)) return null;
  return answer(store, text.slice(TAG.length), peer);
}

async function answer(store: OpenStore, text: string, peer: string): Promise<Uint8Array> {
  const asked = StateQuestion.safeParse(parsed(text));
  if (!asked.success) return new Uint8Array();
  const question = asked.data;
  if (question.ask !== 'heal') return encoded(await store.state.answer(question));
  const healed = await store.state.repair(question.found, { found: 'peer', peer });
  return healed.ok ? encoded({ is: 'healed' }) : new Uint8Array();
}

/**
 * Started by the one who called, when digests of equal vectors and fingerprints differ. Answers whether the rows were
 * found and written anew in both; false: something changed meanwhile or the line went away, and the next comparison
 * begins again.
 */
export async function healTogether(
  store: OpenStore,
  ask: (question: Uint8Array, withinMs: number) => Promise<Uint8Array | null>,
  peer: string,
  log: Log,
): Promise<boolean> {
  const there: StatePlace = async (question) => {
    const said = await ask(Buffer.from(TAG + JSON.stringify(question)), ANSWER_MS);
    const understood = StateAnswer.safeParse(said && parsed(Buffer.from(said).toString()));
    return understood.success ? understood.data : { is: 'moved' };
  };
  const found = await findDifferences(store.state.answer, there);
  if (!found || found.length === 0 || !store.sql.open) return false;
  log('error', 'tables differ from those of a peer with the same changes', {
    peer,
    tables: found.map((f) => `${f.table}: ${f.keys?.length ?? 'many'}`).join(', '),
  });
  const named = found.reduce((sum, { keys }) => sum + (keys?.length ?? 0), 0);
  // named one by one as far as a frame carries it
  const told = named <= MOST_TOLD ? [...found] : found.map(({ table }) => ({ table, keys: null }));
  const theirs = await there({ ask: 'heal', found: told });
  const ours = await store.state.repair(found, { found: 'peer', peer });
  return ours.ok && theirs.is === 'healed';
}

const encoded = (said: StateAnswer): Uint8Array => Buffer.from(JSON.stringify(said));

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
