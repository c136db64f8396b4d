// The keys of persons as sync asks for them and gives them out: whose fingers the record shows, and nobody who
// withdrew consent.
import type { Database } from 'better-sqlite3';
import { statement } from '../store/statement.ts';
import { type KeyName, keyId, type PersonKeys, spelled } from './keys.ts';

export interface KeyPlace {
  missing(): readonly KeyName[];
  keysOf(names: readonly KeyName[]): readonly (KeyName & { readonly key: Buffer })[];
  put(name: KeyName, key: Uint8Array): void;
}

/** `came`: a key is here that was not; nothing in the record tells so. */
export function keyPlace(sql: Database, keys: PersonKeys, came: () => void): KeyPlace {
  return {
    missing() {
      const here = keys.held();
      return sealedWith(sql)
        .all()
        .filter((name) => !here.has(spelled(name)));
    },
    keysOf(names) {
      return names.filter(stands).flatMap((name) => {
        const key = keys.of(name);
        return key ? [{ ...name, key }] : [];
      });
    },
    put(name, key) {
      // consent may have been withdrawn while the key was on its way, and it may be another than was asked for
      if (!stands(name) || keyId(key) !== name.id) return;
      keys.put(name.person, key);
      came();
    },
  };

  function stands({ person }: KeyName): boolean {
    return standing(sql).get(person) !== undefined;
  }
}

/** By which key each finger that stands was sealed. */
export const sealedWith = statement<[], KeyName>(
  'SELECT DISTINCT person_id AS person, key AS id FROM fingerprint',
);
const standing = statement<[string], { id: string }>(
  'SELECT id FROM biometric_person WHERE id = ? AND withdrawn_at IS NULL',
);
