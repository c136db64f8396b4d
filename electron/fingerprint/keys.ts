// The keys of persons, in a file of their own beside the record: never in the log, never in a backup, never in the copy
// a new PC gets. One for each person, more where two PCs took fingers before they met: a key is known by what it is, so
// none is taken for another. Dropping them makes every copy of that person's templates unreadable, wherever it went.
import { existsSync, renameSync } from 'node:fs';
import { fail, ok, type Result } from '../../shared/api/contract.ts';
import { connect } from '../store/connection.ts';
import { randomKey, sha256 } from '../store/crypto.ts';
import { failureOf } from '../store/faults.ts';
import type { Log } from '../store/room.ts';

/** A key without the key. */
export interface KeyName {
  readonly person: string;
  /** `keyId` of it. */
  readonly id: string;
}

/** 66 bits of its hash, base64url: says which of a person's keys it is, and nothing of it. */
export const keyId = (key: Uint8Array): string =>
  sha256(Buffer.concat([Buffer.from('tram person key id'), key]))
    .toString('base64url')
    .slice(0, 11);

export const spelled = ({ person, id }: KeyName): string => `${person} ${id}`;

export interface PersonKeys {
  /** 32 bytes; null when this PC has none (yet, or any more). The caller wipes it. */
  of(name: KeyName): Buffer | null;
  has(name: KeyName): boolean;
  /** To seal with: one that is here already, whoever made it, else a new one. The caller wipes it. */
  sealing(person: string): { readonly id: string; readonly key: Buffer };
  /** From another PC of the center. */
  put(person: string, key: Uint8Array): void;
  /** All of the person's; true when there was one. Overwritten in the file, not only unlinked. */
  drop(person: string): boolean;
  /** Names of all keys here, spelled. */
  held(): ReadonlySet<string>;
  /** Whose keys are here. */
  persons(): readonly string[];
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
      `CREATE TABLE IF NOT EXISTS finger_key (person TEXT, id TEXT, key BLOB NOT NULL,
         PRIMARY KEY (person, id)) STRICT, WITHOUT ROWID`,
    );
    const one = sql
      .prepare<[KeyName], Buffer>('SELECT key FROM finger_key WHERE person = @person AND id = @id')
      .pluck();
    const there = sql
      .prepare<[KeyName], number>('SELECT 1 FROM finger_key WHERE person = @person AND id = @id')
      .pluck();
    const first = sql
      .prepare<[string], Buffer>('SELECT key FROM finger_key WHERE person = ? ORDER BY id LIMIT 1')
      .pluck();
    const all = sql.prepare<[], KeyName>('SELECT person, id FROM finger_key');
    const everybody = sql.prepare<[], string>('SELECT DISTINCT person FROM finger_key').pluck();
    const insert = sql.prepare<[KeyName & { readonly key: Uint8Array }]>(
      'INSERT INTO finger_key (person, id, key) VALUES (@person, @id, @key) ON CONFLICT DO NOTHING',
    );
    const remove = sql.prepare<[string]>('DELETE FROM finger_key WHERE person = ?');
    return ok({
      of: (name) => one.get(name) ?? null,
      has: (name) => there.get(name) === 1,
      sealing(person) {
        const key = first.get(person) ?? randomKey();
        const id = keyId(key);
        insert.run({ person, id, key });
        return { id, key };
      },
      put(person, given) {
        if (given.length !== 32) throw new RangeError('a person’s key has 32 bytes');
        insert.run({ person, id: keyId(given), key: given });
      },
      drop: (person) => remove.run(person).changes > 0,
      held: () => new Set(all.all().map(spelled)),
      persons: () => everybody.all(),
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
