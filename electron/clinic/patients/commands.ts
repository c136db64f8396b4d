// Changing what is known of a person. An edit names the versions it saw; one made on an outdated screen is
// refused here, one made on another PC meets it later and is merged or shown as a conflict.
import { fail, ok, type Result } from '../../../shared/api/contract.ts';
import { relations } from '../../../shared/api/patients.ts';
import { workingName } from '../../../shared/codes/unidentified.ts';
import {
  demographicFields,
  identifierEnd,
  identifierResume,
  patientIdentify,
  patientUpdate,
  relativeEnd,
  relativeFields,
  relativeResume,
  relativeUpdate,
} from '../../../shared/model/patients.ts';
import { sameValue } from '../../../shared/sync/merge.ts';
import type { Context, Deps, HandlersOf } from '../../store/room.ts';
import type { Tx } from '../../store/types.ts';
import {
  checkDemographics,
  checkIdentifier,
  checkRelative,
  nothingWrong,
  tidyDemographics,
  tidyRelative,
  type Wrong,
} from './check.ts';
import {
  type DemographicValues,
  demographicsOf,
  identifierById,
  identifiersOfPatient,
  oneOf,
  patientById,
  type RelativeRow,
  relativeById,
} from './queries.ts';
import { addIdentifier, addRelative } from './register.ts';
import { numberKey } from './words.ts';

export function commands(
  deps: Deps,
): HandlersOf<
  | 'patients.update'
  | 'patients.addIdentifier'
  | 'patients.endIdentifier'
  | 'patients.addRelative'
  | 'patients.updateRelative'
  | 'patients.endRelative'
> {
  const { store } = deps;
  return {
    'patients.update': (input, ctx) =>
      store.write(ctx.caller, (tx) => {
        const row = patientById(tx.sql).get(input.patientId);
        if (!row) return fail('not_found');
        const before = demographicsOf(row);
        const set = tidyDemographics(input.set);
        const wrong = checkDemographics({ birthDate: before.birthDate, ...set }, deps.now(), 'set');
        const becomesKnown = input.identified === true && row.unidentified === 1;
        const name = set.fullName ?? before.fullName;
        if (becomesKnown && name === workingName(row.record_number)) wrong['set.fullName'] = 'field.required';
        if (!nothingWrong(wrong)) return fail('bad_input', { fields: wrong });

        const changed = demographicFields.filter(
          (f) => set[f] !== undefined && !sameValue(set[f], before[f]),
        );
        const versions: Record<string, string> = JSON.parse(row.versions);
        const stale = outdated(changed, input.saw, versions, 'set');
        if (!nothingWrong(stale)) return fail('stale', { fields: stale });
        if (changed.length === 0 && !becomesKnown) return ok({});

        const reason = input.reason || null;
        if (changed.length > 0) update(tx, row.id, pick(set, changed), versions, reason);
        if (becomesKnown) identify(tx, row.id, false, reason);
        const written = versionsAmong(demographicsVersions(tx, row.id), changed);
        return ok({
          undo: ctx.undo((c) => takeBack(deps, c, row.id, pick(before, changed), written, becomesKnown)),
        });
      }),

    'patients.addIdentifier': (input, ctx) => {
      const wrong = checkIdentifier(input.identifier, 'identifier');
      if (!nothingWrong(wrong)) return fail('bad_input', { fields: wrong });
      return store.write(ctx.caller, (tx) => {
        if (!patientById(tx.sql).get(input.patientId)) return fail('not_found');
        const { type, value } = input.identifier;
        const has = identifiersOfPatient(tx.sql)
          .all(input.patientId)
          .some((n) => n.ended_at === null && n.type === type && n.number === numberKey(value));
        if (has)
          return fail('duplicate_identifier', {
            fields: { 'identifier.value': 'error.duplicate_identifier' },
          });
        return ok({ id: addIdentifier(tx, input.patientId, input.identifier) });
      });
    },

    'patients.endIdentifier': (input, ctx) =>
      store.write(ctx.caller, (tx) => {
        const row = identifierById(tx.sql).get(input.id);
        if (row?.patient_id !== input.patientId) return fail('not_found');
        if (row.ended_at !== null) return fail('already_voided');
        const subject = { id: row.id, patient: row.patient_id, refs: [`identifier:${row.id}`] } as const;
        tx.append(identifierEnd, { ...subject, body: { reason: input.reason } });
        const undo = ctx.undo((c) =>
          store.write(c.caller, (again) => {
            again.append(identifierResume, { ...subject, body: { reason: null } });
            return ok({});
          }),
        );
        return ok({ undo });
      }),

    'patients.addRelative': (input, ctx) => {
      const wrong = checkRelative(input.relative, 'relative');
      if (!nothingWrong(wrong)) return fail('bad_input', { fields: wrong });
      return store.write(ctx.caller, (tx) => {
        if (!patientById(tx.sql).get(input.patientId)) return fail('not_found');
        return ok({ id: addRelative(tx, input.patientId, input.relative) });
      });
    },

    'patients.updateRelative': (input, ctx) => {
      const wrong = checkRelative(input.set, 'set');
      if (!nothingWrong(wrong)) return fail('bad_input', { fields: wrong });
      return store.write(ctx.caller, (tx) => {
        const row = relativeById(tx.sql).get(input.id);
        if (row?.patient_id !== input.patientId) return fail('not_found');
        const before = relativeOf(row);
        const set = tidyRelative(input.set);
        const changed = relativeFields.filter((f) => set[f] !== undefined && !sameValue(set[f], before[f]));
        const versions: Record<string, string> = JSON.parse(row.versions);
        const stale = outdated(changed, input.saw, versions, 'set');
        if (!nothingWrong(stale)) return fail('stale', { fields: stale });
        if (changed.length === 0) return ok({});
        const write = (again: Tx, values: Partial<typeof before>): void => {
          const now = relativeById(again.sql).get(row.id);
          const saw = versionsAmong(now ? JSON.parse(now.versions) : {}, changed);
          again.append(relativeUpdate, {
            id: row.id,
            patient: row.patient_id,
            refs: [`relative:${row.id}`],
            body: { ...values, saw },
          });
        };
        write(tx, pick(set, changed));
        const undo = ctx.undo((c) =>
          store.write(c.caller, (again) => {
            write(again, pick(before, changed));
            return ok({});
          }),
        );
        return ok({ undo });
      });
    },

    'patients.endRelative': (input, ctx) =>
      store.write(ctx.caller, (tx) => {
        const row = relativeById(tx.sql).get(input.id);
        if (row?.patient_id !== input.patientId) return fail('not_found');
        if (row.ended_at !== null) return fail('already_voided');
        const subject = { id: row.id, patient: row.patient_id, refs: [`relative:${row.id}`] } as const;
        tx.append(relativeEnd, { ...subject, body: { reason: input.reason || null } });
        const undo = ctx.undo((c) =>
          store.write(c.caller, (again) => {
            again.append(relativeResume, { ...subject, body: { reason: null } });
            return ok({});
          }),
        );
        return ok({ undo });
      }),
  };
}

