// Vital signs and NEWS2: what other rooms may use.
import {
  observationCorrect,
  observationRecord,
  observationRestore,
  observationSetScale,
  observationVoid,
} from '../../../shared/model/observations.ts';
import type { Deps, HandlersOf } from '../../store/room.ts';
import type { AreaModel } from '../../store/types.ts';
import { commands } from './commands.ts';
import { observationProjection, scaleProjection } from './projection.ts';
import { type ObservationNeeds, queries } from './queries.ts';

export type { LastWeight, LatestVitals, ObservationNeeds } from './queries.ts';
export { admissionTimes, lastWeightOf, latestOf, setsForTimeline } from './queries.ts';
export { settleObservation, settleScale } from './settle.ts';

export const model: AreaModel = {
  kinds: [observationRecord, observationCorrect, observationVoid, observationRestore, observationSetScale],
  projections: [observationProjection, scaleProjection],
};

export const handlers = (
  deps: Deps & ObservationNeeds,
): HandlersOf<
  | 'observations.record'
  | 'observations.recordRound'
  | 'observations.correct'
  | 'observations.void'
  | 'observations.setScale'
  | 'observations.list'
  | 'observations.round'
  | 'observations.scale'
> => ({ ...queries(deps), ...commands(deps) });
