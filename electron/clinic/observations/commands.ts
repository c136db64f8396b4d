// Writing vital signs. Values beyond the possible are refused, unusual ones pass once confirmed, and a
// recorded set is only ever corrected by a further version.
import { randomUUID } from 'node:crypto';
import type { Database } from 'better-sqlite3';
import type * as z from 'zod';
import { type Failure, fail, ok, type Result } from '../../../shared/api/contract.ts';
import { type AdmissionId, ObservationId } from '../../../shared/api/ids.ts';
import type { VitalMethods, VitalValues } from '../../../shared/api/observations.ts';
import { type News2, news2Table } from '../../../shared/codes/news2.ts';
import {
  hasAnyVital,
  noVitals,
  tidyVitals,
  type VitalProblem,
  vitalKeys,
  vitalProblems,
} from '../../../shared/codes/vitals.ts';
import {
  observationCorrect,
  observationRecord,
  observationRestore,
  observationSetScale,
  observationVoid,
} from '../../../shared/model/observations.ts';
import { ageForScale } from '../../../shared/time/age.ts';
import { timeProblem } from '../../../shared/time/within-stay.ts';
import type { Context, Deps, HandlersOf } from '../../store/room.ts';
import type { Tx } from '../../store/types.ts';
import type { StayFacts } from '../needs.ts';
import {
  type MergedField,
  methodsOf,
  news2Of,
  type ObservationNeeds,
  type ObservationRow,
  observationById,
  scaleOf,
  valuesOf,
  versionsOf,
} from './queries.ts';

export function commands(
  deps: Deps & ObservationNeeds,
): HandlersOf<
  | 'observations.record'
  | 'observations.recordRound'
  | 'observations.correct'
  | 'observations.void'
  | 'observations.setScale'
> {
  const { store } = deps;
  return {
    'observations.record': (input, ctx) =>
      store.write(ctx.caller, (tx) => {
        const set = prepare(deps, tx.sql, input);
        if (!set.ok) return set;
        const { observationId, news2 } = record(tx, set.value);
        return ok({ observationId, news2, undo: ctx.undo((c) => takeBack(deps, c, [observationId])) });
      }),

    /** Every row is judged before any is written; the good ones then cost one wait for the disk, not forty. */
    'observations.recordRound': (input, ctx) =>
      store.write(ctx.caller, (tx) => {
        const rows = input.rows.map((row) => {
          const set = prepare(deps, tx.sql, { ...row, at: input.at }, input.wardId);
          return set.ok
            ? { admissionId: row.admissionId, ...record(tx, set.value), error: null }
            : { admissionId: row.admissionId, observationId: null, news2: null, error: set.error };
        });
        const recorded = rows.flatMap((r) => r.observationId ?? []);
        if (recorded.length === 0) return ok({ rows });
        return ok({ rows, undo: ctx.undo((c) => takeBack(deps, c, recorded)) });
      }),

    'observations.correct': (input, ctx) =>
      store.write(ctx.caller, (tx) => {
        const row = observationById(tx.sql).get(input.observationId);
        if (!row) return fail('not_found');
        if (row.voided === 1) return fail('already_voided');
        const stay = deps.stayOf(tx.sql, row.admission_id);
        if (!stay) return fail('not_found');
        const early = timeProblem(input.at, stay, deps.now());
        if (early) return fail(early, { fields: { at: `error.${early}` } });

        const before = { ...valuesOf(row), ...methodsOf(row), note: row.note, at: row.at };
        const values = { ...valuesOf(row), ...tidyVitals(input.values) };
        const after = { ...before, ...values, ...input.methods, note: input.note, at: input.at };
        const changed = correctable.filter((k) => after[k] !== before[k]);
        if (changed.length === 0 || !hasAnyVital(values)) return fail('nothing_recorded');
        const kept = vitalKeys.filter((k) => !changed.includes(k));
        const wrong = firstProblem(values, [...input.confirmed, ...kept]);
        if (wrong) return { ok: false, error: wrong };

        const versions = versionsOf(row);
        const sent = new Set([...changed, ...(touchesPressure(changed) ? pressureKeys : [])]);
        const fields = new Set<MergedField>([...changed.map(mergedField), 'basis', 'voided']);
        tx.append(observationCorrect, {
          id: row.id,
          patient: row.patient_id,
          body: {
            ...Object.fromEntries([...sent].map((k) => [k, after[k]])),
            ...basisOf(deps, tx.sql, stay, input.at),
            ...(input.confirmed.length > 0 && { confirmed: input.confirmed }),
            reason: input.reason,
            saw: Object.fromEntries([...fields].map((f) => [f, input.saw?.[f] ?? versions[f]])),
          },
        });
        return ok({ news2: scoreOf(tx.sql, row.id) });
      }),

    'observations.void': (input, ctx) =>
      store.write(ctx.caller, (tx) => {
        const row = observationById(tx.sql).get(input.observationId);
        if (!row) return fail('not_found');
        if (row.voided === 1) return fail('already_voided');
        strikeOut(tx, row, input.reason);
        return ok({ undo: ctx.undo((c) => restore(deps, c, row.id)) });
      }),

    'observations.setScale': (input, ctx) =>
      store.write(ctx.caller, (tx) => {
        const stay = deps.stayOf(tx.sql, input.admissionId);
        if (!stay) return fail('not_found');
        if (stay.status === 'voided') return fail('not_admitted');
        const reason = input.reason === '' ? null : input.reason;
        if (input.scale === 2 && reason === null)
          return fail('reason_required', { fields: { reason: 'field.required' } });
        const before = scaleOf(tx.sql).get(input.admissionId)?.scale ?? 1;
        setScale(tx, stay, input.scale, reason);
        const undo = ctx.undo((c) =>
          store.write(c.caller, (again) => {
            setScale(again, stay, before, null);
            return ok({});
          }),
        );
        return ok({ undo });
      }),
  };
}

