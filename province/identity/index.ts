// People across centers: who is known where, who may be the same person, and answers for other centers' stations.
export { type Action, type Decision, decide, groupsOf, type NewDecision } from './decisions.ts';
export { type Following, followLogs } from './follow.ts';
export type { Reason } from './likeness.ts';
export { lookupOf } from './lookup.ts';
export { keyText, ordered, type PersonKey } from './rows.ts';
export {
  countsOf,
  type PairState,
  type PersonSide,
  poisoned,
  type Suggestion,
  speaksAgainst,
  speaksFor,
  suggestions,
} from './suggestions.ts';
