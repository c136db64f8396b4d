// The conflict inbox: what two people wrote without seeing each other, in readable words, and who may settle it.
import type { Database } from 'better-sqlite3';
import { fail, ok, type Result } from '../../../shared/api/contract.ts';
import { DocumentId } from '../../../shared/api/documents.ts';
import { ConflictId, PatientId } from '../../../shared/api/ids.ts';
import type { Context, Deps, HandlersOf } from '../../store/room.ts';
import type { AreaModel } from '../../store/types.ts';
import { bedLabel, bedsById, wardsById } from '../beds/index.ts';
import type { PaperInConflict } from '../documents/index.ts';
import { type Conflict, conflictOf, conflictsOf, patientsOf } from './queries.ts';
import { readSide, wordsOf } from './words.ts';

export { type Conflict, patientsInConflict } from './queries.ts';

/** The settling writes no kinds of its own: each area settles its own conflicts with its own changes. */
export const model: AreaModel = { kinds: [], projections: [] };

/** Appends what makes `choice` (one of the sides) hold and the conflict settled. */
export type Settler = (
  ctx: Context,
  conflict: Conflict,
  choice: string,
  reason: string | null,
) => Result<unknown>;

export interface Needs {
  /** By type of the subject whose fields collide; conflicts between stays go to `admission`. */
  readonly settlers: Readonly<Record<string, Settler>>;
  identitiesOf(
    sql: Database,
    patientIds: readonly string[],
  ): ReadonlyMap<string, { readonly fullName: string }>;
  /** Null when the conflict's paper is not there. */
  paperOf(documentId: string, key: string): PaperInConflict | null;
}

export function handlers(deps: Deps & Needs): HandlersOf<'conflicts.list' | 'conflicts.settle'> {
  const { store, people } = deps;
  const paperOf = ({ owner, key }: Conflict) =>
    owner.startsWith('document:') ? deps.paperOf(owner.slice(owner.indexOf(':') + 1), key) : null;
  return {
    'conflicts.list'({ settled, patientId }) {
      const found = conflictsOf(store.sql, settled).filter(
        (c) => patientId === undefined || patientsOf(c).includes(patientId),
      );
      const names = deps.identitiesOf(store.sql, [...new Set(found.flatMap(patientsOf))]);
      const places = placesOf(store.sql, found);
      return ok(
        found.map((c) => {
          const paper = paperOf(c);
          return {
            id: ConflictId.parse(c.id),
            kind: c.kind,
            patientId: c.patient === null ? null : PatientId.parse(c.patient),
            patientName: c.patient === null ? null : (names.get(c.patient)?.fullName ?? null),
            people: patientsOf(c).flatMap((id) => names.get(id)?.fullName ?? []),
            subjectKey: c.subjectKey,
            paper: paper && {
              documentId: DocumentId.parse(paper.documentId),
              title: paper.title,
              field: paper.field,
            },
            since: c.since,
            sides: c.sides.map((side) => {
              const read = readSide(side.value);
              return {
                choice: side.choice,
                value: paper
                  ? paper.valueOf(side.choice)
                  : wordsOf(side.value, { ...places, person: (id) => nameBeside(c, names.get(id)) }),
                at: side.wall,
                by: people.nameOf(side.author),
                station: people.stationName(side.station),
                current: side.current,
                act: read?.act ?? null,
              };
            }),
            settled: c.settled && {
              at: c.settled.wall,
              by: people.nameOf(c.settled.author),
              choice: c.settled.choice,
              reason: c.settled.reason,
            },
          };
        }),
      );
    },

    'conflicts.settle'({ id, choice, reason }, ctx) {
      const conflict = conflictOf(store.sql, id);
      if (!conflict) return fail('not_found');
      if (conflict.settled) return fail('already_settled');
      if (!conflict.sides.some((s) => s.choice === choice))
        return fail('bad_input', { fields: { choice: 'field.bad_value' } });
      const settle = settlerOf(deps.settlers, conflict);
      const written = settle(ctx, conflict, choice, reason || null);
      return written.ok ? ok({}) : written;
    },
  };
}

/** Where the sides are two people, each is named; else the conflict's own patient says who it is about. */
const nameBeside = (conflict: Conflict, who: { readonly fullName: string } | undefined): string | null =>
  conflict.patient === null ? (who?.fullName ?? null) : null;

/** Throws when an area reports conflicts and gave no way to settle them: a bug of the program. */
function settlerOf(settlers: Needs['settlers'], { owner }: Conflict): Settler {
  const type = owner.startsWith('key:') ? 'admission' : owner.slice(0, owner.indexOf(':'));
  const settler = Object.hasOwn(settlers, type) ? settlers[type] : undefined;
  if (!settler) throw new Error(`nobody settles conflicts of ${type}`);
  return settler;
}

function placesOf(sql: Database, conflicts: readonly Conflict[]) {
  const sides = conflicts.flatMap((c) => c.sides.flatMap((s) => readSide(s.value) ?? []));
  const beds = bedsById(
    sql,
    sides.flatMap((s) => s.bed ?? []),
  );
  const wards = wardsById(sql);
  return {
    ward: (id: string) => wards.get(id)?.name ?? null,
    bed: (id: string) => {
      const bed = beds.get(id);
      return bed ? bedLabel(bed) : null;
    },
  };
}
