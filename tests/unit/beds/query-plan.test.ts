// Hot queries of beds and stays must find their rows by index; a scan of `admission` grows with the years.
import { expect, it } from 'vitest';
import * as rules from '../../../electron/clinic/admissions/projection.ts';
import * as stays from '../../../electron/clinic/admissions/queries.ts';
import * as beds from '../../../electron/clinic/beds/queries.ts';
import * as inbox from '../../../electron/clinic/conflicts/queries.ts';
import { openTestStore } from '../support/open-test-store.ts';
import { areas } from '../support/stay-center.ts';

const hot: [string, { text: string }, string[]][] = [
  ['beds of a ward (board, free beds)', beds.bedsQuery, ['bed_ward']],
  ['rooms of a ward', beds.roomsQuery, ['room_ward']],
  ['beds by ids', beds.bedsOfList, []],
  ['open stays of a ward (board, round, tasks)', stays.openStaysOfWardQuery, ['admission_ward']],
  ['open stays of patients', stays.openStaysOfQuery, ['admission_patient']],
  ['stays of a patient', stays.staysOfPatientQuery, ['admission_patient']],
  ['stays voided in favour of another', stays.voidedForQuery, ['admission_settlement_about']],
  ['occupants of beds (free beds)', stays.occupantsQuery, ['admission_bed']],
  ['open places of all wards', stays.openPlacesQuery, ['admission_ward']],
  ['moves of a stay', stays.movesQuery, ['admission_move_stay']],
  ['highest admission number', stays.lastNumberQuery, ['admission_number']],
  ['who lies in a bed (double bed)', rules.doubleBedQuery, ['admission_bed']],
  ['open stays of one patient (two stays)', rules.twoStaysQuery, ['admission_patient']],
  ['decisions about a bed or patient', rules.settledQuery, ['admission_settlement_about']],
  ['open conflicts (inbox, board)', inbox.openConflicts, ['conflict_open']],
];

it.each(hot)('%s', (_name, query, indexes) => {
  const { sql } = openTestStore(areas);
  const blanks = new Array(query.text.split('?').length - 1).fill('[]');
  const plan = sql
    .prepare<string[], { detail: string }>(`EXPLAIN QUERY PLAN ${query.text}`)
    .all(...blanks)
    .map((row) => row.detail);
  for (const index of indexes) expect(plan.join('\n')).toContain(index);
  const scans = plan.filter((d) => /^SCAN (?!list|w\b|kept\b)/.test(d) && !d.includes('USING INDEX'));
  expect(scans).toEqual([]);
});
