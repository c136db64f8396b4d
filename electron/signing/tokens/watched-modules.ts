// What the modules on this PC show, looked at again and again while somebody asks. A module that hung, crashed or would
// not start is left alone for a while, so that the others' tokens can be used; a token that two modules show (a maker's
// own and OpenSC's) is listed once.
import type { Log } from '../../store/room.ts';
import { sha256Hex } from '../crypto.ts';
import type { HelperLine } from './helper-line.ts';
import type { ModuleFault } from './module-file.ts';
import { type FoundModule, findModules, type ModuleTable, type PlacesOfModules } from './module-table.ts';
import type { SeenToken } from './tokens.ts';
import type { ModuleState } from './types.ts';

export interface WatchTimes {
  /** Looking goes on for so long after somebody asked. */
  readonly watchMs: number;
  readonly pollMs: number;
  /** Between two looks at an open token when nobody asks. */
  readonly checkMs: number;
  /** Between two searches for modules' files. */
  readonly findMs: number;
  /** A module that hung or crashed is left alone. */
  readonly pausedMs: number;
  /** Nobody asks, nothing is open: the helper is ended. */
  readonly restMs: number;
}

export interface WatchedToken {
  readonly tokenId: string;
  readonly file: string;
  readonly maker: string;
  readonly seen: SeenToken;
}

export interface WatchedModules {
  watch(): void;
  /** Resolves after the first look since watching began, or after `ms`. */
  firstLook(ms: number): Promise<void>;
  lookAgain(file: string): Promise<void>;
  tokens(): readonly WatchedToken[];
  find(tokenId: string): WatchedToken | null;
  modules(): readonly ModuleState[];
  onChange(listener: () => void): () => void;
  /** The helper is gone; its next one reads everything anew. */
  forget(): void;
  close(): void;
}

interface Paused {
  readonly fault: ModuleFault;
  readonly until: number;
}

export function watchModules(options: {
  readonly line: HelperLine;
  readonly table: ModuleTable;
  named(): readonly string[];
  readonly machine: PlacesOfModules;
  readonly times: WatchTimes;
  now(): number;
  readonly log: Log;
  inUse(): boolean;
  signing(): boolean;
  /** `present`: tokens seen just now; null: ask for each. */
  checkSessions(present: ReadonlySet<string> | null): Promise<void>;
}): WatchedModules {
  const { line, table, times, now, log } = options;
  const seen = new Map<string, readonly SeenToken[]>();
  const paused = new Map<string, Paused>();
  const fresh = new Set<string>();
  const listeners = new Set<() => void>();
  let found: readonly FoundModule[] = [];
  let foundAt = -Infinity;
  let watchedUntil = -Infinity;
  let told = '';
  let turn: NodeJS.Timeout | undefined;
  let looking: Promise<void> | null = null;
  let lookedOnce = false;
  let closed = false;

  return {
    watch,
    async firstLook(ms) {
      if (lookedOnce) return;
      const late = Promise.withResolvers<void>();
      const timer = setTimeout(late.resolve, ms);
      await Promise.race([looking ?? goOn(), late.promise]);
      clearTimeout(timer);
    },
    async lookAgain(file) {
      const module = found.find((each) => each.file === file);
      if (!module || closed) return;
      await lookInto(module);
      await changedPerhaps();
    },
    tokens,
    find: (tokenId) => tokens().find((token) => token.tokenId === tokenId) ?? null,
    modules: () => found.map((module) => ({ name: module.name, path: module.file, fault: faultOf(module) })),
    onChange(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    forget() {
      for (const { file } of found) fresh.add(file);
    },
    close() {
      closed = true;
      clearTimeout(turn);
      listeners.clear();
    },
  };

  function watch(): void {
    if (closed) return;
    const resting = now() >= watchedUntil;
    watchedUntil = now() + times.watchMs;
    if (!resting) return;
    // certificates may have been renewed since
    for (const { file } of found) fresh.add(file);
    lookedOnce = false;
    if (!looking) void goOn();
  }

  /** One round, and when the next one is. */
  function goOn(): Promise<void> {
    clearTimeout(turn);
    looking = round().then((pauseMs) => {
      looking = null;
      if (closed || pauseMs === null) return;
      // somebody may have asked meanwhile
      const soon = now() < watchedUntil ? Math.min(pauseMs, times.pollMs) : pauseMs;
      turn = setTimeout(() => void goOn(), soon);
      turn.unref();
    });
    return looking;
  }

  async function round(): Promise<number | null> {
    if (now() < watchedUntil) {
      if (options.signing()) return times.pollMs;
      await look();
      lookedOnce = true;
      return times.pollMs;
    }
    if (options.inUse()) {
      if (!options.signing()) await options.checkSessions(null);
      return times.checkMs;
    }
    if (now() < watchedUntil + times.restMs) return times.restMs;
    if (line.running && !line.busy) line.end();
    return null;
  }

  async function look(): Promise<void> {
    if (now() - foundAt >= times.findMs) {
      found = findModules(options.named(), options.machine, table);
      foundAt = now();
      for (const file of seen.keys()) if (!found.some((each) => each.file === file)) seen.delete(file);
    }
    for (const module of found) {
      if (closed) return;
      if (faultOf(module) === null) await lookInto(module);
    }
    await changedPerhaps();
  }

  async function lookInto({ file, name }: FoundModule): Promise<void> {
    const looked = await line.look(file, fresh.delete(file));
    if (looked.ok) {
      seen.set(file, looked.value);
      paused.delete(file);
      return;
    }
    const { code, params } = looked.error;
    seen.delete(file);
    fresh.add(file);
    // a shell without helpers: nothing is wrong with the module
    const fault = params?.how === 'not started' ? null : pauseFor(code, params?.how);
    if (!fault) return;
    paused.set(file, { fault, until: now() + times.pausedMs });
    log('warn', 'a module for tokens is left alone for a while', { module: name, fault });
  }

  async function changedPerhaps(): Promise<void> {
    const all = tokens();
    await options.checkSessions(new Set(all.map(({ tokenId }) => tokenId)));
    const state = JSON.stringify([
      all.map(({ tokenId, seen: { pin, defaultPin, certificates } }) => [
        tokenId,
        pin,
        defaultPin,
        certificates.map((der) => sha256Hex(der)),
      ]),
      found.map((module) => [module.file, faultOf(module)]),
    ]);
    if (state === told) return;
    told = state;
    for (const listener of listeners) listener();
  }

  function faultOf({ file, fault }: FoundModule): ModuleFault | null {
    if (fault) return fault;
    const resting = paused.get(file);
    return resting && now() < resting.until ? resting.fault : null;
  }

  function tokens(): readonly WatchedToken[] {
    const listed: WatchedToken[] = [];
    const shown = new Set<string>();
    for (const { file, name, maker } of found) {
      const here = seen.get(file) ?? [];
      const before = new Set(shown);
      for (const token of here) {
        const certificates = token.certificates.map((der) => sha256Hex(der));
        // by another module already, which comes first in the table
        if (certificates.length > 0 && certificates.every((id) => before.has(id))) continue;
        for (const id of certificates) shown.add(id);
        listed.push({ tokenId: `${name}:${token.serial}`, file, maker, seen: token });
      }
    }
    return listed;
  }
}

function pauseFor(code: string, how: unknown): ModuleFault | null {
  if (code === 'token_hangs') return 'module_hangs';
  if (how === 'ended') return 'module_crashed';
  return code === 'token_module_unfit' ? 'module_failed' : null;
}
