// What a program and everything it started hold in memory: proportional set size, so that what processes share is
// counted once (Linux /proc; elsewhere this figure is left out).
import { existsSync, readdirSync, readFileSync } from 'node:fs';

export const canMeasureMemory = existsSync('/proc/self/smaps_rollup');

export interface Held {
  readonly pid: number;
  /** `node`, `chromium renderer`… */
  readonly what: string;
  readonly megabytes: number;
}

/** Of these processes and all their descendants. */
export function heldBy(roots: readonly number[]): Held[] {
  const parents = new Map<number, number[]>();
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    const parent = parentOf(Number(name));
    if (parent !== null) parents.set(parent, [...(parents.get(parent) ?? []), Number(name)]);
  }
  const all: number[] = [];
  const queue = [...roots];
  for (let pid = queue.shift(); pid !== undefined; pid = queue.shift()) {
    all.push(pid);
    queue.push(...(parents.get(pid) ?? []));
  }
  return all.flatMap((pid) => {
    try {
      const kilobytes = Number(/^Pss:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8'))?.[1]);
      return [{ pid, what: whatIs(pid), megabytes: kilobytes / 1024 }];
    } catch {
      // it ended while we looked
      return [];
    }
  });
}

function parentOf(pid: number): number | null {
  try {
    // the name in brackets may hold anything; what we want stands behind it
    const [, parent] = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)?.split(' ') ?? [];
    return Number(parent);
  } catch {
    return null;
  }
}

/** Chromium's children write their command line as one word. */
function whatIs(pid: number): string {
  const line = readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
  const program = /^\S*?([^/\s]+)(?:\s|$)/.exec(line)?.[1] ?? '';
  const type = /--type=(\S+)/.exec(line)?.[1];
  const service = /--utility-sub-type=\S*?(\w+)(?:\s|$)/.exec(line)?.[1];
  return [program, type, service].filter(Boolean).join(' ');
}
