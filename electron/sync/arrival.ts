// How this PC came to its center, and the name it gives itself there once it has the whole record.
import { ok } from '../../shared/api/contract.ts';
import { stationEnrol } from '../../shared/model/station.ts';
import type { OpenStore } from '../store/types.ts';
import type { Book } from './book.ts';
import { freeCode } from './invites.ts';
import { readSetting, writeSetting } from './settings.ts';
import type { SyncNeeds } from './types.ts';

/** What joining has settled, for the store it made. */
export interface Arrival {
  readonly certificatePem: string;
  readonly stationName: string;
  readonly peer: {
    readonly kind: 'province' | 'hub';
    readonly station: string;
    readonly name: string;
    readonly address: string;
    readonly certificate: string;
  };
}

export function keepArrival(
  { store, book, now }: { store: OpenStore; book: Book; now(): number },
  { certificatePem, stationName, peer }: Arrival,
): void {
  writeSetting(store, 'syncCertificate', certificatePem);
  writeSetting(store, 'syncName', stationName);
  const id = peer.kind === 'province' ? 'province' : peer.station;
  book.note(id, {
    name: peer.name,
    address: peer.address,
    certificate: peer.certificate,
    station: peer.station,
    enrolledAt: now(),
  });
  if (peer.kind === 'hub') writeSetting(store, 'syncAddresses', [peer.address]);
}

/**
 * A PC that joined through the province, which writes no names into the record, names itself once it has the whole
 * record and sees which numbers are free.
 */
export function nameSelf(store: OpenStore, log: SyncNeeds['log']): void {
  const certificate = readSetting(store, 'syncCertificate');
  if (!certificate) return;
  const taken = store.sql.prepare<[], string>('SELECT code FROM station_pc').pluck().all();
  const named = store.write({ userId: null, sessionId: null }, (tx) => {
    tx.append(stationEnrol, {
      id: store.station.id,
      body: { name: readSetting(store, 'syncName') ?? '', code: freeCode(taken), certificate },
    });
    return ok(null);
  });
  if (!named.ok) log('error', 'this PC could not name itself in the record', { code: named.error.code });
}
