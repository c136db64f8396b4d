// Who has fingerprints here and by whose leave: consent, fingers, what could not be taken, and erasing.
import { randomUUID } from 'node:crypto';
import type { Database } from 'better-sqlite3';
import * as z from 'zod';
import { fail, ok, type Result } from '../../shared/api/contract.ts';
import { PersonId, type PersonPrints } from '../../shared/api/fingerprints.ts';
import { checkOccasions, fallbacks, purposes, unableReasons } from '../../shared/codes/fingerprints.ts';
import type { EntityRef } from '../../shared/model/change.ts';
import {
  biometricConsent,
  biometricErased,
  biometricWithdraw,
  Finger,
  fingerprintDrop,
  fingerprintUnable,
  type Holder,
} from '../../shared/model/fingerprints.ts';
import { failureOf } from '../store/faults.ts';
import type { Deps, HandlersOf, Log, People } from '../store/room.ts';
import { statement } from '../store/statement.ts';
import type { PersonKeys } from './keys.ts';

/** Which text is read to the person before they consent; raised when its sense changes. */
export const CONSENT_TEXT = 'vi-1';

/** What this room asks of others; given by the core. */
export interface PeopleNeeds extends Deps {
  readonly keys: PersonKeys;
  readonly log: Log;
  /** Of features taken now. */
  readonly algorithm: number;
  patientOf(sql: Database, patientId: string): { readonly fullName: string } | null;
  relativesOf(
    sql: Database,
    patientId: string,
  ): readonly {
    readonly id: string;
    readonly fullName: string;
    readonly relation: string;
    readonly endedAt: number | null;
  }[];
  patientOfStay(sql: Database, admissionId: string): string | null;
  /** Stations that must confirm an erasure: id and name, without those that are revoked. */
  stations(): readonly { readonly id: string; readonly name: string }[];
}

export interface PersonRow {
  readonly id: string;
  readonly patient_id: string;
  readonly kind: 'patient' | 'relative';
  readonly relative_id: string | null;
  readonly admission_id: string | null;
  readonly purposes: string;
  readonly consent_at: number;
  readonly consent_by: string | null;
  readonly withdrawn_at: number | null;
  readonly withdrawn_by: string | null;
}

/** A person who may be used for this: of this patient, with consent to it that stands. */
export function consentingPerson(
  sql: Database,
  personId: string,
  patientId: string,
  purpose: (typeof purposes)[number] | null,
): Result<PersonRow> {
  const row = personById(sql).get(personId);
  if (!row || row.patient_id !== patientId) return fail('not_found');
  if (row.withdrawn_at !== null) return fail('consent_withdrawn');
  return purpose === null || purposesOf(row).includes(purpose) ? ok(row) : fail('consent_missing');
}

export function peopleHandlers(
  deps: PeopleNeeds,
): HandlersOf<
  | 'fingerprint.ofPatient'
  | 'fingerprint.consent'
  | 'fingerprint.withdraw'
  | 'fingerprint.drop'
  | 'fingerprint.unable'
> {
  const { store } = deps;
  return {
    'fingerprint.ofPatient': ({ patientId }) => {
      const patient = deps.patientOf(store.sql, patientId);
      return patient ? ok({ people: peopleOf(deps, patientId, patient.fullName) }) : fail('not_found');
    },

    'fingerprint.consent': (input, ctx) =>
      store.write(ctx.caller, (tx) => {
        const holder = holderOf(deps, tx.sql, input.patientId, input.holder);
        if (!holder.ok) return holder;
        const standing = personsOfPatient(tx.sql)
          .all(input.patientId)
          .find((row) => row.withdrawn_at === null && isOf(row, holder.value.holder));
        const personId = PersonId.parse(standing?.id ?? randomUUID());
        if (standing && covers(purposesOf(standing), input.purposes)) return ok({ personId });
        // asked again, for more: added to what was consented to before
        tx.append(biometricConsent, {
          id: personId,
          patient: input.patientId,
          refs: holder.value.refs,
          body: {
            holder: holder.value.holder,
            purposes: purposes.filter((one) => input.purposes.includes(one)),
            way: input.way,
            by: input.by,
            witness: input.witness,
            text: CONSENT_TEXT,
          },
        });
        return ok({ personId });
      }),

    'fingerprint.withdraw': ({ patientId, personId, reason }, ctx) => {
      const done = store.write(ctx.caller, (tx) => {
        const person = consentingPerson(tx.sql, personId, patientId, null);
        if (!person.ok) return person;
        // two PCs that had not met may have written consent down twice: one person takes both back
        const { kind, relative_id } = person.value;
        for (const { id, withdrawn_at, ...of } of personsOfPatient(tx.sql).all(patientId))
          if (withdrawn_at === null && of.kind === kind && of.relative_id === relative_id)
            tx.append(biometricWithdraw, { id, patient: patientId, body: { reason } });
        return ok(null);
      });
      if (done.ok) obeyErasures(deps);
      return done;
    },

    'fingerprint.drop': ({ patientId, personId, finger, reason }, ctx) =>
      store.write(ctx.caller, (tx) => {
        const person = consentingPerson(tx.sql, personId, patientId, null);
        if (!person.ok) return person;
        if (
          !fingersOf(tx.sql)
            .all(personId)
            .some((row) => row.finger === finger)
        )
          return fail('not_found');
        tx.append(fingerprintDrop, { id: personId, patient: patientId, body: { finger, reason } });
        return ok(null);
      }),

    'fingerprint.unable': (input, ctx) => {
      if (input.fallback === 'witness' && !input.witness)
        return fail('bad_input', { fields: { witness: 'field.required' } });
      if (input.reason === 'other' && !input.note)
        return fail('bad_input', { fields: { note: 'field.required' } });
      return store.write(ctx.caller, (tx) => {
        const holder = holderOf(deps, tx.sql, input.patientId, input.holder);
        if (!holder.ok) return holder;
        const { finger, reason, note, fallback, witness } = input;
        tx.append(fingerprintUnable, {
          id: randomUUID(),
          patient: input.patientId,
          refs: holder.value.refs,
          body: { holder: holder.value.holder, finger, reason, note, fallback, witness },
        });
        return ok(null);
      });
    },
  };
}

