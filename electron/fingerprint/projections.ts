// Fills the tables of people, fingers, checks and evidence. Withdrawing consent is for good: whatever another station
// enrolled meanwhile is shown nowhere either.

import { purposes } from '../../shared/codes/fingerprints.ts';
import { type Change, versionOf } from '../../shared/model/change.ts';
import {
  biometricConsent,
  biometricErased,
  biometricWithdraw,
  fingerprintCheck,
  fingerprintDrop,
  fingerprintEnrol,
  fingerprintEvidence,
  fingerprintFound,
  fingerprintKinds,
  fingerprintSearch,
  fingerprintUnable,
} from '../../shared/model/fingerprints.ts';
import { statement } from '../store/statement.ts';
import type { AreaModel, Projection } from '../store/types.ts';

const person: Projection = {
  subject: 'biometric_person',
  tables: ['biometric_person', 'fingerprint', 'biometric_erasure'],
  project({ sql }, id, changes) {
    deletePerson(sql).run(id);
    deleteFingers(sql).run(id);
    deleteErasures(sql).run(id);
    const consented = changes.find((c) => c.kind === biometricConsent.kind);
    if (!consented?.patient) return {};
    const { holder, way, by, witness } = biometricConsent.body.parse(consented.body);
    const all = changes.filter((c) => c.kind === biometricConsent.kind);
    const given = new Set(all.flatMap((c) => biometricConsent.body.parse(c.body).purposes));
    const withdrawn = changes.find((c) => c.kind === biometricWithdraw.kind);
    insertPerson(sql).run({
      id,
      patient: consented.patient,
      kind: holder.kind,
      relative: holder.kind === 'relative' ? holder.relative : null,
      admission: holder.kind === 'relative' ? holder.admission : null,
      purposes: JSON.stringify(purposes.filter((one) => given.has(one))),
      way,
      givenBy: by && JSON.stringify(by),
      witness,
      consentAt: consented.wall,
      consentBy: consented.author,
      withdrawnAt: withdrawn?.wall ?? null,
      withdrawnBy: withdrawn?.author ?? null,
      withdrawnReason: withdrawn ? biometricWithdraw.body.parse(withdrawn.body).reason : null,
    });
    for (const change of changes)
      if (change.kind === biometricErased.kind) insertErasure(sql).run(id, change.station, change.wall);
    if (!withdrawn) for (const row of fingersOf(changes).values()) insertFinger(sql).run({ id, ...row });
    return {};
  },
};

/** The last word about each finger. */
function fingersOf(changes: readonly Change[]): ReadonlyMap<number, Record<string, unknown>> {
  const fingers = new Map<number, Record<string, unknown>>();
  for (const change of changes) {
    if (change.kind === fingerprintDrop.kind) fingers.delete(fingerprintDrop.body.parse(change.body).finger);
    if (change.kind !== fingerprintEnrol.kind) continue;
    const { finger, sealed, algorithm, quality, reader, key } = fingerprintEnrol.body.parse(change.body);
    fingers.set(finger, {
      finger,
      sealed: JSON.stringify(sealed),
      algorithm,
      quality,
      reader,
      key,
      at: change.wall,
      by: change.author,
      station: change.station,
      version: versionOf(change),
    });
  }
  return fingers;
}

const unable: Projection = {
  subject: 'fingerprint_unable',
  tables: ['fingerprint_unable'],
  project({ sql }, id, [said]) {
    deleteUnable(sql).run(id);
    if (!said?.patient) return {};
    const { holder, ...body } = fingerprintUnable.body.parse(said.body);
    insertUnable(sql).run({
      id,
      patient: said.patient,
      kind: holder.kind,
      relative: holder.kind === 'relative' ? holder.relative : null,
      ...body,
      at: said.wall,
      by: said.author,
    });
    return {};
  },
};

const check: Projection = {
  subject: 'fingerprint_check',
  tables: ['fingerprint_check'],
  project({ sql }, id, [done]) {
    deleteCheck(sql).run(id);
    if (!done?.patient) return {};
    const { matched, ...body } = fingerprintCheck.body.parse(done.body);
    insertCheck(sql).run({
      id,
      patient: done.patient,
      ...body,
      matched: matched ? 1 : 0,
      at: done.wall,
      by: done.author,
    });
    return {};
  },
};

