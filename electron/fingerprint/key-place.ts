// The keys of persons as sync asks for them and gives them out: whose fingers the record shows, and nobody who
// withdrew consent.
import type { Database } from 'better-sqlite3';
import { statement } from '../store/statement.ts';
import type { PersonKeys } from './keys.ts';

export interface KeyPlace {
  missing(): readonly string[];
  keysOf(persons: readonly string[]): ReadonlyMap<string, Buffer>;
  put(person: string, key: Uint8Array): void;
}

export function keyPlace(sql: Database, keys: PersonKeys): KeyPlace {
  return {
    missing() {
      const here = keys.holders();
      return withFingers(sql)
        .all()
        .flatMap(({ person }) => (here.has(person) ? [] : [person]));
    },
    keysOf(persons) {
      return new Map(
        persons.filter(stands).flatMap((person) => {
          const key = keys.of(person);
          return key ? [[person, key] as const] : [];
        }),
      );
    },
    put(person, key) {
      // consent may have been withdrawn while the key was on its way
      if (stands(person)) keys.put(person, key);
    },
  };

  function stands(person: string): boolean {
    return standing(sql).get(person) !== undefined;
  }
}

const withFingers = statement<[], { person: string }>('SELECT DISTINCT person_id AS person FROM fingerprint');
const standing = statement<[string], { id: string }>(
  'SELECT id FROM biometric_person WHERE id = ? AND withdrawn_at IS NULL',
);
