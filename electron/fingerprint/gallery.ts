// Keeps the matching thread's gallery in step with the record, when somebody is looked for: who consented to being
// found and whose key this PC has. Nothing is decrypted before somebody is about to search.
import type { Database } from 'better-sqlite3';
import { statement } from '../store/statement.ts';
import type { PersonKeys } from './keys.ts';
import type { Matcher, SealedFinger } from './matcher.ts';

/** Fingers handed to the thread at once: 0.4 s of its time, for which a capture waits. */
const LOAD_AT_ONCE = 500;

export interface Gallery {
  /** Brings the thread's gallery to what the record says now. */
  refresh(sql: Database): Promise<void>;
  /** Takes out at once who may not be found any more. */
  takeOut(sql: Database): Promise<void>;
  numbers(sql: Database): { people: number; fingers: number; withoutKey: number; old: number };
}

export function openGallery(matcher: Matcher, keys: PersonKeys): Gallery {
  /** Loaded: person and finger → version. */
  const loaded = new Map<string, string>();
  let lost = 0;
  let work: Promise<void> = Promise.resolve();

  return {
    refresh: (sql) => inTurn(() => bringUpToDate(sql)),
    takeOut: (sql) =>
      inTurn(async () => {
        if (loaded.size > 0 && sql.open) await takeOutGone(sql, keys.holders());
      }),
    numbers(sql) {
      const holders = keys.holders();
      const all = everyFinger(sql).all();
      return {
        people: new Set(all.map((one) => one.person)).size,
        fingers: all.length,
        withoutKey: all.filter((one) => !holders.has(one.person)).length,
        old: all.filter((one) => one.algorithm < matcher.algorithm).length,
      };
    },
  };

  /** Two searches at once would load everything twice. */
  function inTurn(task: () => Promise<void>): Promise<void> {
    work = work.then(task, task);
    return work;
  }

  async function bringUpToDate(sql: Database): Promise<void> {
    const holders = keys.holders();
    const wanted = await takeOutGone(sql, holders);
    const missing = [...wanted.values()].filter(
      (one) => loaded.get(placeOf(one)) !== one.version && holders.has(one.person),
    );
    for (let at = 0; at < missing.length; at += LOAD_AT_ONCE)
      await load(sql, missing.slice(at, at + LOAD_AT_ONCE));
  }

  /** Answers who may be found. */
  async function takeOutGone(
    sql: Database,
    holders: ReadonlySet<string>,
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
      const [person = '', finger] = place.split(' ');
      if (wanted.has(place) && holders.has(person)) continue;
      loaded.delete(place);
      await matcher.remove(person, Number(finger));
    }
    return wanted;
  }

  async function load(sql: Database, places: readonly FindableRow[]): Promise<void> {
    const entries = places.flatMap(({ person, finger }) => {
      const row = sealedFinger(sql).get(person, finger);
      const key = row && keys.of(person);
      return key ? [{ ...toSealed(row), key }] : [];
    });
    await matcher.load(entries);
    for (const { key, ...entry } of entries) {
      key.fill(0);
      loaded.set(placeOf(entry), entry.version);
    }
  }
}

export const toSealed = (row: SealedRow): SealedFinger => ({
  person: row.person,
  finger: row.finger,
  version: row.version,
  sealed: JSON.parse(row.sealed),
});

const placeOf = (of: { readonly person: string; readonly finger: number }): string =>
  `${of.person} ${of.finger}`;

interface FindableRow {
  readonly person: string;
  readonly finger: number;
  readonly version: string;
}
export interface SealedRow extends FindableRow {
  readonly sealed: string;
}

const findable = statement<[], FindableRow>(`
  SELECT f.person_id AS person, f.finger, f.version FROM fingerprint f JOIN biometric_person p ON p.id = f.person_id
  WHERE p.withdrawn_at IS NULL AND p.purposes LIKE '%"find"%'`);
const sealedFinger = statement<[string, number], SealedRow>(
  'SELECT person_id AS person, finger, version, sealed FROM fingerprint WHERE person_id = ? AND finger = ?',
);
export const sealedFingers = statement<[string], SealedRow>(
  'SELECT person_id AS person, finger, version, sealed FROM fingerprint WHERE person_id = ? ORDER BY finger',
);
const everyFinger = statement<[], { person: string; algorithm: number }>(
  'SELECT person_id AS person, algorithm FROM fingerprint',
);
