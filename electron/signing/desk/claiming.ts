// Saying that a certificate is one's own, proven with its key; and, where two say so, an administrator's word on it.
import { fail, ok, type Result } from '../../../shared/api/contract.ts';
import { claimText, signerConfirm } from '../../../shared/model/signing.ts';
import type { HandlersOf, People } from '../../store/room.ts';
import type { Store } from '../../store/types.ts';
import { signCades } from '../cms/index.ts';
import type { SigningKey } from '../types.ts';
import type { Claims } from './claims.ts';

/** Codes: those of the key; token_missing: closed meanwhile. */
export async function proofOfClaim(
  owner: string,
  key: SigningKey | null,
  at: number,
): Promise<Result<Buffer>> {
  const [algorithm] = key?.algorithms ?? [];
  if (!key) return fail('token_missing');
  if (algorithm === undefined) return fail('algorithm_unfit');
  return signCades({ content: Buffer.from(claimText(owner)), key, algorithm, at });
}

export function claimsHandlers({
  store,
  claims,
  people,
  changed,
}: {
  readonly store: Store;
  readonly claims: Claims;
  readonly people: People;
  changed(): void;
}): HandlersOf<'signing.contested' | 'signing.settleClaim'> {
  return {
    'signing.contested': () =>
      ok({
        certificates: claims.contested().flatMap(([first, ...others]) =>
          first
            ? [
                {
                  certificateId: first.certificate,
                  name: first.name,
                  personNumber: first.personNumber,
                  issuer: first.issuer,
                  claims: [first, ...others].map(({ owner, at, station }) => ({
                    owner,
                    ownerName: people.nameOf(owner),
                    at,
                    stationName: people.stationName(station),
                  })),
                },
              ]
            : [],
        ),
      }),

    'signing.settleClaim': ({ certificateId, owner }, { caller }) => {
      if (owner === caller.userId) return fail('not_allowed');
      if (!claims.of(owner).some((one) => one.certificate === certificateId)) return fail('not_found');
      const written = store.write(caller, (tx) => {
        tx.append(signerConfirm, { id: owner, body: { certificate: certificateId } });
        return ok(null);
      });
      if (written.ok) changed();
      return written;
    },
  };
}
