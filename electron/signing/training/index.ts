// Signing in training mode: an authority whose key is public and tokens that are simulated.
export { trainingRoot } from './authority.ts';
export { withTrainingLine } from './line.ts';
export {
  type Holder,
  openTrainingTokens,
  type TrainingTokens,
  type TrainingTokensOptions,
  trainingPin,
} from './tokens.ts';
