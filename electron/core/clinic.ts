// Wires the clinical areas: what one needs of another is handed over here, so that none imports its neighbour's inside.

import { ok, type Result } from '../../shared/api/contract.ts';
import { model as allergies } from '../clinic/allergies/index.ts';
import { model as beds, layOutWard } from '../clinic/beds/index.ts';
import { model as notes } from '../clinic/notes/index.ts';
import { model as observations } from '../clinic/observations/index.ts';
import type { WardLayouts } from '../station/index.ts';
import type { Deps, Handlers } from '../store/room.ts';
import type { AreaModel, OpenStore, Tx } from '../store/types.ts';

export const clinicModels: readonly AreaModel[] = [beds, observations, allergies, notes];

export interface ClinicNeeds extends Deps {
  numberPrefix(): string;
  overdueHours(): number;
  dropDraft(sql: Deps['store']['sql'], userId: string, key: string): void;
}

export function clinicHandlers(_needs: ClinicNeeds): Partial<Handlers> {
  return {};
}

export function layOutWards(tx: Tx, wards: WardLayouts): Result<null> {
  for (const ward of wards) layOutWard(tx, ward);
  return ok(null);
}

/** What the core itself asks of the areas. */
export const lookups = {
  patientNames: (_store: OpenStore, _ids: readonly string[]): ReadonlyMap<string, string> => new Map(),
  countPatients: (_store: OpenStore): number => 0,
  patientOf: (_store: OpenStore | null, _input: unknown): string | null => null,
};
