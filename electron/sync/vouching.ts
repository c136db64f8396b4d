// Signs how far this PC has written its own feeds, so that whoever holds the record can tell what it wrote from what
// somebody else wrote in its name. Seldom: every signature is a change that goes everywhere.
import { ok } from '../../shared/api/contract.ts';
import { stationVouch } from '../../shared/model/station.ts';
import { toBase64Url, type VouchedHead, vouchBytes, vouchSubject } from '../../shared/sync/vouch.ts';
import { lastVouch } from '../store/authorship.ts';
import { ecSign, ecVerify } from '../store/crypto.ts';
import { leftHeads } from '../store/left-heads.ts';
import { storeMetaOf } from '../store/meta.ts';
import type { Log } from '../store/room.ts';
import type { OpenStore } from '../store/types.ts';
import type { Keys } from './line.ts';

export interface Vouching {
  /** Something was committed. */
  grew(): void;
  /** A peer and this PC have told each other everything. */
  caughtUp(): void;
  /** The program closes: signs once more when there is something to sign. */
  close(): void;
}

/** Between two signatures, whatever happens: some 50 a day and PC, of a quarter of a kilobyte on the line. */
export const VOUCH_EVERY_MS = 10 * 60_000;

export function keepVouching(parts: {
  readonly store: OpenStore;
  /** Null until the record names this PC with its certificate. */
  keys(): Keys | null;
  readonly everyMs: number;
  readonly log: Log;
}): Vouching {
  const { store, log } = parts;
  const ownHeads = store.sql.prepare<[string, number], { lane: 0 | 1 | 2; seq: number; head: Buffer }>(
    'SELECT lane, seq, head FROM feed WHERE station = ? AND incarnation = ? AND seq > 0 ORDER BY lane',
  );
  let covered: Covered | null = null;
  /** Monotonic ms: a clock that is set must not stop it. */
  let signedAt: number | null = null;
  let timer: NodeJS.Timeout | null = null;
  let closed = false;
  let unfit = false;

  return {
    grew() {
      if (!closed && timer === null && isAnythingNew()) wait(parts.everyMs);
    },
    caughtUp() {
      if (closed || !isAnythingNew()) return;
      const left =
        signedAt === null || leftHeads(storeMetaOf(store.sql)).length > 0
          ? 0
          : Math.max(0, signedAt + parts.everyMs - performance.now());
      if (left > 0 && timer !== null) return;
      wait(left);
    },
    close() {
      closed = true;
      stopWaiting();
      if (store.sql.open && isAnythingNew()) sign();
    },
  };

  function wait(ms: number): void {
    stopWaiting();
    timer = setTimeout(() => {
      timer = null;
      if (closed || !store.sql.open || !isAnythingNew()) return;
      sign();
    }, ms);
    timer.unref();
  }

  function stopWaiting(): void {
    if (timer !== null) clearTimeout(timer);
    timer = null;
  }

  /** Of our own, behind the last signature. The signature itself is no news, or two places would sign for ever. */
  function isAnythingNew(): boolean {
    if (!store.sql.open || unfit) return false;
    const { byLane } = coveredNow();
    return (
      heads().some(({ lane, seq }) => seq > (byLane.get(lane) ?? 0)) ||
      leftHeads(storeMetaOf(store.sql)).length > 0
    );
  }

  function heads(): VouchedHead[] {
    const { id, incarnation } = store.station;
    return ownHeads
      .all(id, incarnation)
      .map(({ lane, seq, head }) => ({ incarnation, lane, seq, hash: head.toString('hex') }));
  }

  function coveredNow(): Covered {
    const { id, incarnation } = store.station;
    if (covered?.incarnation === incarnation) return covered;
    const last = lastVouch(store.sql, { station: id, incarnation });
    const named = last ? (stationVouch.body.safeParse(last.body).data?.heads ?? []) : [];
    covered = coveredBy(incarnation, [...named, ...(last ? [last] : [])]);
    return covered;
  }

  function sign(): void {
    const keys = parts.keys();
    if (!keys) return;
    const writer = { station: store.station.id, incarnation: store.station.incarnation };
    const written = store.write({ userId: null, sessionId: null }, (tx) => {
      const meta = storeMetaOf(tx.sql);
      const left = leftHeads(meta);
      const named = [...left, ...heads()];
      if (named.length === 0) return ok(null);
      const bytes = vouchBytes(writer, named);
      const signature = ecSign(keys.keyPem, bytes);
      if (!ecVerify(keys.certificatePem, bytes, signature)) {
        unfit = true;
        return ok(null);
      }
      meta.drop('left_heads');
      return ok(
        tx.append(stationVouch, {
          id: vouchSubject(writer),
          body: { heads: named, signature: toBase64Url(signature) },
        }),
      );
    });
    signedAt = performance.now();
    if (unfit) log('error', 'the key of this PC does not fit the certificate the record names');
    if (!written.ok) {
      log('error', 'this PC could not sign its feeds', { code: written.error.code });
      return;
    }
    const vouch = written.value;
    if (vouch) covered = coveredBy(writer.incarnation, [...vouch.body.heads, vouch]);
  }
}

interface Covered {
  readonly incarnation: number;
  /** Last number signed. */
  readonly byLane: ReadonlyMap<number, number>;
}

/** Heads of feeds that were left are signed too, and say nothing of the lanes of this incarnation. */
const coveredBy = (
  incarnation: number,
  signed: readonly { readonly incarnation: number; readonly lane: number; readonly seq: number }[],
): Covered => ({
  incarnation,
  byLane: new Map(
    signed.filter((head) => head.incarnation === incarnation).map(({ lane, seq }) => [lane, seq]),
  ),
});