interface Measurement {
  readonly admissionId: AdmissionId;
  readonly at: number;
  readonly values: Partial<VitalValues>;
  readonly methods: Partial<VitalMethods>;
  readonly note: string | null;
  readonly confirmed: readonly string[];
}

/** A set that may be written. */
interface Prepared {
  readonly stay: StayFacts;
  readonly body: z.input<typeof observationRecord.body>;
}

function prepare(
  deps: Deps & ObservationNeeds,
  sql: Database,
  input: Measurement,
  onWard?: string,
): Result<Prepared> {
  const stay = deps.stayOf(sql, input.admissionId);
  if (!stay) return fail('not_found');
  if (stay.status === 'voided') return fail('not_admitted');
  if (onWard !== undefined && stay.wardId !== onWard) return fail('wrong_ward');
  const early = timeProblem(input.at, stay, deps.now());
  if (early) return fail(early, { fields: { at: `error.${early}` } });
  const values = { ...noVitals, ...tidyVitals(input.values) };
  if (!hasAnyVital(values)) return fail('nothing_recorded');
  const wrong = firstProblem(values, input.confirmed);
  if (wrong) return { ok: false, error: wrong };
  const body = {
    admission: stay.admissionId,
    at: input.at,
    ...basisOf(deps, sql, stay, input.at),
    ...present(values),
    ...present(input.methods),
    ...(input.note && { note: input.note }),
    ...(input.confirmed.length > 0 && { confirmed: [...input.confirmed] }),
  };
  return ok({ stay, body });
}

function record(tx: Tx, { stay, body }: Prepared): { observationId: ObservationId; news2: News2 } {
  const observationId = ObservationId.parse(randomUUID());
  tx.append(observationRecord, {
    id: observationId,
    patient: stay.patientId,
    refs: [`admission:${stay.admissionId}`],
    body,
  });
  return { observationId, news2: scoreOf(tx.sql, observationId) };
}

