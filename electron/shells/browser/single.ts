// One host per data folder: a second start asks the first for another window instead of opening the store twice.
// host.json names the running host; who may read it (0600) may ask.
import { randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { originOf } from './gate.ts';

export interface RunningHost {
  readonly port: number;
  readonly pid: number;
  readonly secret: string;
}

export const newSecret = (): string => randomBytes(32).toString('base64url');
const fileIn = (dataDir: string): string => join(dataDir, 'host.json');

export function announce(dataDir: string, host: RunningHost): void {
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  writeFileSync(fileIn(dataDir), JSON.stringify(host), { mode: 0o600 });
}

/** Only our own announcement: a host that took over meanwhile keeps its own. */
export function withdraw(dataDir: string, secret: string): void {
  if (announced(dataDir)?.secret === secret) rmSync(fileIn(dataDir), { force: true });
}

/** Address of a new window of the host that runs on this data; null when none answers. */
export async function windowOfRunningHost(dataDir: string): Promise<string | null> {
  const host = announced(dataDir);
  if (!host) return null;
  try {
    const response = await fetch(`${originOf(host.port)}/instance`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', Origin: originOf(host.port) },
      body: JSON.stringify({ secret: host.secret }),
      signal: AbortSignal.timeout(3_000),
    });
    const answer: unknown = await response.json();
    const address =
      typeof answer === 'object' && answer !== null && 'address' in answer ? answer.address : null;
    return typeof address === 'string' && address.startsWith(`${originOf(host.port)}/`) ? address : null;
  } catch {
    return null;
  }
}

function announced(dataDir: string): RunningHost | null {
  try {
    const { port, pid, secret } = JSON.parse(readFileSync(fileIn(dataDir), 'utf8'));
    return Number.isInteger(port) && typeof secret === 'string' ? { port, pid, secret } : null;
  } catch {
    return null;
  }
}
