// What the tables say of fingers is the same in whatever order the changes came, and when they are filled anew.
import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { model } from '../../../electron/fingerprint/projections.ts';
import { tableDigest } from '../../../electron/store/digest.ts';
import { tablesOf } from '../../../electron/store/projections.ts';
import type { OpenStore, Tx } from '../../../electron/store/types.ts';
import { ok } from '../../../shared/api/contract.ts';
import {
  biometricConsent,
  biometricErased,
  biometricWithdraw,
  fingerprintCheck,
  fingerprintDrop,
  fingerprintEnrol,
  fingerprintEvidence,
  fingerprintFound,
  fingerprintSearch,
  fingerprintUnable,
} from '../../../shared/model/fingerprints.ts';
import { exchange, openTestStore } from '../support/open-test-store.ts';

const areas = [model];
const patient = randomUUID();
const person = randomUUID();
const search = randomUUID();
const author = { userId: 'u', sessionId: 's' };
const write = (store: OpenStore, change: (tx: Tx) => void): void => {
  store.write(author, (tx) => {
    change(tx);
    return ok(null);
  });
};

const consent = (tx: Tx) =>
  tx.append(biometricConsent, {
    id: person,
    patient,
    body: {
      holder: { kind: 'patient' },
      purposes: ['recognise'],
      way: 'spoken',
      by: null,
      witness: null,
      text: 'vi-1',
    },
  });
const enrol = (finger: 1 | 2, sealed: string) => (tx: Tx) =>
  tx.append(fingerprintEnrol, {
    id: person,
    patient,
    body: { finger, sealed: [sealed], algorithm: 1, quality: 80, reader: 'R', key: 'k'.repeat(11) },
  });

/** Two PCs that consent was given at, and that worked apart for a while. */
function apart(): [OpenStore, OpenStore] {
  const a = openTestStore(areas, { station: 'a' });
  const b = openTestStore(areas, { station: 'b' });
  write(a, consent);
  exchange(a, b);
  return [a, b];
}

const digest = (store: OpenStore): unknown => tableDigest(store.sql, tablesOf(areas));

describe('the tables of fingers', () => {
  it('come out the same on every PC, however their changes met, and when filled anew', () => {
    const [a, b] = apart();
    write(a, enrol(1, 'a1'));
    write(b, enrol(1, 'b1'));
    write(b, enrol(2, 'b2'));
    write(a, (tx) => {
      tx.append(fingerprintUnable, {
        id: randomUUID(),
        patient,
        body: {
          holder: { kind: 'patient' },
          finger: 3,
          reason: 'injured',
          note: null,
          fallback: 'paper',
          witness: null,
        },
      });
      tx.append(fingerprintSearch, {
        id: search,
        body: { reason: 'unconscious', shown: [{ person, score: 0.3 }], searched: 9, algorithm: 1 },
      });
    });
    exchange(a, b);
    write(b, (tx) => {
      tx.append(fingerprintFound, {
        id: search,
        patient,
        body: { person, finger: 2, score: 0.4, oneIn: 10_000 },
      });
      tx.append(fingerprintCheck, {
        id: randomUUID(),
        patient,
        body: {
          person,
          admission: null,
          occasion: 'transfusion',
          finger: 1,
          matched: true,
          score: 0.4,
          oneIn: 1_000,
          algorithm: 1,
        },
      });
      tx.append(fingerprintEvidence, {
        id: randomUUID(),
        patient,
        body: { person, admission: null, document: 'ab'.repeat(32), evidence: '{}' },
      });
    });
    write(a, (tx) => tx.append(fingerprintDrop, { id: person, patient, body: { finger: 2, reason: null } }));
    exchange(a, b);
    expect(digest(b)).toEqual(digest(a));
    const live = digest(a);
    a.rebuild();
    expect(digest(a)).toEqual(live);
    const late = openTestStore(areas, { station: 'c' });
    exchange(late, b);
    expect(digest(late)).toEqual(live);
    const fingers = a.sql.prepare('SELECT finger, sealed FROM fingerprint ORDER BY finger').all();
    expect(fingers).toHaveLength(1);
    expect(fingers[0]).toMatchObject({ finger: 1 });
  });

  it('show no finger of somebody who withdrew, also not one another PC enrolled meanwhile', () => {
    const [a, b] = apart();
    write(a, enrol(1, 'a1'));
    exchange(a, b);
    write(a, (tx) => tx.append(biometricWithdraw, { id: person, patient, body: { reason: null } }));
    write(b, enrol(2, 'b2'));
    exchange(a, b);
    for (const pc of [a, b]) {
      expect(pc.sql.prepare('SELECT count(*) FROM fingerprint').pluck().get()).toBe(0);
      write(pc, (tx) => tx.append(biometricErased, { id: person, patient, body: {} }));
    }
    exchange(a, b);
    expect(a.sql.prepare('SELECT count(*) FROM biometric_erasure').pluck().get()).toBe(2);
    expect(digest(b)).toEqual(digest(a));
  });
});