/** Fields whose value the screen did not have: never written counts as version ''. */
function outdated(
  fields: readonly string[],
  saw: Readonly<Record<string, string>>,
  versions: Readonly<Record<string, string>>,
  path: string,
): Wrong {
  return Object.fromEntries(
    fields
      .filter((f) => (saw[f] ?? '') !== (versions[f] ?? ''))
      .map((f) => [`${path}.${f}`, 'field.changed_meanwhile']),
  );
}

export function update(
  tx: Tx,
  patientId: string,
  values: Partial<DemographicValues>,
  saw: Readonly<Record<string, string>>,
  reason: string | null,
): void {
  tx.append(patientUpdate, {
    id: patientId,
    patient: patientId,
    refs: [`patient:${patientId}`],
    body: { ...values, reason, saw: versionsAmong(saw, Object.keys(values)) },
  });
}

function identify(tx: Tx, patientId: string, unidentified: boolean, reason: string | null): void {
  tx.append(patientIdentify, {
    id: patientId,
    patient: patientId,
    refs: [`patient:${patientId}`],
    body: { unidentified, reason },
  });
}

/** Only while nobody has written these fields since. */
function takeBack(
  deps: Deps,
  ctx: Context,
  patientId: string,
  before: Partial<DemographicValues>,
  written: Readonly<Record<string, string>>,
  becameKnown: boolean,
): Result<unknown> {
  return deps.store.write(ctx.caller, (tx) => {
    const versions = demographicsVersions(tx, patientId);
    const fields = Object.keys(written);
    if (fields.some((f) => versions[f] !== written[f])) return fail('stale');
    if (fields.length > 0) update(tx, patientId, before, versions, null);
    if (becameKnown) identify(tx, patientId, true, null);
    return ok({});
  });
}

function demographicsVersions(tx: Tx, patientId: string): Record<string, string> {
  const row = patientById(tx.sql).get(patientId);
  return row ? JSON.parse(row.versions) : {};
}

const relativeOf = (row: RelativeRow) => ({
  fullName: row.full_name,
  relation: oneOf(relations, row.relation),
  phone: row.phone,
  cccd: row.cccd,
  address: row.address,
  isGuardian: row.is_guardian === 1,
  note: row.note,
});

function pick<T extends object>(from: T, keys: readonly string[]): Partial<T> {
  const picked: Partial<T> = {};
  for (const key in from) if (keys.includes(key)) picked[key] = from[key];
  return picked;
}

const versionsAmong = (
  versions: Readonly<Record<string, string>>,
  fields: readonly string[],
): Record<string, string> => Object.fromEntries(Object.entries(versions).filter(([f]) => fields.includes(f)));
