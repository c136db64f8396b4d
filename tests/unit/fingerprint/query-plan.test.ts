// What is asked for every patient's page, every capture and every search must find its rows by index.
import { expect, it } from 'vitest';
import { everyFinger, findable, sealedFingers } from '../../../electron/fingerprint/gallery.ts';
import { sealedWith } from '../../../electron/fingerprint/key-place.ts';
import * as people from '../../../electron/fingerprint/people.ts';
import { model } from '../../../electron/fingerprint/projections.ts';
import { openTestStore } from '../support/open-test-store.ts';

const hot: [string, { text: string }, string][] = [
  ['people of a patient', people.personsOfPatient, 'biometric_person_patient'],
  ['a person', people.personById, 'sqlite_autoindex_biometric_person'],
  ['fingers of a person', people.fingersOf, 'sqlite_autoindex_fingerprint_1'],
  ['templates of a person (1:1)', sealedFingers, 'sqlite_autoindex_fingerprint_1'],
  ['what could not be taken', people.unableOfPatient, 'fingerprint_unable_patient'],
  ['the last check of a person', people.lastCheck, 'fingerprint_check_person'],
  ['who dropped a person’s key', people.erasuresOf, 'sqlite_autoindex_biometric_erasure_1'],
];

it.each(hot)('%s', (_name, { text }, index) => {
  const { sql } = openTestStore([model]);
  const blanks = new Array(text.split('?').length - 1).fill('');
  const plan = sql
    .prepare<string[], { detail: string }>(`EXPLAIN QUERY PLAN ${text}`)
    .all(...blanks)
    .map(({ detail }) => detail);
  expect(plan.join('\n')).toContain(index);
  expect(plan.filter((detail) => detail.startsWith('SCAN'))).toEqual([]);
});

it.each([
  ['which keys are missing', sealedWith],
  ['who may be found', findable],
  ['numbers of the gallery', everyFinger],
])('%s goes through everybody’s fingers without reading a template', (_name, { text }) => {
  const { sql } = openTestStore([model]);
  const plan = sql.prepare<[], { detail: string }>(`EXPLAIN QUERY PLAN ${text}`).all();
  expect(plan.map(({ detail }) => detail).join('\n')).toContain('USING COVERING INDEX fingerprint_outline');
});
