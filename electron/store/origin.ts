// Notices on opening that a store file is a copy: another machine, or a small file beside it that does not go with it.
// Two copies that both went on would use the same numbers; noticing before the first write spares all of that.
// (Copies of a whole folder on one machine look like the original; their fork is found when they meet a peer.)
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import type { Database } from 'better-sqlite3';
import { replaceFile } from './atomic-file.ts';
import { randomKey, sha256Hex } from './crypto.ts';
import type { Meta } from './meta.ts';
import type { StoreLog } from './types.ts';

export interface OriginParts {
  readonly sql: Database;
  readonly meta: Meta;
  /** Of the store. */
  readonly path: string;
  /** Null: this machine has no name that lasts. */
  readonly machineId: string | null;
  /** It is a copy: go on under a new incarnation. Inside a transaction. */
  goOn(): void;
  readonly report: StoreLog;
}

/** Lies beside the store and is written anew at each opening. */
export const openingFile = (storePath: string): string => `${storePath}.opening`;

/**
 * Found strange so often in a row, it is the place that is odd (a file system that forgets, a machine named anew at
 * each start) and not the store: numbers of incarnations are part of what is printed on paper.
 */
const PATIENCE = 3;

/**
 * What was found at the last opening and what was then written both count as right at the next one: so a power cut
 * between the two, or a folder where nothing can be written, makes no copy of the store.
 */
export function noticeCopy(parts: OriginParts): boolean {
  const { meta } = parts;
  const found = readOpening(parts.path);
  const expected = [meta.get('opening'), meta.get('opening_next')].filter((state) => state !== null);
  const machine = meta.get('machine');
  const isElsewhere = machine !== null && parts.machineId !== null && machine !== parts.machineId;
  const isBesideAnother = expected.length > 0 && !expected.includes(found);
  const isStrange = isElsewhere || isBesideAnother;
  const strangeBefore = Number(meta.get('openings_strange') ?? 0);
  const isCopy = isStrange && strangeBefore < PATIENCE;
  const next = randomKey(16).toString('hex');
  parts.sql
    .transaction(() => {
      if (isCopy) parts.goOn();
      meta.set('openings_strange', String(isStrange ? strangeBefore + 1 : 0));
      meta.set('opening', found);
      meta.set('opening_next', next);
      if (parts.machineId !== null) meta.set('machine', parts.machineId);
    })
    .immediate();
  if (isStrange)
    parts.report('warn', isCopy ? 'this store file is a copy' : 'this place forgets what it was told', {
      otherMachine: isElsewhere,
      otherFolder: isBesideAnother,
    });
  try {
    replaceFile(openingFile(parts.path), `${next}\n`, { keepOld: false });
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown';
    parts.report('warn', 'nothing can be written beside the store', { code });
  }
  return isCopy;
}

/** For a copy made on purpose that has begun anew by itself: the next opening only takes note of where it is. */
export function forgetOrigin(meta: Meta): void {
  for (const name of ['machine', 'opening', 'opening_next', 'openings_strange'] as const) meta.drop(name);
}

const NOTHING = 'none';

function readOpening(storePath: string): string {
  try {
    const text = readFileSync(openingFile(storePath), 'utf8').trim();
    return /^[0-9a-f]{32}$/.test(text) ? text : NOTHING;
  } catch {
    return NOTHING;
  }
}

let machine: string | null | undefined;

/**
 * 32 hex digits made from what the system calls this installation (systemd's machine-id, Windows' MachineGuid), which
 * is nobody's business outside it; null where there is none. Asked once: on Windows it starts a program.
 */
export function machineId(): string | null {
  if (machine === undefined) {
    const name = process.platform === 'win32' ? windowsName() : systemdName();
    machine = name === null ? null : sha256Hex(`tram machine ${name}`).slice(0, 32);
  }
  return machine;
}

function systemdName(): string | null {
  for (const file of ['/etc/machine-id', '/var/lib/dbus/machine-id']) {
    try {
      const name = readFileSync(file, 'utf8').trim();
      if (/^[0-9a-f]{32}$/.test(name)) return name;
    } catch {
      // the next one, or none
    }
  }
  return null;
}

function windowsName(): string | null {
  try {
    const key = 'HKLM\\SOFTWARE\\Microsoft\\Cryptography';
    const answer = execFileSync('reg', ['query', key, '/v', 'MachineGuid'], {
      encoding: 'utf8',
      timeout: 2_000,
      windowsHide: true,
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    return /MachineGuid\s+REG_SZ\s+([0-9a-f-]{36})/i.exec(answer)?.[1]?.toLowerCase() ?? null;
  } catch {
    return null;
  }
}
