// Keeps the matching thread's gallery in step with the record, when somebody is looked for: who consented to being
// found and whose key this PC has. Nothing is decrypted before somebody is about to search.
import type { Database } from 'better-sqlite3';
import { statement } from '../store/statement.ts';
import { type KeyName, type PersonKeys, spelled } from './keys.ts';
import type { KeyedFinger, Matcher } from './matcher.ts';

/** Fingers handed to the thread at once: 0.4 s of its time, for which a capture waits. */
const LOAD_AT_ONCE = 500;

export interface Gallery {
  /** Brings the thread's gallery to what the record says now; answers who may be found and has a finger that does not open here. */
  refresh(sql: Database): Promise<ReadonlySet<string>>;
  /** Takes out at once who may not be found any more. */
  takeOut(sql: Database): Promise<void>;
  numbers(sql: Database): { people: number; fingers: number; withoutKey: number; old: number };
}

export function openGallery(matcher: Matcher, keys: PersonKeys): Gallery {
  /** Loaded: person and finger → version. */
  const loaded = new Map<string, string>();
  let lost = 0;
  let work: Promise<unknown> = Promise.resolve();

  return {
    refresh: (sql) => inTurn(() => bringUpToDate(sql)),
    takeOut: (sql) =>
      inTurn(async () => {
        if (loaded.size > 0 && sql.open) await takeOutGone(sql, keys.held());
      }),
    numbers(sql) {
      const held = keys.held();
      const all = everyFinger(sql).all();
      return {
        people: new Set(all.map((one) => one.person)).size,
        fingers: all.length,
        withoutKey: all.filter((one) => !held.has(spelled(one))).length,
        old: all.filter((one) => one.algorithm < matcher.algorithm).length,
      };
    },
  };

  /** Two searches at once would load everything twice. */
  function inTurn<T>(task: () => Promise<T>): Promise<T> {
    const mine = work.then(task, task);
    work = mine;
    return mine;
  }

  async function bringUpToDate(sql: Database): Promise<ReadonlySet<string>> {
    const held = keys.held();
    const wanted = await takeOutGone(sql, held);
    const missing = [...wanted.values()].filter(
      (one) => loaded.get(placeOf(one)) !== one.version && held.has(spelled(one)),
    );
    for (let at = 0; at < missing.length; at += LOAD_AT_ONCE)
      await load(sql, missing.slice(at, at + LOAD_AT_ONCE));
    const shut = [...wanted.values()].filter((one) => !held.has(spelled(one)));
    return new Set(shut.map(({ person }) => person));
  }

  /** Answers who may be found. */
  async function takeOutGone(
    sql: Database,
    held: ReadonlySet<string>,
  ): Promise<ReadonlyMap<string, FindableRow>> {
    // a thread that died took its gallery along
    if (matcher.lost() !== lost) loaded.clear();
    lost = matcher.lost();
    const wanted = new Map(
      findable(sql)
        .all()
        .map((one) => [placeOf(one), one]),
    );
    for (const place of loaded.keys()) {
      const standing = wanted.get(place);
      if (standing && held.has(spelled(standing))) continue;
      const [person = '', finger] = place.split(' ');
      loaded.delete(place);
      await matcher.remove(person, Number(finger));
    }
    return wanted;
  }

  async function load(sql: Database, places: readonly FindableRow[]): Promise<void> {
    const entries = places.flatMap(({ person, finger }) => {
      const row = sealedFinger(sql).get(person, finger);
      return row ? keyed(keys, [row]) : [];
    });
    await matcher.load(entries);
    for (const { key, ...entry } of entries) {
      key.fill(0);
      loaded.set(placeOf(entry), entry.version);
    }
  }
}

/** Those whose key is here, with it: the caller wipes the keys. */
export const keyed = (keys: PersonKeys, rows: readonly SealedRow[]): KeyedFinger[] =>
  rows.flatMap(({ person, finger, version, id, sealed }) => {
    const key = keys.of({ person, id });
    return key ? [{ person, finger, version, sealed: JSON.parse(sealed), key }] : [];
  });

const placeOf = (of: { readonly person: string; readonly finger: number }): string =>
  `${of.person} ${of.finger}`;

interface FindableRow extends KeyName {
  readonly finger: number;
  readonly version: string;
}
export interface SealedRow extends FindableRow {
  readonly sealed: string;
}

export const findable = statement<[], FindableRow>(`
  SELECT f.person_id AS person, f.finger, f.version, f.key AS id FROM fingerprint f JOIN biometric_person p ON p.id = f.person_id
  WHERE p.withdrawn_at IS NULL AND p.purposes LIKE '%"find"%'`);
const sealedFinger = statement<[string, number], SealedRow>(
  'SELECT person_id AS person, finger, version, key AS id, sealed FROM fingerprint WHERE person_id = ? AND finger = ?',
);
export const sealedFingers = statement<[string], SealedRow>(
  'SELECT person_id AS person, finger, version, key AS id, sealed FROM fingerprint WHERE person_id = ? ORDER BY finger',
);
export const everyFinger = statement<[], KeyName & { readonly algorithm: number }>(
  'SELECT person_id AS person, key AS id, algorithm FROM fingerprint',
);
