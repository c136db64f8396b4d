// Asks a time-stamping authority over HTTP (RFC 3161, 3.4) and believes its answer only when it is an answer to this
// question: the same digest, the same nonce, the policy that was asked for, a signature that adds up.
import { fail, ok } from '../../../shared/api/contract.ts';
import { randomOctets, sha256 } from '../crypto.ts';
import { parsed } from '../der/read.ts';
import type { Fetch, TimeStamper } from '../types.ts';
import { stateOf } from '../verdict.ts';
import { stampRequest, tokenOfResponse } from './request.ts';
import { lookAtStamp } from './verify.ts';

export interface StamperOptions {
  readonly url: string;
  readonly fetch: Fetch;
  /** Object identifier of the authority's policy; null or absent: its own choice. */
  readonly policy?: string | null;
  /** ms; default 10 s. */
  readonly deadline?: number;
}

/** A token with its chain is some 5 kB; one that does not fit a change's body is no use. */
const mostBytes = 30_000;

/** Whether its authority is one that we trust is asked when the stamp is verified, not here. */
export function timeStamper({ url, fetch, policy = null, deadline = 10_000 }: StamperOptions): TimeStamper {
  return async (bytes) => {
    const imprint = sha256(bytes);
    const nonce = positive(randomOctets(16));
    const answer = await fetch({
      url,
      method: 'POST',
      body: stampRequest({ hash: 'sha256', imprint, policy, nonce }),
      contentType: 'application/timestamp-query',
      deadline,
      most: mostBytes,
    });
    if (!answer.ok) return fail('stamp_unreachable');
    const token = parsed(() => tokenOfResponse(answer.value));
    const look = token === null ? null : lookAtStamp(token);
    if (token === null || look === null || stateOf(look.reasons) === 'invalid') return fail('stamp_refused');
    const { stamp } = look;
    const fits =
      stamp.hash === 'sha256' &&
      stamp.imprint.equals(imprint) &&
      stamp.nonce === nonce &&
      (policy === null || stamp.policy === policy);
    return fits ? ok(token) : fail('stamp_refused');
  };
}

/** Never zero and never negative, which some authorities refuse. */
const positive = (octets: Buffer): bigint => (BigInt(`0x${octets.toString('hex')}`) >> 1n) + 1n;