/**
 * Drops the keys of everybody who withdrew consent, and says so in the record once for this station. Called when the
 * store is opened and after changes about these people came in.
 */
export function obeyErasures({ store, keys, log }: Pick<PeopleNeeds, 'store' | 'keys' | 'log'>): number {
  const due = unconfirmed(store.sql).all(store.station.id);
  if (due.length === 0) return 0;
  // the key first: what the record says of an erasure must be true at any moment the power may fail
  if (
    !dropAll(
      due.map(({ id }) => id),
      keys,
      log,
    )
  )
    return 0;
  const said = store.write({ userId: null, sessionId: null }, (tx) => {
    for (const { id, patient_id: patient } of due) tx.append(biometricErased, { id, patient, body: {} });
    return ok(null);
  });
  if (!said.ok) log('error', 'an erasure could not be written down', { code: said.error.code });
  return due.length;
}

/** A file put back as it once was has keys again that this PC said it dropped: they go again. */
export function dropReturned({ store, keys, log }: Pick<PeopleNeeds, 'store' | 'keys' | 'log'>): void {
  const returned = keys.persons().filter((id) => personById(store.sql).get(id)?.withdrawn_at != null);
  if (returned.length > 0 && dropAll(returned, keys, log))
    log('warn', 'keys of people who withdrew consent were back', { people: returned.length });
}

/** False on a full or read-only disk: the next occasion comes, and until then nothing says it was done. */
function dropAll(persons: readonly string[], keys: PersonKeys, log: Log): boolean {
  try {
    for (const person of persons) keys.drop(person);
    return true;
  } catch (error) {
    const failure = failureOf(error);
    if (!failure) throw error;
    const facts = { people: persons.length, code: failure.code };
    log('error', 'keys of people who withdrew consent could not be dropped', facts);
    return false;
  }
}

interface NamedHolder {
  readonly holder: Holder;
  readonly refs: readonly EntityRef[];
}

function holderOf(
  deps: PeopleNeeds,
  sql: Database,
  patientId: string,
  said: { kind: 'patient' } | { kind: 'relative'; relativeId: string; admissionId: string | null },
): Result<NamedHolder> {
  if (!deps.patientOf(sql, patientId)) return fail('not_found');
  if (said.kind === 'patient') return ok({ holder: { kind: 'patient' }, refs: [`patient:${patientId}`] });
  const relative = deps.relativesOf(sql, patientId).find(({ id }) => id === said.relativeId);
  if (!relative) return fail('not_found');
  if (said.admissionId !== null && deps.patientOfStay(sql, said.admissionId) !== patientId)
    return fail('not_found');
  return ok({
    holder: { kind: 'relative', relative: relative.id, admission: said.admissionId },
    refs: [
      `relative:${relative.id}`,
      ...(said.admissionId === null ? [] : ([`admission:${said.admissionId}`] as const)),
    ],
  });
}

type Shown = z.output<typeof PersonPrints>;

