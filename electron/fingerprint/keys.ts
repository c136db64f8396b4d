// One key per person, in a file of its own beside the record: never in the log, never in a backup, never in the copy a
// new PC gets. Dropping a key makes every copy of that person's templates unreadable, wherever the record went.
import { existsSync, renameSync } from 'node:fs';
import { fail, ok, type Result } from '../../shared/api/contract.ts';
import { connect } from '../store/connection.ts';
import { randomKey } from '../store/crypto.ts';
import { failureOf } from '../store/faults.ts';
import type { Log } from '../store/room.ts';

export interface PersonKeys {
  /** 32 bytes; null when this PC has none (yet, or any more). The caller wipes it. */
  of(person: string): Buffer | null;
  /** The person's key, made now when there is none. */
  make(person: string): Buffer;
  /** From another PC of the center. */
  put(person: string, key: Uint8Array): void;
  /** True when there was one. Overwritten in the file, not only unlinked. */
  drop(person: string): boolean;
  holders(): ReadonlySet<string>;
  close(): void;
}

/** What the key of the file is made for; whoever has a PC's record and password but not this file has nothing. */
export const KEY_FILE_PURPOSE = 'tram fingerprint keys 1';

/**
 * A file that another database key wrote (a store restored with its own keyring) is put aside, never overwritten: its
 * keys come again from the center's other PCs. disk_full · store_read_only · store_damaged.
 */
export function openPersonKeys(
  path: string,
  key: Uint8Array,
  now: () => number,
  log: Log,
): Result<PersonKeys> {
  const first = open(path, key);
  if (first.ok) return first;
  if (first.error.code !== 'wrong_key') return first;
  const aside = `${path}.other-${now()}`;
  for (const end of ['', '-journal']) if (existsSync(path + end)) renameSync(path + end, aside + end);
  log('error', 'the file of fingerprint keys is not of this record and was put aside', { aside });
  return open(path, key);
}

function open(path: string, key: Uint8Array): Result<PersonKeys> {
  try {
    const sql = connect(path, key, { cacheKib: 1_000 });
    // what is dropped must not stay in a log beside the file
    sql.pragma('journal_mode = TRUNCATE');
    sql.pragma('secure_delete = ON');
    sql.exec(
      'CREATE TABLE IF NOT EXISTS person_key (person TEXT PRIMARY KEY, key BLOB NOT NULL) STRICT, WITHOUT ROWID',
    );
    const one = sql.prepare<[string], Buffer>('SELECT key FROM person_key WHERE person = ?').pluck();
    const all = sql.prepare<[], string>('SELECT person FROM person_key').pluck();
    const insert = sql.prepare<[string, Uint8Array]>(
      'INSERT INTO person_key (person, key) VALUES (?, ?) ON CONFLICT DO NOTHING',
    );
    const remove = sql.prepare<[string]>('DELETE FROM person_key WHERE person = ?');
    return ok({
      of: (person) => one.get(person) ?? null,
      make(person) {
        insert.run(person, randomKey());
        const made = one.get(person);
        if (!made) throw new Error('a key that was just written is not there');
        return made;
      },
      put(person, given) {
        if (given.length !== 32) throw new RangeError('a person’s key has 32 bytes');
        insert.run(person, given);
      },
      drop: (person) => remove.run(person).changes > 0,
      holders: () => new Set(all.all()),
      close: () => sql.close(),
    });
  } catch (error) {
    // the first page does not open: of another key, or damaged; either way nothing of it can be read
    const failure = failureOf(error) ?? (isOfSystem(error) ? fail('store_read_only').error : null);
    if (!failure) throw error;
    return failure.code === 'store_damaged' ? fail('wrong_key') : { ok: false, error: failure };
  }
}

/** A folder where the file should be, a name the disk does not take: the record must open all the same. */
const isOfSystem = (error: unknown): boolean =>
  error instanceof Error && 'syscall' in error && typeof error.syscall === 'string';
