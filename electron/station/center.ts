// Name, code and settings of the center and its PCs, read again after every commit that touched them.
import * as z from 'zod';
import { stationEnrol } from '../../shared/model/station.ts';
import { firstSigner } from '../store/authorship.ts';
import type { Log } from '../store/room.ts';
import type { Store } from '../store/types.ts';
import { readLocal, writeLocal } from './local-settings.ts';
import { standardSettings } from './projections.ts';

export interface Center {
  readonly id: string;
  readonly name: string;
  readonly facilityCode: string | null;
  readonly provinceCode: string;
  readonly autoLockMinutes: number;
  readonly overdueVitalsHours: number;
  readonly versions: Readonly<Record<string, string>>;
}

export interface StationPc {
  readonly id: string;
  readonly name: string;
  /** Two digits */
  readonly code: string;
  /** PEM */
  readonly certificate: string;
  /** ms since 1970 UTC */
  readonly revokedAt: number | null;
}

export interface CenterFacts {
  /** Null in a store that has just been created. */
  center(): Center | null;
  settings(): { readonly autoLockMinutes: number; readonly overdueVitalsHours: number };
  stationName(stationId: string): string;
  /** Every PC the record names, revoked ones too, in order of their codes. */
  stations(): readonly StationPc[];
  /** First part of the numbers this PC mints: two-digit code and the letter of its incarnation. */
  numberPrefix(): string;
}

/**
 * What a PC is known by never changes: whoever joins anew is another PC. So the first certificate seen of a PC stays,
 * whatever another PC writes in its name later, even with a stamp from before: the record is believed in everything
 * else, but a name taken over would be a door. A PC that joins sees all of it at once, in any order: until the record
 * names that PC itself, of several certificates the one whose key first signed the PC's feeds counts. `log` is told of
 * what differs.
 */
export function openCenterFacts(store: Store, log: Log = () => {}): CenterFacts {
  let center: Center | null = null;
  let stations: ReadonlyMap<string, StationPc> = new Map();
  refresh();
  store.onCommit(({ types }) => {
    if (types.has('center') || types.has('station')) refresh();
  });

  return {
    center: () => center,
    settings: () => center ?? standardSettings,
    stationName: (id) => stations.get(id)?.name ?? id.slice(0, 8),
    stations: () => [...stations.values()],
    numberPrefix: () =>
      `${stations.get(store.station.id)?.code ?? '00'}${incarnationLetters(store.station.incarnation)}`,
  };

  function refresh(): void {
    center = readCenter(store);
    const rows = store.sql
      .prepare<[], StationPc>(
        'SELECT id, name, code, certificate, revoked_at AS revokedAt FROM station_pc ORDER BY code, id',
      )
      .all();
    const pinned = pins(rows);
    stations = new Map(
      rows.map((row) => [row.id, { ...row, certificate: pinned.get(row.id) ?? row.certificate }]),
    );
  }

  /** Station → certificate as first seen here. */
  function pins(rows: readonly StationPc[]): ReadonlyMap<string, string> {
    const known = new Map(Object.entries(readLocal(store, 'stationCertificates') ?? {}));
    const fresh = rows.filter(({ id }) => !known.has(id));
    for (const { id, certificate } of fresh) known.set(id, signerOf(id) ?? certificate);
    // before, more of the record may be on its way that tells better
    const isHere = rows.some(({ id }) => id === store.station.id);
    if (isHere && fresh.length > 0) writeLocal(store, 'stationCertificates', Object.fromEntries(known));
    for (const { id, certificate } of rows)
      if (known.get(id) !== certificate)
        log('error', 'the record names another certificate for a PC than the one first seen', {
          station: id,
        });
    return known;
  }

  /** Null where only one certificate is written for the PC, or it has signed nothing yet. */
  function signerOf(id: string): string | null {
    const written = store.changesOf('station', id).flatMap((change) => {
      const body = change.kind === stationEnrol.kind ? stationEnrol.body.safeParse(change.body) : null;
      return body?.success ? body.data.certificate : [];
    });
    const certificates = [...new Set(written)];
    return certificates.length > 1 ? firstSigner(store.sql, id, certificates) : null;
  }
}

function readCenter(store: Store): Center | null {
  const row = store.sql
    .prepare<[], Omit<Center, 'versions'> & { versions: string }>(
      `SELECT id, name, facility_code AS facilityCode, province_code AS provinceCode,
              auto_lock_minutes AS autoLockMinutes, overdue_vitals_hours AS overdueVitalsHours, versions
         FROM center ORDER BY created LIMIT 1`,
    )
    .get();
  if (!row) return null;
  return { ...row, versions: z.record(z.string(), z.string()).parse(JSON.parse(row.versions)) };
}

/** 1 → A, 26 → Z, 27 → AA: a restored copy never mints a number again. */
export function incarnationLetters(incarnation: number): string {
  let letters = '';
  for (let n = Math.max(1, incarnation); n > 0; n = Math.floor((n - 1) / 26))
    letters = String.fromCharCode(65 + ((n - 1) % 26)) + letters;
  return letters;
}
