// A center of several PCs on real stores, founded and enrolled in the record as the program would, without any line.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { allModels } from '../../../electron/core.ts';
import { makeStationIdentity } from '../../../electron/station/certificate.ts';
import { changeStoreOf } from '../../../electron/store/change-store.ts';
import { sha256 } from '../../../electron/store/crypto.ts';
import type { OpenStore, Tx } from '../../../electron/store/types.ts';
import type { KnownStation } from '../../../electron/sync/types.ts';
import type { Carrier } from '../../../electron/sync/usb.ts';
import { zstd } from '../../../electron/sync/zstd.ts';
import { ok } from '../../../shared/api/contract.ts';
import { patientRegister } from '../../../shared/model/patients.ts';
import { centerSetup, stationEnrol, stationRevoke } from '../../../shared/model/station.ts';
import { createFrames } from '../../../shared/sync/frames.ts';
import { feedKey } from '../../../shared/sync/port.ts';
import { openTestStore, stationId, testNow } from '../support/open-test-store.ts';

export const nobody = { userId: null, sessionId: null };

export interface TestPc {
  readonly store: OpenStore;
  readonly name: string;
  readonly keyPem: string;
  readonly certificatePem: string;
  /** Answers the patient's id. */
  register(fullName: string): string;
}

/** A PC with its own keys and an empty store. */
export async function pc(name: string): Promise<TestPc> {
  const store = openTestStore(allModels, { station: name });
  const id = store.station.id;
  const made = await makeStationIdentity({ id, name, centerName: 'Trung tâm', now: testNow });
  return {
    store,
    name,
    ...made,
    register(fullName) {
      const patient = crypto.randomUUID();
      write(store, (tx) => append(tx, patient, fullName));
      return patient;
    },
  };
}

/** Many in one transaction. */
export const registerMany = (store: OpenStore, count: number): void =>
  write(store, (tx) => {
    for (let n = 0; n < count; n++) append(tx, crypto.randomUUID(), `Người số ${n}`);
  });

function append(tx: Tx, patient: string, fullName: string): void {
  tx.append(patientRegister, {
    id: patient,
    patient,
    body: {
      recordNumber: '2601A00001',
      unidentified: false,
      unidentifiedNote: null,
      notDuplicates: [],
      fullName,
      sex: '2',
      birthDate: '1985',
    },
  });
}

export function write(store: OpenStore, work: (tx: Tx) => unknown): void {
  const written = store.write(nobody, (tx) => {
    work(tx);
    return ok(null);
  });
  if (!written.ok) throw new Error(written.error.code);
}

/** Writes the center and all its PCs into the record of the first one. */
export function found(
  first: TestPc,
  others: readonly TestPc[],
  center: string = crypto.randomUUID(),
): string {
  write(first.store, (tx) => {
    tx.append(centerSetup, {
      id: center,
      body: { name: 'Trung tâm Y tế Thử Nghiệm', facilityCode: null, provinceCode: '40' },
    });
    [first, ...others].forEach(({ store, name, certificatePem }, i) => {
      tx.append(stationEnrol, {
        id: store.station.id,
        body: { name, code: `0${i + 1}`, certificate: certificatePem },
      });
    });
  });
  return center;
}

export const revoke = (by: TestPc, who: TestPc): void =>
  write(by.store, (tx) =>
    tx.append(stationRevoke, { id: who.store.station.id, body: { reason: 'mất cắp' } }),
  );

/** As core.ts makes it, the list of PCs read from the record of `list`. */
export function carrierOf(
  me: TestPc,
  center: string,
  list: OpenStore = me.store,
  more: Partial<Carrier> = {},
): Carrier {
  return {
    changes: changeStoreOf(me.store),
    frames: () => createFrames({ codec: zstd, dictionary: null, sha256 }),
    center,
    station: { id: me.store.station.id, code: '01', keyPem: me.keyPem },
    app: 'test',
    stations: () =>
      list.sql
        .prepare<[], KnownStation>('SELECT id, name, certificate, revoked_at AS revokedAt FROM station_pc')
        .all(),
    provinceCertificate: () => null,
    held: () => new Map(),
    provinceHolds: async () => 0,
    now: () => testNow,
    ...more,
  };
}

export const headsOf = (store: OpenStore): Map<string, number> =>
  new Map(
    store.feeds().flatMap((feed) => {
      const lane = feed.lane === 0 || feed.lane === 1 || feed.lane === 2 ? feed.lane : 0;
      return [[feedKey({ ...feed, lane }), feed.seq] as const];
    }),
  );

export function folder(): string {
  const made = mkdtempSync(join(tmpdir(), 'tram-stick-'));
  onTestFinished(() => rmSync(made, { recursive: true, force: true }));
  return made;
}

export { stationId };