const search: Projection = {
  subject: 'fingerprint_search',
  tables: ['fingerprint_search'],
  project({ sql }, id, changes) {
    deleteSearch(sql).run(id);
    const asked = changes.find((c) => c.kind === fingerprintSearch.kind);
    if (!asked) return {};
    const { reason, shown, searched } = fingerprintSearch.body.parse(asked.body);
    const found = changes.find((c) => c.kind === fingerprintFound.kind);
    insertSearch(sql).run({
      id,
      reason,
      shown: JSON.stringify(shown),
      searched,
      at: asked.wall,
      by: asked.author,
      foundPerson: found ? fingerprintFound.body.parse(found.body).person : null,
      foundAt: found?.wall ?? null,
    });
    return {};
  },
};

const evidence: Projection = {
  subject: 'fingerprint_evidence',
  tables: ['fingerprint_evidence'],
  project({ sql }, id, [given]) {
    deleteEvidence(sql).run(id);
    if (!given?.patient) return {};
    insertEvidence(sql).run({
      id,
      patient: given.patient,
      ...fingerprintEvidence.body.parse(given.body),
      at: given.wall,
      by: given.author,
    });
    return {};
  },
};

export const model: AreaModel = {
  kinds: fingerprintKinds,
  projections: [person, unable, check, search, evidence],
};

type Row = [Record<string, unknown>];
const deletePerson = statement<[string]>('DELETE FROM biometric_person WHERE id = ?');
const deleteFingers = statement<[string]>('DELETE FROM fingerprint WHERE person_id = ?');
const deleteErasures = statement<[string]>('DELETE FROM biometric_erasure WHERE person_id = ?');
const deleteUnable = statement<[string]>('DELETE FROM fingerprint_unable WHERE id = ?');
const deleteCheck = statement<[string]>('DELETE FROM fingerprint_check WHERE id = ?');
const deleteSearch = statement<[string]>('DELETE FROM fingerprint_search WHERE id = ?');
const deleteEvidence = statement<[string]>('DELETE FROM fingerprint_evidence WHERE id = ?');
const insertPerson = statement<Row>(`
  INSERT INTO biometric_person (id, patient_id, kind, relative_id, admission_id, purposes, way, given_by, witness,
    consent_at, consent_by, withdrawn_at, withdrawn_by, withdrawn_reason)
  VALUES (@id, @patient, @kind, @relative, @admission, @purposes, @way, @givenBy, @witness,
    @consentAt, @consentBy, @withdrawnAt, @withdrawnBy, @withdrawnReason)`);
const insertFinger = statement<Row>(`
  INSERT INTO fingerprint (person_id, finger, sealed, algorithm, quality, reader, at, by, station, version, key)
  VALUES (@id, @finger, @sealed, @algorithm, @quality, @reader, @at, @by, @station, @version, @key)`);
const insertErasure = statement<[string, string, number]>(
  'INSERT INTO biometric_erasure (person_id, station, at) VALUES (?, ?, ?) ON CONFLICT DO NOTHING',
);
const insertUnable = statement<Row>(`
  INSERT INTO fingerprint_unable (id, patient_id, kind, relative_id, finger, reason, note, fallback, witness, at, by)
  VALUES (@id, @patient, @kind, @relative, @finger, @reason, @note, @fallback, @witness, @at, @by)`);
const insertCheck = statement<Row>(`
  INSERT INTO fingerprint_check (id, patient_id, person_id, admission_id, occasion, finger, matched, score, one_in,
    algorithm, at, by)
  VALUES (@id, @patient, @person, @admission, @occasion, @finger, @matched, @score, @oneIn, @algorithm, @at, @by)`);
const insertSearch = statement<Row>(`
  INSERT INTO fingerprint_search (id, reason, shown, searched, at, by, found_person, found_at)
  VALUES (@id, @reason, @shown, @searched, @at, @by, @foundPerson, @foundAt)`);
const insertEvidence = statement<Row>(`
  INSERT INTO fingerprint_evidence (id, patient_id, person_id, admission_id, document, evidence, at, by)
  VALUES (@id, @patient, @person, @admission, @document, @evidence, @at, @by)`);
