// Enrolling, telling, finding and confirming with what was captured. The record gets numbers and sealed bytes; a finger
// never opens, joins or changes somebody's record by itself.
import { randomUUID } from 'node:crypto';
import type { Database } from 'better-sqlite3';
import type * as z from 'zod';
import { fail, ok, type Result } from '../../shared/api/contract.ts';
import { type Candidate, PersonId, SearchId } from '../../shared/api/fingerprints.ts';
import { PatientId } from '../../shared/api/ids.ts';
import {
  Finger,
  fingerprintCheck,
  fingerprintEnrol,
  fingerprintEvidence,
  fingerprintFound,
  fingerprintSearch,
} from '../../shared/model/fingerprints.ts';
import { sha256Hex } from '../store/crypto.ts';
import type { Context, HandlersOf, Output, ParsedInput } from '../store/room.ts';
import { statement } from '../store/statement.ts';
import type { Captures } from './captures.ts';
import { falseAlarm } from './chances.ts';
import { evidenceOf } from './evidence.ts';
import { type Gallery, keyed, sealedFingers } from './gallery.ts';
import type { KeyedFinger, Likeness, Matcher } from './matcher.ts';
import { consentingPerson, fingersOf, type PeopleNeeds, type PersonRow, personById } from './people.ts';

/** Shown at most: more names than a clerk can compare are no help. */
const MOST_CANDIDATES = 5;
/** At this many wrong fingers to one, and more, a candidate is called very or fairly like; ours. */
const VERY_LIKE = 10_000;
const FAIRLY_LIKE = 1_000;
/** A search can be confirmed for as long as the clerk needs to look at the people shown. */
const SEARCH_KEPT_MS = 600_000;

export interface IdentityShown {
  readonly fullName: string;
  readonly birthDate: string | null;
  readonly sex: string;
  readonly recordNumber: string;
}

export interface CheckNeeds extends PeopleNeeds {
  readonly captures: Captures;
  readonly matcher: Matcher;
  readonly gallery: Gallery;
  identitiesOf(sql: Database, patientIds: readonly string[]): ReadonlyMap<string, IdentityShown>;
  addressOf(sql: Database, patientId: string): string | null;
  /** Patients who may be it: those whose sex or year of birth is not known are among them. */
  patientsLike(
    sql: Database,
    asked: { readonly sex: string | null; readonly bornFrom: number | null; readonly bornTo: number | null },
  ): ReadonlySet<string>;
  center(): { readonly id: string; readonly name: string } | null;
  stationName(): string;
}

/** A paper that a finger confirms, over the very bytes that were shown. */
export type Confirm = (
  asked: Omit<ParsedInput<'fingerprint.confirm'>, 'document'> & { readonly document: Uint8Array },
  ctx: Pick<Context, 'caller'>,
) => Promise<Result<Output<'fingerprint.confirm'>>>;

export interface Checks {
  readonly handlers: HandlersOf<
    | 'fingerprint.enrol'
    | 'fingerprint.verify'
    | 'fingerprint.search'
    | 'fingerprint.confirmFound'
    | 'fingerprint.gallery'
    | 'fingerprint.confirm'
  >;
  readonly confirmBytes: Confirm;
}

