// Training's revocation list, as if it came from the line: verdicts in training are to look as they will in real work.
import { fail, ok } from '../../../shared/api/contract.ts';
import type { Fetch } from '../types.ts';
import { revocationUrl, trainingRevocations } from './authority.ts';

/** Answers for training's own address; everything else goes on to `fetch`, or nowhere where that is null. */
export const withTrainingLine =
  (fetch: Fetch | null, now: () => number): Fetch =>
  async (request) => {
    if (request.url === revocationUrl) return ok(trainingRevocations(now()));
    return fetch ? fetch(request) : fail('peer_unreachable');
  };
