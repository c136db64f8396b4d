// Which of the two fields a refused joining is about, so that the sentence stands under it.
import type { Failure } from '../../shared/api/contract.ts';
import type { ErrorCode } from '../../shared/api/errors.ts';

const fields: Partial<Record<ErrorCode, 'address' | 'code'>> = {
  peer_unreachable: 'address',
  peer_not_tram: 'address',
  wrong_peer: 'address',
  code_wrong: 'code',
  code_used: 'code',
};

/** `null`: neither field is at fault, or both are named by the failure itself. */
export const joinFieldOf = (failure: Failure): 'address' | 'code' | 'fields' | null =>
  failure.fields?.address !== undefined || failure.fields?.code !== undefined
    ? 'fields'
    : (fields[failure.code] ?? null);
