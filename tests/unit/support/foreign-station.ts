// Changes of a PC nobody can vouch for, as they come over the line to a program that is running: any author, any body the
// model lets through.
import { expect } from 'vitest';
import { sha256 } from '../../../electron/store/crypto.ts';
import type { OpenStore } from '../../../electron/store/types.ts';
import type { ChangeKind } from '../../../shared/model/change.ts';
import { encodeChange } from '../../../shared/sync/codec.ts';
import { makeHlc } from '../../../shared/time/hlc.ts';

export interface ForeignStation {
  /** Takes effect at once; fails the test where the store does not take it. */
  writes(
    kind: ChangeKind,
    about: { readonly documentId: string; readonly patientId: string; readonly author: string | null },
    body: Readonly<Record<string, unknown>>,
  ): void;
}

/** Its clock is some seconds ahead, so that what it writes comes last. */
export function foreignStation(store: () => OpenStore, now: () => number): ForeignStation {
  let seq = 0;
  let prev = '0'.repeat(64);
  return {
    writes(kind, { documentId, patientId, author }, body) {
      seq += 1;
      const stored = encodeChange(
        {
          ...{ station: 'ee'.repeat(16), incarnation: 1, lane: kind.lane, seq, prev },
          hlc: makeHlc(now() + 5_000 + seq, 0),
          wall: now(),
          ...{ author, session: null, app: 'other', kind: kind.kind, v: kind.v },
          subject: { type: 'document', id: documentId },
          ...{ patient: patientId, refs: [], body },
        },
        kind,
      );
      prev = sha256(stored).toString('hex');
      expect(store().ingest([stored])).toMatchObject({ ok: true, value: { accepted: 1, parked: 0 } });
    },
  };
}
