// Tells every process of the province that a center's log grew or that trust in its stations changed. Told at once
// in this process; to the others in one note per few moments, outside the transactions: NOTIFY inside them would
// make all commits of all centers wait for each other. A note that gets lost is made up for by looking now and then.
import type { Database } from '../database/types.ts';

const channel = 'tram_log';
const gatherMs = 15;
/** A process that dies between commit and note leaves the others unaware for so long. */
const lookEveryMs = 10_000;
/** PostgreSQL refuses notes of 8,000 bytes. */
const maxNote = 7_000;

export interface Growth {
  grew(center: number, end: number): void;
  trustChanged(center: number): void;
  onGrew(listener: (center: number, end: number) => void): () => void;
  onTrust(listener: (center: number) => void): () => void;
  close(): Promise<void>;
}

export interface GrowthParts {
  readonly db: Database;
  /** Centers somebody here waits for. */
  watched(): readonly number[];
  /** The connection was made anew: perhaps to a server that took over, or to another past. */
  reconnected(): Promise<void>;
  onTrouble(error: unknown): void;
}

export async function followGrowth({ db, watched, reconnected, onTrouble }: GrowthParts): Promise<Growth> {
  const grewListeners = new Set<(center: number, end: number) => void>();
  const trustListeners = new Set<(center: number) => void>();
  const known = new Map<number, number>();
  // words of the note being gathered: `12=345` a log's end, `12!` trust
  const gathered = new Set<string>();
  let timer: NodeJS.Timeout | null = null;
  let sending: Promise<void> = Promise.resolve();
  let closed = false;

  const heardEnd = (center: number, end: number): void => {
    if (known.get(center) === end) return;
    known.set(center, end);
    for (const listener of grewListeners) listener(center, end);
  };
  const heardTrust = (center: number): void => {
    for (const listener of trustListeners) listener(center);
  };

  await db.listen(
    channel,
    (note) => {
      for (const word of note.split(' ')) {
        const [center, end] = word.split('=');
        if (end !== undefined) heardEnd(Number(center), Number(end));
        else if (word.endsWith('!')) heardTrust(Number(word.slice(0, -1)));
      }
    },
    () => void reconnected().then(look).catch(onTrouble),
  );
  const looking = setInterval(() => void look().catch(onTrouble), lookEveryMs);
  looking.unref();

  return {
    grew(center, end) {
      heardEnd(center, end);
      gather(`${center}=${end}`);
    },
    trustChanged(center) {
      heardTrust(center);
      gather(`${center}!`);
    },
    onGrew: (listener) => added(grewListeners, listener),
    onTrust: (listener) => added(trustListeners, listener),
    async close() {
      closed = true;
      clearInterval(looking);
      if (timer) clearTimeout(timer);
      flush();
      await sending;
    },
  };

  function gather(word: string): void {
    gathered.add(word);
    if (closed) return;
    timer ??= setTimeout(flush, gatherMs);
  }

  function flush(): void {
    timer = null;
    const notes: string[] = [];
    let note = '';
    for (const word of gathered) {
      if (note.length + word.length + 1 > maxNote) {
        notes.push(note);
        note = '';
      }
      note = note === '' ? word : `${note} ${word}`;
    }
    gathered.clear();
    if (note !== '') notes.push(note);
    for (const one of notes) sending = sending.then(() => db.notify(channel, one)).catch(onTrouble);
  }

  async function look(): Promise<void> {
    const centers = watched();
    if (centers.length === 0 || closed) return;
    const rows = await db.query<{ number: number; last_no: number }>(
      'select number, last_no from center where number = any ($1::int4[])',
      [[...centers]],
    );
    for (const { number, last_no } of rows) heardEnd(number, last_no);
    for (const center of centers) heardTrust(center);
  }
}

function added<T>(listeners: Set<T>, listener: T): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