/** Undo within seconds: struck out without a reason, still in the record. */
const takeBack = (deps: Deps, ctx: Context, ids: readonly string[]): Result<unknown> =>
  deps.store.write(ctx.caller, (tx) => {
    for (const id of ids) {
      const row = observationById(tx.sql).get(id);
      if (row?.voided === 0) strikeOut(tx, row, null);
    }
    return ok({});
  });

function strikeOut(tx: Tx, row: ObservationRow, reason: string | null): void {
  tx.append(observationVoid, {
    id: row.id,
    patient: row.patient_id,
    body: { reason, saw: { voided: versionsOf(row).voided } },
  });
}

const restore = (deps: Deps, ctx: Context, id: string): Result<unknown> =>
  deps.store.write(ctx.caller, (tx) => {
    const row = observationById(tx.sql).get(id);
    if (!row) return fail('not_found');
    tx.append(observationRestore, {
      id,
      patient: row.patient_id,
      body: { reason: null, saw: { voided: versionsOf(row).voided } },
    });
    return ok({});
  });

function setScale(tx: Tx, stay: StayFacts, scale: 1 | 2, reason: string | null): void {
  const before = scaleOf(tx.sql).get(stay.admissionId);
  tx.append(observationSetScale, {
    id: stay.admissionId,
    patient: stay.patientId,
    refs: [`admission:${stay.admissionId}`],
    body: { scale, reason, saw: before ? { scale: before.version } : {} },
  });
}

/** Facts NEWS2 is scored with, as this PC knows them now. */
function basisOf(deps: Deps & ObservationNeeds, sql: Database, stay: StayFacts, at: number) {
  const identity = deps.identitiesOf(sql, [stay.patientId]).get(stay.patientId);
  return {
    scale: scaleOf(sql).get(stay.admissionId)?.scale ?? 1,
    ageYears: ageForScale(identity?.birthDate ?? null, at, 16),
    pregnant: identity?.pregnant ?? false,
    table: news2Table,
  };
}

/** What the record shows after the change: never a second computation that could differ. */
function scoreOf(sql: Database, id: string): News2 {
  const row = observationById(sql).get(id);
  if (!row) throw new Error('a set of vitals is not shown right after it was written');
  return news2Of(row);
}

const pressureKeys = ['systolic', 'diastolic'] as const;
const touchesPressure = (keys: readonly string[]): boolean => pressureKeys.some((k) => keys.includes(k));

const mergedField = (key: (typeof correctable)[number]): MergedField =>
  key === 'systolic' || key === 'diastolic' ? 'pressure' : key;

const correctable = [...vitalKeys, 'temperatureSite', 'pressureSite', 'posture', 'note', 'at'] as const;

const present = <T extends object>(values: T): Partial<{ [K in keyof T]: NonNullable<T[K]> }> =>
  Object.fromEntries(Object.entries(values).filter(([, v]) => v !== null && v !== undefined)) as Partial<{
    [K in keyof T]: NonNullable<T[K]>;
  }>;

/** All fields at fault, and the sentence of the gravest: what must change before what must be confirmed. */
function firstProblem(values: VitalValues, confirmed: readonly string[]): Failure | null {
  const problems = vitalProblems(values, confirmed);
  const gravest = problems.find((p) => p.why !== 'unusual') ?? problems[0];
  if (!gravest) return null;
  const { field, why, min, max } = gravest;
  return {
    code: 'implausible_value',
    messageKey: why === 'unusual' ? 'error.unusual_value' : 'error.implausible_value',
    params: { field, ...(min !== undefined && max !== undefined && { min, max }) },
    fields: Object.fromEntries(problems.map((p) => [`values.${p.field}`, sentences[p.why]])),
  };
}

const sentences: { readonly [W in VitalProblem['why']]: string } = {
  impossible: 'field.impossible_value',
  too_precise: 'field.too_precise',
  not_below_systolic: 'field.not_below_systolic',
  systolic_missing: 'field.systolic_missing',
  unusual: 'field.unusual_value',
};