function peopleOf(deps: PeopleNeeds, patientId: string, fullName: string): Shown[] {
  const { sql } = deps.store;
  const rows = personsOfPatient(sql).all(patientId);
  const unable = unableOfPatient(sql).all(patientId);
  const relatives = deps.relativesOf(sql, patientId);
  const nobody = { relativeId: null, relation: null } as const;
  const all = [
    { kind: 'patient', name: fullName, ...nobody, ended: false } as const,
    ...relatives.map(
      (one) =>
        ({
          kind: 'relative',
          name: one.fullName,
          relativeId: one.id,
          relation: one.relation,
          ended: one.endedAt !== null,
        }) as const,
    ),
  ];
  return all.flatMap((who) => {
    const mine = rows.filter((row) => row.kind === who.kind && row.relative_id === who.relativeId);
    const standing = mine.find((row) => row.withdrawn_at === null);
    const latest = standing ?? mine.toSorted((a, b) => b.consent_at - a.consent_at)[0];
    const notTaken = unable.filter((row) => row.kind === who.kind && row.relative_id === who.relativeId);
    if (who.ended && !latest) return [];
    return [
      {
        ...who,
        ...consentOf(deps, latest),
        fingers: standing ? fingersShown(deps, standing.id) : [],
        unable: notTaken.map((row) => ({ ...asUnable.parse(row), by: deps.people.nameOf(row.by) })),
        erasure: latest?.withdrawn_at == null ? null : erasureOf(deps, latest, latest.withdrawn_at),
        lastCheck: standing ? lastCheckOf(sql, standing.id, deps.people) : null,
      },
    ];
  });
}

function consentOf(
  deps: PeopleNeeds,
  row: PersonRow | undefined,
): Pick<Shown, 'personId' | 'consent' | 'purposes' | 'consentAt' | 'consentBy'> {
  if (!row) return { personId: null, consent: 'none', purposes: [], consentAt: null, consentBy: null };
  return {
    personId: PersonId.parse(row.id),
    consent: row.withdrawn_at === null ? 'given' : 'withdrawn',
    purposes: purposesOf(row),
    consentAt: row.consent_at,
    consentBy: deps.people.nameOf(row.consent_by),
  };
}

function fingersShown({ store, keys, people, algorithm }: PeopleNeeds, personId: string) {
  return fingersOf(store.sql)
    .all(personId)
    .map((row) => ({
      finger: Finger.parse(row.finger),
      at: row.at,
      by: people.nameOf(row.by),
      station: people.stationName(row.station),
      quality: row.quality,
      old: row.algorithm < algorithm,
      usable: keys.has({ person: personId, id: row.key }),
    }));
}

function erasureOf(deps: PeopleNeeds, row: PersonRow, at: number) {
  const confirmed = new Map(
    erasuresOf(deps.store.sql)
      .all(row.id)
      .map((one) => [one.station, one.at]),
  );
  return {
    at,
    by: deps.people.nameOf(row.withdrawn_by),
    stations: deps.stations().map(({ id, name }) => ({ name, at: confirmed.get(id) ?? null })),
  };
}

function lastCheckOf(sql: Database, personId: string, people: People) {
  const row = lastCheck(sql).get(personId);
  return row
    ? {
        at: row.at,
        matched: row.matched === 1,
        occasion: z.enum(checkOccasions).parse(row.occasion),
        by: people.nameOf(row.by),
      }
    : null;
}

const isOf = (row: PersonRow, holder: Holder): boolean =>
  row.kind === holder.kind && row.relative_id === (holder.kind === 'relative' ? holder.relative : null);

const covers = (given: readonly string[], asked: readonly string[]): boolean =>
  asked.every((one) => given.includes(one));

const purposesOf = (row: Pick<PersonRow, 'purposes'>) =>
  z.array(z.enum(purposes)).parse(JSON.parse(row.purposes));

const asUnable = z.object({
  finger: Finger.nullable(),
  reason: z.enum(unableReasons),
  note: z.string().nullable(),
  fallback: z.enum(fallbacks),
  witness: z.string().nullable(),
  at: z.number(),
});

export interface FingerRow {
  readonly person_id: string;
  readonly finger: number;
  readonly sealed: string;
  readonly algorithm: number;
  readonly quality: number;
  readonly at: number;
  readonly by: string | null;
  readonly station: string;
  readonly version: string;
  readonly key: string;
}

export const personById = statement<[string], PersonRow>('SELECT * FROM biometric_person WHERE id = ?');
export const personsOfPatient = statement<[string], PersonRow>(
  'SELECT * FROM biometric_person WHERE patient_id = ? ORDER BY consent_at, id',
);
export const fingersOf = statement<[string], FingerRow>(
  'SELECT * FROM fingerprint WHERE person_id = ? ORDER BY finger',
);
export const unableOfPatient = statement<
  [string],
  z.input<typeof asUnable> & { kind: string; relative_id: string | null; by: string | null }
>('SELECT * FROM fingerprint_unable WHERE patient_id = ? ORDER BY at DESC');
export const erasuresOf = statement<[string], { station: string; at: number }>(
  'SELECT station, at FROM biometric_erasure WHERE person_id = ?',
);
export const lastCheck = statement<
  [string],
  { at: number; matched: number; occasion: string; by: string | null }
>('SELECT at, matched, occasion, by FROM fingerprint_check WHERE person_id = ? ORDER BY at DESC LIMIT 1');
export const unconfirmed = statement<[string], { id: string; patient_id: string }>(`
  SELECT id, patient_id FROM biometric_person p WHERE withdrawn_at IS NOT NULL
    AND NOT EXISTS (SELECT 1 FROM biometric_erasure e WHERE e.person_id = p.id AND e.station = ?)`);
