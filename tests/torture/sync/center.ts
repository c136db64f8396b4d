// A whole center of real processes: three PCs, one of them the hub, and a province; a poor line between the center
// and the province and another one on the LAN. The oracle stands outside: it knows only what the PCs said was saved.
import { cpSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { type Line, openLine } from '../../../electron/training/line.ts';
import { feedKey } from '../../../shared/sync/port.ts';
import { vectorDigest } from '../../../shared/sync/vector.ts';
import { freePort } from '../../integration/province/postgres.ts';
import { sha256 } from '../../unit/sync/support/zstd.ts';
import { openProvince, type ProvinceProcess } from './province.ts';
import { openStation, type StationProcess, type StationSettings } from './station.ts';

export interface Center {
  readonly number: number;
  readonly province: ProvinceProcess;
  readonly provinceFolder: string;
  readonly hub: StationProcess;
  readonly stations: StationProcess[];
  readonly wan: Line;
  readonly lan: Line;
  /** A PC that joins through the hub; answers once the code was taken. */
  addStation(name: string, folder?: string): Promise<StationProcess>;
  join(station: StationProcess): Promise<void>;
  /** People work at every PC that runs. A PC that dies meanwhile is what the test wanted. */
  work(actions: number): Promise<void>;
  /** Starts what is dead, mends the lines, and waits until all places hold the same. */
  heal(what: string, withinMs?: number): Promise<void>;
  /** The province is up, holds all that any PC has ever shown as held by it. Nobody may reach it meanwhile. */
  checkClaims(what: string): Promise<void>;
  /** Everything the oracle knows. */
  check(what: string): Promise<void>;
  close(): Promise<void>;
}

export const GOOD = { kbps: 0, roundTripMs: 0, cut: false };
export const CUT = { ...GOOD, cut: true };

export async function openCenter(
  folder: string,
  options: { databaseUrl?: string; pcs?: number } = {},
): Promise<Center> {
  mkdirSync(folder, { recursive: true });
  const provinceFolder = join(folder, 'province');
  const province = await openProvince(
    provinceFolder,
    options.databaseUrl === undefined ? {} : { databaseUrl: options.databaseUrl },
  );
  const number = await province.center();
  const wan = await openLine({ port: province.port }, GOOD);
  const hubPort = await freePort();
  const lan = await openLine({ port: hubPort }, GOOD);
  const hub = await openStation({
    dataDir: join(folder, 'hub'),
    name: 'Máy chủ',
    founds: true,
    port: hubPort,
  });
  await hub.ask({ what: 'serve' });
  await hub.ask({ what: 'enrol', address: `127.0.0.1:${wan.port}`, code: await province.code(number) });
  const stations: StationProcess[] = [hub];
  /** Things everybody edits, so that there are conflicts. */
  const shared = await hub.ask<string[]>({ what: 'work', actions: 6, shared: [] });

  const center: Center = {
    number,
    province,
    provinceFolder,
    hub,
    stations,
    wan,
    lan,
    async addStation(name, at = join(folder, name)) {
      const station = await openStation({ dataDir: at, name, founds: false, port: await freePort() });
      await center.join(station);
      stations.push(station);
      return station;
    },
    async join(station) {
      const code = await hub.ask<string>({ what: 'invite' });
      await station.ask({ what: 'join', address: `127.0.0.1:${lan.port}`, code });
    },
    async work(actions) {
      await Promise.all(
        stations
          .filter((one) => one.isAlive())
          .map((one) => one.ask({ what: 'work', actions, shared }).catch(() => null)),
      );
    },
    async heal(what, withinMs = 180_000) {
      for (const line of [wan, lan]) {
        line.tamper(null);
        line.set(GOOD);
      }
      for (const one of [province, ...stations]) {
        one.signal('SIGCONT');
        await one.start();
      }
      const end = performance.now() + withinMs;
      for (;;) {
        const vectors = await vectorsOf(center);
        if (new Set(vectors).size === 1 && (await allSent(center))) return;
        if (performance.now() > end)
          throw new Error(`${what}: not healed, ${JSON.stringify(await lookAt(center))}`);
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
    },
    async checkClaims(what) {
      const held = new Map((await province.heads(number)).map((head) => [feedKey(head), head.seq]));
      for (const one of stations)
        for (const [feed, seq] of one.claimed)
          expect(
            held.get(feed) ?? 0,
            `${what}: ${one.settings.name} showed ${feed} as held`,
          ).toBeGreaterThanOrEqual(seq);
    },
    async check(what) {
      const saved = stations.flatMap((one) => one.acknowledged);
      const vector = vectorDigest(await province.heads(number), sha256);
      const checks = await Promise.all(stations.map((one) => one.check()));
      for (const [i, one] of checks.entries()) {
        const where = `${what}: ${stations[i]?.settings.name}`;
        expect(one.faults, where).toEqual([]);
        expect(one.vector, where).toBe(vector);
        expect(one.tables, where).toEqual(checks[0]?.tables);
        expect(one.state, where).toEqual(checks[0]?.state);
        const lost = saved.filter(({ token }) => one.effects[token] === undefined);
        expect(lost, `${where}: saved and gone`).toEqual([]);
        const twice = Object.entries(one.effects).filter(([, times]) => times !== 1);
        expect(twice, `${where}: twice`).toEqual([]);
        expect((await stations[i]?.facts())?.statesDiffer, where).toBe(false);
      }
      expect(await province.quarantined(number).then((n) => n >= 0)).toBe(true);
      await center.checkClaims(what);
    },
    async close() {
      await Promise.all([wan.close(), lan.close()]);
      for (const one of [...stations, province]) {
        one.signal('SIGCONT');
        await one.kill();
      }
      rmSync(folder, { recursive: true, force: true });
    },
  };
  for (let n = 2; n <= (options.pcs ?? 3); n++) await center.addStation(`Máy ${n}`);
  await joined(center);
  return center;
}

/** Every PC has the record and has said its name in it. */
export async function joined({ stations }: Center): Promise<void> {
  await until('every PC has joined', async () => {
    const facts = await Promise.all(stations.slice(1).map((one) => one.facts()));
    return facts.every((one) => one.joining.state === 'ready' || one.joining.state === 'none');
  });
}

export async function until(
  what: string,
  condition: () => boolean | Promise<boolean>,
  withinMs = 180_000,
): Promise<void> {
  const end = performance.now() + withinMs;
  while (!(await condition())) {
    if (performance.now() > end) throw new Error(`never: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

async function vectorsOf({ stations, province, number }: Center): Promise<string[]> {
  const heads = await Promise.all([province.heads(number), ...stations.map((one) => one.heads())]);
  return heads.map((one) => vectorDigest(one, sha256));
}

async function allSent({ stations }: Center): Promise<boolean> {
  return (await Promise.all(stations.map((one) => one.facts()))).every((one) => one.sent);
}

/** What a person looking for the fault would want to see. */
async function lookAt(center: Center): Promise<unknown> {
  return {
    vectors: await vectorsOf(center),
    stations: await Promise.all(
      center.stations.map(async (one) => ({ name: one.settings.name, ...(await one.facts()) })),
    ),
    province: await center.province.heads(center.number),
  };
}

/** The whole disk of a PC or a province, as it lies there now; whoever owns it must not be running. */
export function copyDisk(from: string, to: string): void {
  rmSync(to, { recursive: true, force: true });
  cpSync(from, to, { recursive: true, preserveTimestamps: true });
}

export type { ProvinceProcess, StationProcess, StationSettings };
