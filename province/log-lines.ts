// The log of a province: one JSON line per event on standard error, for whatever collects the lines of a service.
// Ids of stations and centers, counts and codes; never a name and never a word of a record.
import type { Log, LogLevel } from './types.ts';

export const logLevels: readonly LogLevel[] = ['debug', 'info', 'warn', 'error'];

export function logLines(from: LogLevel, write: (line: string) => void, now: () => number = Date.now): Log {
  const least = logLevels.indexOf(from);
  return (level, event, facts) => {
    if (logLevels.indexOf(level) < least) return;
    write(JSON.stringify({ at: new Date(now()).toISOString(), level, event, pid: process.pid, ...facts }));
  };
}
