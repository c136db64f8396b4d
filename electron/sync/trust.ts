// Who may be spoken to: the PCs of the center as its own log knows them, told by the fingerprints of their keys, and,
// before that log is here, the one place this PC joined through.
import { derOf } from '../../shared/sync/certificate.ts';
import { sha256Hex } from '../store/crypto.ts';
import type { OpenStore } from '../store/types.ts';
import type { Book } from './book.ts';
import type { Callee } from './call.ts';
import type { Keys } from './line.ts';
import { readSetting } from './settings.ts';
import type { KnownStation, SyncNeeds } from './types.ts';

export interface Trust {
  readonly all: () => readonly KnownStation[];
  /** This PC as the log knows it. */
  readonly own: () => KnownStation | undefined;
  /** This PC's own certificate is on the list of revoked ones. */
  readonly isRevoked: () => boolean;
  /** Revoked or not; only what the log names. */
  withKey(fingerprint: string): KnownStation | null;
  /** A station of the center by its key; before the record is here, the one this PC joined through. */
  calleeBy(fingerprint: string): Callee | null;
  mayTalkTo(station: string): boolean;
  /** This PC's own; null before its first run is complete. */
  keys(): Keys | null;
  /** The log has grown by something about stations. */
  readAgain(): void;
}

export function openTrust({ needs, store, book }: { needs: SyncNeeds; store: OpenStore; book: Book }): Trust {
  let known = read();

  return {
    all: () => known.all,
    own: () => known.own,
    isRevoked: () => (known.own?.revokedAt ?? null) !== null,
    withKey: (fingerprint) => known.byPrint.get(fingerprint) ?? null,
    calleeBy(fingerprint) {
      const station = known.byPrint.get(fingerprint);
      if (station)
        return station.revokedAt === null && station.id !== store.station.id
          ? { peer: station.id, station: station.id }
          : null;
      const pinned = book
        .peers()
        .find((one) => one.id !== 'province' && printOf(one.certificate) === fingerprint);
      return pinned && !known.all.some((one) => one.id === pinned.id)
        ? { peer: pinned.id, station: pinned.id }
        : null;
    },
    mayTalkTo(station) {
      const there = known.all.find((one) => one.id === station);
      return there ? there.revokedAt === null : (book.peer(station)?.certificate ?? null) !== null;
    },
    keys() {
      const keyPem = needs.stationKey(store);
      // the one made with the key, where this PC kept it: what the record says of us may be somebody else's word
      const certificatePem = readSetting(store, 'syncCertificate') ?? known.own?.certificate;
      return keyPem !== null && certificatePem ? { keyPem, certificatePem } : null;
    },
    readAgain() {
      known = read();
    },
  };

  function read() {
    const all = needs.stations(store);
    const byPrint = new Map<string, KnownStation>();
    for (const station of all) {
      const print = printOf(station.certificate);
      if (print !== null) byPrint.set(print, station);
    }
    return { all, byPrint, own: all.find((one) => one.id === store.station.id) };
  }
}

/** SHA-256 of a certificate, as a TLS connection shows it; null for none and for what is no certificate. */
export function printOf(pem: string | null): string | null {
  const certificate = pem === null ? null : derOf(pem);
  return certificate && sha256Hex(certificate);
}
