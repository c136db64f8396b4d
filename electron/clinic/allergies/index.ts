// Allergies: what other rooms may use.
import {
  allergyAdd,
  allergyDeclareNone,
  allergyRefute,
  allergyRestore,
  allergyUpdate,
  allergyWithdrawNone,
} from '../../../shared/model/allergies.ts';
import type { Deps, HandlersOf } from '../../store/room.ts';
import type { AreaModel } from '../../store/types.ts';
import { type AllergyNeeds, commands } from './commands.ts';
import { allergyProjection, declarationProjection } from './projection.ts';
import { queries } from './queries.ts';

export type { AllergyNeeds } from './commands.ts';
export type { AllergyAnswer, AllergyState } from './queries.ts';
export { allergiesForTimeline, allergyStatusOf } from './queries.ts';
export { settleAllergy } from './settle.ts';

export const model: AreaModel = {
  kinds: [allergyAdd, allergyUpdate, allergyRefute, allergyRestore, allergyDeclareNone, allergyWithdrawNone],
  projections: [allergyProjection, declarationProjection],
};

export const handlers = (
  deps: Deps & AllergyNeeds,
): HandlersOf<
  'allergies.get' | 'allergies.declareNone' | 'allergies.add' | 'allergies.update' | 'allergies.refute'
> => ({ ...queries(deps), ...commands(deps) });