export function checkHandlers(deps: CheckNeeds): Checks {
  const { store, captures, matcher, gallery, keys } = deps;
  /** Searches of this run of the program: who was shown, to whom, with which finger. */
  const searches = new Map<
    string,
    { readonly session: string; readonly at: number; readonly found: readonly Likeness[] }
  >();

  const handlers: Checks['handlers'] = {
    'fingerprint.enrol': async (input, ctx) => {
      const person = consentingPerson(store.sql, input.personId, input.patientId, null);
      if (!person.ok) return person;
      const there = fingersOf(store.sql).all(input.personId);
      if (!input.replace && there.some((row) => row.finger === input.finger)) return fail('finger_enrolled');
      const used = captures.use(input.captures, ctx);
      if (!used.ok) return used;
      const { id, key } = keys.sealing(input.personId);
      const others = keyed(
        keys,
        sealedFingers(store.sql)
          .all(input.personId)
          .filter(({ finger }) => finger !== input.finger),
      );
      const enrolled = await matcher.enrol(input.captures, {
        person: input.personId,
        finger: input.finger,
        others,
        key,
      });
      wipeKeys([{ key }, ...others]);
      if (!enrolled.ok) return enrolled;
      const { sealed, quality } = enrolled.value;
      return store.write(ctx.caller, (tx) => {
        // consent may have been withdrawn while the three were compared
        const still = consentingPerson(tx.sql, input.personId, input.patientId, null);
        if (!still.ok) return still;
        tx.append(fingerprintEnrol, {
          id: input.personId,
          patient: input.patientId,
          body: {
            finger: input.finger,
            sealed: [...sealed],
            algorithm: matcher.algorithm,
            quality,
            reader: used.value[0]?.reader ?? '',
            key: id,
          },
        });
        return ok({ kept: sealed.length, quality });
      });
    },

    'fingerprint.verify': async (input, ctx) => {
      if (!isStayOf(input.admissionId, input.patientId)) return fail('not_found');
      const compared = await compare(input, 'recognise', ctx);
      if (!compared.ok) return compared;
      const { likeness } = compared.value;
      const finger = Finger.parse(likeness.finger);
      return store.write(ctx.caller, (tx) => {
        // consent may have been withdrawn while the finger was compared
        const still = consentingPerson(tx.sql, input.personId, input.patientId, 'recognise');
        if (!still.ok) return still;
        tx.append(fingerprintCheck, {
          id: randomUUID(),
          patient: input.patientId,
          refs: [`biometric_person:${input.personId}`],
          body: {
            person: input.personId,
            admission: input.admissionId,
            occasion: input.occasion,
            finger,
            matched: likeness.matched,
            score: likeness.score,
            oneIn: likeness.oneIn,
            algorithm: matcher.algorithm,
          },
        });
        return ok({ matched: likeness.matched, finger });
      });
    },

    'fingerprint.search': async (input, ctx) => {
      const used = captures.use([input.captureId], ctx);
      if (!used.ok) return used;
      const shut = await gallery.refresh(store.sql);
      const among = personsAmong(input);
      const searched = await matcher.search(input.captureId, among, MOST_CANDIDATES);
      matcher.forget(input.captureId);
      if (!searched.ok) return searched;
      // who withdrew consent while the thread was looking is shown to nobody
      const found = searched.value.found.filter((one) => mayBeFound(one.person));
      const searchId = SearchId.parse(randomUUID());
      const written = store.write(ctx.caller, (tx) => {
        tx.append(fingerprintSearch, {
          id: searchId,
          body: {
            reason: input.reason,
            shown: found.map(({ person, score }) => ({ person, score })),
            searched: searched.value.searched,
            algorithm: matcher.algorithm,
          },
        });
        return ok(null);
      });
      if (!written.ok) return written;
      forgetOldSearches();
      searches.set(searchId, { session: ctx.caller.sessionId, at: deps.now(), found });
      return ok({
        searchId,
        searched: searched.value.searched,
        withoutKey: [...shut].filter((person) => among === null || among.has(person)).length,
        falseAlarm: falseAlarm(matcher.oneIn, searched.value.fingers),
        candidates: candidatesOf(found),
      });
    },

    'fingerprint.confirmFound': async ({ searchId, personId, captureId }, ctx) => {
      forgetOldSearches();
      const search = searches.get(searchId);
      const first = search?.found.find((one) => one.person === personId);
      if (!search || search.session !== ctx.caller.sessionId || !first) return fail('not_found');
      const person = personById(store.sql).get(personId);
      if (!person) return fail('not_found');
      const compared = await compare({ personId, patientId: person.patient_id, captureId }, 'find', ctx);
      if (!compared.ok) return compared;
      const { likeness } = compared.value;
      const finger = Finger.parse(likeness.finger);
      if (!likeness.matched) return ok({ matched: false, finger, patientId: null });
      // the same finger again says nothing the first one did not say
      if (likeness.finger === first.finger) return fail('second_finger_needed');
      return store.write(ctx.caller, (tx) => {
        const still = consentingPerson(tx.sql, personId, person.patient_id, 'find');
        if (!still.ok) return still;
        tx.append(fingerprintFound, {
          id: searchId,
          patient: person.patient_id,
          body: { person: personId, finger, score: likeness.score, oneIn: likeness.oneIn },
        });
        return ok({ matched: true, finger, patientId: PatientId.parse(person.patient_id) });
      });
    },

    'fingerprint.gallery': async () => {
      const numbers = gallery.numbers(store.sql);
      const { bytes } = await matcher.stats();
      return ok({
        ...numbers,
        bytes,
        oneIn: matcher.oneIn,
        falseAlarmOneFinger: falseAlarm(matcher.oneIn, numbers.fingers),
        // two fingers of one hand err independently of each other as far as anybody has measured
        falseAlarmTwoFingers: falseAlarm(matcher.oneIn ** 2, numbers.people),
      });
    },

    'fingerprint.confirm': ({ document, ...asked }, ctx) =>
      confirmBytes({ ...asked, document: Buffer.from(document, 'base64') }, ctx),
  };
  return { handlers, confirmBytes };

  async function confirmBytes(
    { document, ...asked }: Parameters<Confirm>[0],
    ctx: Pick<Context, 'caller'>,
  ): ReturnType<Confirm> {
    if (!isStayOf(asked.admissionId, asked.patientId)) return fail('not_found');
    // somebody who is a relative no more answers for nobody
    if (isRelativeNoMore(asked.personId)) return fail('not_found');
    const compared = await compare(asked, 'confirm', ctx);
    if (!compared.ok) return compared;
    const { likeness, person, reader } = compared.value;
    if (!likeness.matched) return ok({ matched: false, evidenceId: null, evidence: null });
    const evidenceId = randomUUID();
    const holder = nameOf(person);
    const patient = deps.patientOf(store.sql, asked.patientId);
    if (!holder || !patient) return fail('not_found');
    const evidence = evidenceOf({
      id: evidenceId,
      document,
      title: asked.title,
      mediaType: asked.mediaType,
      at: deps.now(),
      center: deps.center(),
      station: { id: store.station.id, name: deps.stationName() },
      operator: { id: ctx.caller.userId, name: ctx.caller.fullName },
      witness: asked.witness,
      patient: { id: asked.patientId, name: patient.fullName },
      admission: asked.admissionId,
      person: { id: person.id, role: person.kind, ...holder },
      match: {
        finger: likeness.finger,
        score: likeness.score,
        oneIn: likeness.oneIn,
        algorithm: matcher.algorithm,
        reader,
      },
    });
    return store.write(ctx.caller, (tx) => {
      const still = consentingPerson(tx.sql, asked.personId, asked.patientId, 'confirm');
      if (!still.ok) return still;
      tx.append(fingerprintEvidence, {
        id: evidenceId,
        patient: asked.patientId,
        refs: [`biometric_person:${person.id}`],
        body: {
          person: person.id,
          admission: asked.admissionId,
          document: sha256Hex(document),
          evidence,
        },
      });
      return ok({ matched: true, evidenceId, evidence });
    });
  }

  function isStayOf(admissionId: string | null, patientId: string): boolean {
    return admissionId === null || deps.patientOfStay(store.sql, admissionId) === patientId;
  }

  function isRelativeNoMore(personId: string): boolean {
    const person = personById(store.sql).get(personId);
    if (person?.kind !== 'relative') return false;
    const relatives = deps.relativesOf(store.sql, person.patient_id);
    return relatives.find(({ id }) => id === person.relative_id)?.endedAt !== null;
  }

  /** One capture against all fingers of one person who consented to it. */
  async function compare(
    asked: { readonly personId: string; readonly patientId: string; readonly captureId: string },
    purpose: 'recognise' | 'find' | 'confirm',
    ctx: Pick<Context, 'caller'>,
  ): Promise<Result<{ likeness: Likeness & { matched: boolean }; person: PersonRow; reader: string }>> {
    const person = consentingPerson(store.sql, asked.personId, asked.patientId, purpose);
    if (!person.ok) return person;
    const used = captures.use([asked.captureId], ctx);
    if (!used.ok) return used;
    const rows = sealedFingers(store.sql).all(asked.personId);
    const fingers = keyed(keys, rows);
    if (fingers.length === 0) {
      matcher.forget(asked.captureId);
      return fail(rows.length === 0 ? 'not_found' : 'finger_key_missing');
    }
    const likeness = await matcher.compare(asked.captureId, fingers);
    wipeKeys(fingers);
    matcher.forget(asked.captureId);
    if (!likeness.ok) return likeness;
    return ok({ likeness: likeness.value, person: person.value, reader: used.value[0]?.reader ?? '' });
  }

  function forgetOldSearches(): void {
    for (const [id, { at }] of searches) if (deps.now() - at > SEARCH_KEPT_MS) searches.delete(id);
  }

  function mayBeFound(personId: string): boolean {
    const person = personById(store.sql).get(personId);
    return person !== undefined && consentingPerson(store.sql, personId, person.patient_id, 'find').ok;
  }

  function personsAmong(asked: {
    readonly sex: string | null;
    readonly bornFrom: number | null;
    readonly bornTo: number | null;
  }): ReadonlySet<string> | null {
    if (asked.sex === null && asked.bornFrom === null && asked.bornTo === null) return null;
    const patients = deps.patientsLike(store.sql, asked);
    // a relative's own sex and age are not known, so relatives are never left out
    return new Set(
      everyPerson(store.sql)
        .all()
        .flatMap(({ id, kind, patient_id }) => (kind === 'relative' || patients.has(patient_id) ? [id] : [])),
    );
  }

  function candidatesOf(found: readonly Likeness[]): z.output<typeof Candidate>[] {
    const persons = found.flatMap((one) => {
      const person = personById(store.sql).get(one.person);
      return person ? [{ one, person }] : [];
    });
    const patients = deps.identitiesOf(
      store.sql,
      persons.map(({ person }) => person.patient_id),
    );
    return persons.flatMap(({ one, person }) => {
      const patient = patients.get(person.patient_id);
      const holder = nameOf(person);
      if (!patient || !holder) return [];
      const self = person.kind === 'patient';
      return [
        {
          personId: PersonId.parse(person.id),
          patientId: PatientId.parse(person.patient_id),
          kind: person.kind,
          ...holder,
          patientName: patient.fullName,
          birthDate: self ? patient.birthDate : null,
          sex: self ? patient.sex : null,
          address: self ? deps.addressOf(store.sql, person.patient_id) : null,
          recordNumber: patient.recordNumber,
          likeness: likenessOf(one.oneIn),
          score: one.score,
          otherFingers: fingersOf(store.sql)
            .all(person.id)
            .filter(({ finger, key }) => finger !== one.finger && keys.has({ person: person.id, id: key }))
            .map(({ finger }) => Finger.parse(finger)),
        },
      ];
    });
  }

  function nameOf(person: PersonRow): { name: string; relation: string | null } | null {
    if (person.kind === 'patient') {
      const patient = deps.patientOf(store.sql, person.patient_id);
      return patient && { name: patient.fullName, relation: null };
    }
    const relative = deps
      .relativesOf(store.sql, person.patient_id)
      .find(({ id }) => id === person.relative_id);
    return relative ? { name: relative.fullName, relation: relative.relation } : null;
  }
}

function wipeKeys(all: readonly Pick<KeyedFinger, 'key'>[]): void {
  for (const { key } of all) key.fill(0);
}

const likenessOf = (oneIn: number): 'very' | 'fairly' | 'slightly' =>
  oneIn >= VERY_LIKE ? 'very' : oneIn >= FAIRLY_LIKE ? 'fairly' : 'slightly';

const everyPerson = statement<[], { id: string; kind: string; patient_id: string }>(
  'SELECT id, kind, patient_id FROM biometric_person WHERE withdrawn_at IS NULL',
);
