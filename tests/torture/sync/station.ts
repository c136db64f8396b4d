// A station that tests start, give work, kill and start again. What it was told is saved reaches this process through
// a pipe, written after the commit, so that it stands here whatever becomes of the station.
import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Joining } from '../../../electron/sync/index.ts';
import type { Head } from '../../../shared/sync/port.ts';

/** Where a station can be made to die; see station-process.ts. */
export const STATION_POINTS = [
  'after commit, before it is sent',
  'after receiving, before the commit',
  'in the transaction that takes in',
  'after the commit, before it is acknowledged',
  'before a branch is set aside',
  'while a branch is set aside',
  'after a branch was set aside',
  'after a new incarnation began',
] as const;
export type StationPoint = (typeof STATION_POINTS)[number];

export interface StationSettings {
  readonly dataDir: string;
  readonly name: string;
  /** Makes the center's record; else it waits to join. */
  readonly founds: boolean;
  /** As a hub. */
  readonly port: number;
}

export type StationQuestion =
  | { readonly what: 'work'; readonly actions: number; readonly shared: readonly string[] }
  | { readonly what: 'invite' | 'facts' | 'check' | 'heads' | 'close' | 'serve' }
  | { readonly what: 'enrol' | 'join'; readonly address: string; readonly code: string }
  | { readonly what: 'revoke'; readonly station: string }
  | { readonly what: 'arm'; readonly point: StationPoint; readonly nth: number };

export interface StationFacts {
  readonly id: string;
  readonly incarnation: number;
  readonly joining: Joining;
  readonly peers: readonly {
    id: string;
    state: string;
    end: string | null;
    caughtUp: boolean;
    verified: boolean;
  }[];
  readonly waiting: number;
  /** Everything of its own is proven held at the province. */
  readonly sent: boolean;
  readonly revoked: boolean;
  readonly statesDiffer: boolean;
}

export interface StationCheck {
  readonly vector: string;
  readonly tables: Record<string, string>;
  readonly state: { readonly fingerprint: string; readonly digest: string };
  /** Empty when log, file and a rebuild are as they must be. */
  readonly faults: readonly string[];
  /** Token of each action that shows → how often. */
  readonly effects: Record<string, number>;
}

/** A saved action, as its station told it. */
export interface Acknowledged {
  readonly token: string;
  readonly kind: 'thing' | 'edit' | 'note';
}

export interface StationProcess {
  readonly settings: StationSettings;
  readonly acknowledged: readonly Acknowledged[];
  /** Feed → number: the most this station has ever shown as held by the province. */
  readonly claimed: ReadonlyMap<string, number>;
  ask<T = null>(question: StationQuestion): Promise<T>;
  facts(): Promise<StationFacts>;
  heads(): Promise<Head[]>;
  check(): Promise<StationCheck>;
  /** Works until told otherwise or dead; never rejects. */
  arm(point: StationPoint, nth?: number): Promise<void>;
  died(): Promise<void>;
  isAlive(): boolean;
  start(): Promise<void>;
  kill(): Promise<void>;
  signal(signal: 'SIGSTOP' | 'SIGCONT'): void;
}

export async function openStation(settings: StationSettings): Promise<StationProcess> {
  const acknowledged: Acknowledged[] = [];
  const claimed = new Map<string, number>();
  let child: ChildProcess | null = null;
  let gone: Promise<void> = Promise.resolve();
  let asks = 0;
  await start();
  const self: StationProcess = {
    settings,
    acknowledged,
    claimed,
    ask,
    facts: () => ask({ what: 'facts' }),
    heads: () => ask({ what: 'heads' }),
    check: () => ask({ what: 'check' }),
    arm: (point, nth = 1) => ask({ what: 'arm', point, nth }),
    died: () => gone,
    isAlive: () => child !== null,
    start,
    async kill() {
      child?.kill('SIGKILL');
      await gone;
    },
    signal: (signal) => child?.kill(signal),
  };
  return self;

  async function start(): Promise<void> {
    if (child) return;
    const started = spawn(
      process.execPath,
      [join(import.meta.dirname, 'station-process.ts'), JSON.stringify(settings)],
      { stdio: ['ignore', 'pipe', 'inherit', 'ipc'] },
    );
    child = started;
    const { stdout } = started;
    if (!stdout) throw new Error('no pipe');
    const lines = createInterface({ input: stdout });
    lines.on('line', hear);
    // all that it said is read before it counts as gone; either may come first
    const silent = new Promise<void>((resolve) => lines.once('close', () => resolve()));
    const exited = new Promise<void>((resolve) => started.once('exit', () => resolve()));
    gone = exited.then(() => {
      child = null;
      return silent;
    });
    await new Promise<void>((resolve, reject) => {
      started.once('message', () => resolve());
      started.once('exit', (code, signal) => reject(new Error(`${settings.name} ended: ${code} ${signal}`)));
    });
  }

  function hear(line: string): void {
    // the last line of one that was killed may be cut short: then nobody was told
    if (!line.endsWith(';')) return;
    const [what, ...rest] = line.slice(0, -1).split(' ');
    if (what === 'saved' && rest[0] && rest[1])
      acknowledged.push({ kind: rest[0] as Acknowledged['kind'], token: rest[1] });
    if (what === 'held' && rest[0])
      claimed.set(rest[0], Math.max(claimed.get(rest[0]) ?? 0, Number(rest[1])));
  }

  function ask<T>(question: StationQuestion): Promise<T> {
    const running = child;
    if (!running) return Promise.reject(new Error(`${settings.name} is not running`));
    const number = ++asks;
    return new Promise<T>((resolve, reject) => {
      const answer = (message: { ask?: number; value?: T; error?: string }): void => {
        if (message.ask !== number) return;
        running.off('message', answer);
        running.off('exit', left);
        if (message.error === undefined) resolve(message.value as T);
        else reject(new Error(`${settings.name}, ${question.what}: ${message.error}`));
      };
      const left = (): void => reject(new Error(`${settings.name} died before it answered ${question.what}`));
      running.on('message', answer);
      running.once('exit', left);
      running.send({ ...question, ask: number });
    });
  }
}
