// Signatures as the changes of one paper have them: each with the name a verdict on it is kept under, and whether it is
// a signature at all. What else decides, whose certificate it is and which roles its author had, lies in other tables.
import type { Change } from '../../../shared/model/change.ts';
import { documentDelegate, documentEvidence, documentSign } from '../../../shared/model/documents.ts';
import { canonicalJson, type Json } from '../../../shared/text/canonical-json.ts';
import { sha256Hex } from '../../store/crypto.ts';
import { type OfKind, ofKind } from './of-kind.ts';
import type { FrozenVersion } from './projection.ts';

/** By arithmetic alone, and always the same; the signing room's, given by the core. */
export interface ContainerReader {
  /** One signature with this certificate over bytes of this hash. */
  addsUp(container: Uint8Array, digest: string, certificate: string): boolean;
  /** The same signature with a time-stamp beside it. */
  isStampedCopy(original: Uint8Array, stamped: Uint8Array): boolean;
}

export interface SignAct extends OfKind<typeof documentSign.body> {
  readonly n: number;
  readonly container: string;
  readonly judged: string;
  readonly addsUp: boolean;
  readonly asked: boolean;
  readonly act: string;
}

/**
 * Each signature once. The name of an act covers the paper and what its version says, step, bytes, certificate, name,
 * author, container and all that came later for it: another of any of these is looked at anew.
 */
export function signActs(
  id: string,
  changes: readonly Change[],
  versions: readonly FrozenVersion[],
  containers: ContainerReader,
): SignAct[] {
  const evidence = Map.groupBy(ofKind(changes, documentEvidence), ({ body }) => body.container);
  const asks = new Set(
    ofKind(changes, documentDelegate).map(({ body }) => `${body.content}/${body.step}/${body.to}`),
  );
  const kept = new Map<string, SignAct>();
  for (const [n, { change, body }] of ofKind(changes, documentSign).entries()) {
    const container = sha256Hex(body.container);
    const later = evidence.get(container) ?? [];
    const stamped = later
      .flatMap((one) => one.body.stamped ?? [])
      .find((one) => containers.isStampedCopy(body.container, one));
    const judged = stamped ? sha256Hex(stamped) : container;
    const asked = asks.has(`${body.content}/${body.step}/${change.author}`);
    const { content, step, over, digest, certificate, signer } = body;
    const act = sha256Hex(
      canonicalJson([
        ...[id, content, step, over, digest, certificate, signer, change.author, container, judged, asked],
        later.map((one) => [one.body.ocsp.map(sha256Hex), [...one.body.crl]]),
        (versions.find((one) => one.content === content) ?? null) as unknown as Json,
      ]),
    );
    if (kept.has(act)) continue;
    const addsUp = containers.addsUp(body.container, digest, certificate);
    kept.set(act, { change, body, n, container, judged, addsUp, asked, act });
  }
  return [...kept.values()];
}
