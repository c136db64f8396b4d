// A new person: identity, numbers and relatives in one transaction, each a subject of its own.
import { randomUUID } from 'node:crypto';
import type * as z from 'zod';
import { fail, ok, type Result } from '../../../shared/api/contract.ts';
import { IdentifierId, PatientId, RelativeId } from '../../../shared/api/ids.ts';
import type { Identifier, Relative } from '../../../shared/api/patients.ts';
import { workingName } from '../../../shared/codes/unidentified.ts';
import { identifierAdd, patientRegister, relativeAdd } from '../../../shared/model/patients.ts';
import type { Deps, HandlersOf, ParsedInput } from '../../store/room.ts';
import type { Tx } from '../../store/types.ts';
import {
  checkDemographics,
  checkIdentifiers,
  checkRelative,
  nothingWrong,
  tidyDemographics,
  tidyRelative,
  type Wrong,
} from './check.ts';
import { nextRecordNumber } from './record-number.ts';

export interface NumberNeeds {
  /** Two digits of the station and the letter of its incarnation, e.g. `01A`. */
  numberPrefix(): string;
}

export function registration(deps: Deps & NumberNeeds): HandlersOf<'patients.register'> {
  return {
    'patients.register': (input, ctx) => {
      const wrong = checkRegistration(input, deps.now());
      if (!nothingWrong(wrong)) return fail('bad_input', { fields: wrong });
      return deps.store.write(ctx.caller, (tx) => register(tx, input, deps));
    },
  };
}

function checkRegistration(input: ParsedInput<'patients.register'>, nowMs: number): Wrong {
  const wrong = { ...checkDemographics(input.demographics, nowMs), ...checkIdentifiers(input.identifiers) };
  for (const [i, r] of input.relatives.entries()) Object.assign(wrong, checkRelative(r, `relatives.${i}`));
  if (!input.unidentified && !input.demographics.fullName) wrong['demographics.fullName'] = 'field.required';
  return wrong;
}

function register(
  tx: Tx,
  input: ParsedInput<'patients.register'>,
  deps: Deps & NumberNeeds,
): Result<{ patientId: PatientId; recordNumber: string }> {
  const patientId = PatientId.parse(randomUUID());
  const recordNumber = nextRecordNumber(tx.sql, deps.numberPrefix(), deps.now());
  const demographics = tidyDemographics(input.demographics);
  tx.append(patientRegister, {
    id: patientId,
    patient: patientId,
    body: {
      ...said(demographics),
      sex: input.demographics.sex,
      fullName: demographics.fullName || workingName(recordNumber),
      recordNumber,
      unidentified: input.unidentified,
      unidentifiedNote: input.unidentifiedNote || null,
      notDuplicates: input.notDuplicates,
    },
  });
  for (const number of input.identifiers) addIdentifier(tx, patientId, number);
  for (const relative of input.relatives) addRelative(tx, patientId, relative);
  return ok({ patientId, recordNumber });
}

export function addIdentifier(tx: Tx, patientId: string, n: z.output<typeof Identifier>): IdentifierId {
  const id = IdentifierId.parse(randomUUID());
  tx.append(identifierAdd, {
    id,
    patient: patientId,
    refs: [`patient:${patientId}`],
    body: {
      type: n.type,
      value: n.value,
      issuedOn: n.issuedOn ?? null,
      validFrom: n.validFrom ?? null,
      validTo: n.validTo ?? null,
      facilityCode: n.facilityCode || null,
    },
  });
  return id;
}

export function addRelative(tx: Tx, patientId: string, relative: z.output<typeof Relative>): RelativeId {
  const id = RelativeId.parse(randomUUID());
  tx.append(relativeAdd, {
    id,
    patient: patientId,
    refs: [`patient:${patientId}`],
    body: said(tidyRelative(relative)),
  });
  return id;
}

/** Leaves out what is empty: the log keeps only what was said. */
function said<T extends object>(values: T): T {
  const kept = { ...values };
  for (const key in kept) if (kept[key] === null || kept[key] === undefined) delete kept[key];
  return kept;
}
