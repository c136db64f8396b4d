// This PC as a hub for the others of its center: begun and ended as its setting and its trust say, and announced on
// the LAN while it lasts.

import { sha256Hex } from '../store/crypto.ts';
import type { OpenStore } from '../store/types.ts';
import type { Discovery } from './discovery.ts';
import { type Hub, type HubLimits, type HubParts, openHub } from './hub.ts';
import { answerEnrol } from './invites.ts';
import { readSetting, writeSetting } from './settings.ts';
import type { Trust } from './trust.ts';
import type { SyncNeeds } from './types.ts';

export interface Serving {
  /** Null while this PC serves nobody. */
  hub(): Hub | null;
  /** Keeps it in the settings and brings the hub up or down. */
  set(on: boolean): Promise<void>;
  /** Serves if the settings and the trust say so. */
  begin(): void;
  /** What was begun or ended last is through. */
  idle(): Promise<unknown>;
  close(): Promise<void>;
}

export interface ServingParts
  extends Pick<
    HubParts,
    'ground' | 'snapshot' | 'provinceHeads' | 'provinceLog' | 'provinceHolds' | 'asked' | 'changed'
  > {
  readonly needs: SyncNeeds;
  readonly store: OpenStore;
  readonly discovery: Discovery;
  readonly trust: Trust;
  /** Of this PC as a hub; left out, the usual one or any free one. */
  readonly port: number | undefined;
  readonly limits: Partial<HubLimits> | undefined;
  /** The hub is there, or gone. */
  turned(): void;
}

export function openServing(parts: ServingParts): Serving {
  const { needs, store, discovery, trust } = parts;
  const training = needs.mode === 'training';
  let hub: Hub | null = null;
  let work: Promise<unknown> = Promise.resolve();
  let closed = false;

  return {
    hub: () => hub,
    async set(on) {
      writeSetting(store, 'syncServing', on);
      await (on ? begin() : end());
    },
    begin: () => void begin(),
    idle: () => work,
    async close() {
      closed = true;
      discovery.announce(null);
      await work;
      await hub?.close();
    },
  };

  function begin(): Promise<unknown> {
    work = work.then(async () => {
      const own = trust.keys();
      if (hub || !own || closed || trust.isRevoked() || !readSetting(store, 'syncServing')) return;
      const opened = await openHub({
        ground: parts.ground,
        keys: own,
        who(fingerprint) {
          const station = trust.withKey(fingerprint);
          return station && { station: station.id, revoked: station.revokedAt !== null };
        },
        enrol: (body, shown) =>
          answerEnrol(
            {
              store,
              stations: () => needs.stations(store),
              center: () => needs.center(store),
              ownCertificate: () => own.certificatePem,
              training,
              now: needs.now,
            },
            body,
            shown,
          ),
        snapshot: parts.snapshot,
        provinceHeads: parts.provinceHeads,
        provinceLog: parts.provinceLog,
        changed: parts.changed,
        provinceHolds: parts.provinceHolds,
        asked: parts.asked,
        ...(training ? { port: 0, loopback: true } : parts.port !== undefined && { port: parts.port }),
        ...(parts.limits && { limits: parts.limits }),
      });
      if (!opened.ok)
        return needs.log('error', 'this PC cannot serve the others', { code: opened.error.code });
      hub = opened.value;
      announce(hub);
      parts.turned();
    });
    return work;
  }

  function end(): Promise<unknown> {
    discovery.announce(null);
    work = work.then(async () => {
      const serving = hub;
      hub = null;
      await serving?.close();
    });
    return work;
  }

  function announce({ port }: Hub): void {
    const center = needs.center(store);
    if (!center) return;
    discovery.announce({
      station: store.station.id,
      center: centerMark(center.id),
      port,
      stationName: trust.own()?.name ?? '',
      centerName: center.name,
    });
  }
}

/** First 16 hex digits of SHA-256: enough to know one's own center by, nothing to others. */
export const centerMark = (centerId: string): string => sha256Hex(`tram center ${centerId}`).slice(0, 16);
